//! Random steps: whatever is done, in whatever order, every invariant holds after each step, and
//! replaying the events gives the same state.

use amana_core::time::Span;
use proptest::prelude::*;
use serde_json::json;

use super::callback::{Attempt, CallbackId, DeliveryError};
use super::phone::{Action, Hand, UssdInput, WhichPrompt};
use super::tests::{advance, frozen, msisdn, order, start};
use super::*;

/// One thing somebody does. Phones are numbered, so that steps meet each other.
#[derive(Debug, Clone)]
enum Act {
    Order {
        collect: bool,
        phone: u8,
        minor: u32,
        internal: bool,
    },
    Script {
        phone: u8,
        collect: Action,
        pay_out: Action,
    },
    Configure {
        phone: u8,
        balance: Option<u32>,
        reachable: Option<bool>,
        pin: bool,
        ugx: bool,
    },
    Answer {
        phone: u8,
        hand: u8,
    },
    Advance {
        millis: u32,
        status: u16,
    },
    Deliver {
        answered: bool,
    },
    SetClock {
        millis: u32,
    },
    Sms {
        phone: u8,
    },
    Ussd {
        phone: u8,
        input: u8,
    },
    Resend {
        callback: u64,
    },
    Patch {
        seed: u64,
    },
    Restart,
}

fn act() -> impl Strategy<Value = Act> {
    let phone = 0..4_u8;
    let action = || prop::sample::select(Action::ALL.to_vec());
    prop_oneof![
        6 => (any::<bool>(), phone.clone(), 0..80_000_000_u32, any::<bool>()).prop_map(
            |(collect, phone, minor, internal)| Act::Order { collect, phone, minor, internal }),
        3 => (phone.clone(), action(), action())
            .prop_map(|(phone, collect, pay_out)| Act::Script { phone, collect, pay_out }),
        2 => (phone.clone(), any::<Option<u32>>(), any::<Option<bool>>(), any::<bool>(),
              any::<bool>())
            .prop_map(|(phone, balance, reachable, pin, ugx)| {
                Act::Configure { phone, balance, reachable, pin, ugx }
            }),
        3 => (phone.clone(), 0..4_u8).prop_map(|(phone, hand)| Act::Answer { phone, hand }),
        5 => (0..200_000_u32, prop::sample::select(vec![200_u16, 500]))
            .prop_map(|(millis, status)| Act::Advance { millis, status }),
        2 => any::<bool>().prop_map(|answered| Act::Deliver { answered }),
        1 => (0..400_000_u32).prop_map(|millis| Act::SetClock { millis }),
        1 => phone.clone().prop_map(|phone| Act::Sms { phone }),
        1 => (phone, 0..3_u8).prop_map(|(phone, input)| Act::Ussd { phone, input }),
        1 => (0..12_u64).prop_map(|callback| Act::Resend { callback }),
        1 => any::<u64>().prop_map(|seed| Act::Patch { seed }),
        1 => Just(Act::Restart),
    ]
}

fn number(phone: u8) -> String {
    format!("+25471234567{phone}")
}

/// Does one thing. Refusals are fine; what must not be is a broken invariant.
fn perform(sandbox: &mut Sandbox, act: &Act) {
    match act.clone() {
        Act::Order {
            collect,
            phone,
            minor,
            internal,
        } => {
            let path = if collect {
                "/till/collect"
            } else {
                "/till/pay"
            };
            let url = if internal {
                "internal:x"
            } else {
                "http://127.0.0.1:9/"
            };
            let amount = format!("{}.{:02}", minor / 100, minor % 100);
            let response = sandbox.exchange(&order(path, &number(phone), &amount, url));
            assert_eq!(response.unwrap().status, 200);
        }
        Act::Script {
            phone,
            collect,
            pay_out,
        } => {
            let script = json!({"collect": collect, "pay_out": pay_out, "delay": "1s"});
            let change = serde_json::from_value(json!({"script": script})).unwrap();
            sandbox
                .configure_phone(msisdn(&number(phone)), change)
                .unwrap();
        }
        Act::Configure {
            phone,
            balance,
            reachable,
            pin,
            ugx,
        } => {
            let change = json!({
                "balance": balance.map(|minor| minor.to_string()),
                "reachable": reachable,
                "pin": pin.then_some("4321"),
                "currency": if ugx { "UGX" } else { "KES" },
            });
            let change = serde_json::from_value(change).unwrap();
            sandbox
                .configure_phone(msisdn(&number(phone)), change)
                .unwrap();
        }
        Act::Answer { phone, hand } => {
            let pin = |pin: &str| Hand::Approve {
                pin: Some(pin.to_owned()),
            };
            let hand = match hand {
                0 => Hand::Cancel,
                1 => Hand::Ignore,
                2 => pin("1234"),
                _ => pin("0000"),
            };
            let _ = sandbox.answer_prompt(msisdn(&number(phone)), WhichPrompt::Current, &hand);
        }
        Act::Advance { millis, status } => {
            deliver(sandbox, true);
            advance(sandbox, Span::from_millis(millis.into()), status);
        }
        Act::Deliver { answered } => deliver(sandbox, answered),
        Act::SetClock { millis } => sandbox.set_clock(Clock::Frozen {
            now: start() + Span::from_millis(millis.into()),
        }),
        Act::Sms { phone } => {
            sandbox
                .send_sms(msisdn(&number(phone)), "40404", "YES")
                .unwrap();
        }
        Act::Ussd { phone, input } => {
            let input = match input {
                0 => UssdInput::Dial("*483#".to_owned()),
                1 => UssdInput::Reply("1".to_owned()),
                _ => UssdInput::HangUp,
            };
            let _ = sandbox.ussd(msisdn(&number(phone)), input);
        }
        Act::Resend { callback } => {
            let _ = sandbox.resend_callback(CallbackId::new(callback));
        }
        Act::Patch { seed } => sandbox.patch_settings(json!({"seed": seed})).unwrap(),
        Act::Restart => {
            let state = sandbox.state().clone();
            sandbox.restore(state, start());
        }
    }
}

/// Reports what was handed out.
fn deliver(sandbox: &mut Sandbox, answered: bool) {
    for delivery in sandbox.take_deliveries() {
        let attempt = match answered {
            true => Attempt::answered(200, ""),
            false => Attempt::failed(DeliveryError::TimedOut),
        };
        sandbox.callback_attempted(delivery.id, &attempt);
    }
}

proptest! {
    #![proptest_config(amana_tests::repeatable(96))]

    #[test]
    fn invariants_hold_after_every_step(acts in prop::collection::vec(act(), 1..60)) {
        let mut sandbox = frozen(3);
        let mut replayed = sandbox.state().clone();
        for act in &acts {
            sandbox.enter(start());
            // Whoever restores a state has committed before.
            for recorded in sandbox.take_batch() {
                replayed.apply(&recorded);
            }
            perform(&mut sandbox, act);
            let broken: Vec<_> = invariant::check_all(sandbox.state())
                .into_iter()
                .filter(|check| !check.ok)
                .collect();
            prop_assert!(broken.is_empty(), "{broken:?} after {act:?}");
            for recorded in sandbox.take_batch() {
                prop_assert_eq!(recorded.seq, replayed.seq + 1);
                replayed.apply(&recorded);
            }
            prop_assert_eq!(&replayed, sandbox.state());
        }
    }
}
