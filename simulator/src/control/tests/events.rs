//! The log: listing, streaming, waiting.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};

use super::{BUYER, TestApp};
use crate::app::build;
use crate::config::Config;
use crate::host::HostClock;
use crate::kernel::settings::Settings;
use crate::kernel::{Event, Recorded, Start, State};
use crate::store::{Beginning, EventsHash, MemoryStore, Store};

fn kinds(page: &Value) -> Vec<&str> {
    let events = page["events"].as_array().unwrap();
    events
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn the_log_tells_what_happened_in_order() {
    let app = TestApp::new();
    app.collect("5").await;
    app.advance("1m").await;
    let log = app.ok("GET", "/_amana/events", json!({})).await;
    let expected = [
        "http.received",
        "till.ordered",
        "phone.added",
        "ledger.posted",
        "phone.prompted",
        "http.answered",
        "phone.prompt_answered",
        "ledger.posted",
        "callback.scheduled",
        "callback.started",
        "callback.attempted",
        "till.answered",
        "clock.advanced",
    ];
    assert_eq!(kinds(&log), expected);
    assert_eq!(log["next"], 13);
    let prompted = &log["events"][4];
    assert_eq!(prompted["phone"], BUYER);
    assert_eq!(prompted["provider"], "till");
    assert_eq!(prompted["data"]["amount"]["amount"], "5.00");
    assert!(prompted["summary"].is_string() && prompted["at"].is_string());
}

#[tokio::test]
async fn the_log_is_filtered_and_paged() {
    let app = TestApp::new();
    app.collect("5").await;
    app.advance("1m").await;
    for (query, expected) in [
        ("type=phone.prompted", vec!["phone.prompted"]),
        (
            "type=callback.*&limit=2",
            vec!["callback.scheduled", "callback.started"],
        ),
        ("since=12", vec!["clock.advanced"]),
        (
            "phone=0712345678&type=phone.*&since=3",
            vec!["phone.prompted", "phone.prompt_answered"],
        ),
        ("q=moved+ahead", vec!["clock.advanced"]),
        ("correlation=c13", vec!["clock.advanced"]),
        ("phone=0700000000", vec![]),
    ] {
        let page = app
            .ok("GET", &format!("/_amana/events?{query}"), json!({}))
            .await;
        assert_eq!(kinds(&page), expected, "{query}");
    }
    let page = app.ok("GET", "/_amana/events?limit=5", json!({})).await;
    let rest = app
        .ok(
            "GET",
            &format!("/_amana/events?since={}", page["next"]),
            json!({}),
        )
        .await;
    assert_eq!(page["events"].as_array().unwrap().len(), 5);
    assert_eq!(rest["events"][0]["seq"], 6);
}

#[tokio::test]
async fn a_wrong_query_is_refused() {
    let app = TestApp::new();
    for (query, code, field) in [
        ("since=x", "request.field_invalid", "/since"),
        ("limit=0", "request.field_invalid", "/limit"),
        ("limit=1001", "request.field_invalid", "/limit"),
        ("since=-1", "request.field_invalid", "/since"),
        (
            "since=18446744073709551616",
            "request.field_invalid",
            "/since",
        ),
        ("limit=", "request.field_invalid", "/limit"),
        ("type=phone.promted", "request.field_invalid", "/type"),
        ("type=phones.*", "request.field_invalid", "/type"),
        ("type=phone", "request.field_invalid", "/type"),
        ("type=", "request.field_invalid", "/type"),
        ("correlation=13", "request.field_invalid", "/correlation"),
        ("correlation=cx", "request.field_invalid", "/correlation"),
        ("phone=1", "msisdn.malformed", "/phone"),
        (
            "type=sms.sent&type=sms.sent",
            "request.field_invalid",
            "/type",
        ),
        ("kind=x", "request.field_unknown", "/kind"),
    ] {
        let answer = app.get(&format!("/_amana/events?{query}")).await;
        answer.is_problem(422, code, Some(field));
    }
}

async fn next_frame(body: &mut Body) -> String {
    let frame = tokio::time::timeout(Duration::from_secs(5), body.frame())
        .await
        .unwrap();
    let bytes = frame.unwrap().unwrap().into_data().unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn the_stream_resumes_and_goes_on() {
    let app = TestApp::new();
    app.collect("5").await;
    let path = "/_amana/events/stream";
    let request = Request::get(path).header("last-event-id", "5");
    let response = app.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    let first = next_frame(&mut body).await;
    assert!(
        first.contains("id: 6\n") && first.contains("event: http.answered\n"),
        "{first}"
    );
    app.advance("2s").await;
    let second = next_frame(&mut body).await;
    assert!(
        second.contains("event: phone.prompt_answered\n"),
        "{second}"
    );
    let data = second
        .lines()
        .find_map(|line| line.strip_prefix("data: "))
        .unwrap();
    let event: Value = serde_json::from_str(data).unwrap();
    assert_eq!(event["data"]["outcome"], "approved");
    // After a reset the stream goes on with the new log.
    app.ok("POST", "/_amana/reset", json!({})).await;
    app.collect("5").await;
    let mut frame = next_frame(&mut body).await;
    while !frame.contains("id: 1\n") {
        frame = next_frame(&mut body).await;
    }
    assert!(frame.contains("event: http.received\n"), "{frame}");
}

#[tokio::test]
async fn a_wrong_place_to_resume_from_is_refused() {
    let app = TestApp::new();
    let path = "/_amana/events/stream";
    for id in [&b"x"[..], b"", b"-1", b"\xe9", b"18446744073709551616"] {
        let request = Request::get(path).header("last-event-id", id);
        let response = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 422);
    }
    for since in ["x", "-1", ""] {
        let answer = app.get(&format!("{path}?since={since}")).await;
        answer.is_problem(422, "request.field_invalid", Some("/since"));
    }
}

#[tokio::test]
async fn the_stream_ends_when_the_server_closes() {
    let app = TestApp::new();
    let response = app.send(
        Request::get("/_amana/events/stream")
            .body(Body::empty())
            .unwrap(),
    );
    let mut body = response.await.into_body();
    app.app.close();
    let end = tokio::time::timeout(Duration::from_secs(5), body.frame())
        .await
        .unwrap();
    assert!(end.is_none());
}

#[tokio::test]
async fn waiting_answers_what_was_and_what_comes() {
    let app = TestApp::new();
    app.collect("5").await;
    let wait = json!({"type": "phone.prompted", "where": {"phone": "0712345678"}});
    let past = app.ok("POST", "/_amana/wait", wait).await;
    assert_eq!(past["seq"], 5);
    let wait = json!({
        "type": "phone.prompt_answered", "timeout_ms": 5000,
        "where": {"provider": "till", "outcome": "approved"},
    });
    let (coming, _) = tokio::join!(app.ok("POST", "/_amana/wait", wait), app.advance("2s"));
    assert_eq!(coming["data"]["late"], false);
    let wait = json!({"where": {"data": {"amount": {"currency": "KES"}}}});
    assert_eq!(
        app.ok("POST", "/_amana/wait", wait).await["type"],
        "phone.prompted"
    );
    let late = json!({"type": "phone.prompted", "since": 5, "timeout_ms": 10});
    let late = app.call("POST", "/_amana/wait", late).await;
    late.is_problem(408, "wait.timed_out", None);
}

#[tokio::test]
async fn a_wrong_wait_is_refused() {
    let app = TestApp::new();
    for (body, code, field) in [
        (json!({"typ": "x"}), "request.field_unknown", "/typ"),
        (json!({"where": 1}), "request.field_invalid", "/where"),
        (
            json!({"timeout_ms": 600_001}),
            "request.field_invalid",
            "/timeout_ms",
        ),
        (
            json!({"timeout_ms": -1}),
            "request.field_invalid",
            "/timeout_ms",
        ),
    ] {
        app.call("POST", "/_amana/wait", body)
            .await
            .is_problem(422, code, Some(field));
    }
}

#[tokio::test]
async fn what_the_ring_let_go_of_is_counted() {
    let store = Arc::new(MemoryStore::default());
    let event = |seq| Recorded {
        seq,
        at: super::config_now(),
        correlation: "c1".parse().unwrap(),
        draws: 0,
        event: Event::RandomDrawn,
    };
    let (full, more) = (100_000, 500);
    let start = Start::default();
    let beginning = Beginning {
        start,
        state: &State::new(Settings::default(), start.clock),
        events_hash: EventsHash::EMPTY,
    };
    store.begin("default", beginning).wait().await.unwrap();
    for seqs in [1..=full, full + 1..=full + more] {
        let batch = seqs.map(event).collect();
        store.append("default", batch).wait().await.unwrap();
    }
    let app = TestApp::of(build(
        &Config::default(),
        HostClock::new(super::config_now),
        store,
    ));
    for (since, missed) in [
        (0, Some(1_000)),
        (990, Some(10)),
        (1_000, None),
        (100_499, None),
    ] {
        let page = app
            .get(&format!("/_amana/events?since={since}&limit=1"))
            .await
            .json;
        let first = since + missed.unwrap_or(0) + 1;
        assert_eq!(page["events"][0]["seq"], first, "since {since}");
        assert_eq!(page["missed"].as_u64(), missed, "since {since}");
    }
}
