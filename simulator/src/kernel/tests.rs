//! The kernel as a whole, driven through a small provider.

use amana_core::http::Request;
use amana_core::time::Span;
use amana_core::{Currency, Msisdn, Timestamp};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::callback::{Attempt, CallbackState, DeliveryError};
use super::ledger::Account;
use super::phone::{Hand, Outcome, PhoneChange, WhichPrompt};
use super::*;

const BUYER: &str = "+254712345678";
const URL: &str = "http://127.0.0.1:9/outcome";

pub(super) fn start() -> Timestamp {
    Timestamp::from_millis(1_772_793_000_000)
}

/// A frozen sandbox at [`start`].
pub(super) fn frozen(seed: u64) -> Sandbox {
    let clock = Clock::Frozen { now: start() };
    let mut sandbox = Sandbox::new(Start { seed, clock }, start());
    sandbox.enter(start());
    sandbox
}

pub(super) fn msisdn(text: &str) -> Msisdn {
    text.parse().unwrap()
}

pub(super) fn order(path: &str, phone: &str, amount: &str, url: &str) -> Request {
    let body = json!({"phone": phone, "amount": amount, "url": url}).to_string();
    Request::new("POST", "127.0.0.1:4600", path).with_body("application/json", body)
}

/// Moves the clock and answers every callback that falls due with this status.
pub(super) fn advance(sandbox: &mut Sandbox, by: Span, status: u16) {
    let from = sandbox.now();
    sandbox.begin_advance();
    let mut fired = 0;
    loop {
        let (step, ran) = sandbox.run_until(from + by);
        fired += ran;
        for delivery in sandbox.take_deliveries() {
            sandbox.callback_attempted(delivery.id, &Attempt::answered(status, ""));
        }
        match step {
            Step::More | Step::Waiting => {}
            Step::Idle => break,
        }
    }
    sandbox.end_advance(from, fired);
}

fn script(sandbox: &mut Sandbox, phone: &str, script: serde_json::Value) {
    let change: PhoneChange = serde_json::from_value(json!({"script": script})).unwrap();
    sandbox.configure_phone(msisdn(phone), change).unwrap();
}

fn last_outcome(sandbox: &Sandbox, phone: &str) -> Option<Outcome> {
    let phone = sandbox.state().phone(msisdn(phone)).unwrap();
    phone.prompts.newest().unwrap().outcome
}

fn held(sandbox: &Sandbox, phone: &str) -> String {
    let wallet = Account::Wallet(msisdn(phone));
    sandbox
        .state()
        .ledger
        .balance(&wallet, Currency::KES)
        .amount()
}

fn callback_states(sandbox: &Sandbox) -> Vec<CallbackState> {
    sandbox
        .state()
        .callbacks
        .iter()
        .map(|callback| callback.state)
        .collect()
}

#[test]
fn a_collection_runs_from_request_to_callback() {
    let mut sandbox = frozen(1);
    let response = sandbox
        .exchange(&order("/till/collect", BUYER, "350000", URL))
        .unwrap();
    assert_eq!(response.status, 200);
    advance(&mut sandbox, Span::from_millis(1_999), 200);
    assert_eq!(last_outcome(&sandbox, BUYER), None);
    advance(&mut sandbox, Span::from_millis(1), 200);
    assert_eq!(last_outcome(&sandbox, BUYER), Some(Outcome::Approved));
    assert_eq!(held(&sandbox, BUYER), "150000.00");
    assert_eq!(callback_states(&sandbox), [CallbackState::Scheduled]);
    advance(&mut sandbox, Span::from_secs(1), 200);
    assert_eq!(callback_states(&sandbox), [CallbackState::Delivered]);
    let causes: Vec<_> = sandbox
        .take_batch()
        .iter()
        .filter(|recorded| !matches!(recorded.event, Event::Clock(_)))
        .map(|recorded| recorded.correlation)
        .collect();
    assert!(causes.iter().all(|cause| *cause == causes[0]), "{causes:?}");
}

