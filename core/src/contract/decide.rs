use std::fmt;

use super::state::{
    Contract, ContractEvent, ContractEventKind, ContractStatus, ContractTerms, PaymentShare,
};
use crate::error::{Code, Coded, FieldPath};
use crate::escrow::Status;
use crate::money::Money;
use crate::party::Party;
use crate::reference::TransactionId;
use crate::time::Timestamp;

/// What is wanted of a contract.
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
/// let cancel = ContractCommand::Cancel { by: Party::Buyer };
/// let events = decide(now, Some(&contract), &cancel)?;
/// assert_eq!(events[0].kind, ContractEventKind::Cancelled);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContractCommand {
    /// Make it.
    Create {
        /// What was agreed on.
        terms: ContractTerms,
    },
    /// A party confirms it.
    Confirm {
        /// Who: buyer or seller.
        by: Party,
    },
    /// A party declines it or wants to cancel it. Before money is locked either party can; after
    /// that both have to, or the mediator.
    Cancel {
        /// Who.
        by: Party,
    },
    /// A payment of it has changed.
    PaymentChanged {
        /// Which.
        transaction_id: TransactionId,
        /// How it stands now.
        share: PaymentShare,
    },
    /// Time has passed.
    Wake,
}

/// The events that follow from a command, or a refusal. Changes nothing.
///
/// After `Cancelled`, the host issues `CancelContract` to every payment of the contract that is not
/// over.
///
/// ```
/// use amana_core::contract::{ContractCommand, ContractRejection, decide};
/// # let now = amana_core::Timestamp::from_millis(0);
/// assert_eq!(decide(now, None, &ContractCommand::Wake), Err(ContractRejection::NotFound));
/// ```
///
/// # Errors
/// [`ContractRejection`]; if several apply, the first in its order.
pub fn decide(
    now: Timestamp,
    contract: Option<&Contract>,
    command: &ContractCommand,
) -> Result<Vec<ContractEvent>, ContractRejection> {
    let kinds = match (contract, command) {
        (None, ContractCommand::Create { terms }) => create(now, terms)?,
        (Some(_), ContractCommand::Create { .. }) => return Err(ContractRejection::AlreadyExists),
        (None, _) => return Err(ContractRejection::NotFound),
        (
            Some(contract),
            ContractCommand::PaymentChanged {
                transaction_id,
                share,
            },
        ) => payment_changed(contract, *transaction_id, *share)?,
        (Some(contract), ContractCommand::Confirm { by }) => confirm(contract, *by)?,
        (Some(contract), ContractCommand::Cancel { by }) => cancel(contract, *by)?,
        (Some(contract), ContractCommand::Wake) => expire(now, contract)?,
    };
    Ok(kinds
        .into_iter()
        .map(|kind| ContractEvent { at: now, kind })
        .collect())
}

type Kinds = Result<Vec<ContractEventKind>, ContractRejection>;

fn create(now: Timestamp, terms: &ContractTerms) -> Kinds {
    if !terms.total.is_positive() {
        return Err(ContractRejection::TotalNotPositive);
    }
    if terms.buyer == terms.seller {
        return Err(ContractRejection::SameParty);
    }
    if terms
        .mediator
        .is_some_and(|mediator| [terms.buyer, terms.seller].contains(&mediator))
    {
        return Err(ContractRejection::MediatorIsParty);
    }
    if terms.expires_at.is_some_and(|expires_at| expires_at <= now) {
        return Err(ContractRejection::ExpiryPast);
    }
    Ok(vec![ContractEventKind::Created {
        terms: terms.clone(),
    }])
}

/// News of a payment are taken at any time: money may move after the contract is over.
fn payment_changed(
    contract: &Contract,
    transaction_id: TransactionId,
    share: PaymentShare,
) -> Kinds {
    let currency = contract.terms.total.currency();
    if transaction_id.contract() != contract.terms.contract_id {
        return Err(ContractRejection::ForeignPayment);
    }
    if [share.held, share.released].map(Money::currency) != [currency; 2] {
        return Err(ContractRejection::CurrencyMismatch);
    }
    if contract.payments.get(&transaction_id) == Some(&share) {
        return Ok(Vec::new());
    }
    Ok(vec![ContractEventKind::PaymentChanged {
        transaction_id,
        share,
    }])
}

fn open(contract: &Contract) -> Result<(), ContractRejection> {
    match contract.status() {
        status @ (ContractStatus::Cancelled
        | ContractStatus::Expired
        | ContractStatus::Completed) => Err(ContractRejection::Closed { status }),
        ContractStatus::Pending
        | ContractStatus::Confirmed
        | ContractStatus::Active
        | ContractStatus::PaymentLocked
        | ContractStatus::Disputed => Ok(()),
    }
}

