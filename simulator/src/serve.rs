//! Puts the sandbox on a socket until it is told to stop.

use std::fmt;
use std::io::Write;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::{App, build};
use crate::config::Config;
use crate::host::HostClock;
use crate::http::line::{Cutter, Door};
use crate::store::{self, StoreError};

/// How long requests that are under way may take once the server is to stop.
const GRACE: Duration = Duration::from_secs(5);

/// Why the server could not run.
#[derive(Debug)]
pub enum ServeError {
    /// The journal cannot be opened.
    Store(StoreError),
    /// The socket failed.
    Socket(std::io::Error),
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Socket(error) => write!(f, "cannot listen: {error}"),
        }
    }
}

impl std::error::Error for ServeError {}

impl From<std::io::Error> for ServeError {
    fn from(error: std::io::Error) -> Self {
        Self::Socket(error)
    }
}

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// If the journal cannot be opened or the address cannot be listened on.
pub async fn serve(config: &Config) -> Result<(), ServeError> {
    let store = store::open(&config.store)
        .await
        .map_err(ServeError::Store)?;
    let app = build(config, HostClock::system(), store);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let listener = TcpListener::bind(config.listen).await?;
    announce(&format!("listening on http://{}", listener.local_addr()?))?;
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
    let ended = run(listener, &app).await;
    app.store()
        .close()
        .wait()
        .await
        .map_err(ServeError::Store)?;
    Ok(ended?)
}

pub(crate) async fn run(listener: TcpListener, app: &App) -> std::io::Result<()> {
    let closing = app.clone();
    let service = app.router().into_make_service_with_connect_info::<Cutter>();
    let serving = axum::serve(Door(listener), service)
        .with_graceful_shutdown(async move { closing.closed().await });
    let too_late = async {
        app.closed().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = serving => ended,
        () = too_late => {
            tracing::warn!("some requests did not end in time");
            Ok(())
        }
    }
}

/// The one line on standard output: that, and where, requests are answered.
fn announce(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
