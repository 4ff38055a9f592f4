//! USSD sessions that the application opens on a phone; replies go to the address of its first code.
//!
//! DIVERGENCE: no client gives the answer a type, and no recording of one is known.

use amana_core::Msisdn;
use amana_core::http::{Request, Response};
use amana_core::provider::africastalking::wire::NONE;
use serde_json::json;

use super::body::Form;
use super::books::BooksEvent;
use super::rejection::Rejection;
use super::{NAME, auth, explain, order, reply, ussd};
use crate::kernel::Sandbox;

/// `POST /ussd/push/request`.
pub fn request(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let form = Form::body(request);
    let username = form.require("username")?;
    auth::application(&sandbox.settings().africastalking, request, username)?;
    let phone = form.require("phoneNumber")?;
    let menu = form.require("menu")?;
    Ok(match check(sandbox, phone, menu) {
        Ok((phone, code)) => {
            let session_id = open(sandbox, phone, &code, menu);
            reply::created(
                &json!({"errorMessage": NONE, "sessionId": session_id, "status": "Queued"}),
            )
        }
        Err((field, text)) => {
            explain(sandbox, field, text);
            reply::created(&json!({"errorMessage": text, "sessionId": NONE, "status": "Failed"}))
        }
    })
}

fn check(
    sandbox: &Sandbox,
    phone: &str,
    menu: &str,
) -> Result<(Msisdn, String), (&'static str, &'static str)> {
    let phone = order::phone(phone).map_err(|refusal| (refusal.field, refusal.text))?;
    ussd::menu(menu).map_err(|text| ("menu", text))?;
    let codes = &sandbox.settings().africastalking.callbacks.ussd;
    match codes.keys().next() {
        Some(code) => Ok((phone, code.clone())),
        None => Err(("username", "No callback URL is configured for the account")),
    }
}

fn open(sandbox: &mut Sandbox, phone: Msisdn, code: &str, menu: &str) -> String {
    let Ok(screen) = ussd::menu(menu) else {
        return NONE.to_owned();
    };
    let session = sandbox.push_ussd(phone, NAME, code, screen);
    let opened = ussd::open(sandbox, &session, code, Vec::new());
    sandbox.emit(BooksEvent::UssdAnswered {
        session: session.id,
        response: menu.to_owned(),
        metadata: None,
    });
    ussd::shown(sandbox, &session, screen.1);
    opened.id
}
