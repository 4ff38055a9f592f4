//! The control API, one resource per file.

mod bodies;
pub mod callbacks;
pub mod certificates;
pub mod clock;
pub mod events;
pub mod faults;
pub mod health;
pub mod invariants;
pub mod magic;
pub mod messages;
pub mod namespaces;
pub mod payments;
pub mod phones;
pub mod prompts;
pub mod route;
pub mod routes;
pub mod settings;
pub mod snapshot;
pub mod stream;
pub mod ussd;
pub mod wait;

use amana_core::{Msisdn, Timestamp};

use crate::error::SandboxError;

/// Reads a phone number given in any common form.
fn phone(text: &str, field: &'static str) -> Result<Msisdn, SandboxError> {
    text.parse()
        .map_err(|error| SandboxError::engine(&error, field))
}

/// Reads an instant.
fn instant(text: &str, field: &'static str) -> Result<Timestamp, SandboxError> {
    text.parse()
        .map_err(|error| SandboxError::engine(&error, field))
}

#[cfg(test)]
mod tests;
