//! Namespaces.

use serde_json::json;

use super::TestApp;
use crate::config::Config;

#[tokio::test]
async fn namespaces_are_made_listed_and_removed() {
    let app = TestApp::new();
    let path = "/_amana/namespaces/ci-1";
    let clock = json!({"mode": "frozen", "now": "2026-05-01T00:00:00Z"});
    let create = json!({"seed": 77, "clock": clock});
    let made = app.call("PUT", path, create.clone()).await;
    assert_eq!(made.status, 201);
    assert_eq!(app.call("PUT", path, create).await.status, 200);
    let other = app.call("PUT", path, json!({"seed": 78})).await;
    other.is_problem(409, "namespace.exists", Some("/seed"));
    for (clock, field) in [
        (json!("fast"), "/clock"),
        (json!(5), "/clock"),
        (json!({"mode": "fast"}), "/clock/mode"),
        (json!({"mode": "frozen", "now": 5}), "/clock/now"),
    ] {
        let wrong = app.call("PUT", path, json!({"clock": clock})).await;
        wrong.is_problem(422, "request.field_invalid", Some(field));
    }
    let list = app.ok("GET", "/_amana/namespaces", json!({})).await;
    assert_eq!(list["namespaces"][0]["name"], "ci-1");
    assert_eq!(list["namespaces"][0]["seed"], 77);
    assert_eq!(list["namespaces"][0]["now"], "2026-05-01T00:00:00.000Z");
    assert_eq!(app.call("DELETE", path, json!({})).await.status, 204);
    app.call("DELETE", path, json!({}))
        .await
        .is_problem(404, "namespace.unknown", Some("/name"));
    assert_eq!(app.raw("PUT", path, "").await.status, 201);
    let by_mode = json!({"clock": "real"});
    let real = app
        .call("PUT", "/_amana/namespaces/ci-2", by_mode)
        .await
        .json;
    let list = app.ok("GET", "/_amana/namespaces", json!({})).await;
    assert_eq!(list["namespaces"][1]["clock"], "real", "{real}");
}

#[tokio::test]
async fn a_namespace_begins_anew_after_a_reset_and_is_gone_after_a_removal() {
    let app = TestApp::new();
    app.ok("PUT", "/_amana/namespaces/a", json!({"seed": 9}))
        .await;
    app.ok(
        "PUT",
        "/ns/a/_amana/phones/0712345678",
        json!({"name": "Asha"}),
    )
    .await;
    app.ok("POST", "/ns/a/_amana/reset", json!({})).await;
    assert_eq!(
        app.ok("GET", "/ns/a/_amana/settings", json!({})).await["seed"],
        9
    );
    app.ok(
        "PUT",
        "/ns/a/_amana/phones/0712345678",
        json!({"name": "Asha"}),
    )
    .await;
    app.ok("DELETE", "/_amana/namespaces/a", json!({})).await;
    assert_eq!(
        app.ok("GET", "/ns/a/_amana/settings", json!({})).await["seed"],
        1
    );
    let phones = app.ok("GET", "/ns/a/_amana/phones", json!({})).await;
    assert_eq!(phones, json!({"phones": []}));
}

#[tokio::test]
async fn wrong_names_and_too_many_are_refused() {
    let app = TestApp::with(Config {
        namespaces_max: 2,
        ..Config::default()
    });
    app.get("/ns/a%20b/_amana/health").await.is_problem(
        422,
        "namespace.name_invalid",
        Some("/namespace"),
    );
    let header = axum::http::Request::get("/_amana/health").header("x-amana-namespace", "a/b");
    let response = app
        .send(header.body(axum::body::Body::empty()).unwrap())
        .await;
    assert_eq!(response.status(), 422);
    let wrong = app
        .call("PUT", "/_amana/namespaces/x", json!({"sed": 1}))
        .await;
    wrong.is_problem(422, "request.field_unknown", Some("/sed"));
    for name in ["a", "b"] {
        app.ok("GET", &format!("/ns/{name}/_amana/health"), json!({}))
            .await;
    }
    app.get("/ns/c/_amana/health")
        .await
        .is_problem(503, "namespace.limit_reached", None);
    app.call("PUT", "/_amana/namespaces/c", json!({}))
        .await
        .is_problem(503, "namespace.limit_reached", Some("/name"));
    app.ok("DELETE", "/_amana/namespaces/a", json!({})).await;
    app.ok("GET", "/ns/c/_amana/health", json!({})).await;
}

#[tokio::test]
async fn namespaces_know_nothing_of_each_other() {
    let app = TestApp::new();
    app.ok(
        "PUT",
        "/ns/a/_amana/phones/0712345678",
        json!({"balance": "1.00"}),
    )
    .await;
    app.ok("POST", "/ns/a/_amana/clock/advance", json!({"by": "1h"}))
        .await;
    let other = app
        .ok("GET", "/ns/b/_amana/phones/0712345678", json!({}))
        .await;
    assert_eq!(other["balance"], "500000.00");
    let health = app.ok("GET", "/ns/b/_amana/health", json!({})).await;
    assert_eq!(health["now"], "2026-01-01T00:00:00.000Z");
}
