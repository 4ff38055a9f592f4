use std::fmt;

use serde::{Deserialize, Serialize};

use super::command::Channel;
use super::event::FailureReason;
use crate::json_as_object::json_as_object;
use crate::money::Money;
use crate::party::{Msisdn, Party};
use crate::reference::{ContractId, ProviderReference, Receipt, TransactionId};
use crate::time::Timestamp;

json_as_object! {
    /// Who pays whom how much.
    ///
    /// ```
    /// use amana_core::escrow::Terms;
    /// let terms: Terms = serde_json::from_str(
    ///     r#"{"transaction_id":"TXN-AG-1-001","buyer":"+254712345678","seller":"+254723456789",
    ///         "amount":{"amount":"1000.00","currency":"KES"}}"#,
    /// )?;
    /// assert_eq!(terms.amount.to_string(), "KES 1000.00");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Terms as "Terms", #[serde(deny_unknown_fields)] {
        /// Our id of the payment; it names the contract and counts the payments of the contract.
        pub transaction_id: TransactionId,
        /// The buyer's phone.
        pub buyer: Msisdn,
        /// The seller's phone.
        pub seller: Msisdn,
        /// What the buyer is asked for, and what is held for the seller.
        pub amount: Money,
    }
}

impl Terms {
    /// The contract that is being paid.
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
    /// assert_eq!(terms.contract_id().as_str(), "AG-1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn contract_id(&self) -> ContractId {
        self.transaction_id.contract()
    }
}

/// The state of one escrow payment. Rebuilt by replaying its events, never stored by itself.
///
/// ```
/// use amana_core::escrow::State;
/// assert_eq!(State::default(), State::Absent);
/// assert!(State::Absent.payment().is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(
    clippy::large_enum_variant,
    reason = "a box would allocate for every payment replayed"
)]
pub enum State {
    /// Nothing was requested yet.
    #[default]
    Absent,
    /// The payment exists.
    Present(Payment),
}

impl State {
    /// The payment, if it exists.
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
    /// assert_eq!(state.payment().map(|payment| payment.terms), Some(terms));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn payment(&self) -> Option<&Payment> {
        match self {
            Self::Absent => None,
            Self::Present(payment) => Some(payment),
        }
    }
}

/// One escrow payment.
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
/// # let (receipt, amount) = ("UJ22RT61SV".parse()?, terms.amount);
/// # let state = apply(state, Actor::Provider, Intent::FundsReceived { receipt, amount })?;
/// // The buyer was asked and has paid.
/// let payment = state.payment().ok_or("nothing was requested")?;
/// assert_eq!((payment.version, payment.collected.len(), payment.payouts.len()), (2, 1, 0));
/// assert!(matches!(payment.phase, Phase::Locked(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Who pays whom how much.
    pub terms: Terms,
    /// When it was requested.
    pub requested_at: Timestamp,
    /// How many events it consists of.
    pub version: u32,
    /// The provider's id for our request, once it was acknowledged.
    pub provider_reference: Option<ProviderReference>,
    /// All money that ever arrived.
    pub collected: Vec<Collected>,
    /// All payouts ever started, by number: the first is `PayoutId(1)`.
    pub payouts: Vec<Payout>,
    /// Where it stands.
    pub phase: Phase,
}

/// Money that arrived.
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
/// # let (receipt, amount) = ("UJ22RT61SV".parse()?, terms.amount);
/// # let state = apply(state, Actor::Provider, Intent::FundsReceived { receipt, amount })?;
/// let Collected { amount, held, reversed, .. } = state.payment().unwrap().collected[0];
/// assert_eq!((amount, held, reversed), (terms.amount, true, false));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Collected {
    /// The provider's proof of payment.
    pub receipt: Receipt,
    /// How much.
    pub amount: Money,
    /// Whether it is the money that is (or was) held; otherwise it was returned.
    pub held: bool,
    /// Whether the provider took it back.
    pub reversed: bool,
}

