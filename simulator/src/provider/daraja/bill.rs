//! Bill Manager: invoices, and the only callback of this provider that is documented to be
//! repeated.

use amana_core::http::{Request, Response};
use amana_core::provider::daraja::wire::bill::{BillPayment, BillResponse};
use amana_core::time::Span;

use super::body::Object;
use super::books::{Biller, BooksEvent, Invoice, Movement};
use super::callback::Post;
use super::rejection::{Rejection, json};
use super::routes::{BillCall, Family, Route};
use super::{callback, strictness};
use crate::kernel::Sandbox;

/// Tells a merchant that an invoice was paid.
pub const PAYMENT: &str = "bill_payment";
/// How often that is tried.
pub const ATTEMPTS_MAX: u32 = 5;
/// The most invoices of one request.
const BULK_MAX: usize = 1_000;
/// As documented, and as a client library spells it: a name with an underscore does not pass every
/// gateway on the way.
const KEY_HEADERS: [&str; 2] = ["app_key", "appkey"];

/// `POST /v1/billmanager-invoice/…`.
pub fn call(
    sandbox: &mut Sandbox,
    request: &Request,
    route: &Route,
    call: BillCall,
) -> Result<Response, Rejection> {
    match call {
        BillCall::OptIn | BillCall::ChangeOptIn => join(sandbox, request, route),
        BillCall::Single | BillCall::Change => {
            let body = Object::read(request, route.required)?;
            invoice(sandbox, request, &[body])
        }
        BillCall::Bulk => {
            let all = Object::parse_all(&request.body)?;
            let rule = "one to a thousand invoices at a time";
            if !(1..=BULK_MAX).contains(&all.len()) {
                return Err(Rejection::field("invoices", rule));
            }
            all.iter()
                .try_for_each(|body| body.require(&[INVOICE_KEY, ACCOUNT_KEY]))?;
            invoice(sandbox, request, &all)
        }
        BillCall::Reconcile => {
            let body = Object::read(request, route.required)?;
            merchant(sandbox, request)?;
            pay(sandbox, &body.text(INVOICE_KEY.0));
            Ok(done(None))
        }
        BillCall::CancelSingle => {
            let body = Object::read(request, route.required)?;
            cancel(sandbox, request, &[body])
        }
        BillCall::CancelBulk => {
            let all = Object::parse_all(&request.body)?;
            cancel(sandbox, request, &all)
        }
    }
}

const INVOICE_KEY: (&str, &str) = ("externalReference", "externalReference");
const ACCOUNT_KEY: (&str, &str) = ("accountReference", "accountReference");

fn done(status_message: Option<&str>) -> Response {
    json(
        200,
        &BillResponse {
            app_key: None,
            status_message: status_message.map(str::to_owned),
            resmsg: "Success".to_owned(),
            rescode: "200".to_owned(),
            errors: None,
        },
    )
}

/// The merchant whose key the request carries.
fn merchant(sandbox: &Sandbox, request: &Request) -> Result<Biller, Rejection> {
    let key = KEY_HEADERS
        .into_iter()
        .find_map(|name| request.header(name));
    let key = key.unwrap_or_default();
    let biller = sandbox.state().providers.daraja.biller(key).cloned();
    biller.ok_or_else(|| Rejection::token(Family::Bill, key))
}

fn join(sandbox: &mut Sandbox, request: &Request, route: &Route) -> Result<Response, Rejection> {
    let body = Object::read(request, route.required)?;
    let shortcode = body.shortcode("shortcode")?;
    body.word("sendReminders", &["0", "1"])?;
    let url = body.url("callbackurl", strictness(sandbox, request))?;
    let known = sandbox.state().providers.daraja.biller_of(&shortcode);
    let app_key = match known.map(|known| known.app_key.clone()) {
        Some(app_key) => app_key,
        None => format!("AG_{}", sandbox.random().hex(20)),
    };
    let biller = Biller {
        shortcode,
        app_key: app_key.clone(),
        target: callback::target(sandbox, url, PAYMENT),
    };
    sandbox.emit(BooksEvent::BillerJoined(Box::new(biller)));
    let answer = BillResponse {
        app_key: Some(app_key),
        status_message: None,
        resmsg: "Success".to_owned(),
        rescode: "200".to_owned(),
        errors: None,
    };
    Ok(json(200, &answer))
}

