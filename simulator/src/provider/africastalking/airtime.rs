//! Airtime: paid for from the stash, with a discount; arrives two seconds later.

use amana_core::http::{Request, Response};
use amana_core::provider::africastalking::id::IdKind;
use amana_core::provider::africastalking::wire::airtime::{
    AirtimeEntry, AirtimeResponse, AirtimeStatus,
};
use amana_core::provider::africastalking::wire::{NONE, WirePhone};
use amana_core::time::Span;
use amana_core::{Currency, Money, Msisdn};
use serde_json::json;
use serde_json::value::RawValue;

use super::body::{Form, Object};
use super::books::{Airtime, BooksEvent};
use super::order;
use super::rejection::Rejection;
use super::{NAME, accounts, auth, explain, notification, repeat, reply};
use crate::kernel::Sandbox;
use crate::kernel::callback::{Attempt, Callback, CallbackUrl, NewCallback, Target};
use crate::kernel::ledger::{Account, Posting};

/// Hundredths of the amount that the application saves, as recorded.
const DISCOUNT_PERCENT: i64 = 4;
const TRANSFER_TIME: Span = Span::from_secs(2);

/// The callback that asks the application whether airtime is its own.
pub const VALIDATION: &str = "airtime_validation";
/// The callback that tells what became of it.
const STATUS: &str = "airtime_status";

/// The least amount of a currency, in major units, as a community client lists them.
const fn minimum(currency: Currency) -> i64 {
    match currency {
        Currency::KES => 5,
        Currency::UGX | Currency::NGN => 50,
        Currency::TZS => 500,
        Currency::MWK => 300,
        Currency::XOF | Currency::RWF => 100,
        Currency::BWP
        | Currency::CDF
        | Currency::ETB
        | Currency::EUR
        | Currency::GBP
        | Currency::GHS
        | Currency::LRD
        | Currency::LSL
        | Currency::MZN
        | Currency::SLE
        | Currency::USD
        | Currency::XAF
        | Currency::ZAR
        | Currency::ZMW => 1,
    }
}

/// `POST /version1/airtime/send`: a form with JSON text inside, or JSON with a list.
pub fn send(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let type_of = request.header("content-type").unwrap_or_default();
    let (username, recipients) = if type_of.starts_with("application/json") {
        let body = Object::body(request)?;
        (body.text("username")?, body.list("recipients")?)
    } else {
        let form = Form::body(request);
        let username = form.require("username")?.to_owned();
        (username, list(form.require("recipients")?)?)
    };
    auth::application(&sandbox.settings().africastalking, request, &username)?;
    if let Some(response) = repeat::recall(sandbox, request, &username) {
        return Ok(response);
    }
    let recipients = recipients
        .iter()
        .map(|value| {
            let object = Object::of(value, Some("recipients"))?;
            Ok((object.text("phoneNumber")?, amount(&object)?))
        })
        .collect::<Result<Vec<_>, Rejection>>()?;
    // An application that cannot be opened has no credit, which refuses each recipient.
    let _ = accounts::open(sandbox, &username);
    let entries = recipients
        .into_iter()
        .map(|(phone, amount)| to_one(sandbox, &username, phone, &amount))
        .collect();
    let currency = accounts::currency(&sandbox.settings().africastalking, &username);
    let response = reply::negotiated(request, 201, &summed(entries, currency));
    repeat::remember(sandbox, request, &username, &response);
    Ok(response)
}

fn list(text: &str) -> Result<Vec<Box<RawValue>>, Rejection> {
    serde_json::from_str(text).map_err(|_| Rejection::Content {
        field: Some("recipients".to_owned()),
        detail: "Expected List as JsArray".to_owned(),
    })
}

/// The amount with its currency: one text (`KES 10`), or two members in older clients.
fn amount(object: &Object) -> Result<String, Rejection> {
    match object.optional_text("currencyCode")? {
        Some(code) => Ok(format!("{code} {}", object.number("amount")?.as_str())),
        None => object.text("amount"),
    }
}

