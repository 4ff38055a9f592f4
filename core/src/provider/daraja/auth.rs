//! Credentials: a key and secret that buy a token, a pass key for prompts, and an initiator whose
//! encrypted password goes with every other order.
//!
//! Callbacks are not signed and carry no secret. What follows from that differs: a prompt can be
//! queried, so its callback is a hint; a payout is answered by callback only, so its callback has to
//! be believed, and the address it goes to is all that protects it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::eat::Eat;
use crate::http::Request;
use crate::provider::{Call, CredentialField, Environment, ProviderError};

/// Consumer key of the app.
///
/// ```
/// use amana_core::provider::daraja::auth::{FIELDS, CONSUMER_KEY};
/// assert!(FIELDS.iter().any(|field| field.name == CONSUMER_KEY));
/// ```
pub const CONSUMER_KEY: &str = "consumer_key";
/// Consumer secret of the app.
///
/// ```
/// use amana_core::provider::daraja::auth::{FIELDS, CONSUMER_SECRET};
/// assert!(FIELDS.iter().any(|field| field.name == CONSUMER_SECRET));
/// ```
pub const CONSUMER_SECRET: &str = "consumer_secret";
/// The short code that collects and pays.
///
/// ```
/// use amana_core::provider::daraja::auth::{FIELDS, SHORTCODE};
/// assert!(FIELDS.iter().any(|field| field.name == SHORTCODE));
/// ```
pub const SHORTCODE: &str = "shortcode";
/// The pass key of its prompts.
///
/// ```
/// use amana_core::provider::daraja::auth::{FIELDS, PASSKEY};
/// assert!(FIELDS.iter().any(|field| field.name == PASSKEY));
/// ```
pub const PASSKEY: &str = "passkey";
/// The till that is paid, if the short code is its store number.
///
/// ```
/// use amana_core::provider::daraja::auth::{FIELDS, TILL};
/// assert!(FIELDS.iter().any(|field| field.name == TILL));
/// ```
pub const TILL: &str = "till";
/// The name of the initiator of payouts and reversals.
///
/// ```
/// use amana_core::provider::daraja::auth::{FIELDS, INITIATOR};
/// assert!(FIELDS.iter().any(|field| field.name == INITIATOR));
/// ```
pub const INITIATOR: &str = "initiator";
/// The initiator's password, encrypted.
///
/// ```
/// use amana_core::provider::daraja::auth::{FIELDS, SECURITY_CREDENTIAL};
/// assert!(FIELDS.iter().any(|field| field.name == SECURITY_CREDENTIAL));
/// ```
pub const SECURITY_CREDENTIAL: &str = "security_credential";

/// What an account consists of.
///
/// The initiator's password comes encrypted, because that is how it is used and kept: with RSA
/// (PKCS #1 v1.5) under the provider's certificate, in base64. The same text serves any number of
/// orders.
///
/// ```
/// use amana_core::provider::daraja::auth::FIELDS;
/// let required = FIELDS.iter().filter(|field| field.required).count();
/// assert_eq!(required, 3);
/// ```
pub const FIELDS: &[CredentialField] = &[
    CredentialField {
        name: CONSUMER_KEY,
        required: true,
        meaning: "consumer key of the app",
    },
    CredentialField {
        name: CONSUMER_SECRET,
        required: true,
        meaning: "consumer secret of the app",
    },
    CredentialField {
        name: SHORTCODE,
        required: true,
        meaning: "short code that collects and pays; 174379 in the sandbox",
    },
    CredentialField {
        name: PASSKEY,
        required: false,
        meaning: "pass key of the short code, needed for collections",
    },
    CredentialField {
        name: TILL,
        required: false,
        meaning: "till that is paid, if the short code is its store number",
    },
    CredentialField {
        name: INITIATOR,
        required: false,
        meaning: "name of the initiator, needed for payouts and reversals",
    },
    CredentialField {
        name: SECURITY_CREDENTIAL,
        required: false,
        meaning: "password of the initiator, encrypted with the provider's certificate",
    },
];

/// Both worlds have the same paths.
///
/// ```
/// use amana_core::provider::daraja::auth::host;
/// use amana_core::provider::Environment;
/// assert_eq!(host(Environment::Live), "api.safaricom.co.ke");
/// ```
pub const fn host(environment: Environment) -> &'static str {
    match environment {
        Environment::Sandbox => SANDBOX_HOST,
        Environment::Live => LIVE_HOST,
    }
}

