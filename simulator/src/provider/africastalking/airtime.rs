//! Airtime: paid for from the stash, with a discount; arrives two seconds later.

use std::borrow::Cow;

use amana_core::http::{Request, Response};
use amana_core::provider::africastalking::id::IdKind;
use amana_core::provider::africastalking::wire::airtime::{
    AirtimeEntry, AirtimeResponse, AirtimeStatus,
};
use amana_core::provider::africastalking::wire::{NONE, WirePhone};
use amana_core::time::Span;
use amana_core::{Currency, Money};
use serde_json::json;
use serde_json::value::RawValue;

use super::body::{Form, Object};
use super::books::BooksEvent;
use super::callback::About;
use super::order;
use super::record::Airtime;
use super::rejection::Rejection;
use super::{NAME, accounts, auth, callback, explain, id, notification, repeat, reply, settle};
use crate::kernel::Sandbox;
use crate::kernel::callback::{Attempt, Callback, Target};
use crate::kernel::ledger::{Account, Posting};
use crate::kernel::settings::AfricasTalkingSettings;

/// Hundredths of the amount that the application saves, as recorded.
const DISCOUNT_PERCENT: i64 = 4;
const TRANSFER_TIME: Span = Span::from_secs(2);
/// Between two tries at a phone that is out of reach.
const RETRY_EACH: Span = Span::from_mins(1);

/// The callback that asks the application whether airtime is its own.
pub const VALIDATION: &str = "airtime_validation";
/// The callback that tells what became of it.
pub const STATUS: &str = "airtime_status";

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
    let settings = &sandbox.settings().africastalking;
    let (username, recipients, retries) = if type_of.starts_with("application/json") {
        let body = Object::body(request)?;
        let username = body.text("username")?;
        auth::application(settings, request, &username)?;
        let retries = body.optional_number("maxNumRetry")?;
        (username, body.list("recipients")?, retries)
    } else {
        let form = Form::body(request);
        let username = form.require("username")?.to_owned();
        auth::application(settings, request, &username)?;
        let retries = form.get("maxNumRetry").map(str::to_owned);
        (username, list(form.require("recipients")?)?, retries)
    };
    let recipients = recipients
        .iter()
        .map(|value| {
            let object = Object::of(value, Some("recipients"))?;
            Ok((object.text("phoneNumber")?, amount(&object)?))
        })
        .collect::<Result<Vec<_>, Rejection>>()?;
    let order = Order {
        // What is no number of hours is none.
        retry_hours: retries.and_then(|hours| hours.parse().ok()).unwrap_or(0),
        username,
    };
    Ok(repeat::once(sandbox, request, &order.username, |sandbox| {
        // An application that cannot be opened has no credit, which refuses each recipient.
        let _ = accounts::open(sandbox, &order.username);
        let to_one = |(phone, amount)| order.to_one(sandbox, phone, amount);
        let entries = recipients.into_iter().map(to_one).collect();
        let settings = &sandbox.settings().africastalking;
        let answer = summed(settings, entries, &order.username);
        reply::negotiated(settings, request, 201, &answer)
    }))
}

/// What all recipients of a request have in common.
struct Order {
    username: String,
    /// For so many hours a phone out of reach is tried again.
    retry_hours: u64,
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

/// The member that is wrong, and the text of the answer; the provider documents none.
type Refused = (&'static str, Cow<'static, str>);

/// An entry of the answer with what counts towards its totals.
struct Entry {
    wire: AirtimeEntry,
    sent: Option<(Money, Money)>,
}

impl Order {
    fn to_one(&self, sandbox: &mut Sandbox, phone: String, amount: String) -> Entry {
        match self.try_one(sandbox, &phone, &amount) {
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
                explain(sandbox, field, &text);
                Entry {
                    sent: None,
                    wire: AirtimeEntry {
                        amount,
                        discount: "0".to_owned(),
                        error_message: text.into_owned(),
                        phone_number: WirePhone(phone),
                        request_id: NONE.to_owned(),
                        status: "Failed".to_owned(),
                    },
                }
            }
        }
    }

