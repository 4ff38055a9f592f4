//! Puts the sandbox on a socket until it is told to stop.

use std::fmt;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::ServiceExt;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_rustls::rustls::ServerConfig;

use crate::app::{App, build};
use crate::config::Config;
use crate::host::HostClock;
use crate::http::line::{Cutter, Door};
use crate::proxy::Proxy;
use crate::store::{self, StoreError};
use crate::tls::{Authority, AuthorityError, TlsDoor, server_config};

/// How long requests that are under way may take once the server is to stop.
const GRACE: Duration = Duration::from_secs(5);

/// Why the server could not run.
#[derive(Debug)]
pub enum ServeError {
    /// The journal cannot be opened.
    Store(StoreError),
    /// The socket failed.
    Socket(std::io::Error),
    /// There are no certificates for HTTPS.
    Authority(AuthorityError),
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Socket(error) => write!(f, "cannot listen: {error}"),
            Self::Authority(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ServeError {}

impl From<std::io::Error> for ServeError {
    fn from(error: std::io::Error) -> Self {
        Self::Socket(error)
    }
}

impl From<AuthorityError> for ServeError {
    fn from(error: AuthorityError) -> Self {
        Self::Authority(error)
    }
}

/// Where the sandbox is reached.
pub(crate) struct Doors {
    plain: TcpListener,
    secure: Option<(TcpListener, Arc<ServerConfig>)>,
    proxy: Option<(TcpListener, Proxy)>,
}

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// If the journal cannot be opened, an address cannot be listened on, or there are no certificates
/// where they are needed.
pub async fn serve(config: &Config) -> Result<(), ServeError> {
    let authority = open_authority(config)?;
    let store = store::open(&config.store)
        .await
        .map_err(ServeError::Store)?;
    let app = build(config, HostClock::system(), store).with_authority(authority);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let doors = Doors::open(config, &app).await?;
    doors.announce()?;
    // Requests need not wait for this: each opens the namespace it is for.
    let resuming = app.clone();
    tokio::spawn(async move { resuming.namespaces().resume().await });
    let closing = app.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("closing");
        closing.close();
    });
    let ended = doors.serve(&app).await;
    app.store()
        .close()
        .wait()
        .await
        .map_err(ServeError::Store)?;
    Ok(ended?)
}

fn open_authority(config: &Config) -> Result<Option<Arc<Authority>>, AuthorityError> {
    if !config.is_secured() {
        return Ok(None);
    }
    let directory = config.authority.path()?;
    Authority::open(&directory, HostClock::system()).map(|authority| Some(Arc::new(authority)))
}

async fn bind(address: Option<SocketAddr>) -> std::io::Result<Option<TcpListener>> {
    match address {
        Some(address) => TcpListener::bind(address).await.map(Some),
        None => Ok(None),
    }
}

impl Doors {
    /// Opens every door the configuration names.
    pub(crate) async fn open(config: &Config, app: &App) -> Result<Self, ServeError> {
        let plain = TcpListener::bind(config.listen).await?;
        let (mut secure, mut proxy) = (None, None);
        if let Some(authority) = app.authority() {
            if let Some(listener) = bind(config.tls_listen).await? {
                secure = Some((listener, server_config(authority)?));
            }
            if let Some(listener) = bind(config.proxy_listen).await? {
                proxy = Some((listener, Proxy::new(app, authority)?));
            }
        }
        Ok(Self {
            plain,
            secure,
            proxy,
        })
    }

    /// Where each of them is.
    fn announce(&self) -> std::io::Result<()> {
        announce(&format!("listening on http://{}", self.plain.local_addr()?))?;
        if let Some((listener, _)) = &self.secure {
            announce(&format!("listening on https://{}", listener.local_addr()?))?;
        }
        if let Some((listener, _)) = &self.proxy {
            announce(&format!("proxy on http://{}", listener.local_addr()?))?;
        }
        Ok(())
    }

    /// Serves at all of them until the sandbox closes, or one fails.
    pub(crate) async fn serve(self, app: &App) -> std::io::Result<()> {
        let secure = async {
            match self.secure {
                Some((listener, config)) => {
                    answer(TlsDoor::new(Door::new(listener), config), app).await
                }
                None => Ok(()),
            }
        };
        let proxy = async {
            match self.proxy {
                Some((listener, proxy)) => proxy.serve(listener).await,
                None => Ok(()),
            }
        };
        let too_late = async {
            app.closed().await;
            tokio::time::sleep(GRACE).await;
        };
        let plain = answer(Door::new(self.plain), app);
        tokio::select! {
            ended = async { tokio::try_join!(plain, secure, proxy) } => ended.map(drop),
            () = too_late => {
                tracing::warn!("some requests did not end in time");
                Ok(())
            }
        }
    }
}

/// Answers whoever comes through a door.
async fn answer<D>(door: D, app: &App) -> std::io::Result<()>
where
    D: Listener<Addr = SocketAddr>,
    Cutter: for<'a> Connected<IncomingStream<'a, D>>,
{
    let closing = app.clone();
    let service = app.front().into_make_service_with_connect_info::<Cutter>();
    axum::serve(door, service)
        .with_graceful_shutdown(async move { closing.closed().await })
        .await
}

#[cfg(test)]
impl Doors {
    /// One plain door.
    pub(crate) fn plain(plain: TcpListener) -> Self {
        Self {
            plain,
            secure: None,
            proxy: None,
        }
    }
}

/// A line on standard output: that, and where, requests are answered.
fn announce(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
