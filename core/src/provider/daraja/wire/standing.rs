//! Requests whose acknowledgement and callback have a shape of their own: standing orders
//! (Ratiba), and the USSD push that asks a till to pay.

use serde::{Deserialize, Serialize};

/// The acknowledgement of a standing order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StandingResponse {
    /// Who, and whether.
    pub response_header: StandingHeader,
    /// The same again.
    pub response_body: StandingBody,
}

/// The head of a [`StandingResponse`] and of its callback.
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StandingBody {
    /// Text for people.
    pub response_description: String,
    /// `200`.
    pub response_code: String,
}

/// The callback of a standing order that was made: keys in lower camel case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StandingCallback {
    /// Who, and whether.
    pub response_header: StandingHeader,
    /// The facts.
    pub response_body: StandingFacts,
}

/// What a [`StandingCallback`] tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StandingFacts {
    /// `TransactionID`, `responseCode`, `Status`, `Msisdn`.
    pub response_data: Vec<StandingFact>,
}

/// A fact of a [`StandingCallback`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingFact {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// The callback of a standing order that was not made: the same with capitals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StandingFailure {
    /// Who, and why not.
    pub response_header: StandingHeader,
    /// The facts.
    pub response_body: StandingFailureFacts,
}

/// What a [`StandingFailure`] tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StandingFailureFacts {
    /// The same names as on success.
    pub response_data: Vec<StandingFailureFact>,
}

/// A fact of a [`StandingFailure`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StandingFailureFact {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// The acknowledgement of a USSD push to a till.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UssdPushResponse {
    /// `"0"`.
    pub code: String,
    /// Text for people.
    pub status: String,
}

/// The callback of a USSD push to a till: flat, all text.
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
