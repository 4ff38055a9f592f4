//! USSD sessions served by an application outside: one form per screen, `CON` or `END` back.

use std::collections::BTreeSet;

use amana_core::provider::africastalking::id::IdKind;
use amana_core::provider::africastalking::wire::ussd::{CONTINUE, END, SessionForm};
use amana_core::time::Span;

use super::books::BooksEvent;
use super::callback::About;
use super::record::{Paged, Session};
use super::{NAME, callback, explain, id, network, notification, paging};
use crate::kernel::callback::{Attempt, Callback, NewCallback, Target};
use crate::kernel::phone::UssdSession;
use crate::kernel::settings::Settings;
use crate::kernel::{Sandbox, TimerId};

/// The callback that asks for a screen.
pub const SESSION: &str = "ussd_session";
/// The callback that tells of the end.
pub const EVENT: &str = "ussd_event";

/// The header that carries what an application attaches to a screen, and gets back with the input
/// that answers it.
const HOP_METADATA: &str = "at-ussd-hop-metadata";
/// The most characters of it.
const HOP_METADATA_MAX: usize = 99;

/// How long a session lasts at most, on every network whose limit is known.
const SESSION_MAX: Span = Span::from_secs(180);

/// What a phone shows when the application fails.
const TROUBLE: &str = "The network is experiencing technical problems. Please try again later.";
/// What an ended session costs, as applications are told.
const COST: &str = "KES 0.10";

/// The registered code and its application for a dialled code: the code itself, or one that
/// continues it (`*384*123*1*2#` for `*384*123#`, with `1` and `2` as first inputs).
///
/// A code of an application outside goes before that of the payments API, so that a developer can
/// put an own menu in its place.
pub fn find(settings: &Settings, dialled: &str) -> Option<(String, Target)> {
    let fits = |code: &&String| prefix(code, dialled).is_some();
    let codes = &settings.africastalking.callbacks.ussd;
    let outside = codes
        .keys()
        .filter(fits)
        .max_by_key(|code| code.len())
        .and_then(|code| Some((code.clone(), Target::Url(codes.get(code)?.clone()))));
    let own = Some(&settings.payments_api.ussd_code).filter(fits);
    let inside = || {
        let target = Target::Internal(format!("{NAME}.{SESSION}"));
        own.map(|code| (code.clone(), target))
    };
    outside.or_else(inside)
}

/// The inputs dialled beyond the code, if the dialled text continues it.
fn prefix(code: &str, dialled: &str) -> Option<Vec<String>> {
    let rest = dialled
        .strip_suffix('#')?
        .strip_prefix(code.strip_suffix('#')?)?;
    match rest.strip_prefix('*') {
        Some(inputs) => Some(inputs.split('*').map(str::to_owned).collect()),
        None => rest.is_empty().then(Vec::new),
    }
}

/// A code was dialled or a screen answered: the application is asked for the next screen.
pub fn input(sandbox: &mut Sandbox, session: &UssdSession) {
    let Some((code, target)) = find(sandbox.settings(), &session.code) else {
        // The code was taken out of the settings while the session was open.
        sandbox.show_ussd(session.msisdn, session.id, TROUBLE, true);
        ended(
            sandbox,
            session,
            "Failed",
            "The code is not served any more",
        );
        return;
    };
    let books = &sandbox.state().providers.africastalking;
    let known = match books.session(session.id).cloned() {
        Some(known) => {
            cancel(sandbox, known.idle);
            known
        }
        None => {
            let prefix = prefix(&code, &session.code).unwrap_or_default();
            open(sandbox, session, &code, prefix)
        }
    };
    if turn(sandbox, session, &known) {
        return;
    }
    let form = SessionForm {
        session_id: known.id.clone(),
        phone_number: session.msisdn.into(),
        network_code: network::code_of(sandbox, session.msisdn).to_owned(),
        service_code: known.service_code.clone(),
        text: inputs(&known, session),
    };
    let mut callback = to_send(SESSION, session, target, form.encode());
    if let Some(last) = known.metadata.last().filter(|_| known.echo) {
        callback
            .headers
            .push((HOP_METADATA.to_owned(), last.clone()));
    }
    sandbox.schedule_callback(callback);
}

/// Turns to the page that the last input asks for, if the network shows the screen in pages.
fn turn(sandbox: &mut Sandbox, session: &UssdSession, known: &Session) -> bool {
    let (Some(paged), Some(input)) = (&known.paged, session.inputs.last()) else {
        return false;
    };
    let page = match paging::turned(input, paged.page, paged.pages.len()) {
        Some(page) => page,
        // The application has ended the session, so there is nobody to ask.
        None if paged.ends => paged.page,
        None => return false,
    };
    let turned = Paged {
        page,
        ..paged.clone()
    };
    show(
        sandbox,
        session,
        turned,
        session.inputs.len().checked_sub(1),
    );
    true
}

