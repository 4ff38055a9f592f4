//! Every change of the sandbox, as an event. The log of them is the journal and the public log.
//!
//! Each resource has its own events beside it; here they come together.

use amana_core::time::Span;
use amana_core::{Msisdn, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::callback::CallbackEvent;
use super::clock::Clock;
use super::fault::FaultEvent;
use super::id::counted_id;
use super::ledger::Posting;
use super::phone::PhoneEvent;
use super::service::ServiceName;
use super::settings::Settings;
use super::timer::TimerEvent;
use super::view::View;
use crate::payments::PaymentsEvent;
use crate::provider::ProviderEvent;

counted_id! {
    /// What one cause brought about, unique in its namespace: `c13` is everything since event 13
    /// that the call it began brought about.
    Correlation, "c"
}

/// An event with its place in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Its number; the first event of a namespace has 1, and there are no gaps.
    pub seq: u64,
    /// When it happened, on the sandbox clock.
    pub at: Timestamp,
    /// What one cause brought about has the same correlation.
    pub correlation: Correlation,
    /// Where the random generator stood when it was recorded, so that replay puts it back there.
    pub draws: u64,
    /// What happened.
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The settings were changed; these are the new ones.
    SettingsChanged(Box<Settings>),
    /// The clock was set or moved.
    Clock(ClockEvent),
    /// Values were drawn after the last event of a batch; only the position matters.
    RandomDrawn,
    /// Something happened to a phone.
    Phone(Msisdn, PhoneEvent),
    /// Money moved.
    LedgerPosted(Box<Posting>),
    /// A timer of a service was set, was due or was cancelled.
    Timer(TimerEvent),
    /// A callback was scheduled or attempted.
    Callback(CallbackEvent),
    /// A request was received, answered or explained.
    Http(HttpEvent),
    /// A fault was armed, struck or was taken away.
    Fault(FaultEvent),
    /// The books of a provider changed.
    Provider(ProviderEvent),
    /// The payments API changed.
    Payments(PaymentsEvent),
}

impl Event {
    /// What it says for itself in the public log.
    pub fn view(&self) -> View {
        match self {
            Self::SettingsChanged(settings) => View::new(
                "settings.changed",
                "the settings were changed",
                json!({"seed": settings.seed}),
            ),
            Self::Clock(event) => event.view(),
            Self::RandomDrawn => View::new("random.drawn", "random values were drawn", json!({})),
            Self::Phone(msisdn, event) => event.view(*msisdn).on(*msisdn),
            Self::LedgerPosted(posting) => {
                View::new("ledger.posted", posting.text.clone(), json!(posting))
                    .by_any(posting.provider)
            }
            Self::Timer(event) => event.view(),
            Self::Callback(event) => event.view(),
            Self::Http(event) => event.view(),
            Self::Fault(event) => event.view(),
            Self::Provider(event) => event.view(),
            Self::Payments(event) => event.view().by(ServiceName::PAYMENTS),
        }
    }
}

impl From<FaultEvent> for Event {
    fn from(event: FaultEvent) -> Self {
        Self::Fault(event)
    }
}

/// What happened to the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockEvent {
    /// It was given another mode or another time.
    Set(Clock),
    /// It was moved ahead, and everything due was run.
    Advanced {
        /// By how much.
        by: Span,
        /// From when.
        from: Timestamp,
        /// To when.
        to: Timestamp,
        /// How many timers fired on the way.
        ran: u64,
    },
}

impl ClockEvent {
    fn view(&self) -> View {
        match self {
            Self::Set(clock) => {
                let summary = format!("the clock is now {}", clock.mode());
                View::new("clock.set", summary, json!(clock))
            }
            Self::Advanced { by, from, to, ran } => View::new(
                "clock.advanced",
                format!("the clock was moved ahead to {to}"),
                json!({"by_ms": by, "from": from, "to": to, "ran": ran}),
            ),
        }
    }
}

/// What happened between a caller and a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HttpEvent {
    /// A request came in.
    Received {
        /// The service it is for.
        service: ServiceName,
        /// Method.
        method: String,
        /// Path, without query.
        path: String,
    },
    /// It was answered.
    Answered {
        /// The service that answered.
        service: ServiceName,
        /// Status.
        status: u16,
    },
    /// It was refused in the provider's own terse words; this is what they mean.
    RefusalExplained {
        /// The service that refused.
        service: ServiceName,
        /// The field that is wrong, if it is one.
        field: Option<String>,
        /// The rule it breaks, in a sentence.
        rule: String,
    },
}

impl HttpEvent {
    fn view(&self) -> View {
        match self {
            Self::Received {
                service,
                method,
                path,
            } => View::new(
                "http.received",
                format!("{method} {path}"),
                json!({"method": method, "path": path}),
            )
            .by(*service),
            Self::Answered { service, status } => View::new(
                "http.answered",
                format!("answered {status}"),
                json!({"status": status}),
            )
            .by(*service),
            Self::RefusalExplained {
                service,
                field,
                rule,
            } => View::new(
                "refusal.explained",
                rule.clone(),
                json!({"field": field, "rule": rule}),
            )
            .by(*service),
        }
    }
}
