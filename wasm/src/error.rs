//! The single mapping from the core's errors to a JavaScript error.

use amana_core::Coded;
use js_sys::{Error, Reflect};
use wasm_bindgen::JsValue;

/// The `name` of every error thrown by the engine.
const NAME: &str = "AmanaError";

/// What an export throws. `?` makes it of any error of the core: an `Error` with `code`, and
/// `field` (a JSON pointer) if one field of the input is wrong.
pub struct Thrown(JsValue);

impl<E: Coded> From<E> for Thrown {
    fn from(error: E) -> Self {
        let thrown = Error::new(&error.to_string());
        thrown.set_name(NAME);
        set(&thrown, "code", error.code().as_str());
        if let Some(field) = error.field() {
            set(&thrown, "field", field.as_str());
        }
        Self(thrown.into())
    }
}

impl From<Thrown> for JsValue {
    fn from(Thrown(value): Thrown) -> Self {
        value
    }
}

impl Thrown {
    /// What JavaScript threw while we called it, passed on as it is.
    pub(crate) const fn by_javascript(value: JsValue) -> Self {
        Self(value)
    }
}

fn set(target: &Error, key: &str, value: &str) {
    let done = Reflect::set(target, &JsValue::from_str(key), &JsValue::from_str(value));
    debug_assert!(done.is_ok(), "a new error object accepts properties");
}
