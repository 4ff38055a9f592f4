mod bounds;
mod effects;
mod histories;
mod late_events;
mod lifecycle;
mod model;
mod properties;
mod retries;
mod walk;
mod words;

use super::*;
use crate::money::{Currency, Money};
use crate::party::Party;
use crate::reference::{Receipt, TransactionId};
use crate::time::{Span, Timestamp};

const START: Timestamp = Timestamp::from_millis(1_772_793_000_000);

fn kes(text: &str) -> Money {
    Money::parse(text, Currency::KES).unwrap()
}

fn receipt(text: &str) -> Receipt {
    text.parse().unwrap()
}

fn transaction_id() -> TransactionId {
    TransactionId::new("AG-2024-001234".parse().unwrap(), 1)
}

fn terms() -> Terms {
    Terms {
        transaction_id: transaction_id(),
        buyer: "+254712345678".parse().unwrap(),
        seller: "+254723456789".parse().unwrap(),
        amount: kes("1000"),
    }
}

fn open(outstanding: &str) -> Standing {
    Standing::Open {
        outstanding: kes(outstanding),
    }
}

fn by(actor: Actor, intent: Intent) -> Command {
    Command {
        actor,
        channel: Channel::Sms,
        intent,
    }
}

fn request() -> Command {
    by(Actor::Operator, Intent::Request { terms: terms() })
}

fn funds(text: &str, amount: &str) -> Command {
    Command::provider(Intent::FundsReceived {
        receipt: receipt(text),
        amount: kes(amount),
    })
}

fn delivered() -> Command {
    by(Actor::Seller, Intent::ConfirmDelivery { portion: None })
}

fn accepted() -> Command {
    by(Actor::Buyer, Intent::Accept)
}

fn disputed(actor: Actor) -> Command {
    by(
        actor,
        Intent::OpenDispute {
            reason: "broken bags".into(),
        },
    )
}

fn ruled(ruling: Ruling) -> Command {
    by(Actor::Mediator, Intent::Rule { ruling })
}

fn payout_completed(number: u16, text: &str) -> Command {
    Command::provider(Intent::PayoutCompleted {
        payout: PayoutId(number),
        receipt: receipt(text),
    })
}

fn payout_declined(number: u16) -> Command {
    Command::provider(Intent::PayoutDeclined {
        payout: PayoutId(number),
    })
}

/// A payment under test: given a history of commands, when one more comes, then this follows.
#[derive(Debug, Clone)]
struct Scenario {
    state: State,
    history: Vec<Event>,
    effects: Vec<Effect>,
    now: Timestamp,
    standing: Standing,
    policy: Policy,
}

impl Scenario {
    fn new() -> Self {
        Self {
            state: State::Absent,
            history: Vec::new(),
            effects: Vec::new(),
            now: START,
            standing: open("1000"),
            policy: Policy::default(),
        }
    }

    fn given(commands: &[Command]) -> Self {
        let mut scenario = Self::new();
        for command in commands {
            scenario.step(command).unwrap();
        }
        scenario
    }

    /// A payment of KES 1,000 that is locked.
    fn locked() -> Self {
        Self::given(&[request(), funds("R1", "1000")])
    }

    fn decide(&self, command: &Command) -> Result<Decision, Rejection> {
        let ctx = Context {
            now: self.now,
            policy: &self.policy,
            standing: self.standing,
        };
        decide(&ctx, &self.state, command)
    }

    fn step(&mut self, command: &Command) -> Result<Decision, Rejection> {
        let decision = self.decide(command)?;
        for event in &decision.events {
            self.state = evolve(std::mem::take(&mut self.state), event).unwrap();
        }
        self.history.extend(decision.events.iter().cloned());
        self.effects.extend(decision.effects.iter().copied());
        Ok(decision)
    }

    #[track_caller]
    fn when(mut self, command: &Command) -> Self {
        self.step(command).unwrap();
        self
    }

    fn later(mut self, span: Span) -> Self {
        self.now = self.now + span;
        self
    }

    /// Lets time pass until the next deadline and wakes the payment.
    #[track_caller]
    fn at_deadline(mut self) -> Self {
        self.now = self.payment().next_deadline().unwrap().max(self.now);
        self.when(&Command::wake())
    }

    #[track_caller]
    fn payment(&self) -> &Payment {
        self.state.payment().unwrap()
    }

    #[track_caller]
    fn view(&self) -> PaymentView {
        self.payment().view()
    }

    #[track_caller]
    fn then_phase(self, phase: &str) -> Self {
        assert_eq!(self.payment().phase.name(), phase);
        self
    }

    /// What the last event was.
    #[track_caller]
    fn then_last(self, name: &str) -> Self {
        assert_eq!(self.history.last().unwrap().kind.name(), name);
        self
    }

    #[track_caller]
    fn then_rejected(self, command: &Command, rejection: Rejection) -> Self {
        assert_eq!(self.decide(command).unwrap_err(), rejection);
        self
    }

    fn payouts_requested(&self) -> Vec<(Purpose, Money)> {
        let request = |effect: &Effect| match effect.kind {
            EffectKind::RequestPayout {
                purpose, amount, ..
            } => Some((purpose, amount)),
            _ => None,
        };
        self.effects.iter().filter_map(request).collect()
    }

    fn has_effect(&self, wanted: impl Fn(&EffectKind) -> bool) -> bool {
        self.effects.iter().any(|effect| wanted(&effect.kind))
    }
}
