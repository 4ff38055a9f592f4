//! Where the journal is kept: a small trait, so that memory and databases look the same.

mod memory;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

pub use self::memory::MemoryStore;
use crate::error::{SandboxCode, SandboxError};
use crate::kernel::{Recorded, State};

/// The journal could not be read or written; the text is for the log, not for callers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError(pub String);

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

/// A promise that a batch will be safe.
pub enum Commit {
    /// It is safe already.
    Done,
    /// It is safe, or lost, when this ends. Nothing may be answered before.
    Pending(Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send>>),
}

impl fmt::Debug for Commit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Done => "Done",
            Self::Pending(_) => "Pending",
        })
    }
}

/// A journal per namespace.
///
/// Batches of one namespace are handed over in order, under its lock, and become safe in that order.
pub trait Store: Send + Sync + fmt::Debug {
    /// What it is called in `health`: `memory`.
    fn kind(&self) -> &'static str;

    /// Takes over a batch; it is readable at once and safe when the commit is done.
    ///
    /// # Errors
    /// If the batch is certainly not kept.
    fn append(&self, namespace: &str, batch: Vec<Recorded>) -> Result<Commit, StoreError>;

    /// Up to `limit` events after this number, in order. Stores may have dropped the oldest ones.
    ///
    /// # Errors
    /// If the journal cannot be read.
    fn read(
        &self,
        namespace: &str,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Arc<Recorded>>, StoreError>;

    /// The hash of all events so far, in hexadecimal: each event's line, chained by SHA-256.
    ///
    /// # Errors
    /// If the journal cannot be read.
    fn events_hash(&self, namespace: &str) -> Result<String, StoreError>;

    /// What the journal says the namespace is; none if it was never written to, or if the store
    /// outlives nothing anyway.
    ///
    /// # Errors
    /// If the journal cannot be read.
    fn load(&self, namespace: &str) -> Result<Option<State>, StoreError>;

    /// Lets the journal begin anew with this state, whose events so far have this hash.
    ///
    /// # Errors
    /// If the journal cannot be written; it is as before then.
    fn restart(&self, namespace: &str, state: &State, events_hash: &str) -> Result<(), StoreError>;

    /// Removes a namespace without trace.
    ///
    /// # Errors
    /// If the journal cannot be written.
    fn remove(&self, namespace: &str) -> Result<(), StoreError>;

    /// The namespaces it holds, besides those in memory.
    ///
    /// # Errors
    /// If the journal cannot be read.
    fn names(&self) -> Result<Vec<String>, StoreError>;
}

/// The hash of no events.
pub const EMPTY_HASH: [u8; 32] = [0; 32];
