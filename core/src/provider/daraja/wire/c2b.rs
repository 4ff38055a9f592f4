//! Payments that customers make by themselves: registered addresses, simulation, and what a
//! merchant is asked and told.

use serde::{Deserialize, Serialize};

use super::Scalar;
use crate::json_as_text::any_text;
use crate::provider::debug::debug_without_secrets;

/// `POST /mpesa/c2b/v{1,2}/registerurl`: where a merchant is asked and told.
///
/// ```
/// use amana_core::provider::daraja::wire::c2b::RegisterRequest;
/// let json = r#"{"ShortCode": 600984, "ResponseType": "Completed",
///     "ConfirmationURL": "https://example.com/confirm",
///     "ValidationURL": "https://example.com/validate"}"#;
/// let body: RegisterRequest = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RegisterRequest {
    /// The short code.
    pub short_code: Scalar,
    /// `Completed` or `Cancelled`: what happens if the validation address does not answer.
    pub response_type: String,
    /// Is told of payments.
    #[serde(rename = "ConfirmationURL")]
    pub confirmation_url: String,
    /// Is asked whether a payment is wanted.
    #[serde(rename = "ValidationURL")]
    pub validation_url: String,
}

/// The answer to a registration and to a simulation; the misspelt key is the provider's.
///
/// ```
/// use amana_core::provider::daraja::wire::c2b::Acknowledgement;
/// let json = r#"{"OriginatorCoversationID": "6e86-45dd-91ac-fd5d4178ab523408729",
///     "ResponseCode": "0", "ResponseDescription": "Success"}"#;
/// let body: Acknowledgement = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Acknowledgement {
    /// The gateway's id.
    #[serde(rename = "OriginatorCoversationID")]
    pub originator_coversation_id: String,
    /// Only in old answers.
    #[serde(rename = "ConversationID")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// `"0"`.
    pub response_code: String,
    /// Text for people.
    pub response_description: String,
}

/// `POST /mpesa/c2b/v{1,2}/simulate`: lets a test phone pay, in the provider's sandbox only.
///
/// ```
/// use amana_core::provider::daraja::wire::c2b::SimulateRequest;
/// let json = r#"{"ShortCode": 600984, "CommandID": "CustomerPayBillOnline", "Amount": 10,
///     "Msisdn": "254708374149", "BillRefNumber": "AG-1"}"#;
/// let body: SimulateRequest = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SimulateRequest {
    /// Who is paid.
    pub short_code: Scalar,
    /// As [`TRANSACTION_TYPES`](super::stk::TRANSACTION_TYPES).
    #[serde(rename = "CommandID")]
    pub command_id: String,
    /// Whole shillings.
    pub amount: Scalar,
    /// Who pays: 12 digits. Unlike everywhere else the key is in lower case after its first letter.
    pub msisdn: Scalar,
    /// The account with the merchant; nothing for a till.
    pub bill_ref_number: Option<String>,
}

/// What a merchant is asked (validation) and told (confirmation): the same members, all text.
///
/// ```
/// use amana_core::provider::daraja::wire::c2b::Payment;
/// let json = r#"{"TransactionType": "Pay Bill", "TransID": "UJ22RT61SV",
///     "TransTime": "20261002063845", "TransAmount": "10.00",
///     "BusinessShortCode": "600984", "BillRefNumber": "AG-1",
///     "InvoiceNumber": "", "OrgAccountBalance": "", "ThirdPartyTransID": "",
///     "MSISDN": "2547*****149", "FirstName": "JANE", "MiddleName": "",
///     "LastName": ""}"#;
/// let body: Payment = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Payment {
    /// `Pay Bill` or `Buy Goods`.
    pub transaction_type: String,
    /// The receipt.
    #[serde(rename = "TransID")]
    pub trans_id: String,
    /// `YYYYMMDDHHmmss`.
    pub trans_time: String,
    /// `5.00` in version 2, `5` in version 1.
    pub trans_amount: String,
    /// Who is paid.
    pub business_short_code: String,
    /// The account with the merchant.
    #[serde(default)]
    pub bill_ref_number: String,
    /// Empty.
    #[serde(default)]
    pub invoice_number: String,
    /// What the merchant then holds; empty in the question.
    #[serde(default)]
    pub org_account_balance: String,
    /// What the merchant answered to the question; empty in it.
    #[serde(rename = "ThirdPartyTransID")]
    #[serde(default)]
    pub third_party_trans_id: String,
    /// SHA-256 in version 1, masked in version 2.
    #[serde(rename = "MSISDN")]
    #[serde(default)]
    #[serde(deserialize_with = "any_text")]
    pub msisdn: String,
    /// Names may be empty.
    #[serde(default)]
    pub first_name: String,
    /// Names may be empty.
    #[serde(default)]
    pub middle_name: String,
    /// Names may be empty.
    #[serde(default)]
    pub last_name: String,
}

debug_without_secrets!(Payment {
    transaction_type,
    trans_id,
    trans_time,
    trans_amount,
    business_short_code,
    bill_ref_number,
    invoice_number,
    org_account_balance,
    third_party_trans_id,
    first_name,
    middle_name,
    last_name,
});

/// A merchant's answer to the question, due in about eight seconds.
///
/// ```
/// use amana_core::provider::daraja::wire::c2b::ValidationAnswer;
/// let json = r#"{"ResultCode": "C2B00012", "ResultDesc": "Rejected", "ThirdPartyTransID": null}"#;
/// let body: ValidationAnswer = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ValidationAnswer {
    /// `"0"` or `0` accepts; anything else rejects, best with a code of
    /// [`VALIDATION_CODES`](super::super::status::VALIDATION_CODES).
    pub result_code: Scalar,
    /// Text for people.
    #[serde(default)]
    pub result_desc: String,
    /// Comes back in the confirmation.
    #[serde(rename = "ThirdPartyTransID")]
    #[serde(default)]
    pub third_party_trans_id: Option<Scalar>,
}