/// Where a payment stands; each phase holds only its own data.
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
/// # let (receipt, amount) = ("UJ22RT61SV".parse()?, terms.amount);
/// # let state = apply(state, Actor::Provider, Intent::FundsReceived { receipt, amount })?;
/// # let state = apply(state, Actor::Seller, Intent::ConfirmDelivery { portion: None })?;
/// # let state = apply(state, Actor::Buyer, Intent::Accept)?;
/// // Both have confirmed: the payout to the seller is under way.
/// let phase = &state.payment().unwrap().phase;
/// assert!(matches!(phase, Phase::Releasing(_, PayoutId(1))));
/// assert_eq!((phase.name(), phase.status()), ("releasing", Status::Locked));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// The buyer was asked.
    Pending(Pending),
    /// The money is held.
    Locked(Hold),
    /// A payout to the seller is under way.
    Releasing(Hold, PayoutId),
    /// A payout back to the buyer is under way.
    Refunding(Hold, PayoutId),
    /// Final: the seller has been paid (and, after a split, the buyer the rest).
    Released(Hold),
    /// Final: the buyer has the money back.
    Refunded(Hold),
    /// Nothing is held. Money that arrives later is still real.
    Failed(Failed),
}

/// The buyer was asked and has not answered.
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
/// let Phase::Pending(Pending { expires_at, query }) = state.payment().unwrap().phase else {
///     return Err("the buyer was asked".into());
/// };
/// assert_eq!(expires_at, now + policy.checkout_expiry_ms);
/// assert_eq!(query.count, 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    /// When we stop waiting.
    pub expires_at: Timestamp,
    /// When we ask the provider.
    pub query: Query,
}

/// When the provider is asked next, and how often it was asked.
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
/// let Phase::Pending(pending) = &state.payment().unwrap().phase else {
///     return Err("the buyer was asked".into());
/// };
/// let Query { next_at, count } = pending.query;
/// assert!(next_at > now && count == 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query {
    /// The next time.
    pub next_at: Timestamp,
    /// How many times so far.
    pub count: u8,
}

/// Money that is held, and what the parties have said about it.
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
/// # let (receipt, amount) = ("UJ22RT61SV".parse()?, terms.amount);
/// # let state = apply(state, Actor::Provider, Intent::FundsReceived { receipt, amount })?;
/// let hold: &Hold = state.payment().unwrap().phase.hold().ok_or("nothing is held")?;
/// assert_eq!(hold.held, terms.amount);
/// assert!(hold.released.is_zero() && hold.delivery.is_none() && hold.is_quiet());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Still held, including what a payout under way is about to pay.
    pub held: Money,
    /// Paid to the seller so far.
    pub released: Money,
    /// Paid back to the buyer so far.
    pub refunded: Money,
    /// When the money was locked.
    pub locked_at: Timestamp,
    /// When something happens by itself, unless a dispute is open or money is due.
    pub deadline_at: Timestamp,
    /// The seller's delivery confirmation.
    pub delivery: Option<Confirmation>,
    /// The buyer's acceptance.
    pub acceptance: Option<Confirmation>,
    /// The buyer has asked for the money back.
    pub refund_requested: Option<Confirmation>,
    /// An open dispute.
    pub dispute: Option<Dispute>,
    /// What was decided to be paid and is not paid yet.
    pub due: Option<Due>,
    /// The provider took the collected money back while a payout was under way.
    pub reversed: bool,
    /// When the final phase was reached.
    pub settled_at: Option<Timestamp>,
}

/// What a party has confirmed.
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
/// # let (receipt, amount) = ("UJ22RT61SV".parse()?, terms.amount);
/// # let state = apply(state, Actor::Provider, Intent::FundsReceived { receipt, amount })?;
/// # let state = apply(state, Actor::Seller, Intent::ConfirmDelivery { portion: None })?;
/// # let state = apply(state, Actor::Buyer, Intent::Accept)?;
/// let hold = state.payment().unwrap().phase.hold().unwrap();
/// let Some(Confirmation { channel, portion, .. }) = hold.delivery else {
///     return Err("the seller has confirmed".into());
/// };
/// assert_eq!((channel, portion), (Channel::Api, None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Confirmation {
    /// When.
    pub confirmed_at: Timestamp,
    /// Through what.
    pub channel: Channel,
    /// The worth of what was delivered, if it was only a portion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub portion: Option<Money>,
}

