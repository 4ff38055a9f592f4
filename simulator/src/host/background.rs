//! One task per namespace lets time pass: it sleeps until the next timer is due and enters.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use amana_core::Timestamp;

use super::namespace::Namespace;
use crate::error::{SandboxCode, SandboxError};
use crate::kernel::Sandbox;

/// The longest sleep, so that a host clock that was set is noticed.
const SLEEP_MAX: Duration = Duration::from_secs(60);
/// How long to wait after the journal failed.
const PAUSE: Duration = Duration::from_secs(1);

/// Starts the task; it ends when the namespace is gone.
pub(super) fn run(namespace: &Arc<Namespace>) {
    let wake = Arc::clone(&namespace.wake);
    let namespace = Arc::downgrade(namespace);
    tokio::spawn(async move {
        while let Some(strong) = namespace.upgrade() {
            let stepped = step(&strong).await;
            drop(strong);
            match stepped {
                Ok(sleep) => tokio::select! {
                    () = wake.notified() => {}
                    () = tokio::time::sleep(sleep) => {}
                },
                Err(SandboxError::Plain(SandboxCode::NamespaceUnknown)) => return,
                // Whatever woke this task up would find the same.
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    });
}

/// Runs what is due; answers how long nothing will be.
async fn step(namespace: &Arc<Namespace>) -> Result<Duration, SandboxError> {
    // While this task is awake it needs no waking.
    namespace.asleep_until.store(i64::MIN, Ordering::Relaxed);
    namespace.pass_time().await?;
    let host_now = namespace.clock.now();
    let wake_at = |sandbox: &mut Sandbox| sandbox.wake_at().map_or(i64::MAX, Timestamp::as_millis);
    let until = namespace.with(wake_at).await?;
    namespace.asleep_until.store(until, Ordering::Relaxed);
    // Whatever changed between looking and storing is looked at again.
    let until = until.min(namespace.with(wake_at).await?);
    let wait = u64::try_from(until.saturating_sub(host_now.as_millis())).unwrap_or(0);
    Ok(Duration::from_millis(wait).min(SLEEP_MAX))
}
