//! Histories that were not made by `decide`, or are not whole, are refused and never guessed at.

use super::*;

fn event(kind: EventKind) -> Event {
    Event { at: START, kind }
}

fn locked_event(text: &str) -> EventKind {
    EventKind::Locked {
        receipt: receipt(text),
        received: kes("1000"),
        deadline_at: START,
    }
}

fn started(number: u16, purpose: Purpose, retry_of: Option<u16>) -> EventKind {
    EventKind::PayoutStarted {
        payout: PayoutId(number),
        purpose,
        amount: kes("1000"),
        retry_of: retry_of.map(PayoutId),
        query_at: START,
    }
}

fn completed(number: u16) -> EventKind {
    EventKind::PayoutCompleted {
        payout: PayoutId(number),
        receipt: receipt("P1"),
    }
}

/// Each of these cannot follow on the state.
#[track_caller]
fn refuses(scenario: &Scenario, kinds: impl IntoIterator<Item = EventKind>) {
    for kind in kinds {
        let name = kind.name();
        let corrupt = evolve(scenario.state.clone(), &event(kind)).unwrap_err();
        let version = scenario
            .state
            .payment()
            .map_or(0, |payment| payment.version);
        assert_eq!(
            corrupt,
            CorruptHistory {
                version,
                event: name
            }
        );
    }
}

#[test]
fn nothing_comes_before_the_request_and_nothing_requests_again() {
    let requested = Scenario::given(&[request()]).history[0].kind.clone();
    refuses(&Scenario::new(), [locked_event("R1"), EventKind::Released]);
    refuses(&Scenario::given(&[request()]), [requested.clone()]);
    refuses(&Scenario::locked(), [requested]);
}

#[test]
fn what_needs_held_money_needs_the_locked_phase() {
    let channel = Channel::Api;
    let needing = || {
        [
            EventKind::DeliveryConfirmed {
                channel,
                portion: None,
                deadline_at: START,
            },
            EventKind::Accepted { channel },
            EventKind::RefundRequested { channel },
            EventKind::DisputeOpened {
                by: None,
                reason: "late".into(),
            },
            EventKind::DisputeWithdrawn,
            EventKind::SettlementDecided {
                cause: Cause::TimedOut,
                release: kes("0"),
                refund: kes("1000"),
            },
            EventKind::Released,
            EventKind::Refunded,
        ]
    };
    let pending = Scenario::given(&[request()]);
    let releasing = Scenario::locked().when(&delivered()).when(&accepted());
    let released = releasing.clone().when(&payout_completed(1, "P1"));
    for scenario in [pending, releasing, released] {
        refuses(&scenario, needing());
    }
}

#[test]
fn money_is_locked_and_booked_once() {
    refuses(
        &Scenario::locked(),
        [locked_event("R1"), locked_event("R2")],
    );
    let unmatched = EventKind::FundsUnmatched {
        receipt: receipt("R1"),
        received: kes("1000"),
        reason: ReturnReason::Excess,
    };
    refuses(&Scenario::locked(), [unmatched]);
    let unknown = receipt("R9");
    refuses(
        &Scenario::locked(),
        [
            EventKind::Reversed { receipt: unknown },
            EventKind::ClawedBack { receipt: unknown },
        ],
    );
}

#[test]
fn payouts_are_counted_without_gaps() {
    let locked = Scenario::locked();
    refuses(
        &locked,
        [
            started(0, Purpose::Release, None),
            started(2, Purpose::Release, None),
            started(1, Purpose::Release, Some(1)),
            completed(0),
            completed(1),
            EventKind::PayoutDeclined {
                payout: PayoutId(1),
                retry_at: None,
            },
            EventKind::PayoutQueried {
                payout: PayoutId(1),
                next_at: START,
            },
            EventKind::DoublePayoutDetected {
                payout: PayoutId(1),
                receipt: receipt("P1"),
            },
        ],
    );
    refuses(
        &locked.when(&delivered()).when(&accepted()),
        [started(1, Purpose::Release, None)],
    );
    // Nothing was ever held that could be paid.
    refuses(
        &Scenario::given(&[request()]),
        [
            started(1, Purpose::Release, None),
            started(1, Purpose::Refund, None),
        ],
    );
}

#[test]
fn more_is_not_paid_than_is_held_and_nothing_ends_before_all_is_paid() {
    let mut more = Scenario::locked();
    let kind = EventKind::PayoutStarted {
        payout: PayoutId(1),
        purpose: Purpose::Release,
        amount: kes("1000.01"),
        retry_of: None,
        query_at: START,
    };
    more.state = evolve(more.state, &event(kind)).unwrap();
    refuses(&more, [completed(1)]);
    refuses(
        &Scenario::locked(),
        [EventKind::Released, EventKind::Refunded],
    );
}

#[test]
fn the_next_question_while_pending_always_comes() {
    let last = EventKind::CollectionQueried { next_at: None };
    refuses(&Scenario::given(&[request()]), [last]);
}

#[test]
fn every_event_counts() {
    let scenario = Scenario::locked()
        .when(&delivered())
        .when(&accepted())
        .when(&payout_declined(1))
        .at_deadline();
    let count = u32::try_from(scenario.history.len()).unwrap();
    assert_eq!(scenario.payment().version, count);
    assert_eq!(replay(&scenario.history), Ok(scenario.state));
}
