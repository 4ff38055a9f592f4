//! Every route of the control API, in one place: each is called and must do what it is for.

use serde_json::{Value, json};

use super::{BUYER, TestApp};

/// The calls of the contract, in an order in which each can go well: method, path, body, status.
fn calls() -> Vec<(&'static str, String, Value, u16)> {
    let phone = |rest: &str| format!("/_amana/phones/{BUYER}{rest}");
    let path = |text: &str| text.to_owned();
    let none = Value::Null;
    let fault = json!({"leg": "callback", "kind": "drop"});
    let call = |method, path: String, body: &Value, status| (method, path, body.clone(), status);
    vec![
        call("GET", path("/_amana/health"), &none, 200),
        call("GET", path("/_amana/settings"), &none, 200),
        call("PATCH", path("/_amana/settings"), &json!({"seed": 3}), 200),
        call("GET", path("/_amana/invariants"), &none, 200),
        call("GET", path("/_amana/state_hash"), &none, 200),
        call("GET", path("/_amana/namespaces"), &none, 200),
        call(
            "PUT",
            path("/_amana/namespaces/a"),
            &json!({"seed": 2}),
            201,
        ),
        call("DELETE", path("/_amana/namespaces/a"), &none, 204),
        call("GET", path("/_amana/clock"), &none, 200),
        call(
            "PUT",
            path("/_amana/clock"),
            &json!({"mode": "frozen"}),
            200,
        ),
        call(
            "POST",
            path("/_amana/clock/advance"),
            &json!({"by": "1s"}),
            200,
        ),
        call(
            "PUT",
            phone(""),
            &json!({"script": {"collect": "manual"}}),
            200,
        ),
        call("GET", path("/_amana/phones"), &none, 200),
        call("GET", phone(""), &none, 200),
        call("GET", phone("/prompts"), &none, 200),
        call(
            "POST",
            phone("/prompts/current"),
            &json!({"action": "approve"}),
            200,
        ),
        call("GET", phone("/messages"), &none, 200),
        call(
            "POST",
            phone("/messages"),
            &json!({"to": "40404", "text": "HELP"}),
            201,
        ),
        call("POST", phone("/ussd"), &json!({"dial": "*999#"}), 200),
        call("GET", phone("/ledger"), &none, 200),
        call("GET", path("/_amana/magic"), &none, 200),
        call("POST", path("/_amana/faults"), &fault, 201),
        call("GET", path("/_amana/faults"), &none, 200),
        call("DELETE", path("/_amana/faults/flt_1"), &none, 204),
        call("DELETE", path("/_amana/faults"), &none, 204),
        call("GET", path("/_amana/events"), &none, 200),
        call(
            "POST",
            path("/_amana/wait"),
            &json!({"type": "phone.*"}),
            200,
        ),
        call("GET", path("/_amana/callbacks"), &none, 200),
        call("POST", path("/_amana/callbacks/cb_1/resend"), &none, 202),
        call(
            "POST",
            path("/_amana/callbacks/resend"),
            &json!({"from": "cb_1", "to": "cb_1"}),
            202,
        ),
        call("GET", path("/_amana/snapshot"), &none, 200),
        call("POST", path("/_amana/reset"), &none, 204),
    ]
}

#[tokio::test]
async fn every_route_of_the_contract_is_served() {
    let app = TestApp::new();
    let change = json!({"script": {"collect": "manual"}});
    app.ok("PUT", &format!("/_amana/phones/{BUYER}"), change)
        .await;
    app.collect("5").await;
    let mut snapshot = Value::Null;
    for (method, path, body, status) in calls() {
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        let answer = app.raw(method, &path, body).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.json);
        if path == "/_amana/snapshot" {
            snapshot = answer.json;
        }
        if path.ends_with("/current") {
            // So that there is a callback to make again.
            app.advance("5s").await;
        }
    }
    let before = snapshot["state_hash"].clone();
    let restored = app.call("PUT", "/_amana/snapshot", snapshot).await;
    assert_eq!(
        (restored.status, &restored.json["state_hash"]),
        (200, &before)
    );
    let request = axum::http::Request::get("/_amana/events/stream?since=0");
    let stream = app
        .send(request.body(axum::body::Body::empty()).unwrap())
        .await;
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
}

#[tokio::test]
async fn every_route_acts_on_the_namespace_of_the_path() {
    let app = TestApp::new();
    for (method, path, _, _) in calls() {
        // Whatever it answers to nonsense, it is served and leaves `default` alone.
        let answer = app
            .raw(method, &format!("/ns/other{path}"), "{\"x\": 1}")
            .await;
        assert_ne!(answer.json["code"], "route.unknown", "{method} {path}");
        assert_ne!(answer.status, 405, "{method} {path}");
    }
    let hashes = app.ok("GET", "/_amana/state_hash", json!({})).await;
    assert_eq!(hashes["seq"], 0);
}
