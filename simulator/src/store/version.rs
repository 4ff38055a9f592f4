//! What is written and how what was written earlier is still read.
//!
//! Every document in the journal says its version. When the shape of an event or of the state
//! changes, the version goes up by one and a function is added here that turns the JSON of the
//! version before into the new one. Functions are never changed or removed, so that a journal of any
//! age can be read.

use std::sync::{Mutex, OnceLock, PoisonError};

use base64::prelude::{BASE64_STANDARD, Engine};
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

/// Batches as they are stored: their events as they are, or packed.
#[derive(Deserialize)]
struct BatchDocument<'a> {
    version: usize,
    #[serde(borrow)]
    events: Option<&'a RawValue>,
    lz4: Option<&'a str>,
}

/// A state as it is stored.
#[derive(Serialize, Deserialize)]
struct StateDocument<T> {
    version: usize,
    state: T,
}

/// Events of one batch as they are written: a line of JSON each, with a comma between.
#[derive(Debug)]
pub(super) struct Lines {
    text: Vec<u8>,
    /// Where each line ends.
    ends: Vec<usize>,
}

impl Lines {
    /// Writes these events.
    pub(super) fn of(batch: &[Recorded]) -> Result<Self, StoreError> {
        let mut text = Vec::with_capacity(BYTES_PER_EVENT * batch.len());
        let mut ends = Vec::with_capacity(batch.len());
        for event in batch {
            if !text.is_empty() {
                text.push(b',');
            }
            serde_json::to_writer(&mut text, event).map_err(StoreError::new)?;
            ends.push(text.len());
        }
        Ok(Self { text, ends })
    }

    /// Adds them to the hash.
    pub(super) fn add_to(&self, hash: &mut EventsHash) {
        let mut begin = 0;
        for end in &self.ends {
            hash.add(self.text.get(begin..*end).unwrap_or_default());
            begin = end + 1;
        }
    }
}

/// A batch that is written out once, by whoever comes to it first: its maker, when it has let go of
/// everything that others wait for, or else the writer of the journal.
#[derive(Debug)]
pub(super) struct Batch {
    /// The number of its first event.
    pub(super) first: u64,
    /// The number of its last event.
    pub(super) last: u64,
    /// Empty once the lines are there.
    events: Mutex<Vec<Recorded>>,
    lines: OnceLock<Result<Lines, StoreError>>,
}

impl Batch {
    /// A batch of these events; none if there are none.
    pub(super) fn of(events: Vec<Recorded>) -> Option<Self> {
        Some(Self {
            first: events.first()?.seq,
            last: events.last()?.seq,
            events: Mutex::new(events),
            lines: OnceLock::new(),
        })
    }

    /// Its lines.
    pub(super) fn lines(&self) -> &Result<Lines, StoreError> {
        self.lines.get_or_init(|| {
            let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
            Lines::of(&std::mem::take(&mut *events))
        })
    }
}

/// More than most events take, so that a batch seldom has to grow.
const BYTES_PER_EVENT: usize = 384;
/// From how many bytes on events are packed. What a single request brings about seldom is, and
/// stays to be read by people.
const PACKED_FROM: usize = 16 * 1024;
/// More bytes than any list of events has: a document that claims more is damaged.
const UNPACKED_MAX: usize = 64 * 1024 * 1024;

/// The document of batches that follow each other, as long as it grows.
#[derive(Debug)]
pub(super) struct Batches {
    /// A list of events, without its end.
    list: Vec<u8>,
}

impl Batches {
    /// A document of one batch.
    pub(super) fn of(lines: &Lines) -> Self {
        let mut list = Vec::with_capacity(lines.text.len() + 2);
        list.push(b'[');
        list.extend_from_slice(&lines.text);
        Self { list }
    }

    /// Adds the next batch.
    pub(super) fn add(&mut self, lines: &Lines) {
        self.list.push(b',');
        self.list.extend_from_slice(&lines.text);
    }

    /// About how many bytes of events it has.
    pub(super) const fn len(&self) -> usize {
        self.list.len()
    }

    /// The whole document.
    pub(super) fn end(mut self) -> String {
        self.list.push(b']');
        let version = EVENTS.current();
        if self.list.len() < PACKED_FROM {
            // JSON is UTF-8, so this loses nothing.
            let list = String::from_utf8_lossy(&self.list);
            return format!(r#"{{"version":{version},"events":{list}}}"#);
        }
        let packed = lz4_flex::compress_prepend_size(&self.list);
        let mut document = format!(r#"{{"version":{version},"lz4":""#);
        BASE64_STANDARD.encode_string(packed, &mut document);
        document.push_str(r#""}"#);
        document
    }
}

/// The list of events in a packed text.
fn unpack(packed: &str) -> Result<String, StoreError> {
    let packed = BASE64_STANDARD.decode(packed).map_err(StoreError::new)?;
    let (size, packed) = lz4_flex::block::uncompressed_size(&packed).map_err(StoreError::new)?;
    if size > UNPACKED_MAX {
        return Err(StoreError::new("a document of batches is damaged"));
    }
    let list = lz4_flex::decompress(packed, size).map_err(StoreError::new)?;
    String::from_utf8(list).map_err(StoreError::new)
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
    let unpacked = document.lz4.map(unpack).transpose()?;
    let list = unpacked
        .as_deref()
        .or_else(|| document.events.map(RawValue::get))
        .ok_or_else(|| StoreError::new("a document without batches"))?;
    let events: Vec<&RawValue> = serde_json::from_str(list).map_err(StoreError::new)?;
    let read = events.into_iter().map(|event| {
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
