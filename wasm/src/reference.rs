//! Our references of a payment, derived and never drawn.

use amana_core::reference::{ContractId, PaymentReference, TransactionId};
use amana_core::{Money, Msisdn};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use crate::error::Thrown;
use crate::input::read;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct PaymentReferenceRequest {
    contract_id: ContractId,
    amount: Money,
    phone: Msisdn,
    attempt: u16,
}

/// The reference of a payment towards providers: 12 upper-case hexadecimal digits.
///
/// # Errors
/// Malformed input.
#[wasm_bindgen(js_name = paymentReference)]
pub fn payment_reference(request: &JsValue) -> Result<String, Thrown> {
    let PaymentReferenceRequest {
        contract_id,
        amount,
        phone,
        attempt,
    } = read(request)?;
    Ok(PaymentReference::derive(contract_id, amount, phone, attempt).to_string())
}

/// Our id of a payment of a contract: `TXN-<contract>-<attempt>`.
///
/// # Errors
/// Malformed input.
#[wasm_bindgen(js_name = transactionId)]
pub fn transaction_id(contract_id: &JsValue, attempt: &JsValue) -> Result<String, Thrown> {
    let contract: ContractId = read(contract_id).map_err(|fault| fault.within("contractId"))?;
    let attempt = read(attempt).map_err(|fault| fault.within("attempt"))?;
    Ok(TransactionId::new(contract, attempt).to_string())
}
