//! The control API through the router, without a socket: each route, done well and done wrong.

mod bad_input;
mod callbacks;
mod clock;
mod events;
mod faults;
mod isolation;
mod namespaces;
mod phones;
mod routes;
mod schemas;
mod secrets;
mod service;
mod subscribers;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::Front;
use crate::app::{App, build, build_with};
use crate::config::{ClockMode, Config};
use crate::host::{HostClock, Sender, TargetRule};
use crate::store::MemoryStore;

const BUYER: &str = "+254712345678";

/// A sandbox with a frozen clock, and what was answered.
struct TestApp {
    app: App,
    front: Front,
}

/// An answer: its status, its JSON (or its text as a JSON string), and itself.
struct Answer {
    status: u16,
    json: Value,
    headers: axum::http::HeaderMap,
}

impl Answer {
    /// Checks that this is a problem document with this status, code and field.
    #[track_caller]
    fn is_problem(&self, status: u16, code: &str, field: Option<&str>) {
        assert_eq!(self.json["code"], code, "{}", self.json);
        assert_eq!(self.status, status);
        assert_eq!(self.json["status"], status);
        assert_eq!(self.json["field"].as_str(), field);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        for member in ["type", "title", "detail"] {
            assert!(self.json[member].is_string(), "{member}");
        }
    }
}

impl TestApp {
    fn new() -> Self {
        Self::with(Config {
            clock: ClockMode::Frozen,
            ..Config::default()
        })
    }

    fn with(config: Config) -> Self {
        let store = Arc::new(MemoryStore::default());
        let app = build(&config, HostClock::new(config_now), store);
        Self::of(app)
    }

    /// A sandbox that gives receivers of callbacks this long.
    fn with_timeout(timeout: Duration) -> Self {
        let store = Arc::new(MemoryStore::default());
        let config = Config {
            clock: ClockMode::Frozen,
            ..Config::default()
        };
        let sender = Sender::with_timeout(TargetRule::default(), timeout);
        let app = build_with(&config, HostClock::new(config_now), store, sender);
        Self::of(app)
    }

    fn of(app: App) -> Self {
        let front = app.front();
        Self { app, front }
    }

    async fn send(&self, request: Request<Body>) -> Response<Body> {
        let response = self.front.clone().oneshot(request).await.unwrap();
        assert_eq!(
            response.headers()["x-amana-simulator"],
            env!("CARGO_PKG_VERSION")
        );
        response
    }

    async fn raw(&self, method: &str, path: &str, body: impl Into<Body>) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let response = self.send(request.body(body.into()).unwrap()).await;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8(body.to_vec()).unwrap();
        let json = serde_json::from_str(&text).unwrap_or(Value::String(text));
        let answer = Answer {
            status,
            json,
            headers,
        };
        schemas::check(method, path, &answer);
        answer
    }

    async fn get(&self, path: &str) -> Answer {
        self.raw("GET", path, Body::empty()).await
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> Answer {
        self.raw(method, path, body.to_string()).await
    }

    /// A call that must go well.
    #[track_caller]
    fn ok(&self, method: &str, path: &str, body: Value) -> impl Future<Output = Value> {
        let (method, path) = (method.to_owned(), path.to_owned());
        async move {
            let answer = self.call(&method, &path, body).await;
            assert!(answer.status < 300, "{method} {path}: {}", answer.json);
            answer.json
        }
    }

    /// Asks the buyer's phone for money; the outcome goes nowhere outside.
    async fn collect(&self, amount: &str) {
        self.order("/till/collect", amount, "internal:test").await;
    }

    async fn order(&self, path: &str, amount: &str, url: &str) {
        let order = json!({"phone": BUYER, "amount": amount, "url": url});
        self.ok("POST", path, order).await;
    }

    async fn advance(&self, by: &str) -> Value {
        self.ok("POST", "/_amana/clock/advance", json!({"by": by}))
            .await
    }
}

/// What the clock of the machine shows in these tests.
fn config_now() -> amana_core::Timestamp {
    amana_core::Timestamp::from_millis(1_772_793_000_000)
}
