//! Namespaces side by side, and waiting on the real clock.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{BUYER, TestApp};
use crate::app::{App, build};
use crate::config::{ClockMode, Config};
use crate::host::HostClock;
use crate::store::MemoryStore;

/// One story in a namespace of its own; answers what identifies everything that happened.
async fn story(app: &TestApp, namespace: &str) -> Value {
    let at = |path: &str| format!("/ns/{namespace}{path}");
    let fault = json!({"leg": "request", "kind": "status", "when": {"probability": 0.5}});
    app.ok("POST", &at("/_amana/faults"), fault).await;
    let mut refused = 0;
    for amount in 1..=4 {
        let order = json!({"phone": BUYER, "amount": amount.to_string(), "url": "internal:x"});
        let answer = app.call("POST", &at("/till/collect"), order).await;
        refused += u32::from(answer.status == 503);
    }
    app.ok("POST", &at("/_amana/clock/advance"), json!({"by": "5m"}))
        .await;
    let phone = app
        .ok("GET", &at(&format!("/_amana/phones/{BUYER}")), json!({}))
        .await;
    let checks = app.ok("GET", &at("/_amana/invariants"), json!({})).await;
    assert_eq!(checks["ok"], true, "{checks}");
    let hashes = app.ok("GET", &at("/_amana/state_hash"), json!({})).await;
    let removed = app
        .raw("DELETE", &format!("/_amana/namespaces/{namespace}"), "")
        .await;
    assert_eq!(removed.status, 204);
    json!([hashes, phone["balance"], refused])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_tests_at_a_time_do_not_see_each_other_twenty_times_over() {
    let app = Arc::new(TestApp::new());
    let alone = story(&app, "alone").await;
    for round in 0..20 {
        let stories: Vec<_> = (0..50)
            .map(|number| {
                let app = Arc::clone(&app);
                tokio::spawn(async move { story(&app, &format!("t{round}-{number}")).await })
            })
            .collect();
        for told in stories {
            assert_eq!(told.await.unwrap(), alone, "round {round}");
        }
    }
    let left = app.ok("GET", "/_amana/namespaces", json!({})).await;
    assert_eq!(left["namespaces"], json!([]));
}

fn real() -> App {
    let config = Config {
        clock: ClockMode::Real,
        ..Config::default()
    };
    build(
        &config,
        HostClock::system(),
        Arc::new(MemoryStore::default()),
    )
}

/// How soon is measured by `cargo xtask bench sandbox-wait`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_hears_of_an_event_on_the_real_clock() {
    let app = Arc::new(TestApp::of(real()));
    for number in 0..21 {
        let phone = format!("+2547123456{number:02}");
        let wait = json!({
            "type": "phone.changed", "where": {"phone": phone}, "timeout_ms": 60_000,
        });
        let waiting = {
            let app = Arc::clone(&app);
            tokio::spawn(async move { app.ok("POST", "/_amana/wait", wait).await })
        };
        tokio::task::yield_now().await;
        let path = format!("/_amana/phones/{phone}");
        app.ok("PUT", &path, json!({"name": "Achieng"})).await;
        assert_eq!(waiting.await.unwrap()["phone"], phone);
    }
}

/// How soon is measured by `cargo xtask bench sandbox-reset`.
#[tokio::test]
async fn a_reset_forgets_many_phones_and_their_payments() {
    let app = TestApp::new();
    for number in 0..500 {
        let phone = format!("+254712345{number:03}");
        let order = json!({"phone": phone, "amount": "5", "url": "internal:x"});
        app.ok("POST", "/till/collect", order).await;
    }
    app.advance("5m").await;
    assert_eq!(app.raw("POST", "/_amana/reset", "").await.status, 204);
    let hashes = app.ok("GET", "/_amana/state_hash", json!({})).await;
    assert_eq!(hashes["seq"], 0);
    let phones = app.ok("GET", "/_amana/phones", json!({})).await;
    assert_eq!(phones["phones"], json!([]));
}
