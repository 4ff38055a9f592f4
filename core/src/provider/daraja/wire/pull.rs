//! Pull transactions: what customers paid in the last 48 hours, for those who missed it.

use serde::{Deserialize, Serialize};

use super::Scalar;

/// `POST /pulltransactions/v1/register`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RegisterRequest {
    /// The short code.
    pub short_code: Scalar,
    /// `Pull`.
    pub request_type: String,
    /// A phone of the merchant.
    pub nominated_number: Scalar,
    /// Not called.
    #[serde(rename = "CallBackURL")]
    pub call_back_url: String,
}

/// The answer; two keys have a blank in them, in production too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterResponse {
    /// The gateway's id.
    #[serde(rename = "ResponseRefID")]
    pub response_ref_id: String,
    /// `1000` registered, `1001` it already was.
    #[serde(rename = "Response Status")]
    pub response_status: String,
    /// The short code.
    #[serde(rename = "ShortCode")]
    pub short_code: String,
    /// Text for people.
    #[serde(rename = "Response Description")]
    pub response_description: String,
}

/// `POST /pulltransactions/v1/query`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct QueryRequest {
    /// The short code.
    pub short_code: Scalar,
    /// `YYYY-MM-DD HH:mm:ss`.
    pub start_date: String,
    /// `YYYY-MM-DD HH:mm:ss`.
    pub end_date: String,
    /// How many to pass over.
    pub off_set_value: Scalar,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct QueryResponse {
    /// The gateway's id.
    #[serde(rename = "ResponseRefID")]
    pub response_ref_id: String,
    /// `1000` found some, `1001` none.
    pub response_code: String,
    /// Text for people.
    pub response_message: String,
    /// One list inside a list.
    pub response: Vec<Vec<Transaction>>,
}

/// A payment of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// The receipt.
    pub transaction_id: String,
    /// RFC 3339 in UTC, without decimals.
    pub trx_date: String,
    /// Who paid, a number.
    pub msisdn: Scalar,
    /// `MPESA`.
    pub sender: String,
    /// `c2b-pay-bill-debit` or `c2b-buy-goods-debit`.
    pub transactiontype: String,
    /// The account with the merchant.
    pub billreference: String,
    /// `233.00`, as text.
    pub amount: String,
    /// Who was paid.
    pub organizationname: String,
}
