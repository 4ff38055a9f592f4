//! The exhaustive walk: every sequence of commands to depth five, and deeper from chosen histories.

use std::collections::{BTreeSet, VecDeque};

use super::*;

/// Every command worth telling apart, by every actor that may issue it.
fn commands() -> Vec<Command> {
    let mut all = vec![request(), delivered(), accepted()];
    let portion = |amount| Intent::ConfirmDelivery {
        portion: Some(amount),
    };
    let usd = Money::parse("10", Currency::USD).unwrap();
    all.extend([kes("400"), kes("0"), kes("2000"), usd].map(|p| by(Actor::Seller, portion(p))));
    for party in [Actor::Buyer, Actor::Seller] {
        all.push(by(party, Intent::RequestRefund));
        all.push(disputed(party));
        all.push(by(party, Intent::OpenDispute { reason: " ".into() }));
        all.push(by(party, Intent::WithdrawDispute));
    }
    let split = |to_seller| Ruling::Split { to_seller };
    all.extend([Ruling::Release, Ruling::Refund].map(ruled));
    all.extend([kes("400"), kes("0"), kes("1000"), usd].map(|part| ruled(split(part))));
    all.push(by(Actor::Operator, Intent::CancelContract));
    all.push(by(Actor::Operator, Intent::RetryPayout));
    let provider_reference = "ATPid_1".parse().unwrap();
    all.push(Command::provider(Intent::CollectionAcknowledged {
        provider_reference,
    }));
    all.push(Command::provider(Intent::CollectionPending));
    let reason = FailureReason::Declined;
    all.push(Command::provider(Intent::CollectionDeclined { reason }));
    all.extend([
        funds("R1", "1000"),
        funds("R2", "1500"),
        funds("R3", "10"),
        funds("R4", "0"),
    ]);
    let foreign = Intent::FundsReceived {
        receipt: receipt("R5"),
        amount: usd,
    };
    all.push(Command::provider(foreign));
    for text in ["R1", "R2", "R9"] {
        all.push(Command::provider(Intent::CollectionReversed {
            receipt: receipt(text),
        }));
    }
    for number in 1..=3 {
        let payout = PayoutId(number);
        all.push(Command::provider(Intent::PayoutAcknowledged {
            payout,
            provider_reference,
        }));
        all.push(Command::provider(Intent::PayoutPending { payout }));
        all.push(Command::provider(Intent::PayoutUnknown { payout }));
        all.push(payout_completed(number, "P1"));
        all.push(payout_declined(number));
    }
    all.push(Command::wake());
    all
}

/// What distinguishes two states for the rules, without instants and counters.
fn signature(scenario: &Scenario) -> String {
    let Some(payment) = scenario.state.payment() else {
        return String::new();
    };
    let mut plain = payment.clone();
    plain.version = 0;
    for payout in &mut plain.payouts {
        payout.query = Query {
            next_at: START,
            count: 0,
        };
        payout.retry_at = payout.retry_at.map(|_| START);
    }
    let phase = match &mut plain.phase {
        Phase::Pending(_) => "pending".to_owned(),
        Phase::Failed(failed) => format!("{:?} {}", failed.reason, failed.query.is_some()),
        Phase::Locked(hold)
        | Phase::Releasing(hold, _)
        | Phase::Refunding(hold, _)
        | Phase::Released(hold)
        | Phase::Refunded(hold) => {
            (hold.deadline_at, hold.locked_at, hold.settled_at) = (START, START, None);
            if let Some(dispute) = &mut hold.dispute {
                dispute.opened_at = START;
            }
            for said in [
                &mut hold.delivery,
                &mut hold.acceptance,
                &mut hold.refund_requested,
            ] {
                *said = said.map(|said| Confirmation {
                    confirmed_at: START,
                    ..said
                });
            }
            format!("{hold:?}")
        }
    };
    format!(
        "{:?}{}{:?}{:?}{:?}",
        scenario.standing,
        plain.phase.name(),
        phase,
        plain.collected,
        (plain.payouts, plain.provider_reference)
    )
}

fn seeds() -> Vec<(Scenario, usize)> {
    let both = Scenario::locked().when(&delivered()).when(&accepted());
    let retried = both.clone().when(&payout_declined(1)).at_deadline();
    let blocked = retried
        .clone()
        .when(&payout_declined(2))
        .at_deadline()
        .when(&payout_declined(3));
    let ruled_split = Scenario::locked()
        .when(&disputed(Actor::Buyer))
        .when(&ruled(Ruling::Split {
            to_seller: kes("400"),
        }));
    let unwanted = Scenario {
        standing: Standing::Closed,
        ..Scenario::given(&[request()])
    };
    let timed_out = Scenario::locked().when(&delivered()).at_deadline();
    vec![
        (Scenario::new(), 5),
        (both, 3),
        (retried, 3),
        (blocked, 3),
        (ruled_split, 3),
        (unwanted, 3),
        (timed_out, 3),
    ]
}

/// Walks breadth first, calling back for every step taken or refused.
fn walk(mut visit: impl FnMut(&Scenario, &Command, &Result<Decision, Rejection>, &State)) {
    let commands = commands();
    let mut seen = BTreeSet::new();
    let mut queue: VecDeque<(Scenario, usize)> = seeds().into();
    while let Some((scenario, depth)) = queue.pop_front() {
        if depth == 0 {
            continue;
        }
        for command in &commands {
            let mut next = scenario.clone();
            next.history.clear();
            next.effects.clear();
            if command.intent == Intent::Wake
                && let Some(at) = next.state.payment().and_then(Payment::next_deadline)
            {
                next.now = next.now.max(at);
            }
            let result = next.step(command);
            visit(&scenario, command, &result, &next.state);
            if result.is_ok() && seen.insert((depth, signature(&next))) {
                queue.push_back((next, depth - 1));
            }
        }
    }
}

#[test]
fn every_other_actor_is_refused_and_nothing_changes() {
    walk(|before, command, result, after| {
        if result.is_err() {
            assert_eq!(&before.state, after);
        }
        let intent = command.intent.kind();
        for actor in Actor::ALL {
            if intent.actors().contains(&actor) {
                continue;
            }
            let forged = Command {
                actor,
                ..command.clone()
            };
            assert_eq!(
                before.decide(&forged),
                Err(Rejection::NotPermitted { actor, intent })
            );
        }
    });
}
