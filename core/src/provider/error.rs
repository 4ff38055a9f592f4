use std::fmt;

use super::Operation;
use crate::error::{Code, Coded, FieldPath};

/// Why an order could not be written for a provider, or a message of a provider not be read.
///
/// ```
/// use amana_core::Coded;
/// use amana_core::provider::ProviderError;
/// let error = ProviderError::CredentialMissing { name: "api_key" };
/// assert_eq!(error.field().unwrap().as_str(), "/credentials/api_key");
/// assert!(error.to_string().ends_with("`api_key`"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderError {
    /// The provider does not offer the operation; see `Capabilities`.
    Unsupported(Operation),
    /// A credential is missing.
    CredentialMissing {
        /// Its name.
        name: &'static str,
    },
    /// The order cannot be expressed in the provider's format.
    OrderInvalid {
        /// The member of the order that is wrong.
        field: &'static str,
    },
    /// The provider signs its callbacks and this one was not verified.
    Unverified,
    /// The message is not in the provider's format.
    Malformed {
        /// The first member that is missing or wrong; empty if the whole cannot be read.
        field: &'static str,
    },
    /// The provider refused, in its own words.
    Refused {
        /// HTTP status.
        status: u16,
        /// The provider's text.
        text: String,
    },
}

impl Coded for ProviderError {
    fn code(&self) -> Code {
        match self {
            Self::Unsupported(_) => Code::ProviderUnsupported,
            Self::CredentialMissing { .. } => Code::ProviderCredentialMissing,
            Self::OrderInvalid { .. } => Code::ProviderOrderInvalid,
            Self::Unverified => Code::ProviderUnverified,
            Self::Malformed { .. } => Code::ProviderMalformed,
            Self::Refused { .. } => Code::ProviderRefused,
        }
    }

    fn field(&self) -> Option<FieldPath> {
        match self {
            Self::CredentialMissing { name } => Some(FieldPath::new("/credentials").join(name)),
            Self::OrderInvalid { field } | Self::Malformed { field } if !field.is_empty() => {
                Some(FieldPath::new("").join(field))
            }
            Self::OrderInvalid { .. }
            | Self::Malformed { .. }
            | Self::Unsupported(_)
            | Self::Unverified
            | Self::Refused { .. } => None,
        }
    }
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().sentence())?;
        match self {
            Self::Unsupported(operation) => write!(f, ": {}", operation.name()),
            Self::CredentialMissing { name } => write!(f, ": `{name}`"),
            Self::OrderInvalid { field } | Self::Malformed { field } if !field.is_empty() => {
                write!(f, ": `{field}`")
            }
            Self::Refused { status, text } => write!(f, ": {status} `{text}`"),
            Self::OrderInvalid { .. } | Self::Malformed { .. } | Self::Unverified => Ok(()),
        }
    }
}

impl std::error::Error for ProviderError {}
