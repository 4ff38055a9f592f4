//! What the parties say about the delivery and the money.

use super::locked;
use super::plan::Plan;
use crate::escrow::command::{Actor, Channel};
use crate::escrow::effect::Notice;
use crate::escrow::event::{Cause, EventKind, FailureReason};
use crate::escrow::rejection::Rejection;
use crate::escrow::state::{Hold, Phase};
use crate::money::Money;
use crate::party::Party;

pub(super) fn confirm_delivery(
    plan: &mut Plan<'_>,
    channel: Channel,
    portion: Option<Money>,
) -> Result<(), Rejection> {
    let hold = locked(plan.payment)?;
    let portion = check_portion(hold, portion)?;
    undecided(hold)?;
    if hold.delivery.is_some() {
        return Err(Rejection::AlreadyConfirmed {
            party: Party::Seller,
        });
    }
    let deadline_at = hold
        .deadline_at
        .max(plan.ctx.now + plan.ctx.policy.acceptance_window_ms);
    plan.event(EventKind::DeliveryConfirmed {
        channel,
        portion,
        deadline_at,
    });
    let notice = match portion {
        None => Notice::FullDeliveryClaimed,
        Some(_) => Notice::PartialDeliveryClaimed,
    };
    if hold.acceptance.is_none() {
        plan.notify(&[Party::Buyer], notice);
        plan.wake_at(deadline_at);
    } else if hold.dispute.is_none() {
        release(plan, hold, portion);
    }
    Ok(())
}

/// A portion in the payment's currency, more than nothing, at most what is held; all of it is none.
fn check_portion(hold: &Hold, portion: Option<Money>) -> Result<Option<Money>, Rejection> {
    let Some(portion) = portion else {
        return Ok(None);
    };
    if !portion.is_positive() {
        return Err(Rejection::AmountNotPositive);
    }
    match portion.compare(hold.held) {
        Err(_) => Err(Rejection::CurrencyMismatch),
        Ok(std::cmp::Ordering::Greater) => Err(Rejection::AmountExceedsHeld { held: hold.held }),
        Ok(std::cmp::Ordering::Equal) => Ok(None),
        Ok(std::cmp::Ordering::Less) => Ok(Some(portion)),
    }
}

pub(super) fn accept(plan: &mut Plan<'_>, channel: Channel) -> Result<(), Rejection> {
    let hold = locked(plan.payment)?;
    undecided(hold)?;
    if hold.acceptance.is_some() {
        return Err(Rejection::AlreadyConfirmed {
            party: Party::Buyer,
        });
    }
    plan.event(EventKind::Accepted { channel });
    if let Some(delivery) = &hold.delivery
        && hold.dispute.is_none()
    {
        release(plan, hold, delivery.portion);
    }
    Ok(())
}

/// Both have confirmed and nothing is contested: the seller is paid.
pub(super) fn release(plan: &mut Plan<'_>, hold: &Hold, portion: Option<Money>) {
    let nothing = Money::zero(hold.held.currency());
    plan.settle(Cause::BothConfirmed, portion.unwrap_or(hold.held), nothing);
}

pub(super) fn request_refund(
    plan: &mut Plan<'_>,
    actor: Actor,
    channel: Channel,
) -> Result<(), Rejection> {
    let hold = locked(plan.payment)?;
    undecided(hold)?;
    if actor == Actor::Seller {
        let agreed = hold.refund_requested.is_some();
        plan.refund_all(
            if agreed {
                Cause::Agreed
            } else {
                Cause::GivenBack
            },
            hold,
        );
        return Ok(());
    }
    if hold.refund_requested.is_some() {
        return Err(Rejection::RefundAlreadyRequested);
    }
    plan.event(EventKind::RefundRequested { channel });
    Ok(())
}

pub(super) fn cancel_contract(plan: &mut Plan<'_>) -> Result<(), Rejection> {
    if matches!(plan.payment.phase, Phase::Pending(_)) {
        // The buyer may still press OK; what arrives then is returned.
        let query_at = Some(plan.ctx.now + plan.ctx.policy.query_interval(0));
        plan.event(EventKind::Failed {
            reason: FailureReason::ContractClosed,
            query_at,
        });
        plan.notify(&[Party::Buyer], Notice::PaymentFailed);
        if let Some(at) = query_at {
            plan.wake_at(at);
        }
        return Ok(());
    }
    let hold = locked(plan.payment)?;
    undecided(hold)?;
    if hold.dispute.is_some() {
        return Err(Rejection::DisputeOpen);
    }
    plan.refund_all(Cause::ContractCancelled, hold);
    Ok(())
}

/// It is not settled yet who gets what.
fn undecided(hold: &Hold) -> Result<(), Rejection> {
    if hold.due.is_some() {
        Err(Rejection::AlreadyDecided)
    } else {
        Ok(())
    }
}
