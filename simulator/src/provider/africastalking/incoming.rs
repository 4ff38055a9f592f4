//! Text messages from phones: kept for fetching, and brought to the application.

use amana_core::Msisdn;
use amana_core::provider::africastalking::wire::messaging::IncomingMessage;
use amana_core::time::Span;

use super::books::BooksEvent;
use super::callback::About;
use super::record::Incoming;
use super::{NAME, callback, network, notification};
use crate::kernel::Sandbox;
use crate::kernel::callback::{CallbackUrl, Target};
use crate::kernel::phone::Message;
use crate::kernel::settings::Settings;

/// The callback that brings a message.
pub const INCOMING: &str = "incoming_message";
/// The callback that tells of a subscriber who wants no more messages.
pub const OPT_OUT: &str = "bulk_opt_out";

/// How often a message is brought that is not taken: each minute for as long as the settings say.
pub fn attempts_max(settings: &Settings) -> u32 {
    let span = settings.africastalking.behaviour.incoming_retries.span();
    let minutes = span.as_millis() / Span::from_mins(1).as_millis();
    u32::try_from(minutes).unwrap_or(u32::MAX).max(1)
}

/// Digits of the longest short code.
const SHORT_CODE_MAX: usize = 8;

/// A phone has sent a message; only one to a short code is this provider's affair.
pub fn received(sandbox: &mut Sandbox, from: Msisdn, message: &Message) {
    let to = message.to.as_str();
    if to.len() > SHORT_CODE_MAX || !to.bytes().all(|byte| byte.is_ascii_digit()) {
        return;
    }
    let incoming = Incoming {
        id: sandbox.state().providers.africastalking.next_message_id(),
        at: sandbox.now(),
        from,
        to: to.to_owned(),
        text: message.text.clone(),
        link_id: link_id(sandbox, to),
    };
    sandbox.emit(BooksEvent::MessageReceived(incoming.clone()));
    let callbacks = sandbox.settings().africastalking.callbacks.clone();
    opt_out(sandbox, &incoming, callbacks.bulk_opt_out);
    let body = callback_body(sandbox, &incoming);
    let outside = callbacks.incoming_messages.map(Target::Url);
    let inside = (incoming.to == sandbox.settings().payments_api.sms_code)
        .then(|| Target::Internal(format!("{NAME}.{INCOMING}")));
    for target in outside.into_iter().chain(inside) {
        let reference = incoming.id.to_string();
        schedule(sandbox, INCOMING, reference, from, target, body.clone());
    }
}

/// What a premium message in reply will refer to, if the short code is a premium one.
fn link_id(sandbox: &mut Sandbox, to: &str) -> Option<String> {
    let codes = &sandbox.settings().africastalking.behaviour.premium_codes;
    let is_premium = codes.iter().any(|code| code == to);
    is_premium.then(|| sandbox.random().uuid())
}

fn callback_body(sandbox: &Sandbox, incoming: &Incoming) -> String {
    let from = incoming.from;
    let body = IncomingMessage {
        date: notification::date_time(incoming.at),
        from: from.into(),
        id: incoming.id.to_string(),
        link_id: incoming.link_id.clone(),
        network_code: network::code_of(sandbox, from).to_owned(),
        text: incoming.text.clone(),
        to: incoming.to.clone(),
    };
    body.encode()
}

/// `STOP` opts out of messages, `START` in again; the application hears of the former.
fn opt_out(sandbox: &mut Sandbox, incoming: &Incoming, url: Option<CallbackUrl>) {
    let from = incoming.from;
    let opted_out = sandbox.state().providers.africastalking.has_opted_out(from);
    let word = incoming.text.trim().to_ascii_uppercase();
    match word.as_str() {
        "STOP" if !opted_out => {
            sandbox.emit(BooksEvent::OptedOut { phone: from });
            if let Some(url) = url {
                let body = form_urlencoded::Serializer::new(String::new())
                    .append_pair("senderId", &incoming.to)
                    .append_pair("phoneNumber", &from.to_string())
                    .finish();
                let reference = incoming.id.to_string();
                schedule(sandbox, OPT_OUT, reference, from, Target::Url(url), body);
            }
        }
        "START" if opted_out => sandbox.emit(BooksEvent::OptedIn { phone: from }),
        _ => {}
    }
}

fn schedule(
    sandbox: &mut Sandbox,
    operation: &'static str,
    reference: String,
    msisdn: Msisdn,
    target: Target,
    body: String,
) {
    let about = About {
        operation,
        reference: &reference,
        msisdn: Some(msisdn),
    };
    sandbox.schedule_callback(callback::form(about, target, body));
}
