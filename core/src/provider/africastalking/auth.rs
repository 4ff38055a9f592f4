//! Credentials: a user name that is a parameter of every request, and a key that is a header.
//!
//! Callbacks are not signed, and no address list or shared secret exists for them. A notification
//! is therefore a hint: what counts is the answer to `/query/transaction/find`.

use crate::http::Request;
use crate::provider::{Call, CredentialField, Environment, ProviderError};

/// The user name; `sandbox` in the sandbox.
///
/// ```
/// use amana_core::provider::africastalking::auth::{FIELDS, USERNAME};
/// assert!(FIELDS.iter().any(|field| field.name == USERNAME));
/// ```
pub const USERNAME: &str = "username";
/// The API key of that user name.
///
/// ```
/// use amana_core::provider::africastalking::auth::{FIELDS, API_KEY};
/// assert!(FIELDS.iter().any(|field| field.name == API_KEY));
/// ```
pub const API_KEY: &str = "api_key";
/// The payment product.
///
/// ```
/// use amana_core::provider::africastalking::auth::{FIELDS, PRODUCT};
/// assert!(FIELDS.iter().any(|field| field.name == PRODUCT));
/// ```
pub const PRODUCT: &str = "product";
/// A provider channel other than the product's default.
///
/// ```
/// use amana_core::provider::africastalking::auth::{FIELDS, CHANNEL};
/// assert!(FIELDS.iter().any(|field| field.name == CHANNEL));
/// ```
pub const CHANNEL: &str = "channel";

/// The header of the API key; its name has no case on the wire.
///
/// ```
/// use amana_core::provider::africastalking::auth::KEY_HEADER;
/// assert_eq!(KEY_HEADER, "apiKey");
/// ```
pub const KEY_HEADER: &str = "apiKey";

/// What an account consists of.
///
/// ```
/// use amana_core::provider::africastalking::auth::FIELDS;
/// let required = FIELDS.iter().filter(|field| field.required).count();
/// assert_eq!(required, 2);
/// ```
pub const FIELDS: &[CredentialField] = &[
    CredentialField {
        name: USERNAME,
        required: true,
        meaning: "user name of the application; `sandbox` in the sandbox",
    },
    CredentialField {
        name: API_KEY,
        required: true,
        meaning: "API key of that application",
    },
    CredentialField {
        name: PRODUCT,
        required: false,
        meaning: "payment product, needed for collections and payouts",
    },
    CredentialField {
        name: CHANNEL,
        required: false,
        meaning: "provider channel, if not the default one of the product",
    },
];

/// The provider's services, each with its own host.
///
/// ```
/// use amana_core::provider::africastalking::auth::{Service, host};
/// use amana_core::provider::Environment;
/// assert_eq!(host(Service::Insights, Environment::Live), "insights.africastalking.com");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Text messages and application data.
    Api,
    /// Payments.
    Payments,
    /// Facts about numbers.
    Insights,
}

/// The host of a service.
///
/// ```
/// use amana_core::provider::africastalking::auth::{Service, host};
/// use amana_core::provider::Environment;
/// assert_eq!(host(Service::Api, Environment::Sandbox), "api.sandbox.africastalking.com");
/// ```
pub const fn host(service: Service, environment: Environment) -> &'static str {
    match (service, environment) {
        (Service::Api, Environment::Sandbox) => "api.sandbox.africastalking.com",
        (Service::Api, Environment::Live) => "api.africastalking.com",
        (Service::Payments, Environment::Sandbox) => "payments.sandbox.africastalking.com",
        (Service::Payments, Environment::Live) => "payments.africastalking.com",
        (Service::Insights, Environment::Sandbox) => "insights.sandbox.africastalking.com",
        (Service::Insights, Environment::Live) => "insights.africastalking.com",
    }
}

/// A request to a service with the headers that every request has.
///
/// ```
/// use amana_core::provider::africastalking::auth::{API_KEY, Service, request};
/// use amana_core::provider::{Call, Credentials, Environment, ProviderError};
/// # let now = amana_core::Timestamp::from_millis(0);
/// let credentials = Credentials::new(Environment::Sandbox).with(API_KEY, "secret");
/// let request = request(&Call::new(&credentials, now), "GET", Service::Api, "/version1/user")?;
/// assert_eq!(request.header("apikey"), Some("secret"));
/// # Ok::<(), ProviderError>(())
/// ```
///
/// # Errors
/// [`ProviderError::CredentialMissing`].
pub fn request(
    call: &Call<'_>,
    method: &str,
    service: Service,
    path: &str,
) -> Result<Request, ProviderError> {
    let key = call.credentials.require(API_KEY)?;
    let host = host(service, call.credentials.environment);
    // Without `Accept` the core host answers in XML.
    Ok(Request::new(method, host, path)
        .with_header("accept", "application/json")
        .with_header(KEY_HEADER, key))
}
