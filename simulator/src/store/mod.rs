//! Where the journal is kept: a small trait, so that memory and databases look the same.
//!
//! The journal of a namespace is the state it began with and every event since, in batches: what
//! one call brought about is one batch, and is kept whole or not at all.

mod hash;
mod memory;
#[cfg(feature = "server")]
mod sql;
#[cfg(test)]
#[cfg(feature = "server")]
mod tests;
#[cfg(feature = "server")]
mod version;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

pub use self::hash::EventsHash;
pub use self::memory::MemoryStore;
#[cfg(feature = "server")]
pub use self::sql::SqlStore;
use crate::error::{SandboxCode, SandboxError};
use crate::kernel::{Recorded, Start, State};

/// Events of a namespace that are kept for reading; older ones are let go of now and then, but stay
/// in the state and in the hash.
const EVENTS_KEPT: u64 = 100_000;

/// The journal could not be read or written; the text is for the log, not for callers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError(String);

impl StoreError {
    /// An error that says this.
    pub fn new(what: impl fmt::Display) -> Self {
        Self(what.to_string())
    }

    /// The same error, of this.
    #[must_use]
    pub fn about(self, what: impl fmt::Display) -> Self {
        Self(format!("`{what}`: {}", self.0))
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the journal failed: {}", self.0)
    }
}

impl std::error::Error for StoreError {}

impl From<StoreError> for SandboxError {
    fn from(_: StoreError) -> Self {
        SandboxCode::StoreUnavailable.into()
    }
}

/// What a call to a store ends with.
pub enum Pending<T> {
    /// It has ended.
    Done(Result<T, StoreError>),
    /// It ends later, whether or not somebody waits.
    Later(Later<T>),
}

/// The end of a call that is under way.
pub type Later<T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send>>;

impl<T> Pending<T> {
    /// Waits for the end.
    ///
    /// # Errors
    /// If the call failed.
    pub async fn wait(self) -> Result<T, StoreError> {
        match self {
            Self::Done(result) => result,
            Self::Later(later) => later.await,
        }
    }
}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Done(_) => "Done",
            Self::Later(_) => "Later",
        })
    }
}

/// The state a journal begins with, and what is known of the time before.
#[derive(Debug, Clone, Copy)]
pub struct Beginning<'a> {
    /// How the namespace begins when it is reset.
    pub start: Start,
    /// Its state; events go on from its number.
    pub state: &'a State,
    /// Hash of all events that led to the state.
    pub events_hash: EventsHash,
}

/// What a journal says a namespace is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// How it begins when it is reset.
    pub start: Start,
    /// Its state after its last event.
    pub state: State,
}

/// A journal per namespace.
///
/// The order of the calls is the order in which they take effect, and a call takes effect at its
/// turn even if what it returned is dropped. Writes are safe once they ended well; one that failed
/// has changed nothing, unless the connection to the database broke in its middle: then
/// [`Self::load`] tells.
pub trait Store: Send + Sync + fmt::Debug {
    /// What it is called in `health`: `memory`, `sqlite`, `postgres`.
    fn kind(&self) -> &'static str;

    /// Lets the journal of a namespace begin, or begin anew: what it held before is gone.
    fn begin(&self, namespace: &str, beginning: Beginning<'_>) -> Pending<()>;

    /// Adds a batch. Refused unless the journal has begun and the batch follows its last event, so
    /// that nothing can build on a batch that was lost.
    fn append(&self, namespace: &str, batch: Vec<Recorded>) -> Pending<()>;

    /// Up to `limit` safe events after this number, in order. Stores may have dropped the oldest.
    fn read(&self, namespace: &str, after: u64, limit: usize) -> Pending<Vec<Arc<Recorded>>>;

    /// The hash of all events after the writes before this call.
    fn events_hash(&self, namespace: &str) -> Pending<EventsHash>;

    /// What the journal says after the writes before this call; none if it never began.
    fn load(&self, namespace: &str) -> Pending<Option<Saved>>;

    /// Removes a namespace without trace.
    fn remove(&self, namespace: &str) -> Pending<()>;

    /// The namespaces whose journal has begun, by name.
    fn names(&self) -> Pending<Vec<String>>;

    /// Ends the store in order, after the writes before this call. Nothing works afterwards.
    fn close(&self) -> Pending<()>;
}

/// Opens the store that is named like this: `memory`, `sqlite:<file>` or `postgres://…`.
///
/// # Errors
/// If there is no such store or it cannot be opened. A password in the name is never shown.
#[cfg(feature = "server")]
pub async fn open(name: &str) -> Result<Arc<dyn Store>, StoreError> {
    match name.split_once(':').map_or(name, |(scheme, _)| scheme) {
        "memory" => Ok(Arc::new(MemoryStore::default())),
        "sqlite" | "postgres" | "postgresql" => Ok(Arc::new(SqlStore::open(name).await?)),
        scheme => Err(StoreError::new(format_args!(
            "there is no store `{scheme}`: use `memory`, `sqlite:<file>` or `postgres://…`"
        ))),
    }
}
