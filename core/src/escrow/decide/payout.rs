//! Money going out, and what the provider says about it.

use super::plan::Plan;
use crate::escrow::effect::{Alarm, EffectKind, Notice};
use crate::escrow::event::{Contradiction, EventKind, FailureReason};
use crate::escrow::rejection::Rejection;
use crate::escrow::state::{Hold, Payment, Payout, PayoutId, PayoutStatus, Phase, Purpose};
use crate::party::Party;
use crate::reference::{ProviderReference, Receipt};

fn find(payment: &Payment, id: PayoutId) -> Result<&Payout, Rejection> {
    payment
        .payout(id)
        .ok_or(Rejection::UnknownPayout { payout: id })
}

pub(super) fn acknowledged(
    plan: &mut Plan<'_>,
    id: PayoutId,
    provider_reference: ProviderReference,
) -> Result<(), Rejection> {
    let payout = find(plan.payment, id)?;
    if payout.provider_reference == Some(provider_reference) {
        plan.event(EventKind::DuplicateRecorded);
    } else {
        plan.event(EventKind::PayoutAcknowledged {
            payout: id,
            provider_reference,
        });
    }
    Ok(())
}

/// Still under way: the next question was planned when this one was asked.
pub(super) fn pending(plan: &mut Plan<'_>, id: PayoutId) -> Result<(), Rejection> {
    find(plan.payment, id)?;
    plan.event(EventKind::DuplicateRecorded);
    Ok(())
}

/// Not known (row 10): ask, and never send it again.
pub(super) fn unknown(plan: &mut Plan<'_>, id: PayoutId) -> Result<(), Rejection> {
    let payout = find(plan.payment, id)?;
    match payout.status {
        PayoutStatus::Open => plan.query_payout(id, payout),
        PayoutStatus::Completed | PayoutStatus::Declined | PayoutStatus::Excess => {
            plan.event(EventKind::DuplicateRecorded);
        }
    }
    Ok(())
}

pub(super) fn completed(
    plan: &mut Plan<'_>,
    id: PayoutId,
    receipt: Receipt,
) -> Result<(), Rejection> {
    let payout = find(plan.payment, id)?;
    match payout.status {
        PayoutStatus::Open => complete(plan, id, payout, receipt),
        PayoutStatus::Completed | PayoutStatus::Excess => plan.event(EventKind::DuplicateRecorded),
        PayoutStatus::Declined if still_owed(plan.payment, payout) => {
            complete(plan, id, payout, receipt);
        }
        // Row 11: declined, paid otherwise or being paid otherwise, and now paid after all.
        PayoutStatus::Declined => {
            plan.event(EventKind::DoublePayoutDetected {
                payout: id,
                receipt,
            });
            plan.alarm(Alarm::DoublePayout { payout: id });
        }
    }
    Ok(())
}

/// Whether the money of a declined payout is neither paid nor being paid otherwise.
fn still_owed(payment: &Payment, payout: &Payout) -> bool {
    if payout.retried_by.is_some() {
        return false;
    }
    match (payout.purpose, &payment.phase) {
        (Purpose::Return, _) => true,
        (Purpose::Release | Purpose::Refund, Phase::Locked(hold)) => payout
            .amount
            .compare(hold.held)
            .is_ok_and(std::cmp::Ordering::is_le),
        (Purpose::Release | Purpose::Refund, _) => false,
    }
}

fn complete(plan: &mut Plan<'_>, id: PayoutId, payout: &Payout, receipt: Receipt) {
    plan.event(EventKind::PayoutCompleted {
        payout: id,
        receipt,
    });
    if payout.purpose != Purpose::Return
        && let Some(hold) = plan.payment.phase.hold()
    {
        after_payment(plan, hold, payout);
    }
}

/// What follows when a part of the hold has been paid: the other part, the end, or the rest waits.
fn after_payment(plan: &mut Plan<'_>, hold: &Hold, payout: &Payout) {
    let Some((left, due)) = hold.after_payment(payout.purpose, payout.amount) else {
        return;
    };
    let released = payout.purpose == Purpose::Release || hold.released.is_positive();
    let both = &[Party::Buyer, Party::Seller];
    if left.is_zero() && released {
        plan.event(EventKind::Released);
        plan.notify(both, Notice::PaymentReleased);
    } else if left.is_zero() {
        plan.event(EventKind::Refunded);
        plan.notify(both, Notice::PaymentRefunded);
    } else if hold.reversed {
        // The provider has taken the money back meanwhile: there is nothing left to pay with.
        fail_reversed(plan);
    } else if let Some(due) = due {
        plan.pay_due(due.release, due.refund);
    } else {
        plan.notify(both, Notice::PaymentReleased);
        plan.wake_at(hold.deadline_at);
    }
}

