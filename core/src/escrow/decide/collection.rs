//! Money coming in: the request, and what the provider says about it.

use super::plan::{Plan, Writer};
use super::{Context, Decision, Standing};
use crate::escrow::effect::{Alarm, EffectKind, Notice};
use crate::escrow::event::{Contradiction, EventKind, FailureReason, ReturnReason};
use crate::escrow::rejection::Rejection;
use crate::escrow::state::{Collected, Hold, Phase, Purpose, Terms};
use crate::money::{Money, MoneyError};
use crate::party::Party;
use crate::reference::{ProviderReference, Receipt};

pub(super) fn request(ctx: &Context<'_>, terms: &Terms) -> Result<Decision, Rejection> {
    check_terms(ctx, terms)?;
    let expires_at = ctx.now + ctx.policy.checkout_expiry_ms;
    let query_at = ctx.now + ctx.policy.query_interval(0);
    let mut writer = Writer::new(terms.transaction_id, 0, ctx.now);
    writer.event(EventKind::Requested {
        terms: *terms,
        expires_at,
        query_at,
    });
    writer.effect(EffectKind::RequestCollection {
        payer: terms.buyer,
        amount: terms.amount,
    });
    writer.effect(EffectKind::WakeAt {
        at: expires_at.min(query_at),
    });
    Ok(writer.into_decision())
}

fn check_terms(ctx: &Context<'_>, terms: &Terms) -> Result<(), Rejection> {
    let amount = terms.amount;
    if !amount.is_positive() {
        return Err(Rejection::AmountNotPositive);
    }
    let (least, most) = (ctx.policy.amount_min, ctx.policy.amount_max);
    // The limits are in one currency; amounts in another are limited by the contract alone.
    let too_little = amount.compare(least).is_ok_and(std::cmp::Ordering::is_lt);
    let too_much = amount.compare(most).is_ok_and(std::cmp::Ordering::is_gt);
    if too_little || too_much {
        return Err(Rejection::AmountOutsideLimits { least, most });
    }
    match ctx.standing {
        Standing::Open { outstanding } if outstanding.currency() != amount.currency() => {
            return Err(Rejection::CurrencyMismatch);
        }
        Standing::Open { .. } | Standing::Closed => {}
    }
    if terms.buyer == terms.seller {
        return Err(Rejection::SameParty);
    }
    match ctx.standing {
        Standing::Closed => Err(Rejection::ContractClosed),
        Standing::Open { outstanding } if !ctx.standing.wants(amount) => {
            Err(Rejection::AmountExceedsContract { outstanding })
        }
        Standing::Open { .. } => Ok(()),
    }
}

pub(super) fn acknowledged(plan: &mut Plan<'_>, provider_reference: ProviderReference) {
    // The callback may have come first (row 12); the acknowledgement only adds the reference.
    if plan.payment.provider_reference == Some(provider_reference) {
        plan.event(EventKind::DuplicateRecorded);
    } else {
        plan.event(EventKind::CollectionAcknowledged { provider_reference });
    }
}

/// The provider says that it is still in progress (row 14): the next question was planned already
/// when this one was asked.
pub(super) fn pending(plan: &mut Plan<'_>) {
    plan.event(EventKind::DuplicateRecorded);
}

pub(super) fn declined(plan: &mut Plan<'_>, reason: FailureReason) {
    match &plan.payment.phase {
        Phase::Pending(_) => {
            plan.event(EventKind::Failed {
                reason,
                query_at: None,
            });
            plan.notify(&[Party::Buyer], Notice::PaymentFailed);
        }
        // Expired with us, and now known to have failed with the provider: stop asking.
        Phase::Failed(failed) if failed.query.is_some() => {
            plan.event(EventKind::CollectionQueried { next_at: None });
        }
        Phase::Failed(_) => plan.event(EventKind::DuplicateRecorded),
        Phase::Locked(_)
        | Phase::Releasing(..)
        | Phase::Refunding(..)
        | Phase::Released(_)
        | Phase::Refunded(_) => {
            let contradiction = Contradiction::CollectionFailedAfterSuccess;
            plan.event(EventKind::ContradictionRecorded { contradiction });
            plan.query_collection();
        }
    }
}

