//! What may be asked a million times a second does not allocate, and what hostile input can make
//! larger allocates in proportion to it.
#![cfg(test)]

use allocation_counter::{AllocationInfo, measure};
use amana_core::escrow::{
    Actor, Channel, Command, Context, Intent, IntentKind, PayoutId, Policy, Rejection, Ruling,
    Standing, State, Terms, decide, evolve,
};
use amana_core::fee::{Bearer, FeeError, FeeSchedule, Operation, gross_up, quote};
use amana_core::provider::daraja::tariff::PublishedTariff;
use amana_core::reference::TransactionId;
use amana_core::reference::idempotency::first_difference;
use amana_core::signature::{HmacKey, SignatureError, hmac};
use amana_core::{Currency, Money, Timestamp};

const NOW: Timestamp = Timestamp::from_millis(1_772_793_000_000);

fn kes(text: &str) -> Money {
    Money::parse(text, Currency::KES).unwrap()
}

fn by(actor: Actor, intent: Intent) -> Command {
    Command {
        actor,
        channel: Channel::App,
        intent,
    }
}

fn request() -> Command {
    let terms = Terms {
        transaction_id: TransactionId::new("AG-2024-001234".parse().unwrap(), 1),
        buyer: "+254712345678".parse().unwrap(),
        seller: "+254723456789".parse().unwrap(),
        amount: kes("1000"),
    };
    by(Actor::Operator, Intent::Request { terms })
}

fn funds() -> Command {
    Command::provider(Intent::FundsReceived {
        receipt: "R1".parse().unwrap(),
        amount: kes("1000"),
    })
}

/// One of every intent.
fn commands() -> Vec<Command> {
    let payout = PayoutId(9);
    let receipt = "R9".parse().unwrap();
    let provider_reference = "ATPid_1".parse().unwrap();
    let reason = amana_core::escrow::FailureReason::Declined;
    vec![
        request(),
        by(Actor::Seller, Intent::ConfirmDelivery { portion: None }),
        by(Actor::Buyer, Intent::Accept),
        by(Actor::Buyer, Intent::RequestRefund),
        by(
            Actor::Buyer,
            Intent::OpenDispute {
                reason: "late".into(),
            },
        ),
        by(Actor::Seller, Intent::WithdrawDispute),
        by(
            Actor::Mediator,
            Intent::Rule {
                ruling: Ruling::Release,
            },
        ),
        by(Actor::Operator, Intent::CancelContract),
        by(Actor::Operator, Intent::RetryPayout),
        Command::provider(Intent::CollectionAcknowledged { provider_reference }),
        Command::provider(Intent::CollectionPending),
        Command::provider(Intent::CollectionDeclined { reason }),
        funds(),
        Command::provider(Intent::CollectionReversed { receipt }),
        Command::provider(Intent::PayoutAcknowledged {
            payout,
            provider_reference,
        }),
        Command::provider(Intent::PayoutPending { payout }),
        Command::provider(Intent::PayoutUnknown { payout }),
        Command::provider(Intent::PayoutCompleted { payout, receipt }),
        Command::provider(Intent::PayoutDeclined { payout }),
        Command::wake(),
    ]
}

fn context(policy: &Policy) -> Context<'_> {
    Context {
        now: NOW,
        policy,
        standing: Standing::Open {
            outstanding: kes("1000"),
        },
    }
}

/// A payment before and after each of the given commands.
fn states(commands: &[Command]) -> Vec<State> {
    let policy = Policy::default();
    let mut states = vec![State::Absent];
    for command in commands {
        let mut state = states.last().unwrap().clone();
        for event in decide(&context(&policy), &state, command).unwrap().events {
            state = evolve(state, &event).unwrap();
        }
        states.push(state);
    }
    states
}

fn measured<T>(work: impl FnOnce() -> T) -> (AllocationInfo, T) {
    let mut answer = None;
    let info = measure(|| answer = Some(work()));
    (info, answer.unwrap())
}

#[test]
fn the_counter_counts() {
    let (info, _) = measured(|| vec![1_u8]);
    assert_eq!(info.count_total, 1);
}

#[test]
fn a_refusal_of_the_escrow_allocates_nothing() {
    let policy = Policy::default();
    let commands = commands();
    assert_eq!(commands.len(), IntentKind::ALL.len());
    let path = [1, 2].map(|n| commands[n].clone());
    let path = [request(), funds(), path[0].clone(), path[1].clone()];
    let mut refused = 0;
    for state in states(&path) {
        for command in &commands {
            for actor in Actor::ALL {
                let command = Command {
                    actor,
                    ..command.clone()
                };
                let ctx = context(&policy);
                let (info, answer) = measured(|| decide(&ctx, &state, &command));
                if let Err(rejection) = answer {
                    assert_eq!(info.count_total, 0, "{rejection:?}");
                    refused += u32::from(!matches!(rejection, Rejection::NotPermitted { .. }));
                }
            }
        }
    }
    assert!(refused > 50, "only {refused} refusals were seen");
}

#[test]
fn a_banded_quote_allocates_nothing() {
    for tariff in PublishedTariff::ALL {
        let operation = Operation::Payout;
        let schedule = tariff.add_to(FeeSchedule::default(), operation).unwrap();
        let at = "2026-01-01T00:00:00Z".parse().unwrap();
        let terms = amana_core::fee::Terms::new(Bearer::Payer, at);
        let mut quoted = 0;
        for amount in ["1", "75", "2400", "19999", "150000", "9999999"].map(kes) {
            let (info, answer) = measured(|| quote(&schedule, operation, amount, &terms));
            assert_eq!(info.count_total, 0, "{tariff:?} {amount}");
            quoted += u32::from(answer.is_ok());
            let (info, answer) = measured(|| gross_up(&schedule, operation, amount, &terms));
            assert_eq!(info.count_total, 0, "{tariff:?} {amount}: {answer:?}");
        }
        assert!(quoted > 1, "{tariff:?}");
        let refused = quote(&schedule, operation, kes("0"), &terms);
        assert_eq!(refused, Err(FeeError::AmountNotPositive));
    }
}

#[test]
fn checking_a_signature_allocates_nothing() {
    let key = HmacKey::new("key").unwrap();
    let body = vec![b'x'; 1_024];
    let good = hmac::sign(&key, &body);
    let bad = hmac::sign(&key, b"another body");
    for (header, expected) in [
        (&good, Ok(())),
        (&bad, Err(SignatureError::Mismatch)),
        (&"sha256=".to_owned(), Err(SignatureError::Malformed)),
    ] {
        let verify = || hmac::verify(&key, Some(header), &body).map(|_| ());
        let (info, answer) = measured(verify);
        assert_eq!((info.count_total, answer), (0, expected));
    }
}

/// Long names above many elements: a path for every element would take as much as both multiplied.
#[test]
fn comparing_requests_allocates_in_proportion() {
    let body = |last: &str| {
        let (name, elements) = ("n".repeat(80_000), "0,".repeat(40_000));
        format!(r#"{{"{name}":[{elements}{last}]}}"#)
    };
    let (first, second) = (body("1"), body("2"));
    let (info, found) = measured(|| first_difference(first.as_bytes(), second.as_bytes()));
    let field = found.unwrap().unwrap();
    assert!(field.as_str().ends_with("n/40000"));
    let bytes = first.len() + second.len();
    assert!(
        info.bytes_total < 50 * bytes as u64,
        "{} bytes for {bytes}",
        info.bytes_total
    );
}
