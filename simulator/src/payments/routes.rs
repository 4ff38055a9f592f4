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

/// How an action is called.
#[derive(Clone, Copy)]
enum Action {
    /// It changes something; repeating it with the same key changes nothing more.
    Change(fn(&mut Sandbox, &Request) -> Answer),
    /// A provider calls; it proves itself by signature, not by our callers' key.
    Hear(fn(&mut Sandbox, &Request) -> Answer),
    /// It shows something.
    Show(fn(&mut Sandbox) -> Answer),
    /// It shows what the variable part of the path names.
    ShowOne(fn(&Sandbox, &str) -> Answer),
}

/// A route: a row of the table.
pub struct Route {
    /// The method.
    pub method: &'static str,
    /// The path under `/api/v1`, its variable part in braces.
    pub path: &'static str,
    /// What it asks for, by the name that fault rules use.
    pub operation: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
    action: Action,
}

macro_rules! routes {
    ($($method:ident $path:literal $operation:literal $summary:literal $kind:ident $action:expr;)*) => {
        &[$(Route {
            method: stringify!($method),
            path: $path,
            operation: $operation,
            summary: $summary,
            action: Action::$kind($action),
        },)*]
    };
}

/// Every route; where two fit, the first counts.
pub static ROUTES: &[Route] = routes! {
    POST "/contracts" "create_contract" "Make a contract between two phones"
        Change contracts::create;
    GET "/contracts/{contract_id}" "show_contract" "A contract" ShowOne contracts::show;
    POST "/payments/checkout" "checkout" "Ask the buyer for the money"
        Change checkout::checkout;
    POST "/payments/webhook" "webhook" "Take a signed callback of a provider"
        Hear webhook::receive;
    POST "/payments/release" "release" "Pay the seller" Change settle::release;
    POST "/payments/refund" "refund" "Pay the buyer back" Change settle::refund;
    POST "/payments/dispute" "dispute" "Contest a payment" Change settle::dispute;
    POST "/payments/rule" "rule" "Decide a dispute" Change settle::rule;
    GET "/payments/balance" "balance" "What the channel holds" Show balance::guide;
    GET "/payments/wallet/balance" "balance" "What the channel holds, in the other shape"
        Show balance::reference;
    GET "/payments/status/{transaction_id}" "payment_status" "How a payment stands"
        ShowOne read::status;
    GET "/payments/history/{contract_id}" "payment_history" "The payments of a contract"
        ShowOne read::history;
    GET "/payments/contract/{contract_id}" "payment_history"
        "The payments of a contract, in the other shape" ShowOne read::contract;
    GET "/payments/{payment_id}" "payment_status" "How a payment stands, in the other shape"
        ShowOne read::by_number;
};

impl Route {
    /// The variable part of a path that is this route's; empty if it has none.
    fn fits<'a>(&self, parts: &[&'a str]) -> Option<&'a str> {
        let own = self.path.split('/').filter(|part| !part.is_empty());
        let mut variable = "";
        let mut given = parts.iter();
        for part in own {
            let given = given.next()?;
            if part.starts_with('{') {
                variable = given;
            } else if part != *given {
                return None;
            }
        }
        given.next().is_none().then_some(variable)
    }
}

fn parts(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

/// The route of a request and the variable part of its path.
fn find<'a>(method: &str, parts: &[&'a str]) -> Option<(&'static Route, &'a str)> {
    let of_method = ROUTES.iter().filter(|route| route.method == method);
    let mut fitting = of_method.filter_map(|route| Some((route, route.fits(parts)?)));
    fitting.next()
}

/// Finds the action and lets it answer.
///
/// # Errors
/// [`Problem`], in the published form.
pub fn handle(sandbox: &mut Sandbox, request: &Request) -> Answer {
    let path = request.path.strip_prefix("/api/v1");
    let parts = parts(path.unwrap_or(&request.path));
    let found = find(&request.method, &parts);
    if !matches!(found, Some((route, _)) if matches!(route.action, Action::Hear(_))) {
        authenticate(sandbox, request)?;
    }
    let Some((route, variable)) = found else {
        return Err(unserved(&parts));
    };
    match route.action {
        Action::Change(action) => once(sandbox, request, action),
        Action::Hear(action) => action(sandbox, request),
        Action::Show(action) => action(sandbox),
        Action::ShowOne(action) => action(sandbox, variable),
    }
}

/// What a request asks for, by the name that fault rules use; none if it is served nowhere.
pub fn operation(request: &Request) -> Option<&'static str> {
    let path = request.path.strip_prefix("/api/v1/")?;
    let (route, _) = find(&request.method, &parts(path))?;
    Some(route.operation)
}

/// The path is known but not with this method, or it is not known at all.
fn unserved(parts: &[&str]) -> Problem {
    match ROUTES.iter().any(|route| route.fits(parts).is_some()) {
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
