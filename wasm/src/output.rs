//! The core's types as JavaScript values.

use js_sys::{Error, JSON};
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::error::Thrown;

/// The value as plain objects, arrays, strings and numbers: what `JSON.parse` makes of the very text
/// that the core writes natively.
pub(crate) fn to_js(value: &impl Serialize) -> Result<JsValue, Thrown> {
    // No type of the core fails to be written; if one did, that is no error of the caller.
    let text = serde_json::to_string(value)
        .map_err(|error| Thrown::by_javascript(Error::new(&error.to_string()).into()))?;
    JSON::parse(&text).map_err(Thrown::by_javascript)
}
