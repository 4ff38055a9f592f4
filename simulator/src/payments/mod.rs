//! The escrow payments API, built on the engine and talking to the providers of this sandbox.

use amana_core::http::{Request, Response};
use amana_core::{Msisdn, Timestamp};
use serde::{Deserialize, Serialize};

use crate::kernel::callback::{Attempt, Callback, Verdict};
use crate::kernel::invariant::Check;
use crate::kernel::phone::{Message, UssdSession};
use crate::kernel::{Sandbox, State, View};

/// What the payments API knows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PaymentsState {}

/// How that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaymentsEvent {}

impl PaymentsState {
    pub(crate) fn apply(&mut self, _at: Timestamp, event: &PaymentsEvent) {
        match *event {}
    }
}

impl PaymentsEvent {
    /// What it says for itself in the public log.
    pub fn view(&self) -> View {
        match *self {}
    }
}

/// Answers a request whose path begins with `/api/v1/`.
pub fn handle(_sandbox: &mut Sandbox, _request: &Request) -> Response {
    Response::new(404, "application/json", r#"{"detail":"Not Found"}"#)
}

/// A provider calls back in process ([`crate::kernel::callback::Target::Internal`]).
pub fn internal_callback(_sandbox: &mut Sandbox, _kind: &str, _callback: &Callback) {}

/// A timer it set is due.
pub fn timer(_sandbox: &mut Sandbox, _key: &str) {}

/// What it makes of an attempt at a webhook to a subscriber.
pub fn verdict(_callback: &Callback, attempt: &Attempt) -> Verdict {
    match attempt.is_success() {
        true => Verdict::Delivered,
        false => Verdict::GiveUp,
    }
}

/// A phone sent a message, to whomever.
pub fn message_sent(_sandbox: &mut Sandbox, _from: Msisdn, _message: &Message) {}

/// The menu was dialled, or a screen of it answered.
pub fn ussd_input(_sandbox: &mut Sandbox, _session: &UssdSession) {}

/// Checks of its state against the rest.
pub fn invariants(_state: &State) -> Vec<Check> {
    Vec::new()
}
