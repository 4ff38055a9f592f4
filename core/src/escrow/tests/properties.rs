//! Random histories against the ledger model.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use super::model::{Ledger, Step};
use super::*;
use crate::audit::{Chain, Entry, Fault, Head, Record, verify, verify_entries};
use crate::signature::HmacKey;

/// The machine under test, and what it was told and asked for.
struct Machine {
    scenario: Scenario,
    /// Payouts the provider reported paid.
    paid: BTreeSet<PayoutId>,
    /// The clock has just woken it, and it says that nothing is due.
    refused_wake: bool,
    trail: Trail,
}

/// What an auditor is given: every event as an entry.
struct Trail {
    chain: Chain,
    entries: Vec<Entry>,
    /// Where the trail ended before the last step.
    before: Head,
}

fn auditor() -> HmacKey {
    HmacKey::new("the auditor's key").unwrap()
}

impl Trail {
    fn new() -> Self {
        Self {
            chain: Chain::new(auditor()),
            entries: Vec::new(),
            before: Head::EMPTY,
        }
    }

    /// Adds the events that are not among the entries yet.
    fn follow(&mut self, history: &[Event]) {
        self.before = self.chain.head();
        for event in history.iter().skip(self.entries.len()) {
            let action = event.kind.name().parse().unwrap();
            let (contract, actor) = (terms().contract_id(), "engine".parse().unwrap());
            let record = Record::new(event.at, action, contract, actor);
            let record = record.with_data(event).unwrap();
            self.entries.push(self.chain.append(record).unwrap());
        }
    }

    /// The trail as it is exported.
    fn export(&self) -> Vec<String> {
        let lines = self.entries.iter().map(|entry| entry.to_line().unwrap());
        lines.collect()
    }
}

/// One of the named invariants, checked after every step.
type Invariant = (&'static str, fn(&Machine, &Ledger) -> bool);

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
    (
        "nothing is paid out of money that was taken back",
        nothing_from_reversed_money,
    ),
    ("nothing is due after a wake", woken_is_quiet),
    ("the audit trail is whole and tells the history", audited),
];

fn kes_minor(money: Money) -> i64 {
    if money.currency() == Currency::KES {
        money.minor()
    } else {
        0
    }
}

