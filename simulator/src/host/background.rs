//! One task per namespace lets time pass: it sleeps until the next timer is due and enters.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::namespace::Namespace;

/// The longest sleep, so that a host clock that was set is noticed.
const SLEEP_MAX: Duration = Duration::from_secs(60);

/// Starts the task; it ends when the namespace is gone.
pub(super) fn run(namespace: &Arc<Namespace>) {
    let wake = Arc::clone(&namespace.wake);
    let namespace = Arc::downgrade(namespace);
    tokio::spawn(async move {
        while let Some(sleep) = step(&namespace).await {
            tokio::select! {
                () = wake.notified() => {}
                () = tokio::time::sleep(sleep) => {}
            }
        }
    });
}

/// Runs what is due; answers how long nothing will be.
async fn step(namespace: &Weak<Namespace>) -> Option<Duration> {
    let namespace = namespace.upgrade()?;
    // While this task is awake it needs no waking.
    namespace.asleep_until.store(i64::MIN, Ordering::Relaxed);
    let wake_at = namespace.with(|sandbox| sandbox.wake_at()).await;
    let host_now = namespace.clock().now();
    let wake_at = match wake_at {
        Ok(wake_at) => wake_at,
        // The journal failed, which is logged there; try again in a while.
        Err(_) => return Some(Duration::from_secs(1)),
    };
    let until = wake_at.map_or(i64::MAX, amana_core::Timestamp::as_millis);
    namespace.asleep_until.store(until, Ordering::Relaxed);
    // Whatever changed between looking and storing is looked at again.
    let missed = namespace
        .with(|sandbox| sandbox.wake_at())
        .await
        .ok()
        .flatten();
    let until = missed.map_or(until, |missed| missed.as_millis().min(until));
    let wait = u64::try_from(until.saturating_sub(host_now.as_millis())).unwrap_or(0);
    Some(Duration::from_millis(wait).min(SLEEP_MAX))
}
