//! Health, settings, invariants, snapshot, hashes, reset, and what is nobody's.

use serde_json::{Value, json};

use super::{BUYER, TestApp};

#[tokio::test]
async fn health_says_what_answers() {
    let app = TestApp::new();
    let health = app.ok("GET", "/_amana/health", json!({})).await;
    assert_eq!(health["status"], "ok");
    assert_eq!(health["namespace"], "default");
    assert_eq!(health["store"], "memory");
    assert_eq!(health["now"], "2026-01-01T00:00:00.000Z");
    let other = app.ok("GET", "/ns/ci-7/_amana/health", json!({})).await;
    assert_eq!(other["namespace"], "ci-7");
    let answer = app.call("DELETE", "/_amana/health", json!({})).await;
    answer.is_problem(405, "route.method_not_allowed", None);
}

#[tokio::test]
async fn what_nobody_serves_is_not_found() {
    let app = TestApp::new();
    for path in [
        "/_amana",
        "/_amana/",
        "/_amana/other",
        "/other",
        "/ns/a/other",
        "/api/v2/x",
    ] {
        app.get(path).await.is_problem(404, "route.unknown", None);
    }
    let welcome = app.get("/").await;
    assert!(welcome.json.as_str().unwrap().contains("/_amana/"));
}

#[tokio::test]
async fn settings_are_patched_or_refused_whole() {
    let app = TestApp::new();
    let before = app.ok("GET", "/_amana/settings", json!({})).await;
    assert_eq!(before["seed"], 1);
    assert_eq!(before["daraja"]["shortcodes"][0]["shortcode"], "174379");
    let patch = json!({"phones": {"default_balance": "10.00"}, "seed": 5});
    let after = app.ok("PATCH", "/_amana/settings", patch).await;
    assert_eq!(after["phones"]["default_balance"], "10.00");
    assert_eq!(
        after["phones"]["default_script"],
        before["phones"]["default_script"]
    );
    let phone = app.ok("GET", "/_amana/phones/0712345678", json!({})).await;
    assert_eq!(phone["balance"], "10.00");
    let path = "/_amana/settings";
    let wrong = app
        .call("PATCH", path, json!({"seed": 6, "gateway": {"fee": 1}}))
        .await;
    wrong.is_problem(422, "request.field_unknown", Some("/gateway/fee"));
    let wrong = app.call("PATCH", path, json!({"seed": "x"})).await;
    wrong.is_problem(422, "request.field_invalid", Some("/seed"));
    let wrong = app.raw("PATCH", path, "{\"seed\":").await;
    wrong.is_problem(400, "request.malformed", None);
    assert_eq!(app.ok("GET", path, json!({})).await["seed"], 5);
}

#[tokio::test]
async fn a_body_has_a_largest_size() {
    let app = TestApp::new();
    let body = "x".repeat(1024 * 1024 + 1);
    let answer = app.raw("PATCH", "/_amana/settings", body.clone()).await;
    answer.is_problem(413, "request.too_large", None);
    app.raw("POST", "/till/collect", body)
        .await
        .is_problem(413, "request.too_large", None);
}

#[tokio::test]
async fn headers_have_a_largest_size() {
    let app = TestApp::new();
    for path in ["/_amana/health", "/till/collect"] {
        let request = axum::http::Request::get(path).header("x-long", "x".repeat(33 * 1024));
        let response = app.send(request.body(axum::body::Body::empty()).unwrap());
        assert_eq!(response.await.status(), 431, "{path}");
    }
}

#[tokio::test]
async fn invariants_hold_and_are_named() {
    let app = TestApp::new();
    app.collect("5").await;
    let answer = app.ok("GET", "/_amana/invariants", json!({})).await;
    assert_eq!(answer["ok"], true);
    assert!(answer["checks"].as_array().unwrap().len() >= 6);
    assert!(
        answer["checks"]
            .as_array()
            .unwrap()
            .iter()
            .all(|check| check["name"].is_string())
    );
}

async fn hashes(app: &TestApp) -> Value {
    app.ok("GET", "/_amana/state_hash", json!({})).await
}

