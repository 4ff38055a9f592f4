//! Comparing: of JSON the keys and the types of the values, and more where a vector says so.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

use super::document::Expected;
use super::pattern;

/// How much of a value is shown.
const SHOWN_MAX: usize = 120;

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Where: `status`, `content-type`, or a place in the body.
    pub place: String,
    /// What should be there.
    pub expected: String,
    /// What is.
    pub got: String,
}

impl Mismatch {
    /// A difference.
    pub fn new(place: &str, expected: impl fmt::Display, got: impl fmt::Display) -> Self {
        Self {
            place: place.to_owned(),
            expected: shortened(&expected.to_string()),
            got: shortened(&got.to_string()),
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: expected {}, got {}",
            self.place, self.expected, self.got
        )
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN_MAX) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// What came: an answer or a callback.
pub struct Actual<'a> {
    /// Status; of callbacks there is none.
    pub status: Option<u16>,
    /// Looks up a header.
    pub header: &'a dyn Fn(&str) -> Option<String>,
    /// The exact bytes of the body.
    pub body: &'a [u8],
}

/// Every difference between what is expected and what came.
pub fn compare(expected: &Expected, actual: &Actual<'_>) -> Vec<Mismatch> {
    let mut found = Vec::new();
    if expected.status != actual.status {
        let [expected, got] = [expected.status, actual.status].map(Option::unwrap_or_default);
        found.push(Mismatch::new("status", expected, got));
    }
    let kind = expected.body.content_type.as_deref();
    let kind = kind.map(|kind| ("content-type", kind));
    let headers = expected.headers.iter();
    for (name, wanted) in headers.map(|(n, v)| (n.as_str(), v.as_str())).chain(kind) {
        let got = (actual.header)(name);
        if !got
            .as_deref()
            .is_some_and(|got| pattern::matches(wanted, got))
        {
            let got = got.unwrap_or_else(|| "none".to_owned());
            found.push(Mismatch::new(name, wanted, got));
        }
    }
    let text = String::from_utf8_lossy(actual.body);
    if let Some(json) = &expected.body.json {
        match serde_json::from_slice::<Value>(actual.body) {
            Ok(got) => compare_json("", json, &got, &expected.exact, &mut found),
            Err(_) => found.push(Mismatch::new("body", "JSON", format!("`{text}`"))),
        }
    } else if let Some(form) = &expected.body.form {
        compare_form(form, actual.body, &expected.exact, &mut found);
    } else {
        let wanted = expected.body.text.as_deref().unwrap_or_default();
        if !pattern::matches(wanted, &text) {
            found.push(Mismatch::new(
                "body",
                format!("`{wanted}`"),
                format!("`{text}`"),
            ));
        }
    }
    found
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn compare_json(
    place: &str,
    expected: &Value,
    got: &Value,
    exact: &BTreeSet<String>,
    found: &mut Vec<Mismatch>,
) {
    let shown = if place.is_empty() { "body" } else { place };
    if exact.contains(place) {
        // `1.0` is not `1`: a client may read the one and fail on the other.
        if expected != got {
            found.push(Mismatch::new(shown, expected, got));
        }
        return;
    }
    match (expected, got) {
        (Value::Object(expected), Value::Object(got)) => {
            for (key, value) in expected {
                let place = format!("{place}/{}", escaped(key));
                match got.get(key) {
                    Some(got) => compare_json(&place, value, got, exact, found),
                    None => found.push(Mismatch::new(&place, kind_of(value), "nothing")),
                }
            }
            for (key, value) in got.iter().filter(|(key, _)| !expected.contains_key(*key)) {
                let place = format!("{place}/{}", escaped(key));
                found.push(Mismatch::new(&place, "nothing", value));
            }
        }
        (Value::Array(expected), Value::Array(got)) => {
            if expected.len() != got.len() {
                let entries = |list: &[Value]| format!("{} entries", list.len());
                found.push(Mismatch::new(shown, entries(expected), entries(got)));
            }
            for (index, (expected, got)) in expected.iter().zip(got).enumerate() {
                compare_json(&format!("{place}/{index}"), expected, got, exact, found);
            }
        }
        (Value::String(expected), Value::String(got))
            if pattern::has_gaps(expected) && !pattern::matches(expected, got) =>
        {
            let [expected, got] = [expected, got].map(|text| format!("`{text}`"));
            found.push(Mismatch::new(shown, expected, got));
        }
        (expected, got) if kind_of(expected) != kind_of(got) => {
            found.push(Mismatch::new(
                shown,
                kind_of(expected),
                format!("{} {got}", kind_of(got)),
            ));
        }
        _ => {}
    }
}

/// A key as it stands in a JSON pointer.
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn compare_form(
    expected: &BTreeMap<String, String>,
    body: &[u8],
    exact: &BTreeSet<String>,
    found: &mut Vec<Mismatch>,
) {
    let got: BTreeMap<String, String> = form_urlencoded::parse(body).into_owned().collect();
    for (key, wanted) in expected {
        match got.get(key) {
            None => found.push(Mismatch::new(key, "a field", "nothing")),
            Some(got) => {
                let compared = exact.contains(key) || pattern::has_gaps(wanted);
                if compared && !pattern::matches(wanted, got) {
                    found.push(Mismatch::new(
                        key,
                        format!("`{wanted}`"),
                        format!("`{got}`"),
                    ));
                }
            }
        }
    }
    for (key, value) in got.iter().filter(|(key, _)| !expected.contains_key(*key)) {
        found.push(Mismatch::new(key, "nothing", format!("`{value}`")));
    }
}