/// The host of the provider's test system.
///
/// ```
/// use amana_core::provider::daraja::auth::{SANDBOX_HOST, host};
/// use amana_core::provider::Environment;
/// assert_eq!(host(Environment::Sandbox), SANDBOX_HOST);
/// ```
pub const SANDBOX_HOST: &str = "sandbox.safaricom.co.ke";
/// The host of real money.
///
/// ```
/// use amana_core::provider::daraja::auth::{LIVE_HOST, host};
/// use amana_core::provider::Environment;
/// assert_eq!(host(Environment::Live), LIVE_HOST);
/// ```
pub const LIVE_HOST: &str = "api.safaricom.co.ke";

/// A request for an access token.
///
/// ```
/// use amana_core::provider::daraja::auth::{CONSUMER_KEY, CONSUMER_SECRET, token_request};
/// use amana_core::provider::{Call, Credentials, Environment, ProviderError};
/// # let now = "2026-10-10T11:30:05Z".parse().unwrap();
/// let credentials = Credentials::new(Environment::Sandbox)
///     .with(CONSUMER_KEY, "key")
///     .with(CONSUMER_SECRET, "secret");
/// let request = token_request(&Call::new(&credentials, now))?;
/// assert_eq!(request.header("authorization"), Some("Basic a2V5OnNlY3JldA=="));
/// # Ok::<(), ProviderError>(())
/// ```
///
/// # Errors
/// [`ProviderError::CredentialMissing`].
pub fn token_request(call: &Call<'_>) -> Result<Request, ProviderError> {
    let key = call.credentials.require(CONSUMER_KEY)?;
    let secret = call.credentials.require(CONSUMER_SECRET)?;
    let basic = STANDARD.encode(format!("{key}:{secret}"));
    let host = host(call.credentials.environment);
    let mut request = Request::new("GET", host, "/oauth/v1/generate")
        .with_header("authorization", &format!("Basic {basic}"));
    request.query = "grant_type=client_credentials".to_owned();
    Ok(request)
}

/// An order to this path, with the token.
///
/// ```
/// use amana_core::provider::daraja::auth::request;
/// use amana_core::provider::{Call, Credentials, Environment, ProviderError};
/// # let now = "2026-10-10T11:30:05Z".parse().unwrap();
/// let credentials = Credentials::new(Environment::Sandbox);
/// let call = Call { access_token: Some("token"), ..Call::new(&credentials, now) };
/// let request = request(&call, "/mpesa/stkpush/v1/processrequest")?;
/// assert_eq!(request.header("authorization"), Some("Bearer token"));
/// # Ok::<(), ProviderError>(())
/// ```
///
/// # Errors
/// [`ProviderError::CredentialMissing`] without a token.
pub fn request(call: &Call<'_>, path: &str) -> Result<Request, ProviderError> {
    let name = "access_token";
    let token = call
        .access_token
        .ok_or(ProviderError::CredentialMissing { name })?;
    let host = host(call.credentials.environment);
    Ok(Request::new("POST", host, path).with_header("authorization", &format!("Bearer {token}")))
}

/// What a prompt is signed with: the short code, its pass key and the timestamp, in base64.
///
/// ```
/// use amana_core::provider::daraja::auth::password;
/// assert_eq!(password("174379", "secret", "20261010143005"), "MTc0Mzc5c2VjcmV0MjAyNjEwMTAxNDMwMDU=");
/// ```
pub fn password(shortcode: &str, passkey: &str, timestamp: &str) -> String {
    STANDARD.encode(format!("{shortcode}{passkey}{timestamp}"))
}

/// The pass key inside a password, if the rest of it is this short code and timestamp.
///
/// ```
/// use amana_core::provider::daraja::auth::{passkey_in, password};
/// let password = password("174379", "secret", "20261010143005");
/// assert_eq!(passkey_in(&password, "174379", "20261010143005").as_deref(), Some("secret"));
/// assert_eq!(passkey_in(&password, "174379", "20261010143006"), None);
/// ```
pub fn passkey_in(password: &str, shortcode: &str, timestamp: &str) -> Option<String> {
    let text = String::from_utf8(STANDARD.decode(password).ok()?).ok()?;
    let passkey = text.strip_prefix(shortcode)?.strip_suffix(timestamp)?;
    Some(passkey.to_owned())
}

/// The timestamp of a call.
///
/// ```
/// use amana_core::provider::daraja::auth::timestamp;
/// use amana_core::provider::{Call, Credentials, Environment};
/// let credentials = Credentials::new(Environment::Sandbox);
/// let call = Call::new(&credentials, "2026-10-10T11:30:05Z".parse()?);
/// assert_eq!(timestamp(&call), "20261010143005");
/// # Ok::<(), amana_core::time::TimestampError>(())
/// ```
pub fn timestamp(call: &Call<'_>) -> String {
    Eat::from(call.now).compact()
}
