//! A whole namespace as one document.

use amana_core::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Sandbox, Start, State};
use crate::error::{SandboxCode, SandboxError};

/// The version of the document; another one is refused.
const VERSION: u32 = 1;

/// A namespace, complete: restoring it gives the same state hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    version: u32,
    /// Hash of the state, checked when it is restored.
    pub state_hash: String,
    /// Hash of all events up to this state, on which those that follow build.
    pub events_hash: String,
    /// The state.
    pub state: State,
}

impl Snapshot {
    /// The namespace as it is now.
    ///
    /// # Errors
    /// Never in practice: every part of the state can be written as JSON.
    pub fn of(sandbox: &Sandbox, events_hash: String) -> Result<Self, serde_json::Error> {
        Ok(Self {
            version: VERSION,
            state_hash: sandbox.state.hash()?,
            events_hash,
            state: sandbox.state.clone(),
        })
    }

    /// Whether the document is what it says it is.
    ///
    /// # Errors
    /// `snapshot.damaged`.
    pub fn verify(&self) -> Result<(), SandboxError> {
        let whole = self.state.hash().is_ok_and(|hash| hash == self.state_hash);
        let hash_known = hex::decode(&self.events_hash).is_ok_and(|hash| hash.len() == 32);
        if self.version == VERSION && whole && hash_known {
            Ok(())
        } else {
            Err(SandboxCode::SnapshotDamaged.into())
        }
    }
}

impl Sandbox {
    /// Puts the namespace back to a verified snapshot.
    pub fn restore(&mut self, state: State, host_now: Timestamp) {
        *self = Self::from_state(state, host_now);
    }

    /// Makes the namespace as new.
    pub fn reset(&mut self, start: Start, host_now: Timestamp) {
        *self = Self::new(start, host_now);
    }
}