/// An open dispute.
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
/// # let (receipt, amount) = ("UJ22RT61SV".parse()?, terms.amount);
/// # let state = apply(state, Actor::Provider, Intent::FundsReceived { receipt, amount })?;
/// use amana_core::Party;
/// let reason = "Half of the bags are wet".into();
/// let state = apply(state, Actor::Buyer, Intent::OpenDispute { reason })?;
/// let dispute: &Dispute = state.payment().unwrap().phase.hold().unwrap().dispute.as_ref().unwrap();
/// assert_eq!((dispute.by, &*dispute.reason), (Some(Party::Buyer), "Half of the bags are wet"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dispute {
    /// Who opened it; absent if the escrow timeout did.
    pub by: Option<Party>,
    /// In the opener's words.
    pub reason: Box<str>,
    /// When.
    pub opened_at: Timestamp,
}

/// What was decided to be paid and is not paid yet.
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
/// # let (receipt, amount) = ("UJ22RT61SV".parse()?, terms.amount);
/// # let state = apply(state, Actor::Provider, Intent::FundsReceived { receipt, amount })?;
/// # let state = apply(state, Actor::Seller, Intent::ConfirmDelivery { portion: None })?;
/// # let state = apply(state, Actor::Buyer, Intent::Accept)?;
/// let Some(Due { release, refund, ruled }) = state.payment().unwrap().phase.hold().unwrap().due else {
///     return Err("the money is due to the seller".into());
/// };
/// assert_eq!((release, refund.is_zero(), ruled), (terms.amount, true, false));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// To the seller.
    pub release: Money,
    /// Back to the buyer.
    pub refund: Money,
    /// A mediator has decided it; it cannot be contested again.
    pub ruled: bool,
}

/// Nothing is held.
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
/// let reason = FailureReason::WrongPin;
/// let state = apply(state, Actor::Provider, Intent::CollectionDeclined { reason })?;
/// let Phase::Failed(Failed { reason, failed_at, .. }) = state.payment().unwrap().phase else {
///     return Err("nothing is held".into());
/// };
/// assert_eq!((reason, failed_at), (FailureReason::WrongPin, now));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed {
    /// Why.
    pub reason: FailureReason,
    /// When.
    pub failed_at: Timestamp,
    /// Asked again after an expiry, because the buyer may have paid all the same.
    pub query: Option<Query>,
}

/// The number of a payout within its payment; the first is 1.
///
/// ```
/// use amana_core::escrow::PayoutId;
/// assert_eq!(PayoutId(1).to_string(), "P1");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PayoutId(pub u16);

impl fmt::Display for PayoutId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "P{}", self.0)
    }
}

/// Money on its way from us.
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
/// # let (receipt, amount) = ("UJ22RT61SV".parse()?, terms.amount);
/// # let state = apply(state, Actor::Provider, Intent::FundsReceived { receipt, amount })?;
/// # let state = apply(state, Actor::Seller, Intent::ConfirmDelivery { portion: None })?;
/// # let state = apply(state, Actor::Buyer, Intent::Accept)?;
/// let payout: &Payout = state.payment().unwrap().payout(PayoutId(1)).ok_or("no payout")?;
/// assert_eq!((payout.purpose, payout.status), (Purpose::Release, PayoutStatus::Open));
/// assert_eq!((payout.amount, payout.attempt), (terms.amount, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payout {
    /// What for.
    pub purpose: Purpose,
    /// How much.
    pub amount: Money,
    /// How it stands.
    pub status: PayoutStatus,
    /// The provider's id for it.
    pub provider_reference: Option<ProviderReference>,
    /// When the provider is asked next while the outcome is open.
    pub query: Query,
    /// Which try it is to pay this money; the first is 1.
    pub attempt: u8,
    /// When it is tried again, if it was declined and is going to be.
    pub retry_at: Option<Timestamp>,
    /// The payout that tried again.
    pub retried_by: Option<PayoutId>,
    /// Proof of payment, once the payee has the money.
    pub receipt: Option<Receipt>,
}

/// What a payout is for.
///
/// ```
/// use amana_core::escrow::Purpose;
/// assert_eq!(serde_json::to_string(&Purpose::Release)?, "\"release\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The held money, to the seller.
    Release,
    /// The held money, back to the buyer.
    Refund,
    /// Money that was never held (too much, too little, too late), back to the buyer.
    Return,
}

