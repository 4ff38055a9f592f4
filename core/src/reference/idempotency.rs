//! Repeated requests: a key for each intent, and a fingerprint that tells whether the content is
//! still the same.
//!
//! Same key and same content give the same answer again. Same key and other content is a conflict,
//! and the conflict names the first field that differs.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::canonical::Node;
use super::error::{ReferenceError, ReferenceKind};
use super::text::check;
use crate::error::{Code, Coded, FieldPath};
use crate::json_as_text::json_as_text;

/// The caller's key for one intent: 1 to 255 visible ASCII characters.
///
/// ```
/// use amana_core::reference::IdempotencyKey;
/// let key: IdempotencyKey = "order-17/attempt-1".parse()?;
/// assert_eq!(key.as_str(), "order-17/attempt-1");
/// assert!("two words".parse::<IdempotencyKey>().is_err());
/// # Ok::<(), amana_core::reference::ReferenceError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdempotencyKey(Box<str>);

impl IdempotencyKey {
    /// The most characters a key can have.
    ///
    /// ```
    /// use amana_core::reference::IdempotencyKey;
    /// assert_eq!(IdempotencyKey::LEN_MAX, 255);
    /// ```
    pub const LEN_MAX: usize = 255;

    /// The key as text.
    ///
    /// ```
    /// use amana_core::reference::IdempotencyKey;
    /// assert_eq!("order-17".parse::<IdempotencyKey>()?.as_str(), "order-17");
    /// # Ok::<(), amana_core::reference::ReferenceError>(())
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IdempotencyKey {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let kind = ReferenceKind::IdempotencyKey;
        check(text, Self::LEN_MAX, kind, |byte| byte.is_ascii_graphic())?;
        Ok(Self(text.into()))
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

json_as_text!(IdempotencyKey, "an idempotency key");

/// What a request says, in 32 bytes: the SHA-256 of its JSON in canonical form.
///
/// Canonical: no blanks, members sorted by the bytes of their names, strings escaped in the shortest
/// way, numbers exactly as they were written. So blanks and the order of members make no difference,
/// but `1` and `1.0` do: numbers are amounts here, and reading them as floats would call different
/// amounts equal. Two members with one name are refused, as I-JSON does (RFC 7493, section 2.3):
/// which of them counts differs by reader.
///
/// ```
/// use amana_core::reference::Fingerprint;
/// let one = Fingerprint::of_json(br#"{"amount": 100, "phone": "0712345678"}"#)?;
/// let two = Fingerprint::of_json(br#"{"phone":"0712345678","amount":100}"#)?;
/// assert_eq!(one, two);
/// assert_ne!(one, Fingerprint::of_json(br#"{"phone":"0712345678","amount":200}"#)?);
/// assert!(Fingerprint::of_json(b"amount=100").is_err());
/// # Ok::<(), amana_core::reference::IdempotencyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of a JSON body.
    ///
    /// ```
    /// use amana_core::reference::Fingerprint;
    /// assert_eq!(Fingerprint::of_json(b"{ }")?, Fingerprint::of_json(b"{}")?);
    /// # Ok::<(), amana_core::reference::IdempotencyError>(())
    /// ```
    ///
    /// # Errors
    /// [`IdempotencyError::NotJson`], [`IdempotencyError::TooDeep`] or
    /// [`IdempotencyError::DuplicateMember`].
    pub fn of_json(body: &[u8]) -> Result<Self, IdempotencyError> {
        Ok(Self::of_bytes(Node::read(body)?.canonical().as_bytes()))
    }

    /// The fingerprint of a body in another format: its exact bytes count.
    ///
    /// ```
    /// use amana_core::reference::Fingerprint;
    /// assert_ne!(Fingerprint::of_bytes(b"a=1&b=2"), Fingerprint::of_bytes(b"b=2&a=1"));
    /// ```
    pub fn of_bytes(body: &[u8]) -> Self {
        Self(Sha256::digest(body).into())
    }
}

impl FromStr for Fingerprint {
    type Err = IdempotencyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| IdempotencyError::NotFingerprint)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for Fingerprint {
    /// 64 lower-case hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

json_as_text!(Fingerprint, "64 hexadecimal digits");

/// Where two JSON bodies first differ, members taken in the order of their names; `None` if they
/// have the same [`Fingerprint`]. A member that one of them lacks is a difference, and so is an
/// element beyond the end of the shorter array. The empty path means the bodies as a whole.
///
/// # Errors
/// As [`Fingerprint::of_json`], of either body.
///
/// ```
/// use amana_core::reference::idempotency::first_difference;
/// let field = first_difference(br#"{"a": 1, "b": [1, 2]}"#, br#"{"a": 1, "b": [1, 3]}"#)?;
/// assert_eq!(field.unwrap().as_str(), "/b/1");
/// assert_eq!(first_difference(br#"{"a":1}"#, br#"{ "a" : 1 }"#)?, None);
/// # Ok::<(), amana_core::reference::IdempotencyError>(())
/// ```
pub fn first_difference(
    first: &[u8],
    second: &[u8],
) -> Result<Option<FieldPath>, IdempotencyError> {
    Ok(Node::read(first)?.difference(&Node::read(second)?))
}

/// Whether a repeated request says what the first one with its key said.
///
/// # Errors
/// [`IdempotencyError::Conflict`] with the first differing field, and as [`first_difference`].
///
/// ```
/// use amana_core::Coded;
/// use amana_core::reference::idempotency::same_intent;
/// assert!(same_intent(br#"{"amount":"10"}"#, br#"{ "amount": "10" }"#).is_ok());
/// let conflict = same_intent(br#"{"amount":"10"}"#, br#"{"amount":"11"}"#).unwrap_err();
/// assert_eq!(conflict.field().unwrap().as_str(), "/amount");
/// ```
pub fn same_intent(first: &[u8], repeated: &[u8]) -> Result<(), IdempotencyError> {
    match first_difference(first, repeated)? {
        None => Ok(()),
        Some(field) => Err(IdempotencyError::Conflict(field)),
    }
}

/// Why a repeated request is not answered as the first one was.
///
/// ```
/// use amana_core::reference::{Fingerprint, IdempotencyError};
/// assert_eq!(Fingerprint::of_json(b"amount=1"), Err(IdempotencyError::NotJson));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdempotencyError {
    /// The body is not JSON.
    NotJson,
    /// The body is nested too deeply.
    TooDeep,
    /// Two members of one object have one name; here is the path of both.
    DuplicateMember(FieldPath),
    /// The text is not a fingerprint.
    NotFingerprint,
    /// The key was used for a request that says something else in this field.
    Conflict(FieldPath),
}

impl Coded for IdempotencyError {
    fn code(&self) -> Code {
        match self {
            Self::NotJson => Code::BodyNotJson,
            Self::TooDeep => Code::BodyTooDeep,
            Self::DuplicateMember(_) => Code::BodyDuplicateMember,
            Self::NotFingerprint => Code::FingerprintMalformed,
            Self::Conflict(_) => Code::IdempotencyConflict,
        }
    }

