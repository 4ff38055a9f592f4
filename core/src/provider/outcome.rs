//! What comes back from a provider, in the engine's own words.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use crate::reference::{ProviderReference, Receipt};

use crate::json_as_object::json_as_object;
use crate::money::Money;
use crate::party::Msisdn;
use crate::signature::Verified;
use crate::time::Timestamp;

/// How an order stands, as far as one response or callback tells.
///
/// ```
/// use amana_core::provider::{DeclineReason, Outcome};
/// let json = r#"{"declined":{"reason":"wrong_pin","text":"The PIN is wrong"}}"#;
/// let Outcome::Declined { reason, .. } = serde_json::from_str(json)? else {
///     unreachable!("the payment was declined");
/// };
/// assert_eq!(reason, DeclineReason::WrongPin);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The provider has taken the order; the final word follows.
    Accepted {
        /// The provider's id of the order, for status queries and for matching callbacks.
        provider_reference: ProviderReference,
    },
    /// The money has moved.
    Completed {
        /// The provider's proof.
        receipt: Receipt,
        /// How much has moved, as the provider says; `None` if it does not say.
        amount: Option<Money>,
    },
    /// The money has not moved and will not.
    Declined {
        /// Why, in the engine's words.
        reason: DeclineReason,
        /// Why, in the provider's words.
        text: String,
    },
    /// The provider is still working on it.
    Pending,
    /// Nothing can be concluded. The money may have moved: ask again, never treat it as declined.
    Unknown(UnknownReason),
}

/// Why money did not move.
///
/// ```
/// use amana_core::provider::DeclineReason;
/// assert_eq!(serde_json::to_string(&DeclineReason::Timeout)?, "\"timeout\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineReason {
    /// The wallet that pays does not hold enough.
    InsufficientFunds,
    /// The payer typed a wrong PIN.
    WrongPin,
    /// The payer said no.
    CancelledByPayer,
    /// The payer did not answer in time.
    Timeout,
    /// The phone could not be reached.
    Unreachable,
    /// The wallet is locked or suspended.
    WalletLocked,
    /// A limit of amount or balance is exceeded.
    LimitExceeded,
    /// The provider does not serve this number, network or currency.
    NotSupported,
    /// The provider refused the request as invalid.
    InvalidRequest,
    /// The provider refused the credentials.
    Unauthenticated,
    /// The provider knows the same order already.
    Duplicate,
    /// The provider failed.
    ProviderFailure,
    /// Any other reason; the provider's text tells.
    Other,
}

/// Why nothing can be concluded from a response.
///
/// ```
/// use amana_core::http::Response;
/// use amana_core::provider::{self, Outcome, UnknownReason};
/// let broken = Response::new(503, "text/html", "busy");
/// for provider in provider::ALL {
///     let outcome = provider.decode_collection(&broken);
///     assert_eq!(outcome, Outcome::Unknown(UnknownReason::ServerError { status: 503 }));
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownReason {
    /// The provider answered with an error of its own: HTTP status 500 or above.
    ServerError {
        /// The status.
        status: u16,
    },
    /// The query was refused, so the order itself stays unknown.
    QueryRefused {
        /// The HTTP status.
        status: u16,
    },
    /// Too many requests.
    Throttled,
    /// The provider does not know the order (yet).
    NotFound,
    /// The answer is not in the provider's format.
    Unreadable,
    /// The answer has a status that the provider does not document.
    Undocumented {
        /// The status.
        status: String,
    },
    /// The provider does not offer this operation.
    Unsupported,
}

json_as_object! {
    /// What became of a text message to one recipient.
    ///
    /// ```
    /// use amana_core::provider::{Outcome, SmsOutcome};
    /// let sent = SmsOutcome { to: "0712345678".parse()?, outcome: Outcome::Pending, cost: None };
    /// assert_eq!(sent.to.to_string(), "+254712345678");
    /// # Ok::<(), amana_core::party::MsisdnError>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct SmsOutcome as "SmsOutcome", {
        /// The recipient.
        pub to: Msisdn,
        /// Accepted or declined.
        pub outcome: Outcome,
        /// What it costs, if the provider says.
        pub cost: Option<Money>,
    }
}

/// A callback as it came in, with or without a checked signature.
///
/// ```
/// use amana_core::provider::Received;
/// assert_eq!(Received::Unverified(b"{}").body(), b"{}");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received<'a> {
    /// The signature was checked over exactly these bytes.
    Verified(Verified<&'a [u8]>),
    /// No signature was checked.
    Unverified(&'a [u8]),
}

impl<'a> Received<'a> {
    /// The exact bytes.
    ///
    /// ```
    /// use amana_core::provider::Received;
    /// use amana_core::signature::{HmacKey, hmac};
    /// let (key, body) = (HmacKey::new("key")?, &b"{}"[..]);
    /// let verified = hmac::verify(&key, Some(&hmac::sign(&key, body)), body)?;
    /// assert_eq!(Received::Verified(verified).body(), body);
    /// # Ok::<(), amana_core::signature::SignatureError>(())
    /// ```
    pub fn body(&self) -> &'a [u8] {
        match self {
            Self::Verified(body) => body.into_inner(),
            Self::Unverified(body) => body,
        }
    }
}

/// What a callback says.
///
/// ```
/// use amana_core::provider::Notice;
/// let json = r#"{"sms_received":{"provider_reference":"ATXid_1","from":"+254712345678",
///     "to":"40404","text":"ACCEPT-AG-1"}}"#;
/// assert!(matches!(serde_json::from_str(json)?, Notice::SmsReceived { .. }));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// How an order stands.
    Payment {
        /// The provider's id of the order.
        provider_reference: ProviderReference,
        /// What it says. If `proof` is false this is a hint: query the status before acting, if
        /// the provider answers queries about this order at once.
        outcome: Outcome,
        /// Whether it was signed, so that it may be acted upon.
        proof: bool,
        /// The metadata of the order, as the provider gave it back.
        metadata: BTreeMap<String, String>,
    },
    /// What became of a text message.
    SmsDelivery {
        /// The provider's id of the message.
        provider_reference: ProviderReference,
        /// Delivered ([`Outcome::Completed`]), declined or still under way.
        outcome: Outcome,
    },
    /// A text message from a phone.
    SmsReceived {
        /// The provider's id of the message.
        provider_reference: ProviderReference,
        /// Who sent it.
        from: Msisdn,
        /// The short code it was sent to.
        to: String,
        /// The text.
        text: String,
    },
    /// When a number was last moved to another SIM, in answer to a
    /// [`SimCheck`](super::SimCheck).
    SimChecked {
        /// The provider's id of the question.
        provider_reference: ProviderReference,
        /// The last instant at which it may have been, if it ever was: providers name the day only.
        swapped_by: Option<Timestamp>,
    },
    /// A phone has dialled a USSD code or answered a screen, and waits for the next: see
    /// [`Provider::encode_screen`](super::Provider::encode_screen).
    UssdEntered {
        /// The provider's id of the session.
        provider_reference: ProviderReference,
        /// Whose phone.
        from: Msisdn,
        /// The code that the session belongs to.
        code: String,
        /// Everything typed so far: empty on the first call, then inputs joined by `*`.
        text: String,
    },
}
