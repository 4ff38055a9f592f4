//! Payouts that were declined, superseded, paid after all, or whose money was taken back meanwhile.

use super::*;

fn retry() -> Command {
    by(Actor::Operator, Intent::RetryPayout)
}

fn reversed() -> Command {
    Command::provider(Intent::CollectionReversed {
        receipt: receipt("R1"),
    })
}

fn split(text: &str) -> Command {
    ruled(Ruling::Split {
        to_seller: kes(text),
    })
}

fn releasing() -> Scenario {
    Scenario::locked().when(&delivered()).when(&accepted())
}

/// Declines payouts until no try is left; the first open one has this number.
fn until_blocked(mut scenario: Scenario, first: u16) -> Scenario {
    let tries = u16::from(Policy::default().payout_attempts_max);
    for number in first..first + tries {
        scenario = scenario.when(&payout_declined(number));
        if number + 1 < first + tries {
            scenario = scenario.at_deadline();
        }
    }
    scenario
}

fn open_payouts_of_the_hold(scenario: &Scenario) -> usize {
    let payouts = scenario.payment().payouts.iter();
    payouts
        .filter(|p| p.status == PayoutStatus::Open && p.purpose != Purpose::Return)
        .count()
}

#[test]
fn the_operator_retries_only_the_last_of_several_declined_payouts() {
    // Declined for good, contested, ruled the same way, and declined for good again.
    let first = until_blocked(releasing(), 1);
    let again = first
        .when(&disputed(Actor::Buyer))
        .when(&ruled(Ruling::Release));
    let blocked = until_blocked(again, 4);
    let sent = blocked.payouts_requested().len();
    let retried = blocked.when(&retry()).then_phase("releasing");
    assert_eq!(retried.payouts_requested().len(), sent + 1);
    assert_eq!(open_payouts_of_the_hold(&retried), 1);
    let payout = retried.payment().payout(PayoutId(6)).unwrap();
    assert_eq!(payout.retried_by, Some(PayoutId(7)));
}

#[test]
fn a_superseded_payout_is_not_tried_again() {
    let portion = Intent::ConfirmDelivery {
        portion: Some(kes("400")),
    };
    let refused = Scenario::locked()
        .when(&by(Actor::Seller, portion))
        .when(&accepted())
        .when(&payout_declined(1))
        .when(&disputed(Actor::Buyer))
        .when(&ruled(Ruling::Refund))
        .when(&payout_declined(2));
    // The first is paid after all, so only the rest goes back; that is declined, too.
    let rest = refused
        .when(&payout_completed(1, "P1"))
        .then_phase("refunding");
    assert_eq!(
        rest.payouts_requested().last(),
        Some(&(Purpose::Refund, kes("600")))
    );
    // Nothing but the question about this payout is due.
    let query_at = rest.payment().payout(PayoutId(3)).unwrap().query.next_at;
    assert_eq!(rest.payment().next_deadline(), Some(query_at));
    let again = rest.when(&payout_declined(3)).at_deadline();
    assert_eq!(open_payouts_of_the_hold(&again), 1);
    let done = again
        .when(&payout_completed(4, "P4"))
        .then_phase("released");
    assert_eq!(
        (done.view().released, done.view().refunded),
        (kes("400"), kes("600"))
    );
}

#[test]
fn an_earlier_smaller_payout_counts_towards_what_was_ruled() {
    let portion = Intent::ConfirmDelivery {
        portion: Some(kes("200")),
    };
    let declined_twice = Scenario::locked()
        .when(&by(Actor::Seller, portion))
        .when(&accepted())
        .when(&payout_declined(1))
        .when(&disputed(Actor::Buyer))
        .when(&split("500"))
        .when(&payout_declined(2));
    let late = declined_twice
        .when(&payout_completed(1, "P1"))
        .then_phase("releasing");
    assert_eq!(
        late.payouts_requested().last(),
        Some(&(Purpose::Release, kes("300")))
    );
    let done = late
        .when(&payout_completed(3, "P3"))
        .when(&payout_completed(4, "P4"))
        .then_phase("released");
    assert_eq!(
        (done.view().released, done.view().refunded),
        (kes("500"), kes("500"))
    );
}

#[test]
fn money_that_was_taken_back_is_not_paid_out_any_further() {
    let ruled = Scenario::locked()
        .when(&disputed(Actor::Buyer))
        .when(&split("300"));
    let portion = Intent::ConfirmDelivery {
        portion: Some(kes("300")),
    };
    let portion = Scenario::locked()
        .when(&by(Actor::Seller, portion))
        .when(&accepted());
    for under_way in [ruled, portion] {
        let gone = under_way
            .when(&reversed())
            .then_phase("releasing")
            .when(&payout_completed(1, "P1"))
            .then_phase("failed");
        assert_eq!(gone.view().failure, Some(FailureReason::Reversed));
        assert_eq!(gone.payouts_requested().len(), 1);
    }
    // The last payout ends the payment as it would have; the alarm was raised before.
    releasing()
        .when(&reversed())
        .when(&payout_completed(1, "P1"))
        .then_phase("released");
}

#[test]
fn a_reversal_while_locked_tells_what_was_paid_on() {
    let clawback = |amount| EffectKind::RaiseAlarm {
        alarm: Alarm::Clawback {
            amount: kes(amount),
        },
    };
    let failed = Scenario::locked().when(&reversed()).then_phase("failed");
    assert!(!failed.has_effect(|effect| matches!(effect, EffectKind::RaiseAlarm { .. })));
    // More had come than was asked for, and the rest was returned.
    let more = Scenario::given(&[request(), funds("R1", "1500")]).when(&reversed());
    assert!(more.has_effect(|effect| *effect == clawback("500")));
    let portion = Intent::ConfirmDelivery {
        portion: Some(kes("400")),
    };
    let paid = Scenario::given(&[request(), funds("R1", "1500")])
        .when(&by(Actor::Seller, portion))
        .when(&accepted())
        .when(&payout_completed(2, "P2"))
        .when(&reversed());
    assert!(paid.has_effect(|effect| *effect == clawback("900")));
}

#[test]
fn a_return_is_tried_again_whatever_the_phase() {
    let more = Scenario::given(&[request(), funds("R1", "1500")]);
    let scenarios = [
        more.clone(),
        more.clone().when(&delivered()).when(&accepted()),
        more.when(&by(Actor::Seller, Intent::RequestRefund)),
    ];
    for scenario in scenarios {
        let phase = scenario.payment().phase.name();
        let declined = scenario.when(&payout_declined(1)).then_phase(phase);
        let returns = |scenario: &Scenario| {
            let requested = scenario.payouts_requested();
            let of_excess = |payout: &&(Purpose, Money)| **payout == (Purpose::Return, kes("500"));
            requested.iter().filter(of_excess).count()
        };
        assert_eq!(returns(&declined), 1);
        let retry_at = declined.payment().payout(PayoutId(1)).unwrap().retry_at;
        let due = Scenario {
            now: retry_at.unwrap(),
            ..declined
        };
        let again = due.when(&Command::wake()).then_phase(phase);
        assert_eq!(returns(&again), 2);
    }
}
