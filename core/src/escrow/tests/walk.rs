//! The exhaustive walk: every sequence of commands to depth five, and deeper from chosen histories,
//! against the transition table.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::table::{Outcome, PhaseKind, TRANSITIONS, Transition};
use super::*;
use crate::error::{Code, Coded};

/// Every command worth telling apart on this state, by every actor that may issue it.
pub fn commands(state: &State) -> Vec<Command> {
    let mut all = of_parties();
    if state.payment().is_none() {
        all.extend(bad_requests());
    }
    all.extend(of_collections());
    let payouts = state.payment().map_or(0, |payment| payment.payouts.len());
    all.extend(
        (1..=payouts + 1)
            .filter_map(|number| u16::try_from(number).ok())
            .flat_map(|number| of_payout(PayoutId(number))),
    );
    all.push(Command::wake());
    all
}

fn bad_requests() -> Vec<Command> {
    let usd = Money::parse("10", Currency::USD).unwrap();
    let amounts = [kes("0"), kes("0.99"), kes("1000.01"), usd];
    let mut all: Vec<_> = amounts.map(|amount| Terms { amount, ..terms() }).into();
    all.push(Terms {
        seller: terms().buyer,
        ..terms()
    });
    all.into_iter()
        .map(|terms| by(Actor::Operator, Intent::Request { terms }))
        .collect()
}

fn of_parties() -> Vec<Command> {
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
    all
}

fn of_collections() -> Vec<Command> {
    let usd = Money::parse("10", Currency::USD).unwrap();
    let mut all = vec![acknowledged(), Command::provider(Intent::CollectionPending)];
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
    all
}

fn acknowledged() -> Command {
    Command::provider(Intent::CollectionAcknowledged {
        provider_reference: "ATPid_1".parse().unwrap(),
    })
}

fn of_payout(payout: PayoutId) -> [Command; 5] {
    let provider_reference = "ATPid_1".parse().unwrap();
    [
        Intent::PayoutAcknowledged {
            payout,
            provider_reference,
        },
        Intent::PayoutPending { payout },
        Intent::PayoutUnknown { payout },
        Intent::PayoutCompleted {
            payout,
            receipt: receipt("P1"),
        },
        Intent::PayoutDeclined { payout },
    ]
    .map(Command::provider)
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

/// Histories that would take the walk too long to find by itself, and how deep to go on from each.
fn seeds() -> Vec<(Scenario, usize)> {
    let mut seeds = vec![(Scenario::new(), 5)];
    let closed = |scenario| Scenario {
        standing: Standing::Closed,
        ..scenario
    };
    seeds.push((closed(Scenario::new()), 1));
    let unwanted = closed(Scenario::given(&[request()]));
    let timed_out = Scenario::locked().when(&delivered()).at_deadline();
    let expired = Scenario::given(&[request()])
        .later(Span::from_mins(5))
        .when(&Command::wake());
    let underpaid = expired.when(&funds("R3", "10"));
    seeds.extend([unwanted, timed_out, underpaid].map(|scenario| (scenario, 4)));
    let locked = Scenario::given(&[request(), acknowledged(), funds("R1", "1000")]);
    seeds.extend(settled(&locked).iter().flat_map(fates));
    seeds.extend(settled(&locked).iter().flat_map(superseded));
    seeds.extend(returns());
    seeds
}

/// Every way to settle: all or a portion to the seller, all to the buyer, a split, and the rest
/// back after a portion was paid.
fn settled(locked: &Scenario) -> Vec<Scenario> {
    let portion = Intent::ConfirmDelivery {
        portion: Some(kes("400")),
    };
    let split = ruled(Ruling::Split {
        to_seller: kes("400"),
    });
    let give_back = by(Actor::Seller, Intent::RequestRefund);
    let locked = || locked.clone();
    let in_portions = locked().when(&by(Actor::Seller, portion)).when(&accepted());
    let number = last_payout(&in_portions);
    vec![
        locked().when(&delivered()).when(&accepted()),
        in_portions.clone(),
        locked().when(&give_back),
        locked().when(&disputed(Actor::Buyer)).when(&split),
        in_portions
            .when(&payout_completed(number, "P1"))
            .when(&give_back),
    ]
}

fn last_payout(scenario: &Scenario) -> u16 {
    u16::try_from(scenario.payment().payouts.len()).unwrap()
}

/// The last payout as it may fare: just sent, sent again, sent again although the first was paid,
/// declined for good, paid.
fn fates(sent: &Scenario) -> Vec<(Scenario, usize)> {
    let first = last_payout(sent);
    let declined = |scenario: &Scenario| {
        let number = last_payout(scenario);
        scenario.clone().when(&payout_declined(number))
    };
    let again = |scenario: &Scenario| {
        let pause = Policy::default().payout_retry_ms;
        declined(scenario).later(pause).when(&Command::wake())
    };
    let twice = again(sent);
    let both_paid = twice.clone().when(&payout_completed(first, "P1"));
    let blocked = declined(&again(&twice));
    let done = sent.clone().when(&payout_completed(first, "P1"));
    let fates = [
        sent.clone(),
        declined(sent),
        twice,
        both_paid,
        blocked,
        done,
    ];
    fates.map(|scenario| (scenario, 3)).into()
}

/// A declined payout, contested and ruled otherwise, whose successor is declined as well.
fn superseded(sent: &Scenario) -> Option<(Scenario, usize)> {
    let declined = sent.clone().when(&payout_declined(last_payout(sent)));
    let mut contested = declined;
    contested.step(&disputed(Actor::Buyer)).ok()?;
    let split = ruled(Ruling::Split {
        to_seller: kes("500"),
    });
    let ruled = contested.when(&split);
    let number = last_payout(&ruled);
    Some((ruled.when(&payout_declined(number)), 3))
}

/// More came than was asked for, and the return of the rest fares as it may, in every phase.
fn returns() -> Vec<(Scenario, usize)> {
    let more = Scenario::given(&[request(), acknowledged(), funds("R1", "1500")]);
    let mut seeds = Vec::new();
    for (mut locked, _) in fates(&more) {
        // Tried again before anything else is asked about.
        locked.policy.payout_retry_ms = Span::from_secs(30);
        for settled in settled(&locked) {
            let number = last_payout(&settled);
            seeds.push(settled.clone().when(&payout_completed(number, "P2")));
            seeds.push(settled);
        }
        let reversed = Command::provider(Intent::CollectionReversed {
            receipt: receipt("R1"),
        });
        seeds.push(locked.clone().when(&reversed));
        seeds.push(locked);
    }
    seeds.into_iter().map(|scenario| (scenario, 2)).collect()
}

/// Walks breadth first, calling back for every step taken or refused, with what was before and
/// what is after it. A wake comes at once, at the next deadline, and after all deadlines.
pub fn walk(mut visit: impl FnMut(&Scenario, &Command, &Result<Decision, Rejection>, &Scenario)) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut queue: VecDeque<(Scenario, usize)> = seeds().into();
    while let Some((scenario, depth)) = queue.pop_front() {
        for command in commands(&scenario.state) {
            for now in instants(&scenario, &command) {
                let mut next = Scenario {
                    now,
                    history: Vec::new(),
                    effects: Vec::new(),
                    ..scenario.clone()
                };
                let result = next.step(&command);
                visit(&scenario, &command, &result, &next);
                if depth > 1 && result.is_ok() {
                    let deepest = seen.entry(signature(&next)).or_default();
                    if *deepest < depth - 1 {
                        *deepest = depth - 1;
                        queue.push_back((next, depth - 1));
                    }
                }
            }
        }
    }
}

