//! The escrow machine: transitions, refusals, and the replay of a long history.

use std::hint::black_box;

use amana_core::escrow::{
    Actor, Channel, Command, Context, Event, Intent, PayoutId, Policy, Standing, State, Terms,
    decide, evolve, replay,
};
use amana_core::reference::{Receipt, TransactionId};
use amana_core::{Currency, Money, Timestamp};
use anyhow::{Result, anyhow};

use super::rate::best_of_both;
use crate::bench::measurement::Measurement;
use crate::workspace::Workspace;

/// A payment from request to release: five commands, ten transitions.
struct Lifecycle {
    policy: Policy,
    standing: Standing,
    commands: [Command; 6],
}

impl Lifecycle {
    fn new() -> Result<Self> {
        let amount = Money::parse("1000", Currency::KES)?;
        let contract = "AG-2024-001234".parse()?;
        let terms = Terms {
            transaction_id: TransactionId::new(contract, 1),
            buyer: "+254712345678".parse()?,
            seller: "+254723456789".parse()?,
            amount,
        };
        let by = |actor, intent| Command {
            actor,
            channel: Channel::App,
            intent,
        };
        let receipt: Receipt = "R1".parse()?;
        let provider_reference = "ATPid_1".parse()?;
        let payout = PayoutId(1);
        Ok(Self {
            policy: Policy::default(),
            standing: Standing::Open {
                outstanding: amount,
            },
            commands: [
                by(Actor::Operator, Intent::Request { terms }),
                by(
                    Actor::Provider,
                    Intent::CollectionAcknowledged { provider_reference },
                ),
                by(Actor::Provider, Intent::FundsReceived { receipt, amount }),
                by(Actor::Seller, Intent::ConfirmDelivery { portion: None }),
                by(Actor::Buyer, Intent::Accept),
                by(Actor::Provider, Intent::PayoutCompleted { payout, receipt }),
            ],
        })
    }

    fn context(&self) -> Context<'_> {
        Context {
            now: Timestamp::from_millis(1_772_793_000_000),
            policy: &self.policy,
            standing: self.standing,
        }
    }

    /// Runs it once, and says how many transitions that were.
    fn run(&self, mut visit: impl FnMut(&Event)) -> u32 {
        let ctx = self.context();
        let mut state = State::Absent;
        let mut transitions = 0;
        for command in &self.commands {
            let Ok(decision) = decide(&ctx, &state, black_box(command)) else {
                continue;
            };
            for event in &decision.events {
                visit(event);
                transitions += 1;
                let Ok(next) = evolve(state, event) else {
                    return transitions;
                };
                state = next;
            }
        }
        black_box(&state);
        transitions
    }
}

/// The floor: the same number of steps of a machine without any rule.
#[derive(Clone, Copy)]
enum Bare {
    Pending(i64),
    Locked(i64),
    Released(i64),
}

fn bare(state: Bare) -> Bare {
    match state {
        Bare::Pending(amount) => Bare::Locked(amount),
        Bare::Locked(amount) => Bare::Released(amount),
        Bare::Released(amount) => Bare::Pending(amount),
    }
}

/// Decide and evolve, in transitions per second, beside a machine without rules.
#[expect(clippy::float_arithmetic, reason = "a measurement is no money")]
pub fn transitions(_: &Workspace) -> Result<Measurement> {
    let lifecycle = Lifecycle::new()?;
    let each = lifecycle.run(|_| {});
    let (ours, peer) = best_of_both(
        || {
            black_box(lifecycle.run(|_| {}));
        },
        || {
            let mut state = Bare::Pending(100_000);
            for _ in 0..each {
                state = bare(black_box(state));
            }
            black_box(state);
        },
    );
    let each = f64::from(each);
    Ok(Measurement {
        value: ours * each,
        unit: "transitions/s",
        peer: Some(("a bare enum", peer * each)),
    })
}

/// Refusals per second: a confirmation by the wrong party, beside an acceptance that is taken.
pub fn refusals(_: &Workspace) -> Result<Measurement> {
    let lifecycle = Lifecycle::new()?;
    let mut history = Vec::new();
    lifecycle.run(|event| history.push(event.clone()));
    let locked = replay(&history[..3])?;
    let ctx = lifecycle.context();
    let accept = &lifecycle.commands[4];
    let forged = Command {
        actor: Actor::Seller,
        ..accept.clone()
    };
    let (ours, peer) = best_of_both(
        || {
            let _ = black_box(decide(&ctx, &locked, black_box(&forged)));
        },
        || {
            let _ = black_box(decide(&ctx, &locked, black_box(accept)));
        },
    );
    Ok(Measurement {
        value: ours,
        unit: "refusals/s",
        peer: Some(("taken commands", peer)),
    })
}

/// Replaying a million events, in milliseconds.
#[expect(clippy::float_arithmetic, reason = "a measurement is no money")]
pub fn replay_million(_: &Workspace) -> Result<Measurement> {
    const EVENTS: usize = 1_000_000;
    let lifecycle = Lifecycle::new()?;
    let mut history = Vec::new();
    lifecycle.run(|event| history.push(event.clone()));
    let times = EVENTS.div_ceil(history.len());
    let start = std::time::Instant::now();
    for _ in 0..times {
        let state = replay(black_box(&history)).map_err(|error| anyhow!("{error}"))?;
        black_box(state);
    }
    let ours = start.elapsed().as_secs_f64() * 1_000.0;
    let start = std::time::Instant::now();
    for _ in 0..times {
        black_box(black_box(&history).clone());
    }
    let peer = start.elapsed().as_secs_f64() * 1_000.0;
    Ok(Measurement {
        value: ours,
        unit: "ms",
        peer: Some(("cloning the events", peer)),
    })
}
