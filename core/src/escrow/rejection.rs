use std::fmt;

use super::command::{Actor, IntentKind};
use super::state::{PayoutId, Status};
use crate::error::{Code, Coded, FieldPath};
use crate::money::Money;
use crate::party::Party;
use crate::time::Timestamp;

/// Why a command was refused. Nothing has changed.
///
/// If several apply, the first in this order is answered.
///
/// ```
/// use amana_core::Coded;
/// use amana_core::escrow::{Rejection, Status};
/// let refused = Rejection::Final { status: Status::Released };
/// assert_eq!(refused.code().as_str(), "escrow.final");
/// assert_eq!(refused.to_string(), "the payment is final: it is released");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// This actor may not do this.
    NotPermitted {
        /// Who tried.
        actor: Actor,
        /// What.
        intent: IntentKind,
    },
    /// Nothing was requested yet.
    NotRequested,
    /// The payment exists already.
    AlreadyRequested,
    /// The payment is over.
    Final {
        /// How it ended.
        status: Status,
    },
    /// The money is not there yet.
    NotLocked {
        /// How the payment stands.
        status: Status,
    },
    /// The amount is not more than nothing.
    AmountNotPositive,
    /// The amount is outside the policy's limits.
    AmountOutsideLimits {
        /// The least.
        least: Money,
        /// The most.
        most: Money,
    },
    /// The amount is in another currency than the payment.
    CurrencyMismatch,
    /// More than is held.
    AmountExceedsHeld {
        /// What is held.
        held: Money,
    },
    /// Buyer and seller are the same phone.
    SameParty,
    /// The contract is cancelled, completed or expired.
    ContractClosed,
    /// The contract does not need that much any more.
    AmountExceedsContract {
        /// What it still needs.
        outstanding: Money,
    },
    /// A payout is under way; it cannot be called back.
    PayoutInFlight {
        /// Which.
        payout: PayoutId,
    },
    /// It was already decided who gets what.
    AlreadyDecided,
    /// The party has confirmed already.
    AlreadyConfirmed {
        /// Who.
        party: Party,
    },
    /// The buyer has asked for the money back already.
    RefundAlreadyRequested,
    /// A dispute is open.
    DisputeOpen,
    /// No dispute is open.
    NoDispute,
    /// Only the opener can take a dispute back.
    NotTheOpener,
    /// A reason is needed, of at most [`Intent::REASON_MAX`](super::Intent::REASON_MAX) bytes.
    ReasonMissing,
    /// There is no payout of this number.
    UnknownPayout {
        /// Which.
        payout: PayoutId,
    },
    /// No payout waits to be tried again.
    NothingToRetry,
    /// No money has arrived under this receipt.
    UnknownReceipt,
    /// Nothing is due.
    NothingDue {
        /// When something is, if anything is.
        next_at: Option<Timestamp>,
    },
}

impl Coded for Rejection {
    fn code(&self) -> Code {
        match self {
            Self::NotPermitted { .. } => Code::EscrowNotPermitted,
            Self::NotRequested => Code::EscrowNotRequested,
            Self::AlreadyRequested => Code::EscrowAlreadyRequested,
            Self::Final { .. } => Code::EscrowFinal,
            Self::NotLocked { .. } => Code::EscrowNotLocked,
            Self::AmountNotPositive => Code::EscrowAmountNotPositive,
            Self::AmountOutsideLimits { .. } => Code::EscrowAmountOutsideLimits,
            Self::CurrencyMismatch => Code::CurrencyMismatch,
            Self::AmountExceedsHeld { .. } => Code::EscrowAmountExceedsHeld,
            Self::SameParty => Code::EscrowSameParty,
            Self::ContractClosed => Code::EscrowContractClosed,
            Self::AmountExceedsContract { .. } => Code::EscrowAmountExceedsContract,
            Self::PayoutInFlight { .. } => Code::EscrowPayoutInFlight,
            Self::AlreadyDecided => Code::EscrowAlreadyDecided,
            Self::AlreadyConfirmed { .. } => Code::EscrowAlreadyConfirmed,
            Self::RefundAlreadyRequested => Code::EscrowRefundAlreadyRequested,
            Self::DisputeOpen => Code::EscrowDisputeOpen,
            Self::NoDispute => Code::EscrowNoDispute,
            Self::NotTheOpener => Code::EscrowNotTheOpener,
            Self::ReasonMissing => Code::EscrowReasonMissing,
            Self::UnknownPayout { .. } => Code::EscrowUnknownPayout,
            Self::NothingToRetry => Code::EscrowNothingToRetry,
            Self::UnknownReceipt => Code::EscrowUnknownReceipt,
            Self::NothingDue { .. } => Code::EscrowNothingDue,
        }
    }

