//! The one who writes.
//!
//! While one group is being committed the next one gathers in the queue, so that many requests
//! share one transaction and one wait for the disk, and a single request waits for nobody.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use sqlx::{AnyConnection, Connection, Executor};
use tokio::sync::mpsc;

use super::checkpoint::Checkpoints;
use super::database::{Database, PATIENCE};
use super::head::{Head, Heads};
use super::reader::Reader;
use super::statement::{self, Change, ROWS_MAX, Row, Statement};
use super::{Command, Write, snapshot};
use crate::store::version::{Batches, Lines};
use crate::store::{EVENTS_KEPT, StoreError};

/// The most changes of one transaction.
const GROUP_MAX: usize = 256;
/// From how many bytes on a row takes no further batch.
const ROW_BYTES: usize = 1024 * 1024;
/// How long nobody must have written for the moment to count as quiet.
const QUIET: Duration = Duration::from_secs(1);

pub(super) struct Writer {
    database: Database,
    /// None while the database cannot be reached.
    connection: Option<AnyConnection>,
    heads: Heads,
    reader: Reader,
    checkpoints: Option<Checkpoints>,
    queue: mpsc::WeakUnboundedSender<Command>,
    /// Journals whose next snapshot waits for a quiet moment.
    due: BTreeSet<Arc<str>>,
}

/// A group of changes, worked out.
#[derive(Default)]
struct Plan {
    statements: Vec<Statement>,
    /// Batches after them.
    rows: Vec<Row<Batches>>,
    /// For each change, whether it is part of the statements or refused.
    verdicts: Vec<Result<(), StoreError>>,
    /// Journals whose next snapshot is due.
    due: BTreeSet<Arc<str>>,
}

impl Writer {
    pub(super) fn new(
        database: Database,
        connection: AnyConnection,
        reader: Reader,
        queue: mpsc::WeakUnboundedSender<Command>,
    ) -> Self {
        Self {
            checkpoints: Checkpoints::of(&database, &reader),
            database,
            connection: Some(connection),
            heads: Heads::default(),
            reader,
            queue,
            due: BTreeSet::new(),
        }
    }

    /// Writes until the store is closed or dropped.
    pub(super) async fn run(mut self, mut commands: mpsc::UnboundedReceiver<Command>) {
        let mut received = Vec::new();
        let mut group = Vec::new();
        while self.next(&mut commands, &mut received).await > 0 {
            // Whoever is about to ask for something may join the group.
            tokio::task::yield_now().await;
            while received.len() < GROUP_MAX
                && let Ok(command) = commands.try_recv()
            {
                received.push(command);
            }
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

    /// Waits for commands, and meanwhile takes the snapshots that wait for a quiet moment; answers
    /// how many came, which is none once nobody can ask any more.
    async fn next(
        &mut self,
        commands: &mut mpsc::UnboundedReceiver<Command>,
        received: &mut Vec<Command>,
    ) -> usize {
        if !self.due.is_empty() {
            let next = commands.recv_many(received, GROUP_MAX);
            if let Ok(count) = tokio::time::timeout(QUIET, next).await {
                return count;
            }
            for namespace in std::mem::take(&mut self.due) {
                self.take_snapshot(namespace);
            }
        }
        commands.recv_many(received, GROUP_MAX).await
    }

    fn take_snapshot(&mut self, namespace: Arc<str>) {
        if let Some(head) = self.heads.take_snapshot(&namespace) {
            let queue = self.queue.clone();
            snapshot::take(self.reader.clone(), queue, namespace, head);
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
            let bytes = plan.statements.iter().map(Statement::bytes).sum();
            statement::execute(plan.statements, connection).await?;
            if let Some(checkpoints) = &mut self.checkpoints {
                checkpoints.wrote(bytes);
            }
        }
        self.heads.forget_removed();
        for namespace in plan.due {
            if self.heads.is_snapshot_overdue(&namespace) {
                self.take_snapshot(namespace);
            } else {
                self.due.insert(namespace);
            }
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
            let verdict = plan.change(namespace, change, head, heads)?;
            plan.verdicts.push(verdict);
        }
        plan.end_rows();
        Ok(plan)
    }

    /// Adds one change, or refuses it.
    fn change(
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
                if batch.first != head.seq + 1 {
                    let why = "the batch does not follow the last event";
                    return Ok(Err(StoreError::new(why)));
                }
                let lines = batch.lines().as_ref().map_err(StoreError::clone)?;
                let mut next = Head {
                    seq: batch.last,
                    ..head
                };
                lines.add_to(&mut next.hash);
                self.add_batch(namespace, lines, next);
                if next.is_snapshot_due() {
                    self.due.insert(Arc::clone(namespace));
                }
                heads.set(namespace, next);
            }
            Change::Begin {
                start,
                seq,
                hash,
                state,
            } => {
                self.add(Statement::Clear(Arc::clone(namespace)));
                self.add(Statement::Name(Arc::clone(namespace), start.clone()));
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
                if let Some(old) = old {
                    self.add(Statement::Forget(Arc::clone(namespace), old));
                }
            }
            Change::Remove => {
                self.add(Statement::Clear(Arc::clone(namespace)));
                heads.remove(namespace);
            }
        }
        Ok(Ok(()))
    }

    /// Adds a batch, to the row of the batch before it if that is of this group too: they are
    /// committed together anyway, and one row costs less than many.
    fn add_batch(&mut self, namespace: &Arc<str>, lines: &Lines, next: Head) {
        let open =
            |row: &&mut Row<Batches>| row.namespace == *namespace && row.body.len() < ROW_BYTES;
        if let Some(row) = self.rows.iter_mut().rev().find(open) {
            row.body.add(lines);
            (row.seq, row.hash) = (next.seq, next.hash);
            return;
        }
        if self.rows.len() == ROWS_MAX {
            self.end_rows();
        }
        self.rows.push(Row {
            namespace: Arc::clone(namespace),
            seq: next.seq,
            hash: next.hash,
            body: Batches::of(lines),
        });
    }

    /// Adds a statement, behind the batches so far.
    fn add(&mut self, statement: Statement) {
        self.end_rows();
        self.statements.push(statement);
    }

    fn end_rows(&mut self) {
        if !self.rows.is_empty() {
            let rows = std::mem::take(&mut self.rows).into_iter().map(Row::end);
            self.statements.push(Statement::Batches(rows.collect()));
        }
    }

    fn add_snapshot(
        &mut self,
        namespace: &Arc<str>,
        (seq, hash): (u64, crate::store::EventsHash),
        state: &str,
    ) {
        self.add(Statement::Snapshot(Row {
            namespace: Arc::clone(namespace),
            seq,
            hash,
            body: state.to_owned(),
        }));
    }
}
