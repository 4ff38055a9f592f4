//! A deliberately simple model of the money: a ledger that only knows what came in and went out.

use std::collections::BTreeMap;

use super::*;

/// What the outside world has seen, kept from commands and effects alone.
#[derive(Debug, Default, Clone)]
pub struct Ledger {
    /// Money that arrived, by receipt.
    pub collected: BTreeMap<Receipt, Money>,
    /// Payouts that the host was asked for, by number.
    pub requested: BTreeMap<PayoutId, (Purpose, Money)>,
    /// Payouts the provider reported paid.
    pub paid: Vec<PayoutId>,
    /// Ids of all effects ever asked for.
    pub effect_ids: Vec<EffectId>,
}

impl Ledger {
    /// Books a command that was taken, and what followed.
    pub fn book(&mut self, command: &Command, decision: &Decision) {
        match command.intent {
            Intent::FundsReceived { receipt, amount } => {
                self.collected.entry(receipt).or_insert(amount);
            }
            Intent::PayoutCompleted { payout, .. } if !self.paid.contains(&payout) => {
                self.paid.push(payout);
            }
            _ => {}
        }
        for effect in &decision.effects {
            self.effect_ids.push(effect.id);
            if let EffectKind::RequestPayout {
                payout,
                purpose,
                amount,
                ..
            } = effect.kind
            {
                let before = self.requested.insert(payout, (purpose, amount));
                assert_eq!(before, None, "payout {payout} was requested twice");
            }
        }
    }

    /// Money in KES that arrived.
    pub fn total_in(&self) -> i64 {
        let shillings = self
            .collected
            .values()
            .filter(|m| m.currency() == Currency::KES);
        shillings.map(|money| money.minor()).sum()
    }
}