/// How a payout stands.
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
/// # let (receipt, amount) = ("UJ22RT61SV".parse()?, terms.amount);
/// # let state = apply(state, Actor::Provider, Intent::FundsReceived { receipt, amount })?;
/// # let state = apply(state, Actor::Seller, Intent::ConfirmDelivery { portion: None })?;
/// # let state = apply(state, Actor::Buyer, Intent::Accept)?;
/// let (payout, receipt) = (PayoutId(1), "UJ23AB45CD".parse()?);
/// let state = apply(state, Actor::Provider, Intent::PayoutCompleted { payout, receipt })?;
/// let payment = state.payment().unwrap();
/// assert_eq!(payment.payout(payout).unwrap().status, PayoutStatus::Completed);
/// assert_eq!(payment.status(), Status::Released);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PayoutStatus {
    /// Sent; the outcome is not known. Asked for, never sent again.
    Open,
    /// The payee has the money.
    Completed,
    /// The provider said no.
    Declined,
    /// The provider first said no, and paid after all when the money was already paid otherwise.
    Excess,
}

/// The status shown to callers.
///
/// ```
/// use amana_core::escrow::Status;
/// let names = Status::ALL.map(Status::name);
/// assert_eq!(names, ["pending", "locked", "released", "refunded", "failed"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The buyer was asked.
    Pending,
    /// The money is held.
    Locked,
    /// The seller has been paid.
    Released,
    /// The buyer has the money back.
    Refunded,
    /// Nothing is held.
    Failed,
}

impl Status {
    /// Every status.
    ///
    /// ```
    /// use amana_core::escrow::Status;
    /// assert!(Status::ALL.contains(&Status::Locked));
    /// ```
    pub const ALL: [Self; 5] = [
        Self::Pending,
        Self::Locked,
        Self::Released,
        Self::Refunded,
        Self::Failed,
    ];

    /// Its name, lower case.
    ///
    /// ```
    /// use amana_core::escrow::Status;
    /// assert_eq!(Status::Refunded.name(), "refunded");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Locked => "locked",
            Self::Released => "released",
            Self::Refunded => "refunded",
            Self::Failed => "failed",
        }
    }
}

impl Phase {
    /// The status shown to callers: payouts under way count as locked.
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
    /// assert_eq!(state.payment().unwrap().phase.status(), Status::Pending);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn status(&self) -> Status {
        match self {
            Self::Pending(_) => Status::Pending,
            Self::Locked(_) | Self::Releasing(..) | Self::Refunding(..) => Status::Locked,
            Self::Released(_) => Status::Released,
            Self::Refunded(_) => Status::Refunded,
            Self::Failed(_) => Status::Failed,
        }
    }

    /// The name of the phase itself.
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
    /// assert_eq!(state.payment().unwrap().phase.name(), "pending");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn name(&self) -> &'static str {
        self.kind().name()
    }

    /// What is held and was paid, in the phases in which money has been held.
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
    /// assert!(state.payment().unwrap().phase.hold().is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn hold(&self) -> Option<&Hold> {
        match self {
            Self::Locked(hold)
            | Self::Releasing(hold, _)
            | Self::Refunding(hold, _)
            | Self::Released(hold)
            | Self::Refunded(hold) => Some(hold),
            Self::Pending(_) | Self::Failed(_) => None,
        }
    }
}

