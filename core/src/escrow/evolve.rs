use std::fmt;

use super::event::{Cause, Event, EventKind};
use super::state::{
    Collected, Confirmation, Dispute, Due, Failed, Hold, Payment, Payout, PayoutId, PayoutStatus,
    Pending, Phase, Purpose, Query, State, Terms,
};
use crate::error::{Code, Coded};
use crate::money::Money;
use crate::reference::Receipt;
use crate::time::Timestamp;

/// The state after one more event. All change is here; there are no rules here.
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
/// let state = evolve(State::Absent, &decision.events[0])?;
/// assert_eq!(state.payment().unwrap().status(), Status::Pending);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`CorruptHistory`] if the event cannot follow on the state, which means that the history was not
/// made by [`decide`](super::decide) or is not whole. [`replay`] shows one.
pub fn evolve(state: State, event: &Event) -> Result<State, CorruptHistory> {
    let mut payment = match (state, &event.kind) {
        (
            State::Absent,
            EventKind::Requested {
                terms,
                expires_at,
                query_at,
            },
        ) => {
            return Ok(State::Present(requested(
                *terms,
                *expires_at,
                *query_at,
                event.at,
            )));
        }
        (State::Present(payment), _) => payment,
        (State::Absent, _) => {
            return Err(CorruptHistory {
                version: 0,
                event: event.kind.name(),
            });
        }
    };
    match payment.apply(event) {
        Some(()) => {
            payment.version += 1;
            Ok(State::Present(payment))
        }
        None => Err(CorruptHistory {
            version: payment.version,
            event: event.kind.name(),
        }),
    }
}

/// The state after a whole history. Creates no effect, so a replay can never pay.
///
/// # Errors
/// [`CorruptHistory`] at the first event that cannot follow on those before it.
///
/// ```
/// use amana_core::escrow::{Event, State, replay};
/// assert_eq!(replay([])?, State::Absent);
/// let released: Event = serde_json::from_str(r#"{"at":"2026-03-06T10:30:00Z","type":"released"}"#)?;
/// let corrupt = replay([&released]).unwrap_err();
/// assert_eq!(corrupt.to_string(), "event `released` cannot follow on 0 events before it");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn replay<'a>(events: impl IntoIterator<Item = &'a Event>) -> Result<State, CorruptHistory> {
    events.into_iter().try_fold(State::Absent, evolve)
}

fn requested(terms: Terms, expires_at: Timestamp, query_at: Timestamp, at: Timestamp) -> Payment {
    Payment {
        terms,
        requested_at: at,
        version: 1,
        provider_reference: None,
        collected: Vec::new(),
        payouts: Vec::new(),
        phase: Phase::Pending(Pending {
            expires_at,
            query: Query {
                next_at: query_at,
                count: 0,
            },
        }),
    }
}

impl Payment {
    /// Applies one event; `None` if it cannot follow on the state.
    fn apply(&mut self, event: &Event) -> Option<()> {
        let at = event.at;
        match &event.kind {
            EventKind::Requested { .. } => return None,
            EventKind::DuplicateRecorded | EventKind::ContradictionRecorded { .. } => {}
            EventKind::CollectionAcknowledged { provider_reference } => {
                self.provider_reference = Some(*provider_reference);
            }
            EventKind::CollectionQueried { next_at } => self.collection_queried(*next_at)?,
            EventKind::Locked {
                receipt,
                received,
                deadline_at,
            } => {
                self.lock(*receipt, *received, *deadline_at, at)?;
            }
            EventKind::FundsUnmatched {
                receipt, received, ..
            } => {
                self.collect(*receipt, *received, false)?;
            }
            EventKind::Failed { reason, query_at } => {
                self.forget_retries();
                let query = query_at.map(|next_at| Query { next_at, count: 0 });
                self.phase = Phase::Failed(Failed {
                    reason: *reason,
                    failed_at: at,
                    query,
                });
            }
            EventKind::DeliveryConfirmed {
                channel,
                portion,
                deadline_at,
            } => {
                let hold = self.locked()?;
                let confirmation = Confirmation {
                    confirmed_at: at,
                    channel: *channel,
                    portion: *portion,
                };
                hold.delivery = Some(confirmation);
                hold.deadline_at = *deadline_at;
            }
            EventKind::Accepted { channel } => {
                self.locked()?.acceptance = Some(confirmation(at, *channel));
            }
            EventKind::RefundRequested { channel } => {
                self.locked()?.refund_requested = Some(confirmation(at, *channel));
            }
            EventKind::DisputeOpened { by, reason } => {
                self.forget_retries();
                let hold = self.locked()?;
                hold.due = None;
                hold.dispute = Some(Dispute {
                    by: *by,
                    reason: reason.clone(),
                    opened_at: at,
                });
            }
            EventKind::DisputeWithdrawn | EventKind::DisputeRuled { .. } => {
                self.locked()?.dispute = None;
            }
            EventKind::SettlementDecided {
                cause,
                release,
                refund,
            } => {
                self.forget_retries();
                let hold = self.locked()?;
                hold.dispute = None;
                hold.due = Some(Due {
                    release: *release,
                    refund: *refund,
                    ruled: *cause == Cause::Ruled,
                });
            }
            EventKind::PayoutStarted {
                payout,
                purpose,
                amount,
                retry_of,
                query_at,
            } => {
                self.start_payout(*payout, *purpose, *amount, *retry_of, *query_at)?;
            }
            EventKind::PayoutAcknowledged {
                payout,
                provider_reference,
            } => {
                self.payout_mut(*payout)?.provider_reference = Some(*provider_reference);
            }
            EventKind::PayoutQueried { payout, next_at } => {
                let query = &mut self.payout_mut(*payout)?.query;
                *query = Query {
                    next_at: *next_at,
                    count: query.count.saturating_add(1),
                };
            }
            EventKind::PayoutCompleted { payout, receipt } => {
                self.complete_payout(*payout, *receipt)?;
            }
            EventKind::PayoutDeclined { payout, retry_at } => {
                self.decline_payout(*payout, *retry_at)?;
            }
            EventKind::DoublePayoutDetected { payout, receipt } => {
                let payout = self.payout_mut(*payout)?;
                payout.status = PayoutStatus::Excess;
                payout.receipt = Some(*receipt);
                payout.retry_at = None;
            }
            EventKind::Released => self.settle(at, Phase::Released)?,
            EventKind::Refunded => self.settle(at, Phase::Refunded)?,
            EventKind::Reversed { receipt } => {
                self.reverse(*receipt)?;
            }
            EventKind::ClawedBack { receipt } => {
                let was_held = self.reverse(*receipt)?;
                if let Phase::Releasing(hold, _) | Phase::Refunding(hold, _) = &mut self.phase {
                    hold.reversed |= was_held;
                }
            }
        }
        Some(())
    }

