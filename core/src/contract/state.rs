use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::escrow::{Payment, Phase, Standing, Status};
use crate::json_as_object::json_as_object;
use crate::money::Money;
use crate::party::{Msisdn, Party};
use crate::reference::{ContractId, TransactionId};
use crate::tagged::tagged;
use crate::time::Timestamp;

json_as_object! {
    /// What buyer and seller agree on.
    ///
    /// ```
    /// use amana_core::contract::*;
    /// use amana_core::{Currency, Money, Party, Timestamp};
    /// let terms = ContractTerms {
    ///     contract_id: "AG-1".parse()?,
    ///     buyer: "0712345678".parse()?,
    ///     seller: "0723456789".parse()?,
    ///     mediator: None,
    ///     total: Money::parse("1000", Currency::KES)?,
    ///     expires_at: None,
    /// };
    /// # let now = Timestamp::from_millis(1_772_793_000_000);
    /// let created = decide(now, None, &ContractCommand::Create { terms })?;
    /// assert_eq!(created.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ContractTerms as "ContractTerms", {
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
}

/// The state of a contract.
///
/// ```
/// # use amana_core::contract::*;
/// # use amana_core::{Currency, Money, Party, Timestamp};
/// # let terms = ContractTerms {
/// #     contract_id: "AG-1".parse()?,
/// #     buyer: "0712345678".parse()?,
/// #     seller: "0723456789".parse()?,
/// #     mediator: None,
/// #     total: Money::parse("1000", Currency::KES)?,
/// #     expires_at: None,
/// # };
/// # let now = Timestamp::from_millis(1_772_793_000_000);
/// # let created = decide(now, None, &ContractCommand::Create { terms: terms.clone() })?;
/// # let contract = evolve(None, &created[0]).ok_or("a contract")?;
/// let Contract { terms, created_at, confirmed, payments, .. } = contract;
/// assert_eq!((terms.contract_id.as_str(), created_at), ("AG-1", now));
/// assert!(confirmed.is_empty() && payments.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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

json_as_object! {
    /// How one payment of a contract stands, as far as the contract is concerned.
    ///
    /// ```
    /// # use amana_core::contract::*;
    /// # use amana_core::{Currency, Money, Party, Timestamp};
    /// # let terms = ContractTerms {
    /// #     contract_id: "AG-1".parse()?,
    /// #     buyer: "0712345678".parse()?,
    /// #     seller: "0723456789".parse()?,
    /// #     mediator: None,
    /// #     total: Money::parse("1000", Currency::KES)?,
    /// #     expires_at: None,
    /// # };
    /// # let now = Timestamp::from_millis(1_772_793_000_000);
    /// # let created = decide(now, None, &ContractCommand::Create { terms: terms.clone() })?;
    /// # let contract = evolve(None, &created[0]).ok_or("a contract")?;
    /// use amana_core::escrow::Status;
    /// let share = PaymentShare {
    ///     status: Status::Locked,
    ///     held: contract.terms.total,
    ///     released: Money::zero(Currency::KES),
    ///     disputed: false,
    /// };
    /// let transaction_id = "TXN-AG-1-001".parse()?;
    /// let changed = ContractCommand::PaymentChanged { transaction_id, share };
    /// let events = decide(now, Some(&contract), &changed)?;
    /// let contract = evolve(Some(contract), &events[0]).ok_or("a contract")?;
    /// assert_eq!(contract.status(), ContractStatus::PaymentLocked);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct PaymentShare as "PaymentShare", {
        /// The payment's status.
        pub status: Status,
        /// What it holds.
        pub held: Money,
        /// What it has paid to the seller.
        pub released: Money,
        /// Whether it is contested.
        pub disputed: bool,
    }
}