/// An entry of the answer with what counts towards its totals.
struct Entry {
    wire: AirtimeEntry,
    sent: Option<(Money, Money)>,
}

fn to_one(sandbox: &mut Sandbox, username: &str, phone: String, amount: &str) -> Entry {
    match try_one(sandbox, username, &phone, amount) {
        Ok(airtime) => Entry {
            sent: Some((airtime.value, airtime.discount)),
            wire: AirtimeEntry {
                amount: notification::amount(airtime.value),
                discount: notification::amount(airtime.discount),
                error_message: NONE.to_owned(),
                phone_number: WirePhone(phone),
                request_id: airtime.id,
                status: airtime.status,
            },
        },
        Err((field, text)) => {
            explain(sandbox, field, text);
            Entry {
                sent: None,
                wire: AirtimeEntry {
                    amount: amount.to_owned(),
                    discount: "0".to_owned(),
                    error_message: text.to_owned(),
                    phone_number: WirePhone(phone),
                    request_id: NONE.to_owned(),
                    status: "Failed".to_owned(),
                },
            }
        }
    }
}

fn try_one(
    sandbox: &mut Sandbox,
    username: &str,
    phone: &str,
    amount: &str,
) -> Result<Airtime, (&'static str, &'static str)> {
    let phone = order::phone(phone).map_err(|refusal| (refusal.field, refusal.text))?;
    let invalid = ("amount", "Invalid amount");
    let value = Money::parse_with_currency(amount).map_err(|_| invalid)?;
    let unit = 10_i64.pow(u32::from(value.currency().exponent()));
    if value.minor() < minimum(value.currency()) * unit {
        return Err(("amount", "The amount is below the minimum"));
    }
    let discount = Money::from_minor(value.minor() * DISCOUNT_PERCENT / 100, value.currency());
    let discount = discount.map_err(|_| invalid)?;
    let price = value.checked_sub(discount).map_err(|_| invalid)?;
    let id = IdKind::Airtime.with_entropy(sandbox.random().bytes());
    let charge = Posting::new(Some(NAME), &id, "airtime").transfer(
        accounts::stash(username),
        Account::Fees(NAME),
        price,
    );
    sandbox
        .post(charge)
        .map_err(|_| ("amount", "Insufficient Credit"))?;
    let airtime = Airtime {
        id,
        username: username.to_owned(),
        phone,
        value,
        discount,
        status: "Sent".to_owned(),
    };
    sandbox.emit(BooksEvent::AirtimeSent(airtime.clone()));
    start(sandbox, &airtime);
    Ok(airtime)
}

/// Asks the application whether the airtime is its own, if it wants to be asked; else sends it.
fn start(sandbox: &mut Sandbox, airtime: &Airtime) {
    let callbacks = &sandbox.settings().africastalking.callbacks;
    match callbacks.airtime_validation.clone() {
        Some(url) => {
            let body = json!({
                "amount": amana_core::money::wire::WireDecimal::number(airtime.value),
                "currencyCode": airtime.value.currency(),
                "phoneNumber": airtime.phone,
                "sourceIpAddress": "127.0.0.1",
                "transactionId": airtime.id,
            });
            schedule(
                sandbox,
                VALIDATION,
                airtime,
                url,
                body.to_string().into_bytes(),
            );
        }
        None => {
            let key = format!("airtime:{}", airtime.id);
            sandbox.set_timer(NAME, TRANSFER_TIME, &key);
        }
    }
}

