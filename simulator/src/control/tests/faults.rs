//! Faults armed by the API and seen from outside: by a caller on a socket, and by a receiver.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use super::callbacks::Receiver;
use super::{BUYER, TestApp};
use crate::serve::Doors;

const FAULTS: &str = "/_amana/faults";

async fn arm(app: &TestApp, rule: Value) -> String {
    let armed = app.ok("POST", FAULTS, rule).await;
    armed["id"].as_str().unwrap().to_owned()
}

async fn listed(app: &TestApp) -> Vec<Value> {
    let list = app.ok("GET", FAULTS, json!({})).await;
    list["faults"].as_array().unwrap().clone()
}

async fn callback_fault(app: &TestApp, kind: &str) {
    arm(
        app,
        json!({"leg": "callback", "kind": kind, "when": {"first": 1}}),
    )
    .await;
}

#[tokio::test]
async fn faults_are_armed_listed_and_taken_away() {
    let app = TestApp::new();
    let rule = json!({
        "leg": "request", "match": {"provider": "till", "operation": "collect"},
        "kind": "status", "with": {"status": 502},
        "when": {"first": 1, "probability": 1, "for": "60s"}, "expires": "5m",
    });
    let id = arm(&app, rule).await;
    let listed_before = listed(&app).await;
    assert_eq!(listed_before[0]["state"], "armed");
    assert_eq!(listed_before[0]["when"]["probability"], 1.0);
    assert_eq!(listed_before[0]["ends_at"], "2026-01-01T00:01:00.000Z");
    let order = json!({"phone": BUYER, "amount": "5", "url": "internal:test"});
    let refused = app.call("POST", "/till/collect", order).await;
    assert_eq!(refused.status, 502);
    app.collect("5").await;
    let spent = &listed(&app).await[0];
    assert_eq!(spent["state"], "spent");
    assert_eq!(
        (&spent["candidates"], &spent["fired"]),
        (&json!(1), &json!(1))
    );
    let fired = app.get("/_amana/events?type=fault.fired").await;
    assert_eq!(fired.json["events"][0]["data"]["fault"], id);
    let path = format!("{FAULTS}/{id}");
    assert_eq!(app.raw("DELETE", &path, "").await.status, 204);
    let gone = app.raw("DELETE", &path, "").await;
    gone.is_problem(404, "fault.unknown", Some("/id"));
    arm(&app, json!({"leg": "request", "kind": "reset"})).await;
    assert_eq!(app.raw("DELETE", FAULTS, "").await.status, 204);
    assert!(listed(&app).await.is_empty());
}

#[tokio::test]
async fn contradictions_are_refused_and_change_nothing() {
    let app = TestApp::new();
    let before = app.get("/_amana/state_hash").await.json;
    for (rule, code, field) in [
        (
            json!({"leg": "request", "kind": "drop"}),
            "request.field_invalid",
            "/kind",
        ),
        (json!({"leg": "request"}), "request.field_missing", "/kind"),
        (
            json!({"leg": "request", "kind": "status", "with": {"copies": 2}}),
            "request.field_invalid",
            "/with/copies",
        ),
        (
            json!({"leg": "request", "kind": "status", "when": {"probability": 1.5}}),
            "request.field_invalid",
            "/when/probability",
        ),
        (
            json!({"leg": "request", "kind": "status", "when": {"sometimes": true}}),
            "request.field_unknown",
            "/when/sometimes",
        ),
    ] {
        let refused = app.call("POST", FAULTS, rule).await;
        refused.is_problem(422, code, Some(field));
    }
    assert_eq!(app.get("/_amana/state_hash").await.json, before);
}

