//! `POST /payments/release`, `/refund`, `/dispute` and `/rule`: the caller attests what the parties and
//! the mediator have said.
//!
//! The caller names the parties that have confirmed; each counts as a confirmation through the API,
//! and stands as that in the history. The engine's rule is the same as for a text message: without
//! both, nothing is released.

use amana_core::escrow::{Actor, Channel, Command, Hold, Intent, Phase, Rejection, Ruling, Status};
use amana_core::http::Request;
use amana_core::reference::TransactionId;
use amana_core::{Msisdn, Party};

use super::body::Body;
use super::guard::Refusal;
use super::problem::Problem;
use super::routes::{Answer, json};
use super::shape::GuidePayment;
use super::{effects, engine};
use crate::kernel::Sandbox;

/// Releases the money to the seller, if both parties have confirmed by now.
///
/// # Errors
/// [`Problem`]: 409 naming the party whose confirmation is missing.
pub fn release(sandbox: &mut Sandbox, request: &Request) -> Answer {
    let (id, attested) = read(sandbox, &request.body, "confirmed_by")?;
    let hold = locked(sandbox, id)?;
    let has = |party| match party {
        Party::Seller => hold.delivery.is_some(),
        Party::Buyer => hold.acceptance.is_some(),
        Party::Mediator => true,
    };
    let missing = [
        (Party::Seller, "delivery confirmation"),
        (Party::Buyer, "acceptance"),
    ]
    .into_iter()
    .filter(|(party, _)| !has(*party) && !attested.contains(party))
    .map(|(party, what)| format!("the {}'s {what}", party.name()))
    .collect::<Vec<_>>();
    if !missing.is_empty() {
        let sentence = format!("Release refused: missing {}", missing.join(" and "));
        return Err(Problem::Sentence(409, sentence));
    }
    if hold.dispute.is_some() {
        return Err(Rejection::DisputeOpen.into());
    }
    if has(Party::Seller) && has(Party::Buyer) {
        again(sandbox, id)?;
    }
    let steps = [
        (
            Party::Seller,
            Actor::Seller,
            Intent::ConfirmDelivery { portion: None },
        ),
        (Party::Buyer, Actor::Buyer, Intent::Accept),
    ];
    for (_, actor, intent) in steps.into_iter().filter(|(party, ..)| !has(*party)) {
        attest(sandbox, id, actor, intent)?;
    }
    show(sandbox, id)
}

/// Tries a release again that was decided before: the guard refused it, or the provider did.
fn again(sandbox: &mut Sandbox, id: TransactionId) -> Result<(), Problem> {
    let refusal = sandbox.state().payments.guard().refusal(id);
    if let Some(refusal @ Refusal::SimSwapped { until }) = refusal
        && until > sandbox.now()
    {
        let sentence = format!("Release refused: {}", refusal.sentence());
        return Err(Problem::Sentence(409, sentence));
    }
    match engine::issue(sandbox, id, &effects::operator(Intent::RetryPayout)) {
        // It is tried again by itself soon.
        Ok(()) | Err(Rejection::NothingToRetry) => Ok(()),
        Err(rejection) => Err(rejection.into()),
    }
}

/// Gives the money back to the buyer. Without `agreed_by` the caller attests that both agree; with
/// it, the seller must be among them.
///
/// # Errors
/// [`Problem`].
pub fn refund(sandbox: &mut Sandbox, request: &Request) -> Answer {
    let (id, attested) = read(sandbox, &request.body, "agreed_by")?;
    let hold = locked(sandbox, id)?;
    let named = !attested.is_empty();
    if named && !attested.contains(&Party::Seller) {
        let sentence = "Refund refused: missing the seller's agreement".to_owned();
        return Err(Problem::Sentence(409, sentence));
    }
    if hold.refund_requested.is_none() && (!named || attested.contains(&Party::Buyer)) {
        attest(sandbox, id, Actor::Buyer, Intent::RequestRefund)?;
    }
    attest(sandbox, id, Actor::Seller, Intent::RequestRefund)?;
    show(sandbox, id)
}

/// Opens a dispute in a party's name (`opened_by`), with a reason.
///
/// # Errors
/// [`Problem`].
pub fn dispute(sandbox: &mut Sandbox, request: &Request) -> Answer {
    let (id, attested) = read(sandbox, &request.body, "opened_by")?;
    let mut body = Body::read(&request.body)?;
    let reason = body.required_text("reason");
    let reason = body.finish(reason)?;
    let actor = match attested[..] {
        [Party::Buyer] => Actor::Buyer,
        [Party::Seller] => Actor::Seller,
        _ => {
            let msg = "value is not `buyer`, `seller` or the phone of one of them";
            return Err(Problem::field("opened_by", msg, "value_error.party"));
        }
    };
    let reason = reason.into();
    attest(sandbox, id, actor, Intent::OpenDispute { reason })?;
    show(sandbox, id)
}