fn invoice(
    sandbox: &mut Sandbox,
    request: &Request,
    bodies: &[Object<'_>],
) -> Result<Response, Rejection> {
    let biller = merchant(sandbox, request)?;
    for body in bodies {
        let invoice = Invoice {
            external_reference: body.text(INVOICE_KEY.0),
            app_key: biller.app_key.clone(),
            account: body.text(ACCOUNT_KEY.0),
            paid: false,
        };
        sandbox.emit(BooksEvent::Invoiced(Box::new(invoice)));
    }
    Ok(done(Some("Invoice sent successfully")))
}

fn cancel(
    sandbox: &mut Sandbox,
    request: &Request,
    bodies: &[Object<'_>],
) -> Result<Response, Rejection> {
    let biller = merchant(sandbox, request)?;
    let named: Vec<String> = bodies.iter().map(|body| body.text(INVOICE_KEY.0)).collect();
    let books = &sandbox.state().providers.daraja;
    let own = |reference: &&String| {
        let invoice = books.invoice(reference);
        invoice.filter(|invoice| invoice.app_key == biller.app_key)
    };
    if named
        .iter()
        .filter_map(|reference| own(&reference))
        .any(|invoice| invoice.paid)
    {
        let rule = "an invoice towards which something was paid stays";
        sandbox.explain_refusal(super::NAME, Some("/externalReference"), rule);
        return Ok(json(
            409,
            &BillResponse {
                app_key: None,
                status_message: Some(
                    "partially or fully paid invoices cannot be cancelled.".to_owned(),
                ),
                resmsg: "Conflict".to_owned(),
                rescode: "409".to_owned(),
                errors: None,
            },
        ));
    }
    for external_reference in named {
        sandbox.emit(BooksEvent::InvoiceCancelled { external_reference });
    }
    let answer = BillResponse {
        app_key: None,
        status_message: Some("Invoice cancelled successfully.".to_owned()),
        resmsg: "Success".to_owned(),
        rescode: "200".to_owned(),
        errors: Some(Vec::new()),
    };
    Ok(json(200, &answer))
}

fn pay(sandbox: &mut Sandbox, external_reference: &str) {
    if sandbox
        .state()
        .providers
        .daraja
        .invoice(external_reference)
        .is_some()
    {
        sandbox.emit(BooksEvent::InvoicePaid {
            external_reference: external_reference.to_owned(),
        });
    }
}

/// A customer has paid: if it was towards an invoice, its merchant is told.
pub fn paid(sandbox: &mut Sandbox, movement: &Movement) {
    let books = &sandbox.state().providers.daraja;
    let Some(biller) = books.biller_of(&movement.credit).cloned() else {
        return;
    };
    let invoice = books
        .invoices_to(&movement.account)
        .find(|invoice| invoice.app_key == biller.app_key && !invoice.paid)
        .map(|invoice| invoice.external_reference.clone());
    let Some(external_reference) = invoice else {
        return;
    };
    pay(sandbox, &external_reference);
    let day = movement.at.to_string();
    let body = BillPayment {
        transaction_id: movement.receipt.clone(),
        paid_amount: movement.amount.amount(),
        msisdn: movement.debit.clone(),
        date_created: day.split('T').next().unwrap_or_default().to_owned(),
        account_reference: movement.account.clone(),
        short_code: biller.shortcode.clone(),
    };
    let post = Post {
        operation: PAYMENT,
        reference: &movement.receipt,
        phone: movement.phone,
        target: &biller.target,
        shortcode: None,
        after: Span::ZERO,
    };
    callback::post(sandbox, &post, &body);
}