    fn field(&self) -> Option<FieldPath> {
        match self {
            Self::DuplicateMember(field) | Self::Conflict(field) => Some(field.clone()),
            Self::NotJson | Self::TooDeep | Self::NotFingerprint => None,
        }
    }
}

impl fmt::Display for IdempotencyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = self.code().sentence();
        match self {
            Self::DuplicateMember(field) | Self::Conflict(field) => {
                write!(f, "{sentence}: `{field}`")
            }
            Self::NotJson | Self::TooDeep | Self::NotFingerprint => f.write_str(sentence),
        }
    }
}

impl std::error::Error for IdempotencyError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_the_first_difference() {
        let rows: &[(&str, &str, Option<&str>)] = &[
            ("{}", "{}", None),
            (r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#, None),
            (r#"{"b":1,"a":1}"#, r#"{"b":2,"a":2}"#, Some("/a")),
            (
                r#"{"a":{"b":{"c":1}}}"#,
                r#"{"a":{"b":{"c":2}}}"#,
                Some("/a/b/c"),
            ),
            (r#"{"a":1}"#, r#"{"a":1,"b":null}"#, Some("/b")),
            (r#"{"a":1}"#, r#"{"a":"1"}"#, Some("/a")),
            (r#"{"a":1.0}"#, r#"{"a":1.00}"#, Some("/a")),
            ("[1,2]", "[1,2,3]", Some("/2")),
            ("[]", "{}", Some("")),
            (r#"{"a/b":1}"#, r#"{"a/b":2}"#, Some("/a~1b")),
            ("9007199254740993.01", "9007199254740993.02", Some("")),
        ];
        for (a, b, expected) in rows {
            let found = first_difference(a.as_bytes(), b.as_bytes()).unwrap();
            assert_eq!(found.as_ref().map(FieldPath::as_str), *expected, "{a} {b}");
        }
    }

    #[test]
    fn a_name_can_stand_once() {
        for (body, field) in [
            (r#"{"amount":1,"amount":2}"#, "/amount"),
            (r#"{"a":1,"\u0061":1}"#, "/a"),
            (r#"{"a":[{},{"b":{"c":1,"d":2,"c":3}}]}"#, "/a/1/b/c"),
            (r#"{"a/b":[{"~":1,"~":1}]}"#, "/a~1b/0/~0"),
        ] {
            let error = Fingerprint::of_json(body.as_bytes()).unwrap_err();
            assert_eq!(error.code(), Code::BodyDuplicateMember);
            assert_eq!(error.field().unwrap().as_str(), field, "{body}");
            assert_eq!(same_intent(b"{}", body.as_bytes()), Err(error.clone()));
            assert!(error.to_string().contains(field));
        }
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            ".{0,8}".prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
                prop::collection::btree_map(".{0,4}", inner, 0..4)
                    .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn blanks_do_not_count(value in json()) {
            let short = serde_json::to_vec(&value).unwrap();
            let long = serde_json::to_vec_pretty(&value).unwrap();
            prop_assert_eq!(Fingerprint::of_json(&short), Fingerprint::of_json(&long));
            prop_assert_eq!(first_difference(&short, &long), Ok(None));
        }

        #[test]
        fn fingerprint_and_difference_agree(a in json(), b in json()) {
            let (a, b) = (serde_json::to_vec(&a).unwrap(), serde_json::to_vec(&b).unwrap());
            let same = Fingerprint::of_json(&a) == Fingerprint::of_json(&b);
            prop_assert_eq!(first_difference(&a, &b).unwrap().is_none(), same);
        }

        #[test]
        fn never_panics(body: Vec<u8>, text in "[\\[\\]{}\",:0-9a ]*") {
            let _ = Fingerprint::of_json(&body);
            let _ = Fingerprint::of_json(text.as_bytes());
            let _ = text.parse::<Fingerprint>();
            let _ = text.parse::<IdempotencyKey>();
        }

        #[test]
        fn prints_and_parses(bytes: [u8; 32]) {
            let fingerprint = Fingerprint(bytes);
            prop_assert_eq!(fingerprint.to_string().parse(), Ok(fingerprint));
        }
    }
}
