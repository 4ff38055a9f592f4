//! `POST /payments/checkout`: the buyer is asked for the money.

use std::collections::BTreeMap;

use amana_core::escrow::{FailureReason, Intent, Phase, Status, Terms};
use amana_core::http::Request;
use amana_core::reference::{ContractId, TransactionId};
use amana_core::{Currency, Money, Msisdn};

use super::body::Body;
use super::event::PaymentsEvent;
use super::problem::Problem;
use super::routes::{Answer, json};
use super::shape::{GuideCheckout, ReferencePayment, Shape};
use super::{contracts, effects, engine};
use crate::kernel::{Sandbox, ServiceName};

/// Payment types that ask for a part of the contract; any other asks for all it still needs.
const PART_TYPES: [&str; 4] = ["deposit", "instalment", "milestone", "partial"];

/// What a checkout asks for, in either shape.
struct Checkout {
    shape: Shape,
    contract_id: ContractId,
    phone: Msisdn,
    amount: Money,
    is_part: bool,
    metadata: BTreeMap<String, String>,
}

/// Asks the buyer for the money.
///
/// # Errors
/// [`Problem`]: 404 for an unknown contract, 422 for a wrong member, 402 if the provider refuses at
/// once, 503 if it does not answer, 409 if a payment is under way already.
pub fn checkout(sandbox: &mut Sandbox, request: &Request) -> Answer {
    let wanted = read(&request.body)?;
    let terms = terms(sandbox, &wanted)?;
    engine::check_request(sandbox, &terms)?;
    let id = terms.transaction_id;
    let channel = channel(sandbox)?;
    sandbox.emit(PaymentsEvent::Opened {
        transaction_id: id,
        payment_id: sandbox.state().payments.next_number(),
        channel,
        shape: wanted.shape,
        metadata: metadata(&wanted, id),
    });
    engine::issue(sandbox, id, &effects::operator(Intent::Request { terms }))?;
    answer(sandbox, id)
}

fn read(bytes: &[u8]) -> Result<Checkout, Problem> {
    let mut body = Body::read(bytes)?;
    let guide = body.has("currency_code") || body.has("metadata");
    let (shape, currency) = match guide {
        true => (Shape::Guide, "currency_code"),
        false => (Shape::Reference, "currency"),
    };
    let contract_id = body.required("contract_id");
    let phone = body.required("phone_number");
    let currency = match body.has(currency) {
        true => body.parsed(currency),
        false => Some(Currency::KES),
    };
    let amount = body.required_amount("amount", currency);
    let payment_type = body.text("payment_type").unwrap_or_default();
    let metadata = body.facts("metadata");
    let read = contract_id
        .zip(phone)
        .zip(amount)
        .map(|((contract_id, phone), amount)| Checkout {
            shape,
            contract_id,
            phone,
            amount,
            is_part: PART_TYPES.contains(&payment_type.as_str()),
            metadata,
        });
    body.finish(read)
}

/// The terms of the payment, checked against the contract.
fn terms(sandbox: &Sandbox, wanted: &Checkout) -> Result<Terms, Problem> {
    let contract = contracts::find(sandbox, wanted.contract_id)?;
    let agreed = &contract.terms;
    if wanted.phone != agreed.buyer {
        let msg = "the phone number is not the buyer's of the contract";
        return Err(Problem::field(
            "phone_number",
            msg,
            "value_error.contract.buyer",
        ));
    }
    let named: Option<Result<Msisdn, _>> =
        wanted.metadata.get("seller_phone").map(|text| text.parse());
    match named {
        Some(Err(error)) => return Err(Problem::value("metadata.seller_phone", &error)),
        Some(Ok(phone)) if phone != agreed.seller => {
            let msg = "the phone number is not the seller's of the contract";
            let kind = "value_error.contract.seller";
            return Err(Problem::field("metadata.seller_phone", msg, kind));
        }
        Some(Ok(_)) | None => {}
    }
    if wanted.amount.currency() != agreed.total.currency() {
        let field = if wanted.shape == Shape::Guide {
            "currency_code"
        } else {
            "currency"
        };
        let msg = format!("the contract is in {}", agreed.total.currency());
        return Err(Problem::field(field, msg, "value_error.contract.currency"));
    }
    for id in contract.payments.keys() {
        if contract.payments[id].status == Status::Pending {
            let sentence = format!("Payment {id} is waiting for the buyer already");
            return Err(Problem::Sentence(409, sentence));
        }
    }
    let transaction_id = TransactionId::new(wanted.contract_id, contract.next_attempt());
    if let amana_core::escrow::Standing::Open { outstanding } = contract.standing(transaction_id) {
        if outstanding.is_zero() {
            let sentence = format!("Contract {} is paid already", wanted.contract_id);
            return Err(Problem::Sentence(409, sentence));
        }
        if wanted.amount != outstanding && !wanted.is_part {
            let msg = format!("the contract is for {}", outstanding.grouped());
            return Err(Problem::field("amount", msg, "value_error.contract.amount"));
        }
    }
    let (buyer, seller) = (agreed.buyer, agreed.seller);
    Ok(Terms {
        transaction_id,
        buyer,
        seller,
        amount: wanted.amount,
    })
}

/// What the provider is given to carry along: the caller's facts, and ours.
fn metadata(wanted: &Checkout, id: TransactionId) -> BTreeMap<String, String> {
    let mut metadata = wanted.metadata.clone();
    metadata.insert("contract_id".to_owned(), wanted.contract_id.to_string());
    metadata.insert("transaction_id".to_owned(), id.to_string());
    metadata
}

pub fn channel(sandbox: &Sandbox) -> Result<ServiceName, Problem> {
    let name = &sandbox.settings().payments_api.channel;
    ServiceName::find(name)
        .filter(|service| *service != ServiceName::PAYMENTS)
        .ok_or_else(|| Problem::Sentence(503, format!("Payment channel {name} is not available")))
}

/// The payment as it stands now that the provider has been asked.
fn answer(sandbox: &Sandbox, id: TransactionId) -> Answer {
    let Some((record, payment)) = sandbox.state().payments.payment(id) else {
        return Err(Problem::Sentence(
            500,
            "the payment was not opened".to_owned(),
        ));
    };
    if let Phase::Failed(failed) = &payment.phase {
        let status = match failed.reason {
            FailureReason::ProviderError => 503,
            FailureReason::Declined
            | FailureReason::CancelledByPayer
            | FailureReason::InsufficientFunds
            | FailureReason::WrongPin
            | FailureReason::LimitExceeded
            | FailureReason::PayerUnreachable
            | FailureReason::Expired
            | FailureReason::Underpaid
            | FailureReason::CurrencyMismatch
            | FailureReason::ContractClosed
            | FailureReason::Reversed => 402,
        };
        let sentence = format!("Payment {id} failed: {}", failed.reason.sentence());
        return Err(Problem::Sentence(status, sentence));
    }
    if payment.provider_reference.is_none() {
        let sentence = format!("The provider did not answer; payment {id} is pending");
        return Err(Problem::Sentence(503, sentence));
    }
    match record.shape {
        Shape::Guide => json(200, &GuideCheckout::of(payment)),
        Shape::Reference => json(200, &ReferencePayment::of(record, payment)),
    }
}
