//! Moving a namespace's clock ahead: everything that falls due happens, in order, callbacks too.

use std::sync::Arc;

use amana_core::time::Span;
use amana_core::{FieldPath, Timestamp};

use super::namespace::{Namespace, Progress};
use crate::error::{SandboxCode, SandboxError};
use crate::kernel::Step;

/// How far to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// By so long.
    By(Span),
    /// To this instant.
    To(Timestamp),
    /// To the next thing that is due; nowhere if there is none.
    Next,
}

/// Where the clock ended up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Advanced {
    /// The time on the sandbox clock.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub now: Timestamp,
    /// How many timers fired.
    pub ran: u64,
}

fn not_ahead(now: Timestamp) -> SandboxError {
    let why = format!("the clock shows {now} and can only be advanced into the future");
    SandboxError::Field(SandboxCode::ClockNotAhead, FieldPath::new("/to"), why)
}

impl Namespace {
    /// Moves the clock ahead. Answers when nothing due is left and every callback that fell due has
    /// been attempted; goes on to the end even if nobody waits for the answer any more.
    ///
    /// # Errors
    /// `clock.not_ahead` or `store.unavailable`.
    pub async fn advance(self: &Arc<Self>, goal: Goal) -> Result<Advanced, SandboxError> {
        let namespace = Arc::clone(self);
        let task = tokio::spawn(async move { namespace.advance_to_end(goal).await });
        task.await.map_err(|_| SandboxCode::HostUnavailable)?
    }

    async fn advance_to_end(self: Arc<Self>, goal: Goal) -> Result<Advanced, SandboxError> {
        let _only_one = self.advancing.lock().await;
        let mut progress = self.progress();
        let (from, target) = self
            .with(|sandbox| {
                let from = sandbox.now();
                let first = sandbox.state().timers.first();
                let target = match goal {
                    Goal::By(by) => from + by,
                    Goal::To(to) if to < from => return Err(not_ahead(from)),
                    Goal::To(to) => to,
                    Goal::Next => first.map_or(from, |timer| timer.due_at.max(from)),
                };
                sandbox.begin_advance();
                Ok((from, target))
            })
            .await??;
        let mut ran = 0;
        let Progress { epoch, lost, .. } = *progress.borrow_and_update();
        loop {
            let (step, fired) = self.with(|sandbox| sandbox.run_until(target)).await?;
            ran += fired;
            match step {
                Step::More => {}
                Step::Idle => break,
                Step::Waiting => {
                    let changed = progress.changed().await;
                    if changed.is_err() || progress.borrow_and_update().epoch != epoch {
                        // The namespace was reset meanwhile: there is nothing left to advance.
                        break;
                    }
                }
            }
        }
        if progress.borrow().lost != lost {
            // What was run is lost, and the advance with it.
            return Err(SandboxCode::StoreUnavailable.into());
        }
        let now = self
            .with(|sandbox| {
                sandbox.end_advance(from, ran);
                sandbox.now()
            })
            .await?;
        Ok(Advanced { now, ran })
    }
}
