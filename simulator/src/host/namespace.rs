//! One namespace in the server: the sandbox behind its lock, and those who wait for it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use amana_core::Timestamp;
use tokio::sync::{Notify, watch};

use super::HostClock;
use super::delivery::Sender;
use crate::error::{SandboxCode, SandboxError};
use crate::kernel::callback::{Attempt, CallbackId, Delivery};
use crate::kernel::{Clock, Recorded, Sandbox, Snapshot, Start, State};
use crate::store::{Commit, EMPTY_HASH, Store, StoreError};

/// How far a namespace has come, for those who wait for more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How often the namespace was reset or restored.
    pub epoch: u64,
    /// The number of the last event of the time before this epoch.
    pub base: u64,
    /// The number of the last event that is safe.
    pub seq: u64,
}

/// One namespace.
#[derive(Debug)]
pub struct Namespace {
    name: String,
    start: Start,
    clock: HostClock,
    store: Arc<dyn Store>,
    sender: Sender,
    inner: Mutex<Inner>,
    progress: watch::Sender<Progress>,
    pub(super) wake: Arc<Notify>,
    /// Until when, in host milliseconds, the background task sleeps.
    pub(super) asleep_until: AtomicI64,
    pub(super) advancing: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Inner {
    sandbox: Sandbox,
    epoch: u64,
    /// Deliveries handed out and not yet reported to the kernel, oldest first.
    reports: VecDeque<Report>,
}

#[derive(Debug)]
struct Report {
    id: CallbackId,
    attempt: Option<Attempt>,
}

/// What one call left behind, to be made safe.
struct Committed {
    commit: Result<Commit, StoreError>,
    deliveries: Vec<Delivery>,
    progress: Progress,
    wake_at: Option<Timestamp>,
}

impl Namespace {
    /// The namespace with this state, or a new one.
    pub(super) fn new(
        name: &str,
        start: Start,
        clock: HostClock,
        store: Arc<dyn Store>,
        sender: Sender,
        state: Option<State>,
    ) -> Self {
        let sandbox = match state {
            Some(state) => Sandbox::from_state(state, clock.now()),
            None => Sandbox::new(start, clock.now()),
        };
        let seq = sandbox.state().seq;
        let progress = Progress {
            epoch: 0,
            base: seq,
            seq,
        };
        Self {
            name: name.to_owned(),
            start,
            clock,
            store,
            sender,
            inner: Mutex::new(Inner {
                sandbox,
                epoch: 0,
                reports: VecDeque::new(),
            }),
            progress: watch::Sender::new(progress),
            wake: Arc::new(Notify::new()),
            asleep_until: AtomicI64::new(i64::MAX),
            advancing: tokio::sync::Mutex::new(()),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it begins.
    pub const fn start(&self) -> Start {
        self.start
    }

    /// Its journal.
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// How far it has come, and a way to wait for more.
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// Events after this number.
    ///
    /// # Errors
    /// `store.unavailable`.
    pub fn events(&self, after: u64, limit: usize) -> Result<Vec<Arc<Recorded>>, SandboxError> {
        Ok(self.store.read(&self.name, after, limit)?)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // INVARIANT: the kernel panics on no input; if it ever does, its state is still whole events.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the sandbox, at the current time, and answers when it is safe.
    ///
    /// # Errors
    /// `store.unavailable`; the namespace is as the journal says then.
    pub async fn with<T>(
        self: &Arc<Self>,
        act: impl FnOnce(&mut Sandbox) -> T,
    ) -> Result<T, SandboxError> {
        let (answer, committed) = {
            let mut inner = self.lock();
            inner.sandbox.enter(self.clock.now());
            let answer = act(&mut inner.sandbox);
            (answer, self.close(&mut inner))
        };
        self.finish(committed).await?;
        Ok(answer)
    }

    /// Hands the batch to the journal, under the lock, so that batches stay in order.
    fn close(&self, inner: &mut Inner) -> Committed {
        let batch = inner.sandbox.take_batch();
        let commit = match batch.is_empty() {
            true => Ok(Commit::Done),
            false => self.store.append(&self.name, batch),
        };
        let deliveries = inner.sandbox.take_deliveries();
        inner
            .reports
            .extend(deliveries.iter().map(|delivery| Report {
                id: delivery.id,
                attempt: None,
            }));
        let progress = *self.progress.borrow();
        Committed {
            commit,
            deliveries,
            progress: Progress {
                seq: inner.sandbox.state().seq,
                ..progress
            },
            wake_at: inner.sandbox.wake_at(),
        }
    }

    /// Waits until the batch is safe, then tells everybody.
    async fn finish(self: &Arc<Self>, committed: Committed) -> Result<(), SandboxError> {
        let safe = match committed.commit {
            Ok(Commit::Done) => Ok(()),
            Ok(Commit::Pending(safe)) => safe.await,
            Err(error) => Err(error),
        };
        if let Err(error) = safe {
            tracing::error!(namespace = self.name, "{error}");
            self.go_back()?;
            return Err(error.into());
        }
        let Progress { epoch, seq, .. } = committed.progress;
        self.progress.send_if_modified(|progress| {
            let ahead = progress.epoch == epoch && progress.seq < seq;
            progress.seq = if ahead { seq } else { progress.seq };
            ahead
        });
        for delivery in committed.deliveries {
            self.sender.send(Arc::clone(self), epoch, delivery);
        }
        let sleeps_until = self.asleep_until.load(Ordering::Relaxed);
        if committed
            .wake_at
            .is_some_and(|wake_at| wake_at.as_millis() < sleeps_until)
        {
            self.wake.notify_one();
        }
        Ok(())
    }

    /// Puts memory back to what the journal says, after it refused a batch.
    fn go_back(&self) -> Result<(), SandboxError> {
        let mut inner = self.lock();
        let now = self.clock.now();
        match self.store.load(&self.name)? {
            Some(state) => inner.sandbox.restore(state, now),
            None => inner.sandbox.reset(self.start, now),
        }
        self.begin_epoch(&mut inner);
        Ok(())
    }

    /// Forgets what was under way: deliveries of the time before are reported to nobody.
    fn begin_epoch(&self, inner: &mut Inner) {
        inner.epoch += 1;
        inner.reports.clear();
        let seq = inner.sandbox.state().seq;
        self.progress.send_replace(Progress {
            epoch: inner.epoch,
            base: seq,
            seq,
        });
        self.wake.notify_one();
    }

    /// Makes the namespace as new.
    ///
    /// # Errors
    /// `store.unavailable`; nothing changes then.
    pub fn reset(&self) -> Result<(), SandboxError> {
        let mut inner = self.lock();
        let fresh = Sandbox::new(self.start, self.clock.now());
        let hash = hex::encode(EMPTY_HASH);
        self.store.restart(&self.name, fresh.state(), &hash)?;
        inner.sandbox = fresh;
        self.begin_epoch(&mut inner);
        Ok(())
    }

    /// The namespace as one document.
    ///
    /// # Errors
    /// `store.unavailable`.
    pub async fn snapshot(self: &Arc<Self>) -> Result<Snapshot, SandboxError> {
        self.with(|_| ()).await?;
        let inner = self.lock();
        // INVARIANT: outside a call nothing is uncommitted, so state and hash belong together.
        let events_hash = self.store.events_hash(&self.name)?;
        Snapshot::of(&inner.sandbox, events_hash).map_err(|_| SandboxCode::StoreUnavailable.into())
    }

    /// Puts the namespace to a snapshot.
    ///
    /// # Errors
    /// `snapshot.damaged` or `store.unavailable`; nothing changes then.
    pub fn restore(self: &Arc<Self>, snapshot: &Snapshot) -> Result<(), SandboxError> {
        snapshot.verify()?;
        let (deliveries, epoch) = {
            let mut inner = self.lock();
            self.store
                .restart(&self.name, &snapshot.state, &snapshot.events_hash)?;
            inner
                .sandbox
                .restore(snapshot.state.clone(), self.clock.now());
            self.begin_epoch(&mut inner);
            let deliveries = inner.sandbox.take_deliveries();
            inner
                .reports
                .extend(deliveries.iter().map(|delivery| Report {
                    id: delivery.id,
                    attempt: None,
                }));
            (deliveries, inner.epoch)
        };
        for delivery in deliveries {
            self.sender.send(Arc::clone(self), epoch, delivery);
        }
        Ok(())
    }

    /// A delivery ended.
    ///
    /// With a frozen clock, reports reach the kernel in the order in which the deliveries were
    /// handed out, so that the log does not depend on which receiver was faster.
    pub(super) async fn report(self: &Arc<Self>, epoch: u64, id: CallbackId, attempt: Attempt) {
        let committed = {
            let mut inner = self.lock();
            if inner.epoch != epoch {
                return;
            }
            inner.sandbox.enter(self.clock.now());
            inner.take_report(id, attempt);
            self.close(&mut inner)
        };
        // A journal that fails is logged where it fails; the attempt will be made again.
        let _ = self.finish(committed).await;
    }

    pub(super) fn clock(&self) -> &HostClock {
        &self.clock
    }
}

impl Inner {
    fn take_report(&mut self, id: CallbackId, attempt: Attempt) {
        let in_order = matches!(self.sandbox.state().clock, Clock::Frozen { .. });
        let Some(place) = self.reports.iter().position(|report| report.id == id) else {
            return;
        };
        if !in_order {
            self.reports.remove(place);
            self.sandbox.callback_attempted(id, &attempt);
            return;
        }
        self.reports[place].attempt = Some(attempt);
        while self
            .reports
            .front()
            .is_some_and(|report| report.attempt.is_some())
        {
            if let Some(Report {
                id,
                attempt: Some(attempt),
            }) = self.reports.pop_front()
            {
                self.sandbox.callback_attempted(id, &attempt);
            }
        }
    }
}