/// The application's answer: only `Validated` lets the airtime go on.
pub fn validated(sandbox: &mut Sandbox, callback: &Callback, attempt: &Attempt) {
    let answer: Option<serde_json::Value> = serde_json::from_slice(&attempt.body).ok();
    let status = answer.as_ref().and_then(|answer| answer.get("status"));
    let id = callback.reference.as_str();
    if attempt.is_success() && status.is_some_and(|status| status == "Validated") {
        arrived(sandbox, id);
        return;
    }
    let rule = "the application must answer the validation with `Validated`";
    explain(sandbox, "status", rule);
    let Some(airtime) = open(sandbox, id) else {
        return;
    };
    if let Ok(price) = airtime.value.checked_sub(airtime.discount) {
        let refund = Posting::new(Some(NAME), id, "airtime refunded").transfer(
            Account::Fees(NAME),
            accounts::stash(&airtime.username),
            price,
        );
        // INVARIANT: what open airtime was charged is with the provider until it is settled.
        let refunded = sandbox.post(refund);
        debug_assert!(refunded.is_ok());
    }
    settle(sandbox, &airtime, "Failed", "Airtime Validation Failed");
}

/// The network is done.
pub fn arrived(sandbox: &mut Sandbox, id: &str) {
    if let Some(airtime) = open(sandbox, id) {
        settle(
            sandbox,
            &airtime,
            "Success",
            "Airtime Delivered Successfully",
        );
    }
}

fn open(sandbox: &Sandbox, id: &str) -> Option<Airtime> {
    let airtime = sandbox.state().providers.africastalking.airtime(id)?;
    (airtime.status == "Sent").then(|| airtime.clone())
}

fn settle(sandbox: &mut Sandbox, airtime: &Airtime, status: &str, description: &str) {
    sandbox.emit(BooksEvent::AirtimeSettled {
        id: airtime.id.clone(),
        status: status.to_owned(),
    });
    let callbacks = &sandbox.settings().africastalking.callbacks;
    if let Some(url) = callbacks.airtime_status.clone() {
        let body = AirtimeStatus {
            description: description.to_owned(),
            discount: notification::amount(airtime.discount),
            phone_number: airtime.phone.into(),
            request_id: airtime.id.clone(),
            status: status.to_owned(),
            value: notification::amount(airtime.value),
        };
        let body = serde_json::to_vec(&body).unwrap_or_default();
        schedule(sandbox, STATUS, airtime, url, body);
    }
}

fn schedule(
    sandbox: &mut Sandbox,
    operation: &'static str,
    airtime: &Airtime,
    url: CallbackUrl,
    body: Vec<u8>,
) {
    let msisdn: Msisdn = airtime.phone;
    sandbox.schedule_callback(NewCallback {
        service: NAME,
        operation,
        reference: airtime.id.clone(),
        msisdn: Some(msisdn),
        target: Target::Url(url),
        method: "POST",
        headers: vec![notification::json_type()],
        body,
        after: Span::ZERO,
    });
}

/// The answer with its totals; amounts in another currency than the first are not added up.
fn summed(entries: Vec<Entry>, currency: Currency) -> AirtimeResponse {
    let sent: Vec<(Money, Money)> = entries.iter().filter_map(|entry| entry.sent).collect();
    let total = |pick: fn(&(Money, Money)) -> Money| {
        let mut amounts = sent.iter().map(pick);
        let first = amounts.next().unwrap_or(Money::zero(currency));
        let sum = amounts.fold(first, |sum, amount| sum.checked_add(amount).unwrap_or(sum));
        notification::amount(sum)
    };
    let refused = entries.iter().map(|entry| &entry.wire.error_message).next();
    AirtimeResponse {
        error_message: match (sent.is_empty(), refused) {
            (true, Some(text)) => text.clone(),
            (true, None) => "No recipients".to_owned(),
            (false, _) => NONE.to_owned(),
        },
        num_sent: u32::try_from(sent.len()).unwrap_or(u32::MAX),
        total_amount: total(|(value, _)| *value),
        total_discount: total(|(_, discount)| *discount),
        responses: entries.into_iter().map(|entry| entry.wire).collect(),
    }
}
