//! The payments host: checkout, payouts, notifications and queries. All of it is JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::WirePhone;
use crate::money::wire::WireDecimal;

/// `POST /mobile/checkout/request`: asks a subscriber for money.
///
/// ```
/// use amana_core::provider::africastalking::wire::payments::CheckoutRequest;
/// let json = r#"{"amount": 10.5, "currencyCode": "KES", "metadata": {"contract": "AG-1"},
///     "phoneNumber": "+254711000000", "productName": "VoicePact",
///     "username": "sandbox"}"#;
/// let body: CheckoutRequest = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckoutRequest {
    /// A JSON number; numeric text is accepted too.
    pub amount: WireDecimal,
    /// ISO 4217 code.
    pub currency_code: String,
    /// Comes back in the notification as `requestMetadata`.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// E.164 with `+`.
    pub phone_number: WirePhone,
    /// The payment product, made in the dashboard.
    pub product_name: String,
    /// A channel mapped to the product; the default channel if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_channel: Option<String>,
    /// `sandbox` in the sandbox.
    pub username: String,
}

/// The answer to [`CheckoutRequest`], status 201 also when refused.
///
/// ```
/// use amana_core::provider::africastalking::wire::payments::CheckoutResponse;
/// let json = r#"{"description": "Waiting for user input", "status": "PendingConfirmation",
///     "transactionId": "ATPid_1"}"#;
/// let body: CheckoutResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckoutResponse {
    /// Text for people.
    #[serde(default)]
    pub description: String,
    /// The channel used; absent when refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_channel: Option<String>,
    /// A word of [`CheckoutStatus`](super::super::status::CheckoutStatus).
    pub status: String,
    /// `ATPid_…`; absent, or the text `None`, when refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
}

/// `POST /mobile/b2c/request`: pays one to ten subscribers.
///
/// ```
/// use amana_core::provider::africastalking::wire::payments::B2cRequest;
/// let json = r#"{"productName": "VoicePact", "recipients": [{"amount": 10.5,
///     "currencyCode": "KES", "metadata": {}, "phoneNumber": "+254711000000",
///     "reason": "BusinessPayment"}], "username": "sandbox"}"#;
/// let body: B2cRequest = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct B2cRequest {
    /// The payment product whose wallet pays.
    pub product_name: String,
    /// One to ten.
    pub recipients: Vec<B2cRecipient>,
    /// `sandbox` in the sandbox.
    pub username: String,
}

/// One recipient of a [`B2cRequest`].
///
/// ```
/// use amana_core::provider::africastalking::wire::payments::B2cRecipient;
/// let json = r#"{"amount": 10.5, "currencyCode": "KES", "metadata": {},
///     "phoneNumber": "+254711000000", "reason": "BusinessPayment"}"#;
/// let body: B2cRecipient = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct B2cRecipient {
    /// A JSON number.
    pub amount: WireDecimal,
    /// ISO 4217 code.
    pub currency_code: String,
    /// Comes back in the notification as `requestMetadata`.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// The recipient's name; optional.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// E.164 with `+`.
    pub phone_number: WirePhone,
    /// A channel mapped to the product; the default channel if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_channel: Option<String>,
    /// One of [`REASONS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The documented reasons of a payout.
///
/// ```
/// use amana_core::provider::africastalking::wire::payments::REASONS;
/// assert!(REASONS.contains(&"BusinessPayment"));
/// ```
pub const REASONS: [&str; 5] = [
    "SalaryPayment",
    "SalaryPaymentWithWithdrawalChargePaid",
    "BusinessPayment",
    "BusinessPaymentWithWithdrawalChargePaid",
    "PromotionPayment",
];

/// The answer to [`B2cRequest`], status 201 also when refused.
///
/// ```
/// use amana_core::provider::africastalking::wire::payments::B2cResponse;
/// let json = r#"{"entries": [{"phoneNumber": "+254711000000", "provider": "Mpesa",
///     "status": "Queued", "transactionFee": "KES 1.0000",
///     "transactionId": "ATPid_1", "value": "KES 10.5000"}], "numQueued": 1,
///     "totalTransactionFee": "KES 1.0000", "totalValue": "KES 10.5000"}"#;
/// let body: B2cResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct B2cResponse {
    /// One for each recipient, in order; empty if the whole request is refused.
    #[serde(default)]
    pub entries: Vec<B2cEntry>,
    /// Why the whole request is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// How many entries were accepted.
    #[serde(default)]
    pub num_queued: u32,
    /// The fees of the accepted entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_transaction_fee: Option<String>,
    /// The amounts of the accepted entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_value: Option<String>,
}

