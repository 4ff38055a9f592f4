//! The released program as a process: how soon it answers, and what it takes up when idle.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::load;
use crate::bench::measurement::Measurement;
use crate::process;
use crate::workspace::Workspace;

/// The bars.
const FIRST_ANSWER_MS: f64 = 50.0;
const MEMORY_MB: f64 = 20.0;
const RESET_MS: f64 = 50.0;
const WAIT_MS: f64 = 50.0;
/// How often something is done whose time is taken; the middle one counts.
const TIMES: usize = 11;
/// Phones that a reset forgets.
const PHONES: usize = 500;
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

    /// Names a phone, which comes into use by that.
    fn name_phone(&self, number: usize) -> Result<()> {
        let path = format!("/_amana/phones/+254712{number:06}");
        load::send(self.address, "PUT", &path, &json!({"name": "Achieng"})).map(drop)
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
pub fn first_answer(workspace: &Workspace) -> Result<Measurement> {
    let program = released(workspace)?;
    timed(FIRST_ANSWER_MS, || {
        let begin = Instant::now();
        Sandbox::start(&program)?.ask()?;
        Ok(begin.elapsed())
    })
}

/// A reset of a namespace with many phones, in milliseconds.
pub fn reset(workspace: &Workspace) -> Result<Measurement> {
    let sandbox = Sandbox::start(&released(workspace)?)?;
    timed(RESET_MS, || {
        for number in 0..PHONES {
            sandbox.name_phone(number)?;
        }
        let begin = Instant::now();
        load::send(sandbox.address, "POST", "/_amana/reset", &json!({}))?;
        Ok(begin.elapsed())
    })
}

/// From the answer to what caused an event to the answer to who waited for it, in milliseconds.
pub fn wait(workspace: &Workspace) -> Result<Measurement> {
    let sandbox = Sandbox::start(&released(workspace)?)?;
    let mut since = 0;
    timed(WAIT_MS, || {
        let wait = json!({"type": "phone.changed", "since": since, "timeout_ms": 10_000});
        let address = sandbox.address;
        let waiting = std::thread::spawn(move || {
            let event = load::send(address, "POST", "/_amana/wait", &wait)?;
            anyhow::Ok((event, Instant::now()))
        });
        // The one who waits comes first.
        std::thread::sleep(Duration::from_millis(20));
        sandbox.name_phone(0)?;
        let happened = Instant::now();
        let (event, heard) = waiting.join().ok().context("who waits panicked")??;
        let event: Value = serde_json::from_str(&event)?;
        since = event["seq"].as_u64().context("an event without a number")?;
        Ok(heard.saturating_duration_since(happened))
    })
}

/// The middle of several times, beside the bar.
#[expect(clippy::float_arithmetic, reason = "a measurement is no money")]
fn timed(bar_ms: f64, mut once: impl FnMut() -> Result<Duration>) -> Result<Measurement> {
    let mut times = Vec::new();
    for _ in 0..TIMES {
        times.push(once()?.as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok(Measurement {
        value: times[TIMES / 2],
        unit: "ms",
        peer: Some(("the bar", bar_ms)),
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
