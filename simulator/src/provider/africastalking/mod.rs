//! The twin of Africa's Talking: money, text messages, USSD, airtime and the rest, with callbacks.
//!
//! Requests are checked in the provider's order: routing, method, authentication, body. Refusals
//! before that point are text ([`rejection`]); business refusals are answers of status 201 with a
//! word in them. Each refusal is also explained in the event log.

mod accounts;
mod airtime;
mod auth;
mod b2b;
mod bank;
mod batch;
mod beside;
mod body;
mod books;
mod callback;
mod card;
mod charge;
mod checkout;
mod coverage;
mod customer;
mod data;
mod delivery;
mod failure;
mod id;
mod inbox;
mod incoming;
mod messaging;
mod network;
mod notification;
mod order;
mod others;
mod paging;
mod parts;
mod payout;
mod query;
mod record;
mod rejection;
mod repeat;
mod reply;
mod routes;
mod settle;
mod sim_swap;
mod subscription;
mod token;
mod ussd;
mod ussd_push;
mod view;
mod voice;
mod wallet;
mod xml;

#[cfg(test)]
mod tests;

use amana_core::Msisdn;
use amana_core::http::{Request, Response};
use amana_core::provider::Credentials;
use amana_core::time::Span;
use serde_json::json;

pub use self::books::{Books, BooksEvent};
use self::rejection::Rejection;
use self::routes::{Endpoint, Route, Service};
pub use self::settle::NOTIFICATION;
use super::ProviderServer;
use crate::error::SandboxError;
use crate::kernel::callback::{Attempt, Callback, NewCallback, Verdict};
use crate::kernel::fault::{Distortion, distort_members};
use crate::kernel::invariant::Check;
use crate::kernel::phone::{
    Action, CustomerPayment, Message, Operation, PromptAnswer, UssdSession,
};
use crate::kernel::settings::{PaymentsHost, Settings};
use crate::kernel::{Sandbox, ServiceName, State};

/// Its name in events, callbacks and settings.
pub const NAME: ServiceName = ServiceName::new("africastalking");

/// What the provider's servers call themselves; the newest that was recorded.
const SOFTWARE: &str = "akka-http/10.2.10";

