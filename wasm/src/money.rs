//! Amounts of money.

use amana_core::Money;
use amana_core::money::MoneyError;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use crate::error::Thrown;
use crate::input;
use crate::output::to_js;

/// An amount as JavaScript holds it, before it is known to be one.
#[derive(Deserialize)]
struct Unread {
    amount: String,
    currency: String,
}

/// Reads an amount: `parseMoney("KES 350000.00")` or `parseMoney("350000", "KES")`.
///
/// # Errors
/// The core's [`MoneyError`]; a value that is no text is malformed.
#[wasm_bindgen(js_name = parseMoney)]
pub fn parse_money(text: &JsValue, currency: &JsValue) -> Result<JsValue, Thrown> {
    to_js(&parse(text, currency)?)
}

/// Writes an amount for people, with thousands: `KES 350,000.00`.
///
/// # Errors
/// The core's [`MoneyError`]; a value of another shape is malformed.
#[wasm_bindgen(js_name = formatMoney)]
pub fn format_money(money: &JsValue) -> Result<String, Thrown> {
    Ok(read(money)?.grouped())
}

fn parse(text: &JsValue, currency: &JsValue) -> Result<Money, MoneyError> {
    let text = text.as_string().ok_or(MoneyError::Malformed)?;
    if currency.is_undefined() {
        return Money::parse_with_currency(&text);
    }
    let currency = currency.as_string().ok_or(MoneyError::CurrencyUnknown)?;
    Money::parse(&text, currency.parse()?)
}

fn read(money: &JsValue) -> Result<Money, MoneyError> {
    let unread: Unread = input::read(money).map_err(|_| MoneyError::Malformed)?;
    Money::parse(&unread.amount, unread.currency.parse()?)
}
