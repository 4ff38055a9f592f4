//! The published exchanges against the sandbox: `amana verify vectors`, as its users run it.

#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says why and fails"
)]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// The sandbox as a process of its own; ended when dropped.
struct Server {
    child: Child,
    url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_amana"))
            .args(["serve", "--listen", "127.0.0.1:0", "--store", "memory"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the sandbox starts");
        let output = child.stdout.take().expect("its output is read");
        let url = BufReader::new(output)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("listening on ").map(str::to_owned))
            .expect("it says where it listens");
        Self { child, url }
    }

    fn verify(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_amana"))
            .args(["verify", "vectors", "--url", &self.url])
            .args(arguments)
            .output()
            .expect("it ends")
    }
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_sandbox_answers_as_published() {
    let server = Server::start();
    let output = server.verify(&[]);
    let text = printed(&output);
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let last = text.lines().last().expect("a line");
    let (passed, all) = last.split_once('/').expect("N/N");
    assert_eq!(passed, all);
    assert!(all.parse::<usize>().expect("a number") > 60, "{text}");
    // Nothing is left in the sandbox.
    let json = server.verify(&["--json", "--only", "token.accepted"]);
    let report: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(report["passed"], report["total"]);
    assert_eq!(report["exchanges"][0]["mismatches"], serde_json::json!([]));
}

#[test]
fn what_differs_is_named_and_fails() {
    let server = Server::start();
    let directory = tempfile::TempDir::new().expect("a directory");
    let file = directory.path().join("mine.json");
    let exchanges = r#"{
      "about": "One that is right and two that are not.", "clock": "2026-10-10T11:30:05.000Z",
      "sources": {"me": "made for this test"},
      "exchanges": [
        {"name": "right", "source": ["me"], "evidence": "inferred",
         "request": {"method": "GET", "host": "", "path": "/_amana/clock"},
         "response": {"status": 200, "content_type": "application/json", "json":
           {"mode": "frozen", "now": "2026-10-10T11:30:05.000Z", "scale": null, "next_due_at": null, "pending": 0},
           "exact": [""]}},
        {"name": "wrong", "source": ["me"], "evidence": "inferred", "note": "wrong on purpose",
         "request": {"method": "GET", "host": "", "path": "/_amana/clock"},
         "response": {"status": 201, "json": {"mode": 1}}},
        {"name": "never", "source": ["me"], "evidence": "inferred",
         "callback": {"path": "/never", "json": {}}}
      ]}"#;
    std::fs::write(&file, exchanges).expect("a file");
    let path = file.to_str().expect("a path");
    let output = server.verify(&["--file", path]);
    let text = printed(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    for line in [
        "file wrong",
        "  status: expected 201, got 200",
        "  /mode: expected a number, got a text \"frozen\"",
        "  note: wrong on purpose",
        "  callbacks to /never: expected 1, got 0",
        "1/3",
    ] {
        assert!(
            text.lines().any(|printed| printed == line),
            "{line}\n{text}"
        );
    }
    std::fs::write(&file, "{").expect("a file");
    let output = server.verify(&["--file", path]);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("mine.json"), "{error}");
    assert_eq!(
        server.verify(&["--provider", "nobody"]).status.code(),
        Some(2)
    );
}
