//! A caller over HTTP, who may find that the server is gone.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// The longest any answer may take, on a machine that does other things as well.
const PATIENCE: Duration = Duration::from_secs(60);

/// A caller in one namespace; cheap to clone.
#[derive(Clone)]
pub struct Client {
    http: legacy::Client<HttpConnector, Full<Bytes>>,
    base: String,
    token: Option<String>,
}

/// A whole answer.
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body; null if that is no JSON.
    pub json: Value,
}

impl Client {
    /// A caller of this server.
    pub fn new(url: &str, namespace: &str) -> Self {
        Self {
            http: legacy::Client::builder(TokioExecutor::new()).build_http(),
            base: format!("{url}/ns/{namespace}"),
            token: None,
        }
    }

    /// The same with a token of the provider.
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    /// The answer; none if the server is gone.
    pub async fn call(&self, method: &str, path: &str, body: &Value) -> Option<Answer> {
        let body = match body {
            Value::Null => Bytes::new(),
            body => Bytes::from(body.to_string()),
        };
        let authorization = match &self.token {
            Some(token) => format!("Bearer {token}"),
            None => "Basic a2V5OnNlY3JldA==".to_owned(),
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("content-type", "application/json")
            .header("apikey", "key")
            .header("authorization", authorization)
            .body(Full::new(body))
            .unwrap();
        let exchange = async {
            let response = self.http.request(request).await.ok()?;
            let (parts, body) = response.into_parts();
            let body = body.collect().await.ok()?.to_bytes();
            Some(Answer {
                status: parts.status.as_u16(),
                headers: parts.headers,
                json: serde_json::from_slice(&body).unwrap_or(Value::Null),
            })
        };
        match tokio::time::timeout(PATIENCE, exchange).await {
            Ok(answer) => answer,
            Err(_) => panic!("{method} {path} was not answered in time"),
        }
    }

    /// The answer of a server that must be there and agree.
    pub async fn ok(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = self.call(method, path, body).await;
        let answer = answer.unwrap_or_else(|| panic!("{method} {path}: the server is gone"));
        let (status, json) = (answer.status, answer.json);
        assert!(
            (200..300).contains(&status),
            "{method} {path}: {status} {json}"
        );
        json
    }

    /// What is there.
    pub async fn get(&self, path: &str) -> Value {
        self.ok("GET", path, &Value::Null).await
    }

    /// That every invariant holds.
    pub async fn check_invariants(&self) {
        let checks = self.get("/_amana/invariants").await;
        assert_eq!(checks["ok"], true, "{checks}");
    }
}
