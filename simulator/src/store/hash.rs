//! The hash over all events of a journal.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::StoreError;
use crate::kernel::Recorded;

/// Each event's line of JSON, chained by SHA-256: equal journals have equal hashes, in every store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventsHash([u8; 32]);

impl EventsHash {
    /// The hash of no events.
    pub const EMPTY: Self = Self([0; 32]);

    /// Adds an event by its line, as [`line_of`] writes it.
    pub(super) fn add(&mut self, line: &[u8]) {
        let digest = Sha256::new().chain_update(self.0).chain_update(line);
        self.0 = digest.finalize().into();
    }
}

/// An event as it is hashed and stored.
pub(super) fn line_of(event: &Recorded) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(event).map_err(StoreError::new)
}

impl fmt::Display for EventsHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for EventsHash {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut hash = [0; 32];
        hex::decode_to_slice(text, &mut hash).map_err(StoreError::new)?;
        Ok(Self(hash))
    }
}
