//! `GET /oauth/v1/generate?grant_type=client_credentials`, with the consumer key and secret in a
//! `Basic` header.

use serde::{Deserialize, Serialize};

use super::Scalar;

/// The answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenResponse {
    /// 28 letters and digits.
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
