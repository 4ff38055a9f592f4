//! A journal that lives as long as the process, for tests and for trying things out.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use super::{Commit, EMPTY_HASH, Store, StoreError};
use crate::kernel::{Recorded, State};

/// Events kept per namespace; older ones are dropped, but stay in the hash.
const EVENTS_MAX: usize = 100_000;

/// Journals in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    logs: Mutex<BTreeMap<String, Log>>,
}

#[derive(Debug)]
struct Log {
    events: VecDeque<Arc<Recorded>>,
    /// Hash of all events up to and including number `hashed`. Hashing waits until it is asked for
    /// or an event is dropped, so that it costs no request anything.
    hash: [u8; 32],
    hashed: u64,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            events: VecDeque::new(),
            hash: EMPTY_HASH,
            hashed: 0,
        }
    }
}

impl Log {
    fn hash_up_to(&mut self, seq: u64) -> Result<(), StoreError> {
        for event in &self.events {
            if event.seq <= self.hashed {
                continue;
            }
            if event.seq > seq {
                break;
            }
            let line =
                serde_json::to_vec(&**event).map_err(|error| StoreError(error.to_string()))?;
            let digest = Sha256::new().chain_update(self.hash).chain_update(line);
            self.hash = digest.finalize().into();
            self.hashed = event.seq;
        }
        Ok(())
    }

    /// Makes room for one more, a thousand at a time so that it is seldom.
    fn make_room(&mut self) -> Result<(), StoreError> {
        if self.events.len() < EVENTS_MAX {
            return Ok(());
        }
        let last = self.events.get(1_000).map_or(u64::MAX, |event| event.seq);
        self.hash_up_to(last)?;
        self.events.drain(..1_000);
        Ok(())
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

    fn append(&self, namespace: &str, batch: Vec<Recorded>) -> Result<Commit, StoreError> {
        let mut logs = self.logs();
        if !logs.contains_key(namespace) {
            logs.insert(namespace.to_owned(), Log::default());
        }
        if let Some(log) = logs.get_mut(namespace) {
            for recorded in batch {
                log.make_room()?;
                log.events.push_back(Arc::new(recorded));
            }
        }
        Ok(Commit::Done)
    }

    fn read(
        &self,
        namespace: &str,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Arc<Recorded>>, StoreError> {
        let logs = self.logs();
        let Some(log) = logs.get(namespace) else {
            return Ok(Vec::new());
        };
        let first = log.events.partition_point(|event| event.seq <= after);
        Ok(log.events.range(first..).take(limit).cloned().collect())
    }

    fn events_hash(&self, namespace: &str) -> Result<String, StoreError> {
        let mut logs = self.logs();
        let Some(log) = logs.get_mut(namespace) else {
            return Ok(hex::encode(EMPTY_HASH));
        };
        log.hash_up_to(u64::MAX)?;
        Ok(hex::encode(log.hash))
    }

    fn load(&self, _namespace: &str) -> Result<Option<State>, StoreError> {
        Ok(None)
    }

    fn restart(&self, namespace: &str, state: &State, events_hash: &str) -> Result<(), StoreError> {
        let mut log = Log::default();
        hex::decode_to_slice(events_hash, &mut log.hash)
            .map_err(|error| StoreError(error.to_string()))?;
        log.hashed = state.seq;
        self.logs().insert(namespace.to_owned(), log);
        Ok(())
    }

    fn remove(&self, namespace: &str) -> Result<(), StoreError> {
        self.logs().remove(namespace);
        Ok(())
    }

    fn names(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.logs().keys().cloned().collect())
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
            correlation: "c1".to_owned(),
            draws: seq,
            event: Event::RandomDrawn,
        }
    }

    #[test]
    fn the_hash_does_not_depend_on_when_it_is_asked_for() {
        let (asked, not_asked) = (MemoryStore::default(), MemoryStore::default());
        for seq in 1..=5 {
            asked.append("a", vec![event(seq)]).unwrap();
            asked.events_hash("a").unwrap();
        }
        not_asked.append("a", (1..=5).map(event).collect()).unwrap();
        assert_eq!(asked.events_hash("a"), not_asked.events_hash("a"));
        not_asked.append("a", vec![event(6)]).unwrap();
        assert_ne!(asked.events_hash("a"), not_asked.events_hash("a"));
        assert_eq!(asked.read("a", 3, 9).unwrap().len(), 2);
        assert_eq!(asked.read("b", 0, 9).unwrap().len(), 0);
    }

    #[test]
    fn dropping_old_events_keeps_the_hash() {
        let (all, dropping) = (MemoryStore::default(), MemoryStore::default());
        let count = EVENTS_MAX as u64 + 10;
        for seq in 1..=count {
            all.append("a", vec![event(seq)]).unwrap();
            if seq % 50_000 == 0 {
                all.events_hash("a").unwrap();
            }
        }
        dropping
            .append("a", (1..=count).map(event).collect())
            .unwrap();
        assert!(dropping.read("a", 0, usize::MAX).unwrap().len() <= EVENTS_MAX);
        assert_eq!(all.events_hash("a"), dropping.events_hash("a"));
    }

    #[test]
    fn restarting_goes_on_from_the_hash_given() {
        let store = MemoryStore::default();
        store.append("a", vec![event(1)]).unwrap();
        let hash = store.events_hash("a").unwrap();
        let mut state = State::new(Settings::default(), Clock::REAL);
        state.apply(&event(1));
        store.append("a", vec![event(2)]).unwrap();
        let continued = store.events_hash("a").unwrap();
        store.restart("a", &state, &hash).unwrap();
        assert_eq!(store.events_hash("a").unwrap(), hash);
        store.append("a", vec![event(2)]).unwrap();
        assert_eq!(store.events_hash("a").unwrap(), continued);
    }
}
