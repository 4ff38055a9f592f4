//! Limits, to the unit: amounts, reasons, instants, and how much one command can cause.

use super::*;

/// A failed payment with this many returns of one shilling each.
fn failed_with_returns(count: u16) -> Scenario {
    let mut scenario = Scenario::given(&[request()])
        .later(Span::from_mins(5))
        .when(&Command::wake());
    for number in 0..count {
        scenario = scenario.when(&funds(&format!("R{number}"), "1"));
    }
    scenario.then_phase("failed")
}

/// Wakes without letting time pass until nothing is due; how many wakes it took.
fn wake_until_quiet(scenario: &mut Scenario) -> usize {
    let mut wakes = 0;
    while let Ok(decision) = scenario.step(&Command::wake()) {
        wakes += 1;
        let due_now = |e: &Effect| e.kind == EffectKind::WakeAt { at: scenario.now };
        let more = decision.effects.iter().any(due_now);
        let deadline = scenario.payment().next_deadline();
        let due = deadline.is_some_and(|at| at <= scenario.now);
        assert_eq!(
            more, due,
            "whoever is not served is told to come again at once"
        );
        assert!(wakes < 100, "it never ends");
    }
    wakes
}

#[test]
fn a_crowd_of_payouts_is_asked_about_in_several_wakes() {
    let mut crowd = failed_with_returns(20).later(Span::from_mins(1));
    // The first wake also asks about the collection.
    assert_eq!(wake_until_quiet(&mut crowd), 5);
    let asked = crowd.payment().payouts.iter();
    assert!(asked.clone().all(|payout| payout.query.count == 1));
    assert_eq!(asked.count(), 20);
}

#[test]
fn a_crowd_of_declined_payouts_is_tried_again_in_several_wakes() {
    let mut crowd = failed_with_returns(20);
    for number in 1..=20 {
        crowd = crowd.when(&payout_declined(number));
    }
    crowd = crowd.later(Span::from_mins(5));
    assert_eq!(wake_until_quiet(&mut crowd), 5);
    assert_eq!(crowd.payment().payouts.len(), 40);
    let first = &crowd.payment().payouts[..20];
    assert!(first.iter().all(|payout| payout.retried_by.is_some()));
}

#[test]
fn a_crowd_of_blocked_payouts_is_retried_by_the_operator_in_several_goes() {
    let mut crowd = failed_with_returns(20);
    crowd.policy.payout_attempts_max = 1;
    for number in 1..=20 {
        crowd = crowd.when(&payout_declined(number));
    }
    let retry = by(Actor::Operator, Intent::RetryPayout);
    let mut goes = 0;
    while let Ok(decision) = crowd.step(&retry) {
        assert!(decision.events.len() < Decision::EVENTS_MAX);
        goes += 1;
    }
    assert_eq!(goes, 4);
    assert_eq!(crowd.payment().payouts.len(), 40);
}

#[test]
fn an_escrow_timeout_among_a_crowd_of_payouts() {
    let mut crowd = Scenario::locked();
    for number in 2..22 {
        crowd = crowd.when(&funds(&format!("R{number}"), "1"));
    }
    crowd = crowd.later(Span::from_days(7));
    let wakes = wake_until_quiet(&mut crowd);
    assert_eq!(crowd.payment().phase.name(), "refunding");
    assert_eq!(wakes, 5);
}

#[test]
fn amounts_at_the_limits_of_the_policy() {
    let ask = |text: &str| {
        let amount = kes(text);
        by(
            Actor::Operator,
            Intent::Request {
                terms: Terms { amount, ..terms() },
            },
        )
    };
    let contract = Scenario {
        standing: open("10000000"),
        ..Scenario::new()
    };
    for text in ["1", "10000000"] {
        contract.clone().when(&ask(text)).then_phase("pending");
    }
    let policy = Policy::default();
    let limits = Rejection::AmountOutsideLimits {
        least: policy.amount_min,
        most: policy.amount_max,
    };
    for text in ["0.99", "10000000.01"] {
        contract.clone().then_rejected(&ask(text), limits);
    }
}

