//! Requests to a sandbox.

use std::time::Duration;

use amana_core::http as data;
use axum::body::Bytes;
use axum::http::{Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

use super::BaseUrl;
use super::error::{ClientError, Refused};
use crate::host::NamespaceName;
use crate::http::namespace::NAMESPACE_HEADER;

/// How long an answer may take. Moving the clock far ahead is work.
const TIMEOUT: Duration = Duration::from_secs(120);
/// The largest answer that is read.
const ANSWER_MAX: usize = 64 * 1024 * 1024;

/// A connection to a sandbox, or to one namespace of it; cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    url: BaseUrl,
    namespace: Option<NamespaceName>,
    http: HttpClient<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl Client {
    /// A connection; nothing is sent yet.
    pub fn new(url: BaseUrl, namespace: Option<NamespaceName>) -> Self {
        let connector = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .build();
        Self {
            url,
            namespace,
            http: HttpClient::builder(TokioExecutor::new()).build(connector),
        }
    }

    /// The same sandbox, in another namespace.
    #[must_use]
    pub fn in_namespace(&self, name: NamespaceName) -> Self {
        Self {
            namespace: Some(name),
            ..self.clone()
        }
    }

    /// Reads from the control API; the path begins with `/_amana/`.
    ///
    /// # Errors
    /// If the sandbox cannot be reached or refuses.
    pub async fn get(&self, path: &str) -> Result<Value, ClientError> {
        self.call("GET", path, None).await
    }

    /// Calls the control API. An answer without a body is `null`.
    ///
    /// # Errors
    /// If the sandbox cannot be reached or refuses.
    pub async fn call(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, ClientError> {
        let mut request = data::Request::new(method, "", path);
        if let Some((path, query)) = path.split_once('?') {
            path.clone_into(&mut request.path);
            query.clone_into(&mut request.query);
        }
        if let Some(body) = body {
            request = request.with_body("application/json", body.to_string());
        }
        let response = self.exchange(&request).await?;
        let json = match response.body.is_empty() {
            true => Ok(Value::Null),
            false => serde_json::from_slice::<Value>(&response.body),
        };
        match (response.status, json) {
            (200..300, Ok(json)) => Ok(json),
            (status, Ok(json)) => match serde_json::from_value::<Refused>(json) {
                Ok(refused) => Err(ClientError::Refused(refused)),
                Err(_) => Err(unexpected(path, status)),
            },
            (status, Err(_)) => Err(unexpected(path, status)),
        }
    }

    /// Sends a request and takes whatever is answered. A host in it is sent as the `Host` header, to
    /// reach the provider of that name; without one it goes to the sandbox itself.
    ///
    /// # Errors
    /// If the sandbox cannot be reached.
    pub async fn exchange(&self, request: &data::Request) -> Result<data::Response, ClientError> {
        let answer = async {
            let response = self.send(request).await?;
            self.read(response).await
        };
        let answered = tokio::time::timeout(TIMEOUT, answer).await;
        answered.unwrap_or_else(|_| Err(ClientError::TimedOut(self.url.to_string())))
    }

    /// Sends a request; the body of the answer comes as it is made.
    ///
    /// # Errors
    /// If the sandbox cannot be reached.
    pub async fn send(&self, request: &data::Request) -> Result<Response<Incoming>, ClientError> {
        let query = match request.query.as_str() {
            "" => String::new(),
            query => format!("?{query}"),
        };
        let uri = format!("{}{}{query}", self.url, request.path);
        let mut sent = Request::builder().method(request.method.as_str()).uri(&uri);
        if !request.host.is_empty() {
            sent = sent.header("host", &request.host);
        }
        if let Some(namespace) = &self.namespace {
            sent = sent.header(NAMESPACE_HEADER, namespace.as_str());
        }
        for (name, value) in &request.headers {
            sent = sent.header(name, value);
        }
        let sent = sent
            .body(Full::new(Bytes::from(request.body.clone())))
            .map_err(|error| ClientError::Argument(format!("`{uri}` cannot be asked: {error}")))?;
        let answered = self.http.request(sent).await;
        answered.map_err(|error| self.unreachable(&error))
    }

    async fn read(&self, response: Response<Incoming>) -> Result<data::Response, ClientError> {
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, ANSWER_MAX).collect().await;
        let body = body.map_err(|error| self.unreachable(&*error))?.to_bytes();
        let headers = parts.headers.iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.as_str().to_owned(), value.into_owned())
        });
        Ok(data::Response {
            status: parts.status.as_u16(),
            headers: headers.collect(),
            body: body.to_vec(),
        })
    }

    /// The innermost cause, which says what happened.
    fn unreachable(&self, error: &dyn std::error::Error) -> ClientError {
        let mut cause: &dyn std::error::Error = error;
        while let Some(next) = cause.source() {
            cause = next;
        }
        ClientError::Unreachable(self.url.to_string(), cause.to_string())
    }
}

fn unexpected(path: &str, status: u16) -> ClientError {
    ClientError::Unexpected(path.to_owned(), format!("status {status}"))
}
