//! What the escrow says of itself: names, sentences, and the payment as it is shown.

use std::collections::BTreeSet;

use serde::Serialize;

use super::table::PhaseKind;
use super::*;
use crate::error::{Code, Coded};

fn json(value: impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap();
    value.as_str().unwrap().to_owned()
}

#[test]
fn names_are_those_of_the_json() {
    for actor in Actor::ALL {
        assert_eq!(actor.name(), json(actor));
    }
    for intent in IntentKind::ALL {
        assert_eq!(intent.name(), json(intent));
    }
    for status in Status::ALL {
        assert_eq!(status.name(), json(status));
    }
    for phase in PhaseKind::ALL {
        assert_eq!(phase.name(), json(phase));
    }
}

#[test]
fn actors_are_parties_or_not() {
    let parties = Actor::ALL.map(Actor::party);
    let expected = [
        Some(Party::Buyer),
        Some(Party::Seller),
        Some(Party::Mediator),
        None,
        None,
        None,
    ];
    assert_eq!(parties, expected);
}

#[test]
fn every_command_has_the_name_of_its_json() {
    let payout = PayoutId(1);
    let mut seen = BTreeSet::new();
    for command in walk::commands(&Scenario::locked().state) {
        let json = serde_json::to_value(&command.intent).unwrap();
        assert_eq!(json["type"], command.intent.kind().name());
        seen.insert(command.intent.kind());
    }
    assert_eq!(seen.len(), IntentKind::ALL.len());
    assert_eq!(payout.to_string(), "P1");
}

#[test]
fn every_event_has_the_name_of_its_json() {
    let mut seen = BTreeSet::new();
    walk::walk(|_, _, result, _| {
        for event in result.iter().flat_map(|decision| &decision.events) {
            if seen.insert(event.kind.name()) {
                let json = serde_json::to_value(event).unwrap();
                assert_eq!(json["type"], event.kind.name());
                assert_eq!(json["at"], event.at.to_string());
            }
        }
    });
    assert_eq!(seen, EventKind::NAMES.iter().copied().collect());
}

#[test]
fn effects_have_an_id_for_ever() {
    let scenario = Scenario::locked();
    let ids: Vec<_> = scenario.effects.iter().map(|e| e.id.to_string()).collect();
    let expected = [
        "TXN-AG-2024-001234-001/1.0",
        "TXN-AG-2024-001234-001/1.1",
        "TXN-AG-2024-001234-001/2.0",
        "TXN-AG-2024-001234-001/2.1",
        "TXN-AG-2024-001234-001/2.2",
    ];
    assert_eq!(ids, expected);
    let json = serde_json::to_value(scenario.effects[0]).unwrap();
    assert_eq!(json["id"], expected[0]);
    assert_eq!(json["type"], "request_collection");
}

#[test]
fn reasons_are_sentences() {
    let sentences: BTreeSet<_> = FailureReason::ALL.map(FailureReason::sentence).into();
    assert_eq!(sentences.len(), FailureReason::ALL.len());
    for sentence in sentences {
        assert!(sentence.starts_with("the ") || sentence.contains(" arrived than "));
        assert!(!sentence.ends_with('.'));
    }
}

