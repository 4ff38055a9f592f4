//! Contracts: made by the backend, confirmed by the parties.

use amana_core::contract::{Contract, ContractCommand, ContractStatus, ContractTerms};
use amana_core::http::Request;
use amana_core::reference::ContractId;
use amana_core::{Currency, Msisdn, Timestamp};
use serde::Serialize;

use super::body::Body;
use super::engine;
use super::problem::Problem;
use super::routes::{Answer, json};
use crate::kernel::Sandbox;

/// A contract as it is shown.
#[derive(Debug, Serialize)]
struct ShownContract {
    contract_id: ContractId,
    status: ContractStatus,
    buyer_phone: Msisdn,
    seller_phone: Msisdn,
    mediator_phone: Option<Msisdn>,
    total_amount: String,
    currency: Currency,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    confirmed_by: Vec<&'static str>,
    payments: Vec<String>,
}

impl ShownContract {
    fn of(contract: &Contract) -> Self {
        let terms = &contract.terms;
        Self {
            contract_id: terms.contract_id,
            status: contract.status(),
            buyer_phone: terms.buyer,
            seller_phone: terms.seller,
            mediator_phone: terms.mediator,
            total_amount: terms.total.amount(),
            currency: terms.total.currency(),
            created_at: contract.created_at,
            expires_at: terms.expires_at,
            confirmed_by: contract
                .confirmed
                .keys()
                .map(|party| party.name())
                .collect(),
            payments: contract.payments.keys().map(ToString::to_string).collect(),
        }
    }
}

/// `POST /contracts`. The same contract again is answered as it stands; another one of the same id
/// is a conflict that names the first member that differs.
///
/// # Errors
/// [`Problem`].
pub fn create(sandbox: &mut Sandbox, request: &Request) -> Answer {
    let terms = read_terms(&request.body)?;
    let id = terms.contract_id;
    if let Some(known) = sandbox.state().payments.contract(id) {
        return match first_difference(&known.terms, &terms) {
            None => json(200, &ShownContract::of(known)),
            Some(field) => {
                let sentence = format!("Contract {id} exists already with another {field}");
                Err(Problem::Sentence(409, sentence))
            }
        };
    }
    let expires_at = terms.expires_at;
    engine::issue_contract(sandbox, id, &ContractCommand::Create { terms })?;
    if let Some(at) = expires_at {
        engine::expire_at(sandbox, id, at);
    }
    let contract = find(sandbox, id)?;
    json(201, &ShownContract::of(contract))
}

fn read_terms(bytes: &[u8]) -> Result<ContractTerms, Problem> {
    let mut body = Body::read(bytes)?;
    let contract_id = body.required("contract_id");
    let buyer = body.required("buyer_phone");
    let seller = body.required("seller_phone");
    let mediator = body.phone("mediator_phone");
    let currency = match body.has("currency") {
        true => body.parsed("currency"),
        false => Some(Currency::KES),
    };
    let total = body.required_amount("total_amount", currency);
    let expires_at = body.parsed("expires_at");
    let read = contract_id.zip(buyer).zip(seller).zip(total);
    let read = read.map(|(((contract_id, buyer), seller), total)| ContractTerms {
        contract_id,
        buyer,
        seller,
        mediator,
        total,
        expires_at,
    });
    body.finish(read)
}

fn first_difference(known: &ContractTerms, given: &ContractTerms) -> Option<&'static str> {
    let same = [
        ("buyer_phone", known.buyer == given.buyer),
        ("seller_phone", known.seller == given.seller),
        ("mediator_phone", known.mediator == given.mediator),
        ("total_amount", known.total == given.total),
        ("expires_at", known.expires_at == given.expires_at),
    ];
    same.iter().find(|(_, same)| !same).map(|(field, _)| *field)
}

/// `GET /contracts/{contract_id}`.
///
/// # Errors
/// [`Problem`].
pub fn show(sandbox: &Sandbox, id: &str) -> Answer {
    let id = id.parse().map_err(|_| Problem::not_found("Contract"))?;
    json(200, &ShownContract::of(find(sandbox, id)?))
}

/// A contract that must exist.
///
/// # Errors
/// The published 404.
pub fn find(sandbox: &Sandbox, id: ContractId) -> Result<&Contract, Problem> {
    sandbox
        .state()
        .payments
        .contract(id)
        .ok_or_else(|| Problem::not_found("Contract"))
}
