//! All rules, and no change: one function per kind of command.

mod collection;
mod confirmation;
mod dispute;
mod payout;
mod plan;
mod wake;

use super::command::{Command, Intent};
use super::effect::Effect;
use super::event::Event;
use super::policy::Policy;
use super::rejection::Rejection;
use super::state::{Hold, Payment, Phase, State, Status};
use crate::money::Money;
use crate::tagged::tagged;
use crate::time::Timestamp;
use arrayvec::ArrayVec;
use plan::Plan;
use serde::Serialize;

/// What a decision rests on besides the state and the command.
///
/// ```
/// use amana_core::escrow::{Context, Policy, Standing};
/// let policy = Policy::default();
/// let now = amana_core::Timestamp::from_millis(1_772_793_000_000);
/// let ctx = Context { now, policy: &policy, standing: Standing::Closed };
/// assert_eq!(ctx.policy.checkout_expiry_ms, amana_core::time::Span::from_mins(5));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The present instant.
    pub now: Timestamp,
    /// The numbers of the rules.
    pub policy: &'a Policy,
    /// What the contract still wants.
    pub standing: Standing,
}

tagged! {
    /// What the contract of a payment still wants.
    ///
    /// ```
    /// use amana_core::escrow::Standing;
    /// let open = r#"{"type":"open","outstanding":{"amount":"100.00","currency":"KES"}}"#;
    /// let standing: Standing = serde_json::from_str(open)?;
    /// assert_eq!(serde_json::to_string(&standing)?, open);
    /// assert_eq!(serde_json::from_str::<Standing>(r#"{"type":"closed"}"#)?, Standing::Closed);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Standing as "Standing", #[serde(deny_unknown_fields)] {
        /// It is open, and this much is neither held nor paid by any other payment.
        Open {
            /// What it still needs.
            outstanding: Money,
        },
        /// It is cancelled, completed or expired.
        Closed,
    }
}

impl Standing {
    /// Whether the contract wants this much.
    ///
    /// ```
    /// # use amana_core::escrow::*;
    /// # let terms: Terms = serde_json::from_str(
    /// #     r#"{"transaction_id":"TXN-AG-1-001","buyer":"+254712345678","seller":"+254723456789",
    /// #         "amount":{"amount":"1000.00","currency":"KES"}}"#,
    /// # )?;
    /// # let (policy, now) = (Policy::default(), amana_core::Timestamp::from_millis(1_772_793_000_000));
    /// # let standing = Standing::Open { outstanding: terms.amount };
    /// # let ctx = Context { now, policy: &policy, standing };
    /// # let apply = |state: State, actor, intent| -> Result<State, Box<dyn std::error::Error>> {
    /// #     let decision = decide(&ctx, &state, &Command { actor, channel: Channel::Api, intent })?;
    /// #     Ok(decision.events.iter().try_fold(state, evolve)?)
    /// # };
    /// # let state = apply(State::Absent, Actor::Operator, Intent::Request { terms })?;
    /// assert!(standing.wants(terms.amount));
    /// assert!(!Standing::Closed.wants(terms.amount));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn wants(self, amount: Money) -> bool {
        match self {
            Self::Open { outstanding } => amount
                .compare(outstanding)
                .is_ok_and(std::cmp::Ordering::is_le),
            Self::Closed => false,
        }
    }
}

/// What follows from a command.
///
/// ```
/// # use amana_core::escrow::*;
/// # let terms: Terms = serde_json::from_str(
/// #     r#"{"transaction_id":"TXN-AG-1-001","buyer":"+254712345678","seller":"+254723456789",
/// #         "amount":{"amount":"1000.00","currency":"KES"}}"#,
/// # )?;
/// # let (policy, now) = (Policy::default(), amana_core::Timestamp::from_millis(1_772_793_000_000));
/// # let standing = Standing::Open { outstanding: terms.amount };
/// # let ctx = Context { now, policy: &policy, standing };
/// # let apply = |state: State, actor, intent| -> Result<State, Box<dyn std::error::Error>> {
/// #     let decision = decide(&ctx, &state, &Command { actor, channel: Channel::Api, intent })?;
/// #     Ok(decision.events.iter().try_fold(state, evolve)?)
/// # };
/// # let state = apply(State::Absent, Actor::Operator, Intent::Request { terms })?;
/// # let ask = Command { actor: Actor::Operator, channel: Channel::Api, intent: Intent::Request { terms } };
/// # let decision = decide(&ctx, &State::Absent, &ask)?;
/// assert_eq!(decision.events[0].kind.name(), "requested");
/// assert!(!decision.effects.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Decision {
    /// What has happened; never empty, at most [`Self::EVENTS_MAX`].
    pub events: ArrayVec<Event, { Self::EVENTS_MAX }>,
    /// What the host has to do.
    pub effects: ArrayVec<Effect, { Self::EFFECTS_MAX }>,
}

