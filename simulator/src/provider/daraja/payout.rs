//! B2C: a business pays a phone, from its utility account.

use amana_core::http::{Request, Response};
use amana_core::provider::daraja::eat::Eat;
use amana_core::provider::daraja::wire::Scalar;
use amana_core::provider::daraja::wire::order::PAYOUT_COMMANDS;
use amana_core::provider::daraja::wire::result::Parameter;
use amana_core::time::Span;
use amana_core::{Currency, Money, Msisdn};

use super::body::Object;
use super::books::{Movement, MovementKind, Order, OrderKind, Progress};
use super::order::{self, Ending, Head, Subject};
use super::rejection::Rejection;
use super::routes::{PayoutKind, Route};
use super::{NAME, id, merchant, movement, strictness};
use crate::kernel::Sandbox;
use crate::kernel::ledger::{Account, Posting};
use crate::kernel::phone::{NewPrompt, Operation, Outcome, PromptAnswer};

/// After so long the provider gives up waiting for its own network.
const QUEUE_EXPIRY: Span = Span::from_secs(60);
/// What a payout to the business wallet of a person is for.
const POCHI_COMMANDS: [&str; 1] = ["BusinessPayToPochi"];
/// National, military, alien and diplomatic identity, and passport.
const ID_TYPES: [&str; 5] = ["01", "02", "03", "04", "05"];

/// `POST /mpesa/b2c/v{1,3}/paymentrequest` and its relatives.
pub fn request(
    sandbox: &mut Sandbox,
    request: &Request,
    route: &Route,
    kind: PayoutKind,
) -> Result<Response, Rejection> {
    let body = Object::read(request, route.required)?;
    let head = Head::read(&body, "InitiatorName", strictness(sandbox, request))?;
    let subject = subject(&body, kind)?;
    if kind == PayoutKind::V3 {
        check_v3(sandbox, &subject)?;
    }
    let id_type_known = kind != PayoutKind::Checked || is_id_type(&body);
    let (order, verdict) = order::take(sandbox, head, subject);
    let verdict = verdict
        .or_else(|| (!id_type_known).then(|| "R002".to_owned()))
        .or_else(|| limit(sandbox, &order).map(str::to_owned));
    match verdict {
        Some(code) => order::later(sandbox, &order, Some(code)),
        None => announce(sandbox, &order),
    }
    Ok(order::acknowledged(&order))
}

fn subject(body: &Object<'_>, kind: PayoutKind) -> Result<Subject, Rejection> {
    let commands: &[&str] = match kind {
        PayoutKind::V1 | PayoutKind::V3 | PayoutKind::Checked => &PAYOUT_COMMANDS,
        PayoutKind::Pochi => &POCHI_COMMANDS,
    };
    let given_id = match kind {
        PayoutKind::V1 | PayoutKind::Checked => None,
        PayoutKind::V3 | PayoutKind::Pochi => body.optional("OriginatorConversationID"),
    };
    Ok(Subject {
        kind: OrderKind::Payout,
        command: body.word("CommandID", commands)?,
        shortcode: body.shortcode("PartyA")?,
        payee: String::new(),
        phone: Some(body.phone("PartyB")?),
        amount: Some(body.shillings("Amount")?),
        subject: String::new(),
        originator_id: given_id,
    })
}

/// Version 3 must be enabled, and is the only interface that knows an order by the caller's id.
fn check_v3(sandbox: &Sandbox, subject: &Subject) -> Result<(), Rejection> {
    let merchant = merchant::named(&sandbox.settings().daraja, &subject.shortcode);
    if !merchant.settings.b2c_v3 {
        return Err(Rejection::not_enabled());
    }
    let books = &sandbox.state().providers.daraja;
    match subject
        .originator_id
        .as_deref()
        .and_then(|id| books.order_of(id))
    {
        Some(_) => Err(Rejection::duplicate_originator()),
        None => Ok(()),
    }
}

fn is_id_type(body: &Object<'_>) -> bool {
    ID_TYPES.contains(&body.text("IDType").as_str())
}

fn limit(sandbox: &Sandbox, order: &Order) -> Option<&'static str> {
    let (phone, amount) = (order.phone?, order.amount?);
    if movement::is_too_little(amount) {
        Some("2")
    } else if movement::is_too_much(&sandbox.settings().daraja, amount) {
        Some("3")
    } else {
        movement::wallet_limit(sandbox, phone, amount, true)
    }
}

