//! One escrow payment from request to its end, against a provider that tells the truth badly.
//!
//! After every command it is checked that what is held, released and refunded adds up, that no more
//! leaves than came, that a final state stays, and that nothing is released unless both parties
//! confirmed or a mediator ruled. At the end, that the history replays to the same state.

use amana_core::escrow::{
    Actor, Channel, Command, Context, Event, Intent, Payment, Policy, Purpose, Ruling, Standing,
    State, Status, Terms, decide, evolve, replay,
};
use amana_core::reference::TransactionId;
use amana_core::time::Span;
use amana_core::{Currency, Money, Timestamp};

use super::Violation;
use super::provider::Provider;
use crate::kernel::Random;

/// Commands after which a payment that does not end is left alone.
const COMMANDS_MAX: u32 = 200;

/// What stays the same for all lifecycles of a run.
#[derive(Debug)]
pub struct Setting {
    policy: Policy,
    terms: Terms,
}

impl Setting {
    /// The usual policy, one contract and its two parties.
    ///
    /// # Errors
    /// None in practice: what is read here is well-formed.
    pub fn new() -> Result<Self, Violation> {
        let wrong = |_| Violation("the setting is not well-formed".to_owned());
        let phone = |text: &str| text.parse().map_err(|_| Violation(text.to_owned()));
        let contract = "AG-2024-001234"
            .parse()
            .map_err(|_| Violation("the contract id".to_owned()))?;
        Ok(Self {
            policy: Policy::default(),
            terms: Terms {
                transaction_id: TransactionId::new(contract, 1),
                buyer: phone("+254712345678")?,
                seller: phone("+254723456789")?,
                amount: Money::from_minor(100_000, Currency::KES).map_err(wrong)?,
            },
        })
    }
}

/// How a lifecycle ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// The status; none if it was never requested.
    pub status: Option<Status>,
    /// How many commands it took.
    pub commands: u32,
}

struct Walk<'a> {
    setting: &'a Setting,
    terms: Terms,
    now: Timestamp,
    state: State,
    history: Vec<Event>,
    provider: Provider,
    cancelled: bool,
    /// Whether the seller confirmed, the buyer accepted, the mediator ruled.
    said: (bool, bool, bool),
    commands: u32,
}

/// Runs one lifecycle; everything in it is drawn from the generator.
///
/// # Errors
/// What must never be seen.
pub fn run(setting: &Setting, random: &mut Random) -> Result<Ended, Violation> {
    let shillings = i64::try_from(random.below(100_000) + 10).unwrap_or(10);
    let amount = Money::from_minor(shillings * 100, Currency::KES);
    let amount = amount.map_err(|_| Violation("the amount".to_owned()))?;
    let mut walk = Walk {
        setting,
        terms: Terms {
            amount,
            ..setting.terms
        },
        now: Timestamp::from_millis(1_772_793_000_000),
        state: State::Absent,
        history: Vec::new(),
        provider: Provider::new(),
        cancelled: false,
        said: (false, false, false),
        commands: 0,
    };
    let terms = walk.terms;
    walk.issue(random, &by(Actor::Operator, Intent::Request { terms }))?;
    while walk.commands < COMMANDS_MAX && walk.step(random)? {}
    walk.check_end()?;
    Ok(Ended {
        status: walk.state.payment().map(Payment::status),
        commands: walk.commands,
    })
}

const fn by(actor: Actor, intent: Intent) -> Command {
    Command {
        actor,
        channel: Channel::App,
        intent,
    }
}

