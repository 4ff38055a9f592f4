//! The format of published exchanges; `docs/vectors/README.md` explains it to readers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use amana_core::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::error::ClientError;

/// A file of exchanges.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// What it is, for readers.
    #[serde(rename = "about")]
    _about: String,
    /// Where the clock stands, frozen, when an exchange begins.
    pub clock: Timestamp,
    /// The public documents and recordings, by the short names that provenance is given with.
    pub sources: BTreeMap<String, String>,
    /// Values that stand in many places, by name.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// The exchanges. Each begins in a sandbox of its own, as new.
    pub exchanges: Vec<Exchange>,
}

/// How a fact is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Somebody recorded it from the provider.
    Observed,
    /// The provider's documents say so.
    Documented,
    /// Clients or their tests depend on it.
    Client,
    /// It follows from the above, or from the software the provider runs.
    Inferred,
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Observed => "observed",
            Self::Documented => "documented",
            Self::Client => "clients depend on it",
            Self::Inferred => "inferred",
        })
    }
}

/// A request and its answer, or a callback.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// `<operation>.<what happens>`, unique in the file.
    pub name: String,
    /// Where it comes from: names of sources, each perhaps with a place after a colon.
    pub source: Vec<String>,
    /// How it is known.
    pub evidence: Evidence,
    /// What a reader should notice.
    pub note: Option<String>,
    /// What happens before.
    #[serde(default)]
    pub setup: Vec<Step>,
    /// What the client sends…
    pub request: Option<Outgoing>,
    /// …and is answered.
    pub response: Option<Expected>,
    /// Or: what the client's own server is sent.
    pub callback: Option<Callback>,
    /// Members of the answer, by JSON pointer, that later requests use by name.
    #[serde(default)]
    pub keep: BTreeMap<String, String>,
}

/// Something that happens before an exchange.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// Another exchange, with all that happens before it.
    Send(String),
    /// Time passes, and what falls due happens.
    Advance(String),
    /// A call of the control API.
    Control(Control),
    /// What the client's server answers from now on at a path.
    Answer(Answer),
}

/// A call of the control API.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Method.
    pub method: String,
    /// Path, from `/_amana/`.
    pub path: String,
    /// JSON body.
    pub body: Option<Value>,
}

/// An answer of the client's server.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Path.
    pub path: String,
    /// Status.
    #[serde(default = "ok")]
    pub status: u16,
    /// Its body.
    #[serde(flatten)]
    pub body: Body,
}

const fn ok() -> u16 {
    200
}

/// A body, in one of three forms.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Body {
    /// JSON.
    pub json: Option<Value>,
    /// An HTML form; values are texts.
    pub form: Option<BTreeMap<String, String>>,
    /// Text.
    pub text: Option<String>,
    /// Content type, if not that of the form it is in.
    pub content_type: Option<String>,
}

/// A request of the client.
#[derive(Debug, Deserialize)]
pub struct Outgoing {
    /// Method.
    pub method: String,
    /// The provider's host.
    pub host: String,
    /// Path, perhaps with a query.
    pub path: String,
    /// Headers beside host and content type.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Its body.
    #[serde(flatten)]
    pub body: Body,
}

/// What is expected of a body, and beside it.
#[derive(Debug, Deserialize)]
pub struct Expected {
    /// Status; of callbacks there is none.
    pub status: Option<u16>,
    /// Headers that must have this value.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body: of JSON the keys and the types of values, of forms the keys, of texts everything.
    #[serde(flatten)]
    pub body: Body,
    /// Places in JSON, or keys of a form, that must be equal.
    #[serde(default)]
    pub exact: BTreeSet<String>,
}

/// What the client's server is sent.
#[derive(Debug, Deserialize)]
pub struct Callback {
    /// At which path.
    pub path: String,
    /// How often in all.
    #[serde(default = "once")]
    pub times: usize,
    /// Which of them is compared, from 0.
    #[serde(default)]
    pub index: usize,
    /// What.
    #[serde(flatten)]
    pub expected: Expected,
}

const fn once() -> usize {
    1
}

impl Document {
    /// Reads a file and checks that it makes sense.
    ///
    /// # Errors
    /// [`ClientError::Vectors`], saying where.
    pub fn read(name: &str, text: &str) -> Result<Self, ClientError> {
        let wrong = |why: String| ClientError::Vectors(name.to_owned(), why);
        let mut reader = serde_json::Deserializer::from_str(text);
        let document: Self = serde_path_to_error::deserialize(&mut reader)
            .map_err(|error| wrong(format!("`{}`: {}", error.path(), error.inner())))?;
        let mut names = BTreeSet::new();
        for exchange in &document.exchanges {
            let why = match exchange {
                _ if !names.insert(&exchange.name) => Some("stands twice".to_owned()),
                exchange => exchange.nonsense(&document),
            };
            if let Some(why) = why {
                return Err(wrong(format!("`{}` {why}", exchange.name)));
            }
        }
        Ok(document)
    }

    /// The exchange of this name.
    pub fn find(&self, name: &str) -> Option<&Exchange> {
        self.exchanges.iter().find(|exchange| exchange.name == name)
    }
}

impl Exchange {
    /// Why it is nonsense, if it is.
    fn nonsense(&self, document: &Document) -> Option<String> {
        match (&self.request, &self.response, &self.callback) {
            (Some(_), Some(response), None) if response.status.is_none() => {
                return Some("has a response without status".to_owned());
            }
            (Some(_), Some(_), None) | (None, None, Some(_)) => {}
            _ => return Some("is neither a request with a response nor a callback".to_owned()),
        }
        if self.source.is_empty() {
            return Some("has no source".to_owned());
        }
        let unknown = self.source.iter().find(|source| {
            let name = source.split(':').next().unwrap_or_default();
            !document.sources.contains_key(name)
        });
        if let Some(source) = unknown {
            return Some(format!("has a source that is not listed, `{source}`"));
        }
        self.setup.iter().find_map(|step| match step {
            Step::Send(name) if document.find(name).is_none() => {
                Some(format!("sends `{name}`, which is not there"))
            }
            Step::Send(_) | Step::Advance(_) | Step::Control(_) | Step::Answer(_) => None,
        })
    }
}