/// A notification that was refused is repeated so often, for six hours.
const NOTIFICATIONS_MAX: u32 = 360;
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
        let response = match answer(sandbox, request) {
            Ok(response) => response,
            Err(rejection) => {
                match rejection.field() {
                    Some(field) => explain(sandbox, field, rejection.rule()),
                    None => sandbox.explain_refusal(NAME, None, rejection.rule()),
                }
                rejection.response()
            }
        };
        response.with_header("server", SOFTWARE)
    }

    fn failing(&self, status: u16) -> Option<Response> {
        failure::response(status).map(|response| response.with_header("server", SOFTWARE))
    }

    fn operation(&self, request: &Request) -> Option<&'static str> {
        operation(request)
    }

    fn coverage(&self) -> Vec<super::coverage::Row> {
        coverage::rows()
    }

    fn event_types(&self) -> &'static [&'static str] {
        view::TYPES
    }

    fn callbacks(&self) -> Vec<&'static str> {
        vec![
            airtime::STATUS,
            airtime::VALIDATION,
            customer::VALIDATION,
            delivery::REPORT,
            incoming::INCOMING,
            incoming::OPT_OUT,
            payout::VALIDATION,
            settle::NOTIFICATION,
            sim_swap::RESULT,
            subscription::NOTICE,
            ussd::EVENT,
            ussd::SESSION,
            voice::ACTION,
            voice::EVENT,
        ]
    }

    fn requested_by(&self, state: &State, callback: &NewCallback) -> Option<&'static str> {
        let endpoint = match callback.operation {
            delivery::REPORT => Endpoint::SendMessage,
            airtime::STATUS | airtime::VALIDATION => Endpoint::SendAirtime,
            sim_swap::RESULT => Endpoint::SimSwap,
            subscription::NOTICE => Endpoint::CreateSubscription,
            voice::ACTION | voice::EVENT => Endpoint::Call,
            _ => {
                let books = &state.providers.africastalking;
                let transaction = books.transaction(&callback.reference)?;
                transaction.category.endpoint()?
            }
        };
        Some(endpoint.operation())
    }

    fn distort(&self, _: &Settings, callback: &mut NewCallback, distortion: Distortion) -> bool {
        let is_amount = |name: &str| matches!(name, "value" | "amount");
        let body = distort_members(&callback.body, is_amount, distortion);
        body.map(|body| callback.body = body).is_some()
    }

    fn prompt_answered(&self, sandbox: &mut Sandbox, answer: &PromptAnswer) {
        match subscription::of_prompt(&answer.prompt.reference) {
            Some(id) => subscription::answered(sandbox, id, answer),
            None => settle::answered(sandbox, answer),
        }
    }

    fn customer_pays(
        &self,
        sandbox: &mut Sandbox,
        payment: &CustomerPayment,
    ) -> Result<Option<String>, SandboxError> {
        customer::pays(sandbox, payment)
    }

    fn timer(&self, sandbox: &mut Sandbox, key: &str) {
        match key.split_once(':') {
            Some(("payout", id)) => payout::arrived(sandbox, id),
            Some(("otp", id)) => charge::expired(sandbox, id),
            Some(("airtime", id)) => airtime::arrived(sandbox, id),
            Some(("ussd", of)) => ussd::time_is_up(sandbox, of),
            Some(("ring", id)) => voice::rang(sandbox, id),
            Some(("hangup", id)) => voice::hung_up(sandbox, id),
            _ => {}
        }
    }

    fn verdict(&self, settings: &Settings, callback: &Callback, attempt: &Attempt) -> Verdict {
        let status = attempt.status;
        let (taken, attempts_max) = match callback.operation.as_str() {
            NOTIFICATION => (status.is_some_and(|code| code < 400), NOTIFICATIONS_MAX),
            incoming::INCOMING => (status == Some(200), incoming::attempts_max(settings)),
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
            customer::VALIDATION => customer::validated(sandbox, callback, attempt),
            voice::ACTION => voice::answered(sandbox, callback, attempt),
            airtime::VALIDATION => airtime::validated(sandbox, callback, attempt),
            ussd::SESSION => ussd::answered(sandbox, callback, attempt),
            _ => {}
        }
    }

    fn message_sent(&self, sandbox: &mut Sandbox, from: Msisdn, message: &Message) {
        incoming::received(sandbox, from, message);
    }

    fn settings_changed(&self, sandbox: &mut Sandbox, before: &Settings) {
        auth::settings_changed(sandbox, before);
    }

    fn account(&self, settings: &Settings) -> Option<Credentials> {
        accounts::credentials(settings)
    }

    fn serves_ussd(&self, settings: &Settings, code: &str) -> bool {
        ussd::find(settings, code).is_some()
    }

    fn ussd_input_max(&self, sandbox: &Sandbox, msisdn: Msisdn) -> Option<usize> {
        paging::input_max(sandbox, msisdn)
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

    #[cfg(feature = "server")]
    fn vectors(&self) -> Option<&'static str> {
        Some(include_str!(
            "../../../../docs/vectors/africastalking_exchanges.json"
        ))
    }

    fn invariants(&self, state: &State) -> Vec<Check> {
        vec![accounts::payouts_are_backed(state)]
    }
}

/// What a request asks for, by the name that fault rules use; none if it is served nowhere.
pub fn operation(request: &Request) -> Option<&'static str> {
    route(request).ok().map(|route| route.endpoint.operation())
}

/// Says beside the provider's terse answer which member of the request broke which rule.
fn explain(sandbox: &mut Sandbox, field: &str, rule: &str) {
    sandbox.explain_refusal(NAME, Some(&format!("/{field}")), rule);
}