impl Decision {
    /// The most events that one command can cause.
    ///
    /// ```
    /// use amana_core::escrow::Decision;
    /// assert_eq!(Decision::EVENTS_MAX, 6);
    /// ```
    pub const EVENTS_MAX: usize = 6;
    /// The most effects that one command can cause.
    ///
    /// ```
    /// use amana_core::escrow::Decision;
    /// assert_eq!(Decision::EFFECTS_MAX, 12);
    /// ```
    pub const EFFECTS_MAX: usize = 12;
}

/// What follows from a command on this state: events and effects, or a refusal. Changes nothing.
///
/// Total: every combination of state, command and actor has an answer. The same arguments always
/// give the same answer, down to the ids of the effects.
///
/// ```
/// use amana_core::escrow::{Command, Context, Policy, Rejection, Standing, State, decide};
/// let policy = Policy::default();
/// let now = amana_core::Timestamp::from_millis(0);
/// let ctx = Context { now, policy: &policy, standing: Standing::Closed };
/// assert_eq!(decide(&ctx, &State::Absent, &Command::wake()), Err(Rejection::NotRequested));
/// ```
///
/// # Errors
/// [`Rejection`]; if several apply, the first in its order.
pub fn decide(ctx: &Context<'_>, state: &State, command: &Command) -> Result<Decision, Rejection> {
    let intent = command.intent.kind();
    if !intent.actors().contains(&command.actor) {
        return Err(Rejection::NotPermitted {
            actor: command.actor,
            intent,
        });
    }
    let payment = match (state, &command.intent) {
        (State::Absent, Intent::Request { terms }) => return collection::request(ctx, terms),
        (State::Present(_), Intent::Request { .. }) => return Err(Rejection::AlreadyRequested),
        (State::Absent, _) => return Err(Rejection::NotRequested),
        (State::Present(payment), _) => payment,
    };
    let mut plan = Plan::new(ctx, payment);
    match &command.intent {
        Intent::Request { .. } => return Err(Rejection::AlreadyRequested),
        Intent::ConfirmDelivery { portion } => {
            confirmation::confirm_delivery(&mut plan, command.channel, *portion)?;
        }
        Intent::Accept => confirmation::accept(&mut plan, command.channel)?,
        Intent::RequestRefund => {
            confirmation::request_refund(&mut plan, command.actor, command.channel)?;
        }
        Intent::CancelContract => confirmation::cancel_contract(&mut plan)?,
        Intent::OpenDispute { reason } => dispute::open(&mut plan, command.actor, reason)?,
        Intent::WithdrawDispute => dispute::withdraw(&mut plan, command.actor)?,
        Intent::Rule { ruling } => dispute::rule(&mut plan, *ruling)?,
        Intent::CollectionAcknowledged { provider_reference } => {
            collection::acknowledged(&mut plan, *provider_reference);
        }
        Intent::CollectionPending => collection::pending(&mut plan),
        Intent::CollectionDeclined { reason } => collection::declined(&mut plan, *reason),
        Intent::FundsReceived { receipt, amount } => {
            collection::funds_received(&mut plan, *receipt, *amount)?;
        }
        Intent::CollectionReversed { receipt } => collection::reversed(&mut plan, *receipt)?,
        Intent::PayoutAcknowledged {
            payout,
            provider_reference,
        } => {
            payout::acknowledged(&mut plan, *payout, *provider_reference)?;
        }
        Intent::PayoutPending { payout } => payout::pending(&mut plan, *payout)?,
        Intent::PayoutUnknown { payout } => payout::unknown(&mut plan, *payout)?,
        Intent::PayoutCompleted { payout, receipt } => {
            payout::completed(&mut plan, *payout, *receipt)?;
        }
        Intent::PayoutDeclined { payout } => payout::declined(&mut plan, *payout)?,
        Intent::RetryPayout => payout::retry(&mut plan)?,
        Intent::Wake => wake::wake(&mut plan)?,
    }
    Ok(plan.into_decision())
}

/// The hold that a party's command needs: the money is locked and no payout is under way.
fn locked(payment: &Payment) -> Result<&Hold, Rejection> {
    match &payment.phase {
        Phase::Locked(hold) => Ok(hold),
        Phase::Releasing(_, payout) | Phase::Refunding(_, payout) => {
            Err(Rejection::PayoutInFlight { payout: *payout })
        }
        Phase::Pending(_) => Err(Rejection::NotLocked {
            status: Status::Pending,
        }),
        Phase::Released(_) | Phase::Refunded(_) | Phase::Failed(_) => Err(Rejection::Final {
            status: payment.status(),
        }),
    }
}
