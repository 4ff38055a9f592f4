//! Mock servers of others as peers: each a process of its own, with a stub of one exchange.

mod mockoon;
mod wiremock;

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::load;
use crate::node;
use crate::workspace::Workspace;

/// How long one may take to start.
const PATIENCE: Duration = Duration::from_secs(60);
/// The file with what it complains of, in its folder.
const COMPLAINTS: &str = "complaints.txt";

/// What is answered to whom: the same JSON to every POST to the path.
pub struct Stub {
    /// Path, from the slash at its beginning.
    pub path: &'static str,
    /// The body of the answer.
    pub answer: Value,
}

/// A running mock server; it is ended when it is dropped, or with this program.
pub struct MockServer {
    child: Child,
    address: SocketAddr,
    /// Holds its configuration.
    folder: TempDir,
}

/// Where a mock server is to listen, and what it finds there.
struct Place<'a> {
    /// The npm packages, as they were installed.
    packages: PathBuf,
    folder: &'a Path,
    address: SocketAddr,
}

/// Writes the stub in the place, as the mock server wants it, and answers how that is started.
type Prepare = fn(&Stub, &Place<'_>) -> Result<Command>;

impl MockServer {
    /// WireMock, which needs Java.
    ///
    /// # Errors
    /// If it cannot be had, or does not start.
    pub fn wiremock(workspace: &Workspace, stub: &Stub) -> Result<Self> {
        Self::start(workspace, stub, wiremock::prepare).context("no WireMock to measure beside")
    }

    /// Mockoon, in Node.
    ///
    /// # Errors
    /// If it cannot be had, or does not start.
    pub fn mockoon(workspace: &Workspace, stub: &Stub) -> Result<Self> {
        Self::start(workspace, stub, mockoon::prepare).context("no Mockoon to measure beside")
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    fn start(workspace: &Workspace, stub: &Stub, prepare: Prepare) -> Result<Self> {
        let packages = workspace.root.join("simulator/bench");
        node::ensure()?;
        node::install(&packages)?;
        let folder = TempDir::new()?;
        let address = free_address()?;
        let place = Place {
            packages: packages.join("node_modules"),
            folder: folder.path(),
            address,
        };
        let complaints = File::create(folder.path().join(COMPLAINTS))?;
        let child = prepare(stub, &place)?
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(complaints)
            .spawn()?;
        let mut server = Self {
            child,
            address,
            folder,
        };
        server.wait_for(stub)?;
        Ok(server)
    }

    /// Waits until it answers, and checks what.
    fn wait_for(&mut self, stub: &Stub) -> Result<()> {
        let begin = Instant::now();
        let answer = loop {
            match load::send(self.address, "POST", stub.path, &json!({})) {
                Ok(answer) => break answer,
                Err(error) => self.is_still_starting(begin).context(error)?,
            }
            thread::sleep(Duration::from_millis(50));
        };
        let answer: Value = serde_json::from_str(&answer)?;
        ensure!(answer == stub.answer, "it answers {answer}");
        Ok(())
    }

    fn is_still_starting(&mut self, begin: Instant) -> Result<()> {
        let ended = self.child.try_wait()?;
        if ended.is_none() && begin.elapsed() < PATIENCE {
            return Ok(());
        }
        let complaints = fs::read_to_string(self.folder.path().join(COMPLAINTS))?;
        bail!("it does not start: {complaints}")
    }
}

impl Drop for MockServer {
    fn drop(&mut self) {
        // One that has ended already need not be ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address of this machine alone where nothing listens.
fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
