//! Who says so: the checks that a callback passes before anybody looks inside.
//!
//! [`Verified`] is the only door to the content of a callback. It is made by a signature check over
//! the raw bytes, or by asking the provider ourselves; there is no other way to get one.

mod hmac_sha256;
mod secret;
mod verified;

use std::fmt;

use crate::error::{Code, Coded, FieldPath};

pub use hmac_sha256::{sign, verify};
pub use secret::Secret;
pub use verified::{DecodeError, RawBody, Verified};

/// Why a callback is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureError {
    /// There is no signature.
    Missing,
    /// The signature is not of a known form.
    Malformed,
    /// The signature does not belong to these bytes and this secret.
    Mismatch,
}

impl Coded for SignatureError {
    fn code(&self) -> Code {
        match self {
            Self::Missing => Code::SignatureMissing,
            Self::Malformed => Code::SignatureMalformed,
            Self::Mismatch => Code::SignatureMismatch,
        }
    }

    fn field(&self) -> Option<FieldPath> {
        Some(FieldPath::new("/signature"))
    }
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().sentence())
    }
}

impl std::error::Error for SignatureError {}
