//! All faults of a namespace, armed and spent.

use std::collections::{BTreeMap, BTreeSet};

use amana_core::Timestamp;
use serde::{Deserialize, Serialize};

use super::fired::FaultEvent;
use super::rule::Rule;
use crate::kernel::id::counted_id;
use crate::kernel::invariant::Check;

counted_id! {
    /// Which fault, unique in its namespace: `flt_3`.
    FaultId, "flt_"
}

/// A fault that was armed, and what has become of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Its id.
    pub id: FaultId,
    /// What was asked for.
    pub rule: Rule,
    /// When it was armed.
    pub armed_at: Timestamp,
    /// How many requests or callbacks it could have struck.
    pub candidates: u64,
    /// How many it struck.
    pub fired: u64,
}

impl Fault {
    /// When it begins.
    pub fn begins_at(&self) -> Timestamp {
        let after = self.rule.when.after.unwrap_or_default();
        self.armed_at + after.span()
    }

    /// When it heals by itself, if it does by time.
    pub fn ends_at(&self) -> Option<Timestamp> {
        let window = self.rule.when.lasts.map(|l| self.begins_at() + l.span());
        let expiry = self.rule.expires.map(|e| self.armed_at + e.span());
        window.into_iter().chain(expiry).min()
    }

    /// Whether it has fired as often as it may.
    pub fn is_used_up(&self) -> bool {
        self.rule.when.first.is_some_and(|most| self.fired >= most)
    }

    /// Whether it can fire no more.
    pub fn is_spent(&self, now: Timestamp) -> bool {
        self.is_used_up() || self.ends_at().is_some_and(|end| now >= end)
    }

    /// Whether it may fire now.
    pub fn is_open(&self, now: Timestamp) -> bool {
        !self.is_spent(now) && now >= self.begins_at()
    }
}

/// All faults of a namespace.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Faults {
    by_id: BTreeMap<FaultId, Fault>,
    /// Those that are not used up, so that a sandbox without faults pays nothing for them.
    usable: BTreeSet<FaultId>,
    count: u64,
}

/// How faults stand in a snapshot.
#[derive(Clone, Serialize, Deserialize)]
struct Stored {
    count: u64,
    faults: Vec<Fault>,
}

impl From<Faults> for Stored {
    fn from(faults: Faults) -> Self {
        Self {
            count: faults.count,
            faults: faults.by_id.into_values().collect(),
        }
    }
}

impl From<Stored> for Faults {
    fn from(stored: Stored) -> Self {
        let mut faults = Self {
            count: stored.count,
            ..Self::default()
        };
        for fault in stored.faults {
            faults.insert(fault);
        }
        faults
    }
}

impl Faults {
    /// Faults remembered, armed and spent.
    pub const MOST: usize = 1_000;

    /// The id the next fault will have.
    pub const fn next_id(&self) -> FaultId {
        FaultId::new(self.count + 1)
    }

    /// A fault by its id.
    pub fn get(&self, id: FaultId) -> Option<&Fault> {
        self.by_id.get(&id)
    }

    /// All of them, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.by_id.values()
    }

    /// Whether none can fire, now or later.
    pub fn is_idle(&self) -> bool {
        self.usable.is_empty()
    }

    /// Those that may fire now, oldest first.
    pub(super) fn open(&self, now: Timestamp) -> impl Iterator<Item = &Fault> {
        let usable = self.usable.iter().filter_map(|id| self.by_id.get(id));
        usable.filter(move |fault| fault.is_open(now))
    }

    /// Whether there is room for one more, if those that are spent make way.
    pub(super) fn has_room(&self, now: Timestamp) -> bool {
        self.by_id.len() < Self::MOST || self.by_id.values().any(|fault| fault.is_spent(now))
    }

    fn insert(&mut self, fault: Fault) {
        if !fault.is_used_up() {
            self.usable.insert(fault.id);
        }
        self.by_id.insert(fault.id, fault);
    }

    fn remove(&mut self, id: FaultId) {
        self.by_id.remove(&id);
        self.usable.remove(&id);
    }

    pub(in crate::kernel) fn apply(&mut self, at: Timestamp, event: &FaultEvent) {
        match event {
            FaultEvent::Armed { fault, rule } => self.arm(at, *fault, rule),
            FaultEvent::Disarmed { fault } => self.remove(*fault),
            FaultEvent::Cleared => {
                self.by_id.clear();
                self.usable.clear();
            }
            FaultEvent::Passed { fault } => {
                if let Some(fault) = self.by_id.get_mut(fault) {
                    fault.candidates += 1;
                }
            }
            FaultEvent::Fired(firing) => {
                if let Some(fault) = self.by_id.get_mut(&firing.fault) {
                    fault.candidates += 1;
                    fault.fired += 1;
                    if fault.is_used_up() {
                        self.usable.remove(&firing.fault);
                    }
                }
            }
            FaultEvent::Released { .. } => {}
        }
    }

    fn arm(&mut self, at: Timestamp, id: FaultId, rule: &Rule) {
        if self.by_id.len() >= Self::MOST {
            let spent = self.by_id.values().find(|fault| fault.is_spent(at));
            if let Some(spent) = spent.map(|fault| fault.id) {
                self.remove(spent);
            }
        }
        self.count += 1;
        self.insert(Fault {
            id,
            rule: rule.clone(),
            armed_at: at,
            candidates: 0,
            fired: 0,
        });
    }

    /// Counts that contradict each other.
    pub(in crate::kernel) fn counts_fit(&self) -> Check {
        let wrong = self.by_id.values().find(|fault| {
            let too_often = |most: u64| fault.fired > most;
            fault.fired > fault.candidates || fault.rule.when.first.is_some_and(too_often)
        });
        let wrong = wrong.map(|fault| format!("{} fired {} times", fault.id, fault.fired));
        Check::new("faults.counts_fit", self.by_id.len(), wrong)
    }
}
