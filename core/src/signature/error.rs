use std::fmt;

use crate::error::{Code, Coded};

/// Why a signature is refused, or cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureError {
    /// The key is empty; everybody could sign with it.
    KeyEmpty,
    /// The secret is not in the expected format.
    SecretMalformed,
    /// The request has no signature.
    Missing,
    /// The signature is not in the expected format.
    Malformed,
    /// The signature does not fit the body.
    Mismatch,
    /// The message id is not in the expected format.
    MessageIdMalformed,
    /// The time of sending is not in the expected format.
    TimestampMalformed,
    /// The message was sent too long ago; it may be a replay.
    Stale,
    /// The message was sent too far in the future.
    Premature,
}

impl Coded for SignatureError {
    fn code(&self) -> Code {
        match self {
            Self::KeyEmpty => Code::SignatureKeyEmpty,
            Self::SecretMalformed => Code::SignatureSecretMalformed,
            Self::Missing => Code::SignatureMissing,
            Self::Malformed => Code::SignatureMalformed,
            Self::Mismatch => Code::SignatureMismatch,
            Self::MessageIdMalformed => Code::SignatureIdMalformed,
            Self::TimestampMalformed => Code::SignatureTimestampMalformed,
            Self::Stale => Code::SignatureStale,
            Self::Premature => Code::SignaturePremature,
        }
    }
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().sentence())
    }
}

impl std::error::Error for SignatureError {}
