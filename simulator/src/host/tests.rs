//! A namespace whose journal can fail.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use amana_core::Timestamp;
use futures_util::FutureExt;

use super::{HostClock, Namespace, NamespaceName, Namespaces, Sender, TargetRule};
use crate::error::{SandboxCode, SandboxError};
use crate::kernel::{Clock, Recorded, Start};
use crate::store::{self, Beginning, EventsHash, MemoryStore, Pending, Saved, Store, StoreError};

const NOW: Timestamp = Timestamp::from_millis(1_772_793_000_000);

/// How an append fails while the store is broken.
#[derive(Debug, Clone, Copy)]
enum Failure {
    /// The batch is refused.
    AtOnce,
    /// The batch is taken and turns out to be lost.
    Later,
}

#[derive(Debug)]
struct BrokenStore {
    inner: MemoryStore,
    broken: AtomicBool,
    failure: Failure,
}

impl Store for BrokenStore {
    fn kind(&self) -> &'static str {
        "broken"
    }

    fn begin(&self, namespace: &str, beginning: Beginning<'_>) -> Pending<()> {
        self.inner.begin(namespace, beginning)
    }

    fn append(&self, namespace: &str, batch: Vec<Recorded>) -> Pending<()> {
        let lost = || StoreError::new("the disk is full");
        match (self.broken.load(Ordering::Relaxed), self.failure) {
            (true, Failure::AtOnce) => Pending::Done(Err(lost())),
            (true, Failure::Later) => Pending::Later(Box::pin(async move { Err(lost()) })),
            (false, _) => self.inner.append(namespace, batch),
        }
    }

    fn read(&self, namespace: &str, after: u64, limit: usize) -> Pending<Vec<Arc<Recorded>>> {
        self.inner.read(namespace, after, limit)
    }

    fn events_hash(&self, namespace: &str) -> Pending<EventsHash> {
        self.inner.events_hash(namespace)
    }

    fn load(&self, namespace: &str) -> Pending<Option<Saved>> {
        self.inner.load(namespace)
    }

    fn remove(&self, namespace: &str) -> Pending<()> {
        self.inner.remove(namespace)
    }

    fn names(&self) -> Pending<Vec<String>> {
        self.inner.names()
    }

    fn close(&self) -> Pending<()> {
        self.inner.close()
    }
}

async fn state_hash(namespace: &Arc<Namespace>) -> String {
    let hash = namespace.with(|sandbox| sandbox.state().hash()).await;
    hash.unwrap().unwrap()
}

#[tokio::test]
async fn what_the_journal_refuses_has_not_happened() {
    for failure in [Failure::AtOnce, Failure::Later] {
        let store = Arc::new(BrokenStore {
            inner: MemoryStore::default(),
            broken: AtomicBool::new(false),
            failure,
        });
        let namespaces = Namespaces::new(
            Start {
                seed: 1,
                clock: Clock::Frozen { now: NOW },
            },
            HostClock::new(|| NOW),
            Arc::clone(&store) as Arc<dyn Store>,
            Sender::new(TargetRule::default()),
            10,
        );
        let namespace = namespaces
            .open(&NamespaceName::default_name())
            .await
            .unwrap();
        let add = |text: &str| {
            let msisdn = text.parse().unwrap();
            namespace.with(move |sandbox| sandbox.ensure_phone(msisdn))
        };
        add("0712345678").await.unwrap();
        let before = state_hash(&namespace).await;
        store.broken.store(true, Ordering::Relaxed);
        let refused = add("0712345679").await;
        assert_eq!(
            refused,
            Err(SandboxError::Plain(SandboxCode::StoreUnavailable))
        );
        store.broken.store(false, Ordering::Relaxed);
        assert_eq!(state_hash(&namespace).await, before, "{failure:?}");
        add("0712345679").await.unwrap();
        let seqs: Vec<_> = store
            .read("default", 0, 99)
            .wait()
            .await
            .unwrap()
            .iter()
            .map(|e| e.seq)
            .collect();
        assert_eq!(seqs, [1, 2, 3, 4]);
    }
}

#[tokio::test]
async fn who_stops_waiting_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", folder.path().join("a.db").display());
    let store = store::open(&address).await.unwrap();
    let namespaces = Namespaces::new(
        Start {
            seed: 1,
            clock: Clock::Frozen { now: NOW },
        },
        HostClock::new(|| NOW),
        Arc::clone(&store),
        Sender::new(TargetRule::default()),
        10,
    );
    let name = NamespaceName::default_name();
    let namespace = namespaces.open(&name).await.unwrap();
    let msisdn = "0712345678".parse().unwrap();
    let adding = namespace.with(|sandbox| sandbox.ensure_phone(msisdn));
    // A caller who hangs up while the disk is waited for.
    assert!(adding.now_or_never().is_none());
    let count = namespace.with(|sandbox| sandbox.state().phones().iter().count());
    assert_eq!(count.await.unwrap(), 1);
    let saved = store.load("default").wait().await.unwrap().unwrap();
    assert!(saved.state.phone(msisdn).is_some());
}
