//! Requests that an initiator signs: payouts, payments to businesses, queries and reversals. All
//! are acknowledged at once and answered by a [`result`](super::result) later.

use serde::{Deserialize, Serialize};

use super::Scalar;
use crate::json_as_text::any_text;
use crate::provider::debug::debug_without_secrets;

/// `POST /mpesa/b2c/v3/paymentrequest`, and without its id `/mpesa/b2c/v1/paymentrequest`.
///
/// Version 3 wants [`Self::originator_conversation_id`] and refuses one that was used before.
///
/// ```
/// use amana_core::provider::daraja::wire::order::PayoutRequest;
/// let json = r#"{"OriginatorConversationID": "TXN-AG-1-001", "InitiatorName": "testapi",
///     "SecurityCredential": "c2VjcmV0", "CommandID": "BusinessPayment",
///     "Amount": 10, "PartyA": "600984", "PartyB": "254708374149",
///     "Remarks": "Maize", "QueueTimeOutURL": "https://example.com/late",
///     "ResultURL": "https://example.com/result"}"#;
/// let body: PayoutRequest = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PayoutRequest {
    /// The caller's own id; version 1 ignores it.
    #[serde(rename = "OriginatorConversationID")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub originator_conversation_id: Option<String>,
    /// The initiator.
    pub initiator_name: String,
    /// Its password, encrypted.
    #[serde(deserialize_with = "any_text")]
    pub security_credential: String,
    /// One of [`PAYOUT_COMMANDS`].
    #[serde(rename = "CommandID")]
    pub command_id: String,
    /// Whole shillings, at least 10.
    pub amount: Scalar,
    /// The short code that pays.
    pub party_a: Scalar,
    /// Who is paid: 12 digits.
    pub party_b: Scalar,
    /// 2 to 100 characters.
    pub remarks: String,
    /// Is told if the order waited too long.
    #[serde(rename = "QueueTimeOutURL")]
    pub queue_time_out_url: String,
    /// Is told the result.
    #[serde(rename = "ResultURL")]
    pub result_url: String,
    /// With the provider's two s in version 3, with one in many clients of version 1.
    #[serde(default, alias = "Occasion", skip_serializing_if = "Option::is_none")]
    pub occassion: Option<String>,
}

debug_without_secrets!(PayoutRequest {
    originator_conversation_id,
    initiator_name,
    command_id,
    amount,
    party_a,
    party_b,
    remarks,
    queue_time_out_url,
    result_url,
    occassion,
});

/// What a payout is for.
///
/// ```
/// use amana_core::provider::daraja::wire::order::PAYOUT_COMMANDS;
/// assert!(PAYOUT_COMMANDS.contains(&"BusinessPayment"));
/// ```
pub const PAYOUT_COMMANDS: [&str; 3] = ["SalaryPayment", "BusinessPayment", "PromotionPayment"];

/// `POST /mpesa/b2b/v1/paymentrequest`: a business pays a business.
///
/// ```
/// use amana_core::provider::daraja::wire::order::BusinessRequest;
/// let json = r#"{"Initiator": "testapi", "SecurityCredential": "c2VjcmV0",
///     "CommandID": "BusinessPayBill", "SenderIdentifierType": "4",
///     "RecieverIdentifierType": "4", "Amount": 10, "PartyA": "600984",
///     "PartyB": "600000", "AccountReference": "AG-1", "Remarks": "Maize",
///     "QueueTimeOutURL": "https://example.com/late",
///     "ResultURL": "https://example.com/result"}"#;
/// let body: BusinessRequest = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct BusinessRequest {
    /// The initiator.
    pub initiator: String,
    /// Its password, encrypted.
    #[serde(deserialize_with = "any_text")]
    pub security_credential: String,
    /// One of [`BUSINESS_COMMANDS`].
    #[serde(rename = "CommandID")]
    pub command_id: String,
    /// `4`.
    pub sender_identifier_type: Scalar,
    /// `4`, or `2` for a till; misspelt by the provider.
    pub reciever_identifier_type: Scalar,
    /// Whole shillings.
    pub amount: Scalar,
    /// Who pays.
    pub party_a: Scalar,
    /// Who is paid.
    pub party_b: Scalar,
    /// The account with who is paid; for a pay bill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_reference: Option<String>,
    /// On whose behalf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requester: Option<Scalar>,
    /// At most 100 characters.
    pub remarks: String,
    /// Is told if the order waited too long.
    #[serde(rename = "QueueTimeOutURL")]
    pub queue_time_out_url: String,
    /// Is told the result.
    #[serde(rename = "ResultURL")]
    pub result_url: String,
    /// Misspelt by the provider.
    #[serde(default, alias = "Occasion", skip_serializing_if = "Option::is_none")]
    pub occassion: Option<String>,
}

