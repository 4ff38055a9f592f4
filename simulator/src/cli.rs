//! The command `amana`.

use clap::{Parser, Subcommand};

use crate::config::Config;

/// A sandbox of mobile-money providers.
#[derive(Debug, Parser)]
#[command(name = "amana", version)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Reads the command line; without any argument the sandbox is served. Ends the process if the
    /// line is wrong or asks for help.
    pub fn parse_or_serve() -> Self {
        let mut line: Vec<_> = std::env::args_os().collect();
        if line.len() < 2 {
            line.push("serve".into());
        }
        Self::parse_from(line)
    }
}

/// What the command does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the sandbox
    Serve(Box<Config>),
}
