//! `cargo xtask demo`: the sandbox with its page, from the sources.

use std::net::TcpStream;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::workspace::Workspace;
use crate::{cli, node, package, process};

/// How long a browser waits for the sandbox to answer.
const OPEN_WAIT_MAX: Duration = Duration::from_secs(30);

/// Builds what is asked for, then becomes the sandbox.
pub fn run(workspace: &Workspace, options: &cli::Demo) -> Result<ExitCode> {
    if options.page {
        println!("{}", package::build(workspace)?);
        build_page(workspace)?;
    }
    build_sandbox(workspace)?;
    let address = format!("127.0.0.1:{}", options.port);
    if options.open {
        Command::new(std::env::current_exe()?)
            .args(["open-when-ready", &address])
            .stdin(Stdio::null())
            .spawn()?;
    }
    let mut sandbox = Command::new(workspace.sandbox());
    sandbox
        .current_dir(&workspace.root)
        .args(["serve", "--listen", &address, "--store", "memory"]);
    if options.page {
        sandbox.args(["--page", "web-demo/dist"]);
    }
    let what = if options.page { "page" } else { "sandbox" };
    println!("\n  the {what}: http://{address}/\n  Ctrl-C ends it\n");
    become_program(sandbox)
}

/// Installs the page's packages and builds it into `web-demo/dist`.
pub fn build_page(workspace: &Workspace) -> Result<()> {
    let page = workspace.page();
    ensure!(
        page.join("package.json").is_file(),
        "there is no web-demo/package.json: `--no-page` serves the sandbox alone"
    );
    node::install(&page)?;
    process::run(node::npm(&page).args(["run", "build"]))
}

/// Builds the program `amana`.
pub fn build_sandbox(workspace: &Workspace) -> Result<()> {
    process::run(
        workspace
            .cargo()
            .args(["build", "--package=amana-simulator", "--bin=amana"]),
    )
}

/// Replaces this process, so that a signal reaches the sandbox itself and no orphan is left.
#[cfg(unix)]
fn become_program(mut program: Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;

    Err(program.exec()).with_context(|| format!("cannot start `{}`", process::line(&program)))
}

/// Runs it to its end. Ctrl-C reaches every process of the console.
#[cfg(not(unix))]
fn become_program(mut program: Command) -> Result<ExitCode> {
    let status = program
        .status()
        .with_context(|| format!("cannot start `{}`", process::line(&program)))?;
    Ok(match status.success() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Waits until the sandbox takes connections, then shows its page.
pub fn open_when_ready(address: &str) -> Result<()> {
    let start = Instant::now();
    while TcpStream::connect(address).is_err() {
        if start.elapsed() > OPEN_WAIT_MAX {
            bail!("nothing answers at {address}");
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let url = format!("http://{address}/");
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        Command::new("explorer")
    } else {
        Command::new("xdg-open")
    };
    process::run(command.arg(&url)).with_context(|| format!("open {url} yourself"))
}
