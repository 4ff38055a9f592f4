//! STK push (M-PESA Express): the request, its query, and the callback.

use serde::{Deserialize, Serialize};

use super::Scalar;
use crate::json_as_text::any_text;
use crate::provider::debug::debug_without_secrets;

/// `POST /mpesa/stkpush/v1/processrequest`: asks a subscriber for money.
///
/// ```
/// use amana_core::provider::daraja::wire::stk::PushRequest;
/// let json = r#"{"BusinessShortCode": "174379", "Password": "cGFzc3dvcmQ=",
///     "Timestamp": "20261010143005", "TransactionType": "CustomerPayBillOnline",
///     "Amount": 10, "PartyA": "254708374149", "PartyB": "174379",
///     "PhoneNumber": "254708374149", "CallBackURL": "https://example.com/cb",
///     "AccountReference": "AG-1", "TransactionDesc": "Maize"}"#;
/// let body: PushRequest = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PushRequest {
    /// The pay bill, or for a till its store or head-office number.
    pub business_short_code: Scalar,
    /// See [`password`](super::super::auth::password).
    #[serde(deserialize_with = "any_text")]
    pub password: String,
    /// `YYYYMMDDHHmmss`, the same as in the password.
    pub timestamp: String,
    /// One of [`TRANSACTION_TYPES`].
    pub transaction_type: String,
    /// Whole shillings.
    pub amount: Scalar,
    /// Who pays: 12 digits.
    pub party_a: Scalar,
    /// Who is paid: the pay bill, or the till.
    pub party_b: Scalar,
    /// Whose phone asks.
    pub phone_number: Scalar,
    /// Where the outcome goes.
    #[serde(rename = "CallBackURL")]
    pub call_back_url: String,
    /// Shown to the payer; at most 12 characters by the documents, 15 were accepted.
    pub account_reference: String,
    /// Optional by the documents, mandatory in fact.
    pub transaction_desc: Option<String>,
}

debug_without_secrets!(PushRequest {
    business_short_code,
    timestamp,
    transaction_type,
    amount,
    party_a,
    party_b,
    phone_number,
    call_back_url,
    account_reference,
    transaction_desc,
});

/// Payments to a pay bill and to a till.
///
/// ```
/// use amana_core::provider::daraja::wire::stk::TRANSACTION_TYPES;
/// assert_eq!(TRANSACTION_TYPES[0], "CustomerPayBillOnline");
/// ```
pub const TRANSACTION_TYPES: [&str; 2] = ["CustomerPayBillOnline", "CustomerBuyGoodsOnline"];

/// The acknowledgement of [`PushRequest`]: all text, which who only writes it may borrow.
///
/// ```
/// use amana_core::provider::daraja::wire::stk::PushResponse;
/// let json = r#"{"MerchantRequestID": "29115-34620561-1", "CheckoutRequestID": "ws_CO_1",
///     "ResponseCode": "0",
///     "ResponseDescription": "Success. Request accepted for processing",
///     "CustomerMessage": "Success. Request accepted for processing"}"#;
/// let body: PushResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PushResponse<T = String> {
    /// The gateway's id.
    #[serde(rename = "MerchantRequestID")]
    pub merchant_request_id: T,
    /// The prompt's id, by which to query.
    #[serde(rename = "CheckoutRequestID")]
    pub checkout_request_id: T,
    /// `"0"`.
    pub response_code: T,
    /// Text for people.
    pub response_description: T,
    /// Text for the payer.
    pub customer_message: T,
}

/// `POST /mpesa/stkpushquery/v1/query`: how does a prompt stand?
///
/// ```
/// use amana_core::provider::daraja::wire::stk::QueryRequest;
/// let json = r#"{"BusinessShortCode": "174379", "Password": "cGFzc3dvcmQ=",
///     "Timestamp": "20261010143005", "CheckoutRequestID": "ws_CO_1"}"#;
/// let body: QueryRequest = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct QueryRequest {
    /// As in the push.
    pub business_short_code: Scalar,
    /// For this request's own timestamp.
    #[serde(deserialize_with = "any_text")]
    pub password: String,
    /// `YYYYMMDDHHmmss`.
    pub timestamp: String,
    /// Of the push.
    #[serde(rename = "CheckoutRequestID")]
    pub checkout_request_id: String,
}

debug_without_secrets!(QueryRequest {
    business_short_code,
    timestamp,
    checkout_request_id,
});

/// The answer to [`QueryRequest`]. The result code is text here, a number in the callback.
///
/// ```
/// use amana_core::provider::daraja::wire::stk::QueryResponse;
/// let json = r#"{"ResponseCode": "0", "ResponseDescription": "Success",
///     "MerchantRequestID": "29115-34620561-1", "CheckoutRequestID": "ws_CO_1",
///     "ResultCode": "1032", "ResultDesc": "Request Cancelled by user."}"#;
/// let body: QueryResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct QueryResponse {
    /// `"0"`: the query was taken.
    pub response_code: String,
    /// Text for people.
    pub response_description: String,
    /// Of the push.
    #[serde(rename = "MerchantRequestID")]
    pub merchant_request_id: String,
    /// Of the push.
    #[serde(rename = "CheckoutRequestID")]
    pub checkout_request_id: String,
    /// How the prompt stands; a code of [`status`](super::super::status).
    pub result_code: Scalar,
    /// Text for people, other than in the callback.
    pub result_desc: String,
}

