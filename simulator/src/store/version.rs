//! What is written and how what was written earlier is still read.
//!
//! Every document in the journal says its version. When the shape of an event or of the state
//! changes, the version goes up by one and a function is added here that turns the JSON of the
//! version before into the new one. Functions are never changed or removed, so that a journal of any
//! age can be read.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::StoreError;
use super::hash::EventsHash;
use crate::kernel::{Recorded, State};

/// Turns a document of one version into the next one's.
type Upcast = fn(Value) -> Result<Value, StoreError>;

/// What a kind of document has been through: the function at place n makes version n + 2 of
/// version n + 1.
struct History {
    upcasts: &'static [Upcast],
}

/// Of an event, as [`Recorded`] is written.
const EVENTS: History = History { upcasts: &[] };
/// Of the state of a namespace.
const STATES: History = History { upcasts: &[] };

impl History {
    /// The version that is written.
    const fn current(&self) -> usize {
        self.upcasts.len() + 1
    }

    /// Reads a document of this version.
    fn read<T: DeserializeOwned>(&self, version: usize, raw: &RawValue) -> Result<T, StoreError> {
        if version == self.current() {
            return serde_json::from_str(raw.get()).map_err(StoreError::new);
        }
        let steps = version.checked_sub(1);
        let Some(steps) = steps.and_then(|first| self.upcasts.get(first..)) else {
            return Err(StoreError::new(format_args!(
                "a document has version {version}, this program knows 1 to {}",
                self.current()
            )));
        };
        let mut value = serde_json::from_str(raw.get()).map_err(StoreError::new)?;
        for step in steps {
            value = step(value)?;
        }
        serde_json::from_value(value).map_err(StoreError::new)
    }
}

/// A batch as it is stored.
#[derive(Deserialize)]
struct BatchDocument<'a> {
    version: usize,
    #[serde(borrow)]
    events: Vec<&'a RawValue>,
}

/// A state as it is stored.
#[derive(Serialize, Deserialize)]
struct StateDocument<T> {
    version: usize,
    state: T,
}

/// How every batch ends.
const END: &str = "]}";

/// Writes a batch and adds its events to the hash.
pub(super) fn write_batch(batch: &[Recorded], hash: &mut EventsHash) -> Result<String, StoreError> {
    let mut body = format!(r#"{{"version":{},"events":[{END}"#, EVENTS.current());
    add_to_batch(batch, &mut body, hash)?;
    Ok(body)
}

/// Writes a batch behind another one of the present version, as one, and adds its events to the
/// hash. If that fails, what was written is lost.
pub(super) fn add_to_batch(
    batch: &[Recorded],
    body: &mut String,
    hash: &mut EventsHash,
) -> Result<(), StoreError> {
    let mut bytes = std::mem::take(body).into_bytes();
    bytes.truncate(bytes.len().saturating_sub(END.len()));
    for event in batch {
        if bytes.last() != Some(&b'[') {
            bytes.push(b',');
        }
        let begin = bytes.len();
        serde_json::to_writer(&mut bytes, event).map_err(StoreError::new)?;
        hash.add(bytes.get(begin..).unwrap_or_default());
    }
    bytes.extend_from_slice(END.as_bytes());
    *body = String::from_utf8(bytes).map_err(StoreError::new)?;
    Ok(())
}

/// Reads a batch of any version.
pub(super) fn read_batch(body: &str) -> Result<Vec<Recorded>, StoreError> {
    read_batch_by(&EVENTS, body, |_| {})
}

/// Reads a batch of any version and adds its events, as they were written, to the hash.
pub(super) fn replay_batch(body: &str, hash: &mut EventsHash) -> Result<Vec<Recorded>, StoreError> {
    read_batch_by(&EVENTS, body, |line| hash.add(line))
}

fn read_batch_by<T: DeserializeOwned>(
    history: &History,
    body: &str,
    mut each_line: impl FnMut(&[u8]),
) -> Result<Vec<T>, StoreError> {
    let document: BatchDocument<'_> = serde_json::from_str(body).map_err(StoreError::new)?;
    let events = document.events.into_iter();
    let read = events.map(|event| {
        each_line(event.get().as_bytes());
        history.read(document.version, event)
    });
    read.collect()
}

/// Writes a state.
pub(super) fn write_state(state: &State) -> Result<String, StoreError> {
    let document = StateDocument {
        version: STATES.current(),
        state,
    };
    serde_json::to_string(&document).map_err(StoreError::new)
}

/// Reads a state of any version.
pub(super) fn read_state(body: &str) -> Result<State, StoreError> {
    let document: StateDocument<Box<RawValue>> =
        serde_json::from_str(body).map_err(StoreError::new)?;
    STATES.read(document.version, &document.state)
}

#[cfg(test)]
mod tests;
