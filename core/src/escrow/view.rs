use serde::Serialize;

use super::event::FailureReason;
use super::state::{Confirmation, Dispute, Failed, Payment, PayoutStatus, Phase, Purpose, Status};
use crate::money::Money;
use crate::party::Msisdn;
use crate::reference::{ContractId, ProviderReference, TransactionId};
use crate::time::Timestamp;

/// A payment as it is shown: what a page, an API or a support desk needs, computed from the state.
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
/// let view: PaymentView = state.payment().unwrap().view();
/// assert_eq!((view.status, view.phase), (Status::Pending, "pending"));
/// assert_eq!(view.waiting_for, [WaitingFor::PayerApproval]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaymentView {
    /// Our id.
    pub transaction_id: TransactionId,
    /// The contract that is paid.
    pub contract_id: ContractId,
    /// The provider's id for our request.
    pub provider_reference: Option<ProviderReference>,
    /// The status shown to callers.
    pub status: Status,
    /// The phase behind it: also `releasing` and `refunding`.
    pub phase: &'static str,
    /// What was asked for.
    pub amount: Money,
    /// What is held now.
    pub held: Money,
    /// What the seller has been paid.
    pub released: Money,
    /// What the buyer was paid back of the held money.
    pub refunded: Money,
    /// What the buyer was paid back of money that was never held.
    pub returned: Vec<Money>,
    /// The buyer's phone.
    pub payer: Msisdn,
    /// The seller's phone.
    pub payee: Msisdn,
    /// The seller's delivery confirmation.
    pub delivery: Option<Confirmation>,
    /// The buyer's acceptance.
    pub acceptance: Option<Confirmation>,
    /// The open dispute.
    pub dispute: Option<Dispute>,
    /// What is missing until something happens.
    pub waiting_for: Vec<WaitingFor>,
    /// Why it failed.
    pub failure: Option<FailureReason>,
    /// When something happens by itself that a party can still prevent.
    pub deadline_at: Option<Timestamp>,
    /// When it was requested.
    pub requested_at: Timestamp,
    /// When the money was locked.
    pub locked_at: Option<Timestamp>,
    /// When the seller was paid everything.
    pub released_at: Option<Timestamp>,
    /// When the buyer was paid back everything.
    pub refunded_at: Option<Timestamp>,
    /// When it failed.
    pub failed_at: Option<Timestamp>,
    /// How many events it consists of.
    pub version: u32,
}

/// What is missing until something happens.
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
/// let waiting_for = state.payment().unwrap().view().waiting_for;
/// assert_eq!(waiting_for, [WaitingFor::DeliveryConfirmation, WaitingFor::Acceptance]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitingFor {
    /// The buyer's answer to the payment prompt.
    PayerApproval,
    /// The seller's delivery confirmation.
    DeliveryConfirmation,
    /// The buyer's acceptance.
    Acceptance,
    /// The mediator's ruling, or the opener's withdrawal.
    Ruling,
    /// The provider's word on a payout, or the next try.
    Payout,
}

impl Payment {
    /// The payment as it is shown.
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
    /// assert_eq!(state.payment().unwrap().view().held, terms.amount);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn view(&self) -> PaymentView {
        let nothing = Money::zero(self.terms.amount.currency());
        let hold = self.phase.hold();
        let failed = match &self.phase {
            Phase::Failed(failed) => Some(failed),
            Phase::Pending(_)
            | Phase::Locked(_)
            | Phase::Releasing(..)
            | Phase::Refunding(..)
            | Phase::Released(_)
            | Phase::Refunded(_) => None,
        };
        let settled_at = |status| hold.filter(|_| self.status() == status)?.settled_at;
        PaymentView {
            transaction_id: self.terms.transaction_id,
            contract_id: self.terms.contract_id(),
            provider_reference: self.provider_reference,
            status: self.status(),
            phase: self.phase.name(),
            amount: self.terms.amount,
            held: hold.map_or(nothing, |hold| hold.held),
            released: hold.map_or(nothing, |hold| hold.released),
            refunded: hold.map_or(nothing, |hold| hold.refunded),
            returned: self.returned(),
            payer: self.terms.buyer,
            payee: self.terms.seller,
            delivery: hold.and_then(|hold| hold.delivery),
            acceptance: hold.and_then(|hold| hold.acceptance),
            dispute: hold.and_then(|hold| hold.dispute.clone()),
            waiting_for: self.waiting_for(),
            failure: failed.map(|failed: &Failed| failed.reason),
            deadline_at: self.phase.party_deadline(),
            requested_at: self.requested_at,
            locked_at: hold.map(|hold| hold.locked_at),
            released_at: settled_at(Status::Released),
            refunded_at: settled_at(Status::Refunded),
            failed_at: failed.map(|failed| failed.failed_at),
            version: self.version,
        }
    }

    fn returned(&self) -> Vec<Money> {
        let returned =
            |status, purpose| status == PayoutStatus::Completed && purpose == Purpose::Return;
        let payouts = self.payouts.iter();
        payouts
            .filter(|p| returned(p.status, p.purpose))
            .map(|p| p.amount)
            .collect()
    }

    fn waiting_for(&self) -> Vec<WaitingFor> {
        match &self.phase {
            Phase::Pending(_) => vec![WaitingFor::PayerApproval],
            Phase::Releasing(..) | Phase::Refunding(..) => vec![WaitingFor::Payout],
            Phase::Released(_) | Phase::Refunded(_) | Phase::Failed(_) => Vec::new(),
            Phase::Locked(hold) if hold.dispute.is_some() => vec![WaitingFor::Ruling],
            Phase::Locked(hold) if hold.due.is_some() => vec![WaitingFor::Payout],
            Phase::Locked(hold) => {
                let delivery = hold
                    .delivery
                    .is_none()
                    .then_some(WaitingFor::DeliveryConfirmation);
                let acceptance = hold.acceptance.is_none().then_some(WaitingFor::Acceptance);
                delivery.into_iter().chain(acceptance).collect()
            }
        }
    }
}