#[test]
fn each_script_ends_its_own_way() {
    for (action, outcome, callbacks) in [
        ("approve", Some(Outcome::Approved), 1),
        ("cancel", Some(Outcome::Cancelled), 1),
        ("wrong_pin", Some(Outcome::WrongPin), 1),
        ("insufficient_funds", Some(Outcome::InsufficientFunds), 1),
        ("timeout", Some(Outcome::Expired), 1),
        ("unreachable", Some(Outcome::Unreachable), 1),
        ("locked", Some(Outcome::Locked), 1),
        ("limit_exceeded", Some(Outcome::LimitExceeded), 1),
        ("manual", Some(Outcome::Expired), 1),
        ("never_calls_back", Some(Outcome::Approved), 0),
        ("duplicate", Some(Outcome::Approved), 2),
        ("late_success", Some(Outcome::Approved), 2),
    ] {
        let mut sandbox = frozen(1);
        script(&mut sandbox, BUYER, json!({"collect": action}));
        sandbox
            .exchange(&order("/till/collect", BUYER, "100", URL))
            .unwrap();
        advance(&mut sandbox, Span::from_mins(5), 200);
        assert_eq!(last_outcome(&sandbox, BUYER), outcome, "{action}");
        assert_eq!(callback_states(&sandbox).len(), callbacks, "{action}");
        let paid = if outcome == Some(Outcome::Approved) {
            "499900.00"
        } else {
            "500000.00"
        };
        assert_eq!(held(&sandbox, BUYER), paid, "{action}");
        assert!(
            invariant::check_all(sandbox.state())
                .iter()
                .all(|check| check.ok)
        );
    }
}

#[test]
fn more_than_the_wallet_holds_is_not_approved() {
    let mut sandbox = frozen(1);
    sandbox
        .exchange(&order("/till/collect", BUYER, "500000.01", URL))
        .unwrap();
    advance(&mut sandbox, Span::from_secs(10), 200);
    assert_eq!(
        last_outcome(&sandbox, BUYER),
        Some(Outcome::InsufficientFunds)
    );
}

#[test]
fn three_wrong_pins_lock_the_wallet_and_a_new_pin_unlocks_it() {
    let mut sandbox = frozen(1);
    let approve = |pin: &str| Hand::Approve {
        pin: Some(pin.to_owned()),
    };
    script(&mut sandbox, BUYER, json!({"collect": "manual"}));
    for _ in 0..3 {
        sandbox
            .exchange(&order("/till/collect", BUYER, "1", URL))
            .unwrap();
        let answered = sandbox.answer_prompt(msisdn(BUYER), WhichPrompt::Current, &approve("9999"));
        assert_eq!(answered.unwrap().outcome, Some(Outcome::WrongPin));
    }
    assert!(sandbox.state().phone(msisdn(BUYER)).unwrap().is_locked());
    sandbox
        .exchange(&order("/till/collect", BUYER, "1", URL))
        .unwrap();
    advance(&mut sandbox, Span::from_secs(5), 200);
    assert_eq!(last_outcome(&sandbox, BUYER), Some(Outcome::Locked));
    let change = serde_json::from_value(json!({"pin": "4321"})).unwrap();
    sandbox.configure_phone(msisdn(BUYER), change).unwrap();
    sandbox
        .exchange(&order("/till/collect", BUYER, "1", URL))
        .unwrap();
    let answered = sandbox.answer_prompt(msisdn(BUYER), WhichPrompt::Current, &approve("4321"));
    assert_eq!(answered.unwrap().outcome, Some(Outcome::Approved));
}

#[test]
fn answering_again_is_fine_only_with_the_same_answer() {
    let mut sandbox = frozen(1);
    let current = WhichPrompt::Current;
    let phone = msisdn(BUYER);
    assert!(
        sandbox
            .answer_prompt(phone, current, &Hand::Cancel)
            .is_err()
    );
    script(&mut sandbox, BUYER, json!({"collect": "manual"}));
    sandbox
        .exchange(&order("/till/collect", BUYER, "1", URL))
        .unwrap();
    let first = sandbox
        .answer_prompt(phone, current, &Hand::Cancel)
        .unwrap();
    let seq = sandbox.state().seq;
    let again = sandbox.answer_prompt(phone, WhichPrompt::Id(first.id), &Hand::Cancel);
    assert_eq!(again.as_ref(), Ok(&first));
    assert_eq!(sandbox.state().seq, seq);
    let other = sandbox.answer_prompt(phone, current, &Hand::Approve { pin: None });
    assert_eq!(other.unwrap_err().code(), "prompt.already_answered");
}

