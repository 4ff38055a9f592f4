//! Random histories against the ledger model.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::model::Ledger;
use super::*;

#[derive(Debug, Clone)]
enum Step {
    Issue(Command),
    /// Let time pass: this many tenths of the way to the next deadline, then wake.
    Wait(u8),
    Standing(bool),
}

fn receipts() -> impl Strategy<Value = Receipt> {
    (1_u8..6).prop_map(|n| receipt(&format!("R{n}")))
}

fn amounts() -> impl Strategy<Value = Money> {
    prop_oneof![
        4 => Just(kes("1000")),
        1 => Just(kes("400")),
        1 => Just(kes("0")),
        1 => (1_i64..300_000).prop_map(|minor| Money::from_minor(minor, Currency::KES).unwrap()),
        1 => Just(Money::parse("1000", Currency::USD).unwrap()),
    ]
}

fn intents() -> impl Strategy<Value = Intent> {
    let payout = || (1_u16..6).prop_map(PayoutId);
    prop_oneof![
        2 => Just(Intent::Request { terms: terms() }),
        4 => proptest::option::weighted(0.3, amounts())
            .prop_map(|portion| Intent::ConfirmDelivery { portion }),
        4 => Just(Intent::Accept),
        1 => Just(Intent::RequestRefund),
        2 => Just(Intent::OpenDispute { reason: "late".into() }),
        1 => Just(Intent::WithdrawDispute),
        2 => prop_oneof![
            Just(Ruling::Release),
            Just(Ruling::Refund),
            amounts().prop_map(|to_seller| Ruling::Split { to_seller }),
        ]
        .prop_map(|ruling| Intent::Rule { ruling }),
        1 => Just(Intent::CancelContract),
        1 => Just(Intent::RetryPayout),
        1 => Just(Intent::CollectionPending),
        1 => Just(Intent::CollectionDeclined { reason: FailureReason::Declined }),
        6 => (receipts(), amounts())
            .prop_map(|(receipt, amount)| Intent::FundsReceived { receipt, amount }),
        1 => receipts().prop_map(|receipt| Intent::CollectionReversed { receipt }),
        1 => payout().prop_map(|payout| Intent::PayoutUnknown { payout }),
        4 => (payout(), receipts())
            .prop_map(|(payout, receipt)| Intent::PayoutCompleted { payout, receipt }),
        3 => payout().prop_map(|payout| Intent::PayoutDeclined { payout }),
    ]
}

fn steps() -> impl Strategy<Value = Step> {
    // Mostly the actor who may; sometimes anyone.
    let issue = (intents(), 0_usize..6, any::<u8>()).prop_map(|(intent, anyone, dice)| {
        let allowed = intent.kind().actors();
        let actor = match dice {
            0..=20 => Actor::ALL[anyone],
            _ => allowed[usize::from(dice) % allowed.len()],
        };
        Step::Issue(by(actor, intent))
    });
    prop_oneof![
        12 => issue,
        3 => (0_u8..=10).prop_map(Step::Wait),
        1 => any::<bool>().prop_map(Step::Standing),
    ]
}

