//! Pull: what customers paid a short code in the last 48 hours, for those who missed it.

use amana_core::Msisdn;
use amana_core::http::{Request, Response};
use amana_core::provider::daraja::eat::parse_spaced;
use amana_core::provider::daraja::wire::Scalar;
use amana_core::provider::daraja::wire::pull::{QueryResponse, RegisterResponse, Transaction};
use amana_core::time::Span;

use super::body::Object;
use super::books::{BooksEvent, Movement, MovementKind};
use super::rejection::{Rejection, json};
use super::routes::Route;
use super::{merchant, strictness};
use crate::kernel::Sandbox;

const WINDOW: Span = Span::from_days(2);
/// How many are told at once; the rest follow with an offset.
const PAGE: usize = 1_000;

/// `POST /pulltransactions/v1/register`.
pub fn register(
    sandbox: &mut Sandbox,
    request: &Request,
    route: &Route,
) -> Result<Response, Rejection> {
    let body = Object::read(request, route.required)?;
    let strict = strictness(sandbox, request);
    let shortcode = body.shortcode("ShortCode")?;
    body.word("RequestType", &["Pull"])?;
    let nominated = body.text("NominatedNumber").parse::<Msisdn>();
    nominated.map_err(|_| Rejection::field("NominatedNumber", "the number must be a phone"))?;
    body.url("CallBackURL", strict)?;
    let is_registered = sandbox.state().providers.daraja.may_pull(&shortcode);
    if !is_registered {
        sandbox.emit(BooksEvent::PullRegistered {
            shortcode: shortcode.clone(),
        });
    }
    let (status, text) = match is_registered {
        true => ("1001", "ShortCode already Registered"),
        false => ("1000", "Shortcode Registered Successfully"),
    };
    let answer = RegisterResponse {
        response_ref_id: sandbox.random().uuid(),
        response_status: status.to_owned(),
        short_code: shortcode,
        response_description: text.to_owned(),
    };
    Ok(json(200, &answer))
}

/// `/pulltransactions/v1/query`, documented as `GET` with a body, and sent as `POST`.
pub fn query(
    sandbox: &mut Sandbox,
    request: &Request,
    route: &Route,
) -> Result<Response, Rejection> {
    let body = Object::read(request, route.required)?;
    let shortcode = body.shortcode("ShortCode")?;
    let instant = |key: &'static str| {
        let rule = "an instant is YYYY-MM-DD HH:mm:ss";
        parse_spaced(&body.text(key)).ok_or_else(|| Rejection::field(key, rule))
    };
    let (from, to) = (instant("StartDate")?, instant("EndDate")?);
    let offset: Option<usize> = body.text("OffSetValue").parse().ok();
    let offset = offset.ok_or_else(|| Rejection::field("OffSetValue", "an offset is a number"))?;
    let books = &sandbox.state().providers.daraja;
    if !books.may_pull(&shortcode) {
        return Err(Rejection::pull_shortcode());
    }
    let found: Vec<Transaction> = books
        .movements()
        .filter(|moved| moved.kind.is_from_customer() && moved.credit == shortcode)
        .filter(|moved| moved.at >= from && moved.at <= to && sandbox.now() - moved.at <= WINDOW)
        .skip(offset)
        .take(PAGE)
        .map(|moved| transaction(sandbox, moved))
        .collect();
    let (code, text) = match found.is_empty() {
        true => ("1001", "No transactions found"),
        false => ("1000", "Success"),
    };
    let answer = QueryResponse {
        response_ref_id: sandbox.random().uuid(),
        response_code: code.to_owned(),
        response_message: text.to_owned(),
        response: vec![found],
    };
    Ok(json(200, &answer))
}

fn transaction(sandbox: &Sandbox, moved: &Movement) -> Transaction {
    let at = moved.at.to_string();
    let at = at.split('.').next().unwrap_or_default();
    let kind = match moved.kind {
        MovementKind::BuyGoods => "c2b-buy-goods-debit",
        MovementKind::PayBill
        | MovementKind::Payout
        | MovementKind::Business
        | MovementKind::Reversal => "c2b-pay-bill-debit",
    };
    Transaction {
        transaction_id: moved.receipt.clone(),
        trx_date: format!("{at}Z"),
        msisdn: Scalar::number_if_digits(&moved.debit),
        sender: "MPESA".to_owned(),
        transactiontype: kind.to_owned(),
        billreference: moved.account.clone(),
        amount: moved.amount.amount(),
        organizationname: merchant::named(&sandbox.settings().daraja, &moved.credit)
            .name
            .to_owned(),
    }
}
