//! The one who writes.
//!
//! While one group is being committed the next one gathers in the queue, so that many requests
//! share one transaction and one wait for the disk, and a single request waits for nobody.

use std::sync::Arc;

use sqlx::{AnyConnection, Connection, Executor};
use tokio::sync::mpsc;

use super::database::{Database, PATIENCE};
use super::head::{Head, Heads};
use super::reader::Reader;
use super::statement::{self, Change, ROWS_MAX, Row, Statement};
use super::{Command, Write, snapshot};
use crate::store::{EVENTS_KEPT, StoreError, version};

/// The most changes of one transaction.
const GROUP_MAX: usize = 256;

pub(super) struct Writer {
    database: Database,
    /// None while the database cannot be reached.
    connection: Option<AnyConnection>,
    heads: Heads,
    reader: Reader,
    queue: mpsc::WeakUnboundedSender<Command>,
}

/// A group of changes, worked out.
#[derive(Default)]
struct Plan {
    statements: Vec<Statement>,
    /// For each change, whether it is part of the statements or refused.
    verdicts: Vec<Result<(), StoreError>>,
    /// Journals whose next snapshot is due.
    snapshots: Vec<(Arc<str>, Head)>,
}

impl Writer {
    pub(super) fn new(
        database: Database,
        connection: AnyConnection,
        reader: Reader,
        queue: mpsc::WeakUnboundedSender<Command>,
    ) -> Self {
        Self {
            database,
            connection: Some(connection),
            heads: Heads::default(),
            reader,
            queue,
        }
    }

    /// Writes until the store is closed or dropped.
    pub(super) async fn run(mut self, mut commands: mpsc::UnboundedReceiver<Command>) {
        let mut received = Vec::new();
        let mut group = Vec::new();
        while commands.recv_many(&mut received, GROUP_MAX).await > 0 {
            for command in received.drain(..) {
                match command {
                    Command::Write(write) => group.push(write),
                    // Who asks something asks about the time after everything before.
                    Command::Head { namespace, answer } => {
                        self.write(std::mem::take(&mut group)).await;
                        // Whoever does not wait any more need not know.
                        let _ = answer.send(self.head(&namespace).await);
                    }
                    Command::Close { answer } => {
                        self.write(std::mem::take(&mut group)).await;
                        let _ = answer.send(self.close().await);
                        return;
                    }
                }
            }
            self.write(std::mem::take(&mut group)).await;
        }
    }

    /// Writes a group. If that fails with a working connection, each change is tried alone, so that
    /// one namespace's trouble is not another's.
    async fn write(&mut self, group: Vec<Write>) {
        if group.is_empty() {
            return;
        }
        match self.write_at_once(&group).await {
            Ok(verdicts) => answer(group, verdicts),
            Err(error) if group.len() == 1 || self.connection.is_none() => {
                let verdicts = vec![Err(error); group.len()];
                answer(group, verdicts);
            }
            Err(_) => {
                for write in group {
                    let alone = std::slice::from_ref(&write);
                    let verdicts = self.write_at_once(alone).await;
                    answer(
                        vec![write],
                        verdicts.unwrap_or_else(|error| vec![Err(error)]),
                    );
                }
            }
        }
    }

    async fn write_at_once(
        &mut self,
        group: &[Write],
    ) -> Result<Vec<Result<(), StoreError>>, StoreError> {
        let written = tokio::time::timeout(PATIENCE, self.try_write(group)).await;
        let late = || StoreError::new("the database did not answer in time");
        match written.unwrap_or_else(|_| Err(late())) {
            Ok(verdicts) => Ok(verdicts),
            Err(error) => {
                self.lose_track(group).await;
                Err(error)
            }
        }
    }

    async fn try_write(
        &mut self,
        group: &[Write],
    ) -> Result<Vec<Result<(), StoreError>>, StoreError> {
        let connection = connected(&self.database, &mut self.connection).await?;
        let plan = Plan::of(group, &mut self.heads, connection).await?;
        if !plan.statements.is_empty() {
            statement::execute(plan.statements, connection).await?;
        }
        self.heads.forget_removed();
        for (namespace, head) in plan.snapshots {
            let queue = self.queue.clone();
            snapshot::take(self.reader.clone(), queue, namespace, head);
        }
        Ok(plan.verdicts)
    }

    /// After a failure the tables alone say how far the journals have come, and if the connection
    /// is broken another one is made for the next group.
    async fn lose_track(&mut self, group: &[Write]) {
        for write in group {
            self.heads.forget(&write.namespace);
        }
        let Some(mut connection) = self.connection.take() else {
            return;
        };
        let usable = async {
            // Says that there is no transaction, if it was not in one.
            let _ = connection.execute("ROLLBACK").await;
            connection.ping().await
        };
        if let Ok(Ok(())) = tokio::time::timeout(PATIENCE, usable).await {
            self.connection = Some(connection);
        }
    }