#[test]
fn shares_at_their_limits() {
    let contested = Scenario::locked().when(&disputed(Actor::Buyer));
    let split = |text| {
        ruled(Ruling::Split {
            to_seller: kes(text),
        })
    };
    contested
        .clone()
        .when(&split("0.01"))
        .then_phase("releasing");
    contested
        .clone()
        .when(&split("999.99"))
        .then_phase("releasing");
    let exceeds = Rejection::AmountExceedsHeld { held: kes("1000") };
    contested
        .then_rejected(&split("0"), Rejection::AmountNotPositive)
        .then_rejected(&split("1000"), exceeds);
}

#[test]
fn reasons_at_their_limits() {
    let open = |reason: String| {
        by(
            Actor::Buyer,
            Intent::OpenDispute {
                reason: reason.into(),
            },
        )
    };
    let longest = Scenario::locked().when(&open(format!("  {}  ", "x".repeat(1_000))));
    let reason = longest.view().dispute.unwrap().reason;
    assert_eq!(reason.len(), 1_000, "without the blanks around it");
    Scenario::locked()
        .when(&open("x".into()))
        .then_last("dispute_opened");
    Scenario::locked()
        .then_rejected(&open("x".repeat(1_001)), Rejection::ReasonMissing)
        .then_rejected(&open("\n ".into()), Rejection::ReasonMissing);
}

#[test]
fn instants_at_their_limits() {
    let nearly = |span: Span| Span::from_millis(span.as_millis() - 1);
    let wake = Command::wake();
    let checkout = Span::from_mins(5);
    let pending = Scenario::given(&[request()]);
    let asked = pending.clone().later(nearly(checkout)).when(&wake);
    asked.then_phase("pending").then_last("collection_queried");
    pending.later(checkout).when(&wake).then_phase("failed");
    let week = Span::from_days(7);
    let next_at = Some(START + week);
    Scenario::locked()
        .later(nearly(week))
        .then_rejected(&wake, Rejection::NothingDue { next_at })
        .later(Span::from_millis(1))
        .when(&wake)
        .then_phase("refunding");
}

#[test]
fn questions_double_up_to_the_most() {
    let policy = Policy {
        query_first_ms: Span::from_millis(3),
        query_most_ms: Span::from_millis(25),
        ..Policy::default()
    };
    let intervals = [0, 1, 2, 3, 4, 32, 33, 255].map(|n| policy.query_interval(n).as_millis());
    assert_eq!(intervals, [3, 6, 12, 24, 25, 25, 25, 25]);
    let endless = Policy {
        query_first_ms: Span::from_millis(1),
        query_most_ms: Span::from_millis(u64::MAX),
        ..policy
    };
    let intervals = [31, 32, 33, 63, 64].map(|n| endless.query_interval(n).as_millis());
    assert_eq!(
        intervals,
        [1 << 31, 1 << 32, 1 << 32, 1 << 32, 1 << 32],
        "the doubling stops, and never wraps"
    );
}

#[test]
fn every_field_of_the_policy_is_checked() {
    use crate::error::Coded;
    type Change = fn(&mut Policy);
    let rows: &[(&str, Change)] = &[
        ("/checkout_expiry_ms", |p| p.checkout_expiry_ms = Span::ZERO),
        ("/escrow_timeout_ms", |p| p.escrow_timeout_ms = Span::ZERO),
        ("/query_first_ms", |p| p.query_first_ms = Span::ZERO),
        ("/query_most_ms", |p| p.query_most_ms = Span::ZERO),
        ("/payout_attempts_max", |p| p.payout_attempts_max = 0),
        ("/amount_min", |p| p.amount_min = kes("0")),
        ("/amount_min", |p| p.amount_max = kes("0.99")),
        ("/amount_min", |p| {
            p.amount_max = Money::parse("10", Currency::USD).unwrap();
        }),
    ];
    for (field, change) in rows {
        let mut policy = Policy::default();
        change(&mut policy);
        let error = policy.validate().unwrap_err();
        assert_eq!(error.field().unwrap().to_string(), *field);
    }
    let one_amount = Policy {
        amount_max: kes("1"),
        ..Policy::default()
    };
    assert_eq!(one_amount.validate(), Ok(()));
}
