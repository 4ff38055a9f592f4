//! One namespace in the server: the sandbox behind its lock, and those who wait for it.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::HostClock;
use super::delivery::Sender;
use super::report::Reports;
use crate::error::{SandboxCode, SandboxError};
use crate::kernel::callback::{Attempt, CallbackId};
use crate::kernel::{Clock, Recorded, Sandbox, Snapshot, Start, State};
use crate::store::{Beginning, EventsHash, Store};

/// How far a namespace has come, for those who wait for more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How often the namespace was reset or restored.
    pub epoch: u64,
    /// The number of the last event of the time before this epoch.
    pub base: u64,
    /// The number of the last event that is safe.
    pub seq: u64,
    /// The last write that is safe. Writes are counted over all epochs.
    pub(super) ticket: u64,
    /// Writes before this one were lost, unless they were safe already.
    pub(super) lost: u64,
}

/// One namespace.
#[derive(Debug)]
pub struct Namespace {
    pub(super) name: String,
    start: Start,
    pub(super) clock: HostClock,
    pub(super) store: Arc<dyn Store>,
    pub(super) sender: Sender,
    pub(super) inner: Mutex<Inner>,
    pub(super) progress: watch::Sender<Progress>,
    pub(super) wake: Arc<Notify>,
    /// Until when, in host milliseconds, the background task sleeps.
    pub(super) asleep_until: AtomicI64,
    pub(super) advancing: tokio::sync::Mutex<()>,
    /// What [`Self::is_removed`] answers without the lock.
    gone: AtomicBool,
    /// The last write failed. Until one succeeds, requests let no time pass.
    pub(super) failing: AtomicBool,
    /// When going back to the journal failed last.
    pub(super) went_wrong_at: tokio::sync::Mutex<Option<Instant>>,
}

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) sandbox: Sandbox,
    pub(super) epoch: u64,
    pub(super) base: u64,
    pub(super) reports: Reports,
    /// How many writes were handed to the journal.
    pub(super) issued: u64,
    /// Number of the latest write at which memory went back to what the journal says.
    pub(super) lost: u64,
    /// Memory is not what the journal says.
    pub(super) stale: bool,
    /// The namespace is gone.
    pub(super) removed: bool,
}

impl Inner {
    /// Where the namespace is once the last write is safe.
    pub(super) fn progress(&self) -> Progress {
        Progress {
            epoch: self.epoch,
            base: self.base,
            seq: self.sandbox.state().seq,
            ticket: self.issued,
            lost: self.lost,
        }
    }

    /// Forgets what was under way: deliveries of the time before are reported to nobody.
    fn begin_epoch(&mut self) {
        self.epoch += 1;
        self.issued += 1;
        self.base = self.sandbox.state().seq;
        self.reports = Reports::default();
    }
}

