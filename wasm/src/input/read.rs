//! Reading the core's types from a [`Node`], so that a fault knows where it is.

use std::borrow::Cow;
use std::slice;

use amana_core::TAGGED;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::Fault;
use super::node::{Members, Node};

/// The member that names the variant of a tagged enum.
const TYPE: &str = "type";

/// Answers only what the core's types ask for; there is no format to guess from, so anything else
/// is a fault.
impl<'de> Deserializer<'de> for &'de Node<'_> {
    type Error = Fault;

    /// An enum is asked for as such, and not through a buffer that forgets where it was.
    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Fault> {
        Err(Fault::malformed())
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self {
            Node::Whole(number) => visitor.visit_u64(*number),
            _ => Err(Fault::malformed()),
        }
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_borrowed_str(self.text().ok_or_else(Fault::malformed)?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self {
            Node::Null => visitor.visit_none(),
            some => visitor.visit_some(some),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let items = self.list().ok_or_else(Fault::malformed)?;
        visitor.visit_seq(Items {
            items: items.iter(),
            next: 0,
        })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let members = self.members().ok_or_else(Fault::malformed)?;
        visitor.visit_map(Entries::of(members, None))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_enum(match name {
            TAGGED => Variant::by_type(self)?,
            _ => Variant::by_name(self)?,
        })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u32 u128 f32 f64 char bytes byte_buf unit unit_struct tuple
        tuple_struct map identifier
    }
}

struct Items<'de, 'a> {
    items: slice::Iter<'de, Node<'a>>,
    next: usize,
}

impl<'de> SeqAccess<'de> for Items<'de, '_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let Some(item) = self.items.next() else {
            return Ok(None);
        };
        let read = seed.deserialize(item);
        let read = read.map_err(|fault| fault.within(&self.next.to_string()))?;
        self.next += 1;
        Ok(Some(read))
    }
}

struct Entries<'de, 'a> {
    members: slice::Iter<'de, (Cow<'a, str>, Node<'a>)>,
    /// Not an entry but the name of the variant.
    tag: Option<&'static str>,
    current: Option<&'de (Cow<'a, str>, Node<'a>)>,
}

impl<'de, 'a> Entries<'de, 'a> {
    fn of(members: &'de Members<'a>, tag: Option<&'static str>) -> Self {
        Self {
            members: members.iter(),
            tag,
            current: None,
        }
    }

    fn advance(&mut self) -> Option<&'de str> {
        let tag = self.tag;
        self.current = self.members.find(|(name, _)| Some(&**name) != tag);
        self.current.map(|(name, _)| &**name)
    }
}

impl<'de> MapAccess<'de> for Entries<'de, '_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let name = self.advance();
        name.map(|name| seed.deserialize(Word(name))).transpose()
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Fault> {
        let (name, value) = self.current.ok_or_else(Fault::malformed)?;
        let read = seed.deserialize(value);
        read.map_err(|fault| fault.within(name))
    }
}

/// The name of a member or variant.
struct Word<'de>(&'de str);

impl<'de> Deserializer<'de> for Word<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_borrowed_str(self.0)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

/// A variant: its name, and what it holds.
struct Variant<'de, 'a> {
    name: &'de str,
    /// The member that names it; a name alone stands in none.
    named_in: Option<&'de str>,
    content: Content<'de, 'a>,
}

enum Content<'de, 'a> {
    /// The members beside `type`.
    Beside(&'de Members<'a>),
    /// The value of the one member, whose name is the variant's.
    Below(&'de str, &'de Node<'a>),
    /// A name alone.
    Nothing,
}

impl<'de, 'a> Variant<'de, 'a> {
    /// `{"type": "split", "to_seller": …}`
    fn by_type(node: &'de Node<'a>) -> Result<Self, Fault> {
        let members = node.members().ok_or_else(Fault::malformed)?;
        let name = node.member(TYPE).and_then(Node::text);
        Ok(Self {
            name: name.ok_or_else(|| Fault::malformed().within(TYPE))?,
            named_in: Some(TYPE),
            content: Content::Beside(members),
        })
    }

    /// `"payer"` or `{"split": …}`
    fn by_name(node: &'de Node<'a>) -> Result<Self, Fault> {
        if let Some(name) = node.text() {
            let (named_in, content) = (None, Content::Nothing);
            return Ok(Self {
                name,
                named_in,
                content,
            });
        }
        let Some([(name, value)]) = node.members() else {
            return Err(Fault::malformed());
        };
        Ok(Self {
            name,
            named_in: Some(name),
            content: Content::Below(name, value),
        })
    }
}

impl<'de, 'a> EnumAccess<'de> for Variant<'de, 'a> {
    type Error = Fault;
    type Variant = Content<'de, 'a>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Content<'de, 'a>), Fault> {
        let read = seed.deserialize(Word(self.name));
        let read = read.map_err(|fault| match self.named_in {
            Some(member) => fault.within(member),
            None => fault,
        })?;
        Ok((read, self.content))
    }
}

impl<'de> VariantAccess<'de> for Content<'de, '_> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self {
            // As serde reads tagged enums: what else stands beside the name does not matter.
            Self::Nothing | Self::Beside(_) => Ok(()),
            Self::Below(name, _) => Err(Fault::malformed().within(name)),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Fault> {
        match self {
            Self::Below(name, value) => {
                let read = seed.deserialize(value);
                read.map_err(|fault| fault.within(name))
            }
            Self::Beside(_) | Self::Nothing => Err(Fault::malformed()),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Fault> {
        Err(Fault::malformed())
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self {
            Self::Beside(members) => visitor.visit_map(Entries::of(members, Some(TYPE))),
            Self::Below(..) | Self::Nothing => Err(Fault::malformed()),
        }
    }
}