impl Walk<'_> {
    /// A party does something, or the provider says its next thing. False when nothing is left.
    fn step(&mut self, random: &mut Random) -> Result<bool, Violation> {
        let held = self.status() == Some(Status::Locked);
        if held && random.below(3) > 0 {
            self.now = self.now + Span::from_mins(random.below(600));
            let command = self.party(random);
            self.issue(random, &command)?;
            return Ok(true);
        }
        let Some((at, command)) = self.provider.next() else {
            return Ok(false);
        };
        self.now = self.now.max(at);
        self.issue(random, &command)?;
        Ok(true)
    }

    fn status(&self) -> Option<Status> {
        self.state.payment().map(Payment::status)
    }

    fn party(&mut self, random: &mut Random) -> Command {
        let either = match random.below(2) {
            0 => Actor::Buyer,
            _ => Actor::Seller,
        };
        match random.below(16) {
            0..=4 => by(Actor::Seller, Intent::ConfirmDelivery { portion: None }),
            5..=9 => by(Actor::Buyer, Intent::Accept),
            10 => by(either, Intent::RequestRefund),
            11 => by(
                either,
                Intent::OpenDispute {
                    reason: "damaged".into(),
                },
            ),
            12 => by(either, Intent::WithdrawDispute),
            13 => by(
                Actor::Mediator,
                Intent::Rule {
                    ruling: self.ruling(random),
                },
            ),
            14 => by(Actor::Operator, Intent::RetryPayout),
            _ => {
                self.cancelled |= random.below(10) == 0;
                match self.cancelled {
                    true => by(Actor::Operator, Intent::CancelContract),
                    false => by(either, Intent::Accept),
                }
            }
        }
    }

    fn ruling(&self, random: &mut Random) -> Ruling {
        let half = Money::from_minor(self.terms.amount.minor() / 2, Currency::KES);
        match (random.below(3), half) {
            (0, _) | (_, Err(_)) => Ruling::Release,
            (1, _) => Ruling::Refund,
            (_, Ok(to_seller)) => Ruling::Split { to_seller },
        }
    }

    /// Lets the engine decide; a refusal changes nothing.
    fn issue(&mut self, random: &mut Random, command: &Command) -> Result<(), Violation> {
        self.commands += 1;
        let ctx = Context {
            now: self.now,
            policy: &self.setting.policy,
            standing: match self.cancelled {
                true => Standing::Closed,
                false => Standing::Open {
                    outstanding: self.terms.amount,
                },
            },
        };
        let Ok(decision) = decide(&ctx, &self.state, command) else {
            return Ok(());
        };
        let before = self.status();
        for event in decision.events {
            let state = std::mem::take(&mut self.state);
            self.state = evolve(state, &event)
                .map_err(|error| Violation(format!("an event does not follow: {error}")))?;
            self.history.push(event);
        }
        self.note(&command.intent);
        for effect in &decision.effects {
            self.provider.perform(random, self.now, &effect.kind)?;
        }
        self.check(before)
    }

    const fn note(&mut self, intent: &Intent) {
        match intent {
            Intent::ConfirmDelivery { .. } => self.said.0 = true,
            Intent::Accept => self.said.1 = true,
            Intent::Rule { .. } => self.said.2 = true,
            _ => {}
        }
    }

    fn check(&self, before: Option<Status>) -> Result<(), Violation> {
        let violated = |what: &str| Err(Violation(what.to_owned()));
        let Some(payment) = self.state.payment() else {
            return Ok(());
        };
        if let Some(hold) = payment.phase.hold() {
            let sum = hold.held.minor() + hold.released.minor() + hold.refunded.minor();
            if sum != self.terms.amount.minor() || hold.held.minor() < 0 {
                return violated("what is held does not add up");
            }
        }
        let status = payment.status();
        let is_final = |status| matches!(status, Status::Released | Status::Refunded);
        if before.is_some_and(|before| is_final(before) && before != status) {
            return violated("a final state was left");
        }
        let (delivered, accepted, ruled) = self.said;
        if status == Status::Released && !(delivered && accepted) && !ruled {
            return violated("released without both confirmations");
        }
        let all = [Purpose::Release, Purpose::Refund, Purpose::Return];
        if self.provider.paid(&all, self.now) > self.provider.collected(self.now) {
            return violated("more left than came");
        }
        Ok(())
    }

    fn check_end(&self) -> Result<(), Violation> {
        match replay(&self.history) {
            Ok(replayed) if replayed == self.state => {}
            Ok(_) | Err(_) => return Err(Violation("the history replays otherwise".to_owned())),
        }
        let Some(hold) = self.state.payment().and_then(|p| p.phase.hold()) else {
            return Ok(());
        };
        // What the engine believes to be paid has really been paid, and nothing else.
        let believed = (hold.released.minor(), hold.refunded.minor());
        let far = Timestamp::MAX;
        let paid = (
            self.provider.paid(&[Purpose::Release], far),
            self.provider.paid(&[Purpose::Refund], far),
        );
        if believed.0 > paid.0 || believed.1 > paid.1 {
            return Err(Violation(format!(
                "believed paid {believed:?}, paid {paid:?}"
            )));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn ten_thousand_lifecycles_hold_and_end_in_every_way() {
        let setting = Setting::new().unwrap();
        let mut ends = BTreeMap::new();
        for seed in 0..20 {
            let mut random = Random::at(seed, 0);
            for number in 0..500 {
                let ended = run(&setting, &mut random);
                let ended = ended.unwrap_or_else(|violation| {
                    panic!("seed {seed}, lifecycle {number}: {violation}")
                });
                *ends.entry(ended.status.map(Status::name)).or_insert(0) += 1;
            }
        }
        for status in Status::ALL {
            assert!(ends.contains_key(&Some(status.name())) || status == Status::Pending);
        }
        assert!(ends[&Some("released")] > 2_000, "{ends:?}");
    }

    #[test]
    fn a_seed_repeats() {
        let setting = Setting::new().unwrap();
        let ends = |seed| {
            let mut random = Random::at(seed, 0);
            (0..50)
                .map(|_| run(&setting, &mut random).unwrap())
                .collect::<Vec<_>>()
        };
        assert_eq!(ends(7), ends(7));
        assert_ne!(ends(7), ends(8));
    }
}
