use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::WebhookError;
use crate::signature::hmac::tag_of_parts;
use crate::signature::{HmacKey, Secret};

/// What secrets begin with.
const SECRET_PREFIX: &str = "whsec_";

/// A secret shared by sender and receiver: `whsec_` and base64.
///
/// The specification recommends 24 to 64 random bytes, as [`Self::from_entropy`] makes; a secret
/// that is read may have any length but zero, because it was chosen elsewhere.
///
/// ```
/// use amana_core::signature::standard_webhooks::WebhookSecret;
/// let secret: WebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse()?;
/// assert_eq!(format!("{secret:?}"), "WebhookSecret(***)");
/// assert_eq!(secret.reveal(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
/// assert!("whsec_?".parse::<WebhookSecret>().is_err());
/// # Ok::<(), amana_core::signature::standard_webhooks::WebhookError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret {
    text: Secret,
    key: HmacKey,
}

impl WebhookSecret {
    /// A new secret of 24 bytes that the caller drew.
    ///
    /// ```
    /// use amana_core::signature::standard_webhooks::WebhookSecret;
    /// let secret = WebhookSecret::from_entropy([7; 24]);
    /// assert_eq!(secret.reveal().parse(), Ok(secret));
    /// ```
    pub fn from_entropy(entropy: [u8; 24]) -> Self {
        Self::of_some(&entropy)
    }

    /// The text to hand over to the other side.
    ///
    /// ```
    /// use amana_core::signature::standard_webhooks::WebhookSecret;
    /// let secret: WebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse()?;
    /// assert!(secret.reveal().starts_with("whsec_"));
    /// # Ok::<(), amana_core::signature::standard_webhooks::WebhookError>(())
    /// ```
    pub fn reveal(&self) -> &str {
        self.text.reveal()
    }

    fn of_some(bytes: &[u8]) -> Self {
        Self {
            key: HmacKey::of_some(bytes),
            text: Secret::new(format!("{SECRET_PREFIX}{}", BASE64.encode(bytes))),
        }
    }

    pub(super) fn tag(&self, id: &str, timestamp: &str, body: &[u8]) -> [u8; 32] {
        let parts = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
        tag_of_parts(&self.key, &parts)
    }
}

impl FromStr for WebhookSecret {
    type Err = WebhookError;

    /// Reads base64, with or without `whsec_` before it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let encoded = text.strip_prefix(SECRET_PREFIX).unwrap_or(text);
        let bytes = BASE64
            .decode(encoded)
            .map_err(|_| WebhookError::SecretMalformed)?;
        match bytes.is_empty() {
            true => Err(WebhookError::SecretEmpty),
            false => Ok(Self::of_some(&bytes)),
        }
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(***)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn refuses_what_is_no_secret() {
        for (text, error) in [
            ("", WebhookError::SecretEmpty),
            ("whsec_", WebhookError::SecretEmpty),
            ("whsec_?", WebhookError::SecretMalformed),
            ("whsec_whsec_AAAA", WebhookError::SecretMalformed),
        ] {
            assert_eq!(text.parse::<WebhookSecret>(), Err(error), "{text}");
        }
    }

    proptest! {
        #[test]
        fn secrets_round_trip(entropy: [u8; 24]) {
            let secret = WebhookSecret::from_entropy(entropy);
            prop_assert_eq!(secret.reveal().parse(), Ok(secret));
        }
    }
}
