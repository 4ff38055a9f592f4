use std::fmt;

use serde::{Serialize, Serializer};

use super::state::{PayoutId, Purpose};
use crate::money::Money;
use crate::party::{Msisdn, Party};
use crate::reference::{ProviderReference, TransactionId};
use crate::time::Timestamp;

/// Something the host has to do.
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
/// // Asking for the money is the first thing the host has to do.
/// let effect: &Effect = &decision.effects[0];
/// assert_eq!(effect.id.to_string(), "TXN-AG-1-001/1.0");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// Identifies it for ever; the idempotency key towards whoever carries it out.
    pub id: EffectId,
    /// What to do.
    #[serde(flatten)]
    pub kind: EffectKind,
}

/// The id of an effect, derived from the payment and the event that caused it.
///
/// Deciding the same command on the same state gives the same ids; no two effects of a payment's
/// history share one.
///
/// ```
/// use amana_core::escrow::EffectId;
/// let id = EffectId { transaction_id: "TXN-AG-1-001".parse()?, version: 7, index: 0 };
/// assert_eq!(id.to_string(), "TXN-AG-1-001/7.0");
/// # Ok::<(), amana_core::reference::ReferenceError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EffectId {
    /// The payment.
    pub transaction_id: TransactionId,
    /// The version of the payment after the event that caused it.
    pub version: u32,
    /// Its place among the effects of one decision.
    pub index: u8,
}

impl fmt::Display for EffectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}.{}", self.transaction_id, self.version, self.index)
    }
}

impl Serialize for EffectId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What the host has to do, and what it answers with.
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
/// let EffectKind::RequestCollection { payer, amount } = decision.effects[0].kind else {
///     return Err("the buyer is asked first".into());
/// };
/// assert_eq!((payer, amount), (terms.buyer, terms.amount));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EffectKind {
    /// Ask the buyer for the money. Answer: `CollectionAcknowledged`, or `CollectionDeclined` if
    /// the provider refuses; nothing at all if its answer is not known.
    RequestCollection {
        /// Whom to ask.
        payer: Msisdn,
        /// For how much.
        amount: Money,
    },
    /// Ask the provider how the collection stands. Answer: `FundsReceived`, `CollectionDeclined`
    /// or `CollectionPending`.
    QueryCollection {
        /// The provider's id for the request, if it was ever acknowledged.
        provider_reference: Option<ProviderReference>,
    },
    /// Pay. Answer: `PayoutAcknowledged`, `PayoutCompleted`, `PayoutDeclined`, or `PayoutUnknown`
    /// whenever it is not certain whether the provider took it.
    RequestPayout {
        /// Its number.
        payout: PayoutId,
        /// What for.
        purpose: Purpose,
        /// Whom to pay.
        payee: Msisdn,
        /// How much.
        amount: Money,
    },
    /// Ask the provider how a payout stands. Answer: `PayoutCompleted`, `PayoutDeclined` or
    /// `PayoutPending`.
    QueryPayout {
        /// Its number.
        payout: PayoutId,
        /// The provider's id for it, if it was ever acknowledged.
        provider_reference: Option<ProviderReference>,
    },
    /// Tell a party. No answer.
    Notify {
        /// Whom.
        party: Party,
        /// What.
        notice: Notice,
    },
    /// Issue `Wake` at this instant. No answer.
    WakeAt {
        /// When.
        at: Timestamp,
    },
    /// Call a human. No answer.
    RaiseAlarm {
        /// What for.
        alarm: Alarm,
    },
}

/// What a party is told.
///
/// ```
/// use amana_core::escrow::Notice;
/// assert_eq!(serde_json::to_string(&Notice::PaymentReceived)?, "\"payment_received\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// The money is held.
    PaymentReceived,
    /// The seller has been paid.
    PaymentReleased,
    /// The buyer has the money back.
    PaymentRefunded,
    /// The payment has failed.
    PaymentFailed,
    /// The seller says that everything was delivered.
    FullDeliveryClaimed,
    /// The seller says that a portion was delivered.
    PartialDeliveryClaimed,
}

/// What needs a human.
///
/// ```
/// use amana_core::escrow::{Alarm, PayoutId};
/// let alarm = Alarm::DoublePayout { payout: PayoutId(2) };
/// assert_eq!(serde_json::to_string(&alarm)?, r#"{"reason":"double_payout","payout":2}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Alarm {
    /// The same money was paid twice.
    DoublePayout {
        /// The payout that was one too many.
        payout: PayoutId,
    },
    /// A payout was declined as often as the policy allows.
    PayoutBlocked {
        /// The last try.
        payout: PayoutId,
    },
    /// The provider took money back that was paid on.
    Clawback {
        /// How much.
        amount: Money,
    },
}
