use arrayvec::ArrayVec;

use super::{Context, Decision};
use crate::escrow::effect::{Alarm, Effect, EffectId, EffectKind, Notice};
use crate::escrow::event::{Cause, Event, EventKind};
use crate::escrow::state::{Hold, Payment, Payout, PayoutId, Purpose};
use crate::money::Money;
use crate::party::Party;
use crate::reference::TransactionId;
use crate::time::Timestamp;

/// A decision in the making.
pub(super) struct Plan<'a> {
    pub ctx: &'a Context<'a>,
    pub payment: &'a Payment,
    writer: Writer,
    next_payout: PayoutId,
}

/// Collects events and effects and derives the ids of the effects.
pub(super) struct Writer {
    transaction_id: TransactionId,
    version: u32,
    now: Timestamp,
    decision: Decision,
}

impl Writer {
    pub(super) fn new(transaction_id: TransactionId, version: u32, now: Timestamp) -> Self {
        let decision = Decision {
            events: ArrayVec::new(),
            effects: ArrayVec::new(),
        };
        Self {
            transaction_id,
            version,
            now,
            decision,
        }
    }

    pub(super) fn event(&mut self, kind: EventKind) {
        // INVARIANT: no rule writes more than `EVENTS_MAX` events; the exhaustive walk proves it.
        self.decision.events.push(Event { at: self.now, kind });
        self.version += 1;
    }

    pub(super) fn effect(&mut self, kind: EffectKind) {
        let index = u8::try_from(self.decision.effects.len()).unwrap_or(u8::MAX);
        let id = EffectId {
            transaction_id: self.transaction_id,
            version: self.version,
            index,
        };
        self.decision.effects.push(Effect { id, kind });
    }

    pub(super) fn into_decision(self) -> Decision {
        self.decision
    }
}

impl<'a> Plan<'a> {
    pub(super) fn new(ctx: &'a Context<'a>, payment: &'a Payment) -> Self {
        let writer = Writer::new(payment.terms.transaction_id, payment.version, ctx.now);
        Self {
            ctx,
            payment,
            writer,
            next_payout: payment.next_payout(),
        }
    }

    pub(super) fn into_decision(self) -> Decision {
        self.writer.into_decision()
    }

    /// Whether there is no room for one more payout's question or retry (used by `wake`).
    ///
    /// The events run out before the effects: each payout adds one event and two effects, and what
    /// comes before them is at most one event with three effects.
    pub(super) fn is_nearly_full(&self) -> bool {
        self.writer.decision.events.len() + 2 > Decision::EVENTS_MAX
    }

    pub(super) fn is_empty(&self) -> bool {
        self.writer.decision.events.is_empty()
    }

    pub(super) fn event(&mut self, kind: EventKind) {
        self.writer.event(kind);
    }

    pub(super) fn effect(&mut self, kind: EffectKind) {
        self.writer.effect(kind);
    }

    pub(super) fn notify(&mut self, parties: &[Party], notice: Notice) {
        for &party in parties {
            self.effect(EffectKind::Notify { party, notice });
        }
    }

    pub(super) fn alarm(&mut self, alarm: Alarm) {
        self.effect(EffectKind::RaiseAlarm { alarm });
    }

    pub(super) fn wake_at(&mut self, at: Timestamp) {
        self.effect(EffectKind::WakeAt { at });
    }

    pub(super) fn query_collection(&mut self) {
        let provider_reference = self.payment.provider_reference;
        self.effect(EffectKind::QueryCollection { provider_reference });
    }

    /// Decides who gets what of the hold, and starts the first payout.
    pub(super) fn settle(&mut self, cause: Cause, release: Money, refund: Money) {
        self.event(EventKind::SettlementDecided {
            cause,
            release,
            refund,
        });
        self.pay_due(release, refund);
    }

    /// Everything that is held goes back to the buyer.
    pub(super) fn refund_all(&mut self, cause: Cause, hold: &Hold) {
        self.settle(cause, Money::zero(hold.held.currency()), hold.held);
    }

    /// Starts the payout that is due next: first the seller's part, then the buyer's.
    pub(super) fn pay_due(&mut self, release: Money, refund: Money) {
        if release.is_positive() {
            self.pay(Purpose::Release, release, None);
        } else if refund.is_positive() {
            self.pay(Purpose::Refund, refund, None);
        }
    }

    /// Starts a payout.
    pub(super) fn pay(&mut self, purpose: Purpose, amount: Money, retry_of: Option<PayoutId>) {
        let payout = self.next_payout;
        self.next_payout = PayoutId(payout.0.saturating_add(1));
        let query_at = self.ctx.now + self.ctx.policy.query_interval(0);
        self.event(EventKind::PayoutStarted {
            payout,
            purpose,
            amount,
            retry_of,
            query_at,
        });
        let terms = &self.payment.terms;
        let payee = match purpose {
            Purpose::Release => terms.seller,
            Purpose::Refund | Purpose::Return => terms.buyer,
        };
        self.effect(EffectKind::RequestPayout {
            payout,
            purpose,
            payee,
            amount,
        });
        self.wake_at(query_at);
    }

    /// Asks the provider about a payout, and plans the next question.
    pub(super) fn query_payout(&mut self, id: PayoutId, payout: &Payout) {
        let asked = payout.query.count.saturating_add(1);
        let next_at = self.ctx.now + self.ctx.policy.query_interval(asked);
        self.event(EventKind::PayoutQueried {
            payout: id,
            next_at,
        });
        let provider_reference = payout.provider_reference;
        self.effect(EffectKind::QueryPayout {
            payout: id,
            provider_reference,
        });
        self.wake_at(next_at);
    }
}
