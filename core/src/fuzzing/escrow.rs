//! Escrow: commands as JSON, and random histories against a ledger.

use std::collections::{BTreeMap, BTreeSet};

use super::{Saw, survives_json};
use crate::error::Coded;
use crate::escrow::{
    Actor, Alarm, Channel, Command, Context, Decision, EffectId, EffectKind, Event, EventKind,
    FailureReason, Intent, IntentKind, PayoutId, Policy, Purpose, Ruling, Standing, State, Status,
    Terms, decide, evolve, replay,
};
use crate::money::{Currency, Money};
use crate::reference::{Receipt, TransactionId};
use crate::time::{Span, Timestamp};

const START: Timestamp = Timestamp::from_millis(1_772_793_000_000);
/// Commands of one history.
const STEPS_MAX: usize = 60;

/// A command as JSON, issued before the request, after it, and when the money is held.
pub fn escrow_command(input: &[u8], saw: Saw<'_>) {
    let Ok(command) = serde_json::from_slice::<Command>(input) else {
        return saw("no command");
    };
    survives_json(&command);
    let Some(mut host) = Host::new() else { return };
    for kind in [IntentKind::Request, IntentKind::FundsReceived] {
        saw(&host.clone().issue(&command));
        let step = Step {
            kind,
            which: 0,
            how_much: 0,
        };
        let intent = step.intent(&host.terms);
        let Some(intent) = intent else { return };
        host.issue(&by(step.actor(), intent));
    }
    saw(&host.issue(&command));
}

/// A history, three bytes a step: what is issued, for which payout or receipt, and for how much.
pub fn escrow_history(input: &[u8], saw: Saw<'_>) {
    let Some(mut host) = Host::new() else { return };
    for bytes in input.chunks_exact(3).take(STEPS_MAX) {
        let [what, which, how_much] = *bytes else {
            return;
        };
        if what == u8::MAX {
            host.toggle_contract();
            continue;
        }
        let kinds = IntentKind::ALL;
        let step = Step {
            kind: kinds[usize::from(what) % kinds.len()],
            which,
            how_much,
        };
        if step.kind == IntentKind::Wake {
            host.wait(how_much);
        }
        let Some(intent) = step.intent(&host.terms) else {
            return;
        };
        // The upper part of the range is for whoever may not.
        let actor = match what {
            0..=219 => step.actor(),
            _ => Actor::ALL[usize::from(which) % Actor::ALL.len()],
        };
        saw(&host.issue(&by(actor, intent)));
    }
    assert_eq!(replay(&host.history).as_ref(), Ok(&host.state));
}

fn by(actor: Actor, intent: Intent) -> Command {
    Command {
        actor,
        channel: Channel::Api,
        intent,
    }
}

/// A step of a history, not yet spelled out.
#[derive(Clone, Copy)]
struct Step {
    kind: IntentKind,
    which: u8,
    how_much: u8,
}

impl Step {
    fn actor(self) -> Actor {
        let actors = self.kind.actors();
        actors[usize::from(self.which) % actors.len()]
    }

    fn receipt(self) -> Option<Receipt> {
        format!("R{}", self.which % 5).parse().ok()
    }

    fn payout(self) -> PayoutId {
        PayoutId(u16::from(self.which % 6) + 1)
    }

    fn amount(self, asked: Money) -> Option<Money> {
        let minor = i64::from(self.how_much);
        let kes = |minor| Money::from_minor(minor, Currency::KES).ok();
        match self.how_much {
            0..=99 => Some(asked),
            100..=149 => kes(minor * 1_000),
            150..=199 => kes(minor - 175),
            200..=239 => Money::from_minor(minor, Currency::USD).ok(),
            _ => kes(Money::MINOR_MAX),
        }
    }

