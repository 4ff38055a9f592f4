//! The released program as a process: how soon it answers, and what it takes up when idle.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::load;
use crate::bench::measurement::Measurement;
use crate::process;
use crate::workspace::Workspace;

/// The bars.
const FIRST_ANSWER_MS: f64 = 50.0;
const MEMORY_MB: f64 = 20.0;
/// How often it is started; the middle one counts.
const STARTS: usize = 11;
const BYTES_OF_A_MB: f64 = 1_000_000.0;

/// Builds the program as it is released; where it is.
fn released(workspace: &Workspace) -> Result<PathBuf> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--quiet", "--release", "--package=amana-simulator"]);
    process::run(cargo.arg("--bin=amana"))?;
    let name = format!("amana{}", std::env::consts::EXE_SUFFIX);
    Ok(workspace.target.join("release").join(name))
}

/// A sandbox with an empty file as its journal.
struct Sandbox {
    child: Child,
    address: SocketAddr,
    _folder: TempDir,
}

impl Sandbox {
    /// Starts one and waits until it says where it listens.
    fn start(program: &Path) -> Result<Self> {
        let folder = TempDir::new()?;
        let store = format!("sqlite:{}", folder.path().join("amana.db").display());
        let mut child = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--store", &store])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let output = child.stdout.take().context("the output is piped")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().rsplit('/').next().unwrap_or_default().parse();
        Ok(Self {
            child,
            address: address.with_context(|| format!("it says {line:?}"))?,
            _folder: folder,
        })
    }

    fn ask(&self) -> Result<()> {
        load::get(self.address, "/_amana/health", "accept: */*").map(drop)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // One that has ended already need not be ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// From the start of the process to its first answer, in milliseconds.
#[expect(clippy::float_arithmetic, reason = "a measurement is no money")]
pub fn first_answer(workspace: &Workspace) -> Result<Measurement> {
    let program = released(workspace)?;
    let mut waits = Vec::new();
    for _ in 0..STARTS {
        let begin = Instant::now();
        Sandbox::start(&program)?.ask()?;
        waits.push(begin.elapsed().as_secs_f64() * 1_000.0);
    }
    waits.sort_by(f64::total_cmp);
    Ok(Measurement {
        value: waits[STARTS / 2],
        unit: "ms",
        peer: Some(("the bar", FIRST_ANSWER_MS)),
    })
}

/// Resident memory after the first answers, in MB.
#[expect(clippy::float_arithmetic, reason = "a measurement is no money")]
pub fn memory(workspace: &Workspace) -> Result<Measurement> {
    let sandbox = Sandbox::start(&released(workspace)?)?;
    for _ in 0..10 {
        sandbox.ask()?;
    }
    Ok(Measurement {
        value: resident(sandbox.child.id())? / BYTES_OF_A_MB,
        unit: "MB",
        peer: Some(("the bar", MEMORY_MB)),
    })
}

/// Resident bytes of a process: as Linux says, or elsewhere `ps`.
#[expect(clippy::float_arithmetic, reason = "a measurement is no money")]
fn resident(id: u32) -> Result<f64> {
    let text = match std::fs::read_to_string(format!("/proc/{id}/status")) {
        Ok(status) => {
            let mut lines = status.lines();
            let line = lines.find_map(|line| line.strip_prefix("VmRSS:"));
            line.unwrap_or_default().replace("kB", "")
        }
        Err(_) => {
            let mut ps = Command::new("ps");
            process::capture(ps.args(["-o", "rss=", "-p", &id.to_string()]))?
        }
    };
    let kibibytes: u32 = text.trim().parse()?;
    Ok(f64::from(kibibytes) * 1024.0)
}
