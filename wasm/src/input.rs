//! JavaScript values read as the core's types, and an error that says which member does not fit.
//!
//! A value crosses as its JSON text, because what a caller of JavaScript passes may be anything:
//! getters, proxies, cycles, big integers. Whatever JSON can't express ends in an ordinary error.
//!
//! Only when the text does not fit is it read a second time, to find out where. Errors never repeat
//! what was passed in, for it may be a phone number or a secret.

use std::fmt;

use amana_core::escrow::{PayoutId, Ruling, Terms};
use amana_core::reference::{ContractId, ProviderReference, Receipt};
use amana_core::{Code, Coded, FieldPath, Money, Timestamp};
use js_sys::JSON;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};
use wasm_bindgen::JsValue;

/// The argument as this type.
pub(crate) fn read<T: DeserializeOwned>(value: &JsValue) -> Result<T, InputError> {
    let text = JSON::stringify(value)
        .ok()
        .and_then(|json| json.as_string());
    parse(&text.ok_or(InputError::WHOLE)?)
}

/// The argument as this type, or its default if there is none.
pub(crate) fn read_or_default<T: DeserializeOwned + Default>(
    value: &JsValue,
) -> Result<T, InputError> {
    if value.is_undefined() {
        return Ok(T::default());
    }
    read(value)
}

/// The argument of this name, which must be a text.
pub(crate) fn text(value: &JsValue, name: &'static str) -> Result<String, InputError> {
    let malformed = || InputError::WHOLE.of(name);
    value.as_string().ok_or_else(malformed)
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, InputError> {
    serde_json::from_str(text).map_err(|_| {
        let tree = serde_json::from_str::<Value>(text).ok();
        tree.as_ref()
            .and_then(fault::<T>)
            .unwrap_or(InputError::WHOLE)
    })
}

/// What is wrong with an argument. A value that is almost one of the core's, such as a phone number
/// with a digit too few, has the core's code for it; everything else is `input.malformed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InputError {
    code: Code,
    field: Option<FieldPath>,
}

impl InputError {
    /// The argument as a whole is something else.
    const WHOLE: Self = Self {
        code: Code::InputMalformed,
        field: None,
    };

    /// The same in the argument of this name, a JSON pointer: for functions of several arguments.
    pub(crate) fn of(self, name: &'static str) -> Self {
        self.at(&FieldPath::new(name))
    }

    fn at(mut self, outer: &FieldPath) -> Self {
        let inner = self.field.as_ref().map_or("", FieldPath::as_str);
        let segments = inner.split('/').skip(1);
        // The inner path is escaped already, so each segment is unescaped before it is joined.
        let joined = segments.fold(outer.clone(), |path, segment| {
            path.join(&segment.replace("~1", "/").replace("~0", "~"))
        });
        self.field = Some(joined).filter(|path| !path.as_str().is_empty());
        self
    }
}

impl Coded for InputError {
    fn code(&self) -> Code {
        self.code
    }

    fn field(&self) -> Option<FieldPath> {
        self.field.clone()
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = self.code.sentence();
        match &self.field {
            Some(field) => write!(f, "{sentence}: see `{field}`"),
            None => f.write_str(sentence),
        }
    }
}

/// Where a value does not fit, if it does not.
fn fault<'a, T: Deserialize<'a>>(value: &'a Value) -> Option<InputError> {
    let error = serde_path_to_error::deserialize::<_, T>(value).err()?;
    let path = pointer(error.path());
    let message = error.inner().to_string();
    let known = Code::ALL
        .iter()
        .find(|code| message.starts_with(code.sentence()));
    let within = match value.pointer(path.as_str()) {
        Some(Value::Object(members)) => members
            .iter()
            .find_map(|(name, member)| Some(member_fault(name, member)?.at(&joined(name))))
            .or_else(|| {
                let field = quoted_member(&message, members)?;
                Some(InputError::WHOLE.at(&joined(field)))
            }),
        _ => None,
    };
    let here = InputError {
        code: known.copied().unwrap_or(Code::InputMalformed),
        field: None,
    };
    Some(within.unwrap_or(here).at(&path))
}

/// Where a member does not fit.
///
/// Serde reads objects that name their own `type` through a buffer, which forgets where it was when
/// it fails. So each member of such an object is read once more by itself, as what its name says it
/// is in every object of the core. A test holds this table against the core's commands.
fn member_fault(name: &str, member: &Value) -> Option<InputError> {
    match name {
        "terms" => fault::<Terms>(member),
        "ruling" => fault::<Ruling>(member),
        "amount" | "outstanding" | "to_seller" | "received" | "release" | "refund" | "total" => {
            fault::<Money>(member)
        }
        "portion" => fault::<Option<Money>>(member),
        "at" | "now" | "expires_at" | "deadline_at" => fault::<Timestamp>(member),
        "query_at" | "next_at" | "retry_at" => fault::<Option<Timestamp>>(member),
        "receipt" => fault::<Receipt>(member),
        "provider_reference" => fault::<ProviderReference>(member),
        "contract" => fault::<ContractId>(member),
        "payout" => fault::<PayoutId>(member),
        "retry_of" => fault::<Option<PayoutId>>(member),
        "type" | "reason" | "channel" | "purpose" | "cause" | "contradiction" | "action"
        | "extent" | "product" => fault::<String>(member),
        _ => None,
    }
}

/// The member that serde's message names: one that is missing or unknown, or whose word is.
fn quoted_member<'a>(
    message: &'a str,
    members: &'a serde_json::Map<String, Value>,
) -> Option<&'a str> {
    let quoted = |start| message.strip_prefix(start)?.split('`').next();
    if let Some(word) = quoted("unknown variant `") {
        let mut words = members.iter().filter(|(_, member)| *member == word);
        return words.next_back().map(|(name, _)| name.as_str());
    }
    quoted("missing field `").or_else(|| quoted("unknown field `"))
}

fn joined(name: &str) -> FieldPath {
    FieldPath::new("").join(name)
}

fn pointer(path: &Path) -> FieldPath {
    path.iter()
        .fold(FieldPath::new(""), |pointer, segment| match segment {
            Segment::Seq { index } => pointer.join(&index.to_string()),
            Segment::Map { key } => pointer.join(key),
            // A variant is no member, and what is unknown has no name.
            Segment::Enum { .. } | Segment::Unknown => pointer,
        })
}