debug_without_secrets!(BusinessRequest {
    initiator,
    command_id,
    sender_identifier_type,
    reciever_identifier_type,
    amount,
    party_a,
    party_b,
    account_reference,
    requester,
    remarks,
    queue_time_out_url,
    result_url,
    occassion,
});

/// What a payment to a business can be, current ones first.
///
/// ```
/// use amana_core::provider::daraja::wire::order::BUSINESS_COMMANDS;
/// assert!(BUSINESS_COMMANDS.contains(&"BusinessPayBill"));
/// ```
pub const BUSINESS_COMMANDS: [&str; 11] = [
    "BusinessPayBill",
    "BusinessBuyGoods",
    "BusinessPayToBulk",
    "MerchantToMerchantTransfer",
    "DisburseFundsToBusiness",
    "BusinessToBusinessTransfer",
    "BusinessTransferFromMMFToUtility",
    "BusinessTransferFromUtilityToMMF",
    "MerchantTransferFromMerchantToWorking",
    "MerchantServicesMMFAccountTransfer",
    "AgencyFloatAdvance",
];

/// `POST /mpesa/transactionstatus/v1/query`: how does a transaction stand?
///
/// ```
/// use amana_core::provider::daraja::wire::order::StatusRequest;
/// let json = r#"{"Initiator": "testapi", "SecurityCredential": "c2VjcmV0",
///     "CommandID": "TransactionStatusQuery", "TransactionID": "UJ22RT61SV",
///     "PartyA": "600984", "IdentifierType": "4",
///     "ResultURL": "https://example.com/result",
///     "QueueTimeOutURL": "https://example.com/late", "Remarks": "Status"}"#;
/// let body: StatusRequest = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StatusRequest {
    /// The initiator.
    pub initiator: String,
    /// Its password, encrypted.
    #[serde(deserialize_with = "any_text")]
    pub security_credential: String,
    /// `TransactionStatusQuery`.
    #[serde(rename = "CommandID")]
    pub command_id: String,
    /// The receipt; this or the next.
    #[serde(rename = "TransactionID")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
    /// The id of the order; older documents name it `OriginatorConversationID`.
    #[serde(rename = "OriginalConversationID", alias = "OriginatorConversationID")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_conversation_id: Option<String>,
    /// Whose transaction it is.
    pub party_a: Scalar,
    /// `4`.
    pub identifier_type: Scalar,
    /// Is told the result.
    #[serde(rename = "ResultURL")]
    pub result_url: String,
    /// Is told if the order waited too long.
    #[serde(rename = "QueueTimeOutURL")]
    pub queue_time_out_url: String,
    /// At most 100 characters.
    pub remarks: String,
    /// With one s, here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occasion: Option<String>,
}

debug_without_secrets!(StatusRequest {
    initiator,
    command_id,
    transaction_id,
    original_conversation_id,
    party_a,
    identifier_type,
    result_url,
    queue_time_out_url,
    remarks,
    occasion,
});

