//! Everything that will happen by itself: ordered by the instant it is due, then by age.

use std::collections::BTreeMap;

use amana_core::{Msisdn, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::callback::CallbackId;
use super::event::Correlation;
use super::phone::PromptId;
use super::service::ServiceName;
use super::view::View;

/// Which timer; later timers have greater ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimerId(pub(super) u64);

/// What happens when a timer is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TimerKind {
    /// The phone's script answers a prompt.
    PromptAnswer {
        /// The phone.
        msisdn: Msisdn,
        /// The prompt.
        prompt: PromptId,
    },
    /// A prompt closes because nobody answered it.
    PromptExpiry {
        /// The phone.
        msisdn: Msisdn,
        /// The prompt.
        prompt: PromptId,
    },
    /// A prompt that expired turns out to have been approved after all.
    PromptLate {
        /// The phone.
        msisdn: Msisdn,
        /// The prompt.
        prompt: PromptId,
    },
    /// The next attempt at a callback.
    CallbackDue {
        /// The callback.
        callback: CallbackId,
    },
    /// A provider's or the payments API's own affair.
    Service {
        /// Whose.
        service: ServiceName,
        /// What it is, in its own words.
        key: String,
    },
}

impl TimerKind {
    /// Whose affair it is, if it is a service's own.
    pub const fn service(&self) -> Option<ServiceName> {
        match self {
            Self::Service { service, .. } => Some(*service),
            Self::PromptAnswer { .. }
            | Self::PromptExpiry { .. }
            | Self::PromptLate { .. }
            | Self::CallbackDue { .. } => None,
        }
    }
}

/// One thing that will happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// Its id, which orders timers due at the same instant.
    pub id: TimerId,
    /// When, on the sandbox clock.
    pub due_at: Timestamp,
    /// The correlation of what caused it.
    pub correlation: Correlation,
    /// What.
    pub kind: TimerKind,
}

/// What happened to a timer that a service set. Those of prompts and callbacks come and go with
/// the events of prompts and callbacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimerEvent {
    /// It was set.
    Scheduled {
        /// When it is due.
        due_at: Timestamp,
        /// What then.
        kind: TimerKind,
    },
    /// It was due.
    Fired {
        /// Which.
        timer: TimerId,
        /// What it was.
        kind: TimerKind,
    },
    /// It is no longer wanted.
    Cancelled {
        /// Which.
        timer: TimerId,
    },
}

impl TimerEvent {
    pub(super) fn view(&self) -> View {
        match self {
            Self::Scheduled { due_at, kind } => View::new(
                "timer.scheduled",
                format!("something will happen at {due_at}"),
                json!({"due_at": due_at, "timer": kind}),
            )
            .by_any(kind.service()),
            Self::Fired { timer, kind } => View::new(
                "timer.fired",
                "a timer was due",
                json!({"id": timer, "timer": kind}),
            )
            .by_any(kind.service()),
            Self::Cancelled { timer } => View::new(
                "timer.cancelled",
                "a timer was cancelled",
                json!({"id": timer}),
            ),
        }
    }
}

/// All timers that are set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Timers {
    by_due: BTreeMap<(Timestamp, TimerId), Timer>,
    due_by_id: BTreeMap<TimerId, Timestamp>,
    next_id: u64,
}

/// How timers stand in a snapshot: JSON has no keys of two parts.
#[derive(Clone, Serialize, Deserialize)]
struct Stored {
    next_id: u64,
    timers: Vec<Timer>,
}

impl From<Timers> for Stored {
    fn from(timers: Timers) -> Self {
        Self {
            next_id: timers.next_id,
            timers: timers.by_due.into_values().collect(),
        }
    }
}

impl From<Stored> for Timers {
    fn from(stored: Stored) -> Self {
        let mut timers = Self::default();
        for timer in stored.timers {
            timers.insert(timer);
        }
        timers.next_id = timers.next_id.max(stored.next_id);
        timers
    }
}

impl Timers {
    /// The id the next timer will have.
    pub const fn next_id(&self) -> TimerId {
        TimerId(self.next_id)
    }

    /// The timer that is due first.
    pub fn first(&self) -> Option<&Timer> {
        self.by_due.values().next()
    }

    /// How many are set.
    pub fn len(&self) -> usize {
        self.by_due.len()
    }

    /// Whether none is set.
    pub fn is_empty(&self) -> bool {
        self.by_due.is_empty()
    }

    /// Whether this one is still set.
    pub fn contains(&self, id: TimerId) -> bool {
        self.due_by_id.contains_key(&id)
    }

    /// All of them, in the order they will fire.
    pub fn iter(&self) -> impl Iterator<Item = &Timer> {
        self.by_due.values()
    }

    /// Sets one under the next id.
    pub(super) fn set(
        &mut self,
        due_at: Timestamp,
        correlation: Correlation,
        kind: TimerKind,
    ) -> TimerId {
        let id = self.next_id();
        self.insert(Timer {
            id,
            due_at,
            correlation,
            kind,
        });
        id
    }

    fn insert(&mut self, timer: Timer) {
        self.next_id = self.next_id.max(timer.id.0 + 1);
        self.due_by_id.insert(timer.id, timer.due_at);
        self.by_due.insert((timer.due_at, timer.id), timer);
    }

    /// Takes one away, whether it fired or is no longer wanted.
    pub(super) fn remove(&mut self, id: TimerId) -> Option<Timer> {
        let due_at = self.due_by_id.remove(&id)?;
        self.by_due.remove(&(due_at, id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(key: &str) -> TimerKind {
        TimerKind::Service {
            service: ServiceName::PAYMENTS,
            key: key.to_owned(),
        }
    }

    #[test]
    fn fires_by_due_time_then_age() {
        let mut timers = Timers::default();
        for (due, key) in [(5, "c"), (1, "a"), (5, "d"), (3, "b")] {
            timers.set(Timestamp::from_millis(due), Correlation::new(1), kind(key));
        }
        let mut fired = Vec::new();
        while let Some(timer) = timers.first().cloned() {
            timers.remove(timer.id);
            fired.push(timer.kind);
        }
        assert_eq!(fired, [kind("a"), kind("b"), kind("c"), kind("d")]);
        assert!(timers.is_empty());
    }

    #[test]
    fn a_snapshot_keeps_order_and_next_id() {
        let mut timers = Timers::default();
        let first = timers.set(Timestamp::from_millis(9), Correlation::new(1), kind("a"));
        timers.set(Timestamp::from_millis(2), Correlation::new(1), kind("b"));
        timers.remove(first);
        let json = serde_json::to_string(&timers).unwrap();
        let restored: Timers = serde_json::from_str(&json).unwrap();
        assert_eq!(restored, timers);
        assert_eq!(restored.next_id(), TimerId(2));
        assert!(!restored.contains(first));
    }
}
