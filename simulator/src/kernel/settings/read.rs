//! Reading JSON into types, with errors that name the field; and merge patches.

use amana_core::FieldPath;
use amana_core::signature::standard_webhooks::WebhookSecret;
use serde::{Deserialize, Deserializer};

use crate::error::{SandboxCode, SandboxError};

/// Merge patch of RFC 7386.
pub(super) fn merge(target: &mut serde_json::Value, patch: serde_json::Value) {
    let serde_json::Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = serde_json::Value::Object(serde_json::Map::new());
    }
    if let serde_json::Value::Object(target) = target {
        for (name, value) in patch {
            if value.is_null() {
                target.remove(&name);
            } else {
                merge(target.entry(name).or_insert(serde_json::Value::Null), value);
            }
        }
    }
}

/// Reads a JSON value into a type; the error names the field and says what is wrong with it.
///
/// # Errors
/// `request.field_unknown`, `request.field_missing` or `request.field_invalid`.
pub fn read_typed<T: serde::de::DeserializeOwned>(
    value: serde_json::Value,
) -> Result<T, SandboxError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let mut field = FieldPath::new("");
        for segment in error.path() {
            match segment {
                serde_path_to_error::Segment::Seq { index } => {
                    field = field.join(&index.to_string());
                }
                serde_path_to_error::Segment::Map { key }
                | serde_path_to_error::Segment::Enum { variant: key } => field = field.join(key),
                serde_path_to_error::Segment::Unknown => {}
            }
        }
        let why = error.inner().to_string();
        let quoted = why.split('`').nth(1).unwrap_or_default();
        if why.starts_with("unknown field") {
            if field.name() != quoted {
                field = field.join(quoted);
            }
            SandboxError::Field(SandboxCode::FieldUnknown, field, why)
        } else if why.starts_with("missing field") {
            SandboxError::Field(SandboxCode::FieldMissing, field.join(quoted), why)
        } else {
            SandboxError::Field(SandboxCode::FieldInvalid, field, why)
        }
    })
}

/// Reads a secret of Standard Webhooks, as its text.
pub(super) fn webhook_secret<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    match text.parse::<WebhookSecret>() {
        Ok(_) => Ok(text),
        Err(error) => Err(serde::de::Error::custom(error)),
    }
}
