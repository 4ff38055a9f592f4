//! The commands that are clients of a running sandbox, as their users run them.

use std::process::Stdio;

use axum::Router;
use axum::http::{HeaderMap, Uri};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::kit::{Limits, Server, program};

const BUYER: &str = "+254712345678";

/// A sandbox with a frozen clock, and its folder.
async fn start() -> (Server, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start("memory", folder.path()).await;
    (server, folder)
}

/// What a command printed, and whether it went well.
async fn run(server: &Server, line: &[&str]) -> (String, bool) {
    let output = program(Limits::None)
        .args(line)
        .env("AMANA_URL", server.url())
        .env("AMANA_NAMESPACE", "work")
        .output()
        .await
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (String::from_utf8(text).unwrap(), output.status.success())
}

async fn printed(server: &Server, line: &[&str]) -> String {
    let (text, well) = run(server, line).await;
    assert!(well, "{line:?}: {text}");
    text
}

async fn json_of(server: &Server, line: &[&str]) -> Value {
    let line = [line, &["--json"]].concat();
    serde_json::from_str(&printed(server, &line).await).unwrap()
}

#[tokio::test]
async fn phones_are_shown_changed_and_used() {
    let (server, _folder) = start().await;
    let set = [
        "phones",
        "set",
        BUYER,
        "--name",
        "Asha",
        "--balance",
        "10.00",
        "--collect",
        "manual",
    ];
    let phone = json_of(&server, &set).await;
    assert_eq!(
        (&phone["name"], &phone["balance"]),
        (&json!("Asha"), &json!("10.00"))
    );
    assert_eq!(phone["script"]["collect"], "manual");
    let list = printed(&server, &["phones"]).await;
    let lines: Vec<_> = list.lines().collect();
    assert!(lines[0].starts_with("msisdn         operator"), "{list}");
    assert!(
        lines[1].starts_with(BUYER) && lines[1].contains("10.00"),
        "{list}"
    );
    let shown = printed(&server, &["phones", "show", "0712345678"]).await;
    assert!(shown.contains("name       Asha\n"), "{shown}");
    let screen = printed(&server, &["phones", "dial", BUYER, "*999#"]).await;
    assert_eq!(screen, "Connection problem or invalid MMI code.\n");
    let sent = printed(&server, &["phones", "send", BUYER, "40404", "HELP"]).await;
    assert_eq!(sent, "id  msg_1\n");
    let messages = printed(&server, &["phones", "messages", BUYER]).await;
    assert!(messages.contains("HELP"), "{messages}");
    let (text, well) = run(&server, &["phones", "approve", BUYER, "--pin", "1234"]).await;
    assert!(
        !well && text.contains("prompt.unknown, field `/id`"),
        "{text}"
    );
}

#[tokio::test]
async fn faults_are_armed_listed_and_taken_away() {
    let (server, _folder) = start().await;
    let arm = [
        "faults", "arm", "status", "--status", "503", "--first", "2", "--for", "60s", "--path",
        "/x/*",
    ];
    let fault = json_of(&server, &arm).await;
    assert_eq!(
        (&fault["id"], &fault["leg"]),
        (&json!("flt_1"), &json!("request"))
    );
    assert_eq!(fault["with"], json!({"status": 503}));
    assert_eq!(fault["when"], json!({"first": 2, "skip": 0, "for": "60s"}));
    let list = printed(&server, &["faults"]).await;
    assert!(
        list.lines().count() == 2 && list.contains("flt_1"),
        "{list}"
    );
    let (text, well) = run(&server, &["faults", "arm", "drop", "--copies", "2"]).await;
    assert!(!well && text.contains("/with/copies"), "{text}");
    assert_eq!(printed(&server, &["faults", "disarm", "flt_1"]).await, "");
    assert_eq!(printed(&server, &["faults", "disarm", "--all"]).await, "");
    assert_eq!(json_of(&server, &["faults"]).await, json!({"faults": []}));
}

