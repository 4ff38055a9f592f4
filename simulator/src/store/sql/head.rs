//! How far each journal has come: what the next batch must follow.

use std::collections::BTreeMap;
use std::sync::Arc;

use sqlx::{AnyConnection, Row};

use crate::store::{EventsHash, StoreError};

/// The least events from one snapshot to the next: few enough that replaying them takes no time
/// anybody would notice.
const SNAPSHOT_EVERY: u64 = 10_000;
/// How many events later a snapshot waits no longer for a quiet moment: few enough that a start
/// replays them in seconds.
const SNAPSHOT_OVERDUE: u64 = 1_000_000;
/// A large state is written more seldom, so that writing states costs little beside writing events:
/// once for as many events as it has this many bytes.
const SNAPSHOT_BYTES_PER_EVENT: u64 = 256;

/// Events from a snapshot of so many bytes to the next.
fn interval(bytes: u64) -> u64 {
    SNAPSHOT_EVERY.max(bytes / SNAPSHOT_BYTES_PER_EVENT)
}

/// The end of a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// The number of its last event.
    pub(super) seq: u64,
    /// The hash of all its events.
    pub(super) hash: EventsHash,
    /// Changes whenever the journal begins anew, as long as this process knows it.
    pub(super) generation: u64,
    /// From which event on the next snapshot is wanted, and how many later the one after that.
    pub(super) snapshot_at: u64,
    pub(super) interval: u64,
}

impl Head {
    /// Whether a snapshot is due as soon as nobody writes.
    pub(super) const fn is_snapshot_due(&self) -> bool {
        self.seq >= self.snapshot_at
    }

    /// Whether a snapshot is due even though somebody writes.
    pub(super) const fn is_snapshot_overdue(&self) -> bool {
        self.seq >= self.snapshot_at.saturating_add(SNAPSHOT_OVERDUE)
    }
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
        let Some(snapshot) = end(connection, SNAPSHOT, namespace).await? else {
            return Ok(None);
        };
        let last = end(connection, LAST_BATCH, namespace).await?;
        let last = last.filter(|last| last.seq > snapshot.seq);
        let interval = interval(snapshot.bytes);
        let End { seq, hash, .. } = *last.as_ref().unwrap_or(&snapshot);
        let head = Head {
            seq,
            hash,
            generation: self.next_generation(),
            snapshot_at: snapshot.seq + interval,
            interval,
        };
        self.set(namespace, head);
        Ok(Some(head))
    }

    /// Where a journal that begins now ends, with a state of so many bytes.
    pub(super) fn begin(
        &mut self,
        namespace: &Arc<str>,
        (seq, hash): (u64, EventsHash),
        bytes: u64,
    ) {
        let head = Head {
            seq,
            hash,
            generation: self.next_generation(),
            snapshot_at: seq + interval(bytes),
            interval: interval(bytes),
        };
        self.set(namespace, head);
    }

    /// Whether a snapshot of this journal is due even though somebody writes.
    pub(super) fn is_snapshot_overdue(&self, namespace: &Arc<str>) -> bool {
        let head = self.known.get(namespace).copied().flatten();
        head.is_some_and(|head| head.is_snapshot_overdue())
    }

    /// Where a journal ends of which a snapshot is due; the next one is due later.
    pub(super) fn take_snapshot(&mut self, namespace: &Arc<str>) -> Option<Head> {
        let head = self.known.get_mut(namespace)?.as_mut()?;
        if !head.is_snapshot_due() {
            return None;
        }
        head.snapshot_at = head.seq + head.interval;
        Some(*head)
    }

    /// A snapshot of so many bytes was made of this journal.
    pub(super) fn snapshot(&mut self, namespace: &Arc<str>, seq: u64, bytes: u64) {
        if let Some(Some(head)) = self.known.get_mut(namespace) {
            head.interval = interval(bytes);
            head.snapshot_at = head.snapshot_at.max(seq + head.interval);
        }
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

const SNAPSHOT: &str = "SELECT seq, events_hash, CAST(LENGTH(body) AS BIGINT) \
    FROM amana_snapshots WHERE namespace = $1";
const LAST_BATCH: &str = "SELECT seq, events_hash, CAST(LENGTH(body) AS BIGINT) \
    FROM amana_batches \
    WHERE namespace = $1 ORDER BY seq DESC LIMIT 1";

/// What one of the tables knows last.
struct End {
    seq: u64,
    hash: EventsHash,
    bytes: u64,
}

async fn end(
    connection: &mut AnyConnection,
    query: &'static str,
    namespace: &str,
) -> Result<Option<End>, StoreError> {
    let query = sqlx::query(query).bind(namespace.to_owned());
    let Some(row) = query.fetch_optional(connection).await? else {
        return Ok(None);
    };
    let unsigned = |number: i64| u64::try_from(number).map_err(StoreError::new);
    Ok(Some(End {
        seq: unsigned(row.try_get(0)?)?,
        hash: row.try_get::<String, _>(1)?.parse()?,
        bytes: unsigned(row.try_get(2)?)?,
    }))
}