/// `POST /mpesa/accountbalance/v1/query`: what do the accounts of a short code hold?
///
/// ```
/// use amana_core::provider::daraja::wire::order::BalanceRequest;
/// let json = r#"{"Initiator": "testapi", "SecurityCredential": "c2VjcmV0",
///     "CommandID": "AccountBalance", "PartyA": "600984", "IdentifierType": "4",
///     "Remarks": "Balance", "QueueTimeOutURL": "https://example.com/late",
///     "ResultURL": "https://example.com/result"}"#;
/// let body: BalanceRequest = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct BalanceRequest {
    /// The initiator.
    pub initiator: String,
    /// Its password, encrypted.
    #[serde(deserialize_with = "any_text")]
    pub security_credential: String,
    /// `AccountBalance`.
    #[serde(rename = "CommandID")]
    pub command_id: String,
    /// The short code.
    pub party_a: Scalar,
    /// `4`.
    pub identifier_type: Scalar,
    /// At most 100 characters.
    pub remarks: String,
    /// Is told if the order waited too long.
    #[serde(rename = "QueueTimeOutURL")]
    pub queue_time_out_url: String,
    /// Is told the result.
    #[serde(rename = "ResultURL")]
    pub result_url: String,
}

debug_without_secrets!(BalanceRequest {
    initiator,
    command_id,
    party_a,
    identifier_type,
    remarks,
    queue_time_out_url,
    result_url,
});

/// `POST /mpesa/reversal/v1/request`: undoes a payment to the short code.
///
/// ```
/// use amana_core::provider::daraja::wire::order::ReversalRequest;
/// let json = r#"{"Initiator": "testapi", "SecurityCredential": "c2VjcmV0",
///     "CommandID": "TransactionReversal", "TransactionID": "UJ22RT61SV",
///     "Amount": 10, "ReceiverParty": "600984", "RecieverIdentifierType": "11",
///     "ResultURL": "https://example.com/result",
///     "QueueTimeOutURL": "https://example.com/late", "Remarks": "Not delivered"}"#;
/// let body: ReversalRequest = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ReversalRequest {
    /// The initiator.
    pub initiator: String,
    /// Its password, encrypted.
    #[serde(deserialize_with = "any_text")]
    pub security_credential: String,
    /// `TransactionReversal`.
    #[serde(rename = "CommandID")]
    pub command_id: String,
    /// The receipt.
    #[serde(rename = "TransactionID")]
    pub transaction_id: String,
    /// All of it, in whole shillings.
    pub amount: Scalar,
    /// The own short code.
    pub receiver_party: Scalar,
    /// `11`; misspelt by the provider.
    pub reciever_identifier_type: Scalar,
    /// Is told the result.
    #[serde(rename = "ResultURL")]
    pub result_url: String,
    /// Is told if the order waited too long.
    #[serde(rename = "QueueTimeOutURL")]
    pub queue_time_out_url: String,
    /// 2 to 100 characters.
    pub remarks: String,
    /// With one s by the documents; some clients write two.
    #[serde(default, alias = "Occassion", skip_serializing_if = "Option::is_none")]
    pub occasion: Option<String>,
}

debug_without_secrets!(ReversalRequest {
    initiator,
    command_id,
    transaction_id,
    amount,
    receiver_party,
    reciever_identifier_type,
    result_url,
    queue_time_out_url,
    remarks,
    occasion,
});

/// The acknowledgement of all of them: all text.
///
/// ```
/// use amana_core::provider::daraja::wire::order::Acknowledgement;
/// let json = r#"{"ConversationID": "AG_20261002_2010abcd",
///     "OriginatorConversationID": "TXN-AG-1-001", "ResponseCode": "0",
///     "ResponseDescription": "Accept the service request successfully."}"#;
/// let body: Acknowledgement = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Acknowledgement {
    /// The provider's id of the order.
    #[serde(rename = "ConversationID")]
    pub conversation_id: String,
    /// The caller's id of a payout of version 3, else one of the gateway.
    #[serde(rename = "OriginatorConversationID")]
    pub originator_conversation_id: String,
    /// `"0"`.
    pub response_code: String,
    /// Text for people.
    pub response_description: String,
}
