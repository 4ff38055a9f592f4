//! Standard Webhooks, symmetric scheme `v1` (standardwebhooks.com, specification 1.0.0).
//!
//! Three headers go with each request: `webhook-id`, `webhook-timestamp` (seconds since the Unix
//! epoch) and `webhook-signature`, a list of `v1,<base64>` separated by blanks. Signed is
//! `<id>.<timestamp>.<body>` with HMAC-SHA256. Left out: the asymmetric scheme `v1a`; signatures of
//! other versions are passed over, as the specification asks.
//!
//! The sender signs with every secret it has, the receiver accepts any of its own, so that a secret
//! can be replaced without losing a request.

mod error;
mod secret;

pub use error::WebhookError;
pub use secret::WebhookSecret;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use subtle::{Choice, ConstantTimeEq};

use super::{Proof, Verified};
use crate::http;
use crate::time::{Span, Timestamp};

/// The header with the id of the message.
///
/// ```
/// use amana_core::signature::standard_webhooks::ID_HEADER;
/// assert_eq!(ID_HEADER, "webhook-id");
/// ```
pub const ID_HEADER: &str = "webhook-id";
/// The header with the time of sending.
///
/// ```
/// use amana_core::signature::standard_webhooks::TIMESTAMP_HEADER;
/// assert_eq!(TIMESTAMP_HEADER, "webhook-timestamp");
/// ```
pub const TIMESTAMP_HEADER: &str = "webhook-timestamp";
/// The header with the signatures.
///
/// ```
/// use amana_core::signature::standard_webhooks::SIGNATURE_HEADER;
/// assert_eq!(SIGNATURE_HEADER, "webhook-signature");
/// ```
pub const SIGNATURE_HEADER: &str = "webhook-signature";

/// What the signatures read here begin with.
const VERSION: &str = "v1,";
/// Signatures looked at in one header; a rotation has two.
const SIGNATURES_MAX: usize = 16;
/// The longest message id, in bytes.
const ID_LEN_MAX: usize = 255;

/// The three headers of a request.
///
/// ```
/// use amana_core::http::Request;
/// use amana_core::signature::standard_webhooks::{Headers, WebhookError};
/// let request = Request::new("POST", "example.com", "/hooks")
///     .with_header("Webhook-Id", "msg_1")
///     .with_header("Webhook-Timestamp", "1614265330");
/// assert_eq!(Headers::of(&request), Err(WebhookError::SignatureMissing));
/// let request = request.with_header("Webhook-Signature", "v1,AAAA");
/// assert_eq!(Headers::of(&request)?.id, "msg_1");
/// # Ok::<(), WebhookError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headers {
    /// Value of `webhook-id`: the same for every attempt to deliver one message.
    pub id: String,
    /// Value of `webhook-timestamp`: when this attempt was made, in seconds.
    pub timestamp: String,
    /// Value of `webhook-signature`.
    pub signature: String,
}

impl Headers {
    /// The headers of a received request.
    ///
    /// ```
    /// use amana_core::http::Request;
    /// use amana_core::signature::standard_webhooks::{Headers, WebhookError};
    /// let bare = Request::new("POST", "example.com", "/hooks");
    /// assert_eq!(Headers::of(&bare), Err(WebhookError::IdMissing));
    /// ```
    ///
    /// # Errors
    /// In this order: [`WebhookError::IdMissing`], [`WebhookError::TimestampMissing`],
    /// [`WebhookError::SignatureMissing`]. A header without a value is missing.
    pub fn of(request: &http::Request) -> Result<Self, WebhookError> {
        let value = |name| {
            let value = request.header(name).map(str::trim);
            value.filter(|value| !value.is_empty()).map(str::to_owned)
        };
        Ok(Self {
            id: value(ID_HEADER).ok_or(WebhookError::IdMissing)?,
            timestamp: value(TIMESTAMP_HEADER).ok_or(WebhookError::TimestampMissing)?,
            signature: value(SIGNATURE_HEADER).ok_or(WebhookError::SignatureMissing)?,
        })
    }