impl Payment {
    /// The status shown to callers.
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
    /// # let (receipt, amount) = ("UJ22RT61SV".parse()?, terms.amount);
    /// # let state = apply(state, Actor::Provider, Intent::FundsReceived { receipt, amount })?;
    /// assert_eq!(state.payment().unwrap().status(), Status::Locked);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn status(&self) -> Status {
        self.phase.status()
    }

    /// The payout of this number.
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
    /// assert!(state.payment().unwrap().payout(PayoutId(1)).is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn payout(&self, id: PayoutId) -> Option<&Payout> {
        self.payouts.get(usize::from(id.0).checked_sub(1)?)
    }

    /// The number the next payout will have.
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
    /// # let (receipt, amount) = ("UJ22RT61SV".parse()?, terms.amount);
    /// # let state = apply(state, Actor::Provider, Intent::FundsReceived { receipt, amount })?;
    /// # let state = apply(state, Actor::Seller, Intent::ConfirmDelivery { portion: None })?;
    /// # let state = apply(state, Actor::Buyer, Intent::Accept)?;
    /// assert_eq!(state.payment().unwrap().next_payout(), PayoutId(2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn next_payout(&self) -> PayoutId {
        PayoutId(u16::try_from(self.payouts.len() + 1).unwrap_or(u16::MAX))
    }

    /// The money that arrived under this receipt.
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
    /// # let (receipt, amount) = ("UJ22RT61SV".parse()?, terms.amount);
    /// # let state = apply(state, Actor::Provider, Intent::FundsReceived { receipt, amount })?;
    /// assert!(state.payment().unwrap().collected(receipt).is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn collected(&self, receipt: Receipt) -> Option<&Collected> {
        self.collected
            .iter()
            .find(|collected| collected.receipt == receipt)
    }

    /// The earliest instant at which [`Intent::Wake`](super::Intent::Wake) has something to do.
    ///
    /// ```
    /// use amana_core::escrow::{Event, replay};
    /// let requested: Event = serde_json::from_str(
    ///     r#"{"at":"2026-03-06T10:30:00Z","type":"requested",
    ///         "expires_at":"2026-03-06T10:35:00Z","query_at":"2026-03-06T10:31:00Z",
    ///         "terms":{"transaction_id":"TXN-AG-1-001","buyer":"+254712345678",
    ///             "seller":"+254723456789","amount":{"amount":"1000.00","currency":"KES"}}}"#,
    /// )?;
    /// let state = replay([&requested])?;
    /// let next_at = state.payment().and_then(|payment| payment.next_deadline());
    /// assert_eq!(next_at, Some("2026-03-06T10:31:00Z".parse()?));
    /// assert_eq!(state.payment().unwrap().view().deadline_at, Some("2026-03-06T10:35:00Z".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.payouts
            .iter()
            .filter_map(Payout::deadline)
            .chain(self.phase.deadline())
            .min()
    }
}

impl Payout {
    /// When it is asked for, or tried again.
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
    /// # let (receipt, amount) = ("UJ22RT61SV".parse()?, terms.amount);
    /// # let state = apply(state, Actor::Provider, Intent::FundsReceived { receipt, amount })?;
    /// # let state = apply(state, Actor::Seller, Intent::ConfirmDelivery { portion: None })?;
    /// # let state = apply(state, Actor::Buyer, Intent::Accept)?;
    /// let payout = state.payment().unwrap().payout(PayoutId(1)).unwrap();
    /// assert_eq!(payout.deadline(), Some(payout.query.next_at));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn deadline(&self) -> Option<Timestamp> {
        match self.status {
            PayoutStatus::Open => Some(self.query.next_at),
            PayoutStatus::Declined => self.retry_at,
            PayoutStatus::Completed | PayoutStatus::Excess => None,
        }
    }
}

impl Phase {
    /// The earliest deadline of the phase itself.
    fn deadline(&self) -> Option<Timestamp> {
        match self {
            Self::Pending(pending) => Some(pending.expires_at.min(pending.query.next_at)),
            Self::Locked(hold) if hold.is_quiet() => Some(hold.deadline_at),
            Self::Failed(failed) => failed.query.map(|query| query.next_at),
            Self::Locked(_)
            | Self::Releasing(..)
            | Self::Refunding(..)
            | Self::Released(_)
            | Self::Refunded(_) => None,
        }
    }

    /// The deadline that matters to the parties: of the prompt, then of the escrow.
    pub(super) fn party_deadline(&self) -> Option<Timestamp> {
        match self {
            Self::Pending(pending) => Some(pending.expires_at),
            Self::Locked(hold) if hold.is_quiet() => Some(hold.deadline_at),
            Self::Locked(_)
            | Self::Releasing(..)
            | Self::Refunding(..)
            | Self::Released(_)
            | Self::Refunded(_)
            | Self::Failed(_) => None,
        }
    }
}

impl Hold {
    /// Whether the escrow deadline is running: nothing is contested and nothing is due.
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
    /// # let (receipt, amount) = ("UJ22RT61SV".parse()?, terms.amount);
    /// # let state = apply(state, Actor::Provider, Intent::FundsReceived { receipt, amount })?;
    /// let reason = "wet".into();
    /// let state = apply(state, Actor::Buyer, Intent::OpenDispute { reason })?;
    /// assert!(!state.payment().unwrap().phase.hold().unwrap().is_quiet());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn is_quiet(&self) -> bool {
        self.dispute.is_none() && self.due.is_none()
    }
}
