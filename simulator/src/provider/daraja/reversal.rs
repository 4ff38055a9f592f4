//! Reversal: undoes a payment that the own short code received.

use amana_core::http::{Request, Response};
use amana_core::provider::daraja::eat::Eat;
use amana_core::provider::daraja::receipt::is_receipt;
use amana_core::provider::daraja::wire::Scalar;
use amana_core::provider::daraja::wire::result::Parameter;
use amana_core::{Currency, Money};

use super::body::Object;
use super::books::{BooksEvent, Movement, MovementKind, Order, OrderKind};
use super::order::{self, Ending, Head, Subject};
use super::rejection::Rejection;
use super::routes::Route;
use super::{NAME, id, merchant, movement, strictness};
use crate::kernel::Sandbox;
use crate::kernel::ledger::{Account, Posting};

const COMMANDS: [&str; 1] = ["TransactionReversal"];
/// That of reversals, and those that many clients send instead.
const IDENTIFIER_TYPES: [&str; 4] = ["11", "4", "2", "1"];

/// `POST /mpesa/reversal/v1/request`.
pub fn request(
    sandbox: &mut Sandbox,
    request: &Request,
    route: &Route,
) -> Result<Response, Rejection> {
    let body = Object::read(request, route.required)?;
    let head = Head::read(&body, "Initiator", strictness(sandbox, request))?;
    let command = body.word("CommandID", &COMMANDS)?;
    body.word("RecieverIdentifierType", &IDENTIFIER_TYPES)?;
    let receipt = body.text("TransactionID");
    if !is_receipt(&receipt) {
        let rule = "a receipt is ten capitals and digits";
        return Err(Rejection::field("TransactionID", rule));
    }
    let subject = Subject {
        kind: OrderKind::Reversal,
        command,
        shortcode: body.shortcode("ReceiverParty")?,
        payee: String::new(),
        phone: None,
        amount: Some(body.shillings("Amount")?),
        subject: receipt,
        originator_id: None,
    };
    let (order, verdict) = order::take(sandbox, head, subject);
    order::later(sandbox, &order, verdict);
    Ok(order::acknowledged(&order))
}

/// The result code that a reversal of this movement leads to, before money is looked at.
fn verdict(found: Option<&Movement>, order: &Order) -> Result<Movement, &'static str> {
    let found = found.ok_or("R000002")?;
    if found.reversed_by.is_some() {
        return Err("R000001");
    }
    // Only who was paid may ask; payouts and reversals stay.
    let stays = match found.kind {
        MovementKind::PayBill | MovementKind::BuyGoods | MovementKind::Business => false,
        MovementKind::Payout | MovementKind::Reversal => true,
    };
    if stays || found.credit != order.shortcode {
        return Err("2028");
    }
    // Whether parts can be reversed is not known; here they cannot.
    if order.amount != Some(found.amount) {
        return Err("2020");
    }
    Ok(found.clone())
}

/// Moves the money back.
pub fn due(sandbox: &mut Sandbox, order: &Order) {
    let books = &sandbox.state().providers.daraja;
    let found = match verdict(books.movement(&order.subject), order) {
        Ok(found) => found,
        Err(code) => return order::failed(sandbox, order, code),
    };
    let receipt = id::receipt(sandbox);
    let back = match found.phone {
        Some(phone) => Account::Wallet(phone),
        None => merchant::working(&found.debit),
    };
    let from = merchant::utility(&order.shortcode);
    let posting = Posting::new(Some(NAME), &receipt, "reversal").transfer(from, back, found.amount);
    if sandbox.post(posting).is_err() {
        order::failed(sandbox, order, "1");
        return;
    }
    sandbox.emit(BooksEvent::Reversed {
        receipt: found.receipt.clone(),
        by: receipt.clone(),
    });
    let moved = Movement {
        receipt: receipt.clone(),
        kind: MovementKind::Reversal,
        at: sandbox.now(),
        amount: found.amount,
        debit: order.shortcode.clone(),
        credit: found.debit.clone(),
        phone: found.phone,
        account: found.receipt.clone(),
        originator_id: order.originator_id.clone(),
        order_id: order.id.clone(),
        reversed_by: None,
    };
    movement::record(sandbox, moved);
    let ending = Ending {
        receipt: Some(receipt),
        ..Ending::new("0", facts(sandbox, order, &found))
    };
    order::end(sandbox, order, ending);
}

fn facts(sandbox: &Sandbox, order: &Order, found: &Movement) -> Vec<Parameter> {
    let held = merchant::held(sandbox, &merchant::utility(&order.shortcode));
    let at = Eat::from(sandbox.now()).compact();
    let credited = match found.phone {
        Some(phone) => movement::customer_name(sandbox, phone),
        None => merchant::named(&sandbox.settings().daraja, &found.debit).public_name(),
    };
    let line = order::account_line("Utility Account", held);
    vec![
        Parameter::new("DebitAccountBalance", Scalar::text(line)),
        Parameter::new("Amount", Scalar::amount(found.amount)),
        Parameter::new("TransCompletedTime", Scalar::number_if_digits(&at)),
        Parameter::new(
            "OriginalTransactionID",
            Scalar::text(found.receipt.as_str()),
        ),
        Parameter::new("Charge", Scalar::amount(Money::zero(Currency::KES))),
        Parameter::new("CreditPartyPublicName", Scalar::text(credited)),
        Parameter::new(
            "DebitPartyPublicName",
            Scalar::text(order::payer_name(sandbox, order)),
        ),
    ]
}
