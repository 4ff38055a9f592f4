//! `GET /_amana/events/stream`: the log as server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use tokio::sync::watch;

use crate::app::App;
use crate::error::SandboxError;
use crate::host::{Namespace, Progress};
use crate::http::namespace::In;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::kernel::Recorded;

/// Events read from the journal in one go.
const CHUNK: usize = 200;

/// A reader of the log that waits at its end for more.
pub(super) struct Cursor {
    namespace: Arc<Namespace>,
    progress: watch::Receiver<Progress>,
    epoch: u64,
    after: u64,
    missed: u64,
    read: VecDeque<Arc<Recorded>>,
}

impl Cursor {
    /// Reads from after this event; from the end if none is given.
    pub(super) fn new(namespace: Arc<Namespace>, after: Option<u64>) -> Self {
        let progress = namespace.progress();
        let Progress { epoch, seq, .. } = *progress.borrow();
        Self {
            namespace,
            progress,
            epoch,
            after: after.unwrap_or(seq),
            missed: 0,
            read: VecDeque::new(),
        }
    }

    /// The next event, whenever it comes; none when the namespace is gone.
    pub(super) async fn next(&mut self) -> Result<Option<Arc<Recorded>>, SandboxError> {
        loop {
            if let Some(event) = self.read.pop_front() {
                self.after = event.seq;
                return Ok(Some(event));
            }
            let Progress {
                epoch, base, seq, ..
            } = *self.progress.borrow_and_update();
            if epoch != self.epoch {
                // The namespace was reset or restored: its log goes on from there.
                self.epoch = epoch;
                self.after = base;
            }
            if self.after < seq {
                self.read
                    .extend(self.namespace.events(self.after, CHUNK).await?);
                if let Some(first) = self.read.front() {
                    self.missed = first.seq.saturating_sub(self.after + 1);
                }
                if !self.read.is_empty() {
                    continue;
                }
            }
            if self.progress.changed().await.is_err() {
                return Ok(None);
            }
        }
    }
}

fn number(id: &HeaderValue) -> Result<u64, SandboxError> {
    let number = id.to_str().ok().and_then(|text| text.trim().parse().ok());
    number.ok_or_else(|| SandboxError::invalid("/last-event-id", "the last event id is a number"))
}

/// The log from now on, or from after `Last-Event-ID` (or `?since=`).
pub async fn stream(
    State(app): State<App>,
    In(namespace): In,
    headers: HeaderMap,
    mut query: Query,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let since = query.take("since")?;
    query.finish()?;
    let after = match headers.get("last-event-id") {
        Some(id) => Some(number(id)?),
        None => since,
    };
    let cursor = Cursor::new(namespace, after);
    let events = stream::unfold((app, cursor), |(app, mut cursor)| async move {
        let next = tokio::select! {
            next = cursor.next() => next.ok().flatten(),
            () = app.closed() => None,
        };
        let view = next?.view();
        let mut event = Event::default().id(view.seq.to_string()).event(view.kind);
        let missed = std::mem::take(&mut cursor.missed);
        if missed > 0 {
            event = event.comment(format!(
                "{missed} events before this one are no longer kept"
            ));
        }
        let event = event.data(serde_json::to_string(&view).unwrap_or_default());
        Some((Ok(event), (app, cursor)))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}
