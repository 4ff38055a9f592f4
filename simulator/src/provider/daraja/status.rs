//! Transaction status: how does a transaction of the own organisation stand?

use amana_core::http::{Request, Response};
use amana_core::provider::daraja::eat::Eat;
use amana_core::provider::daraja::receipt::is_receipt;
use amana_core::provider::daraja::wire::Scalar;
use amana_core::provider::daraja::wire::result::Parameter;
use amana_core::{Money, Timestamp};

use super::body::Object;
use super::books::{Movement, MovementKind, Order, OrderKind, Progress};
use super::order::{self, Ending, Head, Subject};
use super::rejection::Rejection;
use super::routes::Route;
use super::{merchant, movement, strictness};
use crate::kernel::Sandbox;

const COMMANDS: [&str; 1] = ["TransactionStatusQuery"];
/// A customer, a till, a short code.
const IDENTIFIER_TYPES: [&str; 3] = ["1", "2", "4"];
/// No such transaction. Only a client library knows this code; no recording of the case is known.
const UNKNOWN: &str = "2033";
/// Neither a receipt nor an order is named, or not in the right form.
const MALFORMED: &str = "25";

/// `POST /mpesa/transactionstatus/v1/query`.
pub fn request(
    sandbox: &mut Sandbox,
    request: &Request,
    route: &Route,
) -> Result<Response, Rejection> {
    let body = Object::read(request, route.required)?;
    let head = Head::read(&body, "Initiator", strictness(sandbox, request))?;
    let command = body.word("CommandID", &COMMANDS)?;
    body.word("IdentifierType", &IDENTIFIER_TYPES)?;
    // One document calls the order's id by this name, an older one by that.
    let subject = [
        "TransactionID",
        "OriginalConversationID",
        "OriginatorConversationID",
    ]
    .into_iter()
    .find_map(|key| body.optional(key));
    let subject = Subject {
        kind: OrderKind::Status,
        command,
        shortcode: body.shortcode("PartyA")?,
        payee: String::new(),
        phone: None,
        amount: None,
        subject: subject.unwrap_or_default(),
        originator_id: None,
    };
    let (order, verdict) = order::take(sandbox, head, subject);
    let named = !order.subject.is_empty();
    let verdict = verdict.or_else(|| (!named).then(|| MALFORMED.to_owned()));
    order::later(sandbox, &order, verdict);
    Ok(order::acknowledged(&order))
}

/// What is known of a transaction.
struct Known {
    movement: Option<Movement>,
    order: Option<Order>,
}

impl Known {
    fn find(sandbox: &Sandbox, asked: &Order) -> Option<Self> {
        let books = &sandbox.state().providers.daraja;
        let order = books
            .order_of(&asked.subject)
            .or_else(|| books.order(&asked.subject))
            .filter(|order| order.shortcode == asked.shortcode);
        let receipt = match order.map(|order| &order.progress) {
            Some(Progress::Ended { receipt, .. }) => receipt.as_deref(),
            Some(Progress::Open) => None,
            None => Some(asked.subject.as_str()),
        };
        let movement = receipt
            .and_then(|receipt| books.movement(receipt))
            .filter(|found| found.debit == asked.shortcode || found.credit == asked.shortcode);
        (order.is_some() || movement.is_some()).then(|| Self {
            movement: movement.cloned(),
            order: order.cloned(),
        })
    }

    const fn status(&self) -> &'static str {
        match (&self.movement, &self.order) {
            (Some(_), _) => "Completed",
            (None, Some(order)) => match order.progress {
                Progress::Open => "Initiated",
                Progress::Ended { .. } => "Declined",
            },
            (None, None) => "Expired",
        }
    }
}

/// Looks it up.
pub fn due(sandbox: &mut Sandbox, asked: &Order) {
    let Some(known) = Known::find(sandbox, asked) else {
        let plausible = is_receipt(&asked.subject) || asked.subject.len() > 12;
        let code = if plausible { UNKNOWN } else { MALFORMED };
        order::failed(sandbox, asked, code);
        return;
    };
    let ending = Ending {
        references: vec![order::occasion("Occasion", asked.occasion.as_deref())],
        ..Ending::new("0", facts(sandbox, &known))
    };
    order::end(sandbox, asked, ending);
}