#[tokio::test]
async fn restoring_a_snapshot_gives_the_same_hashes() {
    let app = TestApp::new();
    app.collect("5").await;
    let before = hashes(&app).await;
    let snapshot = app.ok("GET", "/_amana/snapshot", json!({})).await;
    app.advance("5m").await;
    assert_ne!(hashes(&app).await, before);
    let restored = app.ok("PUT", "/_amana/snapshot", snapshot.clone()).await;
    assert_eq!(restored, before);
    assert_eq!(hashes(&app).await, before);
    // It goes on from there as if nothing had been.
    app.advance("5m").await;
    let first = hashes(&app).await;
    app.ok("PUT", "/_amana/snapshot", snapshot.clone()).await;
    app.advance("5m").await;
    assert_eq!(hashes(&app).await, first);
    let copied = app.ok("PUT", "/ns/copy/_amana/snapshot", snapshot).await;
    assert_eq!(copied, before);
}

#[tokio::test]
async fn a_damaged_snapshot_changes_nothing() {
    let app = TestApp::new();
    app.collect("5").await;
    let before = hashes(&app).await;
    let path = "/_amana/snapshot";
    let snapshot = app.ok("GET", path, json!({})).await;
    let mut changed = snapshot.clone();
    changed["state"]["seq"] = json!(99);
    let mut incomplete = snapshot.clone();
    incomplete["state"]
        .as_object_mut()
        .unwrap()
        .remove("ledger");
    let mut unhashed = snapshot.clone();
    unhashed["events_hash"] = json!("00");
    let mut extended = snapshot.clone();
    extended["state"]["luck"] = json!(1);
    let mut newer = snapshot.clone();
    newer["version"] = json!(2);
    let mut retyped = snapshot.clone();
    retyped["state"]["draws"] = json!("many");
    for (damaged, field) in [
        (changed, Some("/state_hash")),
        (incomplete, Some("/state/ledger")),
        (unhashed, Some("/events_hash")),
        (extended, Some("/state/luck")),
        (newer, Some("/version")),
        (retyped, Some("/state/draws")),
        (json!({}), Some("/version")),
        (json!([1]), None),
    ] {
        let answer = app.call("PUT", path, damaged).await;
        answer.is_problem(422, "snapshot.damaged", field);
    }
    // A hash that fits is no help if the state contradicts itself.
    let mut state = app
        .app
        .namespaces()
        .open(&crate::host::NamespaceName::default_name())
        .await
        .unwrap()
        .with(|sandbox| sandbox.state().clone())
        .await
        .unwrap();
    state.timers = crate::kernel::Timers::default();
    let mut contradictory = snapshot.clone();
    contradictory["state_hash"] = json!(state.hash().unwrap());
    contradictory["state"] = json!(state);
    let answer = app.call("PUT", path, contradictory).await;
    answer.is_problem(422, "snapshot.damaged", Some("/state"));
    let cut = snapshot.to_string();
    let answer = app.raw("PUT", path, cut[..cut.len() / 2].to_owned()).await;
    answer.is_problem(400, "request.malformed", None);
    assert_eq!(hashes(&app).await, before);
}

#[tokio::test]
async fn reset_makes_the_namespace_as_new() {
    let app = TestApp::new();
    let new = hashes(&app).await;
    app.collect("5").await;
    app.advance("1h").await;
    app.ok("PATCH", "/_amana/settings", json!({"seed": 3}))
        .await;
    let answer = app.call("POST", "/_amana/reset", json!({})).await;
    assert_eq!(answer.status, 204);
    assert_eq!(hashes(&app).await, new);
    let events = app.ok("GET", "/_amana/events", json!({})).await;
    assert_eq!(events, json!({"events": [], "next": 0}));
    app.collect("5").await;
    let first = hashes(&app).await;
    app.ok("POST", "/_amana/reset", json!({})).await;
    app.collect("5").await;
    assert_eq!(hashes(&app).await, first);
}

#[tokio::test]
async fn providers_answer_by_mount_and_by_host() {
    let app = TestApp::new();
    let order = json!({"phone": BUYER, "amount": "1", "url": "internal:x"}).to_string();
    let mounted = app.raw("POST", "/ns/a/till/collect", order.clone()).await;
    assert_eq!(mounted.status, 200);
    assert_eq!(mounted.headers["x-amana-correlation"], "c1");
    let by_host = axum::http::Request::post("/collect")
        .header("host", "till.example.com:443")
        .header("x-amana-namespace", "b");
    let response = app.send(by_host.body(order.into()).unwrap()).await;
    assert_eq!(response.status(), 200);
    for namespace in ["a", "b"] {
        let path = format!("/ns/{namespace}/_amana/phones");
        let phones = app.ok("GET", &path, json!({})).await;
        assert_eq!(phones["phones"][0]["prompt"]["amount"], "1.00");
    }
    let untouched = app.ok("GET", "/_amana/phones", json!({})).await;
    assert_eq!(untouched, json!({"phones": []}));
}
