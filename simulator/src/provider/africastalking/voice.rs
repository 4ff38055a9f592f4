//! Calls: a phone in reach answers two seconds later, the application is asked what to say, and the
//! call ends.
//!
//! DIVERGENCE: what the application answers is only checked to be a response; nobody hears it, so a
//! call takes five seconds whatever it says. Calls cost nothing, because no tariff is known.

use amana_core::http::{Request, Response};
use amana_core::provider::africastalking::id::IdKind;
use amana_core::provider::africastalking::wire::voice::{
    CallEntry, CallResponse, QueueEntry, QueueResponse, TransferResponse, TransferStatus,
};
use amana_core::provider::africastalking::wire::{NONE, WirePhone};
use amana_core::time::Span;

use super::body::{Form, Object, as_text};
use super::books::BooksEvent;
use super::callback::About;
use super::order::{self, Word};
use super::record::Call;
use super::rejection::Rejection;
use super::{NAME, accounts, auth, callback, explain, id, network, notification, reply};
use crate::kernel::Sandbox;
use crate::kernel::callback::{Attempt, Callback, Target};

/// The callback that asks what to say.
pub const ACTION: &str = "voice_action";
/// The callback that tells of the end.
pub const EVENT: &str = "voice_event";

const RINGING: Span = Span::from_secs(2);
const TALKING: Span = Span::from_secs(5);
/// What a client gets for a sound file: the status says it all.
const CREATED: &str =
    "The request has been fulfilled and resulted in a new resource being created.";

/// `POST /call`: a form, or JSON with a list.
pub fn call(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let type_of = request.header("content-type").unwrap_or_default();
    let settings = &sandbox.settings().africastalking;
    let (from, to) = if type_of.starts_with("application/json") {
        let body = Object::body(request)?;
        auth::application(settings, request, &body.text("username")?)?;
        let to = body.list("to")?;
        let to = to.iter().map(|number| as_text("to", number));
        let to = to.collect::<Result<Vec<_>, _>>()?;
        (body.text("from")?, to)
    } else {
        let form = Form::body(request);
        auth::application(settings, request, form.require("username")?)?;
        let to = form.require("to")?.split(',');
        let to = to.map(|number| number.trim().to_owned()).collect();
        (form.require("from")?.to_owned(), to)
    };
    let entries = to
        .into_iter()
        .map(|number| one(sandbox, &from, number))
        .collect();
    Ok(reply::found(&CallResponse {
        entries,
        error_message: NONE.to_owned(),
    }))
}

fn one(sandbox: &mut Sandbox, from: &str, number: String) -> CallEntry {
    let (session_id, status) = match order::phone(&number) {
        Ok(phone) => {
            sandbox.ensure_phone(phone);
            let call = Call {
                id: id::fresh(sandbox, IdKind::VoiceSession),
                from: from.to_owned(),
                phone,
                answered_at: None,
            };
            let id = call.id.clone();
            sandbox.emit(BooksEvent::CallBegan(call));
            sandbox.set_timer(NAME, RINGING, &format!("ring:{id}"));
            (id, "Queued")
        }
        Err(refusal) => {
            explain(sandbox, "to", refusal.text);
            let status = match refusal.word {
                Word::NotSupported => "DestinationNotSupported",
                Word::InvalidRequest | Word::Failed => "InvalidPhoneNumber",
            };
            (NONE.to_owned(), status)
        }
    };
    CallEntry {
        phone_number: WirePhone(number),
        session_id,
        status: status.to_owned(),
    }
}

/// The phone has rung long enough: it is answered, or was out of reach.
pub fn rang(sandbox: &mut Sandbox, id: &str) {
    let books = &sandbox.state().providers.africastalking;
    let Some(call) = books.call(id).cloned() else {
        return;
    };
    let phone = sandbox.state().phone(call.phone);
    if phone.is_none_or(|phone| phone.reachable) {
        sandbox.emit(BooksEvent::CallAnswered { id: id.to_owned() });
        let asked = ask(sandbox, &call, ACTION, form(sandbox, &call, "1", "Active"));
        if !asked {
            sandbox.set_timer(NAME, TALKING, &format!("hangup:{id}"));
        }
    } else {
        end(sandbox, &call, "SUBSCRIBER_ABSENT");
    }
}