pub(super) fn funds_received(
    plan: &mut Plan<'_>,
    receipt: Receipt,
    received: Money,
) -> Result<(), Rejection> {
    if !received.is_positive() {
        return Err(Rejection::AmountNotPositive);
    }
    if plan.payment.collected(receipt).is_some() {
        plan.event(EventKind::DuplicateRecorded);
        return Ok(());
    }
    let asked = plan.payment.terms.amount;
    let waiting = match &plan.payment.phase {
        Phase::Pending(_) => true,
        Phase::Failed(failed) => failed.reason != FailureReason::Reversed,
        Phase::Locked(_)
        | Phase::Releasing(..)
        | Phase::Refunding(..)
        | Phase::Released(_)
        | Phase::Refunded(_) => false,
    };
    let unmatched = match received.compare(asked) {
        Err(_) => Some(ReturnReason::CurrencyMismatch),
        Ok(_) if !waiting => Some(ReturnReason::Excess),
        Ok(std::cmp::Ordering::Less) => Some(ReturnReason::Underpaid),
        Ok(_) if !plan.ctx.standing.wants(asked) => Some(ReturnReason::ContractClosed),
        Ok(_) => None,
    };
    match unmatched {
        None => lock(plan, receipt, received),
        Some(reason) => give_back(plan, receipt, received, reason),
    }
    Ok(())
}

/// Locks what was asked for, and returns what is beyond it (row 6).
fn lock(plan: &mut Plan<'_>, receipt: Receipt, received: Money) {
    let deadline_at = plan.ctx.now + plan.ctx.policy.escrow_timeout_ms;
    plan.event(EventKind::Locked {
        receipt,
        received,
        deadline_at,
    });
    plan.notify(&[Party::Buyer, Party::Seller], Notice::PaymentReceived);
    plan.wake_at(deadline_at);
    match received.checked_sub(plan.payment.terms.amount) {
        Ok(rest) if rest.is_positive() => plan.pay(Purpose::Return, rest, None),
        Ok(_) | Err(_) => {}
    }
}

/// Returns money that cannot be held (rows 1, 3, 5 and 7).
fn give_back(plan: &mut Plan<'_>, receipt: Receipt, received: Money, reason: ReturnReason) {
    plan.event(EventKind::FundsUnmatched {
        receipt,
        received,
        reason,
    });
    plan.pay(Purpose::Return, received, None);
    if matches!(plan.payment.phase, Phase::Pending(_)) {
        let reason = match reason {
            ReturnReason::CurrencyMismatch => FailureReason::CurrencyMismatch,
            ReturnReason::Underpaid => FailureReason::Underpaid,
            ReturnReason::ContractClosed | ReturnReason::Excess => FailureReason::ContractClosed,
        };
        plan.event(EventKind::Failed {
            reason,
            query_at: None,
        });
        plan.notify(&[Party::Buyer], Notice::PaymentFailed);
    }
}

pub(super) fn reversed(plan: &mut Plan<'_>, receipt: Receipt) -> Result<(), Rejection> {
    let collected = *plan
        .payment
        .collected(receipt)
        .ok_or(Rejection::UnknownReceipt)?;
    if collected.reversed {
        plan.event(EventKind::DuplicateRecorded);
        return Ok(());
    }
    match &plan.payment.phase {
        Phase::Locked(hold) if collected.held => {
            let lost = paid_on(hold, &collected, plan.payment.terms.amount);
            plan.event(EventKind::Reversed { receipt });
            plan.event(EventKind::Failed {
                reason: FailureReason::Reversed,
                query_at: None,
            });
            plan.notify(&[Party::Buyer, Party::Seller], Notice::PaymentFailed);
            if let Ok(amount) = lost
                && amount.is_positive()
            {
                plan.alarm(Alarm::Clawback { amount });
            }
        }
        Phase::Locked(_)
        | Phase::Pending(_)
        | Phase::Releasing(..)
        | Phase::Refunding(..)
        | Phase::Released(_)
        | Phase::Refunded(_)
        | Phase::Failed(_) => {
            plan.event(EventKind::ClawedBack { receipt });
            plan.alarm(Alarm::Clawback {
                amount: collected.amount,
            });
        }
    }
    Ok(())
}

/// What of this money is no longer held: paid out, or returned because it was more than was asked.
fn paid_on(hold: &Hold, collected: &Collected, asked: Money) -> Result<Money, MoneyError> {
    let paid = hold.released.checked_add(hold.refunded)?;
    paid.checked_add(collected.amount.checked_sub(asked)?)
}
