//! Tokens: one for a subscriber's browser, one instead of the key.
//!
//! Nothing in the sandbox asks for a token, so none is kept, only when the last were given out.

use amana_core::http::{Request, Response};
use amana_core::provider::africastalking::id::IdKind;
use amana_core::time::Span;
use serde_json::json;

use super::body::{Form, Object};
use super::books::BooksEvent;
use super::order::{Refusal, Word};
use super::rejection::Rejection;
use super::{auth, explain, id, order, reply};
use crate::kernel::Sandbox;

/// `POST /checkout/token/create`, the only request without a key.
pub fn checkout(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let form = Form::body(request);
    let phone = form.require("phoneNumber")?;
    let checked = order::phone(phone).and_then(|_| allowed(sandbox));
    Ok(match checked {
        Ok(()) => {
            sandbox.emit(BooksEvent::TokenGiven);
            let token = id::fresh(sandbox, IdKind::CheckoutToken);
            reply::created(&json!({"description": "Success", "token": token}))
        }
        Err(refusal) => {
            explain(sandbox, refusal.field, refusal.text);
            reply::created(&json!({"description": refusal.text, "token": "None"}))
        }
    })
}

/// Two tokens in [`WINDOW`] and no more, if the settings want that. The provider counts by address;
/// whoever asks the sandbox is one and the same.
fn allowed(sandbox: &Sandbox) -> Result<(), Refusal> {
    const WINDOW: Span = Span::from_mins(5);
    let settings = &sandbox.settings().africastalking;
    let books = &sandbox.state().providers.africastalking;
    let early = books
        .others()
        .token_before_last()
        .is_some_and(|given| sandbox.now() < given + WINDOW);
    match early && settings.behaviour.checkout_token_limit {
        true => Err(Refusal {
            word: Word::Failed,
            field: "phoneNumber",
            text: "Too many tokens were requested",
        }),
        false => Ok(()),
    }
}

/// `POST /auth-token/generate`.
pub fn auth(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    /// Seconds a token is said to live.
    const LIFETIME: u32 = 3_600;
    let username = Object::body(request)?.text("username")?;
    auth::application(&sandbox.settings().africastalking, request, &username)?;
    let token = id::fresh(sandbox, IdKind::AuthToken);
    Ok(reply::created(
        &json!({"lifetimeInSeconds": LIFETIME, "token": token}),
    ))
}
