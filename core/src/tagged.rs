//! Enums that JSON tells apart by their member `type`: `{"type": "accept"}`.

/// The name by which such an enum asks a format that is not for people to be read, so that a format
/// of JSON's shape can tell it from other enums.
///
/// ```
/// // What a format that is not for people is asked for, instead of the name of the enum.
/// assert_eq!(amana_core::TAGGED, "amana::Tagged");
/// ```
pub const TAGGED: &str = "amana::Tagged";

/// Defines such an enum with both directions of serde.
///
/// What serde derives for `tag = "type"` reads through a buffer, because in JSON the members may
/// come in any order. The buffer forgets where a fault was, and compiles to a multiple of the code.
/// A format that is not for people knows the variant by itself and needs no buffer: for it the enum
/// is read as an ordinary one. Both read the same definition, which is why this is a macro.
macro_rules! tagged {
    (
        $(#[$meta:meta])*
        pub enum $name:ident as $text:literal, $(#[$strict:meta])? { $($body:tt)* }
    ) => {
        $(#[$meta])*
        #[derive(serde::Serialize)]
        #[serde(tag = "type", rename_all = "snake_case")]
        pub enum $name { $($body)* }

        const _: () = {
            #[derive(serde::Deserialize)]
            #[serde(remote = $text, tag = "type", rename_all = "snake_case")]
            $(#[$strict])?
            enum ForPeople { $($body)* }

            #[derive(serde::Deserialize)]
            #[serde(remote = $text, rename = "amana::Tagged", rename_all = "snake_case")]
            $(#[$strict])?
            enum ForPrograms { $($body)* }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                    if d.is_human_readable() {
                        ForPeople::deserialize(crate::json_as_object::Objects(d))
                    } else {
                        ForPrograms::deserialize(d)
                    }
                }
            }
        };
    };
}

pub(crate) use tagged;

#[cfg(test)]
mod tests {
    use std::fmt;

    use serde::de::value::Error;
    use serde::de::{Deserialize, Deserializer, Visitor};
    use serde::forward_to_deserialize_any;

    /// A format that answers by which name it was asked.
    struct Asked;

    impl<'de> Deserializer<'de> for Asked {
        type Error = Error;

        fn is_human_readable(&self) -> bool {
            false
        }

        fn deserialize_enum<V: Visitor<'de>>(
            self,
            name: &'static str,
            _variants: &'static [&'static str],
            _visitor: V,
        ) -> Result<V::Value, Error> {
            Err(serde::de::Error::custom(name))
        }

        fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            struct Expected<V>(V);
            impl<'de, V: Visitor<'de>> fmt::Display for Expected<V> {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    self.0.expecting(f)
                }
            }
            Err(serde::de::Error::custom(Expected(visitor)))
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
            unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
        }
    }

    #[test]
    fn programs_are_asked_by_the_name() {
        use crate::escrow::{EventKind, Intent, Ruling, Standing};
        let answers = [
            Intent::deserialize(Asked).unwrap_err(),
            Ruling::deserialize(Asked).unwrap_err(),
            Standing::deserialize(Asked).unwrap_err(),
            EventKind::deserialize(Asked).unwrap_err(),
            crate::sms::Message::deserialize(Asked).unwrap_err(),
        ];
        assert!(
            answers
                .iter()
                .all(|answer| answer.to_string() == super::TAGGED)
        );
    }
}
