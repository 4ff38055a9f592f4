//! STK push: a prompt on the phone, then money from the payer's wallet.

use std::sync::Arc;

use amana_core::http::{Request, Response};
use amana_core::provider::daraja::auth::passkey_in;
use amana_core::provider::daraja::eat;
use amana_core::provider::daraja::wire::stk::{PushResponse, TRANSACTION_TYPES};
use amana_core::time::Span;
use amana_core::{Money, Msisdn};

use super::body::{Object, Strict};
use super::books::{BooksEvent, Progress, Push};
use super::merchant::{self, Merchant};
use super::rejection::{Rejection, json};
use super::routes::Route;
use super::{NAME, callback, id, movement, strictness};
use crate::kernel::Sandbox;
use crate::kernel::callback::CallbackUrl;
use crate::kernel::phone::{NewPrompt, Operation};
use crate::kernel::settings::{DarajaSettings, ShortcodeKind};

/// The callback that tells how a prompt ended.
pub const CALLBACK: &str = "stk_callback";
/// The longest text that a phone shows; a longer one is taken, and fails.
const TEXT_MAX: usize = 182;
const TAKEN: &str = "Success. Request accepted for processing";

/// The values of a request as they count.
struct Form {
    shortcode: String,
    kind: String,
    amount: Money,
    payee: String,
    phone: Msisdn,
    url: CallbackUrl,
    account: String,
}

impl Form {
    fn read(body: &Object<'_>, strict: Strict) -> Result<Self, Rejection> {
        let shortcode = body.shortcode("BusinessShortCode")?;
        check_timestamp(body)?;
        let kind = body.word("TransactionType", &TRANSACTION_TYPES)?;
        let amount = body.shillings("Amount")?;
        body.phone("PartyA")?;
        Ok(Self {
            shortcode,
            kind,
            amount,
            payee: body.shortcode("PartyB")?,
            phone: body.phone("PhoneNumber")?,
            url: body.url("CallBackURL", strict)?,
            account: body.text("AccountReference"),
        })
    }

    fn is_till(&self) -> bool {
        self.kind == TRANSACTION_TYPES[1]
    }
}

/// The timestamp of a request. How far it is from the clock is not looked at: clients send the time
/// of whatever zone they are in.
pub fn check_timestamp(body: &Object<'_>) -> Result<(), Rejection> {
    match eat::parse_compact(body.characters("Timestamp")) {
        Some(_) => Ok(()),
        None => Err(Rejection::field(
            "Timestamp",
            "a timestamp is YYYYMMDDHHmmss",
        )),
    }
}

/// The short code of a request, if the password is one of it.
///
/// Where any credentials will do, any pass key does; but short code and timestamp must be those of
/// the request, because a client that gets those wrong works nowhere.
pub fn authorise<'a>(
    settings: &'a DarajaSettings,
    body: &'a Object<'_>,
) -> Result<Merchant<'a>, Rejection> {
    let shortcode = body.characters("BusinessShortCode");
    let merchant = merchant::find(settings, shortcode).ok_or_else(Rejection::no_merchant)?;
    let (password, timestamp) = (body.characters("Password"), body.characters("Timestamp"));
    let passkey = passkey_in(password, shortcode, timestamp).ok_or_else(Rejection::credentials)?;
    match settings.accept_any_credentials || passkey == merchant.settings.passkey {
        true => Ok(merchant),
        false => Err(Rejection::credentials()),
    }
}

/// `POST /mpesa/stkpush/v1/processrequest`.
pub fn request(
    sandbox: &mut Sandbox,
    request: &Request,
    route: &Route,
) -> Result<Response, Rejection> {
    let body = Object::read(request, route.required)?;
    let form = Form::read(&body, strictness(sandbox, request))?;
    let settings = &sandbox.settings().daraja;
    if movement::is_too_much(settings, form.amount) && !settings.behaviour.limits_in_results {
        let rule = "one transaction moves at most what the settings allow";
        return Err(Rejection::field("Amount", rule));
    }
    let merchant = authorise(settings, &body)?;
    if sandbox
        .state()
        .providers
        .daraja
        .asking(form.phone)
        .is_some()
    {
        return Err(Rejection::subscriber_locked());
    }
    let text = text(&merchant, &form);
    let verdict = verdict(sandbox, &merchant, &form, &text);
    // INVARIANT: opening balances are within what an account can hold.
    let _ = merchant::open(sandbox, &form.payee);
    Ok(accepted(sandbox, form, text, verdict))
}

