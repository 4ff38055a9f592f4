//! Between memory and the journal: nothing is answered before what it rests on is safe, and when
//! the journal refuses, memory goes back to what the journal says.
//!
//! Memory is ahead of the journal while a write is under way, so that others need not wait for it.
//! Each write has a number, its ticket; whoever looked at the sandbox is answered when the last
//! write issued by then is safe.

use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard};
use std::time::Duration;

use amana_core::Timestamp;
use tokio::runtime::Handle;
use tokio::time::Instant;

use super::namespace::{Inner, Namespace, Progress};
use crate::error::{SandboxCode, SandboxError};
use crate::kernel::callback::{Attempt, CallbackId, Delivery};
use crate::kernel::{Event, Recorded, Sandbox};
use crate::store::{Later, Pending, StoreError};

/// How often a request lets others go first while somebody has the lock, before it waits for it:
/// a thread that waits does nothing for anybody.
const YIELDS: u32 = 8;
/// How long nobody tries to go back to the journal after that failed.
const PAUSE: Duration = Duration::from_secs(1);

/// A write whose end somebody waits for. If they stop waiting, it goes on by itself.
struct UnderWay {
    namespace: Arc<Namespace>,
    /// None once it has ended.
    rest: Option<(Later<()>, Committed)>,
}

impl UnderWay {
    async fn end(mut self) -> Result<(), SandboxError> {
        let Some((commit, _)) = &mut self.rest else {
            return Ok(());
        };
        let written = commit.await;
        match self.rest.take() {
            Some((_, committed)) => self.namespace.written(committed, written).await,
            None => Ok(()),
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Some((commit, committed)) = self.rest.take()
            && let Ok(runtime) = Handle::try_current()
        {
            let namespace = Arc::clone(&self.namespace);
            runtime.spawn(async move {
                // Nobody waits for the answer any more.
                let _ = namespace.written(committed, commit.await).await;
            });
        }
    }
}

/// What one call left behind, to be made safe.
pub(super) struct Committed {
    /// None if the call wrote nothing.
    commit: Option<Pending<()>>,
    progress: Progress,
    deliveries: Vec<Delivery>,
    wake_at: Option<Timestamp>,
    /// The write tells how deliveries ended.
    told: bool,
    /// The write changes something, rather than only noting who asked for what.
    changes: bool,
}

impl Namespace {
    /// The lock, with memory as the journal says.
    pub(super) async fn current(&self) -> Result<MutexGuard<'_, Inner>, SandboxError> {
        let mut patience = YIELDS;
        loop {
            if patience > 0 && self.is_locked() {
                patience -= 1;
                tokio::task::yield_now().await;
                continue;
            }
            {
                let inner = self.lock();
                match (inner.stale, inner.removed) {
                    (true, _) => {}
                    (false, true) => return Err(SandboxCode::NamespaceUnknown.into()),
                    (false, false) => return Ok(inner),
                }
            }
            // Seldom and large: every request would carry it about.
            Box::pin(self.go_back()).await?;
        }
    }

    /// Begins a call. While the journal fails, calls that only look are answered as of the last
    /// time it worked; those that change something try it again.
    pub(super) fn enter(&self, inner: &mut Inner) {
        let now = self.clock.now();
        match self.failing.load(Ordering::Relaxed) {
            false => inner.sandbox.enter(now),
            true => inner.sandbox.enter_at_rest(now),
        }
    }

    /// Hands the batch to the journal, under the lock, so that batches stay in order.
    pub(super) fn close(&self, inner: &mut Inner) -> Committed {
        let batch = inner.sandbox.take_batch();
        let note = |recorded: &Recorded| matches!(recorded.event, Event::Http(_));
        let changes = !batch.iter().all(note);
        let commit = match batch.is_empty() {
            true => None,
            false => {
                inner.issued += 1;
                Some(self.store.append(&self.name, batch))
            }
        };
        Committed {
            changes,
            ..self.committed(inner, commit)
        }
    }

    /// The end of a call whose write was handed over.
    pub(super) fn committed(&self, inner: &mut Inner, commit: Option<Pending<()>>) -> Committed {
        let deliveries = inner.sandbox.take_deliveries();
        inner.reports.expect(&deliveries);
        Committed {
            commit,
            progress: inner.progress(),
            deliveries,
            wake_at: inner.sandbox.wake_at(),
            told: false,
            changes: true,
        }
    }

    /// Tells the kernel of deliveries that ended, and closes the call.
    pub(super) fn tell(&self, inner: &mut Inner, told: Vec<(CallbackId, Attempt)>) -> Committed {
        for (id, attempt) in &told {
            inner.sandbox.callback_attempted(*id, attempt);
        }
        let mut committed = self.close(inner);
        committed.told = committed.commit.is_some() && !told.is_empty();
        if committed.told {
            inner.reports.owe(committed.progress.ticket, told);
        }
        committed
    }

