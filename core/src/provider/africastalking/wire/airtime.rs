//! Airtime: sent with a form whose `recipients` is JSON text, reported with a JSON callback.

use serde::{Deserialize, Serialize};

use super::WirePhone;

/// The answer to `POST /version1/airtime/send`, status 201 also when refused.
///
/// ```
/// use amana_core::provider::africastalking::wire::airtime::AirtimeResponse;
/// let json = r#"{"errorMessage": "None", "numSent": 1, "responses": [{"amount": "KES 100.0000",
///     "discount": "KES 4.0000", "errorMessage": "None",
///     "phoneNumber": "+254711000000", "requestId": "ATQid_1", "status": "Sent"}],
///     "totalAmount": "KES 100.0000", "totalDiscount": "KES 4.0000"}"#;
/// let body: AirtimeResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AirtimeResponse {
    /// `None`, or why nobody was accepted.
    pub error_message: String,
    /// How many were accepted.
    pub num_sent: u32,
    /// One for each recipient, in order.
    pub responses: Vec<AirtimeEntry>,
    /// The amounts of the accepted ones.
    pub total_amount: String,
    /// Their discounts.
    pub total_discount: String,
}

/// What became of one recipient of airtime.
///
/// ```
/// use amana_core::provider::africastalking::wire::airtime::AirtimeEntry;
/// let json = r#"{"amount": "KES 100.0000", "discount": "KES 4.0000", "errorMessage": "None",
///     "phoneNumber": "+254711000000", "requestId": "ATQid_1", "status": "Sent"}"#;
/// let body: AirtimeEntry = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AirtimeEntry {
    /// How much, with currency.
    pub amount: String,
    /// What the application saves, with currency.
    pub discount: String,
    /// `None`, or why it was refused.
    pub error_message: String,
    /// As in the request.
    pub phone_number: WirePhone,
    /// `ATQid_…`, or `None`.
    pub request_id: String,
    /// `Sent` or `Failed`.
    pub status: String,
}

/// The status callback of airtime, JSON.
///
/// ```
/// use amana_core::provider::africastalking::wire::airtime::AirtimeStatus;
/// let json = r#"{"description": "Airtime Delivered Successfully", "discount": "KES 0.6000",
///     "phoneNumber": "+254711000000", "requestId": "ATQid_1",
///     "status": "Success", "value": "KES 100.0000"}"#;
/// let body: AirtimeStatus = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AirtimeStatus {
    /// Text for people.
    pub description: String,
    /// What the application saved, with currency.
    pub discount: String,
    /// Who got it.
    pub phone_number: WirePhone,
    /// As in the synchronous answer.
    pub request_id: String,
    /// `Success` or `Failed`.
    pub status: String,
    /// How much, with currency.
    pub value: String,
}
