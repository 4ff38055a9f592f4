//! `amana run`: scripted dialogues against a sandbox, and through it against the application that
//! serves the USSD code.

mod play;
mod report;
mod scenario;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use super::error::ClientError;
use super::{Remote, Verdict};
use scenario::Scenario;

/// Which dialogues to run.
#[derive(Debug, clap::Args)]
pub struct RunOptions {
    #[command(flatten)]
    remote: Remote,
    /// The file with the dialogues (YAML)
    scenario: PathBuf,
    /// Write a JUnit report to this file as well
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

impl RunOptions {
    /// Runs the dialogues in their order and prints how each went.
    pub(super) async fn run(&self) -> Result<Verdict, ClientError> {
        let scenario = Scenario::read(&self.scenario)?;
        let client = self.remote.client();
        play::prepare(&client, &scenario).await?;
        let mut all = Vec::with_capacity(scenario.dialogues.len());
        for dialogue in &scenario.dialogues {
            // INVARIANT: reading the file has checked that there is one.
            let Some(phone) = dialogue.phone.or(scenario.phone) else {
                continue;
            };
            let played = play::play(&client, dialogue, phone).await?;
            report::print(&self.scenario, &played, self.remote.json)?;
            all.push(played);
        }
        if !self.remote.json {
            report::print_sum(&all)?;
        }
        if let Some(path) = &self.junit {
            report::write_junit(path, &self.scenario, &all)?;
        }
        Ok(match all.iter().all(|played| played.failure.is_none()) {
            true => Verdict::Passed,
            false => Verdict::Failed,
        })
    }
}
