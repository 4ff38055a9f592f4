//! Look-ups that are answered at once.

use serde::{Deserialize, Serialize};

use super::Scalar;

/// The answer of `POST /sfcverify/v1/query/info`: whose short code is this?
///
/// ```
/// use amana_core::provider::daraja::wire::lookup::OrganisationResponse;
/// let json = r#"{"ConversationID": "2263b2f6", "ResponseCode": "4000",
///     "ResponseMessage": "Success", "DetailedMessage": "Success",
///     "OrganizationShortCode": "600984", "OrganizationName": "Amana",
///     "ChargeProfileID": "1"}"#;
/// let body: OrganisationResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct OrganisationResponse {
    /// The gateway's id.
    #[serde(rename = "ConversationID")]
    pub conversation_id: String,
    /// `4000`.
    pub response_code: String,
    /// `Success`.
    pub response_message: String,
    /// Text for people.
    pub detailed_message: String,
    /// As asked for.
    pub organization_short_code: String,
    /// Its name.
    pub organization_name: String,
    /// Its tariff.
    #[serde(rename = "ChargeProfileID")]
    pub charge_profile_id: String,
}

/// The answer of `POST /mpesa/b2c/hakikisha/v1/hakikisha`: whose phone is this?
///
/// ```
/// use amana_core::provider::daraja::wire::lookup::NameResponse;
/// let json = r#"{"header": {"requestID": "1", "timestamp": "2026-10-02T06:38:45",
///     "status": "200", "message": "Success"}, "body": {"firstName": "JANE"}}"#;
/// let body: NameResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameResponse {
    /// Who asked, and whether.
    pub header: NameHeader,
    /// The name, or why there is none.
    pub body: NameBody,
}

/// The head of a [`NameResponse`].
///
/// ```
/// use amana_core::provider::daraja::wire::lookup::NameHeader;
/// let json = r#"{"requestID": "1", "timestamp": "2026-10-02T06:38:45", "status": "200",
///     "message": "Success"}"#;
/// let body: NameHeader = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameHeader {
    /// The caller's id.
    #[serde(rename = "requestID")]
    pub request_id: String,
    /// The caller's time.
    pub timestamp: String,
    /// `200` or `400`.
    pub status: String,
    /// `Success`.
    pub message: String,
}

/// The rest of a [`NameResponse`].
///
/// ```
/// use amana_core::provider::daraja::wire::lookup::NameBody;
/// let json = r#"{"firstName": "JANE", "lastName": "WANJIKU"}"#;
/// let body: NameBody = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NameBody {
    /// Whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// Masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// The answer of `POST /imsi/v{1,2}/checkATI`: when was this SIM swapped?
///
/// ```
/// use amana_core::provider::daraja::wire::lookup::SimResponse;
/// let json = r#"{"requestRefID": "1", "responseCode": "200", "responseDesc": "Success",
///     "lastSwapDate": "20260101"}"#;
/// let body: SimResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SimResponse {
    /// The gateway's id.
    #[serde(rename = "requestRefID")]
    pub request_ref_id: String,
    /// `200`.
    pub response_code: String,
    /// `Success`.
    pub response_desc: String,
    /// Version 1 only: the SIM, hashed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imsi: Option<String>,
    /// `DD-MM-YYYY HH:mm`; `01-01-1900 00:00` if more than three months ago.
    pub last_swap_date: String,
    /// Version 1 only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub msisdn_registration_date: Option<String>,
    /// Version 1 only: as asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_number: Option<Scalar>,
}

/// The answer of `POST /v1/lipa/na/bonga/…`: loyalty points as money.
///
/// ```
/// use amana_core::provider::daraja::wire::lookup::BongaResponse;
/// let json = r#"{"header": {"requestRefId": "1", "responseCode": 200,
///     "responseMessage": "Success", "customerMessage": "Success",
///     "timestamp": "2026-10-02"}, "body": null}"#;
/// let body: BongaResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BongaResponse {
    /// Whether.
    pub header: BongaHeader,
    /// What points are worth; null after a redemption.
    pub body: Option<BongaBody>,
}

/// The head of a [`BongaResponse`].
///
/// ```
/// use amana_core::provider::daraja::wire::lookup::BongaHeader;
/// let json = r#"{"requestRefId": "1", "responseCode": 200, "responseMessage": "Success",
///     "customerMessage": "Success", "timestamp": "2026-10-02"}"#;
/// let body: BongaHeader = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BongaHeader {
    /// The gateway's id.
    pub request_ref_id: String,
    /// A number.
    pub response_code: u16,
    /// Text for people.
    pub response_message: String,
    /// Text for the customer.
    pub customer_message: String,
    /// `YYYY-MM-DDTHH:mm:ss.sss`.
    pub timestamp: String,
}

/// The rest of a [`BongaResponse`].
///
/// ```
/// use amana_core::provider::daraja::wire::lookup::BongaBody;
/// let json = r#"{"amount": 20, "points": 100, "rate": "0.2"}"#;
/// let body: BongaBody = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BongaBody {
    /// Shillings.
    pub amount: Scalar,
    /// Points.
    pub points: Scalar,
    /// Shillings a point.
    pub rate: String,
}
