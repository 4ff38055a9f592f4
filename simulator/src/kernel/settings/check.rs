//! What settings must be beyond the form of each of them. Checked when they are changed, not when
//! they are read back, so that a journal of an older version still opens.

use std::collections::BTreeSet;

use amana_core::FieldPath;
use amana_core::time::Span;

use super::{AfricasTalkingCallbacks, PaymentsApiSettings, RateLimit, Settings};
use crate::error::{SandboxCode, SandboxError};
use crate::kernel::callback::{CallbackUrl, is_host_allowed};
use crate::kernel::phone::{USSD_CODE_FORM, is_ussd_code};
use crate::provider;

/// Whether the settings make sense.
///
/// # Errors
/// `request.field_invalid`, naming the first field that does not.
pub(super) fn check(settings: &Settings) -> Result<(), SandboxError> {
    let at = |pointer| FieldPath::new(pointer);
    let daraja = &settings.daraja;
    let codes = daraja.shortcodes.iter().map(|code| code.shortcode.as_str());
    different(codes.clone(), &at("/daraja/shortcodes"), "shortcode")?;
    for (place, code) in codes.enumerate() {
        let digits = code.bytes().all(|byte| byte.is_ascii_digit());
        if code.is_empty() || code.len() > SHORTCODE_MAX || !digits {
            let field = member(&at("/daraja/shortcodes"), place, "shortcode");
            return refuse(field, "a short code has 1 to 12 digits");
        }
    }
    let keys = daraja.consumers.iter().map(|app| app.key.as_str());
    different(keys, &at("/daraja/consumers"), "key")?;
    rate_limit(daraja.query_rate_limit, &at("/daraja/query_rate_limit"))?;

    let africastalking = &settings.africastalking;
    let names = africastalking.apps.iter().map(|app| app.username.as_str());
    different(names, &at("/africastalking/apps"), "username")?;
    let products = &africastalking.products;
    let names = products.iter().map(|product| product.name.as_str());
    different(names, &at("/africastalking/products"), "name")?;
    for (place, product) in products.iter().enumerate() {
        let list = at("/africastalking/products");
        let field = member(&list, place, "payment_notifications");
        optional_url(product.payment_notifications.as_ref(), field)?;
    }
    callbacks(&africastalking.callbacks, &at("/africastalking/callbacks"))?;

    let clients = settings.gateway.clients.iter();
    let ids = clients.map(|client| client.client_id.as_str());
    different(ids, &at("/gateway/clients"), "client_id")?;

    payments_api(&settings.payments_api, &at("/payments_api"))
}

/// The longest short code: what a phone's menu takes as the number of a business.
const SHORTCODE_MAX: usize = 12;

fn refuse(field: FieldPath, why: &str) -> Result<(), SandboxError> {
    Err(SandboxError::Field(
        SandboxCode::FieldInvalid,
        field,
        why.to_owned(),
    ))
}

/// The path of a member of an element of a list.
fn member(list: &FieldPath, place: usize, name: &str) -> FieldPath {
    list.join(&place.to_string()).join(name)
}

/// No two elements of a list have the same of this, in whatever case.
fn different<'a>(
    values: impl Iterator<Item = &'a str>,
    list: &FieldPath,
    name: &str,
) -> Result<(), SandboxError> {
    let mut seen = BTreeSet::new();
    for (place, value) in values.enumerate() {
        if !seen.insert(value.to_lowercase()) {
            let field = member(list, place, name);
            return refuse(field, &format!("another element has the same `{name}`"));
        }
    }
    Ok(())
}

fn rate_limit(limit: RateLimit, at: &FieldPath) -> Result<(), SandboxError> {
    if limit.count == 0 {
        return refuse(at.join("count"), "at least one call is answered");
    }
    if limit.per.span() == Span::ZERO {
        return refuse(at.join("per"), "the time is more than nothing");
    }
    Ok(())
}

fn url(url: &CallbackUrl, field: FieldPath) -> Result<(), SandboxError> {
    match is_host_allowed(url.host()) {
        true => Ok(()),
        false => refuse(
            field,
            "nothing is sent to link-local and metadata addresses",
        ),
    }
}

fn optional_url(given: Option<&CallbackUrl>, field: FieldPath) -> Result<(), SandboxError> {
    given.map_or(Ok(()), |given| url(given, field))
}

fn ussd_code(code: &str, field: FieldPath) -> Result<(), SandboxError> {
    match is_ussd_code(code) {
        true => Ok(()),
        false => refuse(field, USSD_CODE_FORM),
    }
}

fn callbacks(callbacks: &AfricasTalkingCallbacks, at: &FieldPath) -> Result<(), SandboxError> {
    let AfricasTalkingCallbacks {
        payment_notifications,
        payment_validation,
        customer_validation,
        delivery_reports,
        incoming_messages,
        bulk_opt_out,
        subscriptions,
        ussd,
        ussd_events,
        airtime_status,
        airtime_validation,
        sim_swap,
        voice,
    } = callbacks;
    for (name, given) in [
        ("payment_notifications", payment_notifications),
        ("payment_validation", payment_validation),
        ("customer_validation", customer_validation),
        ("delivery_reports", delivery_reports),
        ("incoming_messages", incoming_messages),
        ("bulk_opt_out", bulk_opt_out),
        ("subscriptions", subscriptions),
        ("ussd_events", ussd_events),
        ("airtime_status", airtime_status),
        ("airtime_validation", airtime_validation),
        ("sim_swap", sim_swap),
    ] {
        optional_url(given.as_ref(), at.join(name))?;
    }
    for (code, address) in ussd {
        let field = at.join("ussd").join(code);
        ussd_code(code, field.clone())?;
        url(address, field)?;
    }
    for (number, address) in voice {
        url(address, at.join("voice").join(number))?;
    }
    Ok(())
}

fn payments_api(settings: &PaymentsApiSettings, at: &FieldPath) -> Result<(), SandboxError> {
    let names = || provider::ALL.iter().map(|provider| provider.name());
    if !names().any(|name| name.as_str() == settings.channel) {
        let names: Vec<_> = names().map(|name| format!("`{name}`")).collect();
        let why = format!("the channels are {}", names.join(", "));
        return refuse(at.join("channel"), &why);
    }
    ussd_code(&settings.ussd_code, at.join("ussd_code"))?;
    for (place, subscriber) in settings.subscribers.iter().enumerate() {
        let field = member(&at.join("subscribers"), place, "url");
        url(&subscriber.url, field)?;
    }
    Ok(())
}
