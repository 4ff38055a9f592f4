//! The Amana sandbox: mobile-money providers on one machine, with phones that can be programmed,
//! callbacks that really come, and a clock that can be moved.
//!
//! The [`kernel`] is deterministic and free of I/O. With the feature `server` (the default) a thin
//! server puts it on a socket.

#[cfg(feature = "server")]
mod app;
#[cfg(feature = "server")]
mod cli;
#[cfg(feature = "server")]
pub mod client;
#[cfg(feature = "server")]
mod config;
#[cfg(feature = "server")]
mod control;
#[cfg(feature = "server")]
mod docs;
mod error;
#[cfg(feature = "server")]
pub mod host;
#[cfg(feature = "server")]
mod http;
pub mod kernel;
pub mod payments;
pub mod provider;
#[cfg(feature = "server")]
mod proxy;
#[cfg(feature = "server")]
mod router;
#[cfg(feature = "server")]
mod serve;
pub mod store;
#[cfg(feature = "server")]
mod tls;
pub mod walk;

#[cfg(feature = "server")]
pub use app::{App, build};
#[cfg(feature = "server")]
pub use cli::{CaOptions, Cli, CliError, Command, CompletionsOptions, FileError};
#[cfg(feature = "server")]
pub use config::{CaDirectory, ClockMode, Config};
pub use error::{SandboxCode, SandboxError, status_of};
#[cfg(feature = "server")]
pub use router::Front;
#[cfg(feature = "server")]
pub use serve::{ServeError, serve};
#[cfg(feature = "server")]
pub use tls::{Authority, AuthorityError};
