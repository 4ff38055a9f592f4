//! Types that are a text in JSON: written with `Display`, read with `FromStr`.
//!
//! What serde says of a value of another type repeats the value: ``invalid type: integer
//! `254712345678` ``. Here it may be a phone number or a secret, so the types that hold one are read
//! with [`read`], whose errors say what was expected and nothing of what was found.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::value::StringDeserializer;
use serde::de::{Deserialize, Deserializer, Error, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

/// Reads a text as this type. An error tells what was expected, or what the type says of a text
/// that is none of it; it never repeats what was found.
pub(crate) fn read<'de, T, D>(deserializer: D, expecting: &'static str) -> Result<T, D::Error>
where
    T: FromStr<Err: fmt::Display>,
    D: Deserializer<'de>,
{
    let expected = Expected::new(expecting);
    let text = Text {
        expected: &expected,
        read: PhantomData,
    };
    let read = deserializer.deserialize_str(text);
    read.map_err(|error| expected.instead_of(error))
}

/// What a visitor expects, and whether it was asked for that.
///
/// A format asks when it found another type and makes an error of it that names both. That error is
/// replaced by one that does not name what was found. All other errors stay as they are: of the
/// type itself, of a missing member, of a text that breaks off.
pub(crate) struct Expected {
    what: &'static str,
    asked: Cell<bool>,
}

impl Expected {
    pub(crate) const fn new(what: &'static str) -> Self {
        let asked = Cell::new(false);
        Self { what, asked }
    }

    /// For [`Visitor::expecting`].
    pub(crate) fn tell(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.asked.set(true);
        f.write_str(self.what)
    }

    /// The error to go on with.
    pub(crate) fn instead_of<E: Error>(&self, error: E) -> E {
        match self.asked.get() {
            true => other_type(self.what),
            false => error,
        }
    }
}

// Built once for each format, not for each type that is read.
#[cold]
#[inline(never)]
fn other_type<E: Error>(expecting: &str) -> E {
    E::custom(format_args!("invalid type: expected {expecting}"))
}

/// What [`read`] wants of a format.
struct Text<'a, T> {
    expected: &'a Expected,
    read: PhantomData<T>,
}

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for Text<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expected.tell(f)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// Any text, for the values that are one: credentials, numbers as a provider writes them.
pub(crate) struct AnyText(pub String);

impl FromStr for AnyText {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl<'de> Deserialize<'de> for AnyText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, "a text")
    }
}

/// Any text; for a member `#[serde(deserialize_with = "…")]`.
pub(crate) fn any_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    AnyText::deserialize(deserializer).map(|AnyText(text)| text)
}

/// A word of an enum without content; for a member `#[serde(deserialize_with = "…")]`. An error tells
/// the words there are, and not what stands in the place of one, as serde's own does.
pub(crate) fn word<'de, T: Deserialize<'de>, D: Deserializer<'de>>(d: D) -> Result<T, D::Error> {
    T::deserialize(Words(d))
}

struct Words<D>(D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Words<D> {
    type Error = D::Error;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        if !self.0.is_human_readable() {
            return self.0.deserialize_enum(name, words, visitor);
        }
        let AnyText(text) = AnyText::deserialize(self.0)?;
        let word: StringDeserializer<serde::de::value::Error> = text.into_deserializer();
        let unknown = |_| Error::custom(format_args!("expected one of {}", words.join(", ")));
        visitor.visit_enum(word).map_err(unknown)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// Adds both directions of serde; neither allocates.
macro_rules! json_as_text {
    ($name:ident, $expecting:literal) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                crate::json_as_text::read(d, $expecting)
            }
        }
    };
}

pub(crate) use json_as_text;

#[cfg(test)]
pub(crate) mod tests {
    use serde::de::DeserializeOwned;

    /// What reading such a value as a type says.
    type Reader = fn(&str) -> Option<String>;

    /// A type that holds a phone number, a secret or a key, and where in its JSON it stands: at `@`.
    pub(crate) type Row = (&'static str, &'static str, Reader);

    pub(crate) fn error<T: DeserializeOwned>(json: &str) -> Option<String> {
        let error = serde_json::from_str::<T>(json).err()?;
        // The same through a value, as bodies are read that are looked at first.
        let value = serde_json::from_str(json).unwrap_or_default();
        let second = serde_json::from_value::<T>(value).err();
        Some(format!("{error} {second:?}"))
    }

