//! `GET /oauth/v1/generate?grant_type=client_credentials`, with the consumer key and secret in a
//! `Basic` header.

use serde::{Deserialize, Serialize};

use super::Scalar;
use crate::json_as_text::any_text;

/// The answer.
///
/// ```
/// use amana_core::provider::daraja::wire::token::TokenResponse;
/// let json = r#"{"access_token": "SGWcJPtNtYNPGm6uSYR9yPYrAI3B", "expires_in": "3599"}"#;
/// let body: TokenResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenResponse {
    /// 28 letters and digits.
    #[serde(deserialize_with = "any_text")]
    pub access_token: String,
    /// Seconds: the text `"3599"` in most recordings, a number in the newest document.
    pub expires_in: Scalar,
}

impl std::fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenResponse")
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}
