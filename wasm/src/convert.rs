//! JavaScript values to Rust and back.
//!
//! Arguments are taken as plain values, never as a typed wrapper: what a caller of JavaScript
//! passes may be anything, and must end in an error rather than a trap.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// The value as plain objects, arrays, strings and numbers, as `JSON.parse` would give it.
pub(crate) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value
        .serialize(&Serializer::json_compatible())
        .map_err(JsValue::from)
}

/// The argument in this shape, or nothing if it has another.
pub(crate) fn from_js<T: DeserializeOwned>(value: JsValue) -> Option<T> {
    serde_wasm_bindgen::from_value(value).ok()
}
