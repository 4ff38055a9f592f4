//! One attempt at a callback: what the host reports, what is kept, what the provider makes of it.

use amana_core::Timestamp;
use amana_core::time::Span;
use serde::{Deserialize, Serialize};

/// Why an attempt got no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryError {
    /// The host name could not be resolved.
    UnknownHost,
    /// Nobody listens there.
    ConnectionRefused,
    /// The connection broke.
    ConnectionLost,
    /// No answer came in time.
    TimedOut,
    /// The address is one the sandbox never calls: link-local, metadata, or not allowed.
    TargetForbidden,
    /// The receiver said that it is gone, or is no longer in the settings.
    TargetDisabled,
    /// A secure connection could not be made.
    Insecure,
    /// The answer was not HTTP, or too large.
    BadAnswer,
}

/// What the host reports of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attempt {
    /// The status of the answer.
    pub status: Option<u16>,
    /// Why there was none.
    pub error: Option<DeliveryError>,
    /// How long it took on the host's clock.
    pub millis: u32,
    /// `Retry-After` of the answer, if it was in seconds.
    pub retry_after: Option<Span>,
    /// The body of the answer, for callbacks that ask a question. Not journaled.
    pub body: Vec<u8>,
    /// Headers of the answer, their names in lower case, likewise.
    pub headers: Vec<(String, String)>,
}

impl Attempt {
    /// An answer with this status and body.
    pub fn answered(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: Some(status),
            body: body.into(),
            ..Self::default()
        }
    }

    /// A header of the answer by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// No answer.
    pub fn failed(error: DeliveryError) -> Self {
        Self {
            error: Some(error),
            ..Self::default()
        }
    }

    /// Whether the answer was in the 200s.
    pub fn is_success(&self) -> bool {
        self.status
            .is_some_and(|status| (200..300).contains(&status))
    }
}

/// What is kept of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(schemars::JsonSchema),
    schemars(rename = "Attempt")
)]
pub struct AttemptRecord {
    /// When it ended, on the sandbox clock.
    #[cfg_attr(feature = "server", schemars(with = "String", extend("format" = "date-time")))]
    pub at: Timestamp,
    /// The status of the answer.
    pub status: Option<u16>,
    /// Why there was none.
    pub error: Option<DeliveryError>,
    /// How long it took; 0 while the clock is frozen, so that runs stay equal.
    pub ms: u32,
}

/// What a provider makes of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Taken.
    Delivered,
    /// To be tried again after this long.
    Retry(Span),
    /// Given up.
    GiveUp,
}

impl Verdict {
    /// What becomes of the callback, in a word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Retry(_) => "retry",
            Self::GiveUp => "given_up",
        }
    }
}
