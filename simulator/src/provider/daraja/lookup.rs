//! Look-ups that are answered at once, and loyalty points.

use amana_core::Currency;
use amana_core::Money;
use amana_core::http::{Request, Response};
use amana_core::provider::daraja::wire::Scalar;
use amana_core::provider::daraja::wire::lookup::{
    BongaBody, BongaHeader, BongaResponse, NameBody, NameHeader, NameResponse,
    OrganisationResponse, SimResponse,
};
use sha2::{Digest, Sha256};

use super::body::Object;
use super::books::{Movement, MovementKind};
use super::rejection::{Rejection, json};
use super::routes::{C2bVersion, Route};
use super::{NAME, customer, id, merchant, movement};
use crate::kernel::Sandbox;
use crate::kernel::ledger::{Account, Posting};

/// What is told of a SIM that was last swapped more than three months ago.
const LONG_AGO: &str = "01-01-1900 00:00";
/// Points for a shilling: a point is worth 0.2.
const POINTS_PER_SHILLING: i64 = 5;

/// `POST /sfcverify/v1/query/info`.
pub fn organisation(
    sandbox: &mut Sandbox,
    request: &Request,
    route: &Route,
) -> Result<Response, Rejection> {
    let body = Object::read(request, route.required)?;
    body.word("IdentifierType", &["2", "4"])?;
    let shortcode = body.shortcode("Identifier")?;
    let merchant = merchant::named(&sandbox.settings().daraja, &shortcode);
    let name = merchant.name.to_owned();
    let answer = OrganisationResponse {
        conversation_id: sandbox.random().uuid(),
        response_code: "4000".to_owned(),
        response_message: "Success".to_owned(),
        detailed_message: "The organization was found".to_owned(),
        organization_short_code: shortcode,
        organization_name: name,
        charge_profile_id: "Business Bouquet".to_owned(),
    };
    Ok(json(200, &answer))
}

/// `POST /mpesa/b2c/hakikisha/v1/hakikisha`: a phone that was never used has no name.
pub fn name(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let body = Object::parse(&request.body)?;
    let asked = body.object("body").ok_or_else(Rejection::payload)?;
    let header = body.object("header").ok_or_else(Rejection::payload)?;
    asked.shortcode("shortcode")?;
    let phone = asked.phone("msisdn")?;
    let known = sandbox.state().phone(phone);
    let name = known.map(|phone| phone.name.clone().unwrap_or_else(|| "TEST".to_owned()));
    let header = NameHeader {
        request_id: header.text("requestID"),
        timestamp: header.text("timestamp"),
        status: if name.is_some() { "200" } else { "400" }.to_owned(),
        message: if name.is_some() { "Success" } else { "Failed" }.to_owned(),
    };
    let body = match name {
        None => NameBody {
            first_name: None,
            middle_name: None,
            last_name: None,
            message: Some("The customer does not exist.".to_owned()),
        },
        Some(name) => {
            let mut words = name.split_whitespace();
            NameBody {
                first_name: words.next().map(str::to_owned),
                middle_name: words.next().map(masked),
                last_name: words.last().map(masked),
                message: None,
            }
        }
    };
    Ok(json(200, &NameResponse { header, body }))
}

/// `M******`.
fn masked(word: &str) -> String {
    word.chars().take(1).chain("******".chars()).collect()
}

/// `POST /imsi/v{1,2}/checkATI`. Version 1 tells more.
pub fn sim(
    sandbox: &mut Sandbox,
    request: &Request,
    route: &Route,
    version: C2bVersion,
) -> Result<Response, Rejection> {
    let body = Object::read(request, route.required)?;
    let phone = body.phone("customerNumber")?;
    let first = version == C2bVersion::V1;
    let imsi = hex::encode(Sha256::digest(phone.digits().as_bytes()));
    let answer = SimResponse {
        request_ref_id: sandbox.random().uuid(),
        response_code: "200".to_owned(),
        response_desc: "Success".to_owned(),
        imsi: first.then_some(imsi),
        last_swap_date: LONG_AGO.to_owned(),
        msisdn_registration_date: first.then(|| LONG_AGO.to_owned()),
        customer_number: first.then(|| Scalar::text(phone.digits())),
    };
    Ok(json(200, &answer))
}

/// `POST /v1/lipa/na/bonga/calculate-points`.
pub fn points(
    sandbox: &mut Sandbox,
    request: &Request,
    route: &Route,
) -> Result<Response, Rejection> {
    let body = Object::read(request, route.required)?;
    let points: Option<u64> = body.text("points").parse().ok();
    let rule = "points are a whole number";
    let points = points.ok_or_else(|| Rejection::field("points", rule))?;
    let cents = points.saturating_mul(100) / POINTS_PER_SHILLING.unsigned_abs();
    let minor = i64::try_from(cents).unwrap_or(i64::MAX);
    let amount = Money::from_minor(minor, Currency::KES)
        .map_err(|_| Rejection::field("points", "that is more than there is"))?;
    let body = BongaBody {
        amount: Scalar::amount(amount),
        points: Scalar::integer(points),
        rate: "0.2".to_owned(),
    };
    Ok(json(200, &bonga(sandbox, Some(body))))
}

/// `POST /v1/lipa/na/bonga/redeem-paybill`: the operator pays for the points; the merchant is told
/// as of any payment of a customer. Nobody's points are counted.
pub fn redeem(
    sandbox: &mut Sandbox,
    request: &Request,
    route: &Route,
) -> Result<Response, Rejection> {
    let body = Object::read(request, route.required)?;
    let phone = body.phone("msisdn")?;
    let amount = body.shillings("amount")?;
    let shortcode = body.shortcode("shortCode")?;
    // INVARIANT: opening balances are within what an account can hold.
    let _ = merchant::open(sandbox, &shortcode);
    let receipt = id::receipt(sandbox);
    let posting = Posting::new(Some(NAME), &receipt, "loyalty points").transfer(
        Account::Issuance,
        merchant::utility(&shortcode),
        amount,
    );
    sandbox
        .post(posting)
        .map_err(|_| Rejection::field("amount", "the merchant holds too much"))?;
    let moved = Movement {
        receipt,
        kind: MovementKind::PayBill,
        at: sandbox.now(),
        amount,
        debit: phone.digits(),
        credit: shortcode,
        // No wallet paid, so no phone is told of it.
        phone: None,
        account: body.text("accountNumber"),
        originator_id: String::new(),
        order_id: String::new(),
        reversed_by: None,
    };
    movement::record(sandbox, moved.clone());
    customer::confirm(sandbox, &moved, "");
    Ok(json(200, &bonga(sandbox, None)))
}

fn bonga(sandbox: &mut Sandbox, body: Option<BongaBody>) -> BongaResponse {
    let at = sandbox.now().to_string();
    BongaResponse {
        header: BongaHeader {
            request_ref_id: sandbox.random().uuid(),
            response_code: 200,
            response_message: "Success".to_owned(),
            customer_message: "Request processed successfully".to_owned(),
            timestamp: at.trim_end_matches('Z').to_owned(),
        },
        body,
    }
}
