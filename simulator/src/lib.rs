//! The Amana sandbox: mobile-money providers on one machine, with phones that can be programmed,
//! callbacks that really come, and a clock that can be moved.
//!
//! The [`kernel`] is deterministic and free of I/O. With the feature `server` (the default) a thin
//! server puts it on a socket.

mod error;
pub mod kernel;
pub mod payments;
pub mod provider;

pub use error::{SandboxCode, SandboxError, status_of};
