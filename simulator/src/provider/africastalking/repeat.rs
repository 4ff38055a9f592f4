//! The `Idempotency-Key` header: the same key of the same application within a day gets the answer
//! that it got before, and nothing happens again.
//!
//! DIVERGENCE: the official clients send the header, but what the provider does with it is not
//! documented; this is what such a header usually means.

use amana_core::http::{Request, Response};
use amana_core::time::Span;

use super::books::BooksEvent;
use super::record::Repeatable;
use crate::kernel::Sandbox;

const HEADER: &str = "idempotency-key";
const LIFETIME: Span = Span::from_days(1);
/// The longest key that is taken seriously.
const KEY_MAX: usize = 255;

fn key(request: &Request) -> Option<&str> {
    request
        .header(HEADER)
        .filter(|key| !key.is_empty() && key.len() <= KEY_MAX)
}

/// Answers a request, unless its key got an answer before: then that one is given again.
pub fn once(
    sandbox: &mut Sandbox,
    request: &Request,
    username: &str,
    answer: impl FnOnce(&mut Sandbox) -> Response,
) -> Response {
    if let Some(response) = recall(sandbox, request, username) {
        return response;
    }
    let response = answer(sandbox);
    remember(sandbox, request, username, &response);
    response
}

/// The answer that this key got before, if it did.
fn recall(sandbox: &Sandbox, request: &Request, username: &str) -> Option<Response> {
    let books = &sandbox.state().providers.africastalking;
    let answer = books.repeatable(username, key(request)?)?;
    let fresh = sandbox.now() < answer.at + LIFETIME && answer.path == request.path;
    fresh.then(|| Response::new(answer.status, &answer.content_type, answer.body.clone()))
}

/// Keeps an answer for this key.
fn remember(sandbox: &mut Sandbox, request: &Request, username: &str, response: &Response) {
    let Some(key) = key(request) else {
        return;
    };
    sandbox.emit(BooksEvent::Answered(Box::new(Repeatable {
        username: username.to_owned(),
        key: key.to_owned(),
        at: sandbox.now(),
        path: request.path.clone(),
        status: response.status,
        content_type: response
            .header("content-type")
            .unwrap_or_default()
            .to_owned(),
        body: String::from_utf8_lossy(&response.body).into_owned(),
    })));
}