    /// The same request with these headers added.
    ///
    /// ```
    /// use amana_core::http::Request;
    /// use amana_core::signature::standard_webhooks::Headers;
    /// let headers = Headers {
    ///     id: "msg_1".to_owned(),
    ///     timestamp: "1614265330".to_owned(),
    ///     signature: "v1,AAAA".to_owned(),
    /// };
    /// let request = headers.add_to(Request::new("POST", "example.com", "/hooks"));
    /// assert_eq!(Headers::of(&request)?, headers);
    /// # Ok::<(), amana_core::signature::standard_webhooks::WebhookError>(())
    /// ```
    #[must_use]
    pub fn add_to(&self, request: http::Request) -> http::Request {
        request
            .with_header(ID_HEADER, &self.id)
            .with_header(TIMESTAMP_HEADER, &self.timestamp)
            .with_header(SIGNATURE_HEADER, &self.signature)
    }
}

/// The secrets of one endpoint, and how far its clock may differ from ours.
///
/// ```
/// use amana_core::Timestamp;
/// use amana_core::signature::standard_webhooks::StandardWebhooks;
/// let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse()?;
/// let endpoint = StandardWebhooks::new(secret);
/// let sent_at = Timestamp::from_millis(1_614_265_330_000);
/// let body = br#"{"test": 2432232314}"#;
/// let headers = endpoint.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", sent_at, body)?;
/// assert_eq!(headers.signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
/// assert!(endpoint.verify(&headers, body, sent_at).is_ok());
/// assert!(endpoint.verify(&headers, b"{}", sent_at).is_err());
/// # Ok::<(), amana_core::signature::standard_webhooks::WebhookError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandardWebhooks {
    secrets: Vec<WebhookSecret>,
    tolerance: Span,
}

impl StandardWebhooks {
    /// How far the time of sending may lie from now, either way, if nothing else is said.
    ///
    /// ```
    /// use amana_core::signature::standard_webhooks::StandardWebhooks;
    /// use amana_core::time::Span;
    /// assert_eq!(StandardWebhooks::TOLERANCE, Span::from_mins(5));
    /// ```
    pub const TOLERANCE: Span = Span::from_mins(5);

    /// An endpoint with this secret.
    ///
    /// ```
    /// use amana_core::Timestamp;
    /// use amana_core::signature::standard_webhooks::{StandardWebhooks, WebhookSecret};
    /// let endpoint = StandardWebhooks::new(WebhookSecret::from_entropy([7; 24]));
    /// let sent_at = Timestamp::from_millis(1_614_265_330_000);
    /// let headers = endpoint.sign("msg_1", sent_at, b"{}")?;
    /// assert!(endpoint.verify(&headers, b"{}", sent_at).is_ok());
    /// # Ok::<(), amana_core::signature::standard_webhooks::WebhookError>(())
    /// ```
    pub fn new(secret: WebhookSecret) -> Self {
        Self {
            secrets: vec![secret],
            tolerance: Self::TOLERANCE,
        }
    }

    /// The same endpoint with one more secret: the old one, while it is being replaced.
    ///
    /// ```
    /// use amana_core::Timestamp;
    /// use amana_core::signature::standard_webhooks::{StandardWebhooks, WebhookSecret};
    /// let (old, new) = (WebhookSecret::from_entropy([1; 24]), WebhookSecret::from_entropy([2; 24]));
    /// let sender = StandardWebhooks::new(old.clone());
    /// let receiver = StandardWebhooks::new(new).with_secret(old);
    /// let sent_at = Timestamp::from_millis(1_614_265_330_000);
    /// let headers = sender.sign("msg_1", sent_at, b"{}")?;
    /// assert!(receiver.verify(&headers, b"{}", sent_at).is_ok());
    /// # Ok::<(), amana_core::signature::standard_webhooks::WebhookError>(())
    /// ```
    #[must_use]
    pub fn with_secret(mut self, secret: WebhookSecret) -> Self {
        self.secrets.push(secret);
        self
    }

