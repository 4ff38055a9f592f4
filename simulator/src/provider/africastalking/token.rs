//! Tokens: one for a subscriber's browser, one instead of the key.
//!
//! Nothing in the sandbox asks for a token, so none is kept.

use amana_core::http::{Request, Response};
use amana_core::provider::africastalking::id::IdKind;
use serde_json::json;

use super::body::{Form, Object};
use super::rejection::Rejection;
use super::{auth, explain, id, order, reply};
use crate::kernel::Sandbox;

/// `POST /checkout/token/create`, the only request without a key.
pub fn checkout(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let form = Form::body(request);
    let phone = form.require("phoneNumber")?;
    Ok(match order::phone(phone) {
        Ok(_) => {
            let token = id::fresh(sandbox, IdKind::CheckoutToken);
            reply::created(&json!({"description": "Success", "token": token}))
        }
        Err(refusal) => {
            explain(sandbox, refusal.field, refusal.text);
            reply::created(&json!({"description": refusal.text, "token": "None"}))
        }
    })
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