fn route(request: &Request) -> Result<&'static Route, Rejection> {
    let (service, path) = addressed(request);
    routes::resolve(service, &request.method, path)
}

/// The service that a request names, by its host or the first part of its path, and its path there;
/// none if all services are at one address.
fn addressed(request: &Request) -> (Option<Service>, &str) {
    let path = request.path.as_str();
    match routes::service_of_host(&request.host) {
        Some(service) => (Some(service), path),
        None => match routes::service_of_path(path) {
            Some((service, rest)) => (Some(service), rest),
            None => (None, path),
        },
    }
}

/// Routing, then the method, then authentication; the endpoint reads the body.
fn answer(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let route = route(request)?;
    let behaviour = &sandbox.settings().africastalking.behaviour;
    let is_payments = route.service == Service::Payments;
    // The balance of the wallet went to the host of mobile data, where that answer was recorded.
    let is_wallet = route.endpoint == Endpoint::WalletBalance;
    match behaviour.payments_host {
        PaymentsHost::NotFound if is_payments => return Err(Rejection::NotFound),
        PaymentsHost::NotAvailable if is_payments || is_wallet => {
            let rule = "the settings have the payments product withdrawn";
            sandbox.explain_refusal(NAME, None, rule);
            return Ok(reply::found(&json!({"status": "NotAvailable"})));
        }
        PaymentsHost::InService | PaymentsHost::NotFound | PaymentsHost::NotAvailable => {}
    }
    // A checkout token is asked for from a browser, which holds no key.
    if route.endpoint != Endpoint::CheckoutToken {
        auth::key(&sandbox.settings().africastalking, request)?;
        auth::age(sandbox, request)?;
    }
    serve(sandbox, request, route.endpoint)
}

/// What answers a request that was let in.
type Serve = fn(&mut Sandbox, &Request) -> Result<Response, Rejection>;

fn serve(
    sandbox: &mut Sandbox,
    request: &Request,
    endpoint: Endpoint,
) -> Result<Response, Rejection> {
    let serve: Serve = match endpoint {
        Endpoint::Checkout => checkout::request,
        Endpoint::B2c => payout::request,
        Endpoint::B2b => b2b::request,
        Endpoint::Transaction => query::find,
        Endpoint::Transactions => query::fetch,
        Endpoint::FetchWallet => query::wallet,
        Endpoint::WalletBalance => query::wallet_balance,
        Endpoint::BankCharge => bank::charge,
        Endpoint::BankValidate => bank::validate,
        Endpoint::BankTransfer => bank::transfer,
        Endpoint::CardCharge => card::charge,
        Endpoint::CardValidate => card::validate,
        Endpoint::WalletTransfer => wallet::transfer,
        Endpoint::StashTopup => wallet::topup,
        Endpoint::MobileData => data::request,
        Endpoint::SendMessage => messaging::send,
        Endpoint::SendBulk => messaging::send_bulk,
        Endpoint::FetchMessages => inbox::fetch,
        Endpoint::CreateSubscription => subscription::create,
        Endpoint::CarrierSubscription => subscription::by_carrier,
        Endpoint::DeleteSubscription => subscription::delete,
        Endpoint::FetchSubscriptions => subscription::fetch,
        Endpoint::User => inbox::user,
        Endpoint::SendAirtime => airtime::send,
        Endpoint::FindAirtime => query::find_airtime,
        Endpoint::CheckoutToken => token::checkout,
        Endpoint::AuthToken => token::auth,
        Endpoint::UssdPush => ussd_push::request,
        Endpoint::SimSwap => sim_swap::check,
        Endpoint::Call => voice::call,
        Endpoint::QueueStatus => voice::queue_status,
        Endpoint::MediaUpload => voice::media_upload,
        Endpoint::CallTransfer => voice::transfer,
        Endpoint::SendChat => beside::send_chat,
        Endpoint::SendTemplate => beside::send_template,
        Endpoint::Capability => beside::capability,
        Endpoint::Publish => beside::publish,
    };
    serve(sandbox, request)
}