    fn collection_queried(&mut self, next_at: Option<Timestamp>) -> Option<()> {
        let count = |query: &Query| query.count.saturating_add(1);
        match &mut self.phase {
            Phase::Pending(pending) => {
                pending.query = Query {
                    next_at: next_at?,
                    count: count(&pending.query),
                };
            }
            Phase::Failed(failed) => {
                let asked = failed.query.as_ref().map_or(0, count);
                failed.query = next_at.map(|next_at| Query {
                    next_at,
                    count: asked,
                });
            }
            Phase::Locked(_)
            | Phase::Releasing(..)
            | Phase::Refunding(..)
            | Phase::Released(_)
            | Phase::Refunded(_) => {}
        }
        Some(())
    }

    fn lock(
        &mut self,
        receipt: Receipt,
        received: Money,
        deadline_at: Timestamp,
        at: Timestamp,
    ) -> Option<()> {
        if !matches!(self.phase, Phase::Pending(_) | Phase::Failed(_)) {
            return None;
        }
        self.collect(receipt, received, true)?;
        let nothing = Money::zero(self.terms.amount.currency());
        self.phase = Phase::Locked(Hold {
            held: self.terms.amount,
            released: nothing,
            refunded: nothing,
            locked_at: at,
            deadline_at,
            delivery: None,
            acceptance: None,
            refund_requested: None,
            dispute: None,
            due: None,
            reversed: false,
            settled_at: None,
        });
        Some(())
    }

    fn collect(&mut self, receipt: Receipt, amount: Money, held: bool) -> Option<()> {
        if self.collected(receipt).is_some() {
            return None;
        }
        self.collected.push(Collected {
            receipt,
            amount,
            held,
            reversed: false,
        });
        Some(())
    }

    fn start_payout(
        &mut self,
        id: PayoutId,
        purpose: Purpose,
        amount: Money,
        retry_of: Option<PayoutId>,
        query_at: Timestamp,
    ) -> Option<()> {
        if id != self.next_payout() {
            return None;
        }
        let mut attempt = 1;
        if let Some(declined) = retry_of {
            let declined = self.payout_mut(declined)?;
            attempt = declined.attempt.saturating_add(1);
            declined.retry_at = None;
            declined.retried_by = Some(id);
        }
        self.payouts.push(Payout {
            purpose,
            amount,
            status: PayoutStatus::Open,
            provider_reference: None,
            query: Query {
                next_at: query_at,
                count: 0,
            },
            attempt,
            retry_at: None,
            retried_by: None,
            receipt: None,
        });
        match purpose {
            Purpose::Return => Some(()),
            Purpose::Release => self.move_hold(|hold| Phase::Releasing(hold, id)),
            Purpose::Refund => self.move_hold(|hold| Phase::Refunding(hold, id)),
        }
    }

    fn complete_payout(&mut self, id: PayoutId, receipt: Receipt) -> Option<()> {
        let payout = self.payout_mut(id)?;
        payout.status = PayoutStatus::Completed;
        payout.receipt = Some(receipt);
        payout.retry_at = None;
        let (purpose, amount) = (payout.purpose, payout.amount);
        if purpose == Purpose::Return {
            return Some(());
        }
        // If this one was paid late, what is still due is paid anew and not by a retry.
        self.forget_retries();
        self.unlock_payout(id);
        let hold = self.locked()?;
        let (held, due) = hold.after_payment(purpose, amount)?;
        (hold.held, hold.due) = (held, due);
        let paid = match purpose {
            Purpose::Release => &mut hold.released,
            Purpose::Refund | Purpose::Return => &mut hold.refunded,
        };
        *paid = paid.checked_add(amount).ok()?;
        if hold.due.is_none() {
            // What remains held waits for a new delivery and a new acceptance.
            (hold.delivery, hold.acceptance) = (None, None);
        }
        Some(())
    }

