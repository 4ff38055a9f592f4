//! The host names that the sandbox stands in for: those of the registry and no other.

use crate::provider;

/// All of them.
pub fn hosts() -> impl Iterator<Item = &'static str> {
    provider::ALL
        .iter()
        .flat_map(|provider| provider.hosts())
        .copied()
}

/// A name as the registry writes it, if it is one of them.
pub fn find_host(name: &str) -> Option<&'static str> {
    hosts().find(|host| host.eq_ignore_ascii_case(name))
}
