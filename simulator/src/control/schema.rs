//! What the control API takes and answers, as JSON Schema.
//!
//! The types of the answers derive theirs; here is what they are made of: values that are written as
//! text, lists of words, and objects of which the table of bodies tells the members.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::bodies::{FAULT, SCRIPT};
use super::clock::Mode;
use super::route::{Form, Member, words};
use crate::kernel::ServiceName;
use crate::kernel::callback::{CallbackState, DeliveryError};
use crate::kernel::fault::{Kind, Leg, Rule};
use crate::kernel::phone::{Action, Direction, Operation, Outcome, Script};
use crate::kernel::settings::Settings;

/// A generator of schemas that stand in the components of an OpenAPI document.
pub fn generator() -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let settings = settings.with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    settings.into_generator()
}

/// The schema of a member of this form.
pub fn form(form: Form) -> Value {
    match form {
        Form::Text => json!({"type": "string"}),
        Form::Truth => json!({"type": "boolean"}),
        Form::Count => json!({"type": "integer", "minimum": 0}),
        Form::Chance => json!({"type": "number", "minimum": 0, "maximum": 1}),
        Form::Duration => json!({"type": "string", "examples": ["26s", "5m", "30d"]}),
        Form::Instant => json!({"type": "string", "format": "date-time"}),
        Form::Amount => json!({"type": "string", "examples": ["1000.00"]}),
        Form::Phone => json!({"type": "string", "examples": ["+254712345678"]}),
        Form::Word(words) => json!({"type": "string", "enum": words()}),
        Form::Object(members) => object(members),
        Form::AnyObject => json!({"type": "object"}),
        Form::List => json!({"type": "array"}),
    }
}

/// The schema of an object with these members.
pub fn object(members: &[Member]) -> Value {
    let mut properties = Map::new();
    for member in members {
        let mut schema = form(member.form);
        schema["description"] = json!(member.summary);
        properties.insert(member.name.to_owned(), schema);
    }
    let required = members.iter().filter(|member| member.required);
    let required: Vec<_> = required.map(|member| member.name).collect();
    let mut schema = json!({
        "type": "object", "properties": properties, "additionalProperties": false,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// The schema of the values that are like this one, with it as their default where it is no object.
/// In a patch every member may be `null`; what a list holds is never patched.
pub fn like(value: &Value, patch: bool) -> Value {
    let kind = |kind: &str| match patch {
        true => json!([kind, "null"]),
        false => json!(kind),
    };
    match value {
        // Its members are not fixed.
        Value::Object(members) if members.is_empty() => json!({"type": kind("object")}),
        Value::Object(members) => {
            let properties: Map<_, _> = members
                .iter()
                .map(|(name, value)| (name.clone(), like(value, patch)))
                .collect();
            json!({"type": kind("object"), "properties": properties})
        }
        Value::Null => json!({"default": null}),
        Value::Bool(_) => json!({"type": kind("boolean"), "default": value}),
        Value::Number(_) => json!({"type": kind("number"), "default": value}),
        Value::String(_) => json!({"type": kind("string"), "default": value}),
        Value::Array(items) => {
            let items = items.first().map(|item| like(item, false));
            let items = items.unwrap_or_else(|| json!({}));
            json!({"type": kind("array"), "items": items, "default": value})
        }
    }
}

/// Of a type: its name in the document, and what its schema is made from.
macro_rules! schemas {
    ($($name:ident $title:literal $inline:literal = $schema:expr;)*) => {$(
        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                $inline
            }

            fn schema_name() -> Cow<'static, str> {
                $title.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                Schema::try_from($schema).unwrap_or_default()
            }
        }
    )*};
}

/// An instant.
pub struct Instant;

/// A phone number.
pub struct Phone;

/// An amount without its currency.
pub struct Amount;

/// The code of a currency.
pub struct CurrencyCode;

schemas! {
    Instant "Instant" true = form(Form::Instant);
    Phone "PhoneNumber" true = json!({"type": "string", "pattern": "^\\+[0-9]{7,15}$"});
    Amount "Amount" true = json!({"type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$"});
    CurrencyCode "Currency" true = json!({"type": "string", "pattern": "^[A-Z]{3}$"});
    ServiceName "Service" false = json!({
        "type": "string", "enum": ServiceName::all().map(ServiceName::as_str).collect::<Vec<_>>(),
    });
    Action "Behaviour" false = form(Form::Word(|| words(&Action::ALL)));
    Leg "Leg" false = form(Form::Word(|| words(&Leg::ALL)));
    Kind "FaultKind" false = form(Form::Word(|| words(Kind::ALL)));
    Script "Script" false = object(SCRIPT);
    Rule "Rule" true = object(FAULT);
    Settings "Settings" false = like(&json!(Settings::default()), false);
}

/// Of a type that is written as one of some words: a new variant does not compile until it is here.
macro_rules! words_of {
    ($($name:ident $title:literal: $($variant:ident)*;)*) => {
        schemas! {$(
            $name $title false = {
                let _: fn($name) = |known| match known { $($name::$variant)|* => () };
                form(Form::Word(|| words(&[$($name::$variant),*])))
            };
        )*}
    };
}

words_of! {
    CallbackState "CallbackState": Scheduled InFlight Delivered Failed;
    DeliveryError "DeliveryError":
        UnknownHost ConnectionRefused ConnectionLost TimedOut TargetForbidden TargetDisabled Insecure
        BadAnswer;
    Direction "Direction": In Out;
    Mode "ClockMode": Real Frozen Scaled;
    Operation "Operation": Collect PayOut;
    Outcome "Outcome":
        Approved Cancelled WrongPin InsufficientFunds Expired Unreachable Locked LimitExceeded;
}
