//! The program `amana` as a process.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::Client;

const AMANA: &str = env!("CARGO_BIN_EXE_amana");

/// Whether the process must bear a limit on the size of its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// As everybody.
    None,
    /// Like on a disk: a write that does not fit fails, instead of ending the process.
    Files,
}

/// A sandbox that serves; it ends by force when it is dropped.
pub struct Server {
    child: Child,
    url: String,
    log: PathBuf,
}

impl Server {
    /// Starts one with a frozen clock; waits until it serves.
    pub async fn start(store: &str, folder: &Path) -> Self {
        Self::start_with(store, folder, &["--clock", "frozen"], Limits::None).await
    }

    /// Starts one with these options; waits until it serves.
    pub async fn start_with(store: &str, folder: &Path, options: &[&str], limits: Limits) -> Self {
        let log = folder.join("log");
        match Self::launch(program(limits), store, &log, options).await {
            Ok(server) => server,
            Err(log) => panic!("the server did not start: {log}"),
        }
    }

    /// Starts one by this command; answers its log if it ends before it serves.
    pub async fn launch(
        mut command: Command,
        store: &str,
        log: &Path,
        options: &[&str],
    ) -> Result<Self, String> {
        let kept = std::fs::File::options()
            .create(true)
            .append(true)
            .open(log)
            .unwrap();
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--store", store])
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(kept)
            .kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let Some(line) = lines.next_line().await.unwrap() else {
            let status = child.wait().await.unwrap();
            assert!(!status.success(), "it ended well without serving");
            return Err(std::fs::read_to_string(log).unwrap());
        };
        let url = line.strip_prefix("listening on ").unwrap().to_owned();
        Ok(Self {
            child,
            url,
            log: log.to_owned(),
        })
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A client in a namespace of this server.
    pub fn client(&self, namespace: &str) -> Client {
        Client::new(&self.url, namespace)
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// `kill -9`.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Asks it to end, and waits until it has.
    pub async fn stop(mut self) {
        let mut kill = Command::new("kill");
        let asked = kill.arg(self.id().to_string()).status().await.unwrap();
        assert!(asked.success());
        assert!(self.child.wait().await.unwrap().success());
    }
}

/// The program, where it was built.
pub fn program(limits: Limits) -> Command {
    match limits {
        Limits::None => Command::new(AMANA),
        Limits::Files => {
            let mut shell = Command::new("sh");
            shell.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", AMANA]);
            shell
        }
    }
}
