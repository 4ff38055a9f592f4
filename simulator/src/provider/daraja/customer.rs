//! Payments that customers make by themselves (C2B): the merchant is asked, if it wants to be, and
//! told once.

use amana_core::http::{Request, Response};
use amana_core::provider::daraja::eat::Eat;
use amana_core::provider::daraja::wire::c2b::{Acknowledgement, Payment, ValidationAnswer};
use amana_core::provider::daraja::wire::stk::TRANSACTION_TYPES;
use amana_core::time::Span;
use amana_core::{Money, Msisdn};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::body::Object;
use super::books::{Addresses, BooksEvent, Movement, MovementKind, Offer};
use super::callback::Post;
use super::rejection::{Rejection, json};
use super::routes::{C2bVersion, Route};
use super::{NAME, callback, id, is_live, merchant, movement, strictness};
use crate::kernel::Sandbox;
use crate::kernel::callback::{Attempt, Callback};
use crate::kernel::ledger::{Account, Posting};

/// Asks the merchant whether a payment is wanted.
pub const VALIDATION: &str = "c2b_validation";
/// Tells the merchant of a payment.
pub const CONFIRMATION: &str = "c2b_confirmation";

/// How long the merchant has for its answer.
const ANSWER_MAX_MILLIS: u32 = 8_000;
/// What happens without an answer. One cell of the documents, and some clients, spell the second
/// with one `l`.
const RESPONSE_TYPES: [&str; 3] = ["Completed", "Cancelled", "Canceled"];
/// The longest account with the merchant.
const ACCOUNT_MAX: usize = 20;

/// `POST /mpesa/c2b/v{1,2}/registerurl`.
pub fn register(
    sandbox: &mut Sandbox,
    request: &Request,
    route: &Route,
    version: C2bVersion,
) -> Result<Response, Rejection> {
    let body = Object::read(request, route.required)?;
    let strict = strictness(sandbox, request);
    let shortcode = body.shortcode("ShortCode")?;
    let response_type = body.word("ResponseType", &RESPONSE_TYPES)?;
    let confirmation = body.url("ConfirmationURL", strict)?;
    let validation = body.url("ValidationURL", strict)?;
    known(sandbox, &shortcode)?;
    let is_registered = sandbox
        .state()
        .providers
        .daraja
        .addresses(&shortcode)
        .is_some();
    if is_registered && is_live(request) {
        return Err(Rejection::urls_registered());
    }
    let addresses = Addresses {
        shortcode,
        hashed: version == C2bVersion::V1,
        completes: response_type == RESPONSE_TYPES[0],
        confirmation: callback::target(sandbox, confirmation, CONFIRMATION),
        validation: callback::target(sandbox, validation, VALIDATION),
    };
    sandbox.emit(BooksEvent::Registered(Box::new(addresses)));
    let text = match version {
        C2bVersion::V1 => "success",
        C2bVersion::V2 => "Success",
    };
    Ok(acknowledged(sandbox, text))
}

fn known(sandbox: &Sandbox, shortcode: &str) -> Result<(), Rejection> {
    let rule = "the short code must be one in the settings";
    match merchant::find(&sandbox.settings().daraja, shortcode) {
        Some(_) => Ok(()),
        None => Err(Rejection::field("ShortCode", rule)),
    }
}

fn acknowledged(sandbox: &mut Sandbox, text: &str) -> Response {
    let id = id::gateway(sandbox);
    let recorded = Acknowledgement {
        originator_coversation_id: id.clone(),
        conversation_id: None,
        response_code: "0".to_owned(),
        response_description: text.to_owned(),
    };
    match sandbox.settings().daraja.behaviour.c2b_every_spelling {
        false => json(200, &recorded),
        true => json(200, &EverySpelling::of(recorded, id)),
    }
}

/// The acknowledgement with the id also under the keys that some client libraries look for: they
/// follow documents that nobody has seen the provider keep to.
#[derive(Serialize)]
struct EverySpelling {
    #[serde(flatten)]
    recorded: Acknowledgement,
    #[serde(rename = "OriginatorConversationID")]
    correct: String,
    #[serde(rename = "OriginatorConverstionID")]
    misspelt: String,
}

impl EverySpelling {
    fn of(recorded: Acknowledgement, id: String) -> Self {
        Self {
            recorded,
            correct: id.clone(),
            misspelt: id,
        }
    }
}