    /// The same endpoint with another tolerance.
    ///
    /// ```
    /// use amana_core::Timestamp;
    /// use amana_core::signature::standard_webhooks::{StandardWebhooks, WebhookSecret};
    /// use amana_core::signature::standard_webhooks::WebhookError;
    /// use amana_core::time::Span;
    /// let strict = StandardWebhooks::new(WebhookSecret::from_entropy([7; 24]))
    ///     .with_tolerance(Span::from_secs(1));
    /// let sent_at = Timestamp::from_millis(1_614_265_330_000);
    /// let headers = strict.sign("msg_1", sent_at, b"{}")?;
    /// let late = strict.verify(&headers, b"{}", sent_at + Span::from_secs(2));
    /// assert_eq!(late.err(), Some(WebhookError::Stale));
    /// # Ok::<(), WebhookError>(())
    /// ```
    #[must_use]
    pub fn with_tolerance(mut self, tolerance: Span) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// The headers for sending this message now, with one signature for each secret.
    ///
    /// ```
    /// use amana_core::Timestamp;
    /// use amana_core::signature::standard_webhooks::{StandardWebhooks, WebhookSecret};
    /// use amana_core::signature::standard_webhooks::WebhookError;
    /// let endpoint = StandardWebhooks::new(WebhookSecret::from_entropy([7; 24]));
    /// let sent_at = Timestamp::from_millis(1_614_265_330_000);
    /// assert_eq!(endpoint.sign("msg_1", sent_at, b"{}")?.timestamp, "1614265330");
    /// let ambiguous = endpoint.sign("msg.1", sent_at, b"{}");
    /// assert_eq!(ambiguous, Err(WebhookError::IdMalformed));
    /// # Ok::<(), WebhookError>(())
    /// ```
    ///
    /// # Errors
    /// [`WebhookError::IdMalformed`]; [`WebhookError::BeforeEpoch`], because the header can write
    /// no such time and every receiver would refuse it.
    pub fn sign(&self, id: &str, now: Timestamp, body: &[u8]) -> Result<Headers, WebhookError> {
        check_id(id)?;
        let seconds = now.as_millis().div_euclid(1_000);
        let seconds = u64::try_from(seconds).map_err(|_| WebhookError::BeforeEpoch)?;
        let timestamp = seconds.to_string();
        let signatures: Vec<String> = self
            .secrets
            .iter()
            .map(|secret| secret.tag(id, &timestamp, body))
            .map(|tag| format!("{VERSION}{}", BASE64.encode(tag)))
            .collect();
        Ok(Headers {
            id: id.to_owned(),
            timestamp,
            signature: signatures.join(" "),
        })
    }

    /// Checks the headers against the exact bytes of the body.
    ///
    /// ```
    /// use amana_core::Timestamp;
    /// use amana_core::signature::standard_webhooks::{StandardWebhooks, WebhookSecret};
    /// use amana_core::signature::standard_webhooks::WebhookError;
    /// let endpoint = StandardWebhooks::new(WebhookSecret::from_entropy([7; 24]));
    /// let sent_at = Timestamp::from_millis(1_614_265_330_000);
    /// let headers = endpoint.sign("msg_1", sent_at, b"{}")?;
    /// let changed = endpoint.verify(&headers, b"[]", sent_at);
    /// assert_eq!(changed.err(), Some(WebhookError::Mismatch));
    /// # Ok::<(), WebhookError>(())
    /// ```
    ///
    /// # Errors
    /// In this order: [`WebhookError::IdMalformed`],
    /// [`WebhookError::TimestampMalformed`], [`WebhookError::Stale`],
    /// [`WebhookError::Premature`], [`WebhookError::SignatureMalformed`] if there is no readable `v1`
    /// signature, [`WebhookError::Mismatch`].
    pub fn verify<B: AsRef<[u8]>>(
        &self,
        headers: &Headers,
        body: B,
        now: Timestamp,
    ) -> Result<Verified<B>, WebhookError> {
        check_id(&headers.id)?;
        self.check_freshness(&headers.timestamp, now)?;
        let claimed: Vec<[u8; 32]> = headers
            .signature
            .split_ascii_whitespace()
            .take(SIGNATURES_MAX)
            .filter_map(read_signature)
            .collect();
        if claimed.is_empty() {
            return Err(WebhookError::SignatureMalformed);
        }
        let mut fits = Choice::from(0);
        for secret in &self.secrets {
            let tag = secret.tag(&headers.id, &headers.timestamp, body.as_ref());
            for claimed in &claimed {
                fits |= tag.ct_eq(claimed);
            }
        }
        if bool::from(fits) {
            Ok(Verified::new(body, Proof::Signature))
        } else {
            Err(WebhookError::Mismatch)
        }
    }