#[test]
fn failed_callbacks_follow_the_providers_rule() {
    let mut sandbox = frozen(1);
    sandbox
        .exchange(&order("/till/collect", BUYER, "1", URL))
        .unwrap();
    advance(&mut sandbox, Span::from_mins(30), 500);
    let callback = sandbox.state().callbacks.iter().next().unwrap().clone();
    assert_eq!(callback.state, CallbackState::Failed);
    let minutes: Vec<_> = callback
        .attempts
        .iter()
        .map(|a| (a.at - start()).as_millis())
        .collect();
    assert_eq!(minutes, [2_500, 62_500, 122_500]);
    sandbox.resend_callback(callback.id).unwrap();
    advance(&mut sandbox, Span::ZERO, 200);
    assert_eq!(callback_states(&sandbox), [CallbackState::Delivered]);
}

#[test]
fn an_unreported_attempt_is_handed_out_again_after_a_restart() {
    let mut sandbox = frozen(1);
    sandbox
        .exchange(&order("/till/collect", BUYER, "1", URL))
        .unwrap();
    sandbox.set_clock(Clock::Frozen {
        now: start() + Span::from_secs(9),
    });
    let handed_out = sandbox.take_deliveries();
    assert_eq!(handed_out.len(), 1);
    let mut restarted = Sandbox::from_state(sandbox.state().clone(), start());
    assert_eq!(restarted.take_deliveries(), handed_out);
    restarted.callback_attempted(handed_out[0].id, &Attempt::failed(DeliveryError::TimedOut));
    assert_eq!(callback_states(&restarted), [CallbackState::Scheduled]);
}

#[test]
fn replay_gives_the_same_state_and_the_same_chance() {
    let mut sandbox = frozen(42);
    let clock = Clock::Frozen { now: start() };
    let mut replayed = State::new(sandbox.settings().clone(), clock);
    sandbox
        .exchange(&order("/till/collect", BUYER, "10", URL))
        .unwrap();
    advance(&mut sandbox, Span::from_mins(1), 200);
    let _ = sandbox.random().bits();
    for recorded in sandbox.take_batch() {
        let json = serde_json::to_string(&recorded).unwrap();
        replayed.apply(&serde_json::from_str(&json).unwrap());
    }
    assert_eq!(replayed.hash().unwrap(), sandbox.state().hash().unwrap());
    let mut restored = Sandbox::from_state(replayed, start());
    assert_eq!(restored.random().bits(), sandbox.random().bits());
}

#[test]
fn two_runs_give_the_same_bytes() {
    let log = |seed| {
        let mut sandbox = frozen(seed);
        for phone in ["+254711000000", "+254711000001", "+254711000009", BUYER] {
            sandbox.enter(start());
            sandbox
                .exchange(&order("/till/collect", phone, "25.50", URL))
                .unwrap();
            sandbox
                .exchange(&order("/till/pay", BUYER, "1", "internal:x"))
                .unwrap();
            advance(&mut sandbox, Span::from_mins(2), 503);
        }
        let lines: Vec<_> = sandbox
            .take_batch()
            .iter()
            .map(|recorded| serde_json::to_string(recorded).unwrap())
            .collect();
        assert!(lines.len() > 50);
        hex::encode(Sha256::digest(lines.join("\n")))
    };
    assert_eq!(log(7), log(7));
    assert_ne!(log(7), log(8));
}

#[test]
fn pins_are_nowhere_in_the_log() {
    let mut sandbox = frozen(1);
    let change = serde_json::from_value(json!({"pin": "8642"})).unwrap();
    sandbox
        .configure_phone(msisdn("+254700000001"), change)
        .unwrap();
    for recorded in sandbox.take_batch() {
        let public = serde_json::to_string(&recorded.view()).unwrap();
        let stored = serde_json::to_string(&recorded).unwrap();
        assert!(!public.contains("8642") && !stored.contains("\"8642\""));
        assert!(!public.contains("\"pin\""));
    }
}