    async fn head(&mut self, namespace: &Arc<str>) -> Result<Option<Head>, StoreError> {
        let connection = connected(&self.database, &mut self.connection).await?;
        let head = self.heads.get(connection, namespace).await;
        if head.is_err() {
            self.lose_track(&[]).await;
        }
        head
    }

    async fn close(&mut self) -> Result<(), StoreError> {
        match self.connection.take() {
            Some(connection) => Ok(connection.close().await?),
            None => Ok(()),
        }
    }
}

/// Free of the writer itself, so that its other parts can be used beside the connection.
async fn connected<'a>(
    database: &Database,
    connection: &'a mut Option<AnyConnection>,
) -> Result<&'a mut AnyConnection, StoreError> {
    if connection.is_none() {
        *connection = Some(database.connect().await?);
    }
    connection
        .as_mut()
        .ok_or_else(|| StoreError::new("there is no connection"))
}

fn answer(group: Vec<Write>, verdicts: Vec<Result<(), StoreError>>) {
    for (write, verdict) in group.into_iter().zip(verdicts) {
        // Whoever does not wait any more need not know.
        let _ = write.answer.send(verdict);
    }
}

impl Plan {
    async fn of(
        group: &[Write],
        heads: &mut Heads,
        connection: &mut AnyConnection,
    ) -> Result<Self, StoreError> {
        let mut plan = Self::default();
        for Write {
            namespace, change, ..
        } in group
        {
            let head = heads.get(connection, namespace).await?;
            let verdict = plan.add(namespace, change, head, heads)?;
            plan.verdicts.push(verdict);
        }
        Ok(plan)
    }

    /// Adds one change, or refuses it.
    fn add(
        &mut self,
        namespace: &Arc<str>,
        change: &Change,
        head: Option<Head>,
        heads: &mut Heads,
    ) -> Result<Result<(), StoreError>, StoreError> {
        match change {
            Change::Append(batch) => {
                let Some(head) = head else {
                    return Ok(Err(StoreError::new("the journal has not begun")));
                };
                let (Some(first), Some(last)) = (batch.first(), batch.last()) else {
                    return Ok(Ok(()));
                };
                if first.seq != head.seq + 1 {
                    let why = "the batch does not follow the last event";
                    return Ok(Err(StoreError::new(why)));
                }
                let mut next = Head {
                    seq: last.seq,
                    ..head
                };
                let body = version::write_batch(batch, &mut next.hash)?;
                self.add_row(Row {
                    namespace: Arc::clone(namespace),
                    seq: next.seq,
                    hash: next.hash,
                    body,
                });
                if next.take_snapshot() {
                    self.snapshots.push((Arc::clone(namespace), next));
                }
                heads.set(namespace, next);
            }
            Change::Begin {
                start,
                seq,
                hash,
                state,
            } => {
                self.statements
                    .push(Statement::Clear(Arc::clone(namespace)));
                let named = Statement::Name(Arc::clone(namespace), start.clone());
                self.statements.push(named);
                self.add_snapshot(namespace, (*seq, *hash), state);
                heads.begin(namespace, (*seq, *hash), state.len() as u64);
            }
            Change::Snapshot {
                generation,
                seq,
                hash,
                state,
            } => {
                if head.is_none_or(|head| head.generation != *generation) {
                    return Ok(Err(StoreError::new("the journal has begun anew")));
                }
                self.add_snapshot(namespace, (*seq, *hash), state);
                heads.snapshot(namespace, *seq, state.len() as u64);
                // A start needs nothing from before the snapshot.
                let old = seq.checked_sub(EVENTS_KEPT).filter(|old| *old > 0);
                let forget = old.map(|old| Statement::Forget(Arc::clone(namespace), old));
                self.statements.extend(forget);
            }
            Change::Remove => {
                self.statements
                    .push(Statement::Clear(Arc::clone(namespace)));
                heads.remove(namespace);
            }
        }
        Ok(Ok(()))
    }

    fn add_row(&mut self, row: Row) {
        match self.statements.last_mut() {
            Some(Statement::Batches(rows)) if rows.len() < ROWS_MAX => rows.push(row),
            Some(_) | None => self.statements.push(Statement::Batches(vec![row])),
        }
    }

    fn add_snapshot(
        &mut self,
        namespace: &Arc<str>,
        (seq, hash): (u64, crate::store::EventsHash),
        state: &str,
    ) {
        self.statements.push(Statement::Snapshot(Row {
            namespace: Arc::clone(namespace),
            seq,
            hash,
            body: state.to_owned(),
        }));
    }
}
