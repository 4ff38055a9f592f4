//! The twin of M-Pesa Daraja: prompts, customers' payments, payouts, payments to businesses,
//! queries, reversals, and their callbacks, each made once.
//!
//! Requests are checked in a fixed order, which the provider does not document: path, method, token,
//! rate limit, JSON, required members, the form of each, the short code, its password, the
//! subscriber. What is wrong with an initiator's order comes with its result. Each refusal is also
//! explained in the event log.

mod balance;
mod bill;
mod body;
mod books;
mod business;
mod callback;
mod coverage;
mod credential;
mod customer;
mod id;
mod lookup;
mod mandate;
mod merchant;
mod movement;
mod order;
mod payout;
mod pull;
mod push;
mod push_end;
mod push_query;
mod qr;
mod record;
mod rejection;
mod reversal;
mod routes;
mod shelf;
mod status;
mod token;
mod view;

#[cfg(test)]
mod tests;

use amana_core::http::{Request, Response};
use amana_core::provider::Credentials;
use amana_core::provider::daraja::PROMPT_PREFIX;
use amana_core::provider::daraja::auth::{LIVE_HOST, SANDBOX_HOST};
use amana_core::time::Span;

use self::body::Strict;
pub use self::books::{Books, BooksEvent};
use self::record::OrderKind;
use self::rejection::Rejection;
use self::routes::Endpoint;
use super::ProviderServer;
use crate::kernel::callback::{Attempt, Callback, NewCallback, Verdict};
use crate::kernel::invariant::Check;
use crate::kernel::phone::{Action, Operation, PromptAnswer};
use crate::kernel::settings::Settings;
use crate::kernel::{Sandbox, ServiceName, State};

/// Its name in events, callbacks and settings.
pub const NAME: ServiceName = ServiceName::new("daraja");

/// Between two attempts at the one callback that is repeated; how long is not documented.
const EACH: Span = Span::from_mins(1);

/// The twin.
pub struct Server;

impl ProviderServer for Server {
    fn name(&self) -> ServiceName {
        NAME
    }

    fn mount(&self) -> &'static str {
        "daraja"
    }

    fn hosts(&self) -> &'static [&'static str] {
        &[SANDBOX_HOST, LIVE_HOST]
    }

    fn handle(&self, sandbox: &mut Sandbox, request: &Request) -> Response {
        match answer(sandbox, request) {
            Ok(response) => response,
            Err(rejection) => {
                let field = rejection.wrong_field().map(|field| format!("/{field}"));
                sandbox.explain_refusal(NAME, field.as_deref(), rejection.rule());
                let request_id = id::gateway(sandbox);
                rejection.response(request_id)
            }
        }
    }

    fn coverage(&self) -> Vec<super::coverage::Row> {
        coverage::rows()
    }

    fn operation(&self, request: &Request) -> Option<&'static str> {
        let route = routes::resolve(&request.method, &request.path);
        route.ok().map(|route| route.operation)
    }

    fn event_types(&self) -> &'static [&'static str] {
        view::TYPES
    }

    fn callbacks(&self) -> Vec<&'static str> {
        let own = [
            bill::PAYMENT,
            customer::CONFIRMATION,
            customer::VALIDATION,
            mandate::STANDING,
            mandate::USSD_PUSH,
            order::QUEUE_TIMEOUT,
            push::CALLBACK,
        ];
        let orders = OrderKind::ALL.map(OrderKind::callback);
        own.into_iter().chain(orders).collect()
    }

    fn requested_by(&self, state: &State, callback: &NewCallback) -> Option<&'static str> {
        let order = state.providers.daraja.order(&callback.reference);
        order
            .map(|order| order.kind.operation())
            .or_else(|| callback::requested_by(callback.operation))
    }

    fn prompt_answered(&self, sandbox: &mut Sandbox, answer: &PromptAnswer) {
        let reference = &answer.prompt.reference;
        match (
            answer.prompt.operation,
            reference.starts_with(PROMPT_PREFIX),
        ) {
            (Operation::Collect, true) => push_end::answered(sandbox, answer),
            (Operation::Collect, false) => mandate::answered(sandbox, answer),
            (Operation::PayOut, _) => payout::answered(sandbox, answer),
        }
    }

    fn timer(&self, sandbox: &mut Sandbox, key: &str) {
        let mut parts = key.splitn(3, ':');
        let kind = parts.next().unwrap_or_default();
        let id = parts.next().unwrap_or_default();
        let code = parts.next().unwrap_or_default();
        match kind {
            "push" => push_end::failed(sandbox, id, code),
            "order" => order::due(sandbox, id, code),
            "offer" => customer::arrived(sandbox, id),
            "mandate" => mandate::due(sandbox, id, code),
            _ => {}
        }
    }

    fn verdict(&self, _: &Settings, callback: &Callback, attempt: &Attempt) -> Verdict {
        if attempt.is_success() {
            return Verdict::Delivered;
        }
        let repeats = callback.operation == bill::PAYMENT;
        match repeats && callback.attempt_count < bill::ATTEMPTS_MAX {
            true => Verdict::Retry(EACH),
            // Recorded: neither a refusal nor an unreachable receiver is tried again.
            false => Verdict::GiveUp,
        }
    }

    fn callback_answered(&self, sandbox: &mut Sandbox, callback: &Callback, attempt: &Attempt) {
        if callback.operation == customer::VALIDATION {
            customer::validated(sandbox, callback, attempt);
        }
    }

    fn settings_changed(&self, sandbox: &mut Sandbox, before: &Settings) {
        credential::settings_changed(sandbox, before);
    }

    fn account(&self, settings: &Settings) -> Option<Credentials> {
        merchant::credentials(settings)
    }

    fn certificate(&self) -> Option<&'static str> {
        Some(credential::CERTIFICATE)
    }

    fn outcome_codes(&self, action: Action, operation: Operation) -> &'static [&'static str] {
        match operation {
            Operation::Collect => match action {
                Action::Approve | Action::Duplicate | Action::NeverCallsBack => &["0"],
                Action::Cancel => &["1032"],
                Action::WrongPin => &["2001"],
                Action::InsufficientFunds => &["1"],
                Action::Timeout | Action::Unreachable => &["1037"],
                Action::Locked => &["8006"],
                Action::LimitExceeded => &["4"],
                Action::LateSuccess => &["1037", "0"],
                Action::Manual => &["4999"],
            },
            Operation::PayOut => match action {
                Action::Approve | Action::Duplicate | Action::NeverCallsBack => &["0"],
                Action::Cancel => &["2040"],
                Action::WrongPin => &["2001"],
                Action::InsufficientFunds => &["1"],
                Action::Unreachable => &["17"],
                Action::Locked => &["2006"],
                Action::LimitExceeded => &["8"],
                // Nothing comes of these but the call to the address for orders that waited too long.
                Action::Timeout | Action::Manual => &[],
                Action::LateSuccess => &["0"],
            },
        }
    }

    #[cfg(feature = "server")]
    fn vectors(&self) -> Option<&'static str> {
        Some(include_str!(
            "../../../../docs/vectors/daraja_exchanges.json"
        ))
    }

    fn invariants(&self, state: &State) -> Vec<Check> {
        vec![movements_are_known(state)]
    }
}

