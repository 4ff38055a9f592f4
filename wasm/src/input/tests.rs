//! The core's own types, written natively and read here, whole and broken.

use amana_core::escrow::{Actor, Channel, Command, FailureReason, Intent, PayoutId, Policy};
use amana_core::escrow::{Cause, Contradiction, Purpose, ReturnReason, Ruling, Standing, Terms};
use amana_core::fee::{Bearer, FeeSchedule};
use amana_core::sms::Message;
use amana_core::{Code, Coded, Currency, Money};
use serde_json::{Value, json};

use super::*;

fn kes() -> Money {
    Money::parse("350000.00", Currency::KES).unwrap()
}

fn terms() -> Terms {
    Terms {
        transaction_id: "TXN-AG-1-001".parse().unwrap(),
        buyer: "+254712345678".parse().unwrap(),
        seller: "+254722000001".parse().unwrap(),
        amount: kes(),
    }
}

/// One of each kind, and each with everything that it may leave out.
fn intents() -> Vec<Intent> {
    let payout = PayoutId(1);
    let receipt = "UJ22RT61SV".parse().unwrap();
    let provider_reference = "ws_CO_1".parse().unwrap();
    let rule = |ruling| Intent::Rule { ruling };
    vec![
        Intent::Request { terms: terms() },
        Intent::ConfirmDelivery { portion: None },
        Intent::ConfirmDelivery {
            portion: Some(kes()),
        },
        Intent::Accept,
        Intent::RequestRefund,
        Intent::OpenDispute {
            reason: "a \"quoted\" \\ reason\n\u{1F33D}".into(),
        },
        Intent::WithdrawDispute,
        rule(Ruling::Release),
        rule(Ruling::Refund),
        rule(Ruling::Split { to_seller: kes() }),
        Intent::CancelContract,
        Intent::RetryPayout,
        Intent::CollectionAcknowledged { provider_reference },
        Intent::CollectionPending,
        Intent::CollectionDeclined {
            reason: FailureReason::WrongPin,
        },
        Intent::FundsReceived {
            receipt,
            amount: kes(),
        },
        Intent::CollectionReversed { receipt },
        Intent::PayoutAcknowledged {
            payout,
            provider_reference,
        },
        Intent::PayoutPending { payout },
        Intent::PayoutUnknown { payout },
        Intent::PayoutCompleted { payout, receipt },
        Intent::PayoutDeclined { payout },
        Intent::Wake,
    ]
}

fn events() -> Vec<Event> {
    let at = Timestamp::from_millis(1_772_793_000_000);
    let payout = PayoutId(1);
    let receipt = "UJ22RT61SV".parse().unwrap();
    let provider_reference = "ws_CO_1".parse().unwrap();
    let kinds = vec![
        EventKind::Requested {
            terms: terms(),
            expires_at: at,
            query_at: at,
        },
        EventKind::CollectionAcknowledged { provider_reference },
        EventKind::CollectionQueried { next_at: Some(at) },
        EventKind::Locked {
            receipt,
            received: kes(),
            deadline_at: at,
        },
        EventKind::FundsUnmatched {
            receipt,
            received: kes(),
            reason: ReturnReason::Excess,
        },
        EventKind::Failed {
            reason: FailureReason::Expired,
            query_at: None,
        },
        EventKind::DuplicateRecorded,
        EventKind::ContradictionRecorded {
            contradiction: Contradiction::PayoutFailedAfterSuccess,
        },
        EventKind::DeliveryConfirmed {
            channel: Channel::Sms,
            portion: None,
            deadline_at: at,
        },
        EventKind::Accepted {
            channel: Channel::Ussd,
        },
        EventKind::RefundRequested {
            channel: Channel::App,
        },
        EventKind::DisputeOpened {
            by: None,
            reason: "late".into(),
        },
        EventKind::DisputeWithdrawn,
        EventKind::DisputeRuled {
            ruling: Ruling::Refund,
        },
        EventKind::SettlementDecided {
            cause: Cause::Agreed,
            release: kes(),
            refund: kes(),
        },
        EventKind::PayoutStarted {
            payout,
            purpose: Purpose::Return,
            amount: kes(),
            retry_of: Some(payout),
            query_at: at,
        },
        EventKind::PayoutAcknowledged {
            payout,
            provider_reference,
        },
        EventKind::PayoutQueried {
            payout,
            next_at: at,
        },
        EventKind::PayoutCompleted { payout, receipt },
        EventKind::PayoutDeclined {
            payout,
            retry_at: None,
        },
        EventKind::DoublePayoutDetected { payout, receipt },
        EventKind::Released,
        EventKind::Refunded,
        EventKind::Reversed { receipt },
        EventKind::ClawedBack { receipt },
    ];
    kinds.into_iter().map(|kind| Event { at, kind }).collect()
}

