//! The twin of Africa's Talking: text messages, mobile checkout, payouts and their callbacks.
//!
//! Requests are checked in the provider's order: routing, method, authentication, body. Refusals
//! before that point are text ([`rejection`]); business refusals are answers of status 201 with a
//! word in them. Each refusal is also explained in the event log.

mod accounts;
mod airtime;
mod auth;
mod b2b;
mod body;
mod books;
mod checkout;
mod incoming;
mod messaging;
mod network;
mod notification;
mod order;
mod parts;
mod payout;
mod query;
mod rejection;
mod repeat;
mod reply;
mod routes;
mod settle;
mod sim_swap;
mod token;
mod ussd;
mod view;
mod xml;

#[cfg(test)]
mod tests;

use amana_core::Msisdn;
use amana_core::http::{Request, Response};
use amana_core::provider::Credentials;
use amana_core::time::Span;

pub use self::books::{Books, BooksEvent};
use self::rejection::Rejection;
use self::routes::Endpoint;
pub use self::settle::NOTIFICATION;
use super::ProviderServer;
use crate::kernel::callback::{Attempt, Callback, NewCallback, Verdict};
use crate::kernel::fault::{Distortion, distort_members};
use crate::kernel::invariant::Check;
use crate::kernel::phone::{Action, Message, Operation, PromptAnswer, UssdSession};
use crate::kernel::settings::Settings;
use crate::kernel::{Sandbox, ServiceName, State};

/// Its name in events, callbacks and settings.
pub const NAME: ServiceName = ServiceName::new("africastalking");

/// A notification that was refused is repeated so often…
const NOTIFICATIONS_MAX: u32 = 360;
/// …and an incoming message so often: for six and for twelve hours.
const INCOMING_MAX: u32 = 720;
const EACH_MINUTE: Span = Span::from_mins(1);

/// The twin.
pub struct Server;

impl ProviderServer for Server {
    fn name(&self) -> ServiceName {
        NAME
    }

    fn mount(&self) -> &'static str {
        "africastalking"
    }

    fn hosts(&self) -> &'static [&'static str] {
        &routes::HOSTS
    }

    fn handle(&self, sandbox: &mut Sandbox, request: &Request) -> Response {
        match answer(sandbox, request) {
            Ok(response) => response,
            Err(rejection) => {
                match rejection.field() {
                    Some(field) => explain(sandbox, field, rejection.rule()),
                    None => sandbox.explain_refusal(NAME, None, rejection.rule()),
                }
                rejection.response()
            }
        }
    }

    fn operation(&self, request: &Request) -> Option<&'static str> {
        operation(request)
    }

    fn requested_by(&self, state: &State, callback: &NewCallback) -> Option<&'static str> {
        let books = &state.providers.africastalking;
        let transaction = books.transaction(&callback.reference)?;
        Some(transaction.category.endpoint().operation())
    }

    fn distort(&self, _: &Settings, callback: &mut NewCallback, distortion: Distortion) -> bool {
        let is_amount = |name: &str| matches!(name, "value" | "amount");
        let body = distort_members(&callback.body, is_amount, distortion);
        body.map(|body| callback.body = body).is_some()
    }

    fn prompt_answered(&self, sandbox: &mut Sandbox, answer: &PromptAnswer) {
        settle::answered(sandbox, answer);
    }

    fn timer(&self, sandbox: &mut Sandbox, key: &str) {
        match key.split_once(':') {
            Some(("b2b", id)) => b2b::arrived(sandbox, id),
            Some(("airtime", id)) => airtime::arrived(sandbox, id),
            _ => {}
        }
    }

    fn verdict(&self, callback: &Callback, attempt: &Attempt) -> Verdict {
        let status = attempt.status;
        let (taken, attempts_max) = match callback.operation.as_str() {
            NOTIFICATION => (status.is_some_and(|code| code < 400), NOTIFICATIONS_MAX),
            incoming::INCOMING => (status == Some(200), INCOMING_MAX),
            // Questions are asked once, and the other callbacks are not known to be repeated.
            _ => (attempt.is_success(), 1),
        };
        if taken {
            Verdict::Delivered
        } else if callback.attempt_count < attempts_max {
            Verdict::Retry(EACH_MINUTE)
        } else {
            Verdict::GiveUp
        }
    }

    fn callback_answered(&self, sandbox: &mut Sandbox, callback: &Callback, attempt: &Attempt) {
        match callback.operation.as_str() {
            payout::VALIDATION => payout::validated(sandbox, callback, attempt),
            airtime::VALIDATION => airtime::validated(sandbox, callback, attempt),
            ussd::SESSION => ussd::answered(sandbox, callback, attempt),
            _ => {}
        }
    }

    fn message_sent(&self, sandbox: &mut Sandbox, from: Msisdn, message: &Message) {
        incoming::received(sandbox, from, message);
    }

    fn account(&self, settings: &Settings) -> Option<Credentials> {
        accounts::credentials(settings)
    }

    fn serves_ussd(&self, settings: &Settings, code: &str) -> bool {
        ussd::find(settings, code).is_some()
    }

    fn ussd_input(&self, sandbox: &mut Sandbox, session: &UssdSession) {
        ussd::input(sandbox, session);
    }

    fn ussd_ended(&self, sandbox: &mut Sandbox, session: &UssdSession) {
        ussd::hung_up(sandbox, session);
    }

    fn outcome_codes(&self, action: Action, operation: Operation) -> &'static [&'static str] {
        match (action, operation) {
            (Action::Approve | Action::Duplicate | Action::NeverCallsBack, _) => &["Success"],
            (Action::LateSuccess, _) => &["Failed", "Success"],
            (Action::Manual, Operation::Collect) => &["PendingConfirmation"],
            (Action::Manual, Operation::PayOut) => &["Queued"],
            (
                Action::Cancel
                | Action::WrongPin
                | Action::InsufficientFunds
                | Action::Timeout
                | Action::Unreachable
                | Action::Locked
                | Action::LimitExceeded,
                _,
            ) => &["Failed"],
        }
    }

    fn invariants(&self, state: &State) -> Vec<Check> {
        vec![accounts::payouts_are_backed(state)]
    }
}

