//! Phone numbers.

use amana_core::Msisdn;
use amana_core::party::MsisdnError;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::convert::to_js;
use crate::error::thrown;

/// A phone number, whole and fit to be shown or logged.
#[derive(Serialize)]
struct Phone {
    msisdn: Msisdn,
    masked: String,
}

/// Reads a phone number in any usual form.
///
/// # Errors
/// The core's [`MsisdnError`]; a value that is no text is malformed.
#[wasm_bindgen(js_name = parsePhone)]
pub fn parse_phone(text: &JsValue) -> Result<JsValue, JsValue> {
    let msisdn = parse(text).map_err(|error| thrown(&error))?;
    to_js(&Phone {
        msisdn,
        masked: msisdn.masked(),
    })
}

fn parse(text: &JsValue) -> Result<Msisdn, MsisdnError> {
    text.as_string().ok_or(MsisdnError::Malformed)?.parse()
}
