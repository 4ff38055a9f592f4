//! Pull transactions: what customers paid in the last 48 hours, for those who missed it.

use serde::{Deserialize, Serialize};

use super::Scalar;

/// `POST /pulltransactions/v1/register`.
///
/// ```
/// use amana_core::provider::daraja::wire::pull::RegisterRequest;
/// let json = r#"{"ShortCode": "600984", "RequestType": "Pull",
///     "NominatedNumber": "254708374149",
///     "CallBackURL": "https://example.com/pull"}"#;
/// let body: RegisterRequest = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
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
///
/// ```
/// use amana_core::provider::daraja::wire::pull::RegisterResponse;
/// let json = r#"{"ResponseRefID": "18633-7271215-1", "Response Status": "1001",
///     "ShortCode": "600984",
///     "Response Description": "Short code already registered"}"#;
/// let body: RegisterResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
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
///
/// ```
/// use amana_core::provider::daraja::wire::pull::QueryRequest;
/// let json = r#"{"ShortCode": "600984", "StartDate": "2026-10-01 00:00:00",
///     "EndDate": "2026-10-02 00:00:00", "OffSetValue": "0"}"#;
/// let body: QueryRequest = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
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
///
/// ```
/// use amana_core::provider::daraja::wire::pull::QueryResponse;
/// let json = r#"{"ResponseRefID": "26178-42530161-2", "ResponseCode": "1000",
///     "ResponseMessage": "Success", "Response": [[{"transactionId": "UJ22RT61SV",
///     "trxDate": "2026-10-02T06:38:45+03:00", "msisdn": 254708374149,
///     "sender": "UAT", "transactiontype": "c2b-pay-bill-debit",
///     "billreference": "AG-1", "amount": "10.00", "organizationname": "Amana"}]]}"#;
/// let body: QueryResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
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
///
/// ```
/// use amana_core::provider::daraja::wire::pull::Transaction;
/// let json = r#"{"transactionId": "UJ22RT61SV", "trxDate": "2026-10-02T06:38:45+03:00",
///     "msisdn": 254708374149, "sender": "UAT",
///     "transactiontype": "c2b-pay-bill-debit", "billreference": "AG-1",
///     "amount": "10.00", "organizationname": "Amana"}"#;
/// let body: Transaction = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
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
