use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

use arrayvec::ArrayString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{ContractId, ReferenceError, text_form};

/// `TXN-`, a contract id, `-`, and at most five digits.
const LENGTH_MAX: usize = 60;

/// Our id of a payment, carried unchanged through the whole chain: `TXN-<contract>-<nnn>`, where
/// `nnn` counts the payments of the contract from 001.
///
/// ```
/// use amana_core::reference::TransactionId;
/// let id = TransactionId::new("AG-2024-001234".parse()?, 1);
/// assert_eq!(id.to_string(), "TXN-AG-2024-001234-001");
/// assert_eq!(id.contract().as_str(), "AG-2024-001234");
/// assert_eq!("TXN-AG-2024-001234-001".parse(), Ok(id));
/// assert!("TXN-AG-2024-001234-1".parse::<TransactionId>().is_err());
/// assert!("AG-2024-001234-001".parse::<TransactionId>().is_err());
/// # Ok::<(), amana_core::reference::ReferenceError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransactionId {
    text: ArrayString<LENGTH_MAX>,
    contract: ContractId,
    attempt: u16,
}

impl TransactionId {
    /// The id of this payment of this contract, counted from 1.
    pub fn new(contract: ContractId, attempt: u16) -> Self {
        let mut text = ArrayString::new();
        // INVARIANT: a contract id has at most 50 bytes and a `u16` at most five digits, so 60 do.
        let _ = write!(text, "TXN-{contract}-{attempt:03}");
        Self {
            text,
            contract,
            attempt,
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The contract that is paid.
    pub const fn contract(&self) -> ContractId {
        self.contract
    }

    /// Which payment of the contract it is, counted from 1.
    pub const fn attempt(&self) -> u16 {
        self.attempt
    }
}

impl FromStr for TransactionId {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = ReferenceError::TransactionId;
        let (contract, digits) = text
            .strip_prefix("TXN-")
            .and_then(|rest| rest.rsplit_once('-'))
            .ok_or(error)?;
        let contract = contract.parse().map_err(|_| error)?;
        let id = Self::new(contract, digits.parse().map_err(|_| error)?);
        // One text for one id: no sign, no missing or surplus zero.
        if id.as_str() == text {
            Ok(id)
        } else {
            Err(error)
        }
    }
}

text_form!(TransactionId);
