//! The published scenarios of late and contradictory provider events are what the engine does.
#![cfg(test)]

use std::collections::BTreeSet;

use amana_core::escrow::intake::{Fact, Intake, intake};
use amana_core::escrow::{Command, Context, Decision, Policy, Standing, State, decide, evolve};
use amana_core::signature::{HmacKey, Verified, hmac};
use amana_core::time::Span;
use amana_core::{Coded, Timestamp};
use serde_json::{Value, json};

const SCENARIOS: &str = include_str!("../../docs/vectors/late_events.json");
/// The policy for late and contradictory events has this many rows.
const POLICY_ROWS: u64 = 15;

fn file() -> Value {
    serde_json::from_str(SCENARIOS).unwrap()
}

/// A payment, where and when it stands.
struct Host {
    state: State,
    now: Timestamp,
    standing: Standing,
    key: HmacKey,
}

impl Host {
    fn new(file: &Value) -> Self {
        Self {
            state: State::Absent,
            now: file["start"].as_str().unwrap().parse().unwrap(),
            standing: read(&file["standing"]),
            key: HmacKey::new(file["key"].as_str().unwrap()).unwrap(),
        }
    }

    fn step(&mut self, step: &Value) -> Value {
        if let Some(millis) = step["after_ms"].as_u64() {
            self.now = self.now + Span::from_millis(millis);
        }
        if !step["standing"].is_null() {
            self.standing = read(&step["standing"]);
        }
        let mut answer = match step["command"].is_null() {
            true => self.take_in(step),
            false => self.issue(&read(&step["command"]), &step["effects"]),
        };
        if let Some(payment) = self.state.payment() {
            answer["phase"] = json!(payment.view().phase);
            if !step["failure"].is_null() {
                answer["failure"] = json!(payment.view().failure);
            }
        }
        answer
    }

    fn issue(&mut self, command: &Command, expected: &Value) -> Value {
        let policy = Policy::default();
        let ctx = Context {
            now: self.now,
            policy: &policy,
            standing: self.standing,
        };
        let decision = match decide(&ctx, &self.state, command) {
            Err(rejection) => return json!({ "rejected": rejection.code() }),
            Ok(decision) => decision,
        };
        for event in &decision.events {
            self.state = evolve(std::mem::take(&mut self.state), event).unwrap();
        }
        let events = decision.events.iter().map(|event| event.kind.name());
        json!({
            "events": events.collect::<Vec<_>>(),
            "effects": effects(&decision, expected),
        })
    }

    fn take_in(&self, step: &Value) -> Value {
        let fact = Fact {
            provider_reference: read(&step["fact"]["provider_reference"]),
            intent: read(&step["fact"]["intent"]),
        };
        let known = self.state.payment().map(|_| &self.state);
        let taken = match step.get("signature") {
            None => intake::<amana_core::signature::SignatureError>(
                self.now,
                known,
                Ok(Verified::by_query(fact)),
            ),
            Some(signature) => {
                let body = step["fact"].to_string();
                let proof = hmac::verify(&self.key, signature.as_str(), body.as_bytes());
                assert!(proof.is_err(), "a forgery is not believed");
                intake(self.now, known, proof.map(|_| unreachable!()))
            }
        };
        match taken {
            Intake::Command(_) => json!({ "becomes": "command" }),
            Intake::Orphan(orphan) => {
                let asked = json!(orphan.query.provider_reference);
                assert_eq!(asked, step["fact"]["provider_reference"]);
                json!({ "becomes": "orphan" })
            }
            Intake::Refused(refused) => json!({ "becomes": "refused", "reason": refused.reason }),
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{value}: {error}"))
}

/// What moves money, asks about it or calls a human, with the members that the scenario names.
fn effects(decision: &Decision, expected: &Value) -> Vec<Value> {
    let told = |effect: &Value| !matches!(effect["type"].as_str(), Some("notify" | "wake_at"));
    let all = decision.effects.iter().map(|effect| json!(effect));
    all.filter(told)
        .enumerate()
        .map(|(place, effect)| match expected[place].as_object() {
            None => effect,
            Some(named) => named
                .keys()
                .map(|k| (k.clone(), effect[k].clone()))
                .collect(),
        })
        .collect()
}

/// What a step should lead to: all of it but what is given.
fn then(step: &Value) -> Value {
    let given = ["after_ms", "standing", "command", "fact", "signature"];
    let members = step.as_object().unwrap().iter();
    members
        .filter(|(name, _)| !given.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

#[test]
fn every_scenario_leads_where_it_says() {
    let file = file();
    for scenario in file["scenarios"].as_array().unwrap() {
        let mut host = Host::new(&file);
        let steps = scenario["steps"].as_array().unwrap();
        for (number, step) in steps.iter().enumerate() {
            let place = format!(
                "row {}, {}, step {number}",
                scenario["row"], scenario["name"]
            );
            assert_eq!(host.step(step), then(step), "{place}");
        }
    }
}

#[test]
fn every_row_of_the_policy_has_a_scenario() {
    let file = file();
    let scenarios = file["scenarios"].as_array().unwrap().iter();
    let rows: BTreeSet<_> = scenarios
        .filter_map(|scenario| scenario["row"].as_u64())
        .collect();
    assert_eq!(rows, (1..=POLICY_ROWS).collect());
}
