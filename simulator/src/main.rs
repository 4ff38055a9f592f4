//! The command `amana`.

use std::process::ExitCode;

use amana_simulator::{Cli, Command, Config, serve};

fn main() -> ExitCode {
    let cli = Cli::read(std::env::args_os()).unwrap_or_else(|error| error.exit());
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_target(false)
        .init();
    let done = match cli.command {
        Command::Serve(config) => run(&config),
        Command::Ca(options) => options.run().map_err(|error| error.to_string()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(config: &Config) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => runtime
            .block_on(serve(config))
            .map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    }
}
