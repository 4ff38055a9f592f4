use std::fmt;
use std::str::FromStr;

use super::contract_id::ContractId;
use super::error::{Fault, ReferenceError, ReferenceKind};
use crate::json_as_text::json_as_text;

/// What every transaction id begins with.
const PREFIX: &str = "TXN-";
/// The attempt is padded with zeros to this many digits.
const ATTEMPT_DIGITS: usize = 3;

/// Our id of one payment of a contract: `TXN-<contract>-<attempt>`, carried unchanged through the
/// whole chain.
///
/// The attempt counts the payments of the contract. It has at least three digits, so ids sort as
/// they were made for the first 999; later ones have more digits.
///
/// ```
/// use amana_core::reference::{ContractId, TransactionId};
/// let contract: ContractId = "AG-2024-001234".parse()?;
/// let id = TransactionId::new(contract, 1);
/// assert_eq!(id.to_string(), "TXN-AG-2024-001234-001");
/// let read: TransactionId = "TXN-AG-2024-001234-001".parse()?;
/// assert_eq!((read.contract(), read.attempt()), (contract, 1));
/// assert!("TXN-AG-2024-001234-1".parse::<TransactionId>().is_err());
/// # Ok::<(), amana_core::reference::ReferenceError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransactionId {
    contract: ContractId,
    attempt: u16,
}

impl TransactionId {
    /// The most characters an id can have.
    ///
    /// ```
    /// use amana_core::reference::{ContractId, TransactionId};
    /// assert!(TransactionId::LEN_MAX > ContractId::LEN_MAX);
    /// ```
    pub const LEN_MAX: usize = PREFIX.len() + ContractId::LEN_MAX + 1 + 5;

    /// The id of this attempt to pay this contract.
    ///
    /// ```
    /// use amana_core::reference::TransactionId;
    /// assert_eq!(TransactionId::new("AG-1".parse()?, 2).to_string(), "TXN-AG-1-002");
    /// # Ok::<(), amana_core::reference::ReferenceError>(())
    /// ```
    pub const fn new(contract: ContractId, attempt: u16) -> Self {
        Self { contract, attempt }
    }

    /// The contract that is paid.
    ///
    /// ```
    /// use amana_core::reference::TransactionId;
    /// assert_eq!("TXN-AG-1-002".parse::<TransactionId>()?.contract().as_str(), "AG-1");
    /// # Ok::<(), amana_core::reference::ReferenceError>(())
    /// ```
    pub const fn contract(self) -> ContractId {
        self.contract
    }

    /// Which payment of the contract it is.
    ///
    /// ```
    /// use amana_core::reference::TransactionId;
    /// assert_eq!("TXN-AG-1-002".parse::<TransactionId>()?.attempt(), 2);
    /// # Ok::<(), amana_core::reference::ReferenceError>(())
    /// ```
    pub const fn attempt(self) -> u16 {
        self.attempt
    }
}

impl FromStr for TransactionId {
    type Err = ReferenceError;

    /// Reads exactly what `Display` writes, so that one payment has one id.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shape = ReferenceError {
            kind: ReferenceKind::Transaction,
            fault: Fault::Shape,
        };
        let (contract, digits) = text
            .strip_prefix(PREFIX)
            .and_then(|rest| rest.rsplit_once('-'))
            .ok_or(shape)?;
        let padded_only = digits.len() == ATTEMPT_DIGITS
            || (digits.len() > ATTEMPT_DIGITS && !digits.starts_with('0'));
        if !padded_only || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(shape);
        }
        Ok(Self {
            contract: contract.parse().map_err(|_| shape)?,
            attempt: digits.parse().map_err(|_| shape)?,
        })
    }
}

impl fmt::Display for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (contract, attempt) = (self.contract, self.attempt);
        write!(f, "{PREFIX}{contract}-{attempt:0ATTEMPT_DIGITS$}")
    }
}

impl fmt::Debug for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

json_as_text!(TransactionId, "a transaction id");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn refuses_what_it_would_not_write() {
        for text in [
            "",
            "TXN-",
            "TXN--001",
            "TXN-AG-1",
            "TXN-AG-01",
            "TXN-AG-0001",
            "TXN-AG-65536",
            "TXN-AG-+01",
            "txn-AG-001",
            "TXN-A G-001",
            " TXN-AG-001",
        ] {
            assert!(text.parse::<TransactionId>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn round_trips(contract in "[A-Za-z0-9_./-]{1,50}", attempt: u16) {
            let id = TransactionId::new(contract.parse().unwrap(), attempt);
            let text = id.to_string();
            prop_assert!(text.len() <= TransactionId::LEN_MAX);
            prop_assert_eq!(text.parse(), Ok(id));
        }

        #[test]
        fn what_is_read_is_what_was_written(text in "(TXN-)?[A-C-]{0,4}-[0-9]{0,6}") {
            if let Ok(id) = text.parse::<TransactionId>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }

        #[test]
        fn never_panics(text in ".*") {
            let _ = text.parse::<TransactionId>();
        }
    }
}