fn instants(scenario: &Scenario, command: &Command) -> BTreeSet<Timestamp> {
    let now = scenario.now;
    let mut instants = BTreeSet::from([now]);
    if command.intent == Intent::Wake {
        let deadline = scenario.state.payment().and_then(Payment::next_deadline);
        instants.extend(deadline.filter(|at| *at > now));
        instants.insert(now + Span::from_days(8));
    }
    instants
}

/// What was seen, or stands in a row: in this phase, this command, recorded this, and then this.
type Seen = (
    PhaseKind,
    IntentKind,
    Result<(Vec<&'static str>, PhaseKind), Code>,
);

fn seen(
    before: &State,
    command: &Command,
    result: &Result<Decision, Rejection>,
    after: &State,
) -> Seen {
    let outcome = match result {
        Err(rejection) => Err(rejection.code()),
        Ok(decision) => {
            let mut events: Vec<_> = decision.events.iter().map(|e| e.kind.name()).collect();
            events.dedup();
            Ok((events, after.phase()))
        }
    };
    (before.phase(), command.intent.kind(), outcome)
}

fn expected(row: &Transition) -> Vec<Seen> {
    let mut all = Vec::new();
    for (&from, &intent) in row
        .from
        .iter()
        .flat_map(|f| row.intents.iter().map(move |i| (f, i)))
    {
        let to = match row.outcome {
            Outcome::Rejected(code) => {
                all.push((from, intent, Err(code)));
                continue;
            }
            Outcome::Moves { to, .. } => to,
            Outcome::Stays { .. } => from,
        };
        let series = row.outcome.series().into_iter();
        all.extend(series.map(|events| (from, intent, Ok((events, to)))));
    }
    all
}

#[test]
fn the_table_is_the_behaviour() {
    let mut observed = BTreeSet::new();
    walk(|before, command, result, after| {
        observed.insert(seen(&before.state, command, result, &after.state));
    });
    let table: BTreeSet<Seen> = TRANSITIONS.iter().flat_map(expected).collect();
    let missing: Vec<_> = observed.difference(&table).collect();
    let never: Vec<_> = table.difference(&observed).collect();
    assert!(
        missing.is_empty(),
        "seen, but not in the table: {missing:#?}"
    );
    assert!(never.is_empty(), "in the table, but never seen: {never:#?}");
}

/// A host that wakes the machine whenever it says so never goes round in circles.
#[test]
fn a_refused_wake_means_that_nothing_is_due() {
    walk(|_, command, result, after| {
        if let (Intent::Wake, Err(Rejection::NothingDue { next_at })) = (&command.intent, result) {
            assert_eq!(*next_at, after.payment().next_deadline());
            assert!(next_at.is_none_or(|at| at > after.now), "{after:#?}");
        }
    });
}

#[test]
fn every_other_actor_is_refused_and_nothing_changes() {
    walk(|before, command, result, after| {
        if result.is_err() {
            assert_eq!(before.state, after.state);
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
