//! One contract for all stores: memory, a SQLite file, PostgreSQL.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use amana_core::Timestamp;
use sqlx::{Connection, Executor, Row, SqliteConnection};

use super::hash::line_of;
use super::*;
use crate::kernel::Correlation;
use crate::kernel::settings::Settings;
use crate::kernel::{Clock, Event};

const START: Start = Start {
    seed: 7,
    clock: Clock::REAL,
};

const NOTHING: [u64; 0] = [];

fn event(seq: u64) -> Recorded {
    Recorded {
        seq,
        at: Timestamp::from_millis(1_772_793_000_000),
        correlation: Correlation::new(seq),
        draws: seq,
        event: Event::RandomDrawn,
    }
}

fn batch(first: u64, last: u64) -> Vec<Recorded> {
    (first..=last).map(event).collect()
}

fn empty() -> State {
    State::new(Settings::default(), Clock::REAL)
}

/// The state and the hash after so many events.
fn after(count: u64) -> (State, EventsHash) {
    let (mut state, mut hash) = (empty(), EventsHash::EMPTY);
    for event in batch(1, count) {
        hash.add(&line_of(&event).unwrap());
        state.apply(&event);
    }
    (state, hash)
}

async fn begin(store: &dyn Store, namespace: &str) {
    let beginning = Beginning {
        start: START,
        state: &empty(),
        events_hash: EventsHash::EMPTY,
    };
    store.begin(namespace, beginning).wait().await.unwrap();
}

async fn append(store: &dyn Store, namespace: &str, first: u64, last: u64) {
    let appended = store.append(namespace, batch(first, last)).wait().await;
    appended.unwrap();
}

async fn seqs(store: &dyn Store, namespace: &str, after: u64, limit: usize) -> Vec<u64> {
    let events = store.read(namespace, after, limit).wait().await.unwrap();
    events.iter().map(|event| event.seq).collect()
}

/// Whether the journal is what so many events make of it.
async fn holds(store: &dyn Store, namespace: &str, count: u64) {
    let (state, hash) = after(count);
    let saved = store.load(namespace).wait().await.unwrap().unwrap();
    assert_eq!(saved.state, state);
    assert_eq!(saved.start, START);
    assert_eq!(store.events_hash(namespace).wait().await.unwrap(), hash);
}

/// What every store does, in an empty one.
async fn contract(store: Arc<dyn Store>) {
    let store = &*store;
    unknown_journals_hold_nothing(store).await;
    begin(store, "a").await;
    append(store, "a", 1, 3).await;
    append(store, "a", 4, 4).await;
    holds(store, "a", 4).await;
    assert_eq!(seqs(store, "a", 0, 99).await, [1, 2, 3, 4]);
    assert_eq!(seqs(store, "a", 1, 2).await, [2, 3]);
    assert_eq!(seqs(store, "a", 4, 9).await, NOTHING);
    store.append("a", Vec::new()).wait().await.unwrap();
    what_does_not_follow_is_refused(store).await;
    journals_are_apart_and_go_without_trace(store).await;
    writes_at_the_same_time_keep_their_order(store).await;
    old_events_are_let_go_of(store).await;
    store.close().wait().await.unwrap();
}

async fn unknown_journals_hold_nothing(store: &dyn Store) {
    assert!(store.load("a").wait().await.unwrap().is_none());
    assert_eq!(seqs(store, "a", 0, 9).await, NOTHING);
    let hash = store.events_hash("a").wait().await.unwrap();
    assert_eq!(hash, EventsHash::EMPTY);
    store.append("a", batch(1, 1)).wait().await.unwrap_err();
    store.remove("a").wait().await.unwrap();
    assert_eq!(store.names().wait().await.unwrap(), Vec::<String>::new());
}

async fn what_does_not_follow_is_refused(store: &dyn Store) {
    for first in [1, 4, 6] {
        let wrong = store.append("a", batch(first, first + 2)).wait().await;
        assert!(wrong.is_err(), "{first}");
    }
    // What builds on a refused batch is refused as well, though nobody has waited.
    let refused = store.append("a", batch(7, 7));
    let built_on_it = store.append("a", batch(8, 8));
    assert!(refused.wait().await.is_err() && built_on_it.wait().await.is_err());
    holds(store, "a", 4).await;
    append(store, "a", 5, 6).await;
    holds(store, "a", 6).await;
}

async fn journals_are_apart_and_go_without_trace(store: &dyn Store) {
    let (state, hash) = after(40);
    let beginning = Beginning {
        start: START,
        state: &state,
        events_hash: hash,
    };
    store.begin("b", beginning).wait().await.unwrap();
    append(store, "b", 41, 45).await;
    holds(store, "b", 45).await;
    assert_eq!(seqs(store, "b", 0, 99).await, [41, 42, 43, 44, 45]);
    holds(store, "a", 6).await;
    assert_eq!(store.names().wait().await.unwrap(), ["a", "b"]);
    begin(store, "b").await;
    holds(store, "b", 0).await;
    assert_eq!(seqs(store, "b", 0, 99).await, NOTHING);
    append(store, "b", 1, 1).await;
    store.remove("b").wait().await.unwrap();
    assert!(store.load("b").wait().await.unwrap().is_none());
    assert_eq!(seqs(store, "b", 0, 99).await, NOTHING);
    assert_eq!(store.names().wait().await.unwrap(), ["a"]);
    begin(store, "b").await;
    holds(store, "b", 0).await;
    store.remove("b").wait().await.unwrap();
}