/// Rules on a dispute in the mediator's name: `ruling` is `release`, `refund` or `split`, the last
/// with `seller_amount`.
///
/// # Errors
/// [`Problem`]: 409 if nothing is disputed.
pub fn rule(sandbox: &mut Sandbox, request: &Request) -> Answer {
    let (id, _) = read(sandbox, &request.body, "ruled_by")?;
    let held = locked(sandbox, id)?.held;
    let mut body = Body::read(&request.body)?;
    let ruling = match body.required_text("ruling").as_deref() {
        Some("release") => Some(Ruling::Release),
        Some("refund") => Some(Ruling::Refund),
        Some("split") => body
            .required_amount("seller_amount", Some(held.currency()))
            .map(|to_seller| Ruling::Split { to_seller }),
        Some(_) => {
            let msg = "value is not `release`, `refund` or `split`";
            return Err(Problem::field("ruling", msg, "value_error.ruling"));
        }
        None => None,
    };
    let ruling = body.finish(ruling)?;
    attest(sandbox, id, Actor::Mediator, Intent::Rule { ruling })?;
    show(sandbox, id)
}

fn attest(
    sandbox: &mut Sandbox,
    id: TransactionId,
    actor: Actor,
    intent: Intent,
) -> Result<(), Problem> {
    Ok(engine::issue(
        sandbox,
        id,
        &Command {
            actor,
            channel: Channel::Api,
            intent,
        },
    )?)
}

/// Which payment is meant, and which parties the caller attests.
fn read(
    sandbox: &Sandbox,
    bytes: &[u8],
    list: &str,
) -> Result<(TransactionId, Vec<Party>), Problem> {
    let mut body = Body::read(bytes)?;
    let transaction = body.text("transaction_id");
    let contract = body.text("contract_id");
    let recipient: Option<Msisdn> = body.phone("recipient_phone");
    let names = body.texts(list).unwrap_or_default();
    if transaction.is_none() && contract.is_none() {
        body.missing("transaction_id");
    }
    body.finish(Some(()))?;
    let payments = &sandbox.state().payments;
    let id = match (&transaction, &contract) {
        (Some(id), _) => id.parse().ok(),
        (None, contract) => contract
            .as_ref()
            .and_then(|id| id.parse().ok())
            .and_then(|id| payments.newest_of(id)),
    };
    let known = id.and_then(|id: TransactionId| payments.payment(id));
    let (_, payment) = known.ok_or_else(|| Problem::not_found("Payment"))?;
    if recipient.is_some_and(|phone| list == "confirmed_by" && phone != payment.terms.seller) {
        let msg = "the phone number is not the seller's of the contract";
        return Err(Problem::field(
            "recipient_phone",
            msg,
            "value_error.contract.seller",
        ));
    }
    let parties = names
        .iter()
        .map(|name| party(payment.terms.buyer, payment.terms.seller, name));
    let parties: Option<Vec<Party>> = parties.collect();
    let parties = parties.ok_or_else(|| {
        let msg = "value is not `buyer`, `seller` or the phone of one of them";
        Problem::field(list, msg, "value_error.party")
    })?;
    Ok((payment.terms.transaction_id, parties))
}

/// A party by name or by phone.
fn party(buyer: Msisdn, seller: Msisdn, name: &str) -> Option<Party> {
    match (name.to_ascii_lowercase().as_str(), name.parse::<Msisdn>()) {
        ("buyer", _) => Some(Party::Buyer),
        ("seller", _) => Some(Party::Seller),
        (_, Ok(phone)) if phone == buyer => Some(Party::Buyer),
        (_, Ok(phone)) if phone == seller => Some(Party::Seller),
        (_, Ok(_) | Err(_)) => None,
    }
}

/// The hold of a payment that is locked with no payout under way.
fn locked(sandbox: &Sandbox, id: TransactionId) -> Result<Hold, Problem> {
    let Some((_, payment)) = sandbox.state().payments.payment(id) else {
        return Err(Problem::not_found("Payment"));
    };
    match &payment.phase {
        Phase::Locked(hold) => Ok(hold.clone()),
        Phase::Pending(_) => Err(Rejection::NotLocked {
            status: Status::Pending,
        }
        .into()),
        Phase::Releasing(_, payout) | Phase::Refunding(_, payout) => {
            Err(Rejection::PayoutInFlight { payout: *payout }.into())
        }
        Phase::Released(_) | Phase::Refunded(_) | Phase::Failed(_) => Err(Rejection::Final {
            status: payment.status(),
        }
        .into()),
    }
}

fn show(sandbox: &Sandbox, id: TransactionId) -> Answer {
    match sandbox.state().payments.payment(id) {
        Some((_, payment)) => {
            let refusal = sandbox.state().payments.guard().refusal(id);
            json(200, &GuidePayment::of(payment).with(refusal))
        }
        None => Err(Problem::not_found("Payment")),
    }
}
