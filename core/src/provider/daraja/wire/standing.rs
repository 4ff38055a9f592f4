//! Requests whose acknowledgement and callback have a shape of their own: standing orders
//! (Ratiba), and the USSD push that asks a till to pay.

use serde::{Deserialize, Serialize};

/// The acknowledgement of a standing order.
///
/// ```
/// use amana_core::provider::daraja::wire::standing::StandingResponse;
/// let json = r#"{"ResponseHeader": {"responseRefID": "4dd9b5d9", "responseCode": "200",
///     "responseDescription": "Request accepted"},
///     "ResponseBody": {"responseDescription": "Request accepted",
///     "responseCode": "200"}}"#;
/// let body: StandingResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StandingResponse {
    /// Who, and whether.
    pub response_header: StandingHeader,
    /// The same again.
    pub response_body: StandingBody,
}

/// The head of a [`StandingResponse`] and of its callback.
///
/// ```
/// use amana_core::provider::daraja::wire::standing::StandingHeader;
/// let json = r#"{"responseRefID": "4dd9b5d9", "responseCode": "200",
///     "responseDescription": "Request accepted"}"#;
/// let body: StandingHeader = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingHeader {
    /// The gateway's id.
    #[serde(rename = "responseRefID")]
    pub response_ref_id: String,
    /// `200`; in callbacks `0` or a code of the prompt.
    #[serde(rename = "responseCode")]
    pub response_code: String,
    /// Text for people.
    #[serde(rename = "responseDescription")]
    pub response_description: String,
    /// Only in the acknowledgement.
    #[serde(rename = "ResultDesc")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_desc: Option<String>,
}

/// The rest of a [`StandingResponse`].
///
/// ```
/// use amana_core::provider::daraja::wire::standing::StandingBody;
/// let json = r#"{"responseDescription": "Request accepted", "responseCode": "200"}"#;
/// let body: StandingBody = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StandingBody {
    /// Text for people.
    pub response_description: String,
    /// `200`.
    pub response_code: String,
}

/// The callback of a standing order that was made: keys in lower camel case.
///
/// ```
/// use amana_core::provider::daraja::wire::standing::StandingCallback;
/// let json = r#"{"responseHeader": {"responseRefID": "4dd9b5d9", "responseCode": "200",
///     "responseDescription": "Request accepted"},
///     "responseBody": {"responseData": [{"name": "TransactionID",
///     "value": "UJ22RT61SV"}]}}"#;
/// let body: StandingCallback = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StandingCallback {
    /// Who, and whether.
    pub response_header: StandingHeader,
    /// The facts.
    pub response_body: StandingFacts,
}

/// What a [`StandingCallback`] tells.
///
/// ```
/// use amana_core::provider::daraja::wire::standing::StandingFacts;
/// let json = r#"{"responseData": [{"name": "TransactionID", "value": "UJ22RT61SV"}]}"#;
/// let body: StandingFacts = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StandingFacts {
    /// `TransactionID`, `responseCode`, `Status`, `Msisdn`.
    pub response_data: Vec<StandingFact>,
}

/// A fact of a [`StandingCallback`].
///
/// ```
/// use amana_core::provider::daraja::wire::standing::StandingFact;
/// let json = r#"{"name": "Status", "value": "OKAY"}"#;
/// let body: StandingFact = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingFact {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// The callback of a standing order that was not made: the same with capitals.
///
/// ```
/// use amana_core::provider::daraja::wire::standing::StandingFailure;
/// let json = r#"{"ResponseHeader": {"responseRefID": "4dd9b5d9", "responseCode": "200",
///     "responseDescription": "Request accepted"},
///     "ResponseBody": {"ResponseData": [{"Name": "Status", "Value": "FAILED"}]}}"#;
/// let body: StandingFailure = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StandingFailure {
    /// Who, and why not.
    pub response_header: StandingHeader,
    /// The facts.
    pub response_body: StandingFailureFacts,
}

/// What a [`StandingFailure`] tells.
///
/// ```
/// use amana_core::provider::daraja::wire::standing::StandingFailureFacts;
/// let json = r#"{"ResponseData": [{"Name": "Status", "Value": "FAILED"}]}"#;
/// let body: StandingFailureFacts = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StandingFailureFacts {
    /// The same names as on success.
    pub response_data: Vec<StandingFailureFact>,
}

/// A fact of a [`StandingFailure`].
///
/// ```
/// use amana_core::provider::daraja::wire::standing::StandingFailureFact;
/// let json = r#"{"Name": "Status", "Value": "FAILED"}"#;
/// let body: StandingFailureFact = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StandingFailureFact {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// The acknowledgement of a USSD push to a till.
///
/// ```
/// use amana_core::provider::daraja::wire::standing::UssdPushResponse;
/// let json = r#"{"code": "0", "status": "USSD Initiated Successfully"}"#;
/// let body: UssdPushResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UssdPushResponse {
    /// `"0"`.
    pub code: String,
    /// Text for people.
    pub status: String,
}

/// The callback of a USSD push to a till: flat, all text.
///
/// ```
/// use amana_core::provider::daraja::wire::standing::UssdPushCallback;
/// let json = r#"{"resultCode": "0", "resultDesc": "Done", "amount": "10.0", "requestId": "1",
///     "transactionId": "UJ22RT61SV"}"#;
/// let body: UssdPushCallback = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UssdPushCallback {
    /// `0`, `4001`, …
    pub result_code: String,
    /// Text for people.
    pub result_desc: String,
    /// One decimal: `71.0`.
    pub amount: String,
    /// The caller's id.
    pub request_id: String,
    /// Only on success.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_type: Option<String>,
    /// Only on success.
    #[serde(rename = "conversationID")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// The receipt; only on success.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
    /// `SUCCESS`; only on success.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The caller's reference; only on failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_reference: Option<String>,
}
