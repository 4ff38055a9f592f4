//! Project automation: `cargo xtask <command>`.
//!
//! Each command gets what it needs (the wasm32 target, npm packages, a browser) or says what is
//! missing and how to get it. Nothing here is shipped.

mod bench;
mod browser;
mod cli;
mod debian;
mod demo;
mod fuzz;
mod node;
mod package;
mod postgres;
mod process;
mod python;
mod restart;
mod rust;
mod soak;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;

use crate::cli::Command;
use crate::workspace::Workspace;

fn main() -> ExitCode {
    match cli::parse(lexopt::Parser::from_env()).and_then(run) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    match command {
        Command::Help => println!("{}", cli::HELP),
        Command::Wasm => println!("{}", package::build(&workspace)?),
        Command::Demo(options) => return demo::run(&workspace, &options),
        Command::OpenWhenReady { address } => demo::open_when_ready(&address)?,
        Command::Test(options) => return test::run(&workspace, options),
        Command::Tidy { fix } => return tidy::run(&workspace, fix),
        Command::Bench(options) => bench::run(&workspace, &options)?,
        Command::Fuzz(options) => fuzz::run(&workspace, &options)?,
        Command::Soak(options) => soak::run(&workspace, &options)?,
    }
    Ok(ExitCode::SUCCESS)
}
