//! A forward proxy for clients whose hosts cannot be changed: `HTTPS_PROXY=http://127.0.0.1:…`.
//!
//! It opens no connection to anywhere. What is for a host of the registry of providers is answered by
//! the sandbox itself, in a tunnel (`CONNECT`) or asked for by its whole address; everything else is
//! refused with a text that says what is served.
//!
//! A client that can set nothing but the proxy's address chooses its namespace there, as a user name:
//! `http://ns-ci-7:x@127.0.0.1:…`.

mod credentials;
mod refusal;
mod target;
mod tunnel;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::rustls::ServerConfig;
use tower::{ServiceExt, service_fn};

use self::refusal::Refusal;
use self::target::Target;
use crate::app::App;
use crate::host::NamespaceName;
use crate::http::line::{Cutter, Door};
use crate::http::namespace::NAMESPACE_HEADER;
use crate::router::Front;
use crate::tls::{Authority, AuthorityError, hosts, server_config_for};

/// Tunnels open at a time.
const TUNNELS_MAX: u32 = 1_024;

/// What proxies add and servers do not want to see.
const OF_PROXIES: [HeaderName; 2] = [
    header::PROXY_AUTHORIZATION,
    HeaderName::from_static("proxy-connection"),
];

/// The proxy; cheap to clone.
#[derive(Clone)]
pub struct Proxy(Arc<Inner>);

struct Inner {
    app: App,
    front: Front,
    /// How each host it stands in for shakes hands.
    hosts: BTreeMap<&'static str, Arc<ServerConfig>>,
    tunnels: Arc<Semaphore>,
}

impl Proxy {
    /// A proxy to this sandbox.
    ///
    /// # Errors
    /// If the TLS library refuses its settings.
    pub fn new(app: &App, authority: &Arc<Authority>) -> Result<Self, AuthorityError> {
        let config = |host| Ok((host, server_config_for(authority, host)?));
        Ok(Self(Arc::new(Inner {
            app: app.clone(),
            front: app.front(),
            hosts: hosts().map(config).collect::<Result<_, AuthorityError>>()?,
            tunnels: Arc::new(Semaphore::new(TUNNELS_MAX as usize)),
        })))
    }

    /// Serves until the sandbox closes, and then until all tunnels have ended.
    ///
    /// # Errors
    /// If the socket fails.
    pub async fn serve(self, listener: TcpListener) -> std::io::Result<()> {
        let proxy = self.clone();
        let answer = service_fn(move |request| {
            let proxy = proxy.clone();
            async move { Ok::<_, Infallible>(proxy.answer(request).await) }
        });
        let app = self.0.app.clone();
        let service = axum::ServiceExt::into_make_service_with_connect_info::<Cutter>(answer);
        axum::serve(Door::new(listener), service)
            .with_graceful_shutdown(async move { app.closed().await })
            .await?;
        // Never closed, so this ends when the tunnels have.
        let _ = self.0.tunnels.acquire_many(TUNNELS_MAX).await;
        Ok(())
    }

    async fn answer(&self, request: Request) -> Response {
        match self.take(request).await {
            Ok(response) => response,
            Err(refusal) => {
                tracing::info!("proxy: {refusal}");
                refusal.into_response()
            }
        }
    }

    async fn take(&self, request: Request) -> Result<Response, Refusal> {
        let namespace = credentials::namespace(request.headers())?;
        match Target::of(request.method(), request.uri())? {
            Target::Tunnel(host) => tunnel::open(self, host, namespace, request),
            Target::Address(host) => Ok(self.pass_on(host, namespace.as_ref(), request).await),
        }
    }

    /// Asks the sandbox as if the request had been sent to this host.
    async fn pass_on(
        &self,
        host: &'static str,
        namespace: Option<&NamespaceName>,
        mut request: Request,
    ) -> Response {
        if let Some(path) = request.uri().path_and_query() {
            *request.uri_mut() = Uri::from(path.clone());
        }
        let headers = request.headers_mut();
        for name in &OF_PROXIES {
            headers.remove(name);
        }
        headers.insert(header::HOST, HeaderValue::from_static(host));
        if let Some(namespace) = namespace
            && let Ok(name) = HeaderValue::from_str(namespace.as_str())
        {
            // What a request says for itself counts more than what its way says.
            headers.entry(NAMESPACE_HEADER).or_insert(name);
        }
        let answered = self.0.front.clone().oneshot(request).await;
        answered.unwrap_or_else(|never| match never {})
    }
}