/// The application has said what to say, or has not.
pub fn answered(sandbox: &mut Sandbox, callback: &Callback, attempt: &Attempt) {
    let books = &sandbox.state().providers.africastalking;
    let Some(call) = books.call(&callback.reference).cloned() else {
        return;
    };
    let text = String::from_utf8_lossy(&attempt.body);
    if attempt.is_success() && text.contains("<Response") {
        sandbox.set_timer(NAME, TALKING, &format!("hangup:{}", call.id));
    } else {
        let rule = "the application must answer a call with a `Response` in XML";
        sandbox.explain_refusal(NAME, None, rule);
        end(sandbox, &call, "NORMAL_TEMPORARY_FAILURE");
    }
}

/// Everything was said.
pub fn hung_up(sandbox: &mut Sandbox, id: &str) {
    let books = &sandbox.state().providers.africastalking;
    if let Some(call) = books.call(id).cloned() {
        end(sandbox, &call, "NORMAL_CLEARING");
    }
}

fn end(sandbox: &mut Sandbox, call: &Call, cause: &str) {
    sandbox.emit(BooksEvent::CallEnded {
        id: call.id.clone(),
    });
    let answered_at = call.answered_at.unwrap_or(sandbox.now());
    let seconds = (sandbox.now() - answered_at).as_millis() / 1_000;
    let username = network::first_username(sandbox);
    let currency = accounts::currency(&sandbox.settings().africastalking, &username);
    let mut body = form(sandbox, call, "0", "Completed");
    body.append_pair("durationInSeconds", &seconds.to_string())
        .append_pair("currencyCode", &currency.to_string())
        .append_pair("amount", "0.0000")
        .append_pair("hangupCause", cause);
    ask(sandbox, call, EVENT, body);
}

type Encoder = form_urlencoded::Serializer<'static, String>;

fn form(sandbox: &Sandbox, call: &Call, is_active: &str, state: &str) -> Encoder {
    let phone = sandbox.state().phone(call.phone);
    let operator = phone.map_or("", |phone| phone.operator.as_str());
    let started = call.answered_at.unwrap_or(sandbox.now());
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("isActive", is_active)
        .append_pair("sessionId", &call.id)
        .append_pair("direction", "Outbound")
        .append_pair("callerNumber", &call.from)
        .append_pair("destinationNumber", &call.phone.to_string())
        .append_pair("callSessionState", state)
        .append_pair(
            "callerCountryCode",
            &network::calling_code(call.phone).to_string(),
        )
        .append_pair("callerCarrierName", operator)
        .append_pair("callStartTime", &notification::date_time(started));
    form
}

/// Whether there is an application to ask or tell.
fn ask(sandbox: &mut Sandbox, call: &Call, operation: &'static str, mut body: Encoder) -> bool {
    let callbacks = &sandbox.settings().africastalking.callbacks;
    let Some(url) = callbacks.voice.get(&call.from).cloned() else {
        return false;
    };
    let about = About {
        operation,
        reference: &call.id,
        msisdn: Some(call.phone),
    };
    sandbox.schedule_callback(callback::form(about, Target::Url(url), body.finish()));
    true
}

/// `POST /queueStatus`: nobody ever waits here.
pub fn queue_status(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let form = Form::body(request);
    let username = form.require("username")?;
    auth::application(&sandbox.settings().africastalking, request, username)?;
    let numbers = form.require("phoneNumbers")?.split(',');
    let entries = numbers
        .map(|number| QueueEntry {
            num_calls: 0,
            phone_number: WirePhone(number.trim().to_owned()),
            queue_name: NONE.to_owned(),
        })
        .collect();
    Ok(reply::found(&QueueResponse {
        entries,
        error_message: NONE.to_owned(),
        status: "Success".to_owned(),
    }))
}

/// `POST /mediaUpload`: the file is not fetched.
pub fn media_upload(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let form = Form::body(request);
    let username = form.require("username")?;
    auth::application(&sandbox.settings().africastalking, request, username)?;
    form.require("url")?;
    form.require("phoneNumber")?;
    Ok(reply::text(201, CREATED))
}

/// `POST /callTransfer`: to anybody, from a call that is under way.
pub fn transfer(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let form = Form::body(request);
    let session = form.require("sessionId")?;
    let to = form.require("phoneNumber")?;
    let books = &sandbox.state().providers.africastalking;
    let refused = match (books.call(session).is_some(), order::phone(to)) {
        (true, Ok(_)) => None,
        (false, _) => Some(("sessionId", "No call has this session id")),
        (true, Err(refusal)) => Some((refusal.field, refusal.text)),
    };
    if let Some((field, text)) = refused {
        explain(sandbox, field, text);
    }
    Ok(reply::found(&TransferResponse {
        call_transfer_response: TransferStatus {
            error_message: refused.map_or(NONE, |(_, text)| text).to_owned(),
            status: refused.map_or("Success", |_| "Failed").to_owned(),
        },
    }))
}