/// `POST /mpesa/c2b/v{1,2}/simulate`.
pub fn simulate(
    sandbox: &mut Sandbox,
    request: &Request,
    route: &Route,
) -> Result<Response, Rejection> {
    if is_live(request) {
        return Err(Rejection::not_found(route.family));
    }
    let body = Object::read(request, route.required)?;
    let shortcode = body.shortcode("ShortCode")?;
    let command = body.word("CommandID", &TRANSACTION_TYPES)?;
    let amount = body.shillings("Amount")?;
    let phone = body.phone("Msisdn")?;
    let account = body.text("BillRefNumber");
    let is_till = command == TRANSACTION_TYPES[1];
    let fits = account.chars().count() <= ACCOUNT_MAX && (is_till || !account.is_empty());
    if !fits {
        let rule = "a payment to a pay bill names an account of at most 20 characters";
        return Err(Rejection::field("BillRefNumber", rule));
    }
    known(sandbox, &shortcode)?;
    // INVARIANT: opening balances are within what an account can hold.
    let _ = merchant::open(sandbox, &shortcode);
    sandbox.ensure_phone(phone);
    offer(sandbox, phone, amount, (&shortcode, &account, is_till));
    Ok(acknowledged(
        sandbox,
        "Accept the service request successfully.",
    ))
}

fn offer(
    sandbox: &mut Sandbox,
    phone: Msisdn,
    amount: Money,
    (shortcode, account, is_till): (&str, &str, bool),
) {
    let offer = Offer {
        receipt: id::receipt(sandbox),
        kind: match is_till {
            true => MovementKind::BuyGoods,
            false => MovementKind::PayBill,
        },
        shortcode: shortcode.to_owned(),
        phone,
        amount,
        account: account.to_owned(),
        at: sandbox.now(),
    };
    let key = format!("offer:{}", offer.receipt);
    let delay = sandbox.settings().daraja.behaviour.result_delay.span();
    sandbox.emit(BooksEvent::Offered(Box::new(offer)));
    sandbox.set_timer(NAME, delay, &key);
}

/// The payment has come through the network: asks the merchant, or makes it at once.
pub fn arrived(sandbox: &mut Sandbox, receipt: &str) {
    let books = &sandbox.state().providers.daraja;
    let Some(offer) = books.offer(receipt).cloned() else {
        return;
    };
    let addresses = books.addresses(&offer.shortcode).cloned();
    let merchant = merchant::named(&sandbox.settings().daraja, &offer.shortcode);
    match addresses {
        Some(addresses) if merchant.settings.external_validation => {
            let body = payment(sandbox, &planned(&offer), addresses.hashed, (None, ""));
            let post = Post {
                operation: VALIDATION,
                reference: &offer.receipt,
                phone: Some(offer.phone),
                target: &addresses.validation,
                shortcode: None,
                after: Span::ZERO,
            };
            callback::post(sandbox, &post, &body);
        }
        Some(_) | None => make(sandbox, &offer, ""),
    }
}

/// The merchant has answered, or not in time; then what it registered decides.
pub fn validated(sandbox: &mut Sandbox, callback: &Callback, attempt: &Attempt) {
    let books = &sandbox.state().providers.daraja;
    let Some(offer) = books.offer(&callback.reference).cloned() else {
        return;
    };
    let completes = books
        .addresses(&offer.shortcode)
        .is_none_or(|known| known.completes);
    match answer(attempt) {
        Some(answer) if is_zero(answer.result_code.as_str()) => {
            let theirs = answer.third_party_trans_id;
            make(
                sandbox,
                &offer,
                theirs.as_ref().map_or("", |id| id.as_str()),
            );
        }
        Some(answer) => {
            let rule = format!(
                "the merchant rejected it with {}",
                answer.result_code.as_str()
            );
            refuse(sandbox, &offer, &rule);
        }
        None if completes => make(sandbox, &offer, ""),
        None => refuse(
            sandbox,
            &offer,
            "the merchant did not answer, and had said to cancel then",
        ),
    }
}

fn answer(attempt: &Attempt) -> Option<ValidationAnswer> {
    let in_time = attempt.is_success() && attempt.millis <= ANSWER_MAX_MILLIS;
    in_time
        .then(|| serde_json::from_slice(&attempt.body).ok())
        .flatten()
}

fn is_zero(code: &str) -> bool {
    !code.is_empty() && code.bytes().all(|b| b == b'0')
}

