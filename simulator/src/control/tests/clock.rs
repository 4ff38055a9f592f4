//! The clock.

use serde_json::json;

use super::TestApp;

#[tokio::test]
async fn the_clock_is_shown_and_set() {
    let app = TestApp::new();
    let clock = app.ok("GET", "/_amana/clock", json!({})).await;
    let frozen = json!({
        "mode": "frozen", "now": "2026-01-01T00:00:00.000Z", "scale": null,
        "next_due_at": null, "pending": 0,
    });
    assert_eq!(clock, frozen);
    let set = json!({"mode": "frozen", "now": "2026-03-06T13:30:00+03:00"});
    let clock = app.ok("PUT", "/_amana/clock", set).await;
    assert_eq!(clock["now"], "2026-03-06T10:30:00.000Z");
    let clock = app
        .ok(
            "PUT",
            "/_amana/clock",
            json!({"mode": "scaled", "scale": 60}),
        )
        .await;
    assert_eq!(
        (&clock["mode"], &clock["scale"]),
        (&json!("scaled"), &json!(60))
    );
    assert_eq!(clock["now"], "2026-03-06T10:30:00.000Z");
    let clock = app
        .ok("PUT", "/_amana/clock", json!({"mode": "real"}))
        .await;
    assert_eq!(clock["now"], super::config_now().to_string());
}

#[tokio::test]
async fn a_clock_that_makes_no_sense_is_refused() {
    let app = TestApp::new();
    for (body, code, field) in [
        (json!({}), "request.field_missing", "/mode"),
        (json!({"mode": "fast"}), "request.field_invalid", "/mode"),
        (
            json!({"mode": "frozen", "now": "noon"}),
            "time.malformed",
            "/now",
        ),
        (
            json!({"mode": "frozen", "scale": 2}),
            "request.field_invalid",
            "/scale",
        ),
        (json!({"mode": "scaled"}), "request.field_invalid", "/scale"),
        (
            json!({"mode": "scaled", "scale": 0}),
            "request.field_invalid",
            "/scale",
        ),
        (
            json!({"mode": "real", "now": "2026-01-01T00:00:00Z"}),
            "request.field_invalid",
            "/now",
        ),
        (
            json!({"mode": "real", "zone": 3}),
            "request.field_unknown",
            "/zone",
        ),
    ] {
        let answer = app.call("PUT", "/_amana/clock", body).await;
        answer.is_problem(422, code, Some(field));
    }
}

#[tokio::test]
async fn advancing_runs_what_is_due() {
    let app = TestApp::new();
    app.collect("5").await;
    let clock = app.ok("GET", "/_amana/clock", json!({})).await;
    assert_eq!(
        (&clock["pending"], &clock["next_due_at"]),
        (
            &json!(2), // The answer of the script, and the expiry.
            &json!("2026-01-01T00:00:02.000Z"),
        )
    );
    let advance = "/_amana/clock/advance";
    let next = app.ok("POST", advance, json!({"to": "next"})).await;
    assert_eq!(next, json!({"now": "2026-01-01T00:00:02.000Z", "ran": 1}));
    let to = json!({"to": "2026-01-01T00:01:00Z"});
    let to = app.ok("POST", advance, to).await;
    assert_eq!(to, json!({"now": "2026-01-01T00:01:00.000Z", "ran": 1}));
    let by = app.ok("POST", advance, json!({"by": "1h30m"})).await;
    assert_eq!(by, json!({"now": "2026-01-01T01:31:00.000Z", "ran": 0}));
    let nothing = app.ok("POST", advance, json!({"to": "next"})).await;
    assert_eq!(
        nothing,
        json!({"now": "2026-01-01T01:31:00.000Z", "ran": 0})
    );
}

#[tokio::test]
async fn a_real_clock_runs_ahead_from_then_on() {
    let app = TestApp::new();
    app.ok("PUT", "/_amana/clock", json!({"mode": "real"}))
        .await;
    let ahead = app
        .ok("POST", "/_amana/clock/advance", json!({"by": "1d"}))
        .await;
    let expected = super::config_now() + amana_core::time::Span::from_days(1);
    assert_eq!(ahead["now"], expected.to_string());
    let health = app.ok("GET", "/_amana/health", json!({})).await;
    assert_eq!(health["now"], expected.to_string());
}

#[tokio::test]
async fn time_only_goes_ahead() {
    let app = TestApp::new();
    let before = app.get("/_amana/state_hash").await.json;
    for (body, code, field) in [
        (
            json!({"to": "2025-01-01T00:00:00Z"}),
            "clock.not_ahead",
            Some("/to"),
        ),
        (json!({"to": "later"}), "time.malformed", Some("/to")),
        (json!({"by": "-5m"}), "request.field_invalid", Some("/by")),
        (json!({"by": 5}), "request.field_invalid", Some("/by")),
        (json!({}), "request.field_invalid", Some("/by")),
        (
            json!({"by": "1s", "to": "next"}),
            "request.field_invalid",
            Some("/by"),
        ),
    ] {
        let answer = app.call("POST", "/_amana/clock/advance", body).await;
        answer.is_problem(422, code, field);
    }
    assert_eq!(app.get("/_amana/state_hash").await.json, before);
}
