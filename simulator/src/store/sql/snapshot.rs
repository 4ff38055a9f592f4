//! Snapshots, so that a start need not replay everything.
//!
//! A snapshot is made from the journal itself, not from the state in memory: no request waits for
//! it, and nothing can be in it that is not safe. It is made when nobody writes, because it costs as
//! much as what it sums up did; only a journal that is never quiet is not waited for. The newest
//! [`EVENTS_KEPT`](crate::store::EVENTS_KEPT)
//! events stay beside it, for reading.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::head::Head;
use super::reader::Reader;
use super::statement::Change;
use super::{Command, Write};
use crate::store::{StoreError, version};

/// Makes a snapshot of a journal that has come as far as `head`, without anybody waiting.
pub(super) fn take(
    reader: Reader,
    queue: mpsc::WeakUnboundedSender<Command>,
    namespace: Arc<str>,
    head: Head,
) {
    tokio::spawn(async move {
        if let Err(error) = make(&reader, &queue, &namespace, head).await {
            // The next one is tried after as many events again.
            tracing::warn!(namespace = &*namespace, "no snapshot: {error}");
        }
    });
}

async fn make(
    reader: &Reader,
    queue: &mpsc::WeakUnboundedSender<Command>,
    namespace: &Arc<str>,
    head: Head,
) -> Result<(), StoreError> {
    let replayed = reader.replay(namespace).await?;
    let state = replayed.state;
    let seq = state.seq;
    let written = tokio::task::spawn_blocking(move || version::write_state(&state));
    let change = Change::Snapshot {
        generation: head.generation,
        seq,
        hash: replayed.hash,
        state: written.await.map_err(StoreError::new)??,
    };
    let (answer, answered) = oneshot::channel();
    let write = Write {
        namespace: Arc::clone(namespace),
        change,
        answer,
    };
    // Without a queue the store is closing, and nobody needs a snapshot.
    if let Some(queue) = queue.upgrade()
        && queue.send(Command::Write(write)).is_ok()
    {
        return answered.await.unwrap_or(Ok(()));
    }
    Ok(())
}