/// Moves the money and tells the merchant. Without the money, nothing happens and nobody is told.
fn make(sandbox: &mut Sandbox, offer: &Offer, third_party_id: &str) {
    let posting = Posting::new(Some(NAME), &offer.receipt, "customer payment").transfer(
        Account::Wallet(offer.phone),
        merchant::utility(&offer.shortcode),
        offer.amount,
    );
    if sandbox.post(posting).is_err() {
        refuse(sandbox, offer, "the customer's wallet does not hold enough");
        return;
    }
    sandbox.emit(BooksEvent::OfferAnswered {
        receipt: offer.receipt.clone(),
        accepted: true,
    });
    let moved = Movement {
        at: sandbox.now(),
        ..planned(offer)
    };
    movement::record(sandbox, moved.clone());
    confirm(sandbox, &moved, third_party_id);
}

fn refuse(sandbox: &mut Sandbox, offer: &Offer, rule: &str) {
    sandbox.explain_refusal(NAME, None, rule);
    sandbox.emit(BooksEvent::OfferAnswered {
        receipt: offer.receipt.clone(),
        accepted: false,
    });
}

/// Tells the merchant of a payment, once, if it has an address for that.
pub fn confirm(sandbox: &mut Sandbox, movement: &Movement, third_party_id: &str) {
    let books = &sandbox.state().providers.daraja;
    let Some(addresses) = books.addresses(&movement.credit).cloned() else {
        return;
    };
    let balance = merchant::held(sandbox, &merchant::utility(&movement.credit));
    let told = (Some(balance), third_party_id);
    let body = payment(sandbox, movement, addresses.hashed, told);
    let post = Post {
        operation: CONFIRMATION,
        reference: &movement.receipt,
        phone: movement.phone,
        target: &addresses.confirmation,
        shortcode: None,
        after: Span::ZERO,
    };
    callback::post(sandbox, &post, &body);
}

/// The movement that an offer will be.
fn planned(offer: &Offer) -> Movement {
    Movement {
        receipt: offer.receipt.clone(),
        kind: offer.kind,
        at: offer.at,
        amount: offer.amount,
        debit: offer.phone.digits(),
        credit: offer.shortcode.clone(),
        phone: Some(offer.phone),
        account: offer.account.clone(),
        originator_id: String::new(),
        order_id: String::new(),
        reversed_by: None,
    }
}

/// What the merchant is asked (no balance yet) or told. Version 1 hashes the phone and writes
/// amounts without decimals; version 2 masks it and writes two.
fn payment(
    sandbox: &Sandbox,
    movement: &Movement,
    hashed: bool,
    (balance, third_party_id): (Option<Money>, &str),
) -> Payment {
    let phone = movement.phone.map(Msisdn::digits).unwrap_or_default();
    let known = movement
        .phone
        .and_then(|phone| sandbox.state().phone(phone));
    let name = known.and_then(|phone| phone.name.clone());
    let first_name = name
        .as_deref()
        .and_then(|name| name.split_whitespace().next());
    let amount = movement.amount.amount();
    Payment {
        transaction_type: match movement.kind {
            MovementKind::BuyGoods => "Buy Goods",
            MovementKind::PayBill
            | MovementKind::Payout
            | MovementKind::Business
            | MovementKind::Reversal => "Pay Bill",
        }
        .to_owned(),
        trans_id: movement.receipt.clone(),
        trans_time: Eat::from(movement.at).compact(),
        trans_amount: match hashed {
            true => amount.trim_end_matches(".00").to_owned(),
            false => amount,
        },
        business_short_code: movement.credit.clone(),
        bill_ref_number: movement.account.clone(),
        invoice_number: String::new(),
        org_account_balance: balance.map(Money::amount).unwrap_or_default(),
        third_party_trans_id: third_party_id.to_owned(),
        msisdn: match hashed {
            true => hex::encode(Sha256::digest(phone.as_bytes())),
            false => masked(&phone),
        },
        first_name: first_name.unwrap_or("TEST").to_uppercase(),
        middle_name: String::new(),
        last_name: String::new(),
    }
}

/// `2547 ***** 149`.
fn masked(digits: &str) -> String {
    let end = digits.len().saturating_sub(3);
    match (digits.get(..4), digits.get(end..)) {
        (Some(start), Some(end)) => format!("{start} ***** {end}"),
        (_, _) => digits.to_owned(),
    }
}
