use std::fmt;

use arrayvec::ArrayString;
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::ContractId;
use crate::money::Money;
use crate::party::Msisdn;

/// How many bytes of the digest are kept: 12 hexadecimal digits.
const BYTES: usize = 6;

/// A short reference that a person can read out: 12 upper-case hexadecimal digits.
///
/// Derived, so that the same payment always has the same one: the first six bytes of the SHA-256 of
/// `contract:amount:phone:attempt`, with the amount in the currency's decimals (`350000.00`) and the
/// phone in E.164.
///
/// ```
/// use amana_core::reference::PaymentReference;
/// use amana_core::{Currency, Money};
/// let amount = Money::parse("350000", Currency::KES)?;
/// let derive = |attempt| {
///     let contract = "AG-2024-001234".parse().unwrap();
///     PaymentReference::derive(contract, amount, "+254712345678".parse().unwrap(), attempt)
/// };
/// assert_eq!(derive(1).to_string(), "6DF1309B7BDA");
/// assert_ne!(derive(1), derive(2));
/// # Ok::<(), amana_core::money::MoneyError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PaymentReference([u8; BYTES]);

impl PaymentReference {
    /// The reference of this attempt to collect this amount from this phone for this contract.
    pub fn derive(contract: ContractId, amount: Money, phone: Msisdn, attempt: u16) -> Self {
        let text = format!("{contract}:{}:{phone}:{attempt}", amount.amount());
        let digest = Sha256::digest(text.as_bytes());
        let mut bytes = [0; BYTES];
        bytes.copy_from_slice(&digest[..BYTES]);
        Self(bytes)
    }
}

impl fmt::Display for PaymentReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = ArrayString::<{ 2 * BYTES }>::new();
        for byte in self.0 {
            fmt::Write::write_fmt(&mut text, format_args!("{byte:02X}"))?;
        }
        f.write_str(&text)
    }
}

impl Serialize for PaymentReference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