/// A rejection, its code, the field it is about, and what it says.
fn rejections() -> Vec<(Rejection, Code, Option<&'static str>, &'static str)> {
    let (least, most) = (kes("1"), kes("10000000"));
    let row = |rejection, code, field, words| (rejection, code, field, words);
    let plain = |rejection: Rejection, code: Code, field| (rejection, code, field, code.sentence());
    let intent = IntentKind::Accept;
    vec![
        row(
            Rejection::NotPermitted {
                actor: Actor::Seller,
                intent,
            },
            Code::EscrowNotPermitted,
            Some("/actor"),
            "the seller may not `accept`",
        ),
        plain(Rejection::NotRequested, Code::EscrowNotRequested, None),
        plain(
            Rejection::AlreadyRequested,
            Code::EscrowAlreadyRequested,
            None,
        ),
        row(
            Rejection::Final {
                status: Status::Released,
            },
            Code::EscrowFinal,
            None,
            "the payment is final: it is released",
        ),
        row(
            Rejection::NotLocked {
                status: Status::Pending,
            },
            Code::EscrowNotLocked,
            None,
            "the money is not locked: the payment is pending",
        ),
        plain(
            Rejection::AmountNotPositive,
            Code::EscrowAmountNotPositive,
            Some("/amount"),
        ),
        row(
            Rejection::AmountOutsideLimits { least, most },
            Code::EscrowAmountOutsideLimits,
            Some("/amount"),
            "the amount must be from KES 1.00 to KES 10,000,000.00",
        ),
        plain(
            Rejection::CurrencyMismatch,
            Code::CurrencyMismatch,
            Some("/currency"),
        ),
        row(
            Rejection::AmountExceedsHeld { held: kes("1000") },
            Code::EscrowAmountExceedsHeld,
            Some("/amount"),
            "the amount is more than the KES 1,000.00 that is held",
        ),
        plain(Rejection::SameParty, Code::EscrowSameParty, Some("/seller")),
        plain(Rejection::ContractClosed, Code::EscrowContractClosed, None),
        row(
            Rejection::AmountExceedsContract {
                outstanding: kes("400"),
            },
            Code::EscrowAmountExceedsContract,
            Some("/amount"),
            "the amount is more than the KES 400.00 the contract still needs",
        ),
        row(
            Rejection::PayoutInFlight {
                payout: PayoutId(2),
            },
            Code::EscrowPayoutInFlight,
            None,
            "payout P2 is under way and cannot be called back",
        ),
        plain(Rejection::AlreadyDecided, Code::EscrowAlreadyDecided, None),
        row(
            Rejection::AlreadyConfirmed {
                party: Party::Buyer,
            },
            Code::EscrowAlreadyConfirmed,
            None,
            "the buyer has confirmed already",
        ),
        plain(
            Rejection::RefundAlreadyRequested,
            Code::EscrowRefundAlreadyRequested,
            None,
        ),
        plain(Rejection::DisputeOpen, Code::EscrowDisputeOpen, None),
        plain(Rejection::NoDispute, Code::EscrowNoDispute, None),
        plain(Rejection::NotTheOpener, Code::EscrowNotTheOpener, None),
        plain(
            Rejection::ReasonMissing,
            Code::EscrowReasonMissing,
            Some("/reason"),
        ),
        row(
            Rejection::UnknownPayout {
                payout: PayoutId(3),
            },
            Code::EscrowUnknownPayout,
            Some("/payout"),
            "there is no payout P3",
        ),
        plain(Rejection::NothingToRetry, Code::EscrowNothingToRetry, None),
        plain(
            Rejection::UnknownReceipt,
            Code::EscrowUnknownReceipt,
            Some("/receipt"),
        ),
        plain(
            Rejection::NothingDue { next_at: None },
            Code::EscrowNothingDue,
            None,
        ),
        row(
            Rejection::NothingDue {
                next_at: Some(START),
            },
            Code::EscrowNothingDue,
            None,
            "nothing is due before 2026-03-06T10:30:00.000Z",
        ),
    ]
}

#[test]
fn rejections_have_a_code_a_field_and_a_sentence() {
    for (rejection, code, field, words) in rejections() {
        assert_eq!(rejection.code(), code);
        let named = rejection.field().map(|field| field.to_string());
        assert_eq!(named.as_deref(), field, "{code}");
        assert_eq!(rejection.to_string(), words);
    }
}

#[test]
fn a_corrupt_history_is_named() {
    let history = Scenario::locked().history;
    let corrupt = replay(&history[1..]).unwrap_err();
    assert_eq!(corrupt.code(), Code::EscrowCorruptHistory);
    assert_eq!(
        corrupt.to_string(),
        "event `locked` cannot follow on 0 events before it"
    );
    let twice = [&history[0], &history[1], &history[1]];
    assert_eq!(
        replay(twice).unwrap_err().to_string(),
        "event `locked` cannot follow on 2 events before it"
    );
}