impl Namespace {
    /// The namespace with this state, as after a restart.
    pub(super) fn new(
        name: &str,
        start: Start,
        clock: HostClock,
        store: Arc<dyn Store>,
        sender: Sender,
        state: State,
    ) -> Self {
        let inner = Inner {
            base: state.seq,
            sandbox: Sandbox::from_state(state, clock.now()),
            epoch: 0,
            reports: Reports::default(),
            issued: 0,
            lost: 0,
            stale: false,
            removed: false,
        };
        Self {
            name: name.to_owned(),
            start,
            clock,
            store,
            sender,
            progress: watch::Sender::new(inner.progress()),
            inner: Mutex::new(inner),
            wake: Arc::new(Notify::new()),
            asleep_until: AtomicI64::new(i64::MAX),
            advancing: tokio::sync::Mutex::new(()),
            gone: AtomicBool::new(false),
            failing: AtomicBool::new(false),
            went_wrong_at: tokio::sync::Mutex::new(None),
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
    pub async fn events(
        &self,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Arc<Recorded>>, SandboxError> {
        let read = self.store.read(&self.name, after, limit);
        read.wait().await.map_err(|error| self.unavailable(&error))
    }

    /// Whether it was removed; a new one of its name has nothing to do with it. Every request asks,
    /// so nobody has to wait for an answer.
    pub(super) fn is_removed(&self) -> bool {
        self.gone.load(Ordering::Acquire)
    }

    /// Tells [`Self::is_removed`] what has changed.
    pub(super) fn note_removed(&self, inner: &Inner) {
        let gone = inner.removed && !inner.stale;
        self.gone.store(gone, Ordering::Release);
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        // INVARIANT: the kernel panics on no input; if it ever does, its state is still whole events.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether somebody has the lock just now.
    pub(super) fn is_locked(&self) -> bool {
        matches!(self.inner.try_lock(), Err(TryLockError::WouldBlock))
    }

    /// Does something with the sandbox, at the current time, and answers when everything it may
    /// have seen is safe.
    ///
    /// # Errors
    /// `store.unavailable`; the namespace is as the journal says then.
    pub async fn with<T>(
        self: &Arc<Self>,
        act: impl FnOnce(&mut Sandbox) -> T,
    ) -> Result<T, SandboxError> {
        let (answer, committed) = {
            let mut inner = self.current().await?;
            self.enter(&mut inner);
            let answer = act(&mut inner.sandbox);
            (answer, self.close(&mut inner))
        };
        self.finish(committed).await?;
        Ok(answer)
    }

    /// Makes the namespace as new.
    ///
    /// # Errors
    /// `store.unavailable`; nothing changes then.
    pub async fn reset(self: &Arc<Self>) -> Result<(), SandboxError> {
        let fresh = Sandbox::new(self.start, self.clock.now());
        self.replace(fresh, EventsHash::EMPTY).await
    }

    /// Puts the namespace to a snapshot that was read and checked.
    ///
    /// # Errors
    /// `snapshot.damaged` or `store.unavailable`; nothing changes then.
    pub async fn restore(self: &Arc<Self>, snapshot: &Snapshot) -> Result<(), SandboxError> {
        let hash = snapshot.events_hash.parse();
        let hash = hash.map_err(|_| SandboxCode::SnapshotDamaged)?;
        let restored = Sandbox::from_state(snapshot.state.clone(), self.clock.now());
        self.replace(restored, hash).await
    }

    async fn replace(
        self: &Arc<Self>,
        sandbox: Sandbox,
        events_hash: EventsHash,
    ) -> Result<(), SandboxError> {
        let committed = {
            let mut inner = self.current().await?;
            let beginning = Beginning {
                start: self.start,
                state: sandbox.state(),
                events_hash,
            };
            let commit = self.store.begin(&self.name, beginning);
            inner.sandbox = sandbox;
            inner.begin_epoch();
            self.committed(&mut inner, Some(commit))
        };
        self.finish(committed).await
    }

    /// Takes the namespace out of the journal, for good.
    ///
    /// # Errors
    /// `store.unavailable`; nothing changes then.
    pub(super) async fn remove(self: &Arc<Self>) -> Result<(), SandboxError> {
        let committed = {
            let mut inner = self.current().await?;
            let commit = self.store.remove(&self.name);
            // Whoever still holds it can do nothing, and what is under way is reported to nobody.
            inner.removed = true;
            self.note_removed(&inner);
            inner.begin_epoch();
            self.committed(&mut inner, Some(commit))
        };
        self.finish(committed).await?;
        self.sender.forget(&self.name);
        Ok(())
    }

    /// The namespace as one document.
    ///
    /// # Errors
    /// `store.unavailable`.
    pub async fn snapshot(self: &Arc<Self>) -> Result<Snapshot, SandboxError> {
        let (document, hash, committed) = {
            let mut inner = self.current().await?;
            self.enter(&mut inner);
            let committed = self.close(&mut inner);
            // Asked for under the lock, so that the hash is that of the events up to this state.
            let hash = self.store.events_hash(&self.name);
            (Snapshot::of(&inner.sandbox, String::new()), hash, committed)
        };
        self.finish(committed).await?;
        let hash = hash
            .wait()
            .await
            .map_err(|error| self.unavailable(&error))?;
        let mut document = document.map_err(|_| SandboxCode::StoreUnavailable)?;
        document.events_hash = hash.to_string();
        Ok(document)
    }

    /// A delivery ended.
    pub(super) async fn report(self: &Arc<Self>, epoch: u64, id: CallbackId, attempt: Attempt) {
        let told = {
            let mut inner = self.lock();
            if inner.epoch != epoch {
                return;
            }
            let in_order = matches!(inner.sandbox.state().clock, Clock::Frozen { .. });
            let told = inner.reports.ended(id, attempt, in_order);
            let failing = inner.stale || inner.removed;
            if failing {
                // Told again when the journal works: as if a write from before had been lost.
                let lost = inner.lost;
                inner.reports.owe(lost, told);
                return;
            }
            self.enter(&mut inner);
            self.tell(&mut inner, told)
        };
        // A journal that fails is logged where it fails; what was told is told again later.
        let _ = self.finish(told).await;
    }

    /// Lets time pass: runs what is due and tells what could not be told before.
    ///
    /// # Errors
    /// `store.unavailable`.
    pub(super) async fn pass_time(self: &Arc<Self>) -> Result<(), SandboxError> {
        let committed = {
            let mut inner = self.current().await?;
            inner.sandbox.enter(self.clock.now());
            let lost = inner.lost;
            let owed = inner.reports.lost(lost);
            self.tell(&mut inner, owed)
        };
        self.finish(committed).await
    }
}