    fn field(&self) -> Option<FieldPath> {
        match self {
            Self::AmountNotPositive
            | Self::AmountOutsideLimits { .. }
            | Self::AmountExceedsHeld { .. }
            | Self::AmountExceedsContract { .. } => Some(FieldPath::new("/amount")),
            Self::CurrencyMismatch => Some(FieldPath::new("/currency")),
            Self::SameParty => Some(FieldPath::new("/seller")),
            Self::ReasonMissing => Some(FieldPath::new("/reason")),
            Self::UnknownPayout { .. } => Some(FieldPath::new("/payout")),
            Self::UnknownReceipt => Some(FieldPath::new("/receipt")),
            Self::NotPermitted { .. } => Some(FieldPath::new("/actor")),
            Self::NotRequested
            | Self::AlreadyRequested
            | Self::Final { .. }
            | Self::NotLocked { .. }
            | Self::ContractClosed
            | Self::PayoutInFlight { .. }
            | Self::AlreadyDecided
            | Self::AlreadyConfirmed { .. }
            | Self::RefundAlreadyRequested
            | Self::DisputeOpen
            | Self::NoDispute
            | Self::NotTheOpener
            | Self::NothingToRetry
            | Self::NothingDue { .. } => None,
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPermitted { actor, intent } => {
                write!(f, "the {} may not `{}`", actor.name(), intent.name())
            }
            Self::Final { status } => write!(f, "the payment is final: it is {}", status.name()),
            Self::NotLocked { status } => {
                write!(
                    f,
                    "the money is not locked: the payment is {}",
                    status.name()
                )
            }
            Self::AmountOutsideLimits { least, most } => {
                write!(
                    f,
                    "the amount must be from {} to {}",
                    least.grouped(),
                    most.grouped()
                )
            }
            Self::AmountExceedsHeld { held } => {
                write!(
                    f,
                    "the amount is more than the {} that is held",
                    held.grouped()
                )
            }
            Self::AmountExceedsContract { outstanding } => write!(
                f,
                "the amount is more than the {} the contract still needs",
                outstanding.grouped()
            ),
            Self::PayoutInFlight { payout } => {
                write!(f, "payout {payout} is under way and cannot be called back")
            }
            Self::AlreadyConfirmed { party } => {
                write!(f, "the {} has confirmed already", party.name())
            }
            Self::UnknownPayout { payout } => write!(f, "there is no payout {payout}"),
            Self::NothingDue {
                next_at: Some(next_at),
            } => {
                write!(f, "nothing is due before {next_at}")
            }
            Self::NotRequested
            | Self::AlreadyRequested
            | Self::AmountNotPositive
            | Self::CurrencyMismatch
            | Self::SameParty
            | Self::ContractClosed
            | Self::AlreadyDecided
            | Self::RefundAlreadyRequested
            | Self::DisputeOpen
            | Self::NoDispute
            | Self::NotTheOpener
            | Self::ReasonMissing
            | Self::NothingToRetry
            | Self::UnknownReceipt
            | Self::NothingDue { next_at: None } => f.write_str(self.code().sentence()),
        }
    }
}

impl std::error::Error for Rejection {}
