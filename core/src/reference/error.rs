use std::fmt;

use crate::error::{Code, Coded, FieldPath};

/// Which kind of reference a text was meant to be.
///
/// ```
/// use amana_core::reference::{ContractId, ReferenceKind};
/// assert_eq!("".parse::<ContractId>().unwrap_err().kind, ReferenceKind::Contract);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReferenceKind {
    /// A [`ContractId`](super::ContractId).
    Contract,
    /// A [`TransactionId`](super::TransactionId).
    Transaction,
    /// A [`PaymentReference`](super::PaymentReference).
    Payment,
    /// A [`ProviderReference`](super::ProviderReference).
    Provider,
    /// A [`Receipt`](super::Receipt).
    Receipt,
    /// An [`IdempotencyKey`](super::IdempotencyKey).
    IdempotencyKey,
}

/// What is wrong with the text of a reference.
///
/// ```
/// use amana_core::reference::{ContractId, Fault};
/// assert_eq!("".parse::<ContractId>().unwrap_err().fault, Fault::Empty);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// It has no characters.
    Empty,
    /// It has more than this many bytes.
    TooLong {
        /// The most bytes allowed.
        max: usize,
    },
    /// The character that begins at this byte is not allowed.
    Character {
        /// Bytes before it.
        at: usize,
    },
    /// It is not built as this kind of reference is.
    Shape,
}

/// Why a text is not the reference it was meant to be.
///
/// ```
/// use amana_core::Coded;
/// use amana_core::reference::{ContractId, Fault};
/// let error = "AG 1".parse::<ContractId>().unwrap_err();
/// assert_eq!(error.fault, Fault::Character { at: 2 });
/// assert_eq!(error.code().as_str(), "reference.contract_malformed");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReferenceError {
    /// What it was meant to be.
    pub kind: ReferenceKind,
    /// What is wrong with it.
    pub fault: Fault,
}

impl Coded for ReferenceError {
    fn code(&self) -> Code {
        match self.kind {
            ReferenceKind::Contract => Code::ContractIdMalformed,
            ReferenceKind::Transaction => Code::TransactionIdMalformed,
            ReferenceKind::Payment => Code::PaymentReferenceMalformed,
            ReferenceKind::Provider => Code::ProviderReferenceMalformed,
            ReferenceKind::Receipt => Code::ReceiptMalformed,
            ReferenceKind::IdempotencyKey => Code::IdempotencyKeyMalformed,
        }
    }

    fn field(&self) -> Option<FieldPath> {
        Some(FieldPath::new(match self.kind {
            ReferenceKind::Contract => "/contract_id",
            ReferenceKind::Transaction => "/transaction_id",
            ReferenceKind::Payment => "/payment_reference",
            ReferenceKind::Provider => "/provider_reference",
            ReferenceKind::Receipt => "/receipt",
            ReferenceKind::IdempotencyKey => "/idempotency_key",
        }))
    }
}

impl fmt::Display for ReferenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = self.code().sentence();
        match self.fault {
            Fault::Empty => write!(f, "{sentence}: it is empty"),
            Fault::TooLong { max } => write!(f, "{sentence}: it has more than {max} bytes"),
            Fault::Character { at } => write!(f, "{sentence}: byte {at} is not allowed"),
            Fault::Shape => f.write_str(sentence),
        }
    }
}

impl std::error::Error for ReferenceError {}
