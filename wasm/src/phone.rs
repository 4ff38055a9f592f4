//! Phone numbers.

use amana_core::Msisdn;
use amana_core::party::{MsisdnError, Operator};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::error::Thrown;
use crate::output::to_js;

/// A phone number, whole and fit to be shown or logged.
#[derive(Serialize)]
struct Phone {
    msisdn: Msisdn,
    masked: String,
    operator: Option<&'static Operator>,
}

/// Reads a phone number in any usual form.
///
/// # Errors
/// The core's [`MsisdnError`]; a value that is no text is malformed.
#[wasm_bindgen(js_name = parsePhone)]
pub fn parse_phone(text: &JsValue) -> Result<JsValue, Thrown> {
    let msisdn: Msisdn = text.as_string().ok_or(MsisdnError::Malformed)?.parse()?;
    to_js(&Phone {
        msisdn,
        masked: msisdn.masked(),
        operator: msisdn.operator(),
    })
}
