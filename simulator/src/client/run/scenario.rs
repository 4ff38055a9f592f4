//! The file: what is set up, and what each dialogue does and must see.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use amana_core::Msisdn;
use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_saphyr::Spanned;

use crate::client::ClientError;

/// A file of dialogues, which run in their order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// A merge patch of the settings, applied first.
    #[serde(default)]
    pub settings: Option<Plain>,
    /// What phones are told to be, by number.
    #[serde(default)]
    pub phones: BTreeMap<Msisdn, Plain>,
    /// The phone of the dialogues that name none.
    #[serde(default)]
    pub phone: Option<Msisdn>,
    /// The dialogues.
    pub dialogues: Vec<Dialogue>,
}

/// What one phone does.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dialogue {
    /// What it is about.
    pub name: String,
    /// The phone; without one that of the file.
    #[serde(default)]
    pub phone: Option<Msisdn>,
    /// The steps.
    pub steps: Vec<Spanned<Step>>,
}

/// One step of a dialogue.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Dials a code, which ends a session that is open.
    Dial(String),
    /// Answers the screen.
    Reply(String),
    /// Ends the session.
    HangUp,
    /// Leaves the screen unanswered until the network ends the session.
    TimeOut,
    /// What the screen must be.
    Expect(Expectation),
    /// Sends a text message.
    Text(TextMessage),
    /// What a text message to the phone, since the dialogue began, must be.
    ExpectText(Expectation),
    /// Answers the payment prompt: `approve`, `cancel` or `ignore`.
    Prompt(String),
    /// Moves the sandbox's clock ahead.
    Advance(String),
    /// Calls an API of the sandbox.
    Call(Call),
}

impl Step {
    /// Its name in the file.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Dial(_) => "dial",
            Self::Reply(_) => "reply",
            Self::HangUp => "hang_up",
            Self::TimeOut => "time_out",
            Self::Expect(_) => "expect",
            Self::Text(_) => "text",
            Self::ExpectText(_) => "expect_text",
            Self::Prompt(_) => "prompt",
            Self::Advance(_) => "advance",
            Self::Call(_) => "call",
        }
    }
}

/// A text message of the phone.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextMessage {
    /// The short code it goes to.
    pub to: String,
    /// What it says.
    pub text: String,
}

/// A call of an API of the sandbox.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// Its method; `POST` with a body and `GET` without, if it is not given.
    #[serde(default)]
    pub method: Option<String>,
    /// Its path: `/api/v1/payments/checkout`.
    pub path: String,
    /// Its body, sent as JSON.
    #[serde(default)]
    pub body: Option<Plain>,
    /// The status of the answer; any below 400, if it is not given.
    #[serde(default)]
    pub status: Option<u16>,
    /// Members that the JSON of the answer must have.
    #[serde(default)]
    pub expect: Option<Plain>,
}

/// What a screen or a message must be. A text alone is one that must be in it.
#[derive(Debug, Default)]
pub struct Expectation {
    /// Texts that must be in it.
    pub contains: Vec<String>,
    /// Texts that must not be in it.
    pub lacks: Vec<String>,
    /// What it must be, to the last character; a line end after it does not count.
    pub equals: Option<String>,
    /// Whether the session must be over, or must go on.
    pub ended: Option<bool>,
    /// How many characters it may have.
    pub length_max: Option<usize>,
}

impl Expectation {
    /// What is not as it must be, in a sentence; nothing if all is.
    pub fn complaint(&self, text: &str, ended: Option<bool>) -> Option<String> {
        let missing = self.contains.iter().find(|part| !text.contains(*part));
        let present = self.lacks.iter().find(|part| text.contains(*part));
        let length = text.chars().count();
        let equals = self
            .equals
            .as_deref()
            .map(|wanted| wanted.trim_end_matches('\n'));
        if let Some(part) = missing {
            Some(format!("it does not contain `{part}`"))
        } else if let Some(part) = present {
            Some(format!("it contains `{part}`"))
        } else if equals.is_some_and(|wanted| wanted != text.trim_end_matches('\n')) {
            Some("it is another text".to_owned())
        } else if self.length_max.is_some_and(|most| length > most) {
            Some(format!("it has {length} characters"))
        } else {
            match (self.ended, ended) {
                (Some(true), Some(false)) => Some("the session goes on".to_owned()),
                (Some(false), Some(true)) => Some("the session is over".to_owned()),
                _ => None,
            }
        }
    }
}

/// The long form of an [`Expectation`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Conditions {
    #[serde(default)]
    contains: Texts,
    #[serde(default)]
    lacks: Texts,
    #[serde(default)]
    equals: Option<String>,
    #[serde(default)]
    ended: Option<bool>,
    #[serde(default)]
    length_max: Option<usize>,
}

impl<'de> Deserialize<'de> for Expectation {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Expectation;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or what the text must be like")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Expectation, E> {
                Ok(Expectation {
                    contains: vec![text.to_owned()],
                    ..Expectation::default()
                })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Expectation, A::Error> {
                let map = serde::de::value::MapAccessDeserializer::new(map);
                let conditions = Conditions::deserialize(map)?;
                Ok(Expectation {
                    contains: conditions.contains.0,
                    lacks: conditions.lacks.0,
                    equals: conditions.equals,
                    ended: conditions.ended,
                    length_max: conditions.length_max,
                })
            }
        }

        from.deserialize_any(Either)
    }
}

/// One text, or several.
#[derive(Default)]
struct Texts(Vec<String>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct OneOrMore;

        impl<'de> Visitor<'de> for OneOrMore {
            type Value = Texts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of texts")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Texts, E> {
                Ok(Texts(vec![text.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Texts, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = list.next_element()? {
                    texts.push(text);
                }
                Ok(Texts(texts))
            }
        }

        from.deserialize_any(OneOrMore)
    }
}

/// A value that goes to the sandbox as JSON. It has no numbers with decimals: they would not come
/// through exactly, and amounts may be written as text.
#[derive(Debug, Clone)]
pub struct Plain(pub Value);

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(from)?;
        match has_decimals(&value) {
            false => Ok(Self(value)),
            true => Err(D::Error::custom(
                "a number with decimals must be written as text: \"1.50\"",
            )),
        }
    }
}

fn has_decimals(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(items) => items.iter().any(has_decimals),
        Value::Object(members) => members.values().any(has_decimals),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

impl Scenario {
    /// Reads a file.
    ///
    /// # Errors
    /// If it cannot be read, or is not a scenario; then the line is named.
    pub fn read(path: &Path) -> Result<Self, ClientError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ClientError::File(path.to_owned(), error))?;
        Self::parse(&text).map_err(|why| ClientError::Scenario(path.to_owned(), why))
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(text: &str) -> Result<Self, String> {
        let scenario: Self = serde_saphyr::from_str(text).map_err(|error| {
            let error = error.without_snippet();
            error.to_string()
        })?;
        if scenario.dialogues.is_empty() {
            return Err("there are no dialogues".to_owned());
        }
        for dialogue in &scenario.dialogues {
            if dialogue.steps.is_empty() {
                return Err(format!("`{}` has no steps", dialogue.name));
            }
            if dialogue.phone.or(scenario.phone).is_none() {
                return Err(format!("`{}` names no `phone`", dialogue.name));
            }
        }
        Ok(scenario)
    }
}