fn command(intent: &Intent) -> Value {
    json!({"actor": "buyer", "channel": "sms", "intent": intent})
}

/// The fault's code and field.
fn refused<T: for<'a> Deserialize<'a> + std::fmt::Debug>(value: &Value) -> (Code, String) {
    let fault = parse::<T>(&value.to_string()).unwrap_err();
    let field = fault.field();
    (
        fault.code(),
        field.map_or(String::new(), |path| path.to_string()),
    )
}

#[test]
fn every_command_reads_as_it_was_written() {
    let intents = intents();
    for kind in amana_core::escrow::IntentKind::ALL {
        assert!(
            intents.iter().any(|intent| intent.kind() == *kind),
            "{kind:?}"
        );
    }
    for intent in intents {
        let text = command(&intent).to_string();
        let expected = Command {
            actor: Actor::Buyer,
            channel: Channel::Sms,
            intent,
        };
        assert_eq!(parse(&text), Ok(expected), "{text}");
    }
}

#[test]
fn every_event_reads_as_it_was_written() {
    let events = events();
    for name in EventKind::NAMES {
        assert!(
            events.iter().any(|event| event.kind.name() == *name),
            "{name}"
        );
    }
    let text = serde_json::to_string(&events).unwrap();
    assert_eq!(parse_events(&text), Ok(events));
}

