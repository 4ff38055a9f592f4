//! The story of the README, run as it is printed: its shell commands against the real binary.

#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says why and fails"
)]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

const README: &str = include_str!("../../README.md");

/// The sandbox as a process of its own; ended when dropped.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_amana"))
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--store",
                "memory",
                "--seed",
                "1",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the sandbox starts");
        let output = child.stdout.take().expect("its output is read");
        let address = BufReader::new(output)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("listening on ").map(str::to_owned))
            .expect("it says where it listens");
        Self { child, address }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The shell commands under this heading.
fn commands(heading: &str) -> &'static str {
    let (_, section) = README.split_once(heading).expect("the heading is there");
    let (_, code) = section.split_once("```sh\n").expect("commands follow");
    code.split_once("```").expect("they end").0
}

#[test]
fn the_story_of_the_readme() {
    let server = Server::start();
    let script = commands("## Try it with curl").replace("http://127.0.0.1:4600", &server.address);
    // Each command on its own line, so that answers can be told apart.
    let script = format!("set -eu\ncurl() {{ command curl \"$@\"; echo; }}\n{script}");
    let output = Command::new("bash")
        .arg("-c")
        .arg(&script)
        .output()
        .expect("bash and curl");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let answers: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect();
    let [
        contract,
        checkout,
        prompt,
        locked,
        messages,
        _,
        _,
        released,
        seller,
        invariants,
    ] = &answers[..]
    else {
        panic!("{} answers: {text}", answers.len());
    };
    assert_eq!(contract["contract_id"], "AG-2024-001234");
    assert_eq!(checkout["transaction_id"], "TXN-AG-2024-001234-001");
    assert_eq!(checkout["status"], "pending");
    assert_eq!(prompt["outcome"], "approved");
    assert_eq!(locked["status"], "locked");
    assert_eq!(
        messages["messages"][0]["text"],
        "VoicePact Payment Received:\nContract: AG-2024-001234\nAmount: KES 350,000.00\n\
         Status: Processing\nYou will receive confirmation shortly."
    );
    assert_eq!(released["status"], "released");
    assert_eq!(released["recipient_phone"], "+254723456789");
    assert_eq!(seller["balance"], "850000.00");
    assert_eq!(invariants["ok"], true);
}
