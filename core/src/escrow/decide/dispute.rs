//! Disputes: opened by a party, ended by their opener or a mediator.

use super::plan::Plan;
use super::{confirmation, locked};
use crate::escrow::command::{Actor, Intent, Ruling};
use crate::escrow::event::{Cause, EventKind};
use crate::escrow::rejection::Rejection;
use crate::escrow::state::Hold;
use crate::money::Money;

pub(super) fn open(plan: &mut Plan<'_>, actor: Actor, reason: &str) -> Result<(), Rejection> {
    let hold = locked(plan.payment)?;
    if hold.due.is_some_and(|due| due.ruled) {
        return Err(Rejection::AlreadyDecided);
    }
    if hold.dispute.is_some() {
        return Err(Rejection::DisputeOpen);
    }
    let reason = reason.trim();
    if reason.is_empty() || reason.len() > Intent::REASON_MAX {
        return Err(Rejection::ReasonMissing);
    }
    plan.event(EventKind::DisputeOpened {
        by: actor.party(),
        reason: reason.into(),
    });
    Ok(())
}

pub(super) fn withdraw(plan: &mut Plan<'_>, actor: Actor) -> Result<(), Rejection> {
    let hold = locked(plan.payment)?;
    let dispute = hold.dispute.as_ref().ok_or(Rejection::NoDispute)?;
    if dispute.by != actor.party() {
        return Err(Rejection::NotTheOpener);
    }
    plan.event(EventKind::DisputeWithdrawn);
    match (&hold.delivery, &hold.acceptance) {
        (Some(delivery), Some(_)) => confirmation::release(plan, hold, delivery.portion),
        (Some(_) | None, _) => plan.wake_at(hold.deadline_at),
    }
    Ok(())
}

pub(super) fn rule(plan: &mut Plan<'_>, ruling: Ruling) -> Result<(), Rejection> {
    let hold = locked(plan.payment)?;
    if hold.dispute.is_none() {
        return Err(Rejection::NoDispute);
    }
    let (release, refund) = shares(hold, ruling)?;
    plan.event(EventKind::DisputeRuled { ruling });
    plan.settle(Cause::Ruled, release, refund);
    Ok(())
}

fn shares(hold: &Hold, ruling: Ruling) -> Result<(Money, Money), Rejection> {
    let nothing = Money::zero(hold.held.currency());
    match ruling {
        Ruling::Release => Ok((hold.held, nothing)),
        Ruling::Refund => Ok((nothing, hold.held)),
        Ruling::Split { to_seller } => {
            if !to_seller.is_positive() {
                return Err(Rejection::AmountNotPositive);
            }
            let rest = hold
                .held
                .checked_sub(to_seller)
                .map_err(|_| Rejection::CurrencyMismatch)?;
            if !rest.is_positive() {
                return Err(Rejection::AmountExceedsHeld { held: hold.held });
            }
            Ok((to_seller, rest))
        }
    }
}