    fn try_one(
        &self,
        sandbox: &mut Sandbox,
        phone: &str,
        amount: &str,
    ) -> Result<Airtime, Refused> {
        let phone = order::phone(phone).map_err(|refusal| (refusal.field, refusal.text.into()))?;
        let behaviour = &sandbox.settings().africastalking.behaviour;
        if let Some(text) = behaviour.airtime_refusals.get(&phone) {
            return Err(("phoneNumber", text.clone().into()));
        }
        let invalid = || ("amount", "Invalid amount".into());
        let value = Money::parse_with_currency(amount).map_err(|_| invalid())?;
        let unit = 10_i64.pow(u32::from(value.currency().exponent()));
        if value.minor() < minimum(value.currency()) * unit {
            return Err(("amount", "The amount is below the minimum".into()));
        }
        let discount = Money::from_minor(value.minor() * DISCOUNT_PERCENT / 100, value.currency());
        let discount = discount.map_err(|_| invalid())?;
        let price = value.checked_sub(discount).map_err(|_| invalid())?;
        let settings = &sandbox.settings().africastalking;
        let credit = accounts::currency(settings, &self.username);
        // Without a rate the credit would have to hold the money of the phone.
        let charged = settings.behaviour.exchanged(price, credit).unwrap_or(price);
        let id = id::fresh(sandbox, IdKind::Airtime);
        let charge = Posting::new(Some(NAME), &id, "airtime").transfer(
            accounts::stash(&self.username),
            Account::Fees(NAME),
            charged,
        );
        sandbox
            .post(charge)
            .map_err(|_| ("amount", "Insufficient Credit".into()))?;
        let retry = Span::from_mins(60).saturating_mul(self.retry_hours);
        let airtime = Airtime {
            id,
            username: self.username.clone(),
            phone,
            value,
            discount,
            status: "Sent".to_owned(),
            retry_until: (self.retry_hours > 0).then(|| sandbox.now() + retry),
            charged: Some(charged),
        };
        sandbox.ensure_phone(phone);
        sandbox.emit(BooksEvent::AirtimeSent(airtime.clone()));
        start(sandbox, &airtime);
        Ok(airtime)
    }
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
            let about = about(VALIDATION, airtime);
            let body = body.to_string().into_bytes();
            sandbox.schedule_callback(callback::json(about, Target::Url(url), body));
        }
        None => {
            let key = format!("airtime:{}", airtime.id);
            sandbox.set_timer(NAME, TRANSFER_TIME, &key);
        }
    }
}

/// The application's answer: only `Validated` lets the airtime go on.
pub fn validated(sandbox: &mut Sandbox, callback: &Callback, attempt: &Attempt) {
    let id = callback.reference.as_str();
    if settle::is_validated(attempt) {
        arrived(sandbox, id);
        return;
    }
    explain(sandbox, "status", settle::VALIDATION_RULE);
    if let Some(airtime) = open(sandbox, id) {
        give_back(sandbox, &airtime, "Airtime Validation Failed");
    }
}

fn give_back(sandbox: &mut Sandbox, airtime: &Airtime, why: &str) {
    let price = airtime.value.checked_sub(airtime.discount);
    if let Some(price) = airtime.charged.or(price.ok()) {
        let refund = Posting::new(Some(NAME), &airtime.id, "airtime refunded").transfer(
            Account::Fees(NAME),
            accounts::stash(&airtime.username),
            price,
        );
        // INVARIANT: what open airtime was charged is with the provider until it is settled.
        let refunded = sandbox.post(refund);
        debug_assert!(refunded.is_ok());
    }
    settle(sandbox, airtime, "Failed", why);
}

/// The network has tried: a phone in reach has the airtime, another is tried again or given up.
pub fn arrived(sandbox: &mut Sandbox, id: &str) {
    let Some(airtime) = open(sandbox, id) else {
        return;
    };
    let phone = sandbox.state().phone(airtime.phone);
    if phone.is_none_or(|phone| phone.reachable) {
        let text = "Airtime Delivered Successfully";
        settle(sandbox, &airtime, "Success", text);
    } else if airtime
        .retry_until
        .is_some_and(|until| sandbox.now() < until)
    {
        sandbox.set_timer(NAME, RETRY_EACH, &format!("airtime:{id}"));
    } else {
        give_back(sandbox, &airtime, "Airtime Delivery Failed");
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
    let settings = &sandbox.settings().africastalking;
    let as_form = settings.behaviour.airtime_status_form;
    let Some(url) = settings.callbacks.airtime_status.clone() else {
        return;
    };
    let body = AirtimeStatus {
        description: description.to_owned(),
        discount: notification::amount(airtime.discount),
        phone_number: airtime.phone.into(),
        request_id: airtime.id.clone(),
        status: status.to_owned(),
        value: notification::amount(airtime.value),
    };
    let (about, target) = (about(STATUS, airtime), Target::Url(url));
    sandbox.schedule_callback(match as_form {
        true => callback::form(about, target, older_status(&body)),
        false => {
            let body = serde_json::to_vec(&body).unwrap_or_default();
            callback::json(about, target, body)
        }
    });
}

/// The two fields that the older documents have.
fn older_status(status: &AirtimeStatus) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("requestId", &status.request_id)
        .append_pair("status", &status.status)
        .finish()
}

const fn about<'a>(operation: &'static str, airtime: &'a Airtime) -> About<'a> {
    About {
        operation,
        reference: airtime.id.as_str(),
        msisdn: Some(airtime.phone),
    }
}

/// The answer with its totals in the money of the credit; what cannot be exchanged is not added up.
fn summed(
    settings: &AfricasTalkingSettings,
    entries: Vec<Entry>,
    username: &str,
) -> AirtimeResponse {
    let credit = accounts::currency(settings, username);
    let sent: Vec<(Money, Money)> = entries.iter().filter_map(|entry| entry.sent).collect();
    let total = |pick: fn(&(Money, Money)) -> Money| {
        let amounts = sent.iter().map(pick);
        let in_credit = amounts.filter_map(|amount| settings.behaviour.exchanged(amount, credit));
        let sum = in_credit.fold(Money::zero(credit), |sum, amount| {
            sum.checked_add(amount).unwrap_or(sum)
        });
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
