//! Waiting on the sandbox clock, without holding up anybody else.

use std::sync::Arc;
use std::time::Duration;

use amana_core::time::Span;

use super::namespace::Namespace;
use crate::error::SandboxError;
use crate::kernel::callback::{CallbackId, CallbackState};
use crate::kernel::{Clock, Sandbox};

impl Namespace {
    /// Waits until the sandbox clock has gone on by this much: because time passes, or because
    /// somebody advances it. While it stands still, the time of the machine counts, so that nobody
    /// waits for ever.
    pub(crate) async fn pause(self: &Arc<Self>, span: Span) -> Result<(), SandboxError> {
        if span == Span::ZERO {
            return Ok(());
        }
        let (due_at, wait) = self
            .with(|sandbox| (sandbox.now() + span, machine_time(sandbox, span)))
            .await?;
        let over = self.until(|sandbox| sandbox.now() >= due_at);
        tokio::select! {
            over = over => over,
            () = tokio::time::sleep(wait) => Ok(()),
        }
    }

    /// Waits until each of these callbacks has been attempted. A receiver that does not answer is
    /// given up in time by whoever sends.
    pub(crate) async fn attempted(
        self: &Arc<Self>,
        callbacks: &[CallbackId],
    ) -> Result<(), SandboxError> {
        if callbacks.is_empty() {
            return Ok(());
        }
        self.until(|sandbox| {
            callbacks.iter().all(|id| {
                let callback = sandbox.state().callbacks.get(*id);
                callback.is_none_or(|callback| callback.state != CallbackState::InFlight)
            })
        })
        .await
    }

    /// Waits until this holds, or the namespace is reset.
    async fn until(self: &Arc<Self>, holds: impl Fn(&Sandbox) -> bool) -> Result<(), SandboxError> {
        let mut progress = self.progress();
        let epoch = progress.borrow_and_update().epoch;
        while !self.with(|sandbox| holds(sandbox)).await? {
            let changed = progress.changed().await;
            if changed.is_err() || progress.borrow_and_update().epoch != epoch {
                break;
            }
        }
        Ok(())
    }
}

/// How long this takes on the clock of the machine.
fn machine_time(sandbox: &Sandbox, span: Span) -> Duration {
    let millis = match sandbox.state().clock {
        Clock::Real { .. } | Clock::Frozen { .. } => span.as_millis(),
        Clock::Scaled { scale, .. } => span.as_millis().div_ceil(u64::from(scale.max(1))),
    };
    Duration::from_millis(millis)
}
