//! Journals in a database: a SQLite file, or PostgreSQL by its address. The same SQL serves both.
//!
//! One task, the [`Writer`], owns the only connection that writes. Whoever wants something written
//! puts it into the writer's queue; the writer takes whatever is waiting, of all namespaces, and
//! commits it at once. Reading has connections of its own.

mod checkpoint;
mod database;
mod head;
mod reader;
mod schema;
mod snapshot;
mod statement;
mod writer;

use std::fmt;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use self::database::Database;
use self::head::Head;
use self::reader::Reader;
use self::statement::Change;
use self::writer::Writer;
use super::version::Batch;
use super::{Beginning, EventsHash, Pending, Saved, Store, StoreError};
use crate::kernel::Recorded;

/// What a database says, as an error of the store.
impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::new(error)
    }
}

/// What the writer is asked for.
enum Command {
    /// Write this.
    Write(Write),
    /// How far a namespace has come, after everything before.
    Head {
        namespace: Arc<str>,
        answer: Answer<Option<Head>>,
    },
    /// Stop.
    Close { answer: Answer<()> },
}

/// A change of one namespace.
struct Write {
    namespace: Arc<str>,
    change: Change,
    answer: Answer<()>,
}

type Answer<T> = oneshot::Sender<Result<T, StoreError>>;
/// Where the answer will be, if the writer can still be asked.
type Asked<T> = Result<oneshot::Receiver<Result<T, StoreError>>, StoreError>;

fn closed() -> StoreError {
    StoreError::new("the journal is closed")
}

async fn answered<T>(asked: oneshot::Receiver<Result<T, StoreError>>) -> Result<T, StoreError> {
    asked.await.unwrap_or_else(|_| Err(closed()))
}

fn later<T: Send + 'static>(asked: Asked<T>) -> Pending<T> {
    match asked {
        Ok(asked) => Pending::Later(Box::pin(answered(asked))),
        Err(error) => Pending::Done(Err(error)),
    }
}

/// The way to the writer. It is not bounded by itself: whoever asks waits for the answer, so there
/// are never more commands than requests.
type Queue = mpsc::UnboundedSender<Command>;

/// Journals in a database.
pub struct SqlStore {
    kind: &'static str,
    queue: Queue,
    reader: Reader,
}

impl fmt::Debug for SqlStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqlStore")
            .field("kind", &self.kind)
            .finish()
    }
}

impl SqlStore {
    /// Opens the database of this address, `sqlite:<file>` or `postgres://…`, and makes its tables
    /// if it has none. Needs a runtime.
    ///
    /// # Errors
    /// If the database cannot be opened, is in use by another sandbox, or was written by a newer
    /// version of this program.
    pub async fn open(address: &str) -> Result<Self, StoreError> {
        let database = Database::parse(address)?;
        let kind = database.kind();
        let connection = database.connect().await?;
        let reader = Reader::new(database.pool());
        let (queue, commands) = mpsc::unbounded_channel();
        let writer = Writer::new(database, connection, reader.clone(), queue.downgrade());
        tokio::spawn(writer.run(commands));
        Ok(Self {
            kind,
            queue,
            reader,
        })
    }

    fn write(&self, namespace: &str, change: Change) -> Pending<()> {
        later(self.queue_write(namespace, change))
    }

    fn queue_write(&self, namespace: &str, change: Change) -> Asked<()> {
        let namespace = namespace.into();
        self.ask(|answer| {
            Command::Write(Write {
                namespace,
                change,
                answer,
            })
        })
    }

    fn head(&self, namespace: &str) -> Pending<Option<Head>> {
        let namespace = namespace.into();
        later(self.ask(|answer| Command::Head { namespace, answer }))
    }

    fn ask<T>(&self, command: impl FnOnce(Answer<T>) -> Command) -> Asked<T> {
        let (answer, asked) = oneshot::channel();
        let queued = self.queue.send(command(answer));
        queued.map(|()| asked).map_err(|_| closed())
    }

    fn read_by<T, F>(&self, read: impl FnOnce(Reader) -> F) -> Pending<T>
    where
        F: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        Pending::Later(Box::pin(read(self.reader.clone())))
    }
}

impl Store for SqlStore {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn begin(&self, namespace: &str, beginning: Beginning<'_>) -> Pending<()> {
        match Change::begin(beginning) {
            Ok(change) => self.write(namespace, change),
            Err(error) => Pending::Done(Err(error)),
        }
    }

    fn append(&self, namespace: &str, batch: Vec<Recorded>) -> Pending<()> {
        let Some(batch) = Batch::of(batch).map(Arc::new) else {
            return Pending::Done(Ok(()));
        };
        match self.queue_write(namespace, Change::Append(Arc::clone(&batch))) {
            Ok(asked) => Pending::Later(Box::pin(async move {
                // The writer has enough to do for everybody.
                let _ = batch.lines();
                drop(batch);
                answered(asked).await
            })),
            Err(error) => Pending::Done(Err(error)),
        }
    }

    fn read(&self, namespace: &str, after: u64, limit: usize) -> Pending<Vec<Arc<Recorded>>> {
        let namespace = namespace.to_owned();
        self.read_by(|reader| async move { reader.events(&namespace, after, limit).await })
    }

    fn events_hash(&self, namespace: &str) -> Pending<EventsHash> {
        let head = self.head(namespace);
        Pending::Later(Box::pin(async move {
            Ok(head
                .wait()
                .await?
                .map_or(EventsHash::EMPTY, |head| head.hash))
        }))
    }

    fn load(&self, namespace: &str) -> Pending<Option<Saved>> {
        let namespace = namespace.to_owned();
        // What was written before is safe or lost once the writer answers.
        let head = self.head(&namespace);
        self.read_by(|reader| async move {
            match head.wait().await? {
                Some(_) => reader.load(&namespace).await,
                None => Ok(None),
            }
        })
    }

    fn remove(&self, namespace: &str) -> Pending<()> {
        self.write(namespace, Change::Remove)
    }

    fn names(&self) -> Pending<Vec<String>> {
        self.read_by(|reader| async move { reader.names().await })
    }

    fn close(&self) -> Pending<()> {
        let closed = later(self.ask(|answer| Command::Close { answer }));
        self.read_by(|reader| async move {
            let closed = closed.wait().await;
            reader.close().await;
            closed
        })
    }
}