#[test]
fn other_inputs_read_as_they_were_written() {
    let policy = Policy::default();
    let text = serde_json::to_string(&policy).unwrap();
    assert_eq!(parse(&text), Ok(policy));
    assert_eq!(parse("{}"), Ok(policy));
    for standing in [Standing::Closed, Standing::Open { outstanding: kes() }] {
        let text = serde_json::to_string(&standing).unwrap();
        assert_eq!(parse(&text), Ok(standing));
    }
    let halves = r#"{"split":{"payer_bps":5000,"payee_bps":5000}}"#;
    assert_eq!(
        parse::<Bearer>(halves),
        Ok(serde_json::from_str(halves).unwrap())
    );
    assert_eq!(parse(r#""payee""#), Ok(Bearer::Payee));
}

#[test]
fn a_broken_member_is_named_however_deep_it_is() {
    for intent in intents() {
        let whole = command(&intent);
        for path in paths(&whole) {
            let mut broken = whole.clone();
            *broken.pointer_mut(&path).unwrap() = json!([]);
            assert_eq!(refused::<Command>(&broken), (Code::InputMalformed, path));
        }
    }
}

#[test]
fn a_broken_event_is_named_by_its_place() {
    for (index, event) in events().iter().enumerate() {
        let whole = serde_json::to_value(event).unwrap();
        for path in paths(&whole) {
            let mut broken = vec![json!({"at": event.at, "type": "released"}); index];
            broken.push(whole.clone());
            *broken[index].pointer_mut(&path).unwrap() = json!([]);
            let fault = parse_events(&Value::from(broken).to_string()).unwrap_err();
            assert_eq!(fault.field().unwrap().as_str(), format!("/{index}{path}"));
        }
    }
}

/// The pointer of every member of an object, and of theirs.
fn paths(value: &Value) -> Vec<String> {
    let members = value.as_object().into_iter().flatten();
    members
        .flat_map(|(name, member)| {
            let inner = paths(member).into_iter();
            let inner = inner.map(move |path| format!("/{name}{path}"));
            std::iter::once(format!("/{name}")).chain(inner)
        })
        .collect()
}

#[test]
fn names_what_is_missing_unknown_or_no_value_of_the_core() {
    let with = |pointer: &str, value: Value| {
        let mut broken = command(&Intent::Request { terms: terms() });
        *broken.pointer_mut(pointer).unwrap() = value;
        broken
    };
    let rows = [
        (json!("text"), Code::InputMalformed, ""),
        (json!({}), Code::InputMalformed, "/actor"),
        (
            with("/actor", json!("robot")),
            Code::InputMalformed,
            "/actor",
        ),
        (
            with("/intent", json!({})),
            Code::InputMalformed,
            "/intent/type",
        ),
        (
            with("/intent", json!("accept")),
            Code::InputMalformed,
            "/intent",
        ),
        (
            with("/intent", json!({"type": "steal"})),
            Code::InputMalformed,
            "/intent/type",
        ),
        (
            with("/intent", json!({"type": "request"})),
            Code::InputMalformed,
            "/intent/terms",
        ),
        (
            with("/intent", json!({"type": "confirm_delivery", "a/b~": 1})),
            Code::InputMalformed,
            "/intent/a~1b~0",
        ),
        (
            with("/intent/terms/buyer", json!("12")),
            Code::MsisdnMalformed,
            "/intent/terms/buyer",
        ),
        (
            with("/intent/terms/amount/amount", json!("0.005")),
            Code::AmountPrecision,
            "/intent/terms/amount",
        ),
        (
            with("/intent/terms/amount/amount", json!(350_000)),
            Code::InputMalformed,
            "/intent/terms/amount/amount",
        ),
        (
            with("/intent/terms/transaction_id", json!("TXN-1")),
            Code::TransactionIdMalformed,
            "/intent/terms/transaction_id",
        ),
        (
            with(
                "/intent",
                json!({"type": "payout_pending", "payout": 65_536}),
            ),
            Code::InputMalformed,
            "/intent/payout",
        ),
        (
            with("/intent", json!({"type": "payout_pending", "payout": -1})),
            Code::InputMalformed,
            "/intent/payout",
        ),
        (
            with("/intent", json!({"type": "payout_pending", "payout": 1.5})),
            Code::InputMalformed,
            "/intent/payout",
        ),
    ];
    for (value, code, field) in rows {
        assert_eq!(
            refused::<Command>(&value),
            (code, field.to_owned()),
            "{value}"
        );
    }
}

#[test]
fn names_the_place_in_a_list() {
    let schedule = json!({"payout": [{"name": "ok", "bearer": "as_agreed", "tariff": {
        "currency": "KES", "amounts": "minor", "fees": "minor", "rounding": "up",
        "versions": [{"effective_at": "yesterday", "bands": []}],
    }}]});
    let expected = "/payout/0/tariff/versions/0/effective_at".to_owned();
    assert_eq!(
        refused::<FeeSchedule>(&schedule),
        (Code::TimestampMalformed, expected)
    );
}

#[test]
fn a_message_with_a_bad_contract_is_refused() {
    let message = json!({"type": "delivery", "contract": "AG 1", "extent": "full"});
    let expected = (Code::ContractIdMalformed, "/contract".to_owned());
    assert_eq!(refused::<Message>(&message), expected);
}

#[test]
fn nothing_of_the_input_is_repeated() {
    let secret = "0712345678x";
    for pointer in ["/actor", "/intent/type", "/intent/terms/buyer", "/channel"] {
        let mut broken = command(&Intent::Request { terms: terms() });
        *broken.pointer_mut(pointer).unwrap() = json!(secret);
        let fault = parse::<Command>(&broken.to_string()).unwrap_err();
        assert!(!format!("{fault} {fault:?}").contains("0712"), "{fault:?}");
    }
}

#[test]
fn what_is_no_json_or_too_deep_is_refused() {
    for text in ["", "undefined", "{", "\"\\ud800\"", &"[".repeat(100_000)] {
        assert_eq!(parse::<Command>(text), Err(Fault::malformed()));
    }
}