/// Shows a page; the session is over with the last one, if it is to end with it.
fn show(sandbox: &mut Sandbox, session: &UssdSession, paged: Paged, turn: Option<usize>) {
    let last = paged.ends && paged.page + 1 == paged.pages.len();
    let text = paged.pages.get(paged.page).cloned().unwrap_or_default();
    if paged.pages.len() > 1 {
        sandbox.emit(BooksEvent::UssdPaged {
            session: session.id,
            paged,
            turn,
        });
    }
    sandbox.show_ussd(session.msisdn, session.id, &text, last);
    shown(sandbox, session, last);
}

/// Writes down a session that begins, and when it is over at the latest.
pub fn open(
    sandbox: &mut Sandbox,
    session: &UssdSession,
    code: &str,
    prefix: Vec<String>,
) -> Session {
    let opened = Session {
        session: session.id,
        id: id::fresh(sandbox, IdKind::UssdSession),
        opened_at: sandbox.now(),
        prefix,
        service_code: code.to_owned(),
        hops: 0,
        metadata: Vec::new(),
        echo: false,
        paged: None,
        turns: BTreeSet::new(),
        last_response: String::new(),
        over: Some(set_timer(sandbox, session, SESSION_MAX)),
        idle: None,
    };
    sandbox.emit(BooksEvent::UssdOpened(Box::new(opened.clone())));
    opened
}

fn set_timer(sandbox: &mut Sandbox, session: &UssdSession, after: Span) -> TimerId {
    let key = format!("ussd:{}:{}", session.msisdn, session.id);
    sandbox.set_timer(NAME, after, &key)
}

fn cancel(sandbox: &mut Sandbox, timer: Option<TimerId>) {
    if let Some(timer) = timer {
        sandbox.cancel_timer(timer);
    }
}

/// What this application attached to its screen: at most 99 characters without a `|`, by which the
/// event at the end joins them.
fn metadata(sandbox: &mut Sandbox, attempt: &Attempt) -> Option<String> {
    let text = attempt.header(HOP_METADATA)?;
    if text.chars().count() <= HOP_METADATA_MAX && !text.contains('|') {
        return Some(text.to_owned());
    }
    let rule = "hop metadata has at most 99 characters and no `|`";
    explain(sandbox, HOP_METADATA, rule);
    None
}

/// The whole history joined by `*`; an input with a `*` in it cannot be told from two.
fn inputs(known: &Session, session: &UssdSession) -> String {
    let typed = session.inputs.iter().enumerate();
    let meant = typed.filter(|(index, _)| !known.turns.contains(index));
    let all: Vec<&str> = known
        .prefix
        .iter()
        .chain(meant.map(|(_, input)| input))
        .map(String::as_str)
        .collect();
    all.join("*")
}

/// The application has answered, or has not.
pub fn answered(sandbox: &mut Sandbox, callback: &Callback, attempt: &Attempt) {
    let open = callback
        .msisdn
        .and_then(|msisdn| sandbox.state().phone(msisdn)?.ussd.clone())
        .filter(|session| !session.ended && session.id.to_string() == callback.reference);
    let Some(session) = open else {
        return;
    };
    let text = String::from_utf8_lossy(&attempt.body).into_owned();
    let metadata = metadata(sandbox, attempt);
    sandbox.emit(BooksEvent::UssdAnswered {
        session: session.id,
        response: text.clone(),
        metadata,
    });
    match screen(attempt, &text) {
        Ok((screen, ends)) => {
            let outside = matches!(callback.target, Target::Url(_));
            let limit = paging::limit(sandbox, session.msisdn).filter(|_| outside);
            let pages = paging::pages(screen, limit.unwrap_or(usize::MAX));
            let page = 0;
            show(sandbox, &session, Paged { pages, page, ends }, None);
        }
        Err(why) => {
            sandbox.explain_refusal(NAME, None, &why);
            sandbox.show_ussd(session.msisdn, session.id, TROUBLE, true);
            ended(sandbox, &session, "Failed", &why);
        }
    }
}

/// A screen is on the phone: the last one ends the session, any other waits for its user.
pub fn shown(sandbox: &mut Sandbox, session: &UssdSession, last: bool) {
    if last {
        ended(sandbox, session, "Success", "");
        return;
    }
    let phone = sandbox.state().phone(session.msisdn);
    let operator = phone.map_or("", |phone| phone.operator.as_str());
    let chosen = sandbox.settings().africastalking.behaviour.ussd_idle;
    let idle = chosen.map_or(idle_max(operator), |idle| idle.span());
    let timer = set_timer(sandbox, session, idle);
    sandbox.emit(BooksEvent::UssdWaits {
        session: session.id,
        timer,
    });
}

