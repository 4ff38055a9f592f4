//! Account balance: what do the accounts of a short code hold?

use amana_core::http::{Request, Response};
use amana_core::provider::daraja::eat::Eat;
use amana_core::provider::daraja::wire::Scalar;
use amana_core::provider::daraja::wire::result::Parameter;
use amana_core::{Currency, Money};

use super::body::Object;
use super::books::{Order, OrderKind};
use super::order::{self, Ending, Head, Subject};
use super::rejection::Rejection;
use super::routes::Route;
use super::{merchant, strictness};
use crate::kernel::Sandbox;

const COMMANDS: [&str; 1] = ["AccountBalance"];
/// A till, a short code.
const IDENTIFIER_TYPES: [&str; 2] = ["2", "4"];

/// `POST /mpesa/accountbalance/v1/query`.
pub fn request(
    sandbox: &mut Sandbox,
    request: &Request,
    route: &Route,
) -> Result<Response, Rejection> {
    let body = Object::read(request, route.required)?;
    let head = Head::read(&body, "Initiator", strictness(sandbox, request))?;
    let command = body.word("CommandID", &COMMANDS)?;
    body.word("IdentifierType", &IDENTIFIER_TYPES)?;
    let subject = Subject {
        kind: OrderKind::Balance,
        command,
        shortcode: body.shortcode("PartyA")?,
        payee: String::new(),
        phone: None,
        amount: None,
        subject: String::new(),
        originator_id: None,
    };
    let (order, verdict) = order::take(sandbox, head, subject);
    order::later(sandbox, &order, verdict);
    Ok(order::acknowledged(&order))
}

/// Tells all five accounts in one text.
pub fn due(sandbox: &mut Sandbox, order: &Order) {
    let nothing = Money::zero(Currency::KES);
    let held = |account| merchant::held(sandbox, &account);
    let working = held(merchant::working(&order.shortcode));
    let utility = held(merchant::utility(&order.shortcode));
    let accounts = [
        ("Working Account", working),
        ("Float Account", nothing),
        ("Utility Account", utility),
        ("Charges Paid Account", nothing),
        ("Organization Settlement Account", nothing),
    ];
    let lines = accounts.map(|(name, held)| order::account_line(name, held));
    let at = Eat::from(sandbox.now()).compact();
    let facts = vec![
        Parameter::new("AccountBalance", Scalar::text(lines.join("&"))),
        Parameter::new("BOCompletedTime", Scalar::text(at)),
    ];
    order::end(sandbox, order, Ending::new("0", facts));
}
