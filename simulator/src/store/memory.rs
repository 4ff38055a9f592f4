//! A journal that lives as long as the process, for tests and for trying things out.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::hash::{EventsHash, line_of};
use super::{Beginning, EVENTS_KEPT, Pending, Saved, Store, StoreError};
use crate::kernel::{Recorded, Start, State};

/// How many are dropped at a time, so that it is seldom.
const DROPPED_AT_ONCE: usize = 1_000;

/// Journals in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    logs: Mutex<BTreeMap<String, Log>>,
}

#[derive(Debug)]
struct Log {
    start: Start,
    /// The state before the first of `events`.
    base: State,
    events: VecDeque<Arc<Recorded>>,
    last: u64,
    /// Hash of all events up to and including number `hashed`. Hashing waits until it is asked for
    /// or an event is dropped, so that it costs no request anything.
    hash: EventsHash,
    hashed: u64,
}

impl Log {
    fn new(beginning: Beginning<'_>) -> Self {
        Self {
            start: beginning.start,
            base: beginning.state.clone(),
            events: VecDeque::new(),
            last: beginning.state.seq,
            hash: beginning.events_hash,
            hashed: beginning.state.seq,
        }
    }

    fn append(&mut self, batch: Vec<Recorded>) -> Result<(), StoreError> {
        if batch
            .first()
            .is_some_and(|first| first.seq != self.last + 1)
        {
            return Err(StoreError::new("the batch does not follow the last event"));
        }
        if self.events.len() as u64 >= EVENTS_KEPT {
            self.drop_oldest()?;
        }
        self.last = batch.last().map_or(self.last, |event| event.seq);
        self.events.extend(batch.into_iter().map(Arc::new));
        Ok(())
    }

    fn drop_oldest(&mut self) -> Result<(), StoreError> {
        let dropped = self.events.len().min(DROPPED_AT_ONCE);
        self.hash_up_to(self.base.seq + dropped as u64)?;
        for event in self.events.drain(..dropped) {
            self.base.apply(&event);
        }
        Ok(())
    }

    fn hash_up_to(&mut self, seq: u64) -> Result<(), StoreError> {
        let first = self.after(self.hashed);
        for event in self.events.range(first..) {
            if event.seq > seq {
                break;
            }
            self.hash.add(&line_of(event)?);
            self.hashed = event.seq;
        }
        Ok(())
    }

    /// The place of the first event after this number.
    fn after(&self, seq: u64) -> usize {
        self.events.partition_point(|event| event.seq <= seq)
    }

    fn state(&self) -> State {
        let mut state = self.base.clone();
        for event in &self.events {
            state.apply(event);
        }
        state
    }
}

impl MemoryStore {
    fn logs(&self) -> MutexGuard<'_, BTreeMap<String, Log>> {
        // A panic while the lock is held leaves at worst a batch cut short; the journal stays usable.
        self.logs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn kind(&self) -> &'static str {
        "memory"
    }

    fn begin(&self, namespace: &str, beginning: Beginning<'_>) -> Pending<()> {
        let log = Log::new(beginning);
        self.logs().insert(namespace.to_owned(), log);
        Pending::Done(Ok(()))
    }

    fn append(&self, namespace: &str, batch: Vec<Recorded>) -> Pending<()> {
        Pending::Done(match self.logs().get_mut(namespace) {
            Some(log) => log.append(batch),
            None => Err(StoreError::new("the journal has not begun")),
        })
    }

    fn read(&self, namespace: &str, after: u64, limit: usize) -> Pending<Vec<Arc<Recorded>>> {
        let logs = self.logs();
        let events = logs.get(namespace).map_or_else(Vec::new, |log| {
            let events = log.events.range(log.after(after)..);
            events.take(limit).cloned().collect()
        });
        Pending::Done(Ok(events))
    }

    fn events_hash(&self, namespace: &str) -> Pending<EventsHash> {
        let mut logs = self.logs();
        Pending::Done(match logs.get_mut(namespace) {
            Some(log) => log.hash_up_to(u64::MAX).map(|()| log.hash),
            None => Ok(EventsHash::EMPTY),
        })
    }

    fn load(&self, namespace: &str) -> Pending<Option<Saved>> {
        let logs = self.logs();
        Pending::Done(Ok(logs.get(namespace).map(|log| Saved {
            start: log.start,
            state: log.state(),
        })))
    }

    fn remove(&self, namespace: &str) -> Pending<()> {
        self.logs().remove(namespace);
        Pending::Done(Ok(()))
    }

    fn names(&self) -> Pending<Vec<String>> {
        Pending::Done(Ok(self.logs().keys().cloned().collect()))
    }

    fn close(&self) -> Pending<()> {
        Pending::Done(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use amana_core::Timestamp;

    use super::*;
    use crate::kernel::settings::Settings;
    use crate::kernel::{Clock, Event};

    fn event(seq: u64) -> Recorded {
        Recorded {
            seq,
            at: Timestamp::default(),
            correlation: "c1".parse().unwrap(),
            draws: seq,
            event: Event::RandomDrawn,
        }
    }

    fn log() -> Log {
        let state = State::new(Settings::default(), Clock::REAL);
        Log::new(Beginning {
            start: Start::default(),
            state: &state,
            events_hash: EventsHash::EMPTY,
        })
    }

    #[test]
    fn dropping_old_events_keeps_hash_and_state() {
        let (mut all, mut dropping) = (log(), log());
        let count = EVENTS_KEPT + 10;
        for seq in 1..=count {
            dropping.append(vec![event(seq)]).unwrap();
        }
        all.append((1..=count).map(event).collect()).unwrap();
        assert_eq!(all.events.len() as u64, count);
        assert!(dropping.events.len() as u64 <= EVENTS_KEPT);
        all.hash_up_to(u64::MAX).unwrap();
        dropping.hash_up_to(u64::MAX).unwrap();
        assert_eq!(all.hash, dropping.hash);
        assert_eq!(all.state(), dropping.state());
        assert_eq!(dropping.state().seq, count);
    }
}