fn confirm(contract: &Contract, by: Party) -> Kinds {
    open(contract)?;
    if by == Party::Mediator {
        return Err(ContractRejection::NotAParty);
    }
    if contract.confirmed.contains_key(&by) {
        return Err(ContractRejection::AlreadyConfirmed { by });
    }
    Ok(vec![ContractEventKind::Confirmed { by }])
}

fn cancel(contract: &Contract, by: Party) -> Kinds {
    open(contract)?;
    let money = contract
        .payments
        .values()
        .any(|s| s.status == Status::Locked);
    if !money {
        return Ok(vec![ContractEventKind::Cancelled]);
    }
    if contract.payments.values().any(|share| share.disputed) {
        return Err(ContractRejection::Disputed);
    }
    let agreed = contract.cancel_requested.keys().any(|party| *party != by);
    if by == Party::Mediator || agreed {
        return Ok(vec![ContractEventKind::Cancelled]);
    }
    if contract.cancel_requested.contains_key(&by) {
        return Err(ContractRejection::CancelAlreadyRequested { by });
    }
    Ok(vec![ContractEventKind::CancelRequested { by }])
}

fn expire(now: Timestamp, contract: &Contract) -> Kinds {
    open(contract)?;
    let due = contract
        .terms
        .expires_at
        .is_some_and(|expires_at| expires_at <= now);
    let busy = contract
        .payments
        .values()
        .any(|share| matches!(share.status, Status::Pending | Status::Locked));
    if !due || busy {
        return Err(ContractRejection::NothingDue);
    }
    Ok(vec![ContractEventKind::Expired])
}

/// Why a command to a contract was refused. Nothing has changed.
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
/// use amana_core::Coded;
/// let again = ContractCommand::Create { terms };
/// let refused = decide(now, Some(&contract), &again).unwrap_err();
/// assert_eq!(refused, ContractRejection::AlreadyExists);
/// assert_eq!(refused.code().as_str(), "contract.already_exists");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContractRejection {
    /// There is no such contract.
    NotFound,
    /// There is one of this id already.
    AlreadyExists,
    /// The total is not more than nothing.
    TotalNotPositive,
    /// Buyer and seller have the same phone.
    SameParty,
    /// The mediator has the buyer's or the seller's phone.
    MediatorIsParty,
    /// It would have expired already.
    ExpiryPast,
    /// The payment is not one of this contract's.
    ForeignPayment,
    /// The payment is in another currency than the contract.
    CurrencyMismatch,
    /// It is over.
    Closed {
        /// How it ended.
        status: ContractStatus,
    },
    /// Only buyer and seller confirm.
    NotAParty,
    /// The party has confirmed already.
    AlreadyConfirmed {
        /// Who.
        by: Party,
    },
    /// A payment is contested; the mediator has to rule first.
    Disputed,
    /// The party has asked for it already; the other has to agree.
    CancelAlreadyRequested {
        /// Who.
        by: Party,
    },
    /// Nothing is due.
    NothingDue,
}

impl Coded for ContractRejection {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::ContractNotFound,
            Self::AlreadyExists => Code::ContractAlreadyExists,
            Self::TotalNotPositive => Code::ContractTotalNotPositive,
            Self::SameParty => Code::ContractSameParty,
            Self::MediatorIsParty => Code::ContractMediatorIsParty,
            Self::ExpiryPast => Code::ContractExpiryPast,
            Self::ForeignPayment => Code::ContractForeignPayment,
            Self::CurrencyMismatch => Code::CurrencyMismatch,
            Self::Closed { .. } => Code::ContractClosed,
            Self::NotAParty => Code::ContractNotAParty,
            Self::AlreadyConfirmed { .. } => Code::ContractAlreadyConfirmed,
            Self::Disputed => Code::ContractDisputed,
            Self::CancelAlreadyRequested { .. } => Code::ContractCancelAlreadyRequested,
            Self::NothingDue => Code::ContractNothingDue,
        }
    }

    fn field(&self) -> Option<FieldPath> {
        match self {
            Self::AlreadyExists => Some(FieldPath::new("/contract_id")),
            Self::TotalNotPositive => Some(FieldPath::new("/total_amount")),
            Self::SameParty => Some(FieldPath::new("/seller_phone")),
            Self::MediatorIsParty => Some(FieldPath::new("/mediator_phone")),
            Self::ExpiryPast => Some(FieldPath::new("/expires_at")),
            Self::ForeignPayment => Some(FieldPath::new("/transaction_id")),
            Self::CurrencyMismatch => Some(FieldPath::new("/currency")),
            Self::NotFound
            | Self::Closed { .. }
            | Self::NotAParty
            | Self::AlreadyConfirmed { .. }
            | Self::Disputed
            | Self::CancelAlreadyRequested { .. }
            | Self::NothingDue => None,
        }
    }
}

impl fmt::Display for ContractRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().sentence())
    }
}

impl std::error::Error for ContractRejection {}
