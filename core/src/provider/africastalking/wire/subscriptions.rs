//! Subscriptions to premium messages. Requests and the notice are forms, answers JSON or XML.

use serde::{Deserialize, Serialize};

use super::WirePhone;

/// The answer to creating or deleting a subscription, status 201 also when refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionResponse {
    /// Text for people.
    pub description: String,
    /// `Success` or `Failed`.
    pub status: String,
}

/// The answer to `GET /version1/subscription`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionList {
    /// Subscriptions after `lastReceivedId`, oldest first.
    pub responses: Vec<Subscription>,
}

/// One subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    /// When it began.
    pub date: String,
    /// Ascending.
    pub id: u64,
    /// The subscriber.
    pub phone_number: WirePhone,
}

/// The notice that a subscription began or ended, a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionNotice {
    /// The subscriber.
    pub phone_number: WirePhone,
    /// The short code.
    pub short_code: String,
    /// The keyword.
    pub keyword: String,
    /// `addition` or `deletion`.
    pub update_type: &'static str,
}

impl SubscriptionNotice {
    /// The form as sent.
    pub fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .append_pair("phoneNumber", &self.phone_number.0)
            .append_pair("shortCode", &self.short_code)
            .append_pair("keyword", &self.keyword)
            .append_pair("updateType", self.update_type)
            .finish()
    }
}
