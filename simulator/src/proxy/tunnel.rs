//! A tunnel that ends in the sandbox: the handshake, and the requests that come through it.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::Proxy;
use super::refusal::Refusal;
use crate::host::NamespaceName;
use crate::http::line::Cutter;
use crate::tls::{HANDSHAKE_TIMEOUT, refused};

/// How long a tunnel may wait for the next request's headers.
const HEADERS_TIMEOUT: Duration = Duration::from_secs(75);
/// The most bytes of a request that are read before it is understood.
const BUFFER_MAX: usize = 64 * 1024;

/// Whose tunnel it is.
#[derive(Clone)]
struct Tunnel {
    proxy: Proxy,
    host: &'static str,
    namespace: Option<NamespaceName>,
    /// Cuts the line the tunnel goes over.
    cutter: Option<ConnectInfo<Cutter>>,
}

/// Agrees to a tunnel; it begins once the client has read that.
///
/// # Errors
/// [`Refusal::Busy`].
pub fn open(
    proxy: &Proxy,
    host: &'static str,
    namespace: Option<NamespaceName>,
    request: Request,
) -> Result<Response, Refusal> {
    let place = Arc::clone(&proxy.0.tunnels)
        .try_acquire_owned()
        .map_err(|_| Refusal::Busy)?;
    let tunnel = Tunnel {
        proxy: proxy.clone(),
        host,
        namespace,
        cutter: request.extensions().get().cloned(),
    };
    let upgrade = hyper::upgrade::on(request);
    tokio::spawn(async move {
        tunnel.run(upgrade).await;
        drop(place);
    });
    Ok(().into_response())
}

impl Tunnel {
    /// Serves what comes through until the client or the sandbox closes.
    async fn run(self, upgrade: OnUpgrade) {
        let Some(config) = self.proxy.0.hosts.get(self.host) else {
            return;
        };
        let acceptor = TlsAcceptor::from(Arc::clone(config));
        let handshake = async {
            let line = upgrade.await.map_err(std::io::Error::other)?;
            acceptor.accept(TokioIo::new(line)).await
        };
        let stream = match timeout(HANDSHAKE_TIMEOUT, handshake).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return refused(&error),
            Err(_) => return,
        };
        let app = self.proxy.0.app.clone();
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let tunnel = self.clone();
            async move { Ok::<_, Infallible>(tunnel.answer(request.map(Body::new)).await) }
        });
        let mut builder = http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(HEADERS_TIMEOUT)
            .max_buf_size(BUFFER_MAX);
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
        // How a connection ends is the client's business.
        tokio::select! {
            _ = connection.as_mut() => {}
            () = app.closed() => {
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
            }
        }
    }

    async fn answer(&self, mut request: Request) -> Response {
        if let Some(cutter) = self.cutter.clone() {
            request.extensions_mut().insert(cutter);
        }
        let namespace = self.namespace.as_ref();
        self.proxy.pass_on(self.host, namespace, request).await
    }
}