pub(super) fn declined(plan: &mut Plan<'_>, id: PayoutId) -> Result<(), Rejection> {
    let payout = find(plan.payment, id)?;
    match payout.status {
        PayoutStatus::Open => decline(plan, id, payout),
        PayoutStatus::Declined => plan.event(EventKind::DuplicateRecorded),
        PayoutStatus::Completed | PayoutStatus::Excess => {
            let contradiction = Contradiction::PayoutFailedAfterSuccess;
            plan.event(EventKind::ContradictionRecorded { contradiction });
            let provider_reference = payout.provider_reference;
            plan.effect(EffectKind::QueryPayout {
                payout: id,
                provider_reference,
            });
        }
    }
    Ok(())
}

fn decline(plan: &mut Plan<'_>, id: PayoutId, payout: &Payout) {
    let reversed = plan.payment.phase.hold().is_some_and(|hold| hold.reversed);
    let held_money = payout.purpose != Purpose::Return;
    if held_money && reversed {
        // The provider has taken the money back meanwhile: there is nothing left to pay with.
        plan.event(EventKind::PayoutDeclined {
            payout: id,
            retry_at: None,
        });
        fail_reversed(plan);
        return;
    }
    if let Some((first, receipt)) = paid_after_all(plan.payment, id) {
        // An earlier try was paid after all, so it was not one too many.
        plan.event(EventKind::PayoutDeclined {
            payout: id,
            retry_at: None,
        });
        complete(plan, first, payout, receipt);
        return;
    }
    let again = payout.attempt < plan.ctx.policy.payout_attempts_max;
    let retry_at = again.then(|| plan.ctx.now + plan.ctx.policy.payout_retry_ms);
    plan.event(EventKind::PayoutDeclined {
        payout: id,
        retry_at,
    });
    match retry_at {
        Some(at) => plan.wake_at(at),
        None => plan.alarm(Alarm::PayoutBlocked { payout: id }),
    }
}

fn fail_reversed(plan: &mut Plan<'_>) {
    plan.event(EventKind::Failed {
        reason: FailureReason::Reversed,
        query_at: None,
    });
    plan.notify(&[Party::Buyer, Party::Seller], Notice::PaymentFailed);
}

/// An earlier try of the same money that was declined first and paid later.
fn paid_after_all(payment: &Payment, id: PayoutId) -> Option<(PayoutId, Receipt)> {
    let mut later = id;
    // Bounded: each step goes to a smaller number.
    loop {
        let earlier = payment
            .payouts
            .iter()
            .position(|p| p.retried_by == Some(later))?;
        let payout = &payment.payouts[earlier];
        let number = PayoutId(u16::try_from(earlier + 1).ok()?);
        if let (PayoutStatus::Excess, Some(receipt)) = (payout.status, payout.receipt) {
            return Some((number, receipt));
        }
        later = number;
    }
}

/// Tries again what was declined for good; the operator has looked at it.
pub(super) fn retry(plan: &mut Plan<'_>) -> Result<(), Rejection> {
    let payment = plan.payment;
    for (id, payout) in declined_payouts(payment) {
        if payout.retry_at.is_none() && !plan.is_nearly_full() {
            try_again(plan, id, payout);
        }
    }
    if plan.is_empty() {
        Err(Rejection::NothingToRetry)
    } else {
        Ok(())
    }
}

/// The declined payouts that can be tried again. Of the held money's payouts only the last: those
/// before it were tried again or superseded, and the same money must not be paid twice.
pub(super) fn declined_payouts(payment: &Payment) -> impl Iterator<Item = (PayoutId, &Payout)> {
    let payouts = (1_u16..).map(PayoutId).zip(&payment.payouts);
    let of_hold = |payout: &Payout| payout.purpose != Purpose::Return;
    let last_of_hold = payouts.clone().filter(|(_, payout)| of_hold(payout)).last();
    let last_of_hold = last_of_hold.map(|(id, _)| id);
    payouts.filter(move |&(id, payout)| {
        payout.status == PayoutStatus::Declined
            && payout.retried_by.is_none()
            && (!of_hold(payout) || Some(id) == last_of_hold)
    })
}

/// Pays again what a declined payout should have paid, if it is still to be paid.
pub(super) fn try_again(plan: &mut Plan<'_>, id: PayoutId, payout: &Payout) {
    let due = match &plan.payment.phase {
        Phase::Locked(hold) => hold.due,
        Phase::Pending(_)
        | Phase::Releasing(..)
        | Phase::Refunding(..)
        | Phase::Released(_)
        | Phase::Refunded(_)
        | Phase::Failed(_) => None,
    };
    let amount = match payout.purpose {
        Purpose::Return => Some(payout.amount),
        Purpose::Release => due.map(|due| due.release),
        // The seller's part is paid before the buyer's.
        Purpose::Refund => due
            .filter(|due| due.release.is_zero())
            .map(|due| due.refund),
    };
    if let Some(amount) = amount.filter(|amount| amount.is_positive()) {
        plan.pay(payout.purpose, amount, Some(id));
    }
}
