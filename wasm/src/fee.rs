//! What an operation costs.

use amana_core::fee::{self, Bearer, Exchange, FeeSchedule, Operation, Terms};
use amana_core::{Money, Timestamp};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use crate::error::Thrown;
use crate::input::read;
use crate::output::to_js;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuoteRequest {
    #[serde(default)]
    schedule: FeeSchedule,
    operation: Operation,
    amount: Money,
    bearer: Bearer,
    at: Timestamp,
    #[serde(default)]
    exchange: Option<Exchange>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GrossUpRequest {
    #[serde(default)]
    schedule: FeeSchedule,
    operation: Operation,
    net: Money,
    bearer: Bearer,
    at: Timestamp,
    #[serde(default)]
    exchange: Option<Exchange>,
}

/// What an operation of this amount costs, and what each side pays and gets.
///
/// # Errors
/// Malformed input; [`fee::FeeError`].
#[wasm_bindgen]
pub fn quote(request: &JsValue) -> Result<JsValue, Thrown> {
    let request: QuoteRequest = read(request)?;
    let terms = Terms {
        bearer: request.bearer,
        at: request.at,
        exchange: request.exchange,
    };
    let (schedule, operation) = (&request.schedule, request.operation);
    to_js(&fee::quote(schedule, operation, request.amount, &terms)?)
}

/// The quote with the smallest payment by which the payee gets exactly this much.
///
/// # Errors
/// Malformed input; [`fee::FeeError`].
#[wasm_bindgen(js_name = grossUp)]
pub fn gross_up(request: &JsValue) -> Result<JsValue, Thrown> {
    let request: GrossUpRequest = read(request)?;
    let terms = Terms {
        bearer: request.bearer,
        at: request.at,
        exchange: request.exchange,
    };
    let (schedule, operation) = (&request.schedule, request.operation);
    to_js(&fee::gross_up(schedule, operation, request.net, &terms)?)
}
