//! The client's own server: takes callbacks and answers as it is told.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, Limited};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::super::error::ClientError;

/// The largest callback that is taken.
const CALLBACK_MAX: usize = 1024 * 1024;

/// A callback.
#[derive(Debug, Clone)]
pub struct Received {
    /// Path, with the exchange's own part before it.
    pub path: String,
    /// Headers.
    pub headers: HeaderMap,
    /// The exact bytes of the body.
    pub body: Vec<u8>,
}

/// An answer to a callback.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Status.
    pub status: u16,
    /// Content type and body.
    pub body: Option<(String, Vec<u8>)>,
}

#[derive(Debug, Default)]
struct Inner {
    received: Vec<Received>,
    replies: BTreeMap<String, Reply>,
}

/// The server; it ends when dropped.
#[derive(Debug)]
pub struct Receiver {
    address: SocketAddr,
    inner: Arc<Mutex<Inner>>,
    server: JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn lock(inner: &Mutex<Inner>) -> MutexGuard<'_, Inner> {
    // What it holds is whole between any two of its changes.
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Receiver {
    /// Listens at this address.
    pub async fn start(address: SocketAddr) -> Result<Self, ClientError> {
        let unusable = |error: std::io::Error| {
            ClientError::Argument(format!(
                "callbacks cannot be received at {address}: {error}"
            ))
        };
        let listener = TcpListener::bind(address).await.map_err(unusable)?;
        let address = listener.local_addr().map_err(unusable)?;
        let inner = Arc::new(Mutex::new(Inner::default()));
        let router = Router::new().fallback(take).with_state(Arc::clone(&inner));
        let server = tokio::spawn(async move {
            // It ends with the command, however that ends.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            address,
            inner,
            server,
        })
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on answers like this at this path.
    pub fn answer(&self, path: String, reply: Reply) {
        lock(&self.inner).replies.insert(path, reply);
    }

    /// What came at this path, in order.
    pub fn received(&self, path: &str) -> Vec<Received> {
        let inner = lock(&self.inner);
        let received = inner.received.iter();
        received.filter(|one| one.path == path).cloned().collect()
    }
}

/// Takes a callback; unless told otherwise it is accepted in the words that all providers know.
async fn take(State(inner): State<Arc<Mutex<Inner>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, CALLBACK_MAX).collect().await;
    let body = body
        .map(|body| body.to_bytes().to_vec())
        .unwrap_or_default();
    let path = parts.uri.path().to_owned();
    let mut inner = lock(&inner);
    let reply = inner.replies.get(&path).cloned();
    inner.received.push(Received {
        path,
        headers: parts.headers,
        body,
    });
    drop(inner);
    let Some(reply) = reply else {
        return ().into_response();
    };
    let (kind, body) = reply.body.unwrap_or_default();
    let answer = Response::builder().status(reply.status);
    answer
        .header(header::CONTENT_TYPE, kind)
        .body(Body::from(body))
        .unwrap_or_else(|_| axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response())
}
