//! Reading payments, in either shape.

use amana_core::reference::{ContractId, TransactionId};
use serde_json::json as value;

use super::contracts;
use super::problem::Problem;
use super::routes::{Answer, json, path_problem};
use super::shape::{GuidePayment, ReferencePayment};
use crate::kernel::Sandbox;

/// `GET /payments/status/{transaction_id}`.
///
/// # Errors
/// [`Problem`].
pub fn status(sandbox: &Sandbox, id: &str) -> Answer {
    let unknown = || Problem::not_found("Payment");
    let id: TransactionId = id.parse().map_err(|_| unknown())?;
    let known = &sandbox.state().payments;
    let (_, payment) = known.payment(id).ok_or_else(unknown)?;
    json(
        200,
        &GuidePayment::of(payment).with(known.guard().refusal(id)),
    )
}

/// `GET /payments/{payment_id}`.
///
/// # Errors
/// [`Problem`].
pub fn by_number(sandbox: &Sandbox, number: &str) -> Answer {
    let number = number.parse().map_err(|_| {
        path_problem(
            "payment_id",
            "value is not a valid integer",
            "type_error.integer",
        )
    })?;
    let payments = &sandbox.state().payments;
    let found = payments
        .by_number(number)
        .and_then(|id| payments.payment(id));
    let (record, payment) = found.ok_or_else(|| Problem::not_found("Payment"))?;
    json(200, &ReferencePayment::of(record, payment))
}

/// `GET /payments/history/{contract_id}`: all payments of a contract, the newest first.
///
/// # Errors
/// [`Problem`].
pub fn history(sandbox: &Sandbox, contract: &str) -> Answer {
    let contract = contracts::find(sandbox, contract_id(contract)?)?;
    let payments = sandbox.state().payments.payments_of(contract);
    let shown: Vec<_> = payments
        .iter()
        .map(|(_, payment)| GuidePayment::of(payment))
        .collect();
    json(
        200,
        &value!({"contract_id": contract.terms.contract_id, "transactions": shown}),
    )
}

/// `GET /payments/contract/{contract_id}`: the same in the reference's shape. A contract without
/// payments has an empty list.
///
/// # Errors
/// [`Problem`].
pub fn contract(sandbox: &Sandbox, contract: &str) -> Answer {
    let contract = contracts::find(sandbox, contract_id(contract)?)?;
    let payments = sandbox.state().payments.payments_of(contract);
    let shown: Vec<_> = payments
        .iter()
        .map(|(record, payment)| ReferencePayment::of(record, payment))
        .collect();
    json(
        200,
        &value!({"contract_id": contract.terms.contract_id, "payments": shown}),
    )
}

fn contract_id(text: &str) -> Result<ContractId, Problem> {
    text.parse().map_err(|_| Problem::not_found("Contract"))
}
