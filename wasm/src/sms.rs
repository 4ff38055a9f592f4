//! Text messages.

use amana_core::sms::{Brand, Inbound, Language, Message};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use crate::error::Thrown;
use crate::input::{read, read_or_default, text};
use crate::output::to_js;

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Style {
    brand: Brand,
    language: Language,
}

/// A message in words.
///
/// # Errors
/// Malformed input.
#[wasm_bindgen(js_name = renderSms)]
pub fn render_sms(message: &JsValue, style: &JsValue) -> Result<String, Thrown> {
    let message: Message = read(message)?;
    let Style { brand, language } = read_or_default(style)?;
    Ok(message.render(&brand, language))
}

/// What a party says by SMS.
///
/// # Errors
/// Malformed input; [`amana_core::sms::InboundError`].
#[wasm_bindgen(js_name = parseSms)]
pub fn parse_sms(message: &JsValue) -> Result<JsValue, Thrown> {
    to_js(&Inbound::parse(&text(message, "text")?)?)
}
