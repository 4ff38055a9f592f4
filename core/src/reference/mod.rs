//! References: one type for each, so that none can be taken for another.
//!
//! All are short ASCII texts, held inline and copied: they never allocate.

mod payment;
mod transaction;

use std::fmt;
use std::str::FromStr;

use arrayvec::ArrayString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Code, Coded, FieldPath};

pub use payment::PaymentReference;
pub use transaction::TransactionId;

macro_rules! references {
    ($($(#[$doc:meta])* $name:ident, $most:literal, $error:ident, $valid:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(ArrayString<$most>);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ReferenceError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let valid: fn(u8) -> bool = $valid;
                if text.is_empty() || !text.bytes().all(valid) {
                    return Err(ReferenceError::$error);
                }
                ArrayString::from(text).map(Self).map_err(|_| ReferenceError::$error)
            }
        }

        text_form!($name);
    )*};
}

/// Display, Debug and JSON as the plain text.
macro_rules! text_form {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use text_form;

references! {
    /// The id of a contract, chosen by the host: 1 to 50 ASCII letters, digits, `-`, `_`, `.`.
    ///
    /// ```
    /// use amana_core::reference::ContractId;
    /// assert!("AG-2024-001234".parse::<ContractId>().is_ok());
    /// assert!("AG 2024/1".parse::<ContractId>().is_err());
    /// ```
    ContractId, 50, ContractId,
        |b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    /// A provider's id for a request of ours: 1 to 64 visible ASCII characters.
    ///
    /// ```
    /// use amana_core::reference::ProviderReference;
    /// assert!("ws_CO_191220191020363925".parse::<ProviderReference>().is_ok());
    /// assert!("two words".parse::<ProviderReference>().is_err());
    /// ```
    ProviderReference, 64, ProviderReference, |b| b.is_ascii_graphic();
    /// A provider's proof of payment: 1 to 64 visible ASCII characters.
    ///
    /// ```
    /// use amana_core::reference::Receipt;
    /// assert!("NLJ7RT61SV".parse::<Receipt>().is_ok());
    /// assert!("".parse::<Receipt>().is_err());
    /// ```
    Receipt, 64, Receipt, |b| b.is_ascii_graphic();
}

/// Why a text is not a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceError {
    /// Not a contract id.
    ContractId,
    /// Not a transaction id.
    TransactionId,
    /// Not a provider's reference.
    ProviderReference,
    /// Not a receipt.
    Receipt,
}

impl Coded for ReferenceError {
    fn code(&self) -> Code {
        match self {
            Self::ContractId => Code::ReferenceContractId,
            Self::TransactionId => Code::ReferenceTransactionId,
            Self::ProviderReference => Code::ReferenceProvider,
            Self::Receipt => Code::ReferenceReceipt,
        }
    }

    fn field(&self) -> Option<FieldPath> {
        Some(FieldPath::new(match self {
            Self::ContractId => "/contract_id",
            Self::TransactionId => "/transaction_id",
            Self::ProviderReference => "/provider_reference",
            Self::Receipt => "/receipt",
        }))
    }
}

impl fmt::Display for ReferenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().sentence())
    }
}

impl std::error::Error for ReferenceError {}
