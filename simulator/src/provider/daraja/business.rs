//! B2B: a business pays a business, from its working account.

use amana_core::Money;
use amana_core::http::{Request, Response};
use amana_core::provider::daraja::eat::Eat;
use amana_core::provider::daraja::wire::Scalar;
use amana_core::provider::daraja::wire::order::BUSINESS_COMMANDS;
use amana_core::provider::daraja::wire::result::Parameter;

use super::body::Object;
use super::books::{Movement, MovementKind, Order, OrderKind};
use super::order::{self, Ending, Head, Subject};
use super::rejection::Rejection;
use super::routes::{BusinessKind, Route};
use super::{NAME, id, merchant, movement, strictness};
use crate::kernel::Sandbox;
use crate::kernel::ledger::{Account, Posting};
use crate::kernel::settings::ShortcodeKind;

const PAY_BILL: &str = "BusinessPayBill";
const TAX_COMMANDS: [&str; 1] = ["PayTaxToKRA"];
/// The only short code that takes taxes.
const REVENUE_AUTHORITY: &str = "572572";
/// A till, a short code.
const IDENTIFIER_TYPES: [&str; 2] = ["2", "4"];
/// The longest account with the business that is paid.
const ACCOUNT_MAX: usize = 13;

/// `POST /mpesa/b2b/v1/paymentrequest` and `/mpesa/b2b/v1/remittax`.
pub fn request(
    sandbox: &mut Sandbox,
    request: &Request,
    route: &Route,
    kind: BusinessKind,
) -> Result<Response, Rejection> {
    let body = Object::read(request, route.required)?;
    let head = Head::read(&body, "Initiator", strictness(sandbox, request))?;
    let subject = subject(&body, kind)?;
    let identifier = body.word("RecieverIdentifierType", &IDENTIFIER_TYPES)?;
    let payee = merchant::named(&sandbox.settings().daraja, &subject.payee);
    // A till is known by another type than a pay bill; the other way round nobody is found.
    let is_mistaken = match payee.kind {
        Some(ShortcodeKind::Till) => identifier != "2",
        Some(ShortcodeKind::Paybill) => identifier != "4",
        None => false,
    };
    // INVARIANT: opening balances are within what an account can hold.
    let _ = merchant::open(sandbox, &subject.payee);
    let (order, verdict) = order::take(sandbox, head, subject);
    let settings = &sandbox.settings().daraja;
    let too_much = order
        .amount
        .is_some_and(|amount| movement::is_too_much(settings, amount));
    let verdict = verdict
        .or_else(|| is_mistaken.then(|| "SFC_IC0003".to_owned()))
        .or_else(|| too_much.then(|| "3".to_owned()));
    order::later(sandbox, &order, verdict);
    Ok(order::acknowledged(&order))
}

fn subject(body: &Object<'_>, kind: BusinessKind) -> Result<Subject, Rejection> {
    let commands: &[&str] = match kind {
        BusinessKind::Any => &BUSINESS_COMMANDS,
        BusinessKind::Tax => &TAX_COMMANDS,
    };
    let command = body.word("CommandID", commands)?;
    body.word("SenderIdentifierType", &IDENTIFIER_TYPES)?;
    let payee = body.shortcode("PartyB")?;
    if kind == BusinessKind::Tax && payee != REVENUE_AUTHORITY {
        return Err(Rejection::field("PartyB", "taxes go to 572572"));
    }
    let account = body.text("AccountReference");
    let needs_account = command == PAY_BILL && account.is_empty();
    if needs_account || account.chars().count() > ACCOUNT_MAX {
        let rule = "a payment to a pay bill names an account of at most 13 characters";
        return Err(Rejection::field("AccountReference", rule));
    }
    Ok(Subject {
        kind: OrderKind::Business,
        command,
        shortcode: body.shortcode("PartyA")?,
        payee,
        phone: None,
        amount: Some(body.shillings("Amount")?),
        subject: account,
        originator_id: None,
    })
}

/// From where to where: mostly from the working account into the other's utility account.
fn accounts(order: &Order) -> (Account, Account) {
    match order.command.as_str() {
        "BusinessTransferFromUtilityToMMF" | "MerchantTransferFromMerchantToWorking" => (
            merchant::utility(&order.shortcode),
            merchant::working(&order.payee),
        ),
        _ => (
            merchant::working(&order.shortcode),
            merchant::utility(&order.payee),
        ),
    }
}

/// Moves the money.
pub fn due(sandbox: &mut Sandbox, order: &Order) {
    let Some(amount) = order.amount else { return };
    let receipt = id::receipt(sandbox);
    let (from, to) = accounts(order);
    let posting = Posting::new(Some(NAME), &receipt, "business payment").transfer(from, to, amount);
    if sandbox.post(posting).is_err() {
        order::failed(sandbox, order, "1");
        return;
    }
    let moved = Movement {
        receipt: receipt.clone(),
        kind: MovementKind::Business,
        at: sandbox.now(),
        amount,
        debit: order.shortcode.clone(),
        credit: order.payee.clone(),
        phone: None,
        account: order.subject.clone(),
        originator_id: order.originator_id.clone(),
        order_id: order.id.clone(),
        reversed_by: None,
    };
    movement::record(sandbox, moved);
    let ending = Ending {
        receipt: Some(receipt),
        references: references(order),
        ..Ending::new("0", facts(sandbox, order, amount))
    };
    order::end(sandbox, order, ending);
}

fn facts(sandbox: &Sandbox, order: &Order, amount: Money) -> Vec<Parameter> {
    let (from, _) = accounts(order);
    let held = merchant::held(sandbox, &from);
    let payee = merchant::named(&sandbox.settings().daraja, &order.payee);
    let balance = || Scalar::text(amount_text(held));
    let line = order::account_line("Working Account", held);
    let at = Eat::from(sandbox.now()).compact();
    vec![
        Parameter::new("DebitAccountBalance", balance()),
        Parameter::new("Amount", Scalar::text(amount.amount())),
        Parameter::new("DebitPartyAffectedAccountBalance", Scalar::text(line)),
        Parameter::new("TransCompletedTime", Scalar::text(at)),
        Parameter::new("DebitPartyCharges", Scalar::text("")),
        Parameter::new("ReceiverPartyPublicName", Scalar::text(payee.public_name())),
        Parameter::new("Currency", Scalar::text("KES")),
        Parameter::new("InitiatorAccountCurrentBalance", balance()),
    ]
}

/// A notation of the provider's own that is not JSON; the first number is cents.
fn amount_text(amount: Money) -> String {
    format!(
        "{{Amount={{CurrencyCode=KES, MinimumAmount={}, BasicAmount={}}}}}",
        amount.minor(),
        amount.amount()
    )
}

fn references(order: &Order) -> Vec<Parameter> {
    let account = Parameter::new("BillReferenceNumber", Scalar::text(order.subject.as_str()));
    // Of the documents' samples only those whose request named it have it.
    let occasion = order
        .occasion
        .as_deref()
        .map(|text| order::occasion("Occassion", Some(text)));
    [Some(account), occasion].into_iter().flatten().collect()
}
