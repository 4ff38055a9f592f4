use std::fmt;

use crate::error::{Code, Coded, FieldPath};

/// Why a webhook is refused, or cannot be signed.
///
/// ```
/// use amana_core::error::Coded;
/// use amana_core::signature::standard_webhooks::{WebhookError, WebhookSecret};
/// let error = "whsec_?".parse::<WebhookSecret>().unwrap_err();
/// assert_eq!(error, WebhookError::SecretMalformed);
/// assert_eq!(error.to_string(), error.code().sentence());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookError {
    /// The secret is empty; everybody could sign with it.
    SecretEmpty,
    /// The secret is not in the expected format.
    SecretMalformed,
    /// There is no `webhook-id`.
    IdMissing,
    /// There is no `webhook-timestamp`.
    TimestampMissing,
    /// There is no `webhook-signature`.
    SignatureMissing,
    /// The message id is not in the expected format.
    IdMalformed,
    /// The time of sending is not in the expected format.
    TimestampMalformed,
    /// The message was sent too long ago; it may be a replay.
    Stale,
    /// The message was sent too far in the future.
    Premature,
    /// There is no signature in the expected format.
    SignatureMalformed,
    /// No signature fits id, time and body.
    Mismatch,
    /// The message cannot be signed for a time before 1970.
    BeforeEpoch,
}

impl Coded for WebhookError {
    fn code(&self) -> Code {
        match self {
            Self::SecretEmpty => Code::SignatureKeyEmpty,
            Self::SecretMalformed => Code::SignatureSecretMalformed,
            Self::IdMissing => Code::SignatureIdMissing,
            Self::TimestampMissing => Code::SignatureTimestampMissing,
            Self::SignatureMissing => Code::SignatureMissing,
            Self::IdMalformed => Code::SignatureIdMalformed,
            Self::TimestampMalformed => Code::SignatureTimestampMalformed,
            Self::Stale => Code::SignatureStale,
            Self::Premature => Code::SignaturePremature,
            Self::SignatureMalformed => Code::SignatureMalformed,
            Self::Mismatch => Code::SignatureMismatch,
            Self::BeforeEpoch => Code::SignatureBeforeEpoch,
        }
    }

    /// The header that is wrong.
    fn field(&self) -> Option<FieldPath> {
        match self {
            Self::SecretEmpty | Self::SecretMalformed | Self::BeforeEpoch => None,
            Self::IdMissing | Self::IdMalformed => Some(FieldPath::new("/webhook-id")),
            Self::TimestampMissing | Self::TimestampMalformed | Self::Stale | Self::Premature => {
                Some(FieldPath::new("/webhook-timestamp"))
            }
            Self::SignatureMissing | Self::SignatureMalformed | Self::Mismatch => {
                Some(FieldPath::new("/webhook-signature"))
            }
        }
    }
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().sentence())
    }
}

impl std::error::Error for WebhookError {}