    fn intent(self, terms: &Terms) -> Option<Intent> {
        let (receipt, payout) = (self.receipt()?, self.payout());
        let amount = self.amount(terms.amount)?;
        let provider_reference = "ATPid_1".parse().ok()?;
        Some(match self.kind {
            IntentKind::Request => Intent::Request { terms: *terms },
            IntentKind::ConfirmDelivery => Intent::ConfirmDelivery {
                portion: (self.how_much > 99).then_some(amount),
            },
            IntentKind::Accept => Intent::Accept,
            IntentKind::RequestRefund => Intent::RequestRefund,
            IntentKind::OpenDispute => Intent::OpenDispute {
                reason: "late".into(),
            },
            IntentKind::WithdrawDispute => Intent::WithdrawDispute,
            IntentKind::Rule => Intent::Rule {
                ruling: match self.which % 3 {
                    0 => Ruling::Release,
                    1 => Ruling::Refund,
                    _ => Ruling::Split { to_seller: amount },
                },
            },
            IntentKind::CancelContract => Intent::CancelContract,
            IntentKind::RetryPayout => Intent::RetryPayout,
            IntentKind::CollectionAcknowledged => {
                Intent::CollectionAcknowledged { provider_reference }
            }
            IntentKind::CollectionPending => Intent::CollectionPending,
            IntentKind::CollectionDeclined => Intent::CollectionDeclined {
                reason: FailureReason::ALL[usize::from(self.which) % FailureReason::ALL.len()],
            },
            IntentKind::FundsReceived => Intent::FundsReceived { receipt, amount },
            IntentKind::CollectionReversed => Intent::CollectionReversed { receipt },
            IntentKind::PayoutAcknowledged => Intent::PayoutAcknowledged {
                payout,
                provider_reference,
            },
            IntentKind::PayoutPending => Intent::PayoutPending { payout },
            IntentKind::PayoutUnknown => Intent::PayoutUnknown { payout },
            IntentKind::PayoutCompleted => Intent::PayoutCompleted { payout, receipt },
            IntentKind::PayoutDeclined => Intent::PayoutDeclined { payout },
            IntentKind::Wake => Intent::Wake,
        })
    }
}

/// A host of one payment that keeps its own books.
#[derive(Clone)]
struct Host {
    state: State,
    history: Vec<Event>,
    now: Timestamp,
    is_open: bool,
    terms: Terms,
    books: Books,
}

impl Host {
    fn new() -> Option<Self> {
        Some(Self {
            state: State::Absent,
            history: Vec::new(),
            now: START,
            is_open: true,
            terms: Terms {
                transaction_id: TransactionId::new("AG-2024-001234".parse().ok()?, 1),
                buyer: "+254712345678".parse().ok()?,
                seller: "+254723456789".parse().ok()?,
                amount: Money::parse("1000", Currency::KES).ok()?,
            },
            books: Books::default(),
        })
    }

    fn toggle_contract(&mut self) {
        self.is_open = !self.is_open;
    }

    /// Lets this many parts of 200 pass until the next deadline.
    fn wait(&mut self, parts: u8) {
        if let Some(at) = self.state.payment().and_then(|p| p.next_deadline()) {
            let millis = (at - self.now).as_millis().saturating_mul(u64::from(parts));
            self.now = self.now + Span::from_millis(millis / 200);
        }
    }

    /// Issues a command, checks every promise, and says what happened.
    fn issue(&mut self, command: &Command) -> String {
        let policy = Policy::default();
        let outstanding = self.terms.amount;
        let ctx = Context {
            now: self.now,
            policy: &policy,
            standing: match self.is_open {
                true => Standing::Open { outstanding },
                false => Standing::Closed,
            },
        };
        let before = self.status();
        let name = command.intent.kind().name();
        let answer = decide(&ctx, &self.state, command);
        assert_eq!(answer, decide(&ctx, &self.state, command));
        let decision = match answer {
            Ok(decision) => decision,
            Err(rejection) => return format!("{before:?} {name} {}", rejection.code()),
        };
        assert!(!decision.events.is_empty(), "{command:?} without events");
        for event in &decision.events {
            survives_json(event);
            let next = evolve(self.state.clone(), event);
            assert!(next.is_ok(), "{event:?} after {:?}", self.history);
            self.state = next.unwrap_or_default();
            self.history.push(event.clone());
        }
        self.books.book(command, &decision);
        self.check(before);
        let what = decision.events.iter().map(|event| event.kind.name());
        format!("{before:?} {name} {}", what.collect::<Vec<_>>().join(" "))
    }

