//! What is written, as statements both engines understand.

use std::sync::Arc;

use sqlx::{AnyConnection, AssertSqlSafe, Executor};

use crate::store::version::{self, Batch, Batches};
use crate::store::{Beginning, EventsHash, StoreError};

/// The most batches one statement writes.
pub(super) const ROWS_MAX: usize = 64;

/// A change of one namespace.
pub(super) enum Change {
    /// A batch follows.
    Append(Arc<Batch>),
    /// The journal begins.
    Begin {
        /// How the namespace begins, as JSON.
        start: String,
        /// The number of its last event so far.
        seq: u64,
        /// The hash of its events so far.
        hash: EventsHash,
        /// Its state, as a versioned document.
        state: String,
    },
    /// A newer snapshot of a journal that has not begun anew since.
    Snapshot {
        /// The generation of the journal it was made from.
        generation: u64,
        /// The number of its last event.
        seq: u64,
        /// The hash of its events.
        hash: EventsHash,
        /// The state, as a versioned document.
        state: String,
    },
    /// The journal goes.
    Remove,
}

impl Change {
    /// The journal begins like this.
    pub(super) fn begin(beginning: Beginning<'_>) -> Result<Self, StoreError> {
        Ok(Self::Begin {
            start: serde_json::to_string(&beginning.start).map_err(StoreError::new)?,
            seq: beginning.state.seq,
            hash: beginning.events_hash,
            state: version::write_state(beginning.state)?,
        })
    }
}

/// Batches of one namespace that follow each other, or a snapshot, as a row.
pub(super) struct Row<T = String> {
    pub(super) namespace: Arc<str>,
    /// The number of the last event.
    pub(super) seq: u64,
    pub(super) hash: EventsHash,
    pub(super) body: T,
}

impl Row<Batches> {
    /// The row as it is written.
    pub(super) fn end(self) -> Row {
        Row {
            namespace: self.namespace,
            seq: self.seq,
            hash: self.hash,
            body: self.body.end(),
        }
    }
}

/// One thing to execute; one is whole by itself, several need a transaction around them.
pub(super) enum Statement {
    /// Up to [`ROWS_MAX`] batches of any namespaces.
    Batches(Vec<Row>),
    /// Empties a journal.
    Clear(Arc<str>),
    /// Names a namespace and how it begins.
    Name(Arc<str>, String),
    /// Puts a snapshot in the place of an older one.
    Snapshot(Row),
    /// Lets go of batches up to this event.
    Forget(Arc<str>, u64),
}

const CLEAR: &[&str] = &[
    "DELETE FROM amana_batches WHERE namespace = $1",
    "DELETE FROM amana_snapshots WHERE namespace = $1",
    "DELETE FROM amana_namespaces WHERE name = $1",
];
const NAME: &str = "INSERT INTO amana_namespaces (name, start) VALUES ($1, $2)";
const FORGET: &str = "DELETE FROM amana_batches WHERE namespace = $1 AND seq <= $2";
const SNAPSHOT: &str = "INSERT INTO amana_snapshots (namespace, seq, events_hash, body) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (namespace) DO UPDATE SET \
    seq = excluded.seq, events_hash = excluded.events_hash, body = excluded.body \
    WHERE excluded.seq > amana_snapshots.seq";

impl Statement {
    /// About how much it writes.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Batches(rows) => rows.iter().map(|row| row.body.len()).sum(),
            Self::Snapshot(row) => row.body.len(),
            Self::Clear(_) | Self::Name(..) | Self::Forget(..) => 0,
        }
    }

    pub(super) async fn execute(self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        match self {
            Self::Batches(rows) => {
                let mut query = sqlx::query(AssertSqlSafe(insert_batches(rows.len())));
                for row in rows {
                    query = query.bind(row.namespace.to_string()).bind(signed(row.seq)?);
                    query = query.bind(row.hash.to_string()).bind(row.body);
                }
                query.execute(connection).await?;
            }
            Self::Clear(namespace) => {
                for query in CLEAR {
                    let query = sqlx::query(*query).bind(namespace.to_string());
                    query.execute(&mut *connection).await?;
                }
            }
            Self::Name(namespace, start) => {
                let query = sqlx::query(NAME).bind(namespace.to_string()).bind(start);
                query.execute(connection).await?;
            }
            Self::Snapshot(row) => {
                let query = sqlx::query(SNAPSHOT).bind(row.namespace.to_string());
                let query = query.bind(signed(row.seq)?).bind(row.hash.to_string());
                query.bind(row.body).execute(connection).await?;
            }
            Self::Forget(namespace, up_to) => {
                let query = sqlx::query(FORGET).bind(namespace.to_string());
                query.bind(signed(up_to)?).execute(connection).await?;
            }
        }
        Ok(())
    }
}

/// Executes all of them or none.
pub(super) async fn execute(
    statements: Vec<Statement>,
    connection: &mut AnyConnection,
) -> Result<(), StoreError> {
    if let [Statement::Batches(_)] = &statements[..] {
        for statement in statements {
            statement.execute(connection).await?;
        }
        return Ok(());
    }
    connection.execute("BEGIN").await?;
    for statement in statements {
        statement.execute(connection).await?;
    }
    connection.execute("COMMIT").await?;
    Ok(())
}

/// The text depends on nothing but how many there are, so that it is prepared once for each number.
fn insert_batches(count: usize) -> String {
    let rows = (0..count).map(|row| {
        let first = row * 4 + 1;
        format!("(${first}, ${}, ${}, ${})", first + 1, first + 2, first + 3)
    });
    let rows: Vec<_> = rows.collect();
    let columns = "namespace, seq, events_hash, body";
    format!(
        "INSERT INTO amana_batches ({columns}) VALUES {}",
        rows.join(", ")
    )
}

fn signed(seq: u64) -> Result<i64, StoreError> {
    i64::try_from(seq).map_err(StoreError::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_inserted_with_numbered_places() {
        let text = insert_batches(2);
        assert!(
            text.ends_with("VALUES ($1, $2, $3, $4), ($5, $6, $7, $8)"),
            "{text}"
        );
    }
}
