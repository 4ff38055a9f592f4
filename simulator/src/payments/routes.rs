//! Every route of the payments API, in one list.

use amana_core::http::{Request, Response};
use amana_core::signature::Secret;
use serde::Serialize;

use super::problem::{FieldProblem, Problem};
use super::repeat::once;
use super::{balance, checkout, contracts, read, settle, webhook};
use crate::kernel::Sandbox;

/// What an action answers.
pub type Answer = Result<Response, Problem>;

/// Finds the action and lets it answer.
///
/// # Errors
/// [`Problem`], in the published form.
pub fn handle(sandbox: &mut Sandbox, request: &Request) -> Answer {
    let path = request
        .path
        .strip_prefix("/api/v1")
        .unwrap_or(&request.path);
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    // The provider calls the webhook; it proves itself by signature, not by our callers' key.
    if !matches!(parts[..], ["payments", "webhook"]) {
        authenticate(sandbox, request)?;
    }
    let method = request.method.as_str();
    match (method, &parts[..]) {
        ("POST", ["contracts"]) => once(sandbox, request, contracts::create),
        ("GET", ["contracts", id]) => contracts::show(sandbox, id),
        ("POST", ["payments", "checkout"]) => once(sandbox, request, checkout::checkout),
        ("POST", ["payments", "webhook"]) => webhook::receive(sandbox, request),
        ("POST", ["payments", "release"]) => once(sandbox, request, settle::release),
        ("POST", ["payments", "refund"]) => once(sandbox, request, settle::refund),
        ("POST", ["payments", "dispute"]) => once(sandbox, request, settle::dispute),
        ("POST", ["payments", "rule"]) => once(sandbox, request, settle::rule),
        ("GET", ["payments", "balance"]) => balance::guide(sandbox),
        ("GET", ["payments", "wallet", "balance"]) => balance::reference(sandbox),
        ("GET", ["payments", "status", id]) => read::status(sandbox, id),
        ("GET", ["payments", "history", contract]) => read::history(sandbox, contract),
        ("GET", ["payments", "contract", contract]) => read::contract(sandbox, contract),
        ("GET", ["payments", id]) => read::by_number(sandbox, id),
        (_, known) => Err(unserved(known)),
    }
}

/// What a request asks for, by the name that fault rules use; none if it is served nowhere.
pub fn operation(request: &Request) -> Option<&'static str> {
    let path = request.path.strip_prefix("/api/v1/")?;
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match (request.method.as_str(), &parts[..]) {
        ("POST", ["contracts"]) => Some("create_contract"),
        ("GET", ["contracts", _]) => Some("show_contract"),
        ("POST", ["payments", "checkout"]) => Some("checkout"),
        ("POST", ["payments", "webhook"]) => Some("webhook"),
        ("POST", ["payments", "release"]) => Some("release"),
        ("POST", ["payments", "refund"]) => Some("refund"),
        ("POST", ["payments", "dispute"]) => Some("dispute"),
        ("POST", ["payments", "rule"]) => Some("rule"),
        ("GET", ["payments", "balance"] | ["payments", "wallet", "balance"]) => Some("balance"),
        ("GET", ["payments", "status", _] | ["payments", _]) => Some("payment_status"),
        ("GET", ["payments", "history" | "contract", _]) => Some("payment_history"),
        _ => None,
    }
}

/// The path is known but not with this method, or it is not known at all.
fn unserved(parts: &[&str]) -> Problem {
    let known = matches!(
        parts,
        ["contracts"]
            | ["contracts", _]
            | ["payments", _]
            | ["payments", "status" | "history" | "contract", _]
            | ["payments", "wallet", "balance"]
    );
    match known {
        true => Problem::Sentence(405, "Method Not Allowed".to_owned()),
        false => Problem::Sentence(404, "Not Found".to_owned()),
    }
}

/// Checks the caller's key, if the settings ask for one.
fn authenticate(sandbox: &Sandbox, request: &Request) -> Result<(), Problem> {
    let Some(key) = &sandbox.settings().payments_api.api_key else {
        return Ok(());
    };
    let bearer = request
        .header("authorization")
        .and_then(|value| value.strip_prefix("Bearer "));
    let given = request.header("x-api-key").or(bearer).unwrap_or_default();
    // Secrets compare in constant time.
    match Secret::new(given) == Secret::new(key.as_str()) {
        true => Ok(()),
        false => Err(Problem::Sentence(401, "Not authenticated".to_owned())),
    }
}

/// A JSON answer.
///
/// # Errors
/// Never in practice: what is answered can be written as JSON.
pub fn json(status: u16, body: &impl Serialize) -> Answer {
    let body = serde_json::to_vec(body).map_err(|error| {
        Problem::Sentence(500, format!("the answer cannot be written: {error}"))
    })?;
    Ok(Response::new(status, "application/json", body))
}

/// A part of the path that is not what it should be.
pub fn path_problem(name: &str, msg: &str, kind: &str) -> Problem {
    let loc = vec!["path".to_owned(), name.to_owned()];
    Problem::Fields(vec![FieldProblem {
        loc,
        msg: msg.to_owned(),
        kind: kind.to_owned(),
    }])
}
