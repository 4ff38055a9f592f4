//! The payments host beyond phones: bank accounts, cards, wallets and mobile data.

use serde::{Deserialize, Serialize};

use crate::provider::debug::debug_without_secrets;

use super::WirePhone;

/// The answer to a bank or card charge, to its validation, to a wallet transfer and to a top-up of
/// the stash; status 201 also when refused.
///
/// ```
/// use amana_core::provider::africastalking::wire::banking::ChargeResponse;
/// let json = r#"{"description": "Payment is pending validation by the user",
///     "status": "PendingValidation", "transactionId": "ATPid_1"}"#;
/// let body: ChargeResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChargeResponse {
    /// `ATCdTkn_…`, with which the card can be charged again; only when one was validated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkout_token: Option<String>,
    /// Text for people.
    #[serde(default)]
    pub description: String,
    /// A word of [`ChargeStatus`](super::super::status::ChargeStatus).
    pub status: String,
    /// `ATPid_…`, only if accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
}

debug_without_secrets!(ChargeResponse {
    description,
    status,
    transaction_id,
});

/// The answer to `POST /bank/transfer` and `POST /mobile/data/request`, status 201 also when refused.
///
/// ```
/// use amana_core::provider::africastalking::wire::banking::{BatchResponse, BankTransferEntry};
/// let json = r#"{"entries": [{"accountNumber": "1234567890", "status": "Queued",
///     "transactionId": "ATPid_1"}]}"#;
/// let body: BatchResponse<BankTransferEntry> = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchResponse<E> {
    /// One for each recipient, in order; empty if the whole request is refused.
    #[serde(default = "Vec::new")]
    pub entries: Vec<E>,
    /// Why the whole request is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
}

/// What became of a transfer to one bank account.
///
/// ```
/// use amana_core::provider::africastalking::wire::banking::BankTransferEntry;
/// let json = r#"{"accountNumber": "1234567890", "status": "Queued", "transactionId": "ATPid_1"}"#;
/// let body: BankTransferEntry = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BankTransferEntry {
    /// As in the request.
    pub account_number: String,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// A word of [`PayoutStatus`](super::super::status::PayoutStatus).
    pub status: String,
    /// What it costs the merchant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_fee: Option<String>,
    /// `ATPid_…`, only if accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
}

/// What became of mobile data for one phone.
///
/// ```
/// use amana_core::provider::africastalking::wire::banking::DataEntry;
/// let json = r#"{"phoneNumber": "+254711000000", "provider": "Safaricom", "status": "Queued",
///     "transactionId": "ATPid_1", "value": "KES 50.0000"}"#;
/// let body: DataEntry = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DataEntry {
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// As in the request.
    pub phone_number: WirePhone,
    /// `Athena` in the sandbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// A word of [`PayoutStatus`](super::super::status::PayoutStatus).
    pub status: String,
    /// `ATPid_…`, only if accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
    /// What it costs, with currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// The documented kinds of validity of mobile data; one client writes `BiWeekly`.
///
/// ```
/// use amana_core::provider::africastalking::wire::banking::DATA_VALIDITIES;
/// assert!(DATA_VALIDITIES.contains(&"Day"));
/// ```
pub const DATA_VALIDITIES: [&str; 6] = ["Day", "Week", "BiWeek", "BiWeekly", "Month", "Quarterly"];

/// The documented bank codes.
///
/// ```
/// use amana_core::provider::africastalking::wire::banking::BANK_CODES;
/// assert!(BANK_CODES.contains(&254_001));
/// ```
pub const BANK_CODES: [u32; 23] = [
    234_001, 234_002, 234_003, 234_004, 234_005, 234_006, 234_007, 234_008, 234_009, 234_010,
    234_011, 234_012, 234_013, 234_014, 234_015, 234_016, 234_017, 234_018, 234_019, 234_020,
    234_021, 234_022, 254_001,
];

/// The bank that wants the date of birth of an account's owner.
///
/// ```
/// use amana_core::provider::africastalking::wire::banking::{BANK_CODES, BANK_WITH_BIRTHDAYS};
/// assert!(BANK_CODES.contains(&BANK_WITH_BIRTHDAYS));
/// ```
pub const BANK_WITH_BIRTHDAYS: u32 = 234_002;
