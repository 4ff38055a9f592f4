//! Documents of every version are read, for ever.

use serde_json::json;

use super::*;
use crate::kernel::settings::Settings;
use crate::kernel::{Clock, Correlation, Sandbox, Start};

/// Batches as the program wrote them when events had version 1, one a line. Never changed.
const BATCHES_V1: &str = include_str!("batches_v1.jsonl");

#[test]
fn batches_of_version_1_are_still_read() {
    let (mut next, mut state) = (1, State::new(Settings::default(), Clock::REAL));
    for line in BATCHES_V1.lines() {
        for event in read_batch(line).unwrap() {
            assert_eq!(event.seq, next);
            state.apply(&event);
            next += 1;
        }
    }
    assert!(state.payments.contract("AG-1".parse().unwrap()).is_some());
    assert_eq!(state.callbacks.iter().count(), 1);
}

#[test]
fn what_is_written_is_read_back_and_hashed_alike() {
    let mut sandbox = Sandbox::new(Start::default(), amana_core::Timestamp::default());
    sandbox.enter(amana_core::Timestamp::default());
    sandbox.patch_settings(json!({"seed": 9})).unwrap();
    sandbox.set_clock(Clock::REAL);
    let batch = sandbox.take_batch();
    let (mut written, mut replayed) = (EventsHash::EMPTY, EventsHash::EMPTY);
    let lines = Lines::of(&batch).unwrap();
    lines.add_to(&mut written);
    let body = Batches::of(&lines).end();
    assert_eq!(replay_batch(&body, &mut replayed).unwrap(), batch);
    assert_eq!(written, replayed);
    let (first, rest) = batch.split_at(1);
    let (first, rest) = (Lines::of(first).unwrap(), Lines::of(rest).unwrap());
    let mut one_by_one = EventsHash::EMPTY;
    first.add_to(&mut one_by_one);
    rest.add_to(&mut one_by_one);
    let mut apart = Batches::of(&first);
    apart.add(&rest);
    assert_eq!((apart.end(), one_by_one), (body, written));
    assert_ne!(written, EventsHash::EMPTY);
    let state = write_state(sandbox.state()).unwrap();
    assert_eq!(read_state(&state).unwrap(), *sandbox.state());
}

#[test]
fn long_lists_are_packed_and_read_back_alike() {
    let event = |seq| Recorded {
        seq,
        at: amana_core::Timestamp::default(),
        correlation: Correlation::new(seq),
        draws: seq,
        event: crate::kernel::Event::RandomDrawn,
    };
    let events: Vec<Recorded> = (1..=1_000).map(event).collect();
    let mut written = EventsHash::EMPTY;
    let mut batches: Option<Batches> = None;
    for batch in events.chunks(7) {
        let lines = Lines::of(batch).unwrap();
        lines.add_to(&mut written);
        match &mut batches {
            None => batches = Some(Batches::of(&lines)),
            Some(batches) => batches.add(&lines),
        }
    }
    let length = batches.as_ref().unwrap().len();
    let body = batches.unwrap().end();
    assert!(body.starts_with(r#"{"version":1,"lz4":""#) && body.len() < length / 4);
    let mut replayed = EventsHash::EMPTY;
    assert_eq!(replay_batch(&body, &mut replayed).unwrap(), events);
    assert_eq!(replayed, written);
    let packed = body.split('"').nth(5).unwrap();
    let end = &packed[..packed.len() / 2];
    let claims_4_gb = BASE64_STANDARD.encode([0xff, 0xff, 0xff, 0xff, 0]);
    for damaged in [
        r#"{"version":1}"#.to_owned(),
        r#"{"version":1,"lz4":""}"#.to_owned(),
        r#"{"version":1,"lz4":"?"}"#.to_owned(),
        format!(r#"{{"version":1,"lz4":"{end}"}}"#),
        format!(r#"{{"version":1,"lz4":"{claims_4_gb}"}}"#),
        body.replace(r#""version":1"#, r#""version":9"#),
    ] {
        assert!(read_batch(&damaged).is_err(), "{damaged:.60}");
    }
}

/// Version 3 of something small: first `amount` was a number of shillings, then it became minor
/// units, then it got its currency.
const THREE: History = History {
    upcasts: &[
        |mut value| {
            let shillings = value["amount"].as_i64();
            let shillings = shillings.ok_or_else(|| StoreError::new("no amount"))?;
            value["amount"] = json!(shillings * 100);
            Ok(value)
        },
        |mut value| {
            value["currency"] = json!("KES");
            Ok(value)
        },
    ],
};

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Amount {
    amount: i64,
    currency: String,
}

fn read_amounts(body: &str) -> Result<Vec<Amount>, StoreError> {
    read_batch_by(&THREE, body, |_| {})
}

#[test]
fn older_documents_take_every_step_to_the_present() {
    for (version, stored) in [
        (1, json!({"amount": 35})),
        (2, json!({"amount": 3_500})),
        (3, json!({"amount": 3_500, "currency": "KES"})),
    ] {
        let body = json!({"version": version, "events": [stored]}).to_string();
        let kes = Amount {
            amount: 3_500,
            currency: "KES".to_owned(),
        };
        assert_eq!(read_amounts(&body).unwrap(), [kes], "version {version}");
    }
}

#[test]
fn versions_nobody_knows_and_broken_documents_are_refused() {
    for body in [
        r#"{"version":0,"events":[{"amount":1}]}"#,
        r#"{"version":4,"events":[{"amount":1,"currency":"KES"}]}"#,
        r#"{"version":1,"events":[{"amount":"1"}]}"#,
        r#"{"version":3,"events":[{"amount":1}]}"#,
        r#"{"events":[]}"#,
        r#"{"version":1,"events":["#,
    ] {
        assert!(read_amounts(body).is_err(), "{body}");
    }
}

#[test]
fn the_hash_is_of_what_was_written_not_of_what_it_became() {
    let mut lines = Vec::new();
    let body = r#"{"version":1,"events":[{"amount": 35}]}"#;
    let read: Vec<Amount> =
        read_batch_by(&THREE, body, |line| lines.push(line.to_owned())).unwrap();
    assert_eq!(read[0].amount, 3_500);
    assert_eq!(lines, [br#"{"amount": 35}"#]);
}
