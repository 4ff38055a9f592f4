//! The four shapes of a refused request.

use serde::{Deserialize, Serialize};

/// The usual one: exactly three keys.
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BareErrorBody {
    /// `401`.
    pub error_code: String,
    /// Text for people.
    pub error_message: String,
}

/// The gateway's own, with HTTP 429.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultBody {
    /// What went wrong.
    pub fault: Fault,
}

/// What a [`FaultBody`] holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Text for people.
    pub faultstring: String,
    /// More of it.
    pub detail: FaultDetail,
}

/// What a [`Fault`] holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultDetail {
    /// `policies.ratelimit.SpikeArrestViolation`.
    pub errorcode: String,
}

/// An app that lacks the product, HTTP 401.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ProductErrorBody {
    /// Empty.
    pub response_code: String,
    /// Text for people.
    pub response_description: String,
}