    fn decline_payout(&mut self, id: PayoutId, retry_at: Option<Timestamp>) -> Option<()> {
        let payout = self.payout_mut(id)?;
        payout.status = PayoutStatus::Declined;
        payout.retry_at = retry_at;
        self.unlock_payout(id);
        Some(())
    }

    /// Back to locked, if this is the payout under way.
    fn unlock_payout(&mut self, id: PayoutId) {
        if matches!(self.phase, Phase::Releasing(_, p) | Phase::Refunding(_, p) if p == id) {
            let _ = self.move_hold(Phase::Locked);
        }
    }

    fn settle(&mut self, at: Timestamp, phase: fn(Hold) -> Phase) -> Option<()> {
        self.forget_retries();
        let hold = self.locked()?;
        hold.settled_at = Some(at);
        hold.dispute = None;
        if !hold.held.is_zero() {
            return None;
        }
        self.move_hold(phase)
    }

    /// Marks money as taken back, and says whether it was the held money.
    fn reverse(&mut self, receipt: Receipt) -> Option<bool> {
        let collected = self.collected.iter_mut().find(|c| c.receipt == receipt)?;
        collected.reversed = true;
        Some(collected.held)
    }

    /// What was decided anew, contested or ended is not paid by itself any more.
    fn forget_retries(&mut self) {
        for payout in &mut self.payouts {
            if payout.purpose != Purpose::Return {
                payout.retry_at = None;
            }
        }
    }

    fn locked(&mut self) -> Option<&mut Hold> {
        match &mut self.phase {
            Phase::Locked(hold) => Some(hold),
            Phase::Pending(_)
            | Phase::Releasing(..)
            | Phase::Refunding(..)
            | Phase::Released(_)
            | Phase::Refunded(_)
            | Phase::Failed(_) => None,
        }
    }

    fn payout_mut(&mut self, id: PayoutId) -> Option<&mut Payout> {
        self.payouts.get_mut(usize::from(id.0).checked_sub(1)?)
    }

    /// Moves the hold into another phase; `None` if nothing was ever held.
    fn move_hold(&mut self, into: impl FnOnce(Hold) -> Phase) -> Option<()> {
        self.phase = into(self.phase.hold()?.clone());
        Some(())
    }
}

impl Hold {
    /// What is still held and still due once this much of it is paid; `None` if that is more than
    /// is held.
    pub(super) fn after_payment(
        &self,
        purpose: Purpose,
        amount: Money,
    ) -> Option<(Money, Option<Due>)> {
        let held = self
            .held
            .checked_sub(amount)
            .ok()
            .filter(|held| held.minor() >= 0)?;
        let due = self.due.and_then(|due| {
            let (release, refund) = match purpose {
                Purpose::Release => (less(due.release, amount)?, due.refund),
                Purpose::Refund | Purpose::Return => (due.release, less(due.refund, amount)?),
            };
            let release = at_most(release, held);
            let refund = at_most(refund, held.checked_sub(release).ok()?);
            (!release.is_zero() || !refund.is_zero()).then_some(Due {
                release,
                refund,
                ..due
            })
        });
        Some((held, due))
    }
}

/// What is left to pay once this much is paid. That may be less or more than what is due, if it is
/// an earlier payout that was paid late.
fn less(due: Money, paid: Money) -> Option<Money> {
    let nothing = Money::zero(due.currency());
    let left = due.checked_sub(paid).ok()?;
    Some(if left.is_positive() { left } else { nothing })
}

const fn at_most(due: Money, most: Money) -> Money {
    if due.minor() > most.minor() {
        most
    } else {
        due
    }
}

const fn confirmation(confirmed_at: Timestamp, channel: super::Channel) -> Confirmation {
    Confirmation {
        confirmed_at,
        channel,
        portion: None,
    }
}

/// An event that cannot follow on the events before it.
///
/// ```
/// use amana_core::escrow::{Event, State, evolve};
/// let event = r#"{"at":"2026-03-06T10:30:00Z","type":"accepted","channel":"sms"}"#;
/// let error = evolve(State::Absent, &serde_json::from_str::<Event>(event)?).unwrap_err();
/// assert_eq!((error.version, error.event), (0, "accepted"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CorruptHistory {
    /// How many events were applied before it.
    pub version: u32,
    /// The name of the event.
    pub event: &'static str,
}

impl Coded for CorruptHistory {
    fn code(&self) -> Code {
        Code::EscrowCorruptHistory
    }
}

impl fmt::Display for CorruptHistory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "event `{}` cannot follow on {} events before it",
            self.event, self.version
        )
    }
}

impl std::error::Error for CorruptHistory {}