/// Every shilling that came in is held, was paid, is owed back, or was taken back by the provider.
fn conservation(machine: &Machine, ledger: &Ledger) -> bool {
    let Some(payment) = machine.scenario.state.payment() else {
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
fn no_double_payout(machine: &Machine, ledger: &Ledger) -> bool {
    let alarm = machine.scenario.has_effect(|e| {
        matches!(
            e,
            EffectKind::RaiseAlarm {
                alarm: Alarm::DoublePayout { .. }
            }
        )
    });
    let requested = machine.scenario.payouts_requested();
    let amount = |id: &PayoutId| {
        requested
            .get(usize::from(id.0) - 1)
            .map(|(_, amount)| *amount)
    };
    let paid: i64 = machine.paid.iter().filter_map(amount).map(kes_minor).sum();
    alarm || paid <= ledger.total_in()
}

fn effect_ids_unique(machine: &Machine, _: &Ledger) -> bool {
    let effects = &machine.scenario.effects;
    let unique: BTreeSet<_> = effects.iter().map(|effect| effect.id).collect();
    unique.len() == effects.len()
}

fn replay_is_state(machine: &Machine, _: &Ledger) -> bool {
    replay(&machine.scenario.history).as_ref() == Ok(&machine.scenario.state)
}

fn nothing_negative(machine: &Machine, _: &Ledger) -> bool {
    machine
        .scenario
        .state
        .payment()
        .and_then(|p| p.phase.hold())
        .is_none_or(|hold| {
            [hold.held, hold.released, hold.refunded]
                .iter()
                .all(|money| money.minor() >= 0)
        })
}

fn one_payout_at_a_time(machine: &Machine, _: &Ledger) -> bool {
    let Some(payment) = machine.scenario.state.payment() else {
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

fn held_only_while_locked(machine: &Machine, _: &Ledger) -> bool {
    let Some(payment) = machine.scenario.state.payment() else {
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

fn release_was_allowed(machine: &Machine, _: &Ledger) -> bool {
    let mut delivered = false;
    let mut accepted = false;
    let mut disputed = false;
    for event in &machine.scenario.history {
        match &event.kind {
            EventKind::DeliveryConfirmed { .. } => delivered = true,
            EventKind::Accepted { .. } => accepted = true,
            EventKind::DisputeOpened { .. } => disputed = true,
            EventKind::DisputeWithdrawn => disputed = false,
            EventKind::PayoutCompleted { payout, .. } => {
                let payout = machine.scenario.payment().payout(*payout);
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

/// Once the held money was taken back, no payout of it starts any more.
fn nothing_from_reversed_money(machine: &Machine, ledger: &Ledger) -> bool {
    let mut held = None;
    let mut gone = false;
    for event in &machine.scenario.history {
        match &event.kind {
            EventKind::Locked { receipt, .. } => (held, gone) = (Some(*receipt), false),
            EventKind::Reversed { receipt } | EventKind::ClawedBack { receipt } => {
                gone |= held == Some(*receipt);
                if !ledger.is_reversed(*receipt) {
                    return false;
                }
            }
            EventKind::PayoutStarted { purpose, .. } if gone && *purpose != Purpose::Return => {
                return false;
            }
            _ => {}
        }
    }
    true
}

/// A host that wakes the machine whenever it says so never goes round in circles.
fn woken_is_quiet(machine: &Machine, _: &Ledger) -> bool {
    let deadline = machine.scenario.payment().next_deadline();
    !machine.refused_wake || deadline.is_none_or(|at| at > machine.scenario.now)
}

/// What the last step added follows what was there, and is what has happened.
fn audited(machine: &Machine, _: &Ledger) -> bool {
    let (trail, history) = (&machine.trail, &machine.scenario.history);
    let added = usize::try_from(trail.before.seq).unwrap()..;
    let entries = &trail.entries[added.clone()];
    let told = entries.iter().map(|entry| entry.data.get().to_owned());
    let happened = history[added]
        .iter()
        .map(|event| serde_json::to_string(event).unwrap());
    verify_entries(&auditor(), trail.before, entries) == Ok(trail.chain.head()) && told.eq(happened)
}

impl Machine {
    /// The command of a step, or nothing if the step only changes what is around.
    fn command(&mut self, step: &Step) -> Option<Command> {
        let scenario = &mut self.scenario;
        match step {
            Step::Issue(command) => Some(command.clone()),
            Step::Speak { back, word } => {
                let last = scenario.payment().next_payout().0 - 1;
                let number = last.saturating_sub(u16::from(*back));
                Some(word.about(PayoutId(number)))
            }
            Step::Wait(tenths) => {
                if let Some(at) = scenario.payment().next_deadline() {
                    let span = (at - scenario.now).as_millis() * u64::from(*tenths) / 10;
                    scenario.now = scenario.now + Span::from_millis(span);
                }
                Some(Command::wake())
            }
            Step::Standing(is_open) => {
                scenario.standing = if *is_open {
                    open("1000")
                } else {
                    Standing::Closed
                };
                None
            }
        }
    }

    fn issue(&mut self, command: &Command) {
        let before = (
            self.scenario.state.clone(),
            self.scenario.payment().status(),
        );
        let taken = self.scenario.step(command);
        match &taken {
            Err(_) => assert_eq!(self.scenario.state, before.0, "a refusal changed the state"),
            Ok(decision) => assert!(!decision.events.is_empty()),
        }
        if matches!(before.1, Status::Released | Status::Refunded) {
            let status = self.scenario.payment().status();
            assert_eq!(status, before.1, "a final status was left");
        }
        if let (Intent::PayoutCompleted { payout, .. }, Ok(_)) = (&command.intent, &taken) {
            self.paid.insert(*payout);
        }
        self.refused_wake = command.intent == Intent::Wake && taken.is_err();
        self.trail.follow(&self.scenario.history);
    }
}

impl StateMachineTest for Machine {
    type SystemUnderTest = Self;
    type Reference = Ledger;

    fn init_test(ledger: &Ledger) -> Self {
        let mut scenario = Scenario::given(&[request()]);
        // A payout is given up soon, so that more of them are.
        scenario.policy.payout_attempts_max = 2;
        for command in ledger.words() {
            scenario.step(&command).unwrap();
        }
        let mut trail = Trail::new();
        trail.follow(&scenario.history);
        Self {
            scenario,
            paid: BTreeSet::new(),
            refused_wake: false,
            trail,
        }
    }

    fn apply(mut machine: Self, _: &Ledger, step: Step) -> Self {
        if let Some(command) = machine.command(&step) {
            machine.issue(&command);
        }
        machine
    }

    fn check_invariants(machine: &Self, ledger: &Ledger) {
        for (name, holds) in INVARIANTS {
            let history = &machine.scenario.history;
            assert!(holds(machine, ledger), "{name}: {history:#?}");
        }
    }

    /// The whole trail is valid, and one entry that was changed is named.
    fn teardown(machine: Self, _: Ledger) {
        let (trail, key) = (&machine.trail, auditor());
        let (mut export, head) = (trail.export(), trail.chain.signed_head());
        let whole = verify(&key, &export.join("\n"), Some(&head));
        assert_eq!(whole, Ok(trail.chain.head()));
        let middle = export.len() / 2;
        export[middle] = export[middle]
            .replace("KES", "UGX")
            .replace("\"at\":\"2", "\"at\":\"1");
        let bad = verify(&key, &export.join("\n"), Some(&head)).unwrap_err();
        assert_eq!((bad.seq, bad.fault), (middle as u64 + 1, Fault::Altered));
    }
}

/// Runs many cases; if one fails, prints the smallest like it and the line that repeats the run.
fn for_all<S: Strategy>(name: &str, cases: u32, strategy: &S, test: impl Fn(S::Value)) {
    let mut config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    config.cases = config.cases.max(cases);
    let seed = match config.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => RandomState::new().hash_one(()),
    };
    config.rng_seed = RngSeed::Fixed(seed);
    let result = TestRunner::new(config).run(strategy, |value| {
        test(value);
        Ok(())
    });
    if let Err(error) = result {
        let path = module_path!().trim_start_matches("amana_core::");
        panic!(
            "{error}\nto repeat: \
             PROPTEST_RNG_SEED={seed} cargo test -p amana-core --lib {path}::{name}"
        );
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(Ledger::transitions(&Ledger::default()), 1..20)
}

#[test]
fn money_is_conserved_and_finals_absorb() {
    let strategy = Ledger::sequential_strategy(1..60);
    let name = "money_is_conserved_and_finals_absorb";
    for_all(name, 2_000, &strategy, |(ledger, steps, seen)| {
        Machine::test_sequential(Config::default(), ledger, steps, seen);
    });
}

#[test]
fn deciding_twice_gives_the_same() {
    for_all("deciding_twice_gives_the_same", 1_000, &steps(), |steps| {
        let mut machine = Machine::init_test(&Ledger::default());
        for step in steps {
            if let Some(command) = machine.command(&step) {
                let scenario = &mut machine.scenario;
                assert_eq!(scenario.decide(&command), scenario.decide(&command));
                let _ = scenario.step(&command);
            }
        }
    });
}

#[test]
fn events_survive_json() {
    for_all("events_survive_json", 1_000, &steps(), |steps| {
        let mut machine = Machine::init_test(&Ledger::default());
        for step in steps {
            if let Some(command) = machine.command(&step) {
                let json = serde_json::to_string(&command).unwrap();
                assert_eq!(serde_json::from_str::<Command>(&json).unwrap(), command);
                let _ = machine.scenario.step(&command);
            }
        }
        for event in &machine.scenario.history {
            let json = serde_json::to_string(event).unwrap();
            assert_eq!(
                &serde_json::from_str::<Event>(&json).unwrap(),
                event,
                "{json}"
            );
        }
    });
}