/// The callback of a push.
///
/// ```
/// use amana_core::provider::daraja::wire::stk::Callback;
/// let json = r#"{"Body": {"stkCallback": {"MerchantRequestID": "29115-34620561-1",
///     "CheckoutRequestID": "ws_CO_1", "ResultCode": 0, "ResultDesc": "Done",
///     "CallbackMetadata": {"Item": [{"Name": "Amount", "Value": 10},
///     {"Name": "MpesaReceiptNumber", "Value": "UJ22RT61SV"}]}}}}"#;
/// let body: Callback = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Callback {
    /// All of it.
    pub body: CallbackBody,
}

/// What a [`Callback`] holds.
///
/// ```
/// use amana_core::provider::daraja::wire::stk::CallbackBody;
/// let json = r#"{"stkCallback": {"MerchantRequestID": "29115-34620561-1",
///     "CheckoutRequestID": "ws_CO_1", "ResultCode": 0, "ResultDesc": "Done",
///     "CallbackMetadata": {"Item": [{"Name": "Amount", "Value": 10},
///     {"Name": "MpesaReceiptNumber", "Value": "UJ22RT61SV"}]}}}"#;
/// let body: CallbackBody = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackBody {
    /// All of it.
    #[serde(rename = "stkCallback")]
    pub stk_callback: StkCallback,
}

/// How a prompt ended.
///
/// ```
/// use amana_core::provider::daraja::wire::stk::StkCallback;
/// let json = r#"{"MerchantRequestID": "29115-34620561-1", "CheckoutRequestID": "ws_CO_1",
///     "ResultCode": 0, "ResultDesc": "Done",
///     "CallbackMetadata": {"Item": [{"Name": "Amount", "Value": 10},
///     {"Name": "MpesaReceiptNumber", "Value": "UJ22RT61SV"}]}}"#;
/// let body: StkCallback = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StkCallback {
    /// Of the acknowledgement.
    #[serde(rename = "MerchantRequestID")]
    pub merchant_request_id: String,
    /// Of the acknowledgement.
    #[serde(rename = "CheckoutRequestID")]
    pub checkout_request_id: String,
    /// A number; text for codes that are none.
    pub result_code: Scalar,
    /// Text for people.
    pub result_desc: String,
    /// Only on success; absent, not null, otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback_metadata: Option<CallbackMetadata>,
}

/// What is told of a payment that was made.
///
/// ```
/// use amana_core::provider::daraja::wire::stk::CallbackMetadata;
/// let json = r#"{"Item": [{"Name": "Amount", "Value": 10}, {"Name": "MpesaReceiptNumber",
///     "Value": "UJ22RT61SV"}]}"#;
/// let body: CallbackMetadata = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CallbackMetadata {
    /// In no order that could be relied on.
    pub item: Vec<Item>,
}

impl CallbackMetadata {
    /// The value of the first item of this name.
    ///
    /// ```
    /// use amana_core::provider::daraja::wire::{Scalar, stk::{CallbackMetadata, Item}};
    /// let metadata = CallbackMetadata { item: vec![Item::new("Amount", Scalar::integer(10))] };
    /// assert_eq!(metadata.get("Amount").map(Scalar::as_str), Some("10"));
    /// ```
    pub fn get(&self, name: &str) -> Option<&Scalar> {
        let item = self.item.iter().find(|item| item.name == name)?;
        item.value.as_ref()
    }
}

/// One fact of a [`CallbackMetadata`].
///
/// ```
/// use amana_core::provider::daraja::wire::stk::Item;
/// let json = r#"{"Name": "MpesaReceiptNumber", "Value": "UJ22RT61SV"}"#;
/// let body: Item = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Item {
    /// Its name.
    pub name: String,
    /// Its value; `Balance` has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Scalar>,
}

impl Item {
    /// A fact with its value.
    ///
    /// ```
    /// use amana_core::provider::daraja::wire::{Scalar, stk::{CallbackMetadata, Item}};
    /// assert_eq!(Item::new("Amount", Scalar::integer(10)).value, Some(Scalar::integer(10)));
    /// ```
    pub fn new(name: &str, value: Scalar) -> Self {
        Self {
            name: name.to_owned(),
            value: Some(value),
        }
    }

    /// A fact that is named and not told.
    ///
    /// ```
    /// use amana_core::provider::daraja::wire::{Scalar, stk::{CallbackMetadata, Item}};
    /// assert_eq!(Item::bare("Balance").value, None);
    /// ```
    pub fn bare(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            value: None,
        }
    }
}
