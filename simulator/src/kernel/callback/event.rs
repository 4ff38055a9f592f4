//! What happens to a callback.

use amana_core::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::attempt::{AttemptRecord, Verdict};
use super::{Callback, CallbackId};
use crate::kernel::service::ServiceName;
use crate::kernel::view::View;

/// What happened to a callback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallbackEvent {
    /// A service wants it made.
    Scheduled(Box<Callback>),
    /// It fell due and was handed over.
    Started {
        /// Which.
        callback: CallbackId,
        /// Who calls.
        service: ServiceName,
        /// Which attempt this is, from 1.
        attempt: u32,
    },
    /// An attempt ended.
    Attempted {
        /// Which.
        callback: CallbackId,
        /// Who calls.
        service: ServiceName,
        /// How the attempt went.
        record: AttemptRecord,
        /// What the service makes of it.
        verdict: Verdict,
        /// When the next attempt is due.
        next_at: Option<Timestamp>,
    },
    /// Somebody asked for it to be made again.
    Resent {
        /// Which.
        callback: CallbackId,
        /// Who calls.
        service: ServiceName,
    },
}

impl CallbackEvent {
    pub(in crate::kernel) fn view(&self) -> View {
        match self {
            Self::Scheduled(callback) => View::new(
                "callback.scheduled",
                format!(
                    "{} will call back: {}",
                    callback.service, callback.operation
                ),
                json!({
                    "callback": callback.id, "operation": callback.operation,
                    "url": callback.target.to_string(), "due_at": callback.due_at,
                    "reference": callback.reference, "faults": callback.faults,
                }),
            )
            .by(callback.service)
            .on_any(callback.msisdn),
            Self::Started {
                callback,
                service,
                attempt,
            } => View::new(
                "callback.started",
                format!("{service} calls back, attempt {attempt}"),
                json!({"callback": callback, "attempt": attempt}),
            )
            .by(*service),
            Self::Attempted {
                callback,
                service,
                record,
                verdict,
                next_at,
            } => View::new(
                "callback.attempted",
                match record.status {
                    Some(status) => format!("the receiver answered {status}"),
                    None => "the receiver did not answer".to_owned(),
                },
                json!({
                    "callback": callback, "status": record.status, "error": record.error,
                    "ms": record.ms, "verdict": verdict.name(), "next_at": next_at,
                }),
            )
            .by(*service),
            Self::Resent { callback, service } => View::new(
                "callback.resent",
                "a callback is made again",
                json!({"callback": callback}),
            )
            .by(*service),
        }
    }
}