/// The next line that a command prints.
async fn next_line(lines: &mut tokio::io::Lines<BufReader<tokio::process::ChildStdout>>) -> String {
    lines.next_line().await.unwrap().unwrap()
}

#[tokio::test]
async fn the_log_is_shown_and_followed() {
    let (server, _folder) = start().await;
    printed(&server, &["phones", "set", BUYER, "--name", "Asha"]).await;
    let log = printed(
        &server,
        &["logs", "--type", "phone.*", "--phone", "0712345678"],
    )
    .await;
    assert!(
        log.lines().count() >= 2 && log.contains("phone.added"),
        "{log}"
    );
    let none = printed(&server, &["logs", "--search", "no such text"]).await;
    assert_eq!(none, "");
    let mut follower = program(Limits::None)
        .args([
            "logs",
            "--follow",
            "--json",
            "--type",
            "clock.*",
            "--namespace",
            "work",
        ])
        .args(["--url", server.url()])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(follower.stdout.take().unwrap()).lines();
    for by in ["1s", "2s"] {
        printed(&server, &["clock", "advance", by]).await;
        let event: Value = serde_json::from_str(&next_line(&mut lines).await).unwrap();
        assert_eq!(event["type"], "clock.advanced");
    }
}

#[tokio::test]
async fn callbacks_are_triggered_and_forwarded() {
    let (server, _folder) = start().await;
    let (sender, mut received) = mpsc::unbounded_channel();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let take = move |uri: Uri, _: HeaderMap, body: String| async move {
        sender.send((uri.path().to_owned(), body)).unwrap();
    };
    tokio::spawn(async { axum::serve(listener, Router::new().fallback(take)).await });
    let forward_to = format!("http://{address}/inbox");
    let mut forwarder = program(Limits::None)
        .args([
            "listen",
            "--forward-to",
            &forward_to,
            "--since",
            "0",
            "--json",
        ])
        .args(["--url", server.url(), "--namespace", "work"])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    // One that leads to callbacks, and one that is refused at once.
    let vectors = json_of(&server, &["vectors"]).await;
    let names: Vec<&str> = vectors
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|exchange| exchange["name"].as_str())
        .collect();
    let calls_back = names
        .iter()
        .find(|name| name.starts_with("stk_callback"))
        .unwrap();
    let exchange: Value =
        serde_json::from_str(&printed(&server, &["vectors", calls_back]).await).unwrap();
    assert_eq!(&exchange["name"], calls_back);
    printed(&server, &["trigger", calls_back]).await;
    let (path, body) = received.recv().await.unwrap();
    assert!(path.starts_with("/inbox/"), "{path}");
    assert!(body.contains("stkCallback"), "{body}");
    let mut lines = BufReader::new(forwarder.stdout.take().unwrap()).lines();
    let forwarded: Value = serde_json::from_str(&next_line(&mut lines).await).unwrap();
    assert_eq!(
        (&forwarded["path"], &forwarded["status"]),
        (&json!(path[6..]), &json!(200))
    );
    let answer = json_of(&server, &["trigger", "token.without_credentials"]).await;
    assert_eq!(answer["status"], 400);
    let (text, well) = run(&server, &["trigger", "no.such"]).await;
    assert!(!well && text.contains("`amana vectors`"), "{text}");
}

#[tokio::test]
async fn documents_and_completions_are_printed() {
    let (server, _folder) = start().await;
    let control: Value = serde_json::from_str(&printed(&server, &["openapi"]).await).unwrap();
    assert_eq!(control["openapi"], "3.1.0");
    let payments = json_of(&server, &["openapi", "payments"]).await;
    assert!(payments["paths"]["/payments/checkout"]["post"].is_object());
    let (text, well) = run(&server, &["openapi", "other"]).await;
    assert!(!well && text.contains("route.unknown"), "{text}");
    let (text, well) = run(&server, &["openapi", "../x"]).await;
    assert!(!well && text.contains("not the name"), "{text}");
    let script = printed(&server, &["completions", "bash"]).await;
    assert!(script.contains("_amana"), "{script}");
}
