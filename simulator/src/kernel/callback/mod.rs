//! Calls from the sandbox to the outside, as data: what to send, when, and how often it was tried.

mod address;
mod attempt;
mod book;
mod event;
mod target;

use amana_core::time::Span;
use amana_core::{Msisdn, Timestamp};
use serde::{Deserialize, Serialize};

pub use self::address::{is_address_allowed, is_host_allowed};
pub use self::attempt::{Attempt, AttemptRecord, DeliveryError, Verdict};
pub use self::book::Callbacks;
pub use self::event::CallbackEvent;
pub use self::target::{Bytes, CallbackUrl, Target};
use super::event::Correlation;
use super::fault::Kind;
use super::id::counted_id;
use super::service::ServiceName;
use super::timer::TimerId;

counted_id! {
    /// Which callback, unique in its namespace: `cb_3`.
    CallbackId, "cb_"
}

/// A callback a service wants made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCallback {
    /// Who calls; asked for the verdict after each attempt.
    pub service: ServiceName,
    /// What kind of callback this is, in its own words: `stk_result`, `delivery_report`.
    pub operation: &'static str,
    /// Its own reference, by which it finds what this was about.
    pub reference: String,
    /// The phone it is about, if any.
    pub msisdn: Option<Msisdn>,
    /// Where to.
    pub target: Target,
    /// Upper-case method.
    pub method: &'static str,
    /// Headers in order.
    pub headers: Vec<(String, String)>,
    /// The exact bytes of the body.
    pub body: Vec<u8>,
    /// How long from now.
    pub after: Span,
}

/// Where a callback stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallbackState {
    /// Waits until it is due.
    Scheduled,
    /// Is being attempted.
    InFlight,
    /// The receiver took it.
    Delivered,
    /// It was given up.
    Failed,
}

/// A callback and its attempts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callback {
    /// Its id.
    pub id: CallbackId,
    /// Who calls.
    pub service: ServiceName,
    /// What kind it is.
    pub operation: String,
    /// The service's own reference.
    pub reference: String,
    /// The phone it is about.
    pub msisdn: Option<Msisdn>,
    /// Where to.
    pub target: Target,
    /// Method.
    pub method: String,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Bytes,
    /// The correlation of what caused it.
    pub correlation: Correlation,
    /// When it was scheduled.
    pub scheduled_at: Timestamp,
    /// When the next attempt is due, or the last one was.
    pub due_at: Timestamp,
    /// Where it stands.
    pub state: CallbackState,
    /// How often it was attempted.
    pub attempt_count: u32,
    /// The attempts, oldest first.
    pub attempts: Vec<AttemptRecord>,
    /// The faults that struck it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Kind>,
    /// Whether it waits to be overtaken.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) held: bool,
    /// How long after it is over it comes again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) echo_after: Option<Span>,
    pub(super) timer: Option<TimerId>,
}

impl Callback {
    /// What the host has to send, if it goes over the network.
    pub(super) fn delivery(&self) -> Option<Delivery> {
        match &self.target {
            Target::Url(url) => Some(Delivery {
                id: self.id,
                attempt: self.attempt_count,
                in_order: self.service == ServiceName::PAYMENTS,
                url: url.clone(),
                method: self.method.clone(),
                headers: self.headers.clone(),
                body: self.body.0.clone(),
            }),
            Target::Internal(_) => None,
        }
    }
}

/// A callback that fell due, for the host to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id, to report the attempt by.
    pub id: CallbackId,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// Whether it waits until those before it to the same address have been attempted.
    pub in_order: bool,
    /// Where to.
    pub url: CallbackUrl,
    /// Upper-case method.
    pub method: String,
    /// Headers in order.
    pub headers: Vec<(String, String)>,
    /// The exact bytes of the body.
    pub body: Vec<u8>,
}
