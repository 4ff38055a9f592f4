//! STK push (M-PESA Express): the request, its query, and the callback.

use serde::{Deserialize, Serialize};

use super::Scalar;

/// `POST /mpesa/stkpush/v1/processrequest`: asks a subscriber for money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PushRequest {
    /// The pay bill, or for a till its store or head-office number.
    pub business_short_code: Scalar,
    /// See [`password`](super::super::auth::password).
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

/// Payments to a pay bill and to a till.
pub const TRANSACTION_TYPES: [&str; 2] = ["CustomerPayBillOnline", "CustomerBuyGoodsOnline"];

/// The acknowledgement of [`PushRequest`]: all text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PushResponse {
    /// The gateway's id.
    #[serde(rename = "MerchantRequestID")]
    pub merchant_request_id: String,
    /// The prompt's id, by which to query.
    #[serde(rename = "CheckoutRequestID")]
    pub checkout_request_id: String,
    /// `"0"`.
    pub response_code: String,
    /// Text for people.
    pub response_description: String,
    /// Text for the payer.
    pub customer_message: String,
}

/// `POST /mpesa/stkpushquery/v1/query`: how does a prompt stand?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct QueryRequest {
    /// As in the push.
    pub business_short_code: Scalar,
    /// For this request's own timestamp.
    pub password: String,
    /// `YYYYMMDDHHmmss`.
    pub timestamp: String,
    /// Of the push.
    #[serde(rename = "CheckoutRequestID")]
    pub checkout_request_id: String,
}

/// The answer to [`QueryRequest`]. The result code is text here, a number in the callback.
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Callback {
    /// All of it.
    pub body: CallbackBody,
}

/// What a [`Callback`] holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackBody {
    /// All of it.
    #[serde(rename = "stkCallback")]
    pub stk_callback: StkCallback,
}

/// How a prompt ended.
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CallbackMetadata {
    /// In no order that could be relied on.
    pub item: Vec<Item>,
}

impl CallbackMetadata {
    /// The value of the first item of this name.
    pub fn get(&self, name: &str) -> Option<&Scalar> {
        let item = self.item.iter().find(|item| item.name == name)?;
        item.value.as_ref()
    }
}

/// One fact of a [`CallbackMetadata`].
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
    pub fn new(name: &str, value: Scalar) -> Self {
        Self {
            name: name.to_owned(),
            value: Some(value),
        }
    }

    /// A fact that is named and not told.
    pub fn bare(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            value: None,
        }
    }
}
