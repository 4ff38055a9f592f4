//! How the server is run. Each field is a flag, a variable and a key of the configuration file.

use std::net::SocketAddr;
use std::path::PathBuf;

use amana_core::Timestamp;

use crate::kernel::{Clock, Start};
use crate::tls::{AuthorityError, default_directory};

/// Where a frozen clock stands at first: the start of 2026, so that runs are alike on every day.
const FROZEN_AT: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// A file where the server is started.
const DEFAULT_STORE: &str = "sqlite:amana.db";

/// How the clock of a namespace starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ClockMode {
    /// Shows the time of the machine.
    Real,
    /// Stands still until it is advanced.
    Frozen,
}

/// Where the certificate authority is kept.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct CaDirectory {
    /// Directory of the certificate authority; without it `amana` in your data directory
    #[arg(long, env = "AMANA_CA_DIR", value_name = "DIRECTORY")]
    pub ca_dir: Option<PathBuf>,
}

impl CaDirectory {
    /// The directory.
    ///
    /// # Errors
    /// If none is named and the user has none for data.
    pub fn path(&self) -> Result<PathBuf, AuthorityError> {
        self.ca_dir.clone().map_or_else(default_directory, Ok)
    }
}

/// The configuration of the server.
#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    /// TOML file whose keys are the names of these flags; flags and variables count more
    #[arg(long, env = "AMANA_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address to listen on
    #[arg(long, env = "AMANA_LISTEN", default_value = "127.0.0.1:4600")]
    pub listen: SocketAddr,
    /// Address to listen on for HTTPS, with certificates for the providers' host names
    #[arg(long, env = "AMANA_TLS_LISTEN", value_name = "ADDRESS")]
    pub tls_listen: Option<SocketAddr>,
    /// Address of a forward proxy that stands in for the providers' hosts and refuses all others
    #[arg(long, env = "AMANA_PROXY_LISTEN", value_name = "ADDRESS")]
    pub proxy_listen: Option<SocketAddr>,
    /// Where the certificate authority is kept
    #[command(flatten)]
    pub authority: CaDirectory,
    /// Where the journal is kept: `memory`, `sqlite:<file>` or `postgres://…`
    #[arg(long, env = "AMANA_STORE", default_value = DEFAULT_STORE, hide_env_values = true)]
    pub store: String,
    /// Seed of every namespace that is not given another
    #[arg(long, env = "AMANA_SEED", default_value_t = Start::default().seed)]
    pub seed: u64,
    /// How the clock of every namespace starts
    #[arg(long, env = "AMANA_CLOCK", value_enum, default_value = "real")]
    pub clock: ClockMode,
    /// Where a frozen clock stands at first (RFC 3339)
    #[arg(long, env = "AMANA_CLOCK_START", default_value_t = FROZEN_AT)]
    pub clock_start: Timestamp,
    /// Directory of the page to serve at `/`
    #[arg(long, env = "AMANA_PAGE")]
    pub page: Option<PathBuf>,
    /// Hosts callbacks may go to, separated by commas; without it all but forbidden addresses
    #[arg(long, env = "AMANA_CALLBACK_HOSTS", value_delimiter = ',')]
    pub callback_hosts: Vec<String>,
    /// How many namespaces there may be
    #[arg(long, env = "AMANA_NAMESPACES_MAX", default_value_t = 1_000)]
    pub namespaces_max: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            config: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 4600)),
            tls_listen: None,
            proxy_listen: None,
            authority: CaDirectory::default(),
            store: DEFAULT_STORE.to_owned(),
            seed: Start::default().seed,
            clock: ClockMode::Real,
            clock_start: FROZEN_AT,
            page: None,
            callback_hosts: Vec::new(),
            namespaces_max: 1_000,
        }
    }
}

impl Config {
    /// How a namespace begins.
    pub const fn start(&self) -> Start {
        let clock = match self.clock {
            ClockMode::Real => Clock::REAL,
            ClockMode::Frozen => Clock::Frozen {
                now: self.clock_start,
            },
        };
        Start {
            seed: self.seed,
            clock,
        }
    }

    /// Whether certificates are needed.
    pub const fn is_secured(&self) -> bool {
        self.tls_listen.is_some() || self.proxy_listen.is_some()
    }
}