    /// Waits until everything the call rests on is safe. Goes on to the end even if nobody waits
    /// any more, because others build on what was written.
    ///
    /// # Errors
    /// `store.unavailable`.
    pub(super) async fn finish(
        self: &Arc<Self>,
        mut committed: Committed,
    ) -> Result<(), SandboxError> {
        match committed.commit.take() {
            Some(Pending::Done(Ok(()))) => {
                self.settle(committed);
                Ok(())
            }
            None => {
                self.seen_is_safe(committed.progress.ticket).await?;
                self.send(committed.progress.epoch, committed.deliveries);
                self.wake_if_asleep(committed.wake_at);
                Ok(())
            }
            Some(Pending::Done(Err(error))) => self.refused(committed, &error).await,
            Some(Pending::Later(commit)) => {
                let under_way = UnderWay {
                    namespace: Arc::clone(self),
                    rest: Some((commit, committed)),
                };
                under_way.end().await
            }
        }
    }

    async fn written(
        self: &Arc<Self>,
        committed: Committed,
        written: Result<(), StoreError>,
    ) -> Result<(), SandboxError> {
        match written {
            Ok(()) => {
                self.settle(committed);
                Ok(())
            }
            Err(error) => self.refused(committed, &error).await,
        }
    }

    /// A write is safe: tells everybody.
    fn settle(self: &Arc<Self>, committed: Committed) {
        let new = committed.progress;
        self.progress.send_if_modified(|progress| {
            let ahead = progress.ticket < new.ticket;
            if ahead {
                *progress = new;
            }
            ahead
        });
        if committed.told {
            self.lock().reports.safe(new.ticket);
        }
        if self.failing.load(Ordering::Relaxed) && new.ticket > self.lock().lost {
            self.failing.store(false, Ordering::Relaxed);
        }
        self.send(new.epoch, committed.deliveries);
        self.wake_if_asleep(committed.wake_at);
    }

    /// A write was refused. That is no reason to refuse a request that only looked at what is safe.
    async fn refused(&self, committed: Committed, error: &StoreError) -> Result<(), SandboxError> {
        let unavailable = self.unavailable(error);
        let saw_safe = {
            let mut inner = self.lock();
            inner.reports.unsent(&committed.deliveries);
            let ticket = committed.progress.ticket;
            if ticket > inner.lost {
                inner.stale = true;
                self.note_removed(&inner);
                self.failing.store(true, Ordering::Relaxed);
            }
            self.progress.borrow().ticket + 1 == ticket
        };
        // If that fails too, whoever comes next tries again.
        let _ = Box::pin(self.go_back()).await;
        match saw_safe && !committed.changes {
            true => Ok(()),
            false => Err(unavailable),
        }
    }

    /// Puts memory back to what the journal says.
    async fn go_back(&self) -> Result<(), SandboxError> {
        let mut went_wrong_at = self.went_wrong_at.lock().await;
        if !self.lock().stale {
            return Ok(());
        }
        if went_wrong_at.is_some_and(|at| at.elapsed() < PAUSE) {
            return Err(SandboxCode::StoreUnavailable.into());
        }
        // What was handed over before is safe or lost once this is answered.
        let saved = match self.store.load(&self.name).wait().await {
            Ok(saved) => saved,
            Err(error) => {
                *went_wrong_at = Some(Instant::now());
                return Err(self.unavailable(&error));
            }
        };
        let mut inner = self.lock();
        inner.stale = false;
        match saved {
            Some(saved) => {
                inner.removed = false;
                self.take_back(
                    &mut inner,
                    Sandbox::from_state(saved.state, self.clock.now()),
                );
            }
            None => inner.removed = true,
        }
        self.note_removed(&inner);
        inner.issued += 1;
        inner.lost = inner.issued;
        self.progress.send_replace(inner.progress());
        self.wake.notify_one();
        Ok(())
    }

    fn take_back(&self, inner: &mut Inner, mut sandbox: Sandbox) {
        // Handed out again are deliveries whose end nobody was told of; most are under way.
        let mut deliveries = sandbox.take_deliveries();
        inner.reports.go_back(&mut deliveries);
        sandbox.hand_out(deliveries);
        inner.sandbox = sandbox;
    }

    /// Waits until the writes up to this one are safe.
    async fn seen_is_safe(&self, ticket: u64) -> Result<(), SandboxError> {
        let mut progress = self.progress();
        let reached = progress.wait_for(|progress| progress.ticket >= ticket);
        // The sender lives as long as the namespace.
        let lost = reached
            .await
            .map_err(|_| SandboxCode::HostUnavailable)?
            .lost;
        match lost > ticket {
            true => Err(SandboxCode::StoreUnavailable.into()),
            false => Ok(()),
        }
    }

    fn send(self: &Arc<Self>, epoch: u64, deliveries: Vec<Delivery>) {
        for delivery in deliveries {
            self.sender.send(Arc::clone(self), epoch, delivery);
        }
    }

    fn wake_if_asleep(&self, wake_at: Option<Timestamp>) {
        let sleeps_until = self.asleep_until.load(Ordering::Relaxed);
        if wake_at.is_some_and(|wake_at| wake_at.as_millis() < sleeps_until) {
            self.wake.notify_one();
        }
    }

    /// What callers are told; what exactly is wrong goes to the log.
    pub(super) fn unavailable(&self, error: &StoreError) -> SandboxError {
        tracing::error!(namespace = self.name, "{error}");
        SandboxCode::StoreUnavailable.into()
    }
}
