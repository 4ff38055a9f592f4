//! Random walks: whatever parties, provider and network do, in whatever order, nothing is lost and
//! nothing is paid twice.
//!
//! Two of them. [`lifecycle`] drives the engine alone against a provider that knows the truth and
//! tells it badly; it is fast, so it goes far. [`market`] drives a whole sandbox: contracts, phones,
//! faults, callbacks and the clock. Both are decided by a seed alone, so a walk that ends badly is
//! repeated by its seed.

pub mod lifecycle;
pub mod market;
pub mod month;
mod provider;

use std::fmt;

/// What must never be seen, seen; one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation(pub String);

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Violation {}
