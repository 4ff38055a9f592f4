//! `amana completions`: what a shell needs to complete the command line.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;

use super::Cli;

/// For which shell.
#[derive(Debug, clap::Args)]
pub struct CompletionsOptions {
    /// The shell
    pub shell: Shell,
}

impl CompletionsOptions {
    /// Prints the script.
    ///
    /// # Errors
    /// If it cannot be printed.
    pub fn run(&self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(&script(self.shell))?;
        out.flush()
    }
}

/// The script for a shell.
pub(super) fn script(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "amana", &mut script);
    script
}
