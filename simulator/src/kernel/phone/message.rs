//! Text messages on a phone.

use amana_core::Timestamp;
use serde::{Deserialize, Serialize};

use crate::kernel::id::counted_id;
use crate::kernel::service::ServiceName;

counted_id! {
    /// Which message, unique in its namespace: `msg_7`.
    MessageId, "msg_"
}

/// Which way a message went, seen from the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// To the phone.
    In,
    /// From the phone.
    Out,
}

/// A text message in a phone's inbox or outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Message {
    /// Its id.
    #[cfg_attr(feature = "server", schemars(with = "String"))]
    pub id: MessageId,
    /// When it arrived or was sent.
    #[cfg_attr(feature = "server", schemars(with = "String", extend("format" = "date-time")))]
    pub at: Timestamp,
    /// Which way it went.
    pub direction: Direction,
    /// Sender: a phone, a short code or a name.
    pub from: String,
    /// Receiver: a phone or a short code.
    pub to: String,
    /// The text.
    pub text: String,
    /// The provider that brought it; none if it was only sent.
    pub provider: Option<ServiceName>,
}
