use std::fmt;

use crate::error::{Code, Coded};

/// Why a signature is refused, or cannot be made.
///
/// ```
/// use amana_core::signature::{HmacKey, SignatureError, hmac};
/// let key = HmacKey::new("key")?;
/// assert_eq!(hmac::verify(&key, None, b"{}").err(), Some(SignatureError::Missing));
/// # Ok::<(), SignatureError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureError {
    /// The key is empty; everybody could sign with it.
    KeyEmpty,
    /// The request has no signature.
    Missing,
    /// The signature is not in the expected format.
    Malformed,
    /// The signature does not fit the body.
    Mismatch,
}

impl Coded for SignatureError {
    fn code(&self) -> Code {
        match self {
            Self::KeyEmpty => Code::SignatureKeyEmpty,
            Self::Missing => Code::SignatureMissing,
            Self::Malformed => Code::SignatureMalformed,
            Self::Mismatch => Code::SignatureMismatch,
        }
    }
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().sentence())
    }
}

impl std::error::Error for SignatureError {}
