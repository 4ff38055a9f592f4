//! Payments that customers make by themselves: registered addresses, simulation, and what a
//! merchant is asked and told.

use serde::{Deserialize, Serialize};

use super::Scalar;

/// `POST /mpesa/c2b/v{1,2}/registerurl`: where a merchant is asked and told.
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// A merchant's answer to the question, due in about eight seconds.
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
