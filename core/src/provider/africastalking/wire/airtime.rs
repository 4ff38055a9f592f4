//! Airtime: sent with a form whose `recipients` is JSON text, reported with a JSON callback.

use serde::{Deserialize, Serialize};

use super::WirePhone;

/// The answer to `POST /version1/airtime/send`, status 201 also when refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AirtimeResponse {
    /// `None`, or why nobody was accepted.
    pub error_message: String,
    /// How many were accepted.
    pub num_sent: u32,
    /// One for each recipient, in order.
    pub responses: Vec<AirtimeEntry>,
    /// The amounts of the accepted ones.
    pub total_amount: String,
    /// Their discounts.
    pub total_discount: String,
}

/// What became of one recipient of airtime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AirtimeEntry {
    /// How much, with currency.
    pub amount: String,
    /// What the application saves, with currency.
    pub discount: String,
    /// `None`, or why it was refused.
    pub error_message: String,
    /// As in the request.
    pub phone_number: WirePhone,
    /// `ATQid_…`, or `None`.
    pub request_id: String,
    /// `Sent` or `Failed`.
    pub status: String,
}

/// The status callback of airtime, JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AirtimeStatus {
    /// Text for people.
    pub description: String,
    /// What the application saved, with currency.
    pub discount: String,
    /// Who got it.
    pub phone_number: WirePhone,
    /// As in the synchronous answer.
    pub request_id: String,
    /// `Success` or `Failed`.
    pub status: String,
    /// How much, with currency.
    pub value: String,
}
