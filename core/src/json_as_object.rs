//! Types that are an object in JSON, and never a list of its members.
//!
//! What serde derives also reads `["350000.00", "KES"]`, the members in the order in which the
//! source declares them. In a text for people that is a mistake, and which member is which would
//! depend on our source; so it is refused. As with texts, an error says nothing of what was found
//! in the place of an object.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::json_as_text::Expected;

/// A format that has objects only. Formats that are not for people are left as they are: they know
/// the members by their order.
pub(crate) struct Objects<D>(pub D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Objects<D> {
    type Error = D::Error;

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        if !self.0.is_human_readable() {
            return self.0.deserialize_struct(name, fields, visitor);
        }
        read(visitor, |object| {
            self.0.deserialize_struct(name, fields, object)
        })
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        read(visitor, |object| self.0.deserialize_any(object))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

fn read<'de, V: Visitor<'de>, E: serde::de::Error>(
    visitor: V,
    read: impl FnOnce(Object<'_, V>) -> Result<V::Value, E>,
) -> Result<V::Value, E> {
    let expected = Expected::new("an object");
    let object = Object {
        visitor,
        expected: &expected,
    };
    read(object).map_err(|error| expected.instead_of(error))
}

/// Passes on an object, and nothing else.
struct Object<'a, V> {
    visitor: V,
    expected: &'a Expected,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Object<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expected.tell(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(members)
    }
}

/// Defines a struct with both directions of serde that is read from an object only; with `or
/// default`, what is left out is as in the default of the whole.
macro_rules! json_as_object {
    (
        $(#[$meta:meta])*
        $visibility:vis struct $name:ident as $text:literal $(or $default:ident)?,
        $(#[$strict:meta])?
        { $($body:tt)* }
    ) => {
        $(#[$meta])*
        #[derive(serde::Serialize)]
        $visibility struct $name { $($body)* }

        const _: () = {
            #[derive(serde::Deserialize)]
            #[serde(remote = $text)]
            $(#[serde($default = "Default::default")])?
            $(#[$strict])?
            struct Members { $($body)* }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                    Members::deserialize(crate::json_as_object::Objects(d))
                }
            }
        };
    };
}

pub(crate) use json_as_object;

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;

    use crate::escrow::{Command, EventKind, Intent, Ruling, Standing, Terms};
    use crate::money::Money;
    use crate::sms::Message;

    fn refused<T: DeserializeOwned>(json: &str) -> String {
        let value = serde_json::from_str::<serde_json::Value>(json).unwrap();
        let second = serde_json::from_value::<T>(value).err().unwrap();
        let first = serde_json::from_str::<T>(json).err().unwrap();
        assert!(first.to_string().starts_with(&second.to_string()));
        second.to_string()
    }

    #[test]
    fn a_list_is_no_object() {
        let phone = "+254712345678";
        for error in [
            refused::<Money>(r#"["350000.00","KES"]"#),
            refused::<Money>("[]"),
            refused::<Money>(r#""KES 1""#),
            refused::<Money>("254712345678"),
            refused::<Terms>(&format!(
                r#"["TXN-AG-1-001","{phone}","+254723456789",{{}}]"#
            )),
            refused::<Terms>(&format!(r#""{phone}""#)),
            refused::<Command>(r#"["buyer","ussd",{"type":"accept"}]"#),
            refused::<Command>(r#"{"actor":"buyer","channel":"ussd","intent":["accept"]}"#),
            refused::<Command>(r#"{"actor":"buyer","channel":"ussd","intent":"accept"}"#),
            refused::<Command>(
                r#"{"actor":"operator","channel":"api","intent":{"type":"request","terms":[1]}}"#,
            ),
            refused::<Intent>(r#"["accept"]"#),
            refused::<Ruling>(r#"["release"]"#),
            refused::<Ruling>(r#"{"type":"split","to_seller":["1","KES"]}"#),
            refused::<Standing>(r#"["open",{"amount":"1","currency":"KES"}]"#),
            refused::<EventKind>(r#"["accepted","sms"]"#),
            refused::<Message>(r#"["delivery","AG-1","full"]"#),
            refused::<Message>("null"),
        ] {
            assert_eq!(error, "invalid type: expected an object");
        }
    }

    #[test]
    fn a_list_is_none_of_the_others_either() {
        use crate::audit::{Entry, Head, SignedHead};
        use crate::contract::{ContractEvent, ContractEventKind, ContractTerms, PaymentShare};
        use crate::escrow::{Event, Policy};
        use crate::fee::{self, EscrowTerms, Exchange, FeeLine, FeeSchedule, Shares, Tariff};
        use crate::provider::{Collection, Credentials, Payout, Reversal, SimCheck, Sms};
        use crate::provider::{SmsOutcome, StatusQuery};
        use crate::sms::{Inbound, Quantity};
        use crate::ussd::{ContractLine, Screen, UssdAction, View};

        for error in [
            refused::<Policy>("[]"),
            refused::<ContractTerms>("[]"),
            refused::<PaymentShare>("[]"),
            refused::<ContractEventKind>(r#"["cancelled"]"#),
            refused::<fee::Terms>("[]"),
            refused::<EscrowTerms>("[]"),
            refused::<FeeLine>("[]"),
            refused::<FeeSchedule>("[]"),
            refused::<Tariff>("[]"),
            refused::<Exchange>("[]"),
            refused::<Shares>("[3000, 5000]"),
            refused::<Quantity>(r#"["100", "bags"]"#),
            refused::<Inbound>(r#"["help"]"#),
            refused::<Entry>("[]"),
            refused::<Head>("[]"),
            refused::<SignedHead>("[]"),
            refused::<ContractLine>("[]"),
            refused::<View>("[]"),
            refused::<Screen>("[]"),
            refused::<UssdAction>(r#"["accept", "AG-1"]"#),
            refused::<Collection>("[]"),
            refused::<Payout>("[]"),
            refused::<Reversal>("[]"),
            refused::<StatusQuery>(r#"["ws_CO_1"]"#),
            refused::<SimCheck>(r#"["+254712345678"]"#),
            refused::<Sms>("[]"),
            refused::<SmsOutcome>("[]"),
            refused::<Credentials>("[]"),
        ] {
            assert_eq!(error, "invalid type: expected an object");
        }
        // These take the members of what they hold, which a list cannot have.
        for refused in [
            serde_json::from_str::<Event>("[]").is_err(),
            serde_json::from_str::<ContractEvent>("[]").is_err(),
        ] {
            assert!(refused);
        }
    }

    #[test]
    fn a_member_stands_once_and_is_known() {
        for (json, error) in [
            (
                r#"{"amount":"1","amount":"2","currency":"KES"}"#,
                "duplicate field `amount`",
            ),
            (
                r#"{"amount":"1","currency":"KES","tax":"1"}"#,
                "unknown field `tax`",
            ),
            (r#"{"amount":"1"}"#, "missing field `currency`"),
            (r#"{"currency":"KES"}"#, "missing field `amount`"),
            (r#"{"amount":"1","curr"#, "EOF while parsing a string"),
            (r#"{"amount":"1","currency":}"#, "expected value"),
            (r#"{"amount":"1","currency":"#, "EOF while parsing a value"),
        ] {
            let said = serde_json::from_str::<Money>(json).unwrap_err().to_string();
            assert!(said.starts_with(error), "{said}");
        }
        for (json, error) in [
            (
                r#"{"actor":"buyer","actor":"seller","channel":"ussd","intent":{"type":"accept"}}"#,
                "duplicate field `actor`",
            ),
            (
                r#"{"actor":"buyer","channel":"ussd","intent":{"type":"accept","type":"wake"}}"#,
                "duplicate field `type`",
            ),
            (
                r#"{"actor":"buyer","channel":"ussd"}"#,
                "missing field `intent`",
            ),
            (
                r#"{"actor":"operator","channel":"api","intent":{"type":"request","terms":{}}}"#,
                "missing field `transaction_id`",
            ),
            (
                r#"{"actor":"operator","channel":"api","intent":{"type":"request"}}"#,
                "missing field `terms`",
            ),
            // A misspelled portion must not turn into the whole.
            (
                r#"{"actor":"seller","channel":"ussd","intent":{"type":"confirm_delivery",
                    "portoin":{"amount":"1","currency":"KES"}}}"#,
                "unknown field `portoin`",
            ),
        ] {
            let said = serde_json::from_str::<Command>(json)
                .unwrap_err()
                .to_string();
            assert!(said.starts_with(error), "{said}");
        }
    }
}
