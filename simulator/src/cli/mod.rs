//! The command `amana`.

mod ca;
mod completions;
mod file;

use std::ffi::OsString;
use std::fmt;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub use self::ca::CaOptions;
pub use self::completions::CompletionsOptions;
pub use self::file::FileError;
use crate::client::ClientCommand;
use crate::config::Config;

/// A sandbox of mobile-money providers.
#[derive(Debug, Parser)]
#[command(name = "amana", version)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What the command does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the sandbox
    Serve(Box<Config>),
    /// Print the certificate that clients of the sandbox's HTTPS trust; made on first use
    Ca(CaOptions),
    /// Print a script that lets a shell complete this command
    Completions(CompletionsOptions),
    /// What is asked of a running sandbox
    #[command(flatten)]
    Client(ClientCommand),
}

/// Why the command line cannot be carried out.
#[derive(Debug)]
pub enum CliError {
    /// It is wrong, or asks for help.
    Line(clap::Error),
    /// The configuration file is.
    File(FileError),
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(error) => error.fmt(f),
            Self::File(error) => writeln!(f, "error: {error}"),
        }
    }
}

impl std::error::Error for CliError {}

impl From<clap::Error> for CliError {
    fn from(error: clap::Error) -> Self {
        Self::Line(error)
    }
}

impl From<FileError> for CliError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl CliError {
    /// Prints itself as its kind is printed, and ends the process.
    pub fn exit(self) -> ! {
        match self {
            Self::Line(error) => error.exit(),
            Self::File(_) => {
                eprint!("{self}");
                std::process::exit(2)
            }
        }
    }
}

impl Cli {
    /// Reads the command line; without any argument the sandbox is served.
    ///
    /// # Errors
    /// If the line or the configuration file it names is wrong.
    pub fn read(line: impl IntoIterator<Item = OsString>) -> Result<Self, CliError> {
        let mut line: Vec<OsString> = line.into_iter().collect();
        if line.len() < 2 {
            line.push("serve".into());
        }
        let command = Self::command();
        let matches = command.clone().try_get_matches_from(&line)?;
        let matches = match file::named_by(&matches) {
            None => matches,
            Some(path) => file::apply(command, &path)?.try_get_matches_from(&line)?,
        };
        Ok(Self::from_arg_matches(&matches)?)
    }
}

#[cfg(test)]
mod tests;