/// What a request asks for, by the name that fault rules use; none if it is served nowhere.
pub fn operation(request: &Request) -> Option<&'static str> {
    route(request).ok().map(Endpoint::operation)
}

/// Says beside the provider's terse answer which member of the request broke which rule.
fn explain(sandbox: &mut Sandbox, field: &str, rule: &str) {
    sandbox.explain_refusal(NAME, Some(&format!("/{field}")), rule);
}

fn route(request: &Request) -> Result<Endpoint, Rejection> {
    let path = request.path.as_str();
    let (service, path) = match routes::service_of_host(&request.host) {
        Some(service) => (Some(service), path),
        None => match routes::service_of_path(path) {
            Some((service, rest)) => (Some(service), rest),
            None => (None, path),
        },
    };
    routes::resolve(service, &request.method, path)
}

/// Routing, then the method, then authentication; the endpoint reads the body.
fn answer(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let endpoint = route(request)?;
    // A checkout token is asked for from a browser, which holds no key.
    if endpoint != Endpoint::CheckoutToken {
        auth::key(&sandbox.settings().africastalking, request)?;
    }
    match endpoint {
        Endpoint::Checkout => checkout::request(sandbox, request),
        Endpoint::B2c => payout::request(sandbox, request),
        Endpoint::B2b => b2b::request(sandbox, request),
        Endpoint::Transaction => query::find(sandbox, request),
        Endpoint::Transactions => query::fetch(sandbox, request),
        Endpoint::FetchWallet => query::wallet(sandbox, request),
        Endpoint::WalletBalance => query::wallet_balance(sandbox, request),
        Endpoint::SendMessage => messaging::send(sandbox, request),
        Endpoint::SendBulk => messaging::send_bulk(sandbox, request),
        Endpoint::FetchMessages => messaging::fetch(sandbox, request),
        Endpoint::User => messaging::user(sandbox, request),
        Endpoint::SendAirtime => airtime::send(sandbox, request),
        Endpoint::FindAirtime => query::find_airtime(sandbox, request),
        Endpoint::CheckoutToken => token::checkout(sandbox, request),
        Endpoint::AuthToken => token::auth(sandbox, request),
        Endpoint::SimSwap => sim_swap::check(sandbox, request),
    }
}