impl PaymentShare {
    /// The share of this payment in its contract.
    ///
    /// ```
    /// use amana_core::contract::PaymentShare;
    /// use amana_core::escrow::{Event, Status, replay};
    /// let requested: Event = serde_json::from_str(
    ///     r#"{"at":"2026-03-06T10:30:00Z","type":"requested",
    ///         "expires_at":"2026-03-06T10:35:00Z","query_at":"2026-03-06T10:31:00Z",
    ///         "terms":{"transaction_id":"TXN-AG-1-001","buyer":"+254712345678",
    ///             "seller":"+254723456789","amount":{"amount":"1000.00","currency":"KES"}}}"#,
    /// )?;
    /// let share = PaymentShare::of(replay([&requested])?.payment().ok_or("a payment")?);
    /// assert_eq!((share.status, share.held.is_zero()), (Status::Pending, true));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
///
/// ```
/// use amana_core::contract::ContractStatus;
/// assert_eq!(serde_json::to_string(&ContractStatus::PaymentLocked)?, "\"payment_locked\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
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
    ///
    /// ```
    /// # use amana_core::contract::*;
    /// # use amana_core::{Currency, Money, Party, Timestamp};
    /// # let terms = ContractTerms {
    /// #     contract_id: "AG-1".parse()?,
    /// #     buyer: "0712345678".parse()?,
    /// #     seller: "0723456789".parse()?,
    /// #     mediator: None,
    /// #     total: Money::parse("1000", Currency::KES)?,
    /// #     expires_at: None,
    /// # };
    /// # let now = Timestamp::from_millis(1_772_793_000_000);
    /// # let created = decide(now, None, &ContractCommand::Create { terms: terms.clone() })?;
    /// # let contract = evolve(None, &created[0]).ok_or("a contract")?;
    /// assert_eq!(contract.status(), ContractStatus::Pending);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
    ///
    /// ```
    /// # use amana_core::contract::*;
    /// # use amana_core::{Currency, Money, Party, Timestamp};
    /// # let terms = ContractTerms {
    /// #     contract_id: "AG-1".parse()?,
    /// #     buyer: "0712345678".parse()?,
    /// #     seller: "0723456789".parse()?,
    /// #     mediator: None,
    /// #     total: Money::parse("1000", Currency::KES)?,
    /// #     expires_at: None,
    /// # };
    /// # let now = Timestamp::from_millis(1_772_793_000_000);
    /// # let created = decide(now, None, &ContractCommand::Create { terms: terms.clone() })?;
    /// # let contract = evolve(None, &created[0]).ok_or("a contract")?;
    /// use amana_core::escrow::Standing;
    /// let outstanding = contract.terms.total;
    /// assert_eq!(contract.standing("TXN-AG-1-001".parse()?), Standing::Open { outstanding });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
                let taken = others.flat_map(|(_, share)| [share.held, share.released]);
                let taken = total_minor(taken);
                let outstanding = self.terms.total.minor().saturating_sub(taken).max(0);
                let currency = self.terms.total.currency();
                let outstanding = Money::from_minor(outstanding, currency);
                outstanding.map_or(Standing::Closed, |outstanding| Standing::Open {
                    outstanding,
                })
            }
        }
    }

    /// The party that has this phone.
    ///
    /// ```
    /// # use amana_core::contract::*;
    /// # use amana_core::{Currency, Money, Party, Timestamp};
    /// # let terms = ContractTerms {
    /// #     contract_id: "AG-1".parse()?,
    /// #     buyer: "0712345678".parse()?,
    /// #     seller: "0723456789".parse()?,
    /// #     mediator: None,
    /// #     total: Money::parse("1000", Currency::KES)?,
    /// #     expires_at: None,
    /// # };
    /// # let now = Timestamp::from_millis(1_772_793_000_000);
    /// # let created = decide(now, None, &ContractCommand::Create { terms: terms.clone() })?;
    /// # let contract = evolve(None, &created[0]).ok_or("a contract")?;
    /// assert_eq!(contract.party_of("+254723456789".parse()?), Some(Party::Seller));
    /// assert_eq!(contract.party_of("+254700000000".parse()?), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn party_of(&self, phone: Msisdn) -> Option<Party> {
        match phone {
            phone if phone == self.terms.buyer => Some(Party::Buyer),
            phone if phone == self.terms.seller => Some(Party::Seller),
            phone if Some(phone) == self.terms.mediator => Some(Party::Mediator),
            _ => None,
        }
    }

    /// The number the next payment will have.
    ///
    /// ```
    /// # use amana_core::contract::*;
    /// # use amana_core::{Currency, Money, Party, Timestamp};
    /// # let terms = ContractTerms {
    /// #     contract_id: "AG-1".parse()?,
    /// #     buyer: "0712345678".parse()?,
    /// #     seller: "0723456789".parse()?,
    /// #     mediator: None,
    /// #     total: Money::parse("1000", Currency::KES)?,
    /// #     expires_at: None,
    /// # };
    /// # let now = Timestamp::from_millis(1_772_793_000_000);
    /// # let created = decide(now, None, &ContractCommand::Create { terms: terms.clone() })?;
    /// # let contract = evolve(None, &created[0]).ok_or("a contract")?;
    /// assert_eq!(contract.next_attempt(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn next_attempt(&self) -> u16 {
        u16::try_from(self.payments.len() + 1).unwrap_or(u16::MAX)
    }

    fn is_confirmed_by_both(&self) -> bool {
        [Party::Buyer, Party::Seller]
            .iter()
            .all(|party| self.confirmed.contains_key(party))
    }

    fn released(&self) -> i64 {
        total_minor(self.payments.values().map(|share| share.released))
    }
}

/// Many amounts of one currency together; what is beyond every total stays there.
fn total_minor(amounts: impl Iterator<Item = Money>) -> i64 {
    amounts.map(Money::minor).fold(0, i64::saturating_add)
}

/// A fact about a contract, with its instant.
///
/// ```
/// use amana_core::contract::{ContractEvent, ContractEventKind};
/// let event: ContractEvent =
///     serde_json::from_str(r#"{"at":"2026-03-06T10:30:00Z","type":"cancelled"}"#)?;
/// assert_eq!(event.kind, ContractEventKind::Cancelled);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractEvent {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub kind: ContractEventKind,
}

tagged! {
    /// What happened to a contract.
    ///
    /// ```
    /// use amana_core::{Party, contract::ContractEventKind};
    /// let event = ContractEventKind::Confirmed { by: Party::Seller };
    /// assert_eq!(serde_json::to_string(&event)?, r#"{"type":"confirmed","by":"seller"}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum ContractEventKind as "ContractEventKind", {
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
}

/// The contract after one more event; `None` where there is none before `Created`.
///
/// ```
/// # use amana_core::contract::*;
/// # use amana_core::{Currency, Money, Party, Timestamp};
/// # let terms = ContractTerms {
/// #     contract_id: "AG-1".parse()?,
/// #     buyer: "0712345678".parse()?,
/// #     seller: "0723456789".parse()?,
/// #     mediator: None,
/// #     total: Money::parse("1000", Currency::KES)?,
/// #     expires_at: None,
/// # };
/// # let now = Timestamp::from_millis(1_772_793_000_000);
/// # let created = decide(now, None, &ContractCommand::Create { terms: terms.clone() })?;
/// # let contract = evolve(None, &created[0]).ok_or("a contract")?;
/// let confirm = ContractCommand::Confirm { by: Party::Buyer };
/// let events = decide(now, Some(&contract), &confirm)?;
/// let contract = evolve(Some(contract), &events[0]).ok_or("a contract")?;
/// assert!(contract.confirmed.contains_key(&Party::Buyer));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