    fn status(&self) -> Option<Status> {
        self.state.payment().map(|payment| payment.status())
    }

    fn check(&self, before: Option<Status>) {
        if let Some(Status::Released | Status::Refunded) = before {
            assert_eq!(self.status(), before, "a final status was left");
        }
        let Some(payment) = self.state.payment() else {
            return;
        };
        let view = payment.view();
        let parts = [view.held, view.released, view.refunded].map(Money::minor);
        assert!(parts.iter().all(|&part| part >= 0), "{parts:?}");
        if self.books.locked && view.status != Status::Failed {
            let all = parts.iter().sum::<i64>();
            assert_eq!(all, view.amount.minor(), "{:#?}", self.history);
        }
        if matches!(view.status, Status::Released | Status::Refunded) {
            assert!(view.held.is_zero(), "{:#?}", self.history);
        }
        self.books.check(view.amount, &self.history);
    }
}

/// What the outside world has seen of the money.
#[derive(Debug, Clone, Default)]
struct Books {
    received: BTreeMap<Receipt, Money>,
    requested: BTreeMap<PayoutId, Money>,
    paid: BTreeSet<PayoutId>,
    /// Payouts of money that was never held; a second try is not counted again.
    returned: Vec<Money>,
    effects: BTreeSet<EffectId>,
    locked: bool,
    double_payout: bool,
}

impl Books {
    fn book(&mut self, command: &Command, decision: &Decision) {
        match command.intent {
            Intent::FundsReceived { receipt, amount } => {
                self.received.entry(receipt).or_insert(amount);
            }
            Intent::PayoutCompleted { payout, .. } => {
                self.paid.insert(payout);
            }
            _ => {}
        }
        for effect in &decision.effects {
            assert!(self.effects.insert(effect.id), "{} twice", effect.id);
            match effect.kind {
                EffectKind::RequestPayout { payout, amount, .. } => {
                    let before = self.requested.insert(payout, amount);
                    assert_eq!(before, None, "payout {payout} was requested twice");
                }
                EffectKind::RaiseAlarm {
                    alarm: Alarm::DoublePayout { .. },
                } => self.double_payout = true,
                _ => {}
            }
        }
        for event in &decision.events {
            match event.kind {
                EventKind::Locked { .. } => self.locked = true,
                EventKind::PayoutStarted {
                    purpose: Purpose::Return,
                    amount,
                    retry_of: None,
                    ..
                } => self.returned.push(amount),
                _ => {}
            }
        }
    }

    /// In every currency: what came in is held for the seller or was sent back, and no more was
    /// paid than came in.
    fn check(&self, asked: Money, history: &[Event]) {
        for &currency in Currency::ALL {
            let sum = |amounts: &mut dyn Iterator<Item = &Money>| -> i64 {
                let same = amounts.filter(|amount| amount.currency() == currency);
                same.map(|amount| amount.minor()).sum()
            };
            let received = sum(&mut self.received.values());
            let kept = match self.locked && asked.currency() == currency {
                true => asked.minor(),
                false => 0,
            };
            let returned = sum(&mut self.returned.iter());
            assert_eq!(received, kept + returned, "{currency}: {history:#?}");
            let paid = self.paid.iter().filter_map(|id| self.requested.get(id));
            let paid = sum(&mut paid.into_iter());
            assert!(
                paid <= received || self.double_payout,
                "{currency}: {history:#?}"
            );
        }
    }
}
