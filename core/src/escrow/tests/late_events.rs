//! Late and contradictory provider events: one test for each row of the policy.

use super::intake::{CallbackRefused, Fact, Intake, Orphan, intake};
use super::*;
use crate::error::{Code, Coded};
use crate::provider::StatusQuery;
use crate::signature::standard_webhooks::{StandardWebhooks, WebhookSecret};
use crate::signature::{HmacKey, SignatureError, Verified, hmac};

fn declined() -> Command {
    Command::provider(Intent::CollectionDeclined {
        reason: FailureReason::CancelledByPayer,
    })
}

#[test]
fn row_01_success_after_expiry_locks_if_the_contract_still_wants_it() {
    let expired = Scenario::given(&[request()])
        .later(Span::from_mins(5))
        .when(&Command::wake());
    expired
        .clone()
        .when(&funds("R1", "1000"))
        .then_phase("locked");
    let failed = Scenario::given(&[request(), declined()]);
    failed
        .clone()
        .when(&funds("R1", "1000"))
        .then_phase("locked");
    for standing in [Standing::Closed, open("999.99")] {
        let unwanted = Scenario {
            standing,
            ..expired.clone()
        }
        .when(&funds("R1", "1000"));
        assert_eq!(
            unwanted.payouts_requested(),
            [(Purpose::Return, kes("1000"))]
        );
        unwanted.then_phase("failed");
    }
}

#[test]
fn row_02_the_same_success_a_hundred_times_has_one_effect() {
    let mut scenario = Scenario::locked();
    let before = (scenario.view(), scenario.effects.len());
    for _ in 0..100 {
        scenario = scenario
            .when(&funds("R1", "1000"))
            .then_last("duplicate_recorded");
    }
    let after = PaymentView {
        version: before.0.version,
        ..scenario.view()
    };
    assert_eq!((after, scenario.effects.len()), before);
}

#[test]
fn row_03_a_second_success_is_excess_in_every_phase() {
    let releasing = Scenario::locked().when(&delivered()).when(&accepted());
    let released = releasing.clone().when(&payout_completed(1, "P1"));
    for scenario in [Scenario::locked(), releasing, released] {
        let phase = scenario.payment().phase.name();
        let again = scenario.when(&funds("R2", "1000")).then_phase(phase);
        let returned = again.payouts_requested().pop().unwrap();
        assert_eq!(returned, (Purpose::Return, kes("1000")));
    }
}

#[test]
fn row_04_failure_after_success_is_a_contradiction() {
    let scenario = Scenario::locked().when(&declined()).then_phase("locked");
    assert!(scenario.has_effect(|effect| matches!(effect, EffectKind::QueryCollection { .. })));
    scenario.then_last("contradiction_recorded");
}

#[test]
fn row_05_less_than_asked_is_returned() {
    let less = Scenario::given(&[request()])
        .when(&funds("R1", "999.99"))
        .then_phase("failed");
    assert_eq!(less.view().failure, Some(FailureReason::Underpaid));
    assert_eq!(less.payouts_requested(), [(Purpose::Return, kes("999.99"))]);
}

#[test]
fn row_06_more_than_asked_locks_what_was_asked() {
    let more = Scenario::given(&[request()])
        .when(&funds("R1", "1500"))
        .then_phase("locked");
    assert_eq!(more.view().held, kes("1000"));
    assert_eq!(more.payouts_requested(), [(Purpose::Return, kes("500"))]);
    let returned = more.when(&payout_completed(1, "P1")).then_phase("locked");
    assert_eq!(returned.view().returned, [kes("500")]);
}

#[test]
fn row_07_another_currency_is_returned() {
    let dollars = Money::parse("1000", Currency::USD).unwrap();
    let funds = Intent::FundsReceived {
        receipt: receipt("R1"),
        amount: dollars,
    };
    let scenario = Scenario::given(&[request()]).when(&Command::provider(funds));
    assert_eq!(
        scenario.view().failure,
        Some(FailureReason::CurrencyMismatch)
    );
    assert_eq!(scenario.payouts_requested(), [(Purpose::Return, dollars)]);
}

fn fact(intent: Intent) -> Fact {
    Fact {
        provider_reference: "ATPid_1".parse().unwrap(),
        intent,
    }
}

