//! The sandbox as one value: everything a request can reach.

use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::watch;
use tower_http::services::ServeDir;

use crate::config::Config;
use crate::error::SandboxCode;
use crate::host::{HostClock, Namespaces, Sender, TargetRule};
use crate::http::problem::Problem;
use crate::provider;
use crate::router::Front;
use crate::store::Store;
use crate::tls::Authority;

/// What `/` answers without a page.
fn welcome() -> String {
    let mounts = provider::ALL
        .iter()
        .map(|provider| format!("/{}/", provider.mount()));
    format!(
        "Amana: a sandbox of mobile-money providers.\n\n\
         Control API    /_amana/health and everything under /_amana/\n\
         Payments API   /api/v1/\n\
         Providers      {} and the providers' own host names\n\
         Documentation  /docs, docs/ of the source, and README.md\n",
        mounts.collect::<Vec<_>>().join(", ")
    )
}

/// The sandbox, ready to answer; cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    inner: Arc<Inner>,
    authority: Option<Arc<Authority>>,
}

#[derive(Debug)]
struct Inner {
    store: Arc<dyn Store>,
    namespaces: Namespaces,
    page: Option<ServeDir>,
    closing: watch::Sender<bool>,
}

/// Puts a sandbox together. Needs a runtime, but no socket.
pub fn build(config: &Config, clock: HostClock, store: Arc<dyn Store>) -> App {
    let sender = Sender::new(TargetRule::only(&config.callback_hosts));
    build_with(config, clock, store, sender)
}

/// A sandbox whose callbacks are sent by this sender.
pub(crate) fn build_with(
    config: &Config,
    clock: HostClock,
    store: Arc<dyn Store>,
    sender: Sender,
) -> App {
    let inner = Inner {
        store: Arc::clone(&store),
        namespaces: Namespaces::new(config.start(), clock, store, sender, config.namespaces_max),
        page: config.page.as_ref().map(|dir: &PathBuf| ServeDir::new(dir)),
        closing: watch::Sender::new(false),
    };
    App {
        inner: Arc::new(inner),
        authority: None,
    }
}

impl App {
    /// All namespaces.
    pub fn namespaces(&self) -> &Namespaces {
        &self.inner.namespaces
    }

    /// The same sandbox, with a certificate authority that clients can ask for.
    #[must_use]
    pub fn with_authority(self, authority: Option<Arc<Authority>>) -> Self {
        Self { authority, ..self }
    }

    /// The certificate authority, if it is served over TLS.
    pub fn authority(&self) -> Option<&Arc<Authority>> {
        self.authority.as_ref()
    }

    /// The journal.
    pub fn store(&self) -> &dyn Store {
        &*self.inner.store
    }

    /// Everything it serves.
    pub fn front(&self) -> Front {
        Front::new(self.clone())
    }

    /// Tells those who wait or listen that the server is closing.
    pub fn close(&self) {
        self.inner.closing.send_replace(true);
    }

    /// Ends when the server is closing.
    pub async fn closed(&self) {
        let mut closing = self.inner.closing.subscribe();
        // The sender lives as long as the app, so this ends only when it says so.
        let _ = closing.wait_for(|closing| *closing).await;
    }

    /// Answers what nobody else does: a file of the page, or that there is nothing.
    pub(crate) async fn page(&self, request: Request) -> Response {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        let control = request.uri().path().starts_with("/_amana");
        match &self.inner.page {
            Some(page) if reads && !control => match page.clone().try_call(request).await {
                Ok(response)
                    if response.status().is_success() || response.status().is_redirection() =>
                {
                    response.into_response()
                }
                Ok(_) | Err(_) => Problem(SandboxCode::RouteUnknown.into()).into_response(),
            },
            None if reads && request.uri().path() == "/" => (
                [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
                welcome(),
            )
                .into_response(),
            Some(_) | None => Problem(SandboxCode::RouteUnknown.into()).into_response(),
        }
    }
}