#[test]
fn a_policy_out_of_range_says_which_field() {
    let policy = Policy {
        query_first_ms: Span::ZERO,
        ..Policy::default()
    };
    let error = policy.validate().unwrap_err();
    assert_eq!(error.code(), Code::PolicyInvalid);
    assert_eq!(
        error.to_string(),
        "the policy has a field out of its range: `/query_first_ms`"
    );
}

#[test]
fn a_view_says_what_is_missing() {
    let waiting = |scenario: &Scenario| scenario.view().waiting_for;
    let pending = Scenario::given(&[request()]);
    assert_eq!(waiting(&pending), [WaitingFor::PayerApproval]);
    let locked = Scenario::locked();
    assert_eq!(
        waiting(&locked),
        [WaitingFor::DeliveryConfirmation, WaitingFor::Acceptance]
    );
    let one = locked.clone().when(&delivered());
    assert_eq!(waiting(&one), [WaitingFor::Acceptance]);
    let other = locked.clone().when(&accepted());
    assert_eq!(waiting(&other), [WaitingFor::DeliveryConfirmation]);
    let contested = one.clone().when(&disputed(Actor::Buyer));
    assert_eq!(waiting(&contested), [WaitingFor::Ruling]);
    let releasing = one.when(&accepted());
    assert_eq!(waiting(&releasing), [WaitingFor::Payout]);
    let declined = releasing.clone().when(&payout_declined(1));
    assert_eq!(waiting(&declined), [WaitingFor::Payout]);
    let released = releasing.when(&payout_completed(1, "P1"));
    assert_eq!(waiting(&released), []);
}

#[test]
fn a_view_has_the_instants_of_its_phase() {
    let minute = Span::from_mins(1);
    let locked = Scenario::given(&[request()])
        .later(minute)
        .when(&funds("R1", "1000"));
    let released = locked
        .clone()
        .when(&delivered())
        .when(&accepted())
        .later(minute)
        .when(&payout_completed(1, "P1"));
    let view = released.view();
    let at = |minutes| Some(START + Span::from_mins(minutes));
    assert_eq!(view.requested_at, START);
    assert_eq!((view.locked_at, view.released_at), (at(1), at(2)));
    assert_eq!((view.refunded_at, view.failed_at), (None, None));
    let refunded = locked
        .when(&by(Actor::Seller, Intent::RequestRefund))
        .later(minute)
        .when(&payout_completed(1, "P1"));
    let view = refunded.view();
    assert_eq!((view.released_at, view.refunded_at), (None, at(2)));
    let failed = Scenario::given(&[request()])
        .later(Span::from_mins(5))
        .when(&Command::wake());
    assert_eq!(failed.view().failed_at, at(5));
    assert_eq!(failed.view().locked_at, None);
}

#[test]
fn a_view_has_the_deadline_that_a_party_can_still_prevent() {
    let deadline = |scenario: &Scenario| scenario.view().deadline_at;
    let pending = Scenario::given(&[request()]);
    assert_eq!(deadline(&pending), Some(START + Span::from_mins(5)));
    let expired = pending.later(Span::from_mins(5)).when(&Command::wake());
    assert_eq!(deadline(&expired), None, "only the provider is asked");
    let locked = Scenario::locked();
    assert_eq!(deadline(&locked), Some(START + Span::from_days(7)));
    let contested = locked.clone().when(&disputed(Actor::Buyer));
    assert_eq!(deadline(&contested), None);
    let releasing = locked.when(&delivered()).when(&accepted());
    assert_eq!(deadline(&releasing), None);
    let declined = releasing.clone().when(&payout_declined(1));
    assert_eq!(deadline(&declined), None, "what is due is not undone");
    let released = releasing.when(&payout_completed(1, "P1"));
    assert_eq!(deadline(&released), None);
}

#[test]
fn a_view_counts_as_returned_only_what_is_paid_and_was_never_held() {
    let scenario = Scenario::given(&[request(), funds("R1", "1500")]);
    assert_eq!(scenario.view().returned, []);
    let settled = scenario
        .when(&delivered())
        .when(&accepted())
        .when(&payout_completed(2, "P2"));
    assert_eq!(settled.view().returned, []);
    let returned = settled.when(&payout_completed(1, "P1"));
    assert_eq!(returned.view().returned, [kes("500")]);
}
