//! Services beside money and messages that client libraries also have: chat, browser calls, devices.
//! Little is documented of them; the answers are what those libraries expect.

use amana_core::http::{Request, Response};
use amana_core::provider::africastalking::id::IdKind;
use amana_core::provider::africastalking::wire::WirePhone;
use amana_core::provider::africastalking::wire::voice::{CapabilityToken, ChatResponse};
use serde_json::json;

use super::body::Object;
use super::rejection::Rejection;
use super::{NAME, auth, explain, id, order, reply};
use crate::kernel::Sandbox;

/// Seconds a token for calls from a browser lives.
const LIFETIME: &str = "86400";

fn authorised(sandbox: &Sandbox, request: &Request, body: &Object) -> Result<(), Rejection> {
    let username = body.text("username")?;
    auth::application(&sandbox.settings().africastalking, request, &username)
}

/// `POST /whatsapp/message/send`: the phone shows it among its messages.
pub fn send_chat(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let body = Object::body(request)?;
    authorised(sandbox, request, &body)?;
    let sender = body.text("waNumber")?;
    let number = body.text("phoneNumber")?;
    let content = body.object("body")?;
    let text = content.optional_text("message")?.unwrap_or_default();
    let status = match order::phone(&number) {
        Ok(phone) => {
            sandbox.deliver_sms(NAME, &sender, phone, &text);
            "SENT"
        }
        Err(refusal) => {
            explain(sandbox, refusal.field, refusal.text);
            "FAILED"
        }
    };
    Ok(reply::created(&ChatResponse {
        message_id: id::fresh(sandbox, IdKind::Message),
        phone_number: WirePhone(number),
        status: status.to_owned(),
    }))
}

/// `POST /whatsapp/template/send`: nobody reviews it.
pub fn send_template(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let body = Object::body(request)?;
    authorised(sandbox, request, &body)?;
    body.text("waNumber")?;
    body.text("name")?;
    Ok(reply::created(&json!({
        "status": "SUCCESS",
        "templateId": sandbox.random().uuid(),
        "templateStatus": "PENDING",
    })))
}

/// `POST /capability-token/request`.
pub fn capability(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let body = Object::body(request)?;
    authorised(sandbox, request, &body)?;
    let client_name = body.text("clientName")?;
    body.text("phoneNumber")?;
    Ok(reply::created(&CapabilityToken {
        client_name,
        incoming: body.optional_flag("incoming")?.unwrap_or(true),
        life_time_sec: body.optional_text("expire")?.unwrap_or(LIFETIME.to_owned()),
        outgoing: body.optional_flag("outgoing")?.unwrap_or(true),
        token: id::fresh(sandbox, IdKind::CapabilityToken),
    }))
}

/// `POST /data/publish`: there are no devices.
pub fn publish(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let body = Object::body(request)?;
    authorised(sandbox, request, &body)?;
    body.text("deviceGroup")?;
    body.text("topic")?;
    body.anything("payload")?;
    Ok(reply::created(&json!({"status": "Published"})))
}
