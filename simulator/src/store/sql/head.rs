//! How far each journal has come: what the next batch must follow.

use std::collections::BTreeMap;
use std::sync::Arc;

use sqlx::{AnyConnection, Row};

use crate::store::{EventsHash, StoreError};

/// Events from one snapshot to the next: few enough that replaying them takes no time anybody would
/// notice, many enough that writing states costs little beside writing events.
pub(super) const SNAPSHOT_EVERY: u64 = 10_000;

/// The end of a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// The number of its last event.
    pub(super) seq: u64,
    /// The hash of all its events.
    pub(super) hash: EventsHash,
    /// Changes whenever the journal begins anew, as long as this process knows it.
    pub(super) generation: u64,
    /// From which event on the next snapshot is wanted.
    pub(super) snapshot_at: u64,
}

/// The journals this process has written to or asked about since it last lost track.
#[derive(Debug, Default)]
pub(super) struct Heads {
    /// None where it is known that there is no journal.
    known: BTreeMap<Arc<str>, Option<Head>>,
    generations: u64,
}

impl Heads {
    /// The end of a journal, from the tables if it is not known; none if it has not begun.
    pub(super) async fn get(
        &mut self,
        connection: &mut AnyConnection,
        namespace: &Arc<str>,
    ) -> Result<Option<Head>, StoreError> {
        if let Some(head) = self.known.get(namespace) {
            return Ok(*head);
        }
        let Some((base, mut hash)) = end(connection, SNAPSHOT, namespace).await? else {
            return Ok(None);
        };
        let mut seq = base;
        if let Some((last, last_hash)) = end(connection, LAST_BATCH, namespace).await?
            && last > base
        {
            (seq, hash) = (last, last_hash);
        }
        let head = Head {
            seq,
            hash,
            generation: self.next_generation(),
            snapshot_at: base + SNAPSHOT_EVERY,
        };
        self.set(namespace, head);
        Ok(Some(head))
    }

    /// Where a journal that begins now ends.
    pub(super) fn begin(&mut self, namespace: &Arc<str>, seq: u64, hash: EventsHash) {
        let head = Head {
            seq,
            hash,
            generation: self.next_generation(),
            snapshot_at: seq + SNAPSHOT_EVERY,
        };
        self.set(namespace, head);
    }

    pub(super) fn set(&mut self, namespace: &Arc<str>, head: Head) {
        self.known.insert(Arc::clone(namespace), Some(head));
    }

    /// There is no such journal any more.
    pub(super) fn remove(&mut self, namespace: &Arc<str>) {
        self.known.insert(Arc::clone(namespace), None);
    }

    /// Forgets the journals that are removed, once the tables say so too.
    pub(super) fn forget_removed(&mut self) {
        self.known.retain(|_, head| head.is_some());
    }

    /// Forgets a journal, because nobody knows where it ends.
    pub(super) fn forget(&mut self, namespace: &Arc<str>) {
        self.known.remove(namespace);
    }

    const fn next_generation(&mut self) -> u64 {
        self.generations += 1;
        self.generations
    }
}

const SNAPSHOT: &str = "SELECT seq, events_hash FROM amana_snapshots WHERE namespace = $1";
const LAST_BATCH: &str = "SELECT seq, events_hash FROM amana_batches \
    WHERE namespace = $1 ORDER BY seq DESC LIMIT 1";

async fn end(
    connection: &mut AnyConnection,
    query: &'static str,
    namespace: &str,
) -> Result<Option<(u64, EventsHash)>, StoreError> {
    let query = sqlx::query(query).bind(namespace.to_owned());
    let Some(row) = query.fetch_optional(connection).await? else {
        return Ok(None);
    };
    let seq = u64::try_from(row.try_get::<i64, _>(0)?).map_err(StoreError::new)?;
    Ok(Some((seq, row.try_get::<String, _>(1)?.parse()?)))
}