    fn check_freshness(&self, timestamp: &str, now: Timestamp) -> Result<(), WebhookError> {
        // Digits only: a sign or a blank would be a second way to write one instant.
        if timestamp.is_empty() || !timestamp.bytes().all(|b| b.is_ascii_digit()) {
            return Err(WebhookError::TimestampMalformed);
        }
        let seconds: i64 = timestamp
            .parse()
            .map_err(|_| WebhookError::TimestampMalformed)?;
        let sent_at = Timestamp::from_millis(seconds.saturating_mul(1_000));
        if now - sent_at > self.tolerance {
            Err(WebhookError::Stale)
        } else if sent_at - now > self.tolerance {
            Err(WebhookError::Premature)
        } else {
            Ok(())
        }
    }
}

/// An id with a point would let one signed text be cut into id, time and body in two ways.
fn check_id(id: &str) -> Result<(), WebhookError> {
    let allowed = |byte: u8| byte.is_ascii_graphic() && byte != b'.';
    if !id.is_empty() && id.len() <= ID_LEN_MAX && id.bytes().all(allowed) {
        Ok(())
    } else {
        Err(WebhookError::IdMalformed)
    }
}

fn read_signature(text: &str) -> Option<[u8; 32]> {
    let encoded = text.strip_prefix(VERSION)?;
    BASE64.decode(encoded).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::error::Coded;

    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const SENT_AT: Timestamp = Timestamp::from_millis(1_614_265_330_000);
    const VECTOR: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    fn secret(byte: u8) -> WebhookSecret {
        WebhookSecret::from_entropy([byte; 24])
    }

    fn published() -> StandardWebhooks {
        let text = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        StandardWebhooks::new(text.parse().unwrap())
    }

    fn headers(timestamp: &str, signature: &str) -> Headers {
        Headers {
            id: ID.to_owned(),
            timestamp: timestamp.to_owned(),
            signature: signature.to_owned(),
        }
    }

    #[test]
    fn published_vector() {
        let signed = published().sign(ID, SENT_AT, BODY).unwrap();
        assert_eq!(signed, headers("1614265330", VECTOR));
        assert!(published().verify(&signed, BODY, SENT_AT).is_ok());
    }

    #[test]
    fn other_versions_are_passed_over() {
        let mixed = format!("v1a,AAAA v2,AAAA v1,not-base64 {VECTOR}");
        let received = headers("1614265330", &mixed);
        assert!(published().verify(&received, BODY, SENT_AT).is_ok());
        let none = headers("1614265330", "v1a,AAAA v2,AAAA");
        let refused = published().verify(&none, BODY, SENT_AT);
        assert_eq!(refused, Err(WebhookError::SignatureMalformed));
    }

    #[test]
    fn a_secret_can_be_replaced() {
        let old = StandardWebhooks::new(secret(1));
        let both = StandardWebhooks::new(secret(2)).with_secret(secret(1));
        let new = StandardWebhooks::new(secret(2));
        let other = StandardWebhooks::new(secret(3));
        for (sender, receiver, accepted) in [
            (&old, &both, true),
            (&both, &old, true),
            (&both, &new, true),
            (&new, &both, true),
            (&old, &new, false),
            (&both, &other, false),
        ] {
            let signed = sender.sign(ID, SENT_AT, BODY).unwrap();
            assert_eq!(receiver.verify(&signed, BODY, SENT_AT).is_ok(), accepted);
        }
        let signed = both.sign(ID, SENT_AT, BODY).unwrap();
        assert_eq!(signed.signature.split(' ').count(), 2);
    }

    #[test]
    fn tolerance_holds_both_ways() {
        let signed = published().sign(ID, SENT_AT, BODY).unwrap();
        let at = |seconds: i64| {
            let now = Timestamp::from_millis(SENT_AT.as_millis() + seconds * 1_000);
            published().verify(&signed, BODY, now).map(|_| ())
        };
        assert_eq!(at(300), Ok(()));
        assert_eq!(at(301), Err(WebhookError::Stale));
        assert_eq!(at(-300), Ok(()));
        assert_eq!(at(-301), Err(WebhookError::Premature));
    }

    #[test]
    fn refuses_in_order() {
        let verify =
            |headers: &Headers, body: &[u8]| published().verify(headers, body, SENT_AT).map(|_| ());
        let dotted = Headers {
            id: "msg.1".to_owned(),
            ..headers("x", "")
        };
        assert_eq!(verify(&dotted, BODY), Err(WebhookError::IdMalformed));
        for timestamp in [
            "",
            "x",
            "+1614265330",
            "-1",
            "1614265330.5",
            "99999999999999999999",
        ] {
            let refused = verify(&headers(timestamp, ""), BODY);
            assert_eq!(
                refused,
                Err(WebhookError::TimestampMalformed),
                "{timestamp}"
            );
        }
        let now = "1614265330";
        assert_eq!(verify(&headers("1", ""), BODY), Err(WebhookError::Stale));
        assert_eq!(
            verify(&headers(now, ""), BODY),
            Err(WebhookError::SignatureMalformed)
        );
        assert_eq!(
            verify(&headers(now, VECTOR), b""),
            Err(WebhookError::Mismatch)
        );
        let later = headers("1614265331", VECTOR);
        assert_eq!(verify(&later, BODY), Err(WebhookError::Mismatch));
    }

    #[test]
    fn travels_in_a_request() {
        let signed = published().sign(ID, SENT_AT, BODY).unwrap();
        let request = http::Request::new("POST", "example.com", "/hook");
        assert_eq!(Headers::of(&signed.add_to(request)), Ok(signed));
    }

    #[test]
    fn each_missing_header_is_named() {
        let empty = http::Request::new("POST", "example.com", "/hook");
        let id = empty.clone().with_header(ID_HEADER, "msg_1");
        let both = id.clone().with_header(TIMESTAMP_HEADER, "1614265330");
        let blank = both.clone().with_header(SIGNATURE_HEADER, " ");
        for (request, error, field) in [
            (empty, WebhookError::IdMissing, "/webhook-id"),
            (id, WebhookError::TimestampMissing, "/webhook-timestamp"),
            (both, WebhookError::SignatureMissing, "/webhook-signature"),
            (blank, WebhookError::SignatureMissing, "/webhook-signature"),
        ] {
            let refused = Headers::of(&request).unwrap_err();
            assert_eq!(refused, error);
            assert_eq!(refused.field().unwrap().as_str(), field);
        }
    }

    #[test]
    fn nothing_is_signed_that_no_receiver_would_take() {
        let at = |millis| {
            let now = Timestamp::from_millis(millis);
            let signed = published().sign(ID, now, BODY)?;
            published().verify(&signed, BODY, now).map(|_| ())
        };
        assert_eq!(at(0), Ok(()));
        assert_eq!(at(-1), Err(WebhookError::BeforeEpoch));
        assert_eq!(at(i64::MIN), Err(WebhookError::BeforeEpoch));
        assert_eq!(at(i64::MAX), Ok(()));
    }

    proptest! {
        #[test]
        fn what_is_signed_is_verified(
            id in "[!-~&&[^.]]{1,64}",
            body: Vec<u8>,
            entropy: [u8; 24],
            millis in 0_i64..4_000_000_000_000,
        ) {
            let endpoint = StandardWebhooks::new(WebhookSecret::from_entropy(entropy));
            let now = Timestamp::from_millis(millis);
            let signed = endpoint.sign(&id, now, &body).unwrap();
            prop_assert!(endpoint.verify(&signed, &body, now).is_ok());
        }

        #[test]
        fn never_panics(
            id in ".*",
            timestamp in ".*|[0-9]*",
            signature in ".*|(v1,[A-Za-z0-9+/=]*)*",
        ) {
            let received = Headers { id, timestamp, signature };
            let _ = published().verify(&received, BODY, SENT_AT);
            let _ = received.signature.parse::<WebhookSecret>();
        }
    }
}
