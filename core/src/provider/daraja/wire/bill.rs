//! Bill Manager: invoices to customers. Its answers are in lower case, with codes as text.

use serde::{Deserialize, Serialize};

use crate::json_as_text::any_text;
use crate::provider::debug::debug_without_secrets;

/// The answer to every call but those that cancel.
///
/// ```
/// use amana_core::provider::daraja::wire::bill::BillResponse;
/// let json = r#"{"app_key": "AG_2376487236_126732989KJ", "resmsg": "Success", "rescode": "200"}"#;
/// let body: BillResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillResponse {
    /// Given at opt-in, and wanted in a header by every later call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_key: Option<String>,
    /// What was done.
    #[serde(rename = "Status_Message")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_message: Option<String>,
    /// `Success`, or `Conflict`.
    pub resmsg: String,
    /// `200`, or `409`.
    pub rescode: String,
    /// What could not be cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errors: Option<Vec<String>>,
}

/// What is posted to the address of the opt-in when an invoice is paid: the only callback of this
/// provider that is documented to be repeated.
///
/// ```
/// use amana_core::provider::daraja::wire::bill::BillPayment;
/// let json = r#"{"transactionId": "UJ22RT61SV", "paidAmount": "5000", "msisdn": "254708374149",
///     "dateCreated": "2026-10-02", "accountReference": "LGHJIO789",
///     "shortCode": "718003"}"#;
/// let body: BillPayment = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BillPayment {
    /// The receipt.
    pub transaction_id: String,
    /// Shillings.
    pub paid_amount: String,
    /// Who paid.
    #[serde(deserialize_with = "any_text")]
    pub msisdn: String,
    /// `YYYY-MM-DD`.
    pub date_created: String,
    /// The customer's account.
    pub account_reference: String,
    /// Who was paid.
    pub short_code: String,
}

debug_without_secrets!(BillPayment {
    transaction_id,
    paid_amount,
    date_created,
    account_reference,
    short_code,
});