/// What became of one recipient of a [`B2cRequest`].
///
/// ```
/// use amana_core::provider::africastalking::wire::payments::B2cEntry;
/// let json = r#"{"phoneNumber": "+254711000000", "provider": "Mpesa", "status": "Queued",
///     "transactionFee": "KES 1.0000", "transactionId": "ATPid_1",
///     "value": "KES 10.5000"}"#;
/// let body: B2cEntry = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct B2cEntry {
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// As in the request.
    pub phone_number: WirePhone,
    /// `Athena` in the sandbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The channel used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_channel: Option<String>,
    /// A word of [`PayoutStatus`](super::super::status::PayoutStatus).
    pub status: String,
    /// What the payout costs the merchant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_fee: Option<String>,
    /// `ATPid_…`, only if accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
    /// The amount, with currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// The payment notification, and, with `creationTime`, an item of the transaction queries.
///
/// `direction` and `origin` are in recorded notifications though not in the documents.
///
/// ```
/// use amana_core::provider::africastalking::wire::payments::Notification;
/// let json = r#"{"category": "MobileCheckout", "description": "Done",
///     "destination": "VoicePact", "destinationType": "Wallet",
///     "productName": "VoicePact", "provider": "Mpesa",
///     "providerChannel": "525900", "source": "+254711000000",
///     "sourceType": "PhoneNumber", "status": "Success",
///     "transactionId": "ATPid_1", "value": "KES 10.5000"}"#;
/// let body: Notification = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    /// `MobileCheckout`, `MobileB2C`, …
    pub category: String,
    /// The account number that the payer typed; only when the payer began the payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_account: Option<String>,
    /// When the transaction was made, UTC; only in answers to queries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation_time: Option<String>,
    /// Text for people; on failure the reason.
    #[serde(default)]
    pub description: String,
    /// A phone number, or `PaymentWallet`.
    pub destination: String,
    /// `PhoneNumber`, `Wallet`, …
    pub destination_type: String,
    /// `Inbound` or `Outbound`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
    /// `ApiRequest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// In lower case, whatever the request said.
    pub product_name: String,
    /// `Athena` in the sandbox.
    pub provider: String,
    /// `525900` in the sandbox.
    #[serde(default)]
    pub provider_channel: String,
    /// The network's fee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_fee: Option<String>,
    /// What the network tells about the other side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_metadata: Option<BTreeMap<String, String>>,
    /// The network's receipt; `N/A` or absent on failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_ref_id: Option<String>,
    /// The metadata of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_metadata: Option<BTreeMap<String, String>>,
    /// A phone number, or `PaymentWallet`.
    pub source: String,
    /// `PhoneNumber`, `Wallet`, …
    pub source_type: String,
    /// A word of [`FinalStatus`](super::super::status::FinalStatus), or in queries a pending word.
    pub status: String,
    /// Opaque text: its format and zone differ by network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_date: Option<String>,
    /// The provider's fee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_fee: Option<String>,
    /// As in the synchronous answer.
    pub transaction_id: String,
    /// The amount, with currency.
    pub value: String,
}

/// The answer to `/query/transaction/find`, status 200 also when refused.
///
/// ```
/// use amana_core::provider::africastalking::wire::payments::FindResponse;
/// let json = r#"{"data": {"category": "MobileCheckout", "description": "Done",
///     "destination": "VoicePact", "destinationType": "Wallet",
///     "productName": "VoicePact", "provider": "Mpesa",
///     "providerChannel": "525900", "source": "+254711000000",
///     "sourceType": "PhoneNumber", "status": "Success",
///     "transactionId": "ATPid_1", "value": "KES 10.5000"}, "status": "Success"}"#;
/// let body: FindResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FindResponse {
    /// The transaction, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Notification>,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// A word of [`QueryStatus`](super::super::status::QueryStatus).
    pub status: String,
}

/// The answer to `/query/wallet/balance`.
///
/// ```
/// use amana_core::provider::africastalking::wire::payments::BalanceResponse;
/// let json = r#"{"balance": "KES 1000.0000", "status": "Success"}"#;
/// let body: BalanceResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BalanceResponse {
    /// Amount with currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance: Option<String>,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// A word of [`QueryStatus`](super::super::status::QueryStatus).
    pub status: String,
}

