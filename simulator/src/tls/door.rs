//! A listener whose callers have shaken hands.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::server::TlsStream;

use super::HANDSHAKE_TIMEOUT;
use crate::http::line::{Cutter, Door, Line};

/// Listens for TLS connections. Handshakes go on beside each other, so a slow caller delays nobody.
pub struct TlsDoor {
    door: Door,
    acceptor: TlsAcceptor,
    handshakes: JoinSet<Option<(TlsStream<Line>, SocketAddr)>>,
}

impl TlsDoor {
    /// Shakes hands with whoever comes through this door.
    pub fn new(door: Door, config: Arc<ServerConfig>) -> Self {
        Self {
            door,
            acceptor: TlsAcceptor::from(config),
            handshakes: JoinSet::new(),
        }
    }

    fn greet(&mut self, line: Line, address: SocketAddr) {
        let accepting = timeout(HANDSHAKE_TIMEOUT, self.acceptor.accept(line));
        self.handshakes.spawn(async move {
            match accepting.await {
                Ok(Ok(stream)) => Some((stream, address)),
                Ok(Err(error)) => {
                    refused(&error);
                    None
                }
                Err(_) => None,
            }
        });
    }
}

/// A handshake that fails is nearly always a client without the certificate: the log says so.
pub fn refused(error: &io::Error) {
    tracing::info!("TLS handshake failed: {error}; clients trust the certificate of `amana ca`");
}

impl Listener for TlsDoor {
    type Io = TlsStream<Line>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            tokio::select! {
                (line, address) = self.door.accept() => self.greet(line, address),
                Some(ended) = self.handshakes.join_next() => {
                    if let Ok(Some(accepted)) = ended {
                        return accepted;
                    }
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.door.local_addr()
    }
}

impl Connected<IncomingStream<'_, TlsDoor>> for Cutter {
    fn connect_info(stream: IncomingStream<'_, TlsDoor>) -> Self {
        stream.io().get_ref().0.cutter()
    }
}
