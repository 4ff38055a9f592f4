//! The single mapping from the core's errors to a JavaScript error.

use amana_core::Coded;
use js_sys::{Error, Reflect};
use wasm_bindgen::JsValue;

/// The `name` of every error thrown by the engine.
const NAME: &str = "AmanaError";

/// The error as JavaScript throws it: an `Error` with `code`, and `field` (a JSON pointer) if one
/// field of the input is wrong. `message` is the sentence of the code.
pub(crate) fn thrown(error: &impl Coded) -> JsValue {
    let thrown = Error::new(&error.to_string());
    thrown.set_name(NAME);
    set(&thrown, "code", error.code().as_str());
    if let Some(field) = error.field() {
        set(&thrown, "field", field.as_str());
    }
    thrown.into()
}

fn set(target: &Error, key: &str, value: &str) {
    let done = Reflect::set(target, &JsValue::from_str(key), &JsValue::from_str(value));
    debug_assert!(done.is_ok(), "a new error object accepts properties");
}
