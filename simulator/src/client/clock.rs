//! `amana clock`.

use amana_core::Timestamp;
use serde_json::json;

use super::error::ClientError;
use super::{Remote, Verdict, print};

const CLOCK: &str = "/_amana/clock";
const ADVANCE: &str = "/_amana/clock/advance";

/// What to do with the clock.
#[derive(Debug, clap::Args)]
pub struct ClockOptions {
    #[command(flatten)]
    remote: Remote,
    /// What to do; without it the clock is shown
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Show the time of the machine
    Real,
    /// Stand still, here or at another time
    Freeze {
        /// When (RFC 3339)
        at: Option<Timestamp>,
    },
    /// Go this many times as fast as the machine
    Scale {
        /// From 1 to 100000
        scale: u32,
    },
    /// Go ahead; everything that falls due on the way happens before this ends
    Advance(Goal),
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Goal {
    /// By how much, like `5m`, `26s` or `30d`
    by: Option<String>,
    /// Until when (RFC 3339)
    #[arg(long)]
    to: Option<Timestamp>,
    /// Until the next thing falls due
    #[arg(long)]
    next: bool,
}

impl ClockOptions {
    /// Does it and prints the clock.
    pub(super) async fn run(&self) -> Result<Verdict, ClientError> {
        let (method, path, body) = match &self.action {
            None => ("GET", CLOCK, None),
            Some(Action::Advance(goal)) => ("POST", ADVANCE, Some(goal.body())),
            Some(Action::Real) => ("PUT", CLOCK, Some(json!({"mode": "real"}))),
            Some(Action::Freeze { at: None }) => ("PUT", CLOCK, Some(json!({"mode": "frozen"}))),
            Some(Action::Freeze { at: Some(at) }) => {
                ("PUT", CLOCK, Some(json!({"mode": "frozen", "now": at})))
            }
            Some(Action::Scale { scale }) => (
                "PUT",
                CLOCK,
                Some(json!({"mode": "scaled", "scale": scale})),
            ),
        };
        let client = self.remote.client();
        let answer = client.call(method, path, body.as_ref()).await?;
        match self.remote.json {
            true => print::json(&answer)?,
            false => print::members(
                &answer,
                &["mode", "now", "scale", "next_due_at", "pending", "ran"],
            )?,
        }
        Ok(Verdict::Passed)
    }
}

impl Goal {
    fn body(&self) -> serde_json::Value {
        match (&self.by, self.to) {
            (Some(by), _) => json!({"by": by}),
            (None, Some(to)) => json!({"to": to}),
            (None, None) => json!({"to": "next"}),
        }
    }
}