/// `POST /mobile/b2b/request`: pays a business. The adapter does not send it; the twin reads it.
///
/// ```
/// use amana_core::provider::africastalking::wire::payments::B2bRequest;
/// let json = r#"{"amount": 10.5, "currencyCode": "KES", "destinationAccount": "AG-1",
///     "destinationChannel": "600984", "metadata": {}, "productName": "VoicePact",
///     "provider": "Mpesa", "transferType": "BusinessPayBill",
///     "username": "sandbox"}"#;
/// let body: B2bRequest = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct B2bRequest {
    /// A JSON number.
    pub amount: WireDecimal,
    /// ISO 4217 code.
    pub currency_code: String,
    /// The account at the business.
    pub destination_account: String,
    /// The pay bill or till of the business.
    pub destination_channel: String,
    /// Comes back in the notification as `requestMetadata`.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// The payment product whose wallet pays.
    pub product_name: String,
    /// One of [`B2B_PROVIDERS`].
    pub provider: String,
    /// One of [`B2B_TRANSFER_TYPES`].
    pub transfer_type: String,
    /// `sandbox` in the sandbox.
    pub username: String,
}

/// The documented networks of a business payment.
///
/// ```
/// use amana_core::provider::africastalking::wire::payments::B2B_PROVIDERS;
/// assert!(B2B_PROVIDERS.contains(&"Mpesa"));
/// ```
pub const B2B_PROVIDERS: [&str; 3] = ["Mpesa", "TigoTanzania", "Athena"];

/// The documented kinds of a business payment.
///
/// ```
/// use amana_core::provider::africastalking::wire::payments::B2B_TRANSFER_TYPES;
/// assert!(B2B_TRANSFER_TYPES.contains(&"BusinessPayBill"));
/// ```
pub const B2B_TRANSFER_TYPES: [&str; 4] = [
    "BusinessBuyGoods",
    "BusinessPayBill",
    "DisburseFundsToBusiness",
    "BusinessToBusinessTransfer",
];

/// The answer to [`B2bRequest`], status 201 also when refused.
///
/// ```
/// use amana_core::provider::africastalking::wire::payments::B2bResponse;
/// let json = r#"{"status": "Queued", "transactionFee": "KES 1.0000", "transactionId": "ATPid_1"}"#;
/// let body: B2bResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct B2bResponse {
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// The channel used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_channel: Option<String>,
    /// A word of [`PayoutStatus`](super::super::status::PayoutStatus).
    pub status: String,
    /// What it costs the merchant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_fee: Option<String>,
    /// `ATPid_…`, only if accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
}

/// The answer to `/query/transaction/fetch`.
///
/// ```
/// use amana_core::provider::africastalking::wire::payments::FetchResponse;
/// let json = r#"{"responses": [{"category": "MobileCheckout", "description": "Done",
///     "destination": "VoicePact", "destinationType": "Wallet",
///     "productName": "VoicePact", "provider": "Mpesa",
///     "providerChannel": "525900", "source": "+254711000000",
///     "sourceType": "PhoneNumber", "status": "Success",
///     "transactionId": "ATPid_1", "value": "KES 10.5000"}], "status": "Success"}"#;
/// let body: FetchResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FetchResponse {
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// The page asked for.
    #[serde(default)]
    pub responses: Vec<Notification>,
    /// A word of [`QueryStatus`](super::super::status::QueryStatus).
    pub status: String,
}

/// The answer to `/query/wallet/fetch`.
///
/// ```
/// use amana_core::provider::africastalking::wire::payments::WalletResponse;
/// let json = r#"{"responses": [{"balance": "KES 100.0000", "category": "Debit",
///     "date": "2026-10-02 06:38:45", "description": "Payout",
///     "transactionId": "ATPid_1", "value": "KES 10.5000"}], "status": "Success"}"#;
/// let body: WalletResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WalletResponse {
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// The page asked for.
    #[serde(default)]
    pub responses: Vec<WalletRow>,
    /// A word of [`QueryStatus`](super::super::status::QueryStatus).
    pub status: String,
}

/// One movement of the payment wallet.
///
/// ```
/// use amana_core::provider::africastalking::wire::payments::WalletRow;
/// let json = r#"{"balance": "KES 100.0000", "category": "Debit", "date": "2026-10-02 06:38:45",
///     "description": "Payout", "transactionId": "ATPid_1", "value": "KES 10.5000"}"#;
/// let body: WalletRow = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WalletRow {
    /// What was there afterwards, with currency.
    pub balance: String,
    /// `Debit`, `Credit`, `Refund` or `Topup`.
    pub category: String,
    /// When, UTC.
    pub date: String,
    /// Text for people.
    pub description: String,
    /// The transaction behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_data: Option<Notification>,
    /// Its id.
    pub transaction_id: String,
    /// How much, with currency.
    pub value: String,
}
