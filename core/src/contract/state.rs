use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::escrow::{Payment, Phase, Standing, Status};
use crate::money::Money;
use crate::party::{Msisdn, Party};
use crate::reference::{ContractId, TransactionId};
use crate::time::Timestamp;

/// What buyer and seller agree on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractTerms {
    /// The contract's id, chosen by the host.
    pub contract_id: ContractId,
    /// Who pays.
    pub buyer: Msisdn,
    /// Who delivers.
    pub seller: Msisdn,
    /// Who rules on disputes, if someone was named.
    pub mediator: Option<Msisdn>,
    /// What is to be paid in all.
    pub total: Money,
    /// When it ends if it is not paid by then.
    pub expires_at: Option<Timestamp>,
}

/// The state of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// What was agreed on.
    pub terms: ContractTerms,
    /// When it was created.
    pub created_at: Timestamp,
    /// Which parties have confirmed it, and when.
    pub confirmed: BTreeMap<Party, Timestamp>,
    /// Which parties want to cancel it.
    pub cancel_requested: BTreeMap<Party, Timestamp>,
    /// How its payments stand.
    pub payments: BTreeMap<TransactionId, PaymentShare>,
    /// When it was cancelled.
    pub cancelled_at: Option<Timestamp>,
    /// When it expired.
    pub expired_at: Option<Timestamp>,
}

/// How one payment of a contract stands, as far as the contract is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentShare {
    /// The payment's status.
    pub status: Status,
    /// What it holds.
    pub held: Money,
    /// What it has paid to the seller.
    pub released: Money,
    /// Whether it is contested.
    pub disputed: bool,
}

impl PaymentShare {
    /// The share of this payment in its contract.
    pub fn of(payment: &Payment) -> Self {
        let nothing = Money::zero(payment.terms.amount.currency());
        let hold = payment.phase.hold();
        let disputed = match &payment.phase {
            Phase::Locked(hold) => hold.dispute.is_some(),
            Phase::Pending(_)
            | Phase::Releasing(..)
            | Phase::Refunding(..)
            | Phase::Released(_)
            | Phase::Refunded(_)
            | Phase::Failed(_) => false,
        };
        Self {
            status: payment.status(),
            held: hold.map_or(nothing, |hold| hold.held),
            released: hold.map_or(nothing, |hold| hold.released),
            disputed,
        }
    }
}

/// The eight statuses of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContractStatus {
    /// Not confirmed by both.
    Pending,
    /// Confirmed by both, nothing asked for yet.
    Confirmed,
    /// A payment was requested or a part was paid.
    Active,
    /// Money is held.
    PaymentLocked,
    /// The seller has been paid the total.
    Completed,
    /// A payment is contested.
    Disputed,
    /// Cancelled.
    Cancelled,
    /// Ended without being paid.
    Expired,
}

impl Contract {
    /// Its status, computed from all it holds.
    pub fn status(&self) -> ContractStatus {
        let shares = || self.payments.values();
        if self.cancelled_at.is_some() {
            ContractStatus::Cancelled
        } else if self.expired_at.is_some() {
            ContractStatus::Expired
        } else if self.released() >= self.terms.total.minor() {
            ContractStatus::Completed
        } else if shares().any(|share| share.disputed) {
            ContractStatus::Disputed
        } else if shares().any(|share| share.held.is_positive()) {
            ContractStatus::PaymentLocked
        } else if self.released() > 0 || shares().any(|s| s.status == Status::Pending) {
            ContractStatus::Active
        } else if self.is_confirmed_by_both() {
            ContractStatus::Confirmed
        } else {
            ContractStatus::Pending
        }
    }

    /// What it still wants, for a payment of its own: other payments are counted, this one is not.
    pub fn standing(&self, payment: TransactionId) -> Standing {
        match self.status() {
            ContractStatus::Cancelled | ContractStatus::Expired | ContractStatus::Completed => {
                Standing::Closed
            }
            ContractStatus::Pending
            | ContractStatus::Confirmed
            | ContractStatus::Active
            | ContractStatus::PaymentLocked
            | ContractStatus::Disputed => {
                let others = self.payments.iter().filter(|(id, _)| **id != payment);
                let taken: i64 = others
                    .map(|(_, share)| share.held.minor() + share.released.minor())
                    .sum();
                let outstanding = (self.terms.total.minor() - taken).max(0);
                let currency = self.terms.total.currency();
                let outstanding = Money::from_minor(outstanding, currency);
                outstanding.map_or(Standing::Closed, |outstanding| Standing::Open {
                    outstanding,
                })
            }
        }
    }

    /// The party that has this phone.
    pub fn party_of(&self, phone: Msisdn) -> Option<Party> {
        match phone {
            phone if phone == self.terms.buyer => Some(Party::Buyer),
            phone if phone == self.terms.seller => Some(Party::Seller),
            phone if Some(phone) == self.terms.mediator => Some(Party::Mediator),
            _ => None,
        }
    }

    /// The number the next payment will have.
    pub fn next_attempt(&self) -> u16 {
        u16::try_from(self.payments.len() + 1).unwrap_or(u16::MAX)
    }

    fn is_confirmed_by_both(&self) -> bool {
        [Party::Buyer, Party::Seller]
            .iter()
            .all(|party| self.confirmed.contains_key(party))
    }

    fn released(&self) -> i64 {
        self.payments
            .values()
            .map(|share| share.released.minor())
            .sum()
    }
}

/// A fact about a contract, with its instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractEvent {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub kind: ContractEventKind,
}

/// What happened to a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ContractEventKind {
    /// It was made.
    Created {
        /// What was agreed on.
        terms: ContractTerms,
    },
    /// A party has confirmed it.
    Confirmed {
        /// Who.
        by: Party,
    },
    /// A party wants to cancel it; the other has to agree.
    CancelRequested {
        /// Who.
        by: Party,
    },
    /// It is cancelled.
    Cancelled,
    /// It has ended without being paid.
    Expired,
    /// A payment of it has changed.
    PaymentChanged {
        /// Which.
        transaction_id: TransactionId,
        /// How it stands now.
        share: PaymentShare,
    },
}

/// The contract after one more event; `None` where there is none before `Created`.
pub fn evolve(contract: Option<Contract>, event: &ContractEvent) -> Option<Contract> {
    if let ContractEventKind::Created { terms } = &event.kind {
        return Some(Contract {
            terms: terms.clone(),
            created_at: event.at,
            confirmed: BTreeMap::new(),
            cancel_requested: BTreeMap::new(),
            payments: BTreeMap::new(),
            cancelled_at: None,
            expired_at: None,
        });
    }
    let mut contract = contract?;
    match &event.kind {
        ContractEventKind::Created { .. } => {}
        ContractEventKind::Confirmed { by } => {
            contract.confirmed.insert(*by, event.at);
        }
        ContractEventKind::CancelRequested { by } => {
            contract.cancel_requested.insert(*by, event.at);
        }
        ContractEventKind::Cancelled => contract.cancelled_at = Some(event.at),
        ContractEventKind::Expired => contract.expired_at = Some(event.at),
        ContractEventKind::PaymentChanged {
            transaction_id,
            share,
        } => {
            contract.payments.insert(*transaction_id, *share);
        }
    }
    Some(contract)
}