async fn writes_at_the_same_time_keep_their_order(store: &dyn Store) {
    let names: Vec<String> = (0..10).map(|number| format!("n{number}")).collect();
    for name in &names {
        begin(store, name).await;
    }
    let mut writes = Vec::new();
    for seq in 1..=60 {
        for name in &names {
            writes.push(store.append(name, batch(seq, seq)));
        }
    }
    for write in writes {
        write.wait().await.unwrap();
    }
    for name in &names {
        holds(store, name, 60).await;
        store.remove(name).wait().await.unwrap();
    }
}

async fn old_events_are_let_go_of(store: &dyn Store) {
    const EACH: u64 = 5_000;
    begin(store, "long").await;
    let count = EVENTS_KEPT + 4 * EACH;
    for first in (1..=count).step_by(5_000) {
        append(store, "long", first, first + EACH - 1).await;
    }
    let begin = Instant::now();
    let first = loop {
        let first = seqs(store, "long", 0, 1).await[0];
        // A database lets go of them whenever it comes to it.
        if first > 1 || begin.elapsed() > Duration::from_secs(60) {
            break first;
        }
        tokio::task::yield_now().await;
    };
    assert!(first > 1 && first <= count - EVENTS_KEPT + 1, "{first}");
    let last = store.read("long", count - 1, 9).wait().await.unwrap();
    assert_eq!(last.len(), 1);
    holds(store, "long", count).await;
    store.remove("long").wait().await.unwrap();
}

/// What a store does that outlives the process: in an empty one, opened by its address.
async fn outlives(address: &str) {
    let store = open(address).await.unwrap();
    begin(&*store, "a").await;
    append(&*store, "a", 1, 3).await;
    let second = open(address).await.unwrap_err();
    assert!(second.to_string().contains("another sandbox"), "{second}");
    store.close().wait().await.unwrap();
    for count in [3, 4, 5] {
        let store = open(address).await.unwrap();
        holds(&*store, "a", count).await;
        append(&*store, "a", count + 1, count + 1).await;
        store.close().wait().await.unwrap();
        store.append("a", batch(9, 9)).wait().await.unwrap_err();
    }
}

fn sqlite(folder: &Path, name: &str) -> String {
    format!("sqlite:{}", folder.join(name).display())
}

#[tokio::test]
async fn memory_keeps_the_contract() {
    contract(open("memory").await.unwrap()).await;
}

#[tokio::test]
async fn sqlite_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    contract(open(&sqlite(folder.path(), "a.db")).await.unwrap()).await;
    outlives(&sqlite(folder.path(), "b.db")).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run by `cargo xtask test`"]
async fn postgres_keeps_the_contract() {
    contract(open(&amana_tests::postgres().await).await.unwrap()).await;
    outlives(&amana_tests::postgres().await).await;
}

/// The connection is cut from outside: what was written stays, and the next write makes another.
#[tokio::test]
#[ignore = "needs PostgreSQL: run by `cargo xtask test`"]
async fn postgres_may_cut_the_connection() {
    let address = amana_tests::postgres().await;
    let store = open(&address).await.unwrap();
    begin(&*store, "a").await;
    append(&*store, "a", 1, 2).await;
    let mut other = sqlx::PgConnection::connect(&address).await.unwrap();
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    other.execute(cut).await.unwrap();
    // Whether this one is refused or the break is noticed before, nothing is lost or doubled.
    let first = store.append("a", batch(3, 3)).wait().await;
    let count = if first.is_ok() { 3 } else { 2 };
    holds(&*store, "a", count).await;
    append(&*store, "a", count + 1, count + 5).await;
    holds(&*store, "a", count + 5).await;
    store.close().wait().await.unwrap();
}

#[tokio::test]
async fn a_batch_that_was_changed_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let address = sqlite(folder.path(), "a.db");
    let store = open(&address).await.unwrap();
    begin(&*store, "a").await;
    for seq in 1..=3 {
        append(&*store, "a", seq, seq).await;
    }
    store.close().wait().await.unwrap();
    let file = address.replacen("sqlite:", "sqlite://", 1);
    let mut connection = SqliteConnection::connect(&file).await.unwrap();
    let changed = "UPDATE amana_batches SET body = replace(body, 'c2', 'c9') WHERE seq = 2";
    connection.execute(changed).await.unwrap();
    connection.close().await.unwrap();
    let store = open(&address).await.unwrap();
    let error = store.load("a").wait().await.unwrap_err();
    assert!(error.to_string().contains("batch 2 of `a`"), "{error}");
    store.close().wait().await.unwrap();
}

/// Many who write at the same time share a wait for the disk.
#[tokio::test]
async fn changes_that_wait_are_committed_together() {
    let folder = tempfile::tempdir().unwrap();
    let address = sqlite(folder.path(), "a.db");
    let store = open(&address).await.unwrap();
    begin(&*store, "a").await;
    let writes: Vec<_> = (1..=200)
        .map(|seq| store.append("a", batch(seq, seq)))
        .collect();
    for write in writes {
        write.wait().await.unwrap();
    }
    let file = address.replacen("sqlite:", "sqlite://", 1);
    let mut connection = SqliteConnection::connect(&file).await.unwrap();
    // Each commit ends with a frame that says so; the log counts frames of all commits.
    let query = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)");
    let frames: i64 = query.fetch_one(&mut connection).await.unwrap().get(1);
    assert!(frames < 100, "{frames} pages were written for 200 changes");
    holds(&*store, "a", 200).await;
    store.close().wait().await.unwrap();
}

#[tokio::test]
async fn there_are_three_stores() {
    for wrong in ["redis://x", "", "sqlite:", "postgres://["] {
        open(wrong).await.unwrap_err();
    }
}
