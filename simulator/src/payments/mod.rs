//! The escrow payments API, built on the engine and talking to the providers of this sandbox.
//!
//! It is a client of the sandbox's providers like any other: it asks them in their own wire format,
//! in process ([`Sandbox::call`]), and hears from them through their callbacks. A provider that does
//! not sign its callbacks is asked back before anything is believed.
//!
//! Two published shapes of the API exist and both are served: a request that speaks of
//! `currency_code` or `metadata` is answered in the guide's shape, any other in the reference's
//! (see [`shape`]).
//!
//! One request goes like this: [`routes`] finds the action, the action turns the body into a command,
//! [`engine`] lets the core decide, records the events and performs the effects, and [`shape`] shows
//! the payment as it then stands.

mod balance;
mod body;
mod checkout;
mod contracts;
mod effects;
mod engine;
mod event;
mod guard;
mod inbound;
mod menu;
mod problem;
mod read;
mod repeat;
mod routes;
mod settle;
mod shape;
mod state;
mod subscribers;
mod webhook;

#[cfg(test)]
mod tests;

use amana_core::Msisdn;
use amana_core::http::{Request, Response};

use crate::kernel::callback::{Attempt, Callback, DeliveryError, NewCallback, Verdict};
use crate::kernel::fault::{Distortion, distort_members};
use crate::kernel::invariant::Check;
use crate::kernel::phone::Message;
use crate::kernel::settings::Settings;
use crate::kernel::{Sandbox, State};

use event::PAYMENT_TYPES;
pub use event::{PaymentsEvent, event_types};
pub use state::PaymentsState;

/// Answers a request whose path begins with `/api/v1/`.
pub fn handle(sandbox: &mut Sandbox, request: &Request) -> Response {
    routes::handle(sandbox, request).unwrap_or_else(|problem| problem.response())
}

/// What a request asks for, by the name that fault rules use.
pub fn operation(request: &Request) -> Option<&'static str> {
    routes::operation(request)
}

/// Every route: method, path under `/api/v1`, operation, and what it does.
pub fn routes() -> impl Iterator<Item = (&'static str, &'static str, &'static str, &'static str)> {
    let routes = routes::ROUTES.iter();
    routes.map(|route| (route.method, route.path, route.operation, route.summary))
}

/// Every operation of requests.
pub fn operations() -> Vec<&'static str> {
    routes::ROUTES.iter().map(|route| route.operation).collect()
}

/// Every operation of its webhooks to subscribers.
pub fn callbacks() -> Vec<&'static str> {
    PAYMENT_TYPES.to_vec()
}

/// Makes a webhook to a subscriber wrong on purpose; it is signed afterwards.
pub fn distort(callback: &mut NewCallback, distortion: Distortion) -> bool {
    let body = distort_members(&callback.body, |name| name == "amount", distortion);
    body.map(|body| callback.body = body).is_some()
}

/// The headers that sign a webhook to a subscriber at the moment it is sent.
pub fn sign(sandbox: &Sandbox, callback: &Callback) -> Vec<(String, String)> {
    subscribers::sign(sandbox, callback)
}

/// Why a webhook to a subscriber is not sent, if it is not.
pub fn withheld(sandbox: &Sandbox, callback: &Callback) -> Option<DeliveryError> {
    subscribers::withheld(sandbox, callback)
}

/// A provider calls back in process ([`crate::kernel::callback::Target::Internal`]).
///
/// The answer is what a receiver over the network would send.
pub fn internal_callback(sandbox: &mut Sandbox, kind: &str, callback: &Callback) -> Response {
    let headers = sandbox.headers_of(callback);
    // Providers sign nothing in process, so whoever shows a signature must show the right one.
    if let Some(signature) = webhook::signature_in(&headers)
        && webhook::verify(sandbox, signature, &callback.body.0).is_err()
    {
        return Response::new(401, "text/plain", "");
    }
    inbound::callback(sandbox, callback.service, kind, &callback.body.0)
}

/// A timer it set is due.
pub fn timer(sandbox: &mut Sandbox, key: &str) {
    engine::timer(sandbox, key);
}

/// What it makes of an attempt at a webhook to a subscriber.
pub fn verdict(sandbox: &mut Sandbox, callback: &Callback, attempt: &Attempt) -> Verdict {
    subscribers::verdict(sandbox, callback, attempt)
}

/// An attempt at a webhook to a subscriber ended.
pub fn callback_answered(sandbox: &mut Sandbox, callback: &Callback, attempt: &Attempt) {
    subscribers::answered(sandbox, callback, attempt);
}

/// The settings were changed; these are the ones before.
pub fn settings_changed(sandbox: &mut Sandbox, before: &Settings) {
    subscribers::settings_changed(sandbox, before);
}

/// A phone sent a message. Those for the API come as the provider's callback, so this does nothing.
pub fn message_sent(_sandbox: &mut Sandbox, _from: Msisdn, _message: &Message) {}

/// Checks of its state against the rest.
pub fn invariants(state: &State) -> Vec<Check> {
    state.payments.invariants()
}
