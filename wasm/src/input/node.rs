use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::Fault;

/// A JSON value. Texts without escapes are borrowed from the JSON text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node<'a> {
    Null,
    Bool,
    /// A number the core has a use for: whole and not negative.
    Whole(u64),
    /// Any other number. No type of the core is read from one.
    OtherNumber,
    Text(Cow<'a, str>),
    List(Vec<Self>),
    /// In the order of the text.
    Object(Vec<(Cow<'a, str>, Self)>),
}

/// The members of an object.
pub(super) type Members<'a> = [(Cow<'a, str>, Node<'a>)];

impl<'a> Node<'a> {
    /// Reads a JSON text, at most 128 levels deep.
    pub(super) fn parse(text: &'a str) -> Result<Self, Fault> {
        serde_json::from_str(text).map_err(|_| Fault::malformed())
    }

    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null
            | Self::Bool
            | Self::Whole(_)
            | Self::OtherNumber
            | Self::List(_)
            | Self::Object(_) => None,
        }
    }

    /// The items, if it is a list.
    pub(super) fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            Self::Null
            | Self::Bool
            | Self::Whole(_)
            | Self::OtherNumber
            | Self::Text(_)
            | Self::Object(_) => None,
        }
    }

    /// The members, if it is an object.
    pub(super) fn members(&self) -> Option<&Members<'a>> {
        match self {
            Self::Object(members) => Some(members),
            Self::Null
            | Self::Bool
            | Self::Whole(_)
            | Self::OtherNumber
            | Self::Text(_)
            | Self::List(_) => None,
        }
    }

    /// The member of this name, if it is an object that has one.
    pub(super) fn member(&self, name: &str) -> Option<&Self> {
        let mut members = self.members()?.iter();
        let (_, member) = members.find(|(other, _)| other == name)?;
        Some(member)
    }
}

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node<'de>, E> {
        Ok(Node::Bool)
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node<'de>, E> {
        Ok(Node::Whole(value))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node<'de>, E> {
        Ok(Node::OtherNumber)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node<'de>, E> {
        Ok(Node::OtherNumber)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some((Name(name), node)) = entries.next_entry()? {
            members.push((name, node));
        }
        Ok(Node::Object(members))
    }
}

/// The name of a member, borrowed if it can be.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }

        deserializer.deserialize_str(NameVisitor)
    }
}
