//! Subscriptions to premium messages. Requests and the notice are forms, answers JSON or XML.

use serde::{Deserialize, Serialize};

use super::WirePhone;

/// The answer to creating or deleting a subscription, status 201 also when refused.
///
/// ```
/// use amana_core::provider::africastalking::wire::subscriptions::SubscriptionResponse;
/// let json = r#"{"description": "Waiting for user input", "status": "Success"}"#;
/// let body: SubscriptionResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionResponse {
    /// Text for people.
    pub description: String,
    /// `Success` or `Failed`.
    pub status: String,
}

/// The answer to `GET /version1/subscription`.
///
/// ```
/// use amana_core::provider::africastalking::wire::subscriptions::SubscriptionList;
/// let json = r#"{"responses": [{"date": "2026-10-02", "id": 7, "phoneNumber": "+254711000000"}]}"#;
/// let body: SubscriptionList = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionList {
    /// Subscriptions after `lastReceivedId`, oldest first.
    pub responses: Vec<Subscription>,
}

/// One subscription.
///
/// ```
/// use amana_core::provider::africastalking::wire::subscriptions::Subscription;
/// let json = r#"{"date": "2026-10-02", "id": 7, "phoneNumber": "+254711000000"}"#;
/// let body: Subscription = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
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
///
/// ```
/// use amana_core::provider::africastalking::wire::{WirePhone, subscriptions::SubscriptionNotice};
/// let notice = SubscriptionNotice {
///     phone_number: WirePhone("+254711000000".to_owned()),
///     short_code: "40404".to_owned(),
///     keyword: "prices".to_owned(),
///     update_type: "addition",
/// };
/// assert!(notice.encode().ends_with("&updateType=addition"));
/// ```
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
    ///
    /// ```
    /// use amana_core::provider::africastalking::wire::{WirePhone, subscriptions::SubscriptionNotice};
    /// let notice = SubscriptionNotice {
    ///     phone_number: WirePhone("+254711000000".to_owned()),
    ///     short_code: "40404".to_owned(),
    ///     keyword: "prices".to_owned(),
    ///     update_type: "addition",
    /// };
    /// assert!(notice.encode().starts_with("phoneNumber=%2B254711000000&"));
    /// ```
    pub fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .append_pair("phoneNumber", &self.phone_number.0)
            .append_pair("shortCode", &self.short_code)
            .append_pair("keyword", &self.keyword)
            .append_pair("updateType", self.update_type)
            .finish()
    }
}
