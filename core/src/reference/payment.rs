use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::contract_id::ContractId;
use super::error::{Fault, ReferenceError, ReferenceKind};
use crate::json_as_text::json_as_text;
use crate::money::Money;
use crate::party::Msisdn;

/// Our reference of a payment towards providers: 12 upper-case hexadecimal digits.
///
/// Derived, never drawn: the same payment always has the same reference, so a request repeated
/// after a crash is recognised. It is the first six bytes of the SHA-256 of
///
/// ```text
/// <contract>:<amount>:<phone>:<attempt>
/// ```
///
/// in UTF-8, with the amount in major units and all decimals of its currency (`350000.00`), the
/// phone in E.164 with `+`, and the attempt in plain decimal digits. A contract id cannot hold `:`,
/// so no two payments have the same text. The currency is not part of it: a contract has one.
///
/// ```
/// use amana_core::reference::PaymentReference;
/// use amana_core::{Currency, Money};
/// let reference = PaymentReference::derive(
///     "AG-2024-001234".parse()?,
///     Money::parse("350000.00", Currency::KES)?,
///     "+254712345678".parse()?,
///     1,
/// );
/// // printf '%s' 'AG-2024-001234:350000.00:+254712345678:1' | sha256sum
/// assert_eq!(reference.to_string(), "6DF1309B7BDA");
/// assert_eq!(reference.to_string().parse(), Ok(reference));
/// assert!("6df1309b7bda".parse::<PaymentReference>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PaymentReference([u8; 6]);

impl PaymentReference {
    /// The reference of this attempt at this payment.
    ///
    /// ```
    /// use amana_core::reference::PaymentReference;
    /// use amana_core::{Currency, Money};
    /// let amount = Money::parse("100", Currency::KES)?;
    /// let of = |attempt| {
    ///     let (contract, phone) = ("AG-1".parse().unwrap(), "+254712345678".parse().unwrap());
    ///     PaymentReference::derive(contract, amount, phone, attempt)
    /// };
    /// assert_eq!(of(1), of(1));
    /// assert_ne!(of(1), of(2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn derive(contract: ContractId, amount: Money, phone: Msisdn, attempt: u16) -> Self {
        let text = format!("{contract}:{}:{phone}:{attempt}", amount.amount());
        let [a, b, c, d, e, f, ..] = <[u8; 32]>::from(Sha256::digest(text));
        Self([a, b, c, d, e, f])
    }
}

impl FromStr for PaymentReference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shape = ReferenceError {
            kind: ReferenceKind::Payment,
            fault: Fault::Shape,
        };
        let mut bytes = [0; 6];
        if text.bytes().any(|b| b.is_ascii_lowercase()) {
            return Err(shape);
        }
        hex::decode_to_slice(text, &mut bytes).map_err(|_| shape)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for PaymentReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl fmt::Debug for PaymentReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

json_as_text!(PaymentReference, "12 upper-case hexadecimal digits");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::money::Currency;

    #[test]
    fn every_part_counts() {
        let derive = |contract: &str, amount: &str, phone: &str, attempt| {
            let amount = Money::parse(amount, Currency::KES).unwrap();
            let (contract, phone) = (contract.parse().unwrap(), phone.parse().unwrap());
            PaymentReference::derive(contract, amount, phone, attempt)
        };
        let references = [
            derive("AG-1", "100", "0712345678", 1),
            derive("AG-2", "100", "0712345678", 1),
            derive("AG-1", "100.01", "0712345678", 1),
            derive("AG-1", "100", "0712345679", 1),
            derive("AG-1", "100", "0712345678", 2),
        ];
        let distinct: std::collections::BTreeSet<_> = references.into_iter().collect();
        assert_eq!(distinct.len(), references.len());
        assert_eq!(references[0], derive("AG-1", "100.00", "+254712345678", 1));
    }

    proptest! {
        #[test]
        fn round_trips(text in "[0-9A-F]{12}") {
            prop_assert_eq!(text.parse::<PaymentReference>().unwrap().to_string(), text);
        }

        #[test]
        fn reads_only_what_it_writes(text in "[0-9A-Fa-g]{0,14}|.*") {
            if let Ok(reference) = text.parse::<PaymentReference>() {
                prop_assert_eq!(reference.to_string(), text);
            }
        }
    }
}
