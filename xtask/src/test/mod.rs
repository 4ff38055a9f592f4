//! `cargo xtask test`: every check and every test. Continuous integration runs nothing else.
//!
//! All steps are run even if one fails, except those that need what a failed one would have made.

mod clients;
mod report;
mod steps;
mod tally;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;

use crate::cli;
use crate::workspace::Workspace;
use report::{Line, Report};
use steps::STEPS;
pub use tally::Tally;

/// What every step is given.
pub struct Context<'a> {
    /// Where things are.
    pub workspace: &'a Workspace,
    /// What to leave out.
    pub options: cli::Test,
}

/// One row of the table.
pub struct Step {
    /// Its name in the table, also for [`Self::needs`].
    pub name: &'static str,
    /// The earlier steps that must have passed.
    pub needs: &'static [&'static str],
    /// Does it. An error counts as one failure.
    pub run: fn(&Context<'_>) -> Result<Outcome>,
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It ran; the tests in it passed or failed.
    Ran(Tally),
    /// It was left out on purpose, because of this.
    Skipped(String),
}

/// Runs every step and prints the table. Succeeds if nothing failed.
pub fn run(workspace: &Workspace, options: cli::Test) -> Result<ExitCode> {
    let context = Context { workspace, options };
    let mut report = Report::default();
    for step in STEPS {
        eprintln!("\n=== {} ===", step.name);
        let start = Instant::now();
        let outcome = match step.needs.iter().find(|name| !report.passed(name)) {
            Some(name) => Err(anyhow::anyhow!("`{name}` did not pass")),
            None => (step.run)(&context),
        };
        let line = Line::new(step.name, outcome, start.elapsed());
        if let Some(note) = &line.note {
            eprintln!("{}: {note}", step.name);
        }
        report.lines.push(line);
    }
    println!("\n{report}");
    Ok(match report.total().failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}
