//! A JSON body read member by member, so that every wrong one is named in the published list.

use std::collections::BTreeMap;
use std::str::FromStr;

use amana_core::money::wire::WireDecimal;
use amana_core::{Coded, Currency, Money, Msisdn};
use serde_json::value::RawValue;

use super::problem::{FieldProblem, Problem};

/// The members of a JSON object, each as it was written.
pub struct Body {
    members: BTreeMap<String, Box<RawValue>>,
    problems: Vec<FieldProblem>,
}

impl Body {
    /// Reads the bytes of a request.
    ///
    /// # Errors
    /// [`Problem`] if they are not one JSON object.
    pub fn read(bytes: &[u8]) -> Result<Self, Problem> {
        let members = serde_json::from_slice(bytes).map_err(|error| {
            let object = serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok();
            let (loc, msg, kind) = match object {
                true => (
                    vec![],
                    "value is not a valid dict".to_owned(),
                    "type_error.dict",
                ),
                false => (
                    vec![error.column().to_string()],
                    "the body is not well-formed JSON".to_owned(),
                    "value_error.jsondecode",
                ),
            };
            let loc = std::iter::once("body".to_owned()).chain(loc).collect();
            Problem::Fields(vec![FieldProblem {
                loc,
                msg,
                kind: kind.to_owned(),
            }])
        })?;
        Ok(Self {
            members,
            problems: Vec::new(),
        })
    }

    /// Whether the member is there at all.
    pub fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// The member as it was written, unless it is absent or null.
    fn raw(&self, name: &str) -> Option<&str> {
        self.members
            .get(name)
            .map(|raw| raw.get())
            .filter(|raw| *raw != "null")
    }

    fn wrong(&mut self, field: &str, msg: impl Into<String>, kind: impl Into<String>) {
        self.problems.push(FieldProblem::body(field, msg, kind));
    }

    /// A text, if present.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let raw = self.raw(name)?;
        let text = serde_json::from_str(raw).ok();
        if text.is_none() {
            self.wrong(name, "str type expected", "type_error.str");
        }
        text
    }

    /// A text that must be there.
    pub fn required_text(&mut self, name: &str) -> Option<String> {
        if self.raw(name).is_none() {
            self.missing(name);
        }
        self.text(name)
    }

    /// Notes that a member must be there.
    pub fn missing(&mut self, name: &str) {
        self.wrong(name, "field required", "value_error.missing");
    }

    /// A text read by one of the core's types, if present.
    pub fn parsed<T: FromStr<Err: Coded>>(&mut self, name: &str) -> Option<T> {
        let text = self.text(name)?;
        self.parse(name, &text)
    }

    /// A text read by one of the core's types, that must be there.
    pub fn required<T: FromStr<Err: Coded>>(&mut self, name: &str) -> Option<T> {
        let text = self.required_text(name)?;
        self.parse(name, &text)
    }

    fn parse<T: FromStr<Err: Coded>>(&mut self, name: &str, text: &str) -> Option<T> {
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                let kind = format!("value_error.{}", error.code());
                self.wrong(name, error.to_string(), kind);
                None
            }
        }
    }

    /// A phone number, of which nothing is repeated in an error.
    pub fn phone(&mut self, name: &str) -> Option<Msisdn> {
        self.parsed(name)
    }

    /// An amount of more than nothing: a number or a decimal text, exact.
    pub fn required_amount(&mut self, name: &str, currency: Option<Currency>) -> Option<Money> {
        let Some(raw) = self.raw(name) else {
            self.missing(name);
            return None;
        };
        let Ok(number) = serde_json::from_str::<WireDecimal>(raw) else {
            self.wrong(name, "value is not a valid float", "type_error.float");
            return None;
        };
        match number.to_money(currency?) {
            Ok(amount) if amount.is_positive() => Some(amount),
            Ok(_) => {
                let msg = "ensure this value is greater than 0";
                self.wrong(name, msg, "value_error.number.not_gt");
                None
            }
            Err(error) => {
                self.wrong(
                    name,
                    error.to_string(),
                    format!("value_error.{}", error.code()),
                );
                None
            }
        }
    }

    /// Facts to be kept: an object whose members are texts, numbers or truth values.
    pub fn facts(&mut self, name: &str) -> BTreeMap<String, String> {
        let Some(raw) = self.raw(name) else {
            return BTreeMap::new();
        };
        let Ok(members) = serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(raw) else {
            self.wrong(name, "value is not a valid dict", "type_error.dict");
            return BTreeMap::new();
        };
        let mut facts = BTreeMap::new();
        for (key, value) in members {
            let value = value.get();
            if let Ok(text) = serde_json::from_str::<String>(value) {
                facts.insert(key, text);
            } else if value.starts_with(['{', '[']) {
                self.wrong(
                    &format!("{name}.{key}"),
                    "str type expected",
                    "type_error.str",
                );
            } else if value != "null" {
                facts.insert(key, value.to_owned());
            }
        }
        facts
    }

    /// A list of texts; one text alone counts as a list of one.
    pub fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        let raw = self.raw(name)?;
        let list = serde_json::from_str(raw)
            .or_else(|_| serde_json::from_str(raw).map(|text: String| vec![text]));
        if list.is_err() {
            self.wrong(name, "value is not a valid list", "type_error.list");
        }
        list.ok()
    }

    /// The values that were read, unless something was wrong.
    ///
    /// # Errors
    /// [`Problem::Fields`] with everything that is wrong.
    pub fn finish<T>(self, read: Option<T>) -> Result<T, Problem> {
        match read {
            Some(read) if self.problems.is_empty() => Ok(read),
            Some(_) | None => Err(Problem::Fields(self.problems)),
        }
    }
}
