//! Reading journals.

use std::sync::Arc;

use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row};

use crate::kernel::{Recorded, Start, State};
use crate::store::{EventsHash, Saved, StoreError, version};

/// Batches read in one go.
const CHUNK: i64 = 64;

const BATCHES: &str = "SELECT seq, events_hash, body FROM amana_batches \
    WHERE namespace = $1 AND seq > $2 ORDER BY seq LIMIT $3";

/// Reads journals; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    pool: AnyPool,
}

/// The state after an event, and the hash of all events so far.
pub(super) struct Replayed {
    pub(super) state: State,
    pub(super) hash: EventsHash,
}

/// A row of the batches.
struct Batch {
    seq: u64,
    hash: EventsHash,
    body: String,
}

impl Batch {
    fn read(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            seq: u64::try_from(row.try_get::<i64, _>(0)?).map_err(StoreError::new)?,
            hash: row.try_get::<String, _>(1)?.parse()?,
            body: row.try_get(2)?,
        })
    }
}

/// Applies a batch, and checks that it is the one that was written there.
fn apply(batch: &Batch, state: &mut State, hash: &mut EventsHash) -> Result<(), StoreError> {
    let events = version::replay_batch(&batch.body, hash)?;
    if *hash != batch.hash {
        return Err(StoreError::new("its hash is another one"));
    }
    for event in &events {
        if event.seq != state.seq + 1 {
            return Err(StoreError::new(format_args!(
                "after event {} comes {}",
                state.seq, event.seq
            )));
        }
        state.apply(event);
    }
    match state.seq == batch.seq {
        true => Ok(()),
        false => Err(StoreError::new("it ends with another event")),
    }
}

impl Reader {
    pub(super) const fn new(pool: AnyPool) -> Self {
        Self { pool }
    }

    /// Up to `limit` events after this number.
    pub(super) async fn events(
        &self,
        namespace: &str,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Arc<Recorded>>, StoreError> {
        let mut events = Vec::new();
        let mut read_to = after;
        while events.len() < limit {
            let batches = self.batches(namespace, read_to).await?;
            let Some(last) = batches.last() else {
                break;
            };
            read_to = last.seq;
            for batch in &batches {
                // The first batch may begin before.
                let batch = version::read_batch(&batch.body)?.into_iter();
                events.extend(batch.filter(|event| event.seq > after).map(Arc::new));
            }
        }
        events.truncate(limit);
        Ok(events)
    }

    async fn batches(&self, namespace: &str, after: u64) -> Result<Vec<Batch>, StoreError> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let query = sqlx::query(BATCHES).bind(namespace.to_owned());
        let rows = query.bind(after).bind(CHUNK).fetch_all(&self.pool).await?;
        rows.iter().map(Batch::read).collect()
    }

    /// What the journal says; none if it has not begun.
    pub(super) async fn load(&self, namespace: &str) -> Result<Option<Saved>, StoreError> {
        let query = sqlx::query("SELECT start FROM amana_namespaces WHERE name = $1");
        let query = query.bind(namespace.to_owned());
        let Some(row) = query.fetch_optional(&self.pool).await? else {
            return Ok(None);
        };
        let start: Start = serde_json::from_str(row.try_get(0)?).map_err(StoreError::new)?;
        let Replayed { state, .. } = self.replay(namespace).await?;
        Ok(Some(Saved { start, state }))
    }

    /// The newest snapshot and everything since.
    pub(super) async fn replay(&self, namespace: &str) -> Result<Replayed, StoreError> {
        let query = "SELECT body, events_hash FROM amana_snapshots WHERE namespace = $1";
        let query = sqlx::query(query).bind(namespace.to_owned());
        let row = query.fetch_one(&self.pool).await?;
        let mut state = version::read_state(row.try_get(0)?)?;
        let mut hash: EventsHash = row.try_get::<String, _>(1)?.parse()?;
        loop {
            let batches = self.batches(namespace, state.seq).await?;
            if batches.is_empty() {
                return Ok(Replayed { state, hash });
            }
            for batch in &batches {
                apply(batch, &mut state, &mut hash).map_err(|error| {
                    StoreError::new(format_args!(
                        "batch {} of `{namespace}` is damaged: {error}",
                        batch.seq
                    ))
                })?;
            }
        }
    }

    /// All journals that have begun, by name.
    pub(super) async fn names(&self) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query("SELECT name FROM amana_namespaces")
            .fetch_all(&self.pool)
            .await?;
        let names = rows.iter().map(|row| row.try_get(0));
        let mut names: Vec<String> = names.collect::<Result<_, _>>()?;
        // Databases order texts each in their own way.
        names.sort();
        Ok(names)
    }

    /// Moves what is in SQLite's log into its file as far as nobody stands in the way.
    pub(super) async fn checkpoint(&self) -> Result<(), StoreError> {
        let checkpoint = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)");
        checkpoint.execute(&self.pool).await?;
        Ok(())
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}