/// Each prompt and order that ended well has a movement of its own.
fn movements_are_known(state: &State) -> Check {
    let books = &state.providers.daraja;
    let prompts = books.pushes().map(|push| (&*push.id, &push.progress));
    let orders = books.orders().map(|order| (&*order.id, &order.progress));
    let mut looked_at = 0;
    let wrong = prompts.chain(orders).find_map(|(id, progress)| {
        looked_at += 1;
        let books::Progress::Ended { receipt, .. } = progress else {
            return None;
        };
        let receipt = receipt.as_ref().filter(|_| !books.forgets_movements())?;
        books
            .movement(receipt)
            .is_none()
            .then(|| format!("{id} moved nothing under {receipt}"))
    });
    Check::new("daraja.movements_are_known", looked_at, wrong)
}

/// Whether the request is for the host of real money.
fn is_live(request: &Request) -> bool {
    let host = request.host.split(':').next().unwrap_or_default();
    host.eq_ignore_ascii_case(LIVE_HOST)
}

/// How strictly the addresses of a request are looked at.
fn strictness(sandbox: &Sandbox, request: &Request) -> Strict {
    let strict = sandbox.settings().daraja.behaviour.strict_callback_urls;
    match (strict, is_live(request)) {
        (false, _) => Strict::No,
        (true, false) => Strict::Sandbox,
        (true, true) => Strict::Live,
    }
}

/// Path and method, then the token; the endpoint reads the body.
fn answer(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let route = routes::resolve(&request.method, &request.path)?;
    if route.endpoint == Endpoint::Token {
        return token::issue(sandbox, request);
    }
    let consumer = token::consumer(sandbox, request, route.family)?;
    match route.endpoint {
        Endpoint::Token => token::issue(sandbox, request),
        Endpoint::Push => push::request(sandbox, request, route),
        Endpoint::PushQuery => {
            let consumer = consumer.to_owned();
            push_query::request(sandbox, request, route, &consumer)
        }
        Endpoint::Register(version) => customer::register(sandbox, request, route, version),
        Endpoint::Simulate(_) => customer::simulate(sandbox, request, route),
        Endpoint::Payout(kind) => payout::request(sandbox, request, route, kind),
        Endpoint::Business(kind) => business::request(sandbox, request, route, kind),
        Endpoint::Status => status::request(sandbox, request, route),
        Endpoint::Balance => balance::request(sandbox, request, route),
        Endpoint::Reversal => reversal::request(sandbox, request, route),
        Endpoint::Qr => qr::generate(sandbox, request, route),
        Endpoint::PullRegister => pull::register(sandbox, request, route),
        Endpoint::PullQuery => pull::query(sandbox, request, route),
        Endpoint::UssdPush => mandate::ussd_push(sandbox, request, route),
        Endpoint::Standing => mandate::standing(sandbox, request, route),
        Endpoint::Bill(call) => bill::call(sandbox, request, route, call),
        Endpoint::Organisation => lookup::organisation(sandbox, request, route),
        Endpoint::Name => lookup::name(sandbox, request),
        Endpoint::Sim(version) => lookup::sim(sandbox, request, route, version),
        Endpoint::BongaPoints => lookup::points(sandbox, request, route),
        Endpoint::BongaRedeem => lookup::redeem(sandbox, request, route),
    }
}
