//! The command `amana`.

use std::future::Future;
use std::process::ExitCode;

use amana_simulator::client::Verdict;
use amana_simulator::{Cli, Command, serve};
use mimalloc::MiMalloc;

/// Many small things of many sizes live long here, which the allocator of most systems is slow at.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::read(std::env::args_os()).unwrap_or_else(|error| error.exit());
    let done = match cli.command {
        Command::Serve(config) => {
            log();
            run(async { serve(&config).await.map(|()| Verdict::Passed) })
        }
        Command::Ca(options) => options
            .run()
            .map(|()| Verdict::Passed)
            .map_err(|error| error.to_string()),
        Command::Completions(options) => options
            .run()
            .map(|()| Verdict::Passed)
            .map_err(|error| format!("cannot print: {error}")),
        Command::Client(command) => run(command.run()),
    };
    match done {
        Ok(Verdict::Passed) => ExitCode::SUCCESS,
        Ok(Verdict::Failed) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The server keeps a log; the other commands print what they are for.
fn log() {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_target(false)
        .init();
}

fn run<E: ToString>(work: impl Future<Output = Result<Verdict, E>>) -> Result<Verdict, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => runtime.block_on(work).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    }
}
