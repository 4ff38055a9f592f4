//! Callbacks: sent to a real receiver, listed, sent again.

use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::TestApp;

/// A receiver of callbacks on the loopback interface.
pub(super) struct Receiver {
    pub url: String,
    pub status: Arc<AtomicU16>,
    bodies: Arc<Mutex<Vec<String>>>,
    headers: Arc<Mutex<Vec<HeaderMap>>>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/outcome", listener.local_addr().unwrap());
        let status = Arc::new(AtomicU16::new(200));
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let headers = Arc::new(Mutex::new(Vec::new()));
        let (answer, kept) = (Arc::clone(&status), Arc::clone(&bodies));
        let shown = Arc::clone(&headers);
        let router = Router::new().fallback(move |headers: HeaderMap, body: String| async move {
            kept.lock().unwrap().push(body);
            shown.lock().unwrap().push(headers);
            StatusCode::from_u16(answer.load(Ordering::Relaxed)).unwrap()
        });
        tokio::spawn(async { axum::serve(listener, router).await });
        Self {
            url,
            status,
            bodies,
            headers,
        }
    }

    pub fn received(&self) -> Vec<String> {
        self.bodies.lock().unwrap().clone()
    }

    /// The value of a header of each callback that has it.
    pub fn header(&self, name: &str) -> Vec<String> {
        let headers = self.headers.lock().unwrap();
        let values = headers.iter().filter_map(|headers| headers.get(name));
        values
            .map(|value| value.to_str().unwrap().to_owned())
            .collect()
    }
}