fn accepted(sandbox: &mut Sandbox, form: Form, text: String, verdict: Option<String>) -> Response {
    let merchant_id = id::gateway(sandbox);
    let push = Push {
        id: id::prompt(sandbox, form.phone).into(),
        merchant_id,
        shortcode: form.shortcode,
        payee: form.payee,
        kind: form.kind,
        phone: form.phone,
        amount: form.amount,
        account: form.account,
        target: callback::target(sandbox, form.url, CALLBACK),
        opened_at: sandbox.now(),
        progress: Progress::Open,
    };
    let response = json(
        200,
        &PushResponse {
            merchant_request_id: push.merchant_id.as_str(),
            checkout_request_id: &push.id,
            response_code: "0",
            response_description: TAKEN,
            customer_message: TAKEN,
        },
    );
    let behaviour = &sandbox.settings().daraja.behaviour;
    let (delay, expires_after) = (behaviour.result_delay, behaviour.prompt_timeout);
    let prompt = NewPrompt {
        provider: NAME,
        operation: Operation::Collect,
        msisdn: push.phone,
        amount: push.amount,
        charge: Money::zero(push.amount.currency()),
        text,
        reference: Arc::clone(&push.id),
        expires_after: expires_after.span(),
    };
    let key = verdict.map(|code| format!("push:{}:{code}", push.id));
    sandbox.emit(BooksEvent::PushOpened(Arc::new(push)));
    match key {
        Some(key) => {
            sandbox.set_timer(NAME, delay.span(), &key);
        }
        None => {
            sandbox.open_prompt(prompt);
        }
    }
    response
}

/// What the phone shows.
fn text(merchant: &Merchant<'_>, form: &Form) -> String {
    let amount = form.amount.grouped();
    let shillings = amount.trim_start_matches("KES ");
    let payee = match form.is_till() {
        true => ["till ", &form.payee].concat(),
        false => [merchant.name, " Account no. ", &form.account].concat(),
    };
    format!("Do you want to pay Ksh{shillings} to {payee}? Enter M-PESA PIN")
}

/// The result code of a push that never reaches its phone.
fn verdict(sandbox: &Sandbox, merchant: &Merchant<'_>, form: &Form, text: &str) -> Option<String> {
    let settings = &sandbox.settings().daraja;
    if let Some(code) = movement::forced(settings, &form.phone.digits()) {
        return Some(code);
    }
    let other_kind = match merchant.kind {
        Some(ShortcodeKind::Paybill) => form.is_till(),
        Some(ShortcodeKind::Till) => !form.is_till(),
        None => false,
    };
    let code = if other_kind {
        Some("2028")
    } else if !form.is_till() && form.payee != form.shortcode {
        Some("SFC_IC0003")
    } else if text.chars().count() > TEXT_MAX {
        Some("1025")
    } else if movement::is_too_much(settings, form.amount) {
        Some("3")
    } else if is_repeated(sandbox, form) {
        Some("17")
    } else {
        movement::wallet_limit(sandbox, form.phone, form.amount, false)
    };
    code.map(str::to_owned)
}

/// Whether the phone was asked for the same amount a short while ago, if that matters.
fn is_repeated(sandbox: &Sandbox, form: &Form) -> bool {
    let window = sandbox.settings().daraja.behaviour.rule_limit.span();
    if window == Span::ZERO {
        return false;
    }
    sandbox
        .state()
        .providers
        .daraja
        .pushes()
        .rev()
        .take_while(|push| sandbox.now() - push.opened_at < window)
        .any(|push| push.phone == form.phone && push.amount == form.amount)
}
