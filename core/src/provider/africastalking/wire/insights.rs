//! SIM-swap checks. The house style differs here: money is an object, the transaction id a UUID.

use serde::{Deserialize, Serialize};

use super::WirePhone;
use crate::money::wire::WireDecimal;

/// The body of `POST /v1/sim-swap`.
///
/// ```
/// use amana_core::provider::africastalking::wire::insights::SimSwapRequest;
/// let json = r#"{"phoneNumbers": ["+254711000000"], "username": "sandbox"}"#;
/// let body: SimSwapRequest = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SimSwapRequest {
    /// The numbers asked about.
    pub phone_numbers: Vec<WirePhone>,
    /// The application.
    pub username: String,
}

/// The answer to `POST /v1/sim-swap`, status 200.
///
/// ```
/// use amana_core::provider::africastalking::wire::insights::SimSwapResponse;
/// let json = r#"{"responses": [{"cost": {"amount": 1.5, "currencyCode": "KES"},
///     "phoneNumber": {"carrierName": "Safaricom", "countryCode": 254,
///     "networkCode": "63902", "number": "+254711000000", "numberType": "Mobile"},
///     "requestId": "ATXSwid_1", "status": "Queued"}], "status": "Processed",
///     "totalCost": {"amount": 1.5, "currencyCode": "KES"},
///     "transactionId": "3c1b8a52"}"#;
/// let body: SimSwapResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SimSwapResponse {
    /// One for each number, in order.
    pub responses: Vec<SimSwapEntry>,
    /// `Processed`, `InsufficientBalance` or `InternalError`.
    pub status: String,
    /// What all of them cost.
    pub total_cost: Cost,
    /// A UUID.
    pub transaction_id: String,
}

/// What became of one number.
///
/// ```
/// use amana_core::provider::africastalking::wire::insights::SimSwapEntry;
/// let json = r#"{"cost": {"amount": 1.5, "currencyCode": "KES"},
///     "phoneNumber": {"carrierName": "Safaricom", "countryCode": 254,
///     "networkCode": "63902", "number": "+254711000000", "numberType": "Mobile"},
///     "requestId": "ATXSwid_1", "status": "Queued"}"#;
/// let body: SimSwapEntry = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SimSwapEntry {
    /// Absent if the number is not supported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
    /// The number and its network.
    pub phone_number: SimNumber,
    /// `ATXSwid_…`; absent if the number is not supported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// `Queued` or `UnsupportedPhoneNumber`.
    pub status: String,
}

/// An amount as this service writes it.
///
/// ```
/// use amana_core::provider::africastalking::wire::insights::Cost;
/// let json = r#"{"amount": 1.5, "currencyCode": "KES"}"#;
/// let body: Cost = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    /// A JSON number.
    pub amount: WireDecimal,
    /// ISO 4217 code.
    pub currency_code: String,
}

/// A number and its network; `networkCode` is a name here.
///
/// ```
/// use amana_core::provider::africastalking::wire::insights::SimNumber;
/// let json = r#"{"carrierName": "Safaricom", "countryCode": 254, "networkCode": "63902",
///     "number": "+254711000000", "numberType": "Mobile"}"#;
/// let body: SimNumber = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SimNumber {
    /// The network's name.
    pub carrier_name: String,
    /// Calling code.
    pub country_code: u16,
    /// The network's name again.
    pub network_code: String,
    /// E.164 with `+`.
    pub number: WirePhone,
    /// `Mobile`.
    pub number_type: String,
}

/// The result callback, JSON.
///
/// ```
/// use amana_core::provider::africastalking::wire::insights::SimSwapResult;
/// let json = r#"{"lastSimSwapDate": "2026-01-01", "providerRefId": "1",
///     "requestId": "ATXSwid_1", "status": "Swapped", "transactionId": "3c1b8a52"}"#;
/// let body: SimSwapResult = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SimSwapResult {
    /// `dd-MM-yyyy`; `01-01-1900` means never.
    pub last_sim_swap_date: String,
    /// The network's id.
    pub provider_ref_id: String,
    /// As in the synchronous answer.
    pub request_id: String,
    /// `Swapped` or `NotSwapped`; the negative word is not documented.
    pub status: String,
    /// As in the synchronous answer.
    pub transaction_id: String,
}