async fn listed(app: &TestApp) -> Vec<Value> {
    let list = app.ok("GET", "/_amana/callbacks", json!({})).await;
    list["callbacks"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_callback_arrives_before_the_advance_is_answered() {
    let (app, receiver) = (TestApp::new(), Receiver::start().await);
    app.order("/till/collect", "5", &receiver.url).await;
    app.advance("1m").await;
    assert_eq!(
        receiver.received(),
        [r#"{"amount":5.00,"outcome":"approved"}"#]
    );
    let callbacks = listed(&app).await;
    assert_eq!(callbacks[0]["state"], "delivered");
    assert_eq!(callbacks[0]["provider"], "till");
    assert_eq!(callbacks[0]["url"], receiver.url);
    assert_eq!(
        callbacks[0]["body"],
        r#"{"amount":5.00,"outcome":"approved"}"#
    );
    assert_eq!(
        callbacks[0]["attempts"],
        json!([{"at": "2026-01-01T00:00:02.500Z", "status": 200, "error": null, "ms": 0}])
    );
}

#[tokio::test]
async fn a_refused_callback_is_retried_in_order_of_time() {
    let (app, receiver) = (TestApp::new(), Receiver::start().await);
    receiver.status.store(503, Ordering::Relaxed);
    app.order("/till/collect", "5", &receiver.url).await;
    let advanced = app.advance("1h").await;
    assert_eq!(advanced["ran"], 4); // The answer, and three attempts.
    assert_eq!(receiver.received().len(), 3);
    let callback = &listed(&app).await[0];
    assert_eq!(callback["state"], "failed");
    assert_eq!(callback["attempts"][2]["at"], "2026-01-01T00:02:02.500Z");
    // By hand it can be sent again, by its id or with all of a range.
    receiver.status.store(200, Ordering::Relaxed);
    let resend = format!(
        "/_amana/callbacks/{}/resend",
        callback["id"].as_str().unwrap()
    );
    assert_eq!(app.raw("POST", &resend, "").await.status, 202);
    app.advance("0s").await;
    assert_eq!(listed(&app).await[0]["state"], "delivered");
    let range = json!({"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"});
    let resent = app.ok("POST", "/_amana/callbacks/resend", range).await;
    assert_eq!(resent, json!({"resent": ["cb_1"]}));
    app.advance("0s").await;
    assert_eq!(receiver.received().len(), 5);
}

#[tokio::test]
async fn what_cannot_be_delivered_says_why() {
    let app = TestApp::new();
    for (url, error) in [
        ("http://127.0.0.1:1/", "connection_refused"),
        ("http://169.254.169.254/latest", "target_forbidden"),
        ("http://[fe80::1]/", "target_forbidden"),
        ("http://[::ffff:169.254.169.254]/", "target_forbidden"),
        // In writings that only the system's resolver understands.
        ("http://2852039166/latest", "target_forbidden"),
        ("http://0xa9fea9fe/latest", "target_forbidden"),
        ("http://0251.0376.0251.0376/latest", "target_forbidden"),
        ("http://169.16689662/latest", "target_forbidden"),
    ] {
        app.order("/till/collect", "5", url).await;
        app.advance("5s").await;
        let callback = &listed(&app).await[0];
        assert_eq!(callback["attempts"][0]["error"], error, "{url}");
    }
}

#[tokio::test]
async fn a_receiver_without_tls_is_not_taken_for_a_secure_one() {
    let (app, receiver) = (TestApp::new(), Receiver::start().await);
    let url = receiver.url.replace("http://", "https://");
    app.order("/till/collect", "5", &url).await;
    app.advance("5s").await;
    assert_eq!(listed(&app).await[0]["attempts"][0]["error"], "insecure");
    assert_eq!(receiver.received().len(), 0);
}

#[tokio::test]
async fn a_receiver_that_does_not_answer_is_given_up_in_time() {
    let app = TestApp::with_timeout(Duration::from_millis(100));
    // It takes connections and never answers.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    app.order("/till/collect", "5", &url).await;
    app.advance("5s").await;
    assert_eq!(listed(&app).await[0]["attempts"][0]["error"], "timed_out");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (app, receiver) = (TestApp::new(), Receiver::start().await);
    receiver.status.store(302, Ordering::Relaxed);
    app.order("/till/collect", "5", &receiver.url).await;
    app.advance("5s").await;
    assert_eq!(listed(&app).await[0]["attempts"][0]["status"], 302);
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn without_an_advance_due_callbacks_go_out_by_themselves() {
    let (app, receiver) = (TestApp::new(), Receiver::start().await);
    app.order("/till/collect", "5", &receiver.url).await;
    let later = json!({"mode": "frozen", "now": "2026-01-01T00:00:10Z"});
    app.ok("PUT", "/_amana/clock", later).await;
    let wait = json!({"type": "callback.attempted", "timeout_ms": 5000});
    let event = app.ok("POST", "/_amana/wait", wait).await;
    assert_eq!(event["data"]["status"], 200);
    assert_eq!(event["at"], "2026-01-01T00:00:10.000Z");
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn the_receiver_may_call_back_in_while_time_stands() {
    let app = Arc::new(TestApp::new());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let seen = Arc::new(AtomicUsize::new(0));
    let (inner, count) = (Arc::clone(&app), Arc::clone(&seen));
    let router = Router::new().fallback(move || async move {
        let clock = inner.ok("GET", "/_amana/clock", json!({})).await;
        assert_eq!(clock["now"], "2026-01-01T00:00:02.500Z");
        let again = inner.raw("POST", "/_amana/callbacks/cb_1/resend", "").await;
        again.is_problem(409, "callback.in_flight", Some("/id"));
        count.fetch_add(1, Ordering::Relaxed);
    });
    tokio::spawn(async { axum::serve(listener, router).await });
    app.order("/till/collect", "5", &url).await;
    app.advance("1h").await;
    assert_eq!(seen.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn callbacks_are_narrowed_to_a_provider_that_there_is() {
    let app = TestApp::new();
    app.collect("5").await;
    app.advance("1m").await;
    for (query, count) in [
        ("", 1),
        ("?provider=till", 1),
        ("?provider=payments", 0),
        ("?limit=1", 1),
    ] {
        let list = app.get(&format!("/_amana/callbacks{query}")).await.json;
        assert_eq!(
            list["callbacks"].as_array().unwrap().len(),
            count,
            "{query}"
        );
    }
    for (query, field) in [
        ("provider=nobody", "/provider"),
        ("provider=Till", "/provider"),
        ("provider=", "/provider"),
        ("provider=till&provider=till", "/provider"),
        ("limit=0", "/limit"),
        ("limit=-1", "/limit"),
        ("limit=many", "/limit"),
    ] {
        let answer = app.get(&format!("/_amana/callbacks?{query}")).await;
        answer.is_problem(422, "request.field_invalid", Some(field));
    }
}

#[tokio::test]
async fn unknown_callbacks_and_wrong_ranges_are_refused() {
    let app = TestApp::new();
    for id in ["cb_1", "x"] {
        let path = format!("/_amana/callbacks/{id}/resend");
        app.raw("POST", &path, "")
            .await
            .is_problem(404, "callback.unknown", Some("/id"));
    }
    let path = "/_amana/callbacks/resend";
    let wrong = app
        .call("POST", path, json!({"from": "x", "to": "cb_2"}))
        .await;
    wrong.is_problem(422, "time.malformed", Some("/from"));
    let missing = app.call("POST", path, json!({"from": "cb_1"})).await;
    missing.is_problem(422, "request.field_missing", Some("/to"));
    let unknown = app.get("/_amana/callbacks?state=x").await;
    unknown.is_problem(422, "request.field_unknown", Some("/state"));
}
