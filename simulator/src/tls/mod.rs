//! TLS for the providers' real host names, so that clients with fixed addresses reach the sandbox
//! as they are.
//!
//! The sandbox has a certificate authority of its own ([`Authority`]), made on first use and kept in
//! one directory that the server and `amana ca` share. It certifies the host names in the registry
//! of providers and this machine's own name, and cannot be used for anything else: its certificate
//! says so, and clients hold it to that.

mod authority;
mod door;
mod error;
mod hosts;
mod kept;
mod names;
mod resolver;

#[cfg(test)]
mod tests;

pub use self::authority::Authority;
pub use self::door::{TlsDoor, refused};
pub use self::error::AuthorityError;
pub use self::hosts::{find_host, hosts};
pub use self::kept::{CERTIFICATE_FILE, default_directory};
pub use self::resolver::{server_config, server_config_for};

use std::time::Duration;

/// How long a client may take to shake hands.
pub const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
