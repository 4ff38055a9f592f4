//! STK query: how does a prompt stand? The most polled endpoint, and the one with the most faces.

use amana_core::http::{Request, Response};
use amana_core::provider::daraja::status::{IN_PROGRESS, PROMPT_RESULTS, find};
use amana_core::provider::daraja::wire::Scalar;
use amana_core::provider::daraja::wire::stk::QueryResponse;

use super::body::Object;
use super::books::{BooksEvent, Progress, Push};
use super::rejection::{Rejection, json};
use super::routes::Route;
use super::{id, push};
use crate::kernel::settings::{PromptInFlight, RateLimit};
use crate::kernel::{Caller, Sandbox};

const ID: &str = "CheckoutRequestID";
/// One ended prompt in five, if the settings want it.
const FLAKY_PER_MILLION: u32 = 200_000;

/// `POST /mpesa/stkpushquery/v1/query`.
pub fn request(
    sandbox: &mut Sandbox,
    request: &Request,
    route: &Route,
    consumer: &str,
) -> Result<Response, Rejection> {
    throttle(sandbox, consumer)?;
    let body = Object::read(request, route.required)?;
    let shortcode = body.shortcode("BusinessShortCode")?;
    push::check_timestamp(&body)?;
    let asked = body.text(ID);
    if !id::is_prompt(&asked) {
        return Err(Rejection::field(
            ID,
            "the id of a prompt begins with `ws_CO_`",
        ));
    }
    push::authorise(&sandbox.settings().daraja, &body)?;
    let found = sandbox.state().providers.daraja.push(&asked).cloned();
    let found = found.filter(|push| push.shortcode == shortcode);
    let push = found.ok_or_else(Rejection::no_transaction)?;
    match push.progress.clone() {
        Progress::Open => in_flight(sandbox, &push),
        Progress::Ended { code, .. } => {
            let flaky = sandbox.settings().daraja.behaviour.query_flaky;
            if flaky && sandbox.random().chance(FLAKY_PER_MILLION) {
                return Err(Rejection::without_text(500));
            }
            Ok(told(&push, &code))
        }
    }
}

/// The gateway counts before anything looks at the body. The payments API of this sandbox is not
/// held to the limit: it is that of the provider's test system, and none of production is known.
fn throttle(sandbox: &mut Sandbox, consumer: &str) -> Result<(), Rejection> {
    if sandbox.caller() == Caller::Payments {
        return Ok(());
    }
    let limit: RateLimit = sandbox.settings().daraja.query_rate_limit;
    let now = sandbox.now();
    let books = &sandbox.state().providers.daraja;
    let recent = books
        .queries(consumer)
        .filter(|asked_at| now - *asked_at < limit.per.span())
        .count();
    if recent >= usize::try_from(limit.count).unwrap_or(usize::MAX) {
        return Err(Rejection::spike_arrest(limit));
    }
    sandbox.emit(BooksEvent::Queried {
        consumer: consumer.to_owned(),
        keep: limit.count,
    });
    Ok(())
}

fn in_flight(sandbox: &Sandbox, push: &Push) -> Result<Response, Rejection> {
    let behaviour = &sandbox.settings().daraja.behaviour;
    if sandbox.now() - push.opened_at < behaviour.query_early.span() {
        return Err(Rejection::field(
            ID,
            "the prompt is not known yet; ask again",
        ));
    }
    match behaviour.query_in_flight {
        PromptInFlight::Code4999 => Ok(told(push, IN_PROGRESS)),
        PromptInFlight::BeingProcessed => Err(Rejection::in_progress()),
        PromptInFlight::NoText => Err(Rejection::without_text(500)),
        PromptInFlight::NoText200 => Err(Rejection::without_text(200)),
    }
}

/// Every value is text, and there is no receipt.
fn told(push: &Push, code: &str) -> Response {
    let text = find(PROMPT_RESULTS, code).map_or("", |row| row.query_text);
    json(
        200,
        &QueryResponse {
            response_code: "0".to_owned(),
            response_description: "The service request has been accepted successfully".to_owned(),
            merchant_request_id: push.merchant_id.clone(),
            checkout_request_id: push.id.to_string(),
            result_code: Scalar::text(code),
            result_desc: text.to_owned(),
        },
    )
}