/// How long a network lets a screen wait (help article on USSD durations).
fn idle_max(operator: &str) -> Span {
    match operator.to_ascii_lowercase().contains("airtel") {
        true => Span::from_secs(60),
        false => Span::from_secs(30),
    }
}

/// The time of a screen or of a session is up; the key names phone and session.
pub fn time_is_up(sandbox: &mut Sandbox, key: &str) {
    let Some((msisdn, session)) = key.split_once(':') else {
        return;
    };
    if let (Ok(msisdn), Ok(session)) = (msisdn.parse(), session.parse()) {
        sandbox.expire_ussd(msisdn, session);
    }
}

/// The screen in a menu, and whether it is the last one.
pub fn menu(text: &str) -> Result<(&str, bool), &'static str> {
    if let Some(screen) = text.strip_prefix(CONTINUE) {
        Ok((screen, false))
    } else if let Some(screen) = text.strip_prefix(END) {
        Ok((screen, true))
    } else {
        Err("The response must begin with `CON ` or `END `")
    }
}

/// The screen in an answer, and whether it is the last one; or what the provider's console says.
fn screen<'a>(attempt: &Attempt, text: &'a str) -> Result<(&'a str, bool), String> {
    match attempt.status {
        None => return Err("The application did not respond in time".to_owned()),
        Some(200) => {}
        Some(status) => {
            let reason = reason_phrase(status);
            return Err(format!(
                "Received unexpected response code: {status} {reason}"
            ));
        }
    }
    menu(text).map_err(str::to_owned)
}

/// The reason as the provider's console shows it; a status that HTTP does not know has none.
const fn reason_phrase(status: u16) -> &'static str {
    match status {
        201 => "Created",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Entity",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "<none>",
    }
}

/// The phone's owner ended the session.
pub fn hung_up(sandbox: &mut Sandbox, session: &UssdSession) {
    ended(sandbox, session, "Incomplete", "");
}

fn ended(sandbox: &mut Sandbox, session: &UssdSession, status: &str, error: &str) {
    let books = &sandbox.state().providers.africastalking;
    let Some(known) = books.session(session.id).cloned() else {
        return;
    };
    cancel(sandbox, known.over);
    cancel(sandbox, known.idle);
    sandbox.emit(BooksEvent::UssdEnded {
        session: session.id,
    });
    let settings = &sandbox.settings().africastalking;
    let url = settings.callbacks.ussd_events.clone();
    let Some(url) = url.filter(|_| settings.behaviour.ussd_end_events) else {
        return;
    };
    let lasted = (sandbox.now() - known.opened_at).as_millis();
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("date", &notification::date_time(sandbox.now()))
        .append_pair("sessionId", &known.id)
        .append_pair("serviceCode", &known.service_code)
        .append_pair("networkCode", network::code_of(sandbox, session.msisdn))
        .append_pair("phoneNumber", &session.msisdn.to_string())
        .append_pair("status", status)
        .append_pair("cost", COST)
        .append_pair("durationInMillis", &lasted.to_string())
        .append_pair("hopsCount", &known.hops.to_string())
        .append_pair("hopsMetadata", &known.metadata.join("|"))
        .append_pair("input", &inputs(&known, session))
        .append_pair("lastAppResponse", &known.last_response);
    if !error.is_empty() {
        form.append_pair("errorMessage", error);
    }
    let body = form.finish();
    sandbox.schedule_callback(to_send(EVENT, session, Target::Url(url), body));
}

fn to_send(
    operation: &'static str,
    session: &UssdSession,
    target: Target,
    body: String,
) -> NewCallback {
    let about = About {
        operation,
        reference: &session.id.to_string(),
        msisdn: Some(session.msisdn),
    };
    callback::form(about, target, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_codes_bring_their_inputs() {
        let inputs = |dialled: &str| prefix("*384*123#", dialled);
        assert_eq!(inputs("*384*123#"), Some(vec![]));
        let both = vec!["1".to_owned(), "2".to_owned()];
        assert_eq!(inputs("*384*123*1*2#"), Some(both));
        assert_eq!(inputs("*384*1234#"), None);
        assert_eq!(inputs("*384#"), None);
    }

    #[test]
    fn what_is_no_screen_ends_the_session() {
        let answer = |status, text: &'static str| screen(&Attempt::answered(status, text), text);
        assert_eq!(answer(200, "CON Menu"), Ok(("Menu", false)));
        assert_eq!(answer(200, "END Bye"), Ok(("Bye", true)));
        let message = |status, text| answer(status, text).unwrap_err();
        assert_eq!(
            message(415, "CON Menu"),
            "Received unexpected response code: 415 Unsupported Media Type"
        );
        assert_eq!(
            message(530, ""),
            "Received unexpected response code: 530 <none>"
        );
        assert!(message(200, " CON Menu").contains("must begin"));
    }
}