/// One of the named invariants, checked after every step.
type Invariant = (&'static str, fn(&Scenario, &Ledger) -> bool);

const INVARIANTS: &[Invariant] = &[
    ("money in equals held plus out plus owed", conservation),
    ("no more is paid out than came in", no_double_payout),
    ("every effect id is used once", effect_ids_unique),
    ("replay gives the state", replay_is_state),
    ("nothing is negative", nothing_negative),
    (
        "at most one payout of the held money is under way",
        one_payout_at_a_time,
    ),
    (
        "money moves only out of a locked phase",
        held_only_while_locked,
    ),
    (
        "released only with both confirmations or a ruling",
        release_was_allowed,
    ),
];

fn kes_minor(money: Money) -> i64 {
    if money.currency() == Currency::KES {
        money.minor()
    } else {
        0
    }
}

/// Every shilling that came in is held, was paid, is owed back, or was taken back by the provider.
fn conservation(scenario: &Scenario, ledger: &Ledger) -> bool {
    let Some(payment) = scenario.state.payment() else {
        return ledger.total_in() == 0;
    };
    let held = payment.phase.hold();
    let locked: i64 = payment
        .collected
        .iter()
        .filter(|c| c.held)
        .map(|c| kes_minor(c.amount))
        .sum();
    let taken_back: i64 = payment
        .collected
        .iter()
        .filter(|c| c.held && c.reversed)
        .map(|c| kes_minor(c.amount))
        .sum();
    let returns: i64 = payment
        .payouts
        .iter()
        .filter(|p| p.purpose == Purpose::Return && p.retried_by.is_none())
        .map(|p| kes_minor(p.amount))
        .sum();
    let unheld = ledger.total_in() - locked;
    let hold_total = held.map_or(0, |h| {
        h.held.minor() + h.released.minor() + h.refunded.minor()
    });
    let asked = payment.terms.amount.minor();
    let hold_ok = match &payment.phase {
        Phase::Pending(_) => locked == 0,
        Phase::Failed(_) => locked == taken_back,
        _ => hold_total == asked,
    };
    let excess_of_locked = if locked > 0 { locked - asked } else { 0 };
    hold_ok && returns == unheld + excess_of_locked
}

/// What the provider has paid is what came in, at most, unless an alarm was raised.
fn no_double_payout(scenario: &Scenario, ledger: &Ledger) -> bool {
    let alarm = scenario.has_effect(|e| {
        matches!(
            e,
            EffectKind::RaiseAlarm {
                alarm: Alarm::DoublePayout { .. }
            }
        )
    });
    let paid = |id: &PayoutId| ledger.requested.get(id).map_or(0, |(_, m)| kes_minor(*m));
    alarm || ledger.paid.iter().map(paid).sum::<i64>() <= ledger.total_in()
}

fn effect_ids_unique(_: &Scenario, ledger: &Ledger) -> bool {
    let unique: BTreeSet<_> = ledger.effect_ids.iter().collect();
    unique.len() == ledger.effect_ids.len()
}

fn replay_is_state(scenario: &Scenario, _: &Ledger) -> bool {
    replay(&scenario.history).as_ref() == Ok(&scenario.state)
}

fn nothing_negative(scenario: &Scenario, _: &Ledger) -> bool {
    scenario
        .state
        .payment()
        .and_then(|p| p.phase.hold())
        .is_none_or(|hold| {
            [hold.held, hold.released, hold.refunded]
                .iter()
                .all(|money| money.minor() >= 0)
        })
}

fn one_payout_at_a_time(scenario: &Scenario, _: &Ledger) -> bool {
    let Some(payment) = scenario.state.payment() else {
        return true;
    };
    let open: Vec<_> = (1_u16..)
        .map(PayoutId)
        .zip(&payment.payouts)
        .filter(|(_, p)| p.status == PayoutStatus::Open && p.purpose != Purpose::Return)
        .map(|(id, _)| id)
        .collect();
    match &payment.phase {
        Phase::Releasing(_, id) | Phase::Refunding(_, id) => open == [*id],
        _ => open.is_empty(),
    }
}

fn held_only_while_locked(scenario: &Scenario, _: &Ledger) -> bool {
    let Some(payment) = scenario.state.payment() else {
        return true;
    };
    match &payment.phase {
        Phase::Released(hold) | Phase::Refunded(hold) => hold.held.is_zero(),
        Phase::Locked(hold) | Phase::Releasing(hold, _) | Phase::Refunding(hold, _) => {
            hold.held.is_positive()
        }
        Phase::Pending(_) | Phase::Failed(_) => true,
    }
}

fn release_was_allowed(scenario: &Scenario, _: &Ledger) -> bool {
    let mut delivered = false;
    let mut accepted = false;
    let mut disputed = false;
    for event in &scenario.history {
        match &event.kind {
            EventKind::DeliveryConfirmed { .. } => delivered = true,
            EventKind::Accepted { .. } => accepted = true,
            EventKind::DisputeOpened { .. } => disputed = true,
            EventKind::DisputeWithdrawn => disputed = false,
            EventKind::PayoutCompleted { payout, .. } => {
                let payout = scenario.payment().payout(*payout);
                if payout.is_some_and(|payout| payout.purpose != Purpose::Return) {
                    (delivered, accepted) = (false, false);
                }
            }
            EventKind::SettlementDecided { cause, release, .. } if release.is_positive() => {
                let allowed = match cause {
                    Cause::BothConfirmed => delivered && accepted && !disputed,
                    Cause::Ruled => disputed,
                    _ => false,
                };
                if !allowed {
                    return false;
                }
                disputed = false;
            }
            EventKind::SettlementDecided { .. } => disputed = false,
            _ => {}
        }
    }
    true
}

fn run(steps: &[Step]) -> Result<(), TestCaseError> {
    let mut scenario = Scenario::given(&[request()]);
    let mut ledger = Ledger::default();
    ledger
        .effect_ids
        .extend(scenario.effects.iter().map(|effect| effect.id));
    for step in steps {
        let command = match step {
            Step::Standing(is_open) => {
                scenario.standing = if *is_open {
                    open("1000")
                } else {
                    Standing::Closed
                };
                continue;
            }
            Step::Wait(tenths) => {
                if let Some(at) = scenario.payment().next_deadline() {
                    let span = (at - scenario.now).as_millis() * u64::from(*tenths) / 10;
                    scenario.now = scenario.now + Span::from_millis(span);
                }
                Command::wake()
            }
            Step::Issue(command) => command.clone(),
        };
        let before = (scenario.state.clone(), scenario.payment().status());
        match scenario.step(&command) {
            Err(_) => prop_assert_eq!(&scenario.state, &before.0, "a refusal changed the state"),
            Ok(decision) => {
                prop_assert!(!decision.events.is_empty());
                ledger.book(&command, &decision);
            }
        }
        if matches!(before.1, Status::Released | Status::Refunded) {
            prop_assert_eq!(
                scenario.payment().status(),
                before.1,
                "a final status was left"
            );
        }
        for (name, holds) in INVARIANTS {
            prop_assert!(
                holds(&scenario, &ledger),
                "{}: {:#?}",
                name,
                scenario.history
            );
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn money_is_conserved_and_finals_absorb(steps in proptest::collection::vec(steps(), 1..40)) {
        run(&steps)?;
    }

    #[test]
    fn deciding_twice_gives_the_same(steps in proptest::collection::vec(steps(), 1..20)) {
        let mut scenario = Scenario::given(&[request()]);
        for step in &steps {
            if let Step::Issue(command) = step {
                prop_assert_eq!(scenario.decide(command), scenario.decide(command));
                let _ = scenario.step(command);
            }
        }
    }

    #[test]
    fn events_survive_json(steps in proptest::collection::vec(steps(), 1..20)) {
        let mut scenario = Scenario::given(&[request()]);
        for step in &steps {
            if let Step::Issue(command) = step {
                let json = serde_json::to_string(command).unwrap();
                prop_assert_eq!(&serde_json::from_str::<Command>(&json).unwrap(), command);
                let _ = scenario.step(command);
            }
        }
        for event in &scenario.history {
            let json = serde_json::to_string(event).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Event>(&json).unwrap(), event, "{}", json);
        }
    }
}
