//! Whom a request is made for: credentials as named values, and the circumstances of one call.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use super::ProviderError;
use crate::json_as_object::json_as_object;
use crate::json_as_text::AnyText;
use crate::time::Timestamp;

/// Which of a provider's two worlds.
///
/// ```
/// use amana_core::provider::Environment;
/// assert_eq!(serde_json::to_string(&Environment::Sandbox)?, "\"sandbox\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// The provider's test system.
    Sandbox,
    /// Real money.
    Live,
}

/// One credential that a provider needs.
///
/// ```
/// use amana_core::provider::{self, Credentials, Environment};
/// // A form for an account asks for these.
/// for provider in provider::ALL {
///     assert!(provider.credential_fields().iter().any(|field| field.required));
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CredentialField {
    /// The name in [`Credentials`].
    pub name: &'static str,
    /// Whether requests fail without it.
    pub required: bool,
    /// What it is, for a form or a document.
    pub meaning: &'static str,
}

json_as_object! {
    /// The credentials of one account at a provider: values by the names of [`CredentialField`].
    ///
    /// `Debug` shows the names only, so that no secret reaches a log.
    ///
    /// ```
    /// use amana_core::provider::{Credentials, Environment, ProviderError};
    /// let credentials = Credentials::new(Environment::Sandbox).with("api_key", "secret");
    /// assert_eq!(credentials.get("api_key"), Some("secret"));
    /// assert!(!format!("{credentials:?}").contains("secret"));
    /// ```
    #[derive(Clone, PartialEq, Eq)]
    pub struct Credentials as "Credentials", {
        /// Sandbox or live.
        pub environment: Environment,
        #[serde(deserialize_with = "texts")]
        values: BTreeMap<String, String>,
    }
}

/// Texts by their names. A secret that is another type by mistake is in no error.
fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let texts = BTreeMap::<String, AnyText>::deserialize(deserializer)?;
    let texts = texts.into_iter().map(|(name, AnyText(text))| (name, text));
    Ok(texts.collect())
}

impl Credentials {
    /// No credentials yet.
    ///
    /// ```
    /// use amana_core::provider::{Credentials, Environment};
    /// assert_eq!(Credentials::new(Environment::Live).get("api_key"), None);
    /// ```
    pub const fn new(environment: Environment) -> Self {
        Self {
            environment,
            values: BTreeMap::new(),
        }
    }

    /// The same credentials with one more.
    ///
    /// ```
    /// use amana_core::provider::{Credentials, Environment, ProviderError};
    /// let credentials = Credentials::new(Environment::Sandbox).with("api_key", "secret");
    /// assert_eq!(credentials.with("api_key", "newer").get("api_key"), Some("newer"));
    /// ```
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.values.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The value, if present and not empty.
    ///
    /// ```
    /// use amana_core::provider::{Credentials, Environment, ProviderError};
    /// let credentials = Credentials::new(Environment::Sandbox).with("api_key", "secret");
    /// assert_eq!(credentials.with("api_key", "").get("api_key"), None);
    /// ```
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// The value.
    ///
    /// ```
    /// use amana_core::provider::{Credentials, Environment, ProviderError};
    /// let credentials = Credentials::new(Environment::Sandbox).with("api_key", "secret");
    /// let name = "username";
    /// assert_eq!(credentials.require(name), Err(ProviderError::CredentialMissing { name }));
    /// ```
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
///
/// ```
/// use amana_core::provider::{Call, Credentials, Environment};
/// # let now = amana_core::Timestamp::from_millis(0);
/// let credentials = Credentials::new(Environment::Sandbox);
/// let call = Call { access_token: Some("token"), ..Call::new(&credentials, now) };
/// assert_eq!(call.callback_url, None);
/// assert!(!format!("{call:?}").contains("\"token\""));
/// ```
#[derive(Clone, Copy)]
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

impl fmt::Debug for Call<'_> {
    /// Without the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("credentials", &self.credentials)
            .field("now", &self.now)
            .field("has_access_token", &self.access_token.is_some())
            .field("callback_url", &self.callback_url)
            .finish()
    }
}

impl<'a> Call<'a> {
    /// A call without token and callback address.
    ///
    /// ```
    /// use amana_core::provider::{Call, Credentials, Environment};
    /// # let now = amana_core::Timestamp::from_millis(0);
    /// let credentials = Credentials::new(Environment::Sandbox);
    /// assert_eq!(Call::new(&credentials, now).access_token, None);
    /// ```
    pub const fn new(credentials: &'a Credentials, now: Timestamp) -> Self {
        Self {
            credentials,
            now,
            access_token: None,
            callback_url: None,
        }
    }
}