fn facts(sandbox: &Sandbox, known: &Known) -> Vec<Parameter> {
    let (debit, credit) = parties(sandbox, known);
    let at = |at: Timestamp| Scalar::text(Eat::from(at).compact());
    let movement = known.movement.as_ref();
    let order = known.order.as_ref();
    let opened_at = order.map(|order| order.opened_at);
    let moved_at = movement.map(|movement| movement.at);
    let begun_at = opened_at.or(moved_at).unwrap_or(sandbox.now());
    let amount = movement.map(|moved| moved.amount).or_else(|| order?.amount);
    let ids = movement
        .map(|moved| (moved.originator_id.clone(), moved.order_id.clone()))
        .or_else(|| order.map(|order| (order.originator_id.clone(), order.id.clone())))
        .unwrap_or_default();
    let credit_key = match sandbox
        .settings()
        .daraja
        .behaviour
        .status_names_as_documented
    {
        true => "DebitPartyName",
        false => "CreditPartyName",
    };
    let (account, reason) = words(known);
    let receipt = movement.map_or("", |moved| moved.receipt.as_str());
    vec![
        Parameter::new("DebitPartyName", Scalar::text(debit)),
        Parameter::new(credit_key, Scalar::text(credit)),
        Parameter::new("OriginatorConversationID", Scalar::text(ids.0)),
        Parameter::new("InitiatedTime", at(begun_at)),
        Parameter::new("DebitAccountType", Scalar::text(account)),
        Parameter::new("DebitPartyCharges", Scalar::text("")),
        Parameter::bare("TransactionReason"),
        Parameter::new("ReasonType", Scalar::text(reason)),
        Parameter::new("TransactionStatus", Scalar::text(known.status())),
        Parameter::new("FinalisedTime", at(moved_at.unwrap_or(begun_at))),
        Parameter::new(
            "Amount",
            Scalar::text(amount.map(Money::amount).unwrap_or_default()),
        ),
        Parameter::new("ConversationID", Scalar::text(ids.1)),
        Parameter::new("ReceiptNo", Scalar::text(receipt)),
    ]
}

/// Who paid and who was paid, each with number and name.
fn parties(sandbox: &Sandbox, known: &Known) -> (String, String) {
    let business =
        |shortcode: &str| merchant::named(&sandbox.settings().daraja, shortcode).public_name();
    let (phone, debit, credit) = match (&known.movement, &known.order) {
        (Some(moved), _) => (moved.phone, moved.debit.clone(), moved.credit.clone()),
        (None, Some(order)) => {
            let payee = order
                .phone
                .map_or(order.payee.clone(), |phone| phone.digits());
            (order.phone, order.shortcode.clone(), payee)
        }
        (None, None) => (None, String::new(), String::new()),
    };
    let name = |party: &str| match phone {
        Some(phone) if phone.digits() == party => movement::customer_name(sandbox, phone),
        Some(_) | None => business(party),
    };
    (name(&debit), name(&credit))
}

/// The account that was debited, and what for.
fn words(known: &Known) -> (&'static str, &'static str) {
    let kind = match (&known.movement, &known.order) {
        (Some(moved), _) => moved.kind,
        (None, Some(order)) => match order.kind {
            OrderKind::Business => MovementKind::Business,
            OrderKind::Reversal => MovementKind::Reversal,
            OrderKind::Payout | OrderKind::Status | OrderKind::Balance => MovementKind::Payout,
        },
        (None, None) => MovementKind::PayBill,
    };
    match kind {
        MovementKind::PayBill => ("MMF Account For Customer", "Pay Bill Online"),
        MovementKind::BuyGoods => ("MMF Account For Customer", "Merchant Payment Online"),
        MovementKind::Payout => ("Utility Account", "Business Payment to Customer via API"),
        MovementKind::Business => ("Working Account", "Business to Business Transfer via API"),
        MovementKind::Reversal => ("Utility Account", "Transaction Reversal via API"),
    }
}
