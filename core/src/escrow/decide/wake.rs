//! What the passing of time causes.

use super::payout::{declined_payouts, try_again};
use super::plan::Plan;
use crate::escrow::effect::{EffectKind, Notice};
use crate::escrow::event::{Cause, EventKind, FailureReason};
use crate::escrow::rejection::Rejection;
use crate::escrow::state::{Failed, Hold, PayoutId, PayoutStatus, Pending, Phase, Query};
use crate::party::Party;
use crate::time::Timestamp;

pub(super) fn wake(plan: &mut Plan<'_>) -> Result<(), Rejection> {
    let payment = plan.payment;
    match &payment.phase {
        Phase::Pending(pending) => while_pending(plan, pending),
        Phase::Failed(failed) => while_failed(plan, failed),
        Phase::Locked(hold) if hold.is_quiet() && hold.deadline_at <= plan.ctx.now => {
            escrow_timeout(plan, hold);
        }
        Phase::Locked(_)
        | Phase::Releasing(..)
        | Phase::Refunding(..)
        | Phase::Released(_)
        | Phase::Refunded(_) => {}
    }
    ask_about_payouts(plan);
    retry_payouts(plan);
    if plan.is_empty() {
        return Err(Rejection::NothingDue {
            next_at: payment.next_deadline(),
        });
    }
    Ok(())
}

fn while_pending(plan: &mut Plan<'_>, pending: &Pending) {
    if pending.expires_at <= plan.ctx.now {
        // The prompt may have been answered all the same, so the provider is asked on.
        let query_at = plan.ctx.now + plan.ctx.policy.query_interval(0);
        let reason = FailureReason::Expired;
        plan.event(EventKind::Failed {
            reason,
            query_at: Some(query_at),
        });
        plan.notify(&[Party::Buyer], Notice::PaymentFailed);
        plan.query_collection();
        plan.wake_at(query_at);
    } else if pending.query.next_at <= plan.ctx.now {
        let next_at = next_question(plan, pending.query);
        plan.event(EventKind::CollectionQueried {
            next_at: Some(next_at),
        });
        plan.query_collection();
        plan.wake_at(next_at.min(pending.expires_at));
    }
}

fn while_failed(plan: &mut Plan<'_>, failed: &Failed) {
    let Some(query) = failed.query.filter(|query| query.next_at <= plan.ctx.now) else {
        return;
    };
    let more = query.count < plan.ctx.policy.late_queries_max;
    let next_at = more.then(|| next_question(plan, query));
    plan.event(EventKind::CollectionQueried { next_at });
    plan.query_collection();
    if let Some(at) = next_at {
        plan.wake_at(at);
    }
}

fn next_question(plan: &Plan<'_>, query: Query) -> Timestamp {
    plan.ctx.now
        + plan
            .ctx
            .policy
            .query_interval(query.count.saturating_add(1))
}

/// Never pays the seller: with nothing confirmed the buyer gets the money back, and with something
/// confirmed a mediator has to look.
fn escrow_timeout(plan: &mut Plan<'_>, hold: &Hold) {
    if hold.delivery.is_none() && hold.acceptance.is_none() {
        plan.refund_all(Cause::TimedOut, hold);
    } else {
        let reason = "the escrow timeout has passed".into();
        plan.event(EventKind::DisputeOpened { by: None, reason });
    }
}

fn ask_about_payouts(plan: &mut Plan<'_>) {
    let now = plan.ctx.now;
    for (id, payout) in (1_u16..).map(PayoutId).zip(&plan.payment.payouts) {
        if payout.status == PayoutStatus::Open && payout.query.next_at <= now {
            if plan.is_nearly_full() {
                return plan.effect(EffectKind::WakeAt { at: now });
            }
            plan.query_payout(id, payout);
        }
    }
}

fn retry_payouts(plan: &mut Plan<'_>) {
    let now = plan.ctx.now;
    for (id, payout) in declined_payouts(plan.payment) {
        if payout.retry_at.is_some_and(|at| at <= now) {
            if plan.is_nearly_full() {
                return plan.effect(EffectKind::WakeAt { at: now });
            }
            try_again(plan, id, payout);
        }
    }
}
