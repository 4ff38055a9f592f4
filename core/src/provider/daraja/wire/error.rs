//! The four shapes of a refused request.

use serde::{Deserialize, Serialize};

/// The usual one: exactly three keys.
///
/// ```
/// use amana_core::provider::daraja::wire::error::ErrorBody;
/// let json = r#"{"requestId": "4788-4346-8d2f-2fd3a4c2e5b6", "errorCode": "400.002.02",
///     "errorMessage": "Bad Request - Invalid Amount"}"#;
/// let body: ErrorBody = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// The gateway's id of the request.
    #[serde(default)]
    pub request_id: String,
    /// `400.002.02`; its first part is not always the HTTP status.
    pub error_code: String,
    /// Text for people, and at times all that tells two errors of one code apart.
    #[serde(default)]
    pub error_message: String,
}

/// The invoicing API's: without an id of the request.
///
/// ```
/// use amana_core::provider::daraja::wire::error::BareErrorBody;
/// let json = r#"{"errorCode": "401.003.01",
///     "errorMessage": "Error Occurred - Invalid Access Token"}"#;
/// let body: BareErrorBody = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BareErrorBody {
    /// `401`.
    pub error_code: String,
    /// Text for people.
    pub error_message: String,
}

/// The gateway's own, with HTTP 429.
///
/// ```
/// use amana_core::provider::daraja::wire::error::FaultBody;
/// let json = r#"{"fault": {"faultstring": "Spike arrest violation",
///     "detail": {"errorcode": "policies.ratelimit.SpikeArrestViolation"}}}"#;
/// let body: FaultBody = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultBody {
    /// What went wrong.
    pub fault: Fault,
}

/// What a [`FaultBody`] holds.
///
/// ```
/// use amana_core::provider::daraja::wire::error::Fault;
/// let json = r#"{"faultstring": "Spike arrest violation",
///     "detail": {"errorcode": "policies.ratelimit.SpikeArrestViolation"}}"#;
/// let body: Fault = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Text for people.
    pub faultstring: String,
    /// More of it.
    pub detail: FaultDetail,
}

/// What a [`Fault`] holds.
///
/// ```
/// use amana_core::provider::daraja::wire::error::FaultDetail;
/// let json = r#"{"errorcode": "policies.ratelimit.SpikeArrestViolation"}"#;
/// let body: FaultDetail = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultDetail {
    /// `policies.ratelimit.SpikeArrestViolation`.
    pub errorcode: String,
}

/// An app that lacks the product, HTTP 401.
///
/// ```
/// use amana_core::provider::daraja::wire::error::ProductErrorBody;
/// let json = r#"{"ResponseCode": "1001", "ResponseDescription": "Invalid short code"}"#;
/// let body: ProductErrorBody = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ProductErrorBody {
    /// Empty.
    pub response_code: String,
    /// Text for people.
    pub response_description: String,
}
