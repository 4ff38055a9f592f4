use std::fmt;

use serde::de::DeserializeOwned;

use crate::error::{Code, Coded};

/// Why a value may be believed.
///
/// ```
/// use amana_core::signature::{HmacKey, Proof, hmac};
/// let key = HmacKey::new("key")?;
/// let signature = hmac::sign(&key, b"{}");
/// assert_eq!(hmac::verify(&key, Some(&signature), b"{}")?.proof(), Proof::Signature);
/// # Ok::<(), amana_core::signature::SignatureError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Proof {
    /// Its bytes were signed with a key that only the sender and we have.
    Signature,
    /// The provider does not sign; the value is its answer to a status query that we made.
    StatusQuery,
}

/// A value that is proved to come from the one it claims to come from.
///
/// There is no public constructor but [`Self::by_query`]: it is what checking a signature gives.
///
/// ```
/// use amana_core::signature::{HmacKey, hmac};
/// #[derive(serde::Deserialize)]
/// struct Callback { status: String }
/// let key = HmacKey::new("key")?;
/// let body = br#"{"status":"success"}"#;
/// let signature = hmac::sign(&key, body);
/// let callback = hmac::verify(&key, Some(&signature), body)?.json::<Callback>()?;
/// assert_eq!(callback.get().status, "success");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It cannot be made up:
///
/// ```compile_fail
/// use amana_core::signature::{Proof, Verified};
/// let forged = Verified::new("released", Proof::Signature);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified<T> {
    value: T,
    proof: Proof,
}

impl<T> Verified<T> {
    pub(super) const fn new(value: T, proof: Proof) -> Self {
        Self { value, proof }
    }

    /// Vouches for a value read from the answer to our own status query, over an authenticated
    /// connection that we opened to the provider.
    ///
    /// For providers that do not sign their callbacks: their callback is a hint to make the query,
    /// never itself the proof. Do not pass anything that was received rather than asked for.
    ///
    /// ```
    /// use amana_core::signature::{Proof, Verified};
    /// let answer = Verified::by_query("completed");
    /// assert_eq!(answer.proof(), Proof::StatusQuery);
    /// ```
    pub const fn by_query(value: T) -> Self {
        Self::new(value, Proof::StatusQuery)
    }

    /// The value.
    ///
    /// ```
    /// use amana_core::signature::Verified;
    /// assert_eq!(*Verified::by_query("completed").get(), "completed");
    /// ```
    pub const fn get(&self) -> &T {
        &self.value
    }

    /// The value alone; from here on nothing tells that it was verified.
    ///
    /// ```
    /// use amana_core::signature::Verified;
    /// assert_eq!(Verified::by_query("completed").into_inner(), "completed");
    /// ```
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Why it may be believed.
    ///
    /// ```
    /// use amana_core::signature::{Proof, Verified};
    /// assert_eq!(Verified::by_query("completed").proof(), Proof::StatusQuery);
    /// ```
    pub const fn proof(&self) -> Proof {
        self.proof
    }

    /// Derives another verified value. A plain function, not a closure, because a closure could
    /// smuggle in a value that nobody verified.
    ///
    /// ```
    /// use amana_core::signature::Verified;
    /// assert_eq!(Verified::by_query("completed").map(str::len).get(), &9);
    /// ```
    pub fn map<U>(self, derive: fn(T) -> U) -> Verified<U> {
        Verified::new(derive(self.value), self.proof)
    }
}

impl<B: AsRef<[u8]>> Verified<B> {
    /// Decodes a JSON body.
    ///
    /// ```
    /// use amana_core::signature::Verified;
    /// let answer = Verified::by_query(r#"{"amount": 10}"#);
    /// let body = answer.json::<serde_json::Value>()?;
    /// assert_eq!(body.get()["amount"], 10);
    /// # Ok::<(), amana_core::signature::BodyError>(())
    /// ```
    ///
    /// # Errors
    /// [`BodyError::Json`].
    pub fn json<T: DeserializeOwned>(&self) -> Result<Verified<T>, BodyError> {
        serde_json::from_slice(self.value.as_ref())
            .map(|value| Verified::new(value, self.proof))
            .map_err(|error| BodyError::Json {
                line: error.line(),
                column: error.column(),
            })
    }

    /// Decodes an `application/x-www-form-urlencoded` body (WHATWG URL standard, section 5).
    ///
    /// # Errors
    /// [`BodyError::Form`].
    ///
    /// ```
    /// use amana_core::signature::{HmacKey, hmac};
    /// #[derive(serde::Deserialize)]
    /// struct Sms { from: String, text: String }
    /// let key = HmacKey::new("key")?;
    /// let body = b"from=%2B254712345678&text=ACCEPT-AG-1+";
    /// let signature = hmac::sign(&key, body);
    /// let sms = hmac::verify(&key, Some(&signature), body)?.form::<Sms>()?;
    /// assert_eq!(sms.get().from, "+254712345678");
    /// assert_eq!(sms.get().text, "ACCEPT-AG-1 ");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn form<T: DeserializeOwned>(&self) -> Result<Verified<T>, BodyError> {
        serde_urlencoded::from_bytes(self.value.as_ref())
            .map(|value| Verified::new(value, self.proof))
            .map_err(|_| BodyError::Form)
    }
}

/// Why a verified body is not the data it was meant to be.
///
/// It does not repeat the body: what a provider sends may hold phone numbers.
///
/// ```
/// use amana_core::signature::{BodyError, Verified};
/// let error = Verified::by_query("{").json::<u8>().unwrap_err();
/// assert_eq!(error, BodyError::Json { line: 1, column: 0 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyError {
    /// Not JSON, or JSON of another shape.
    Json {
        /// The line where reading stopped, from 1; 0 if the shape as a whole is wrong.
        line: usize,
        /// The column where reading stopped.
        column: usize,
    },
    /// Not a form, or a field is missing or of another type.
    Form,
}

impl Coded for BodyError {
    fn code(&self) -> Code {
        match self {
            Self::Json { .. } => Code::BodyShapeJson,
            Self::Form => Code::BodyShapeForm,
        }
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = self.code().sentence();
        match self {
            Self::Json { line, column } => write!(f, "{sentence}: line {line}, column {column}"),
            Self::Form => f.write_str(sentence),
        }
    }
}

impl std::error::Error for BodyError {}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Eq, Deserialize)]
    struct Callback {
        status: String,
        attempt: u8,
    }

    fn signed(body: &[u8]) -> Verified<&[u8]> {
        Verified::new(body, Proof::Signature)
    }

    #[test]
    fn decodes_both_formats_and_keeps_the_proof() {
        let expected = Callback {
            status: "a b".to_owned(),
            attempt: 3,
        };
        let json = signed(br#"{"status":"a b","attempt":3}"#).json::<Callback>();
        let form = signed(b"status=a+b&attempt=3").form::<Callback>();
        for decoded in [json, form] {
            let decoded = decoded.unwrap();
            assert_eq!(decoded.proof(), Proof::Signature);
            assert_eq!(decoded.into_inner(), expected);
        }
    }

    #[test]
    fn says_where_without_saying_what() {
        let error = signed(b"{\n\"phone\": +254712345678}").json::<Callback>();
        let error = error.unwrap_err();
        assert_eq!(
            error,
            BodyError::Json {
                line: 2,
                column: 10
            }
        );
        assert!(!error.to_string().contains("254"));
        for body in [
            &b""[..],
            b"status=x",
            b"status=x&attempt=300",
            b"status=x&attempt=%FF",
        ] {
            assert_eq!(signed(body).form::<Callback>(), Err(BodyError::Form));
        }
    }
}
