//! Merge patches, and what is checked while a setting is read.

use amana_core::signature::standard_webhooks::WebhookSecret;
use serde::{Deserialize, Deserializer};

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

/// Reads a secret of Standard Webhooks, as its text.
pub(super) fn webhook_secret<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    match text.parse::<WebhookSecret>() {
        Ok(_) => Ok(text),
        Err(error) => Err(serde::de::Error::custom(error)),
    }
}