fn announce(sandbox: &mut Sandbox, order: &Order) {
    let (Some(msisdn), Some(amount)) = (order.phone, order.amount) else {
        return;
    };
    sandbox.open_prompt(NewPrompt {
        provider: NAME,
        operation: Operation::PayOut,
        msisdn,
        amount,
        charge: Money::zero(Currency::KES),
        text: format!("You are paid {}", amount.grouped()),
        reference: order.id.as_str().into(),
        expires_after: QUEUE_EXPIRY,
    });
}

/// The network has answered.
pub fn answered(sandbox: &mut Sandbox, answer: &PromptAnswer) {
    let books = &sandbox.state().providers.daraja;
    let Some(order) = books.order(&answer.prompt.reference).cloned() else {
        return;
    };
    if order.progress.has_succeeded() {
        return;
    }
    match code(answer.outcome) {
        None => order::timed_out(sandbox, &order, answer.callbacks),
        Some("0") => pay(sandbox, &order, answer.callbacks),
        Some(code) => fail(sandbox, &order, code, answer.callbacks),
    }
}

/// The result code of what happened on the way to a phone; none if nothing did in time.
pub const fn code(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Approved => Some("0"),
        Outcome::InsufficientFunds => Some("1"),
        Outcome::LimitExceeded => Some("8"),
        Outcome::Locked => Some("2006"),
        Outcome::Unreachable => Some("17"),
        Outcome::Cancelled => Some("2040"),
        Outcome::WrongPin => Some("2001"),
        Outcome::Expired => None,
    }
}

fn pay(sandbox: &mut Sandbox, order: &Order, callbacks: u8) {
    let (Some(phone), Some(amount)) = (order.phone, order.amount) else {
        return;
    };
    let receipt = id::receipt(sandbox);
    let utility = merchant::utility(&order.shortcode);
    let posting = Posting::new(Some(NAME), &receipt, "payout").transfer(
        utility,
        Account::Wallet(phone),
        amount,
    );
    if sandbox.post(posting).is_err() {
        // One that timed out stays as it was reported.
        if order.progress == Progress::Open {
            fail(sandbox, order, "1", callbacks);
        }
        return;
    }
    movement::record(sandbox, moved(sandbox, order, &receipt, (phone, amount)));
    let ending = Ending {
        receipt: Some(receipt.clone()),
        callbacks,
        after: sandbox.settings().daraja.behaviour.result_delay.span(),
        ..Ending::new("0", facts(sandbox, order, &receipt, (phone, amount)))
    };
    order::end(sandbox, order, ending);
}

fn fail(sandbox: &mut Sandbox, order: &Order, code: &str, callbacks: u8) {
    let ending = Ending {
        callbacks,
        after: sandbox.settings().daraja.behaviour.result_delay.span(),
        ..Ending::new(code, order::failure_facts(sandbox, order))
    };
    order::end(sandbox, order, ending);
}

fn moved(
    sandbox: &Sandbox,
    order: &Order,
    receipt: &str,
    (phone, amount): (Msisdn, Money),
) -> Movement {
    Movement {
        receipt: receipt.to_owned(),
        kind: MovementKind::Payout,
        at: sandbox.now(),
        amount,
        debit: order.shortcode.clone(),
        credit: phone.digits(),
        phone: Some(phone),
        account: String::new(),
        originator_id: order.originator_id.clone(),
        order_id: order.id.clone(),
        reversed_by: None,
    }
}

fn facts(
    sandbox: &Sandbox,
    order: &Order,
    receipt: &str,
    (phone, amount): (Msisdn, Money),
) -> Vec<Parameter> {
    let held = |account| Scalar::amount(merchant::held(sandbox, &account));
    let whole = u64::try_from(amount.minor() / 100).unwrap_or(0);
    let at = Eat::from(sandbox.now()).dotted();
    let nothing = Money::zero(Currency::KES);
    let utility = held(merchant::utility(&order.shortcode));
    let working = held(merchant::working(&order.shortcode));
    vec![
        Parameter::new("TransactionAmount", Scalar::integer(whole)),
        Parameter::new("TransactionReceipt", Scalar::text(receipt)),
        Parameter::new(
            "ReceiverPartyPublicName",
            Scalar::text(movement::customer_name(sandbox, phone)),
        ),
        Parameter::new("TransactionCompletedDateTime", Scalar::text(at)),
        Parameter::new("B2CUtilityAccountAvailableFunds", utility),
        Parameter::new("B2CWorkingAccountAvailableFunds", working),
        Parameter::new("B2CRecipientIsRegisteredCustomer", Scalar::text("Y")),
        Parameter::new(
            "B2CChargesPaidAccountAvailableFunds",
            Scalar::amount(nothing),
        ),
    ]
}
