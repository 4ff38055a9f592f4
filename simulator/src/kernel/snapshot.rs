//! A whole namespace as one document.

use amana_core::{FieldPath, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::json::{parse, read_typed};
use super::{Sandbox, Start, State, invariant};
use crate::error::{SandboxCode, SandboxError};

/// The version of the document; another one is refused.
const VERSION: u32 = 1;

/// A namespace, complete: restoring it gives the same state hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Snapshot {
    version: u32,
    /// Hash of the state, checked when it is restored.
    pub state_hash: String,
    /// Hash of all events up to this state, on which those that follow build.
    pub events_hash: String,
    /// The state.
    #[cfg_attr(feature = "server", schemars(with = "serde_json::Map<String, Value>"))]
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

    /// Reads a document and checks that it is what it says it is.
    ///
    /// # Errors
    /// `request.malformed` if it is no JSON, else `snapshot.damaged`, naming the field.
    pub fn read(text: &[u8]) -> Result<Self, SandboxError> {
        let document = parse(text).map_err(as_damage)?;
        let snapshot: Self = read_typed(document.clone()).map_err(as_damage)?;
        snapshot.verify()?;
        let root = FieldPath::new("");
        // What is not understood is not kept, so it must not be there.
        let kept = serde_json::to_value(&snapshot);
        let kept = kept.map_err(|error| damaged(root.clone(), error.to_string()))?;
        match unknown(&document, &kept, root) {
            None => Ok(snapshot),
            Some(field) => Err(damaged(field, "this sandbox knows no such field")),
        }
    }

    fn verify(&self) -> Result<(), SandboxError> {
        let refuse = |field, why: String| Err(damaged(FieldPath::new(field), why));
        if self.version != VERSION {
            return refuse("/version", format!("this sandbox reads version {VERSION}"));
        }
        if !hex::decode(&self.events_hash).is_ok_and(|hash| hash.len() == 32) {
            return refuse(
                "/events_hash",
                "a hash has 64 hexadecimal digits".to_owned(),
            );
        }
        if !self.state.hash().is_ok_and(|hash| hash == self.state_hash) {
            return refuse("/state_hash", "the state has another hash".to_owned());
        }
        let checks = invariant::check_all(&self.state);
        match checks.into_iter().find(|check| !check.ok) {
            None => Ok(()),
            Some(check) => refuse("/state", format!("{}: {}", check.name, check.detail)),
        }
    }
}

/// A field that is wrong is damage of the document.
fn as_damage(error: SandboxError) -> SandboxError {
    match error {
        error @ SandboxError::Field(SandboxCode::RequestMalformed, ..) => error,
        SandboxError::Field(_, field, why) => damaged(field, why),
        error @ (SandboxError::Plain(_) | SandboxError::Engine(..)) => error,
    }
}

fn damaged(field: FieldPath, why: impl Into<String>) -> SandboxError {
    SandboxError::Field(SandboxCode::SnapshotDamaged, field, why.into())
}

/// The first member of a document that is not among those that were kept of it.
fn unknown(document: &Value, kept: &Value, at: FieldPath) -> Option<FieldPath> {
    match (document, kept) {
        (Value::Object(members), Value::Object(kept)) => {
            members
                .iter()
                .find_map(|(name, value)| match kept.get(name) {
                    Some(kept) => unknown(value, kept, at.join(name)),
                    None => Some(at.join(name)),
                })
        }
        (Value::Array(values), Value::Array(kept)) => values
            .iter()
            .zip(kept)
            .enumerate()
            .find_map(|(place, (value, kept))| unknown(value, kept, at.join(&place.to_string()))),
        _ => None,
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
