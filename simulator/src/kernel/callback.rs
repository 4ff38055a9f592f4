//! Calls from the sandbox to the outside, as data: what to send, when, and how often it was tried.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use amana_core::time::Span;
use amana_core::{Msisdn, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::json;

use super::fault::Kind;
use super::id::counted_id;
use super::service::ServiceName;
use super::timer::TimerId;
use super::view::View;
use crate::error::SandboxError;

/// Settled callbacks that are remembered for reading and sending again.
const SETTLED_MAX: usize = 5_000;
/// Attempts of one callback that are remembered.
const ATTEMPTS_MAX: usize = 50;

counted_id! {
    /// Which callback, unique in its namespace: `cb_3`.
    CallbackId, "cb_"
}

/// An address outside the sandbox: absolute, `http` or `https`, with a host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct CallbackUrl(String);

impl CallbackUrl {
    /// The longest address accepted.
    pub const LENGTH_MAX: usize = 2_048;

    /// The address as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Host and port: what deliveries are queued by, so that a dead receiver delays nobody else.
    pub fn authority(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        rest.split(['/', '?', '#']).next().unwrap_or_default()
    }
}

impl FromStr for CallbackUrl {
    type Err = SandboxError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = |why| Err(SandboxError::invalid("/url", why));
        let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
        if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
            return refuse("an address begins with `http://` or `https://`");
        }
        if text.len() > Self::LENGTH_MAX {
            return refuse("an address has at most 2048 characters");
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return refuse("an address has no blanks");
        }
        let url = Self(text.to_owned());
        if url.authority().is_empty() || url.authority().starts_with(':') {
            return refuse("an address names a host");
        }
        Ok(url)
    }
}

impl fmt::Display for CallbackUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for CallbackUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Where a callback goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Over the network.
    Url(CallbackUrl),
    /// To the payments API of this very sandbox, in process; the text says what it is about.
    Internal(String),
}

impl Target {
    /// Who receives it: host and port, or this sandbox.
    pub(super) fn receiver(&self) -> &str {
        match self {
            Self::Url(url) => url.authority(),
            Self::Internal(_) => "",
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => url.fmt(f),
            Self::Internal(kind) => write!(f, "internal:{kind}"),
        }
    }
}

/// The exact bytes of a body; text in JSON if they are text, else hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    /// The body as text; what is not UTF-8 is replaced.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredBytes<'a> {
    Text(std::borrow::Cow<'a, str>),
    Hex(String),
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(&self.0) {
            Ok(text) => StoredBytes::Text(text.into()).serialize(serializer),
            Err(_) => StoredBytes::Hex(hex::encode(&self.0)).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match StoredBytes::deserialize(deserializer)? {
            StoredBytes::Text(text) => Ok(Self(text.into_owned().into_bytes())),
            StoredBytes::Hex(text) => hex::decode(text)
                .map(Self)
                .map_err(serde::de::Error::custom),
        }
    }
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
    pub correlation: String,
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

/// Why an attempt got no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryError {
    /// The host name could not be resolved.
    UnknownHost,
    /// Nobody listens there.
    ConnectionRefused,
    /// The connection broke.
    ConnectionLost,
    /// No answer came in time.
    TimedOut,
    /// The address is one the sandbox never calls: link-local, metadata, or not allowed.
    TargetForbidden,
    /// The receiver said that it is gone, or is no longer in the settings.
    TargetDisabled,
    /// A secure connection could not be made.
    Insecure,
    /// The answer was not HTTP, or too large.
    BadAnswer,
}

/// What the host reports of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attempt {
    /// The status of the answer.
    pub status: Option<u16>,
    /// Why there was none.
    pub error: Option<DeliveryError>,
    /// How long it took on the host's clock.
    pub millis: u32,
    /// `Retry-After` of the answer, if it was in seconds.
    pub retry_after: Option<Span>,
    /// The body of the answer, for callbacks that ask a question. Not journaled.
    pub body: Vec<u8>,
}

impl Attempt {
    /// An answer with this status and body.
    pub fn answered(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: Some(status),
            body: body.into(),
            ..Self::default()
        }
    }

    /// No answer.
    pub fn failed(error: DeliveryError) -> Self {
        Self {
            error: Some(error),
            ..Self::default()
        }
    }

    /// Whether the answer was in the 200s.
    pub fn is_success(&self) -> bool {
        self.status
            .is_some_and(|status| (200..300).contains(&status))
    }
}

/// What is kept of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptRecord {
    /// When it ended, on the sandbox clock.
    pub at: Timestamp,
    /// The status of the answer.
    pub status: Option<u16>,
    /// Why there was none.
    pub error: Option<DeliveryError>,
    /// How long it took; 0 while the clock is frozen, so that runs stay equal.
    pub ms: u32,
}

