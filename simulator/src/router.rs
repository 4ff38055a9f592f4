//! Every route of the server, in one list.

use axum::Router;
use axum::middleware;
use axum::routing::{delete, get, post, put};

use crate::app::App;
use crate::control::{
    callbacks, certificates, clock, events, faults, health, invariants, magic, messages,
    namespaces, payments, phones, prompts, settings, snapshot, stream, ussd, wait,
};
use crate::error::SandboxCode;
use crate::http::problem::Problem;
use crate::http::{exchange, namespace};

/// The routes of the control API; everything else is a provider's, the payments API's or the page's.
fn control() -> Router<App> {
    Router::new()
        .route("/_amana/health", get(health::show))
        .route("/_amana/reset", post(snapshot::reset))
        .route(
            "/_amana/settings",
            get(settings::show).patch(settings::patch),
        )
        .route("/_amana/invariants", get(invariants::show))
        .route(
            "/_amana/snapshot",
            get(snapshot::show).put(snapshot::restore),
        )
        .route("/_amana/state_hash", get(snapshot::hash))
        .route("/_amana/namespaces", get(namespaces::list))
        .route(
            "/_amana/namespaces/{name}",
            put(namespaces::create).delete(namespaces::remove),
        )
        .route("/_amana/clock", get(clock::show).put(clock::set))
        .route("/_amana/clock/advance", post(clock::advance))
        .route("/_amana/phones", get(phones::list))
        .route(
            "/_amana/phones/{msisdn}",
            get(phones::show).put(phones::configure),
        )
        .route("/_amana/phones/{msisdn}/prompts", get(prompts::list))
        .route(
            "/_amana/phones/{msisdn}/prompts/{id}",
            post(prompts::answer),
        )
        .route(
            "/_amana/phones/{msisdn}/messages",
            get(messages::list).post(messages::send),
        )
        .route(
            "/_amana/phones/{msisdn}/messages/read",
            post(messages::read),
        )
        .route("/_amana/phones/{msisdn}/payments", post(payments::pay))
        .route("/_amana/phones/{msisdn}/ussd", post(ussd::step))
        .route("/_amana/phones/{msisdn}/ledger", get(phones::ledger))
        .route("/_amana/magic", get(magic::list))
        .route("/_amana/certificates/ca", get(certificates::authority))
        .route("/_amana/certificates/{provider}", get(certificates::show))
        .route("/_amana/events", get(events::list))
        .route("/_amana/events/stream", get(stream::stream))
        .route("/_amana/wait", post(wait::wait))
        .route(
            "/_amana/faults",
            get(faults::list)
                .post(faults::arm)
                .delete(faults::disarm_all),
        )
        .route("/_amana/faults/{id}", delete(faults::disarm))
        .route("/_amana/callbacks", get(callbacks::list))
        .route("/_amana/callbacks/resend", post(callbacks::resend_range))
        .route("/_amana/callbacks/{id}/resend", post(callbacks::resend))
        .method_not_allowed_fallback(method_not_allowed)
}

async fn method_not_allowed() -> Problem {
    Problem(SandboxCode::MethodNotAllowed.into())
}

/// All routes, behind the choice of the namespace.
pub fn build(app: App) -> Router {
    let routes = control().fallback(exchange::handle).with_state(app.clone());
    // The namespace is taken off the path before anything is routed, so it wraps the routes rather
    // than being a layer of theirs.
    let choose = middleware::from_fn_with_state(app, namespace::choose);
    Router::new().fallback_service(tower::Layer::layer(&choose, routes))
}
