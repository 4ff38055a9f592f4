//! Whom a request is made for: credentials as named values, and the circumstances of one call.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::ProviderError;
use crate::time::Timestamp;

/// Which of a provider's two worlds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// The provider's test system.
    Sandbox,
    /// Real money.
    Live,
}

/// One credential that a provider needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CredentialField {
    /// The name in [`Credentials`].
    pub name: &'static str,
    /// Whether requests fail without it.
    pub required: bool,
    /// What it is, for a form or a document.
    pub meaning: &'static str,
}

/// The credentials of one account at a provider: values by the names of [`CredentialField`].
///
/// `Debug` shows the names only, so that no secret reaches a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// Sandbox or live.
    pub environment: Environment,
    values: BTreeMap<String, String>,
}

impl Credentials {
    /// No credentials yet.
    pub const fn new(environment: Environment) -> Self {
        Self {
            environment,
            values: BTreeMap::new(),
        }
    }

    /// The same credentials with one more.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.values.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The value, if present and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// The value.
    ///
    /// # Errors
    /// [`ProviderError::CredentialMissing`].
    pub fn require(&self, name: &'static str) -> Result<&str, ProviderError> {
        self.get(name)
            .ok_or(ProviderError::CredentialMissing { name })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("environment", &self.environment)
            .field("names", &self.values.keys().collect::<Vec<_>>())
            .finish()
    }
}

/// The circumstances of one request.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// Whom it is made for.
    pub credentials: &'a Credentials,
    /// The time of the request; some providers want it inside.
    pub now: Timestamp,
    /// The access token, for providers that authorise first.
    pub access_token: Option<&'a str>,
    /// Where callbacks shall go, for providers that take it with the request.
    pub callback_url: Option<&'a str>,
}

impl<'a> Call<'a> {
    /// A call without token and callback address.
    pub const fn new(credentials: &'a Credentials, now: Timestamp) -> Self {
        Self {
            credentials,
            now,
            access_token: None,
            callback_url: None,
        }
    }
}
