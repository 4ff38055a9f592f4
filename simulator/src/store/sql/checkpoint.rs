//! Moving what is committed from SQLite's log into its file, beside the commits: whoever waits for
//! one does not wait for that.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::database::Database;
use super::reader::Reader;

/// After how many written bytes the next one begins.
const EVERY: usize = 16 * 1024 * 1024;

/// The checkpoints of a SQLite file.
pub(super) struct Checkpoints {
    reader: Reader,
    written: usize,
    under_way: Arc<AtomicBool>,
}

impl Checkpoints {
    /// Of this database; none if it looks after itself.
    pub(super) fn of(database: &Database, reader: &Reader) -> Option<Self> {
        database.has_log().then(|| Self {
            reader: reader.clone(),
            written: 0,
            under_way: Arc::default(),
        })
    }

    /// So many bytes were committed.
    pub(super) fn wrote(&mut self, bytes: usize) {
        self.written = self.written.saturating_add(bytes);
        if self.written < EVERY || self.under_way.swap(true, Ordering::AcqRel) {
            return;
        }
        self.written = 0;
        let (reader, under_way) = (self.reader.clone(), Arc::clone(&self.under_way));
        tokio::spawn(async move {
            if let Err(error) = reader.checkpoint().await {
                // The next one moves more.
                tracing::debug!("no checkpoint: {error}");
            }
            under_way.store(false, Ordering::Release);
        });
    }
}
