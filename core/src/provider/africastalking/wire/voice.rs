//! Calls, and the services that are beside everything else: browser calls and chat.

use serde::{Deserialize, Serialize};

use super::WirePhone;
use crate::json_as_text::any_text;
use crate::provider::debug::debug_without_secrets;

/// The answer to `POST /call`, status 200.
///
/// ```
/// use amana_core::provider::africastalking::wire::voice::CallResponse;
/// let json = r#"{"entries": [{"phoneNumber": "+254711000000", "sessionId": "ATVId_1",
///     "status": "Queued"}], "errorMessage": "None"}"#;
/// let body: CallResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallResponse {
    /// One for each number, in order.
    pub entries: Vec<CallEntry>,
    /// `None`, or why nobody is called.
    pub error_message: String,
}

/// What became of a call to one number.
///
/// ```
/// use amana_core::provider::africastalking::wire::voice::CallEntry;
/// let json = r#"{"phoneNumber": "+254711000000", "sessionId": "ATVId_1", "status": "Queued"}"#;
/// let body: CallEntry = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallEntry {
    /// As in the request.
    pub phone_number: WirePhone,
    /// `ATVId_…`, or `None`.
    pub session_id: String,
    /// `Queued`, `InvalidPhoneNumber` or `DestinationNotSupported`.
    pub status: String,
}

/// The answer to `POST /queueStatus`.
///
/// ```
/// use amana_core::provider::africastalking::wire::voice::QueueResponse;
/// let json = r#"{"entries": [{"numCalls": 1, "phoneNumber": "+254711000000",
///     "queueName": "support"}], "errorMessage": "None", "status": "Success"}"#;
/// let body: QueueResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueueResponse {
    /// One for each number, in order.
    pub entries: Vec<QueueEntry>,
    /// `None`.
    pub error_message: String,
    /// `Success`.
    pub status: String,
}

/// How many calls wait at one number.
///
/// ```
/// use amana_core::provider::africastalking::wire::voice::QueueEntry;
/// let json = r#"{"numCalls": 1, "phoneNumber": "+254711000000", "queueName": "support"}"#;
/// let body: QueueEntry = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueueEntry {
    /// How many.
    pub num_calls: u32,
    /// The number of the application.
    pub phone_number: WirePhone,
    /// The queue's name; `None` if it has none.
    pub queue_name: String,
}

/// The answer to `POST /callTransfer`.
///
/// ```
/// use amana_core::provider::africastalking::wire::voice::TransferResponse;
/// let json = r#"{"callTransferResponse": {"errorMessage": "None", "status": "Success"}}"#;
/// let body: TransferResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransferResponse {
    /// The envelope.
    pub call_transfer_response: TransferStatus,
}

/// The content of a [`TransferResponse`].
///
/// ```
/// use amana_core::provider::africastalking::wire::voice::TransferStatus;
/// let json = r#"{"errorMessage": "None", "status": "Success"}"#;
/// let body: TransferStatus = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransferStatus {
    /// `None`, or why not.
    pub error_message: String,
    /// `Success` or `Failed`.
    pub status: String,
}

/// The answer to `POST /capability-token/request`.
///
/// ```
/// use amana_core::provider::africastalking::wire::voice::CapabilityToken;
/// let json = r#"{"clientName": "browser", "incoming": true, "lifeTimeSec": "86400",
///     "outgoing": true, "token": "ATCAPtkn_1"}"#;
/// let body: CapabilityToken = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CapabilityToken {
    /// As in the request.
    pub client_name: String,
    /// Whether it may be called.
    pub incoming: bool,
    /// Seconds, as text.
    pub life_time_sec: String,
    /// Whether it may call.
    pub outgoing: bool,
    /// `ATCAPtkn_…`.
    #[serde(deserialize_with = "any_text")]
    pub token: String,
}

debug_without_secrets!(CapabilityToken {
    client_name,
    incoming,
    life_time_sec,
    outgoing,
});

/// The answer to `POST /whatsapp/message/send`.
///
/// ```
/// use amana_core::provider::africastalking::wire::voice::ChatResponse;
/// let json = r#"{"messageId": "ATXid_1", "phoneNumber": "+254711000000", "status": "SENT"}"#;
/// let body: ChatResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatResponse {
    /// The message.
    pub message_id: String,
    /// As in the request.
    pub phone_number: WirePhone,
    /// `SENT`.
    pub status: String,
}

/// The documented reasons of the end of a call.
///
/// ```
/// use amana_core::provider::africastalking::wire::voice::HANGUP_CAUSES;
/// assert!(HANGUP_CAUSES.contains(&"USER_BUSY"));
/// ```
pub const HANGUP_CAUSES: [&str; 14] = [
    "NORMAL_CLEARING",
    "CALL_REJECTED",
    "NORMAL_TEMPORARY_FAILURE",
    "RECOVERY_ON_TIMER_EXPIRE",
    "ORIGINATOR_CANCEL",
    "LOSE_RACE",
    "USER_BUSY",
    "NO_ANSWER",
    "NO_USER_RESPONSE",
    "SUBSCRIBER_ABSENT",
    "SERVICE_UNAVAILABLE",
    "USER_NOT_REGISTERED",
    "UNALLOCATED_NUMBER",
    "UNSPECIFIED",
];