/// What a provider makes of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Taken.
    Delivered,
    /// To be tried again after this long.
    Retry(Span),
    /// Given up.
    GiveUp,
}

impl Verdict {
    /// What becomes of the callback, in a word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Retry(_) => "retry",
            Self::GiveUp => "given_up",
        }
    }
}

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
    pub(super) fn view(&self) -> View {
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

/// All callbacks of a namespace.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Callbacks {
    by_id: BTreeMap<CallbackId, Callback>,
    in_flight: BTreeSet<CallbackId>,
    settled: BTreeSet<CallbackId>,
    #[serde(default)]
    held: BTreeSet<CallbackId>,
    count: u64,
}

impl Callbacks {
    /// Callbacks that may wait or be under way at a time; more fail at once.
    pub const PENDING_MAX: usize = 20_000;

    /// The id the next callback will have.
    pub const fn next_id(&self) -> CallbackId {
        CallbackId::new(self.count + 1)
    }

    /// A callback by its id.
    pub fn get(&self, id: CallbackId) -> Option<&Callback> {
        self.by_id.get(&id)
    }

    /// All that are remembered, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Callback> {
        self.by_id.values()
    }

    /// Those that were handed to the host and not yet reported.
    pub fn in_flight(&self) -> impl Iterator<Item = &Callback> {
        self.in_flight.iter().filter_map(|id| self.by_id.get(id))
    }

    /// Whether the host still owes a report.
    pub fn is_waiting(&self) -> bool {
        !self.in_flight.is_empty()
    }

    /// How many wait or are under way.
    pub fn pending(&self) -> usize {
        self.by_id.len() - self.settled.len()
    }

    /// Those that wait to be overtaken.
    pub(super) fn held(&self) -> impl Iterator<Item = &Callback> {
        self.held.iter().filter_map(|id| self.by_id.get(id))
    }

    pub(super) fn insert(&mut self, callback: Callback) {
        self.count += 1;
        if callback.held {
            self.held.insert(callback.id);
        }
        let (id, state) = (callback.id, callback.state);
        self.by_id.insert(id, callback);
        if state == CallbackState::Failed {
            self.settle(id);
        }
    }

    fn settle(&mut self, id: CallbackId) {
        self.settled.insert(id);
        if self.settled.len() > SETTLED_MAX
            && let Some(oldest) = self.settled.pop_first()
        {
            self.by_id.remove(&oldest);
        }
    }

    pub(super) fn schedule(&mut self, id: CallbackId, due_at: Timestamp, timer: TimerId) {
        if let Some(callback) = self.by_id.get_mut(&id) {
            callback.state = CallbackState::Scheduled;
            callback.due_at = due_at;
            callback.timer = Some(timer);
            self.in_flight.remove(&id);
            self.settled.remove(&id);
        }
    }

    /// Takes the callback's timer away and marks it as being attempted.
    pub(super) fn start(&mut self, id: CallbackId) -> Option<TimerId> {
        let callback = self.by_id.get_mut(&id)?;
        callback.state = CallbackState::InFlight;
        callback.attempt_count = callback.attempt_count.saturating_add(1);
        callback.held = false;
        self.held.remove(&id);
        self.in_flight.insert(id);
        callback.timer.take()
    }

    pub(super) fn attempted(&mut self, id: CallbackId, record: AttemptRecord, verdict: Verdict) {
        self.in_flight.remove(&id);
        let Some(callback) = self.by_id.get_mut(&id) else {
            return;
        };
        if callback.attempts.len() == ATTEMPTS_MAX {
            callback.attempts.remove(0);
        }
        callback.attempts.push(record);
        callback.state = match verdict {
            Verdict::Delivered => CallbackState::Delivered,
            Verdict::GiveUp => CallbackState::Failed,
            Verdict::Retry(_) => return,
        };
        callback.echo_after = None;
        self.settle(id);
    }

    /// It has been overtaken.
    pub(super) fn release(&mut self, id: CallbackId) {
        self.held.remove(&id);
        if let Some(callback) = self.by_id.get_mut(&id) {
            callback.held = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_absolute_and_name_a_host() {
        let url: CallbackUrl = "http://127.0.0.1:9000/a?b=c".parse().unwrap();
        assert_eq!(url.authority(), "127.0.0.1:9000");
        for bad in [
            "",
            "http://",
            "http:///a",
            "ftp://a",
            "//a",
            "http://a b",
            "http://:80/",
        ] {
            assert!(bad.parse::<CallbackUrl>().is_err(), "{bad}");
        }
    }

    #[test]
    fn bodies_keep_their_bytes() {
        for body in [b"text".to_vec(), vec![0xff, 0x00], Vec::new()] {
            let json = serde_json::to_string(&Bytes(body.clone())).unwrap();
            assert_eq!(serde_json::from_str::<Bytes>(&json).unwrap().0, body);
        }
    }
}
