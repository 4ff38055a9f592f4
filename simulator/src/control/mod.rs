//! The control API, one resource per file.

pub mod answer;
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
pub mod schema;
pub mod settings;
pub mod snapshot;
pub mod stream;
pub mod ussd;
pub mod wait;

use amana_core::{Msisdn, Timestamp};

use crate::error::SandboxError;
use crate::kernel::{Correlation, ServiceName, is_event_type};

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

/// Reads the name of a provider, or of the payments API.
fn service(text: &str, field: &'static str) -> Result<ServiceName, SandboxError> {
    ServiceName::find(text).ok_or_else(|| {
        let names: Vec<_> = ServiceName::all().map(|name| format!("`{name}`")).collect();
        let why = format!("no such provider; there are {}", names.join(", "));
        SandboxError::invalid(field, why)
    })
}

/// Reads what one cause brought about.
fn correlation(text: &str, field: &'static str) -> Result<Correlation, SandboxError> {
    text.parse()
        .map_err(|_| SandboxError::invalid(field, "a correlation is like `c13`"))
}

/// Checks a type of events, or a group of types with `.*`.
fn event_type(text: &str, field: &'static str) -> Result<(), SandboxError> {
    match is_event_type(text) {
        true => Ok(()),
        false => Err(SandboxError::invalid(field, "no event has such a type")),
    }
}

#[cfg(test)]
mod tests;
