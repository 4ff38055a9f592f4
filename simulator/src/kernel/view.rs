//! The public form of an event: dotted type, a summary in words, and data without secrets.

use amana_core::{Msisdn, Timestamp};
use serde::Serialize;
use serde_json::Value;

use super::dispatch;
use super::event::{Correlation, Recorded};
use super::service::ServiceName;

/// The types of the kernel's own events.
const TYPES: &[&str] = &[
    "callback.attempted",
    "callback.overtaken",
    "callback.resent",
    "callback.scheduled",
    "callback.started",
    "clock.advanced",
    "clock.set",
    "fault.armed",
    "fault.cleared",
    "fault.disarmed",
    "fault.fired",
    "fault.passed",
    "http.answered",
    "http.received",
    "ledger.posted",
    "phone.added",
    "phone.changed",
    "phone.messages_read",
    "phone.prompt_answered",
    "phone.prompt_ignored",
    "phone.prompted",
    "random.drawn",
    "refusal.explained",
    "settings.changed",
    "sms.delivered",
    "sms.sent",
    "timer.cancelled",
    "timer.fired",
    "timer.scheduled",
    "ussd.dialled",
    "ussd.hung_up",
    "ussd.replied",
    "ussd.step_taken",
];

/// Whether an event can be of this type, or of this group: a type cut short, with `*` at its end.
pub fn is_event_type(wanted: &str) -> bool {
    let mut all = TYPES.iter().copied().chain(dispatch::event_types());
    all.any(|kind| is_of_type(kind, wanted))
}

/// Whether an event of this type is meant by `wanted`: the type itself, or its group with `.*`.
pub fn is_of_type(kind: &str, wanted: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some(group) => kind.starts_with(group),
        None => kind == wanted,
    }
}

/// An event as the control API shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(
    feature = "server",
    derive(schemars::JsonSchema),
    schemars(rename = "Event")
)]
pub struct EventView {
    /// Its number in the log.
    pub seq: u64,
    /// When it happened.
    #[cfg_attr(feature = "server", schemars(with = "String", extend("format" = "date-time")))]
    pub at: Timestamp,
    /// Its type: `phone.prompted`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The correlation of its cause.
    #[cfg_attr(feature = "server", schemars(with = "String"))]
    pub correlation: Correlation,
    /// The provider it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schemars(with = "ServiceName"))]
    pub provider: Option<ServiceName>,
    /// The phone it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schemars(with = "String"))]
    pub phone: Option<Msisdn>,
    /// What happened, in a sentence.
    pub summary: String,
    /// The details.
    #[cfg_attr(feature = "server", schemars(with = "serde_json::Map<String, Value>"))]
    pub data: Value,
}

/// What an event says for itself; a provider's events make their own.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Dotted type in the past tense.
    pub kind: &'static str,
    /// The provider it belongs to.
    pub provider: Option<ServiceName>,
    /// The phone it is about.
    pub phone: Option<Msisdn>,
    /// What happened, in a sentence without a final stop.
    pub summary: String,
    /// The details; never a PIN, a token or a secret.
    pub data: Value,
}

impl View {
    /// A view with this type, summary and data, of no provider and no phone.
    pub fn new(kind: &'static str, summary: impl Into<String>, data: Value) -> Self {
        // INVARIANT: a type that is not listed where it belongs could not be asked for.
        debug_assert!(is_event_type(kind), "`{kind}` is not listed");
        Self {
            kind,
            provider: None,
            phone: None,
            summary: summary.into(),
            data,
        }
    }

    /// The same view, of this provider.
    #[must_use]
    pub fn by(self, provider: ServiceName) -> Self {
        self.by_any(Some(provider))
    }

    /// The same view, of this provider if there is one.
    #[must_use]
    pub fn by_any(mut self, provider: Option<ServiceName>) -> Self {
        self.provider = provider;
        self
    }

    /// The same view, about this phone.
    #[must_use]
    pub fn on(self, phone: Msisdn) -> Self {
        self.on_any(Some(phone))
    }

    /// The same view, about this phone if there is one.
    #[must_use]
    pub fn on_any(mut self, phone: Option<Msisdn>) -> Self {
        self.phone = phone;
        self
    }
}

impl Recorded {
    /// Its public form.
    pub fn view(&self) -> EventView {
        let view = self.event.view();
        EventView {
            seq: self.seq,
            at: self.at,
            kind: view.kind,
            correlation: self.correlation,
            provider: view.provider,
            phone: view.phone,
            summary: view.summary,
            data: view.data,
        }
    }
}