#[test]
fn row_08_an_unknown_reference_is_recorded_and_asked_about() {
    let funds = funds("R1", "1000");
    let arrived = || Ok::<_, SignatureError>(Verified::by_query(fact(funds.intent.clone())));
    let query = StatusQuery {
        provider_reference: "ATPid_1".parse().unwrap(),
    };
    let orphan = Intake::Orphan(Orphan {
        at: START,
        said: IntentKind::FundsReceived,
        query,
    });
    for unknown in [None, Some(&State::Absent)] {
        assert_eq!(intake(START, unknown, arrived()), orphan);
    }
    // The same fact about a payment that exists is a command, and the money is locked.
    let pending = Scenario::given(&[request()]);
    let Intake::Command(command) = intake(START, Some(&pending.state), arrived()) else {
        panic!("the payment is known");
    };
    assert_eq!(command, funds);
    pending.when(&command).then_phase("locked");
}

#[test]
fn row_09_what_nobody_has_signed_is_refused_without_its_content() {
    let key = HmacKey::new("key").unwrap();
    let body = br#"{"phone":"+254712345678","status":"completed"}"#;
    let signature = hmac::sign(&key, body);
    let forged = [
        (None, Code::SignatureMissing),
        (Some("sha256=00"), Code::SignatureMalformed),
        (Some(signature.as_str()), Code::SignatureMismatch),
    ];
    let pending = Scenario::given(&[request()]);
    for (header, reason) in forged {
        let verified = hmac::verify(&key, header, &body[1..]);
        let believed = verified.map(|body| body.map(|_| fact(Intent::CollectionPending)));
        let refused = Intake::Refused(CallbackRefused { at: START, reason });
        // Whether the payment exists makes no difference to who cannot prove what he says.
        for payment in [None, Some(&pending.state)] {
            assert_eq!(intake(START, payment, believed.clone()), refused);
        }
        assert_eq!(
            serde_json::to_string(&CallbackRefused { at: START, reason }).unwrap(),
            format!(r#"{{"at":"{START}","reason":"{reason}"}}"#),
        );
    }
    // A good signature that was sent long ago may be a replay.
    let endpoint = StandardWebhooks::new(WebhookSecret::from_entropy([7; 24]));
    let headers = endpoint.sign("msg_1", START, body).unwrap();
    let late = START + StandardWebhooks::TOLERANCE + Span::from_secs(1);
    let stale = endpoint.verify(&headers, &body[..], late);
    let stale = stale.map(|body| body.map(|_| fact(Intent::CollectionPending)));
    let refused = CallbackRefused {
        at: late,
        reason: Code::SignatureStale,
    };
    assert_eq!(
        intake(late, Some(&pending.state), stale),
        Intake::Refused(refused)
    );
    // No reason is lost: the record has the code of the error, whichever it is.
    let empty = SignatureError::KeyEmpty;
    let Intake::Refused(refused) = intake(START, None, Err(empty)) else {
        panic!("nothing proves it");
    };
    assert_eq!(refused.reason, empty.code());
    let signed = hmac::verify(&key, Some(&signature), &body[..]).unwrap();
    let believed = Ok::<_, SignatureError>(signed.map(|_| fact(Intent::CollectionPending)));
    let command = Command::provider(Intent::CollectionPending);
    assert_eq!(
        intake(START, Some(&pending.state), believed),
        Intake::Command(command)
    );
}

#[test]
fn row_10_an_unknown_payout_is_asked_for_and_never_sent_again() {
    let mut scenario = Scenario::locked().when(&delivered()).when(&accepted());
    let unknown = Command::provider(Intent::PayoutUnknown {
        payout: PayoutId(1),
    });
    scenario = scenario.when(&unknown).then_phase("releasing");
    for _ in 0..50 {
        scenario = scenario
            .at_deadline()
            .then_phase("releasing")
            .then_last("payout_queried");
    }
    assert_eq!(scenario.payouts_requested().len(), 1);
    scenario
        .when(&payout_completed(1, "P1"))
        .then_phase("released");
}

#[test]
fn row_11_a_declined_payout_that_was_paid_after_all() {
    let declined = Scenario::locked()
        .when(&delivered())
        .when(&accepted())
        .when(&payout_declined(1));
    // Nothing was sent again yet: the late word is the truth.
    declined
        .clone()
        .when(&payout_completed(1, "P1"))
        .then_phase("released");
    // It was sent again: one of the two is too many.
    let double = declined.at_deadline().when(&payout_completed(1, "P1"));
    let alarm = Alarm::DoublePayout {
        payout: PayoutId(1),
    };
    assert!(double.has_effect(|effect| *effect == EffectKind::RaiseAlarm { alarm }));
    double
        .clone()
        .when(&payout_completed(2, "P2"))
        .then_phase("released");
    // Unless the second is declined, too: then the first was the right one.
    let right = double.when(&payout_declined(2)).then_phase("released");
    assert_eq!(right.view().released, kes("1000"));
}

#[test]
fn row_12_the_callback_may_come_before_the_acknowledgement() {
    let provider_reference = "ATPid_1".parse().unwrap();
    let acknowledged = Intent::CollectionAcknowledged { provider_reference };
    let scenario = Scenario::locked()
        .when(&Command::provider(acknowledged))
        .then_phase("locked");
    assert_eq!(scenario.view().provider_reference, Some(provider_reference));
}

#[test]
fn row_13_a_reversal_while_locked_and_after_release() {
    let reversed = Command::provider(Intent::CollectionReversed {
        receipt: receipt("R1"),
    });
    let failed = Scenario::locked().when(&reversed).then_phase("failed");
    assert_eq!(failed.view().failure, Some(FailureReason::Reversed));
    let releasing = Scenario::locked().when(&delivered()).when(&accepted());
    let released = releasing.clone().when(&payout_completed(1, "P1"));
    for scenario in [releasing.clone(), released] {
        let phase = scenario.payment().phase.name();
        let clawed = scenario
            .when(&reversed)
            .then_phase(phase)
            .then_last("clawed_back");
        let alarm = Alarm::Clawback {
            amount: kes("1000"),
        };
        assert!(clawed.has_effect(|effect| *effect == EffectKind::RaiseAlarm { alarm }));
    }
    // Reversed under way, and then the payout is declined: nothing is left to pay with.
    releasing
        .when(&reversed)
        .when(&payout_declined(1))
        .then_phase("failed");
}

#[test]
fn row_14_in_progress_stays_pending_and_is_asked_with_back_off() {
    let mut scenario = Scenario::given(&[request()]);
    scenario.policy.checkout_expiry_ms = Span::from_mins(60);
    scenario = Scenario {
        state: State::Absent,
        history: Vec::new(),
        ..scenario
    };
    scenario = scenario.when(&request());
    for minutes in [1, 3, 7, 15, 31] {
        assert_eq!(
            scenario.payment().next_deadline(),
            Some(START + Span::from_mins(minutes))
        );
        scenario = scenario
            .at_deadline()
            .when(&Command::provider(Intent::CollectionPending));
        scenario = scenario.then_phase("pending");
    }
}

#[test]
fn row_15_a_command_in_a_final_state_names_it() {
    let released = Scenario::locked()
        .when(&delivered())
        .when(&accepted())
        .when(&payout_completed(1, "P1"));
    let refunded = Scenario::locked()
        .when(&by(Actor::Seller, Intent::RequestRefund))
        .when(&payout_completed(1, "P1"));
    for (scenario, status) in [(released, Status::Released), (refunded, Status::Refunded)] {
        for command in [
            delivered(),
            accepted(),
            disputed(Actor::Buyer),
            ruled(Ruling::Refund),
            by(Actor::Seller, Intent::RequestRefund),
            by(Actor::Operator, Intent::CancelContract),
        ] {
            scenario
                .clone()
                .then_rejected(&command, Rejection::Final { status });
        }
    }
}

#[test]
fn an_expired_collection_is_asked_for_until_the_provider_knows() {
    let mut scenario = Scenario::given(&[request()])
        .later(Span::from_mins(5))
        .when(&Command::wake());
    for _ in 0..=Policy::default().late_queries_max {
        scenario = scenario.at_deadline().then_last("collection_queried");
    }
    assert_eq!(scenario.payment().next_deadline(), None);
    let expired = Scenario::given(&[request()])
        .later(Span::from_mins(5))
        .when(&Command::wake());
    assert_eq!(expired.when(&declined()).payment().next_deadline(), None);
}
