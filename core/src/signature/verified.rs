use std::fmt;

use serde::de::DeserializeOwned;

use crate::error::{Code, Coded};

/// The raw bytes of a callback's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawBody<'a>(pub(super) &'a [u8]);

/// A value that is known to come from the provider.
///
/// Made by [`verify`](super::verify) from a signature over the raw bytes, or by
/// [`Verified::by_query`] from an answer to a question of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    pub(super) const fn signed(value: T) -> Self {
        Self(value)
    }

    /// A value that we read from the provider's answer to our own status query. For providers that
    /// sign nothing: their callback is only a hint to ask.
    pub const fn by_query(answer: T) -> Self {
        Self(answer)
    }

    /// The value.
    pub fn into_inner(self) -> T {
        self.0
    }

    /// The value, by reference.
    pub const fn get(&self) -> &T {
        &self.0
    }
}

impl Verified<RawBody<'_>> {
    /// Decodes a JSON body.
    ///
    /// # Errors
    /// [`DecodeError`] if it is not JSON of this shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<Verified<T>, DecodeError> {
        serde_json::from_slice(self.0.0)
            .map(Verified)
            .map_err(|_| DecodeError)
    }

    /// Decodes a form body (`application/x-www-form-urlencoded`) into its fields.
    pub fn form(&self) -> Verified<Vec<(String, String)>> {
        Verified(form_urlencoded::parse(self.0.0).into_owned().collect())
    }
}

/// The body of a callback is not of the expected shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecodeError;

impl Coded for DecodeError {
    fn code(&self) -> Code {
        Code::CallbackMalformed
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().sentence())
    }
}

impl std::error::Error for DecodeError {}
