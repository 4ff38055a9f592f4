//! All callbacks of a namespace.

use std::collections::{BTreeMap, BTreeSet};

use amana_core::Timestamp;
use serde::{Deserialize, Serialize};

use super::attempt::{AttemptRecord, Verdict};
use super::{Callback, CallbackId, CallbackState};
use crate::kernel::timer::TimerId;

/// Settled callbacks that are remembered for reading and sending again.
const SETTLED_MAX: usize = 5_000;
/// Attempts of one callback that are remembered.
const ATTEMPTS_MAX: usize = 50;

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
    pub(in crate::kernel) fn held(&self) -> impl Iterator<Item = &Callback> {
        self.held.iter().filter_map(|id| self.by_id.get(id))
    }

    pub(in crate::kernel) fn insert(&mut self, callback: Callback) {
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

    pub(in crate::kernel) fn schedule(
        &mut self,
        id: CallbackId,
        due_at: Timestamp,
        timer: TimerId,
    ) {
        if let Some(callback) = self.by_id.get_mut(&id) {
            callback.state = CallbackState::Scheduled;
            callback.due_at = due_at;
            callback.timer = Some(timer);
            self.in_flight.remove(&id);
            self.settled.remove(&id);
        }
    }

    /// Takes the callback's timer away and marks it as being attempted.
    pub(in crate::kernel) fn start(&mut self, id: CallbackId) -> Option<TimerId> {
        let callback = self.by_id.get_mut(&id)?;
        callback.state = CallbackState::InFlight;
        callback.attempt_count = callback.attempt_count.saturating_add(1);
        callback.held = false;
        self.held.remove(&id);
        self.in_flight.insert(id);
        callback.timer.take()
    }

    pub(in crate::kernel) fn attempted(
        &mut self,
        id: CallbackId,
        record: AttemptRecord,
        verdict: Verdict,
    ) {
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
    pub(in crate::kernel) fn release(&mut self, id: CallbackId) {
        self.held.remove(&id);
        if let Some(callback) = self.by_id.get_mut(&id) {
            callback.held = false;
        }
    }
}