/// Sends an order over a socket; everything that came back until the connection ended, and how it
/// ended.
async fn order_by_socket(app: &TestApp) -> (String, std::io::Result<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = app.app.clone();
    let server = tokio::spawn(async move { Doors::plain(listener).serve(&served).await });
    let mut stream = TcpStream::connect(address).await.unwrap();
    let order = json!({"phone": BUYER, "amount": "5", "url": "internal:test"}).to_string();
    let request = format!(
        "POST /till/collect HTTP/1.1\r\nhost: {address}\r\ncontent-length: {}\r\n\r\n{order}",
        order.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    let ended = stream.read_to_end(&mut received).await.map(|_| ());
    server.abort();
    (String::from_utf8(received).unwrap(), ended)
}

#[tokio::test]
async fn a_reset_breaks_the_connection_without_a_byte() {
    for (rule, orders) in [
        (json!({"leg": "request", "kind": "reset"}), 0),
        (json!({"leg": "reply", "kind": "lost_reply"}), 1),
    ] {
        let app = TestApp::new();
        arm(&app, rule).await;
        let (received, ended) = order_by_socket(&app).await;
        assert_eq!(received, "");
        assert_eq!(
            ended.unwrap_err().kind(),
            std::io::ErrorKind::ConnectionReset
        );
        let seen = app.get("/_amana/events?type=till.ordered").await.json;
        assert_eq!(seen["events"].as_array().unwrap().len(), orders);
    }
}

#[tokio::test]
async fn a_truncated_answer_ends_before_what_it_announced() {
    for leg in ["request", "reply"] {
        let app = TestApp::new();
        arm(&app, json!({"leg": leg, "kind": "truncate"})).await;
        let (received, _) = order_by_socket(&app).await;
        let (head, body) = received.split_once("\r\n\r\n").unwrap();
        let announced = head.to_ascii_lowercase();
        let announced = announced.split("content-length: ").nth(1).unwrap();
        let announced: usize = announced.split("\r\n").next().unwrap().parse().unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        assert!(
            !body.is_empty() && body.len() < announced,
            "{leg}: {received}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn latency_holds_up_the_caller_and_nobody_else() {
    let app = Arc::new(TestApp::new());
    let rule = json!({"leg": "request", "kind": "latency", "with": {"delay": "3s"}});
    arm(&app, rule).await;
    let begin = Instant::now();
    let caller = Arc::clone(&app);
    let held_up = tokio::spawn(async move { caller.collect("5").await });
    tokio::task::yield_now().await;
    let seen = app.get("/_amana/events?type=till.ordered").await.json;
    assert_eq!(seen["events"], json!([]));
    assert_eq!(begin.elapsed(), Duration::ZERO);
    held_up.await.unwrap();
    assert_eq!(begin.elapsed(), Duration::from_secs(3));
    let seen = app.get("/_amana/events?type=till.ordered").await.json;
    assert_eq!(seen["events"].as_array().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn latency_goes_by_the_sandbox_clock() {
    let app = Arc::new(TestApp::new());
    let rule = json!({"leg": "reply", "kind": "latency", "with": {"delay": "1h"}});
    arm(&app, rule).await;
    let begin = Instant::now();
    let caller = Arc::clone(&app);
    let held_up = tokio::spawn(async move { caller.collect("5").await });
    tokio::task::yield_now().await;
    app.advance("1h").await;
    held_up.await.unwrap();
    assert_eq!(begin.elapsed(), Duration::ZERO);
}

const RIGHT: &str = r#"{"amount":5.00,"outcome":"approved"}"#;

#[tokio::test]
async fn the_receiver_sees_each_fault_as_it_was_armed() {
    for (kind, bodies) in [
        ("drop", vec![]),
        ("duplicate", vec![RIGHT, RIGHT]),
        ("delay", vec![RIGHT]),
        ("after_final", vec![RIGHT, RIGHT]),
        ("truncate", vec![r#"{"amount":5.00,"ou"#]),
        (
            "wrong_type",
            vec![r#"{"amount":"5.00","outcome":"approved"}"#],
        ),
        (
            "wrong_amount",
            vec![r#"{"amount":1.00,"outcome":"approved"}"#],
        ),
        ("bad_signature", vec![RIGHT]),
    ] {
        let (app, receiver) = (TestApp::new(), Receiver::start().await);
        callback_fault(&app, kind).await;
        app.order("/till/collect", "5", &receiver.url).await;
        app.advance("10m").await;
        assert_eq!(receiver.received(), bodies, "{kind}");
        let signed = receiver.header("x-webhook-signature").len();
        assert_eq!(signed, usize::from(kind == "bad_signature"));
        let shown = app.ok("GET", "/_amana/callbacks", json!({})).await;
        assert_eq!(shown["callbacks"][0]["faults"], json!([kind]));
        // It has healed.
        let before = receiver.received().len();
        app.order("/till/collect", "5", &receiver.url).await;
        app.advance("10m").await;
        assert_eq!(receiver.received()[before..], [RIGHT], "{kind}");
    }
}

#[tokio::test]
async fn a_callback_can_be_overtaken() {
    let (app, receiver) = (TestApp::new(), Receiver::start().await);
    callback_fault(&app, "reorder").await;
    for amount in ["1", "2", "3"] {
        app.order("/till/collect", amount, &receiver.url).await;
    }
    app.advance("10m").await;
    let amounts: Vec<_> = receiver
        .received()
        .iter()
        .map(|body| body[10..11].to_owned())
        .collect();
    assert_eq!(amounts.len(), 3);
    let place = |wanted: &str| amounts.iter().position(|amount| amount == wanted).unwrap();
    assert!(place("2") < place("1"), "{amounts:?}");
}

#[tokio::test]
async fn a_callback_can_come_before_the_answer() {
    let (app, receiver) = (TestApp::new(), Receiver::start().await);
    callback_fault(&app, "before_ack").await;
    app.order("/till/collect", "5", &receiver.url).await;
    assert_eq!(receiver.received(), [RIGHT]);
    app.advance("10m").await;
    assert_eq!(receiver.received(), [RIGHT]);
}
