//! JSON in canonical form, and where two values differ.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::idempotency::IdempotencyError;
use crate::error::FieldPath;

/// Bodies nested deeper than this are refused, so that hostile input cannot exhaust the stack.
const DEPTH_MAX: usize = 64;

/// A JSON value with its scalars as canonical text.
#[derive(PartialEq, Eq)]
pub(super) enum Node {
    Scalar(String),
    Array(Vec<Node>),
    Object(BTreeMap<String, Node>),
}

impl Node {
    /// Reads a JSON text.
    pub(super) fn read(body: &[u8]) -> Result<Self, IdempotencyError> {
        let raw: &RawValue = serde_json::from_slice(body).map_err(|_| IdempotencyError::NotJson)?;
        Self::from_raw(raw, DEPTH_MAX, Path::Root)
    }

    fn from_raw(
        raw: &RawValue,
        depth_left: usize,
        path: Path<'_>,
    ) -> Result<Self, IdempotencyError> {
        let depth_left = depth_left.checked_sub(1).ok_or(IdempotencyError::TooDeep)?;
        let text = raw.get();
        match text.as_bytes().first() {
            Some(b'{') => {
                let mut nodes = BTreeMap::new();
                for (name, raw) in from_text::<Members<'_>>(text)?.0 {
                    let place = Path::Member(&path, &name);
                    if nodes.contains_key(&name) {
                        return Err(IdempotencyError::DuplicateMember(place.to_field()));
                    }
                    let node = Self::from_raw(raw, depth_left, place)?;
                    nodes.insert(name, node);
                }
                Ok(Self::Object(nodes))
            }
            Some(b'[') => {
                let elements = from_text::<Vec<&RawValue>>(text)?.into_iter().enumerate();
                let nodes = elements
                    .map(|(index, raw)| {
                        Self::from_raw(raw, depth_left, Path::Element(&path, index))
                    })
                    .collect::<Result<_, _>>()?;
                Ok(Self::Array(nodes))
            }
            Some(b'"') => Ok(Self::Scalar(quoted(&from_text::<String>(text)?))),
            Some(_) | None => Ok(Self::Scalar(text.to_owned())),
        }
    }

    /// The value in canonical form.
    pub(super) fn canonical(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Scalar(text) => out.push_str(text),
            Self::Array(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    element.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    out.push_str(&quoted(name));
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }

    /// Where this value first differs from the other.
    pub(super) fn difference(&self, other: &Self) -> Option<FieldPath> {
        self.difference_at(other, Path::Root)
    }

    fn difference_at(&self, other: &Self, path: Path<'_>) -> Option<FieldPath> {
        match (self, other) {
            (Self::Object(a), Self::Object(b)) => {
                let mut names: Vec<&String> = a.keys().chain(b.keys()).collect();
                names.sort_unstable();
                names.dedup();
                names.into_iter().find_map(|name| {
                    let path = Path::Member(&path, name);
                    match (a.get(name), b.get(name)) {
                        (Some(a), Some(b)) => a.difference_at(b, path),
                        (Some(_), None) | (None, Some(_)) => Some(path.to_field()),
                        (None, None) => None,
                    }
                })
            }
            (Self::Array(a), Self::Array(b)) => {
                let mut pairs = a.iter().zip(b).enumerate();
                pairs
                    .find_map(|(index, (a, b))| a.difference_at(b, Path::Element(&path, index)))
                    .or_else(|| {
                        let shorter = a.len().min(b.len());
                        (a.len() != b.len()).then(|| Path::Element(&path, shorter).to_field())
                    })
            }
            _ => (self != other).then(|| path.to_field()),
        }
    }
}

/// A place in a value. It costs nothing to make one for every element: only the place that is told
/// is ever written out.
#[derive(Clone, Copy)]
enum Path<'a> {
    Root,
    Member(&'a Path<'a>, &'a str),
    Element(&'a Path<'a>, usize),
}

impl Path<'_> {
    fn to_field(self) -> FieldPath {
        match self {
            Self::Root => FieldPath::new(""),
            Self::Member(parent, name) => parent.to_field().join(name),
            Self::Element(parent, index) => parent.to_field().join(&index.to_string()),
        }
    }
}

/// The members of an object as they stand, also those with one name.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

fn from_text<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, IdempotencyError> {
    serde_json::from_str(text).map_err(|_| IdempotencyError::NotJson)
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(body: &str) -> String {
        Node::read(body.as_bytes()).unwrap().canonical()
    }

    #[test]
    fn canonical_form() {
        for (body, expected) in [
            (" 1 ", "1"),
            ("1.0", "1.0"),
            ("9007199254740993.01", "9007199254740993.01"),
            (
                r#"{"b":1,"a":{"d":[],"c":null}}"#,
                r#"{"a":{"c":null,"d":[]},"b":1}"#,
            ),
            (r#""\u0041\/\n""#, r#""A/\n""#),
            (r#"{"\u0062":1,"a":2}"#, r#"{"a":2,"b":1}"#),
            ("[ 1 , true, \"x\" ]", r#"[1,true,"x"]"#),
        ] {
            assert_eq!(canonical(body), expected, "{body}");
        }
    }

    #[test]
    fn refuses_what_is_no_json_and_what_is_too_deep() {
        for body in ["", "{", "nul", "{\"a\":}", "1 2", "\u{feff}{}"] {
            let error = Node::read(body.as_bytes()).err();
            assert_eq!(error, Some(IdempotencyError::NotJson), "{body}");
        }
        assert!(Node::read(&[0xff]).is_err());
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Node::read(nested(DEPTH_MAX).as_bytes()).is_ok());
        for depth in [DEPTH_MAX + 1, 100_000] {
            let error = Node::read(nested(depth).as_bytes()).err();
            assert_eq!(error, Some(IdempotencyError::TooDeep), "{depth}");
        }
    }
}