    /// The engine's own; those of the providers' wires are checked in their folders.
    const READERS: &[Row] = {
        use crate::{audit, contract, escrow, money, party, provider, reference, time};
        &[
            ("Msisdn", "@", error::<party::Msisdn>),
            (
                "a list of Msisdn",
                r#"["0712345670", @]"#,
                error::<Vec<party::Msisdn>>,
            ),
            ("Option<Msisdn>", "@", error::<Option<party::Msisdn>>),
            ("ContractId", "@", error::<reference::ContractId>),
            ("TransactionId", "@", error::<reference::TransactionId>),
            (
                "PaymentReference",
                "@",
                error::<reference::PaymentReference>,
            ),
            (
                "ProviderReference",
                "@",
                error::<reference::ProviderReference>,
            ),
            ("Receipt", "@", error::<reference::Receipt>),
            ("IdempotencyKey", "@", error::<reference::IdempotencyKey>),
            ("Fingerprint", "@", error::<reference::Fingerprint>),
            ("Hash", "@", error::<audit::Hash>),
            ("Label", "@", error::<audit::Label>),
            ("Currency", "@", error::<money::Currency>),
            ("Timestamp", "@", error::<time::Timestamp>),
            (
                "the signature of a head",
                r#"{"seq":1,"signature":@}"#,
                error::<audit::SignedHead>,
            ),
            (
                "the phone of a challenge",
                r#"{"contract":"AG-1","phone":@}"#,
                error::<reference::ConfirmationChallenge>,
            ),
            (
                "the buyer of a contract",
                r#"{"contract_id":"AG-1","buyer":@}"#,
                error::<contract::ContractTerms>,
            ),
            (
                "the buyer of a payment, in a command",
                r#"{"actor":"operator","channel":"app","intent":{"type":"request",
                    "terms":{"transaction_id":"TXN-AG-1-001","buyer":@}}}"#,
                error::<escrow::Command>,
            ),
            (
                "the actor of a command",
                r#"{"channel":"app","intent":{"type":"accept"},"actor":@}"#,
                error::<escrow::Command>,
            ),
            (
                "the channel of a command",
                r#"{"actor":"buyer","intent":{"type":"accept"},"channel":@}"#,
                error::<escrow::Command>,
            ),
            (
                "the buyer of a payment, in an intent",
                r#"{"terms":{"transaction_id":"TXN-AG-1-001","buyer":@},"type":"request"}"#,
                error::<escrow::Intent>,
            ),
            (
                "the buyer of a payment, in an event",
                r#"{"at":"2026-03-06T10:30:00Z","type":"requested","terms":{"buyer":@}}"#,
                error::<escrow::Event>,
            ),
            (
                "a credential",
                r#"{"environment":"sandbox","values":{"passkey":@}}"#,
                error::<provider::Credentials>,
            ),
        ]
    };

    /// What callers put where a text belongs. All have these digits in a row, or a truth value.
    const SECRET: &str = "798765432";
    const MISTAKES: &[&str] = &[
        "254798765432",
        "-254798765432",
        "254798765432.5",
        "798765432e9",
        "254798765432254798765432254798765432",
        "true",
        "null",
        "[254798765432]",
        r#"["254798765432"]"#,
        r#"{"254798765432":254798765432}"#,
        r#"{"$serde_json::private::Number":"254798765432"}"#,
        r#""+254798765432 and some words that no type takes \n""#,
        "254798765432x",
        r#""254798765432"#,
        "+254798765432",
    ];

    /// No error repeats what was found, and of another type than a text it says what was expected.
    pub(crate) fn check(rows: &[Row]) {
        for (name, place, read) in rows {
            for mistake in MISTAKES {
                let json = place.replace('@', mistake);
                let Some(error) = read(&json) else { continue };
                assert!(!error.contains(SECRET), "{name}: {error}");
            }
            for mistake in ["254798765432", "true", "[]", "{}", "1.5"] {
                let error = read(&place.replace('@', mistake)).unwrap_or_default();
                assert!(error.contains("invalid type: expected"), "{name}: {error}");
            }
        }
    }

    #[test]
    fn no_error_repeats_what_was_found() {
        check(READERS);
    }

    #[test]
    fn an_error_says_what_was_expected() {
        let error = |json| error::<crate::contract::ContractTerms>(json).unwrap_or_default();
        let said = error(r#"{"contract_id":"AG-1","buyer":254798765432}"#);
        let expected = "invalid type: expected a phone number as text at line 1";
        assert!(said.starts_with(expected), "{said}");
        // Of a text that is no phone number, the type's own sentence.
        let said = error(r#"{"contract_id":"AG-1","buyer":"07123x5678"}"#);
        let sentence = crate::Code::MsisdnMalformed.sentence();
        assert!(said.starts_with(sentence), "{said}");
    }
}
