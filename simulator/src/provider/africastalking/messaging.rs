//! Sending text messages: each recipient has a status, a cost and an id of its own.

use amana_core::http::{Request, Response};
use amana_core::provider::africastalking::id::IdKind;
use amana_core::provider::africastalking::status::RecipientStatus;
use amana_core::provider::africastalking::tariff;
use amana_core::provider::africastalking::wire::messaging::{Recipient, SendData, SendResponse};
use amana_core::provider::africastalking::wire::{NONE, WirePhone};
use amana_core::{Currency, Money, Msisdn};
use sha2::{Digest, Sha256};

use super::accounts::Price;
use super::body::{Form, Object};
use super::delivery::{Message, Premium};
use super::order::e164;
use super::rejection::Rejection;
use super::{NAME, accounts, auth, delivery, explain, id, notification, parts, reply};
use crate::kernel::Sandbox;
use crate::kernel::ledger::{Account, Posting};
use crate::kernel::phone::Phone;

/// The sender of a message that names none.
const DEFAULT_SENDER: &str = "AFRICASTKNG";
/// The most characters of a sender's name (3GPP TS 23.040, alphanumeric address).
const SENDER_MAX: usize = 11;

/// One message to one or more numbers.
struct Send {
    username: String,
    to: Vec<String>,
    text: String,
    from: Option<String>,
    /// Premium messages are paid for by the subscriber.
    premium: Option<Link>,
    /// Whether it is queued; as the settings say if the request does not.
    enqueue: Option<bool>,
}

/// What a premium message refers to.
struct Link {
    keyword: Option<String>,
    link_id: Option<String>,
}

/// `POST /version1/messaging`, a form.
pub fn send(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let form = Form::body(request);
    let username = form.require("username")?;
    auth::application(&sandbox.settings().africastalking, request, username)?;
    let to = form.require("to")?;
    let send = Send {
        username: username.to_owned(),
        to: to
            .split(',')
            .map(|number| number.trim().to_owned())
            .collect(),
        text: form.require("message")?.to_owned(),
        from: form.get("from").map(str::to_owned),
        premium: (form.get("bulkSMSMode") == Some("0")).then(|| Link {
            keyword: form.get("keyword").map(str::to_owned),
            link_id: form.get("linkId").map(str::to_owned),
        }),
        enqueue: form.get("enqueue").map(|flag| matches!(flag, "1" | "true")),
    };
    let answer = send.run(sandbox);
    Ok(reply::negotiated(
        &sandbox.settings().africastalking,
        request,
        201,
        &answer,
    ))
}

/// `POST /version1/messaging/bulk`: JSON, or from one client a form.
pub fn send_bulk(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let settings = &sandbox.settings().africastalking;
    let send = if is_form(request) {
        let form = Form::body(request);
        let username = form.require("username")?;
        auth::application(settings, request, username)?;
        hashed(&form, username)?
    } else {
        let body = Object::body(request)?;
        let username = body.text("username")?;
        auth::application(settings, request, &username)?;
        bulk(&body, username)?
    };
    let parts = parts::count(&send.text);
    let mut answer = send.run(sandbox);
    for recipient in &mut answer.data.recipients {
        let sent = recipient.message_id != NONE;
        recipient.message_parts = Some(if sent { parts } else { 0 });
    }
    Ok(reply::negotiated(
        &sandbox.settings().africastalking,
        request,
        201,
        &answer,
    ))
}

fn is_form(request: &Request) -> bool {
    let type_of = request.header("content-type").unwrap_or_default();
    type_of.starts_with("application/x-www-form-urlencoded")
}

fn bulk(body: &Object, username: String) -> Result<Send, Rejection> {
    let text = body.text("message")?;
    let masked = body.optional_text("maskedNumber")?;
    let to = match masked {
        // The numbers may be left out beside a masked one.
        Some(masked) => vec![masked],
        None => body
            .list("phoneNumbers")?
            .iter()
            .map(|number| super::body::as_text("phoneNumbers", number))
            .collect::<Result<Vec<_>, _>>()?,
    };
    let sender = body.optional_text("senderId")?;
    Ok(Send {
        username,
        to,
        text,
        from: sender.or(body.optional_text("from")?),
        premium: None,
        enqueue: body.optional_flag("enqueue")?,
    })
}

/// The official Python client sends a hashed number as a form, without the empty list of numbers.
fn hashed(form: &Form, username: &str) -> Result<Send, Rejection> {
    Ok(Send {
        username: username.to_owned(),
        to: vec![form.require("maskedNumber")?.to_owned()],
        text: form.require("message")?.to_owned(),
        from: form.get("senderId").map(str::to_owned),
        premium: None,
        enqueue: form.get("enqueue").map(|flag| matches!(flag, "1" | "true")),
    })
}

impl Send {
    fn run(&self, sandbox: &mut Sandbox) -> SendResponse {
        if let Err(word) = self.check(sandbox) {
            return envelope(word.to_owned(), Vec::new());
        }
        let parts = parts::count(&self.text);
        let credit = accounts::currency(&sandbox.settings().africastalking, &self.username);
        let mut sent = 0;
        let mut total = Money::zero(credit);
        let mut recipients = Vec::with_capacity(self.to.len());
        for number in &self.to {
            let outcome = self.to_one(sandbox, number, parts);
            if let Ok((_, price)) = &outcome {
                sent += 1;
                total = total.checked_add(price.charge).unwrap_or(total);
            }
            let (status, cost, message_id) = match outcome {
                Ok((id, price)) => (self.accepted(sandbox), cost(price.cost), id),
                Err(status) => (status, "0".to_owned(), NONE.to_owned()),
            };
            recipients.push(Recipient {
                cost,
                message_id,
                message_parts: None,
                number: WirePhone(number.clone()),
                status: status.word().to_owned(),
                status_code: status.code,
            });
        }
        envelope(self.summary(sandbox, sent, total, parts), recipients)
    }

    /// What refuses the whole request, by the word that stands where the summary would.
    fn check(&self, sandbox: &mut Sandbox) -> Result<(), &'static str> {
        let senders = &sandbox.settings().africastalking.behaviour.senders;
        let is_registered = |sender: &str| match senders {
            Some(registered) => registered.iter().any(|known| known == sender),
            None => is_sender(sender),
        };
        if !self.from.as_deref().is_none_or(is_registered) {
            let rule = "a sender is registered in the settings, or if they have no list a short \
                        code or at most 11 letters and digits";
            explain(sandbox, "from", rule);
            return Err("InvalidSenderId");
        }
        accounts::open(sandbox, &self.username).map_err(|_| "InternalServerError")
    }

    fn accepted(&self, sandbox: &Sandbox) -> RecipientStatus {
        let usual = sandbox.settings().africastalking.behaviour.enqueue;
        if self.enqueue.unwrap_or(usual) || self.premium.is_some() {
            RecipientStatus::QUEUED
        } else {
            RecipientStatus::SENT
        }
    }

    /// What one recipient costs; a premium message costs the application nothing.
    fn price(&self, sandbox: &Sandbox, phone: Msisdn, parts: u32) -> Price {
        let cents = match self.premium {
            Some(_) => 0,
            None => tariff::SMS_PART_CENTS * i64::from(parts),
        };
        let tariff = Money::from_minor(cents, Currency::KES);
        let tariff = tariff.unwrap_or(Money::zero(Currency::KES));
        accounts::price(sandbox, &self.username, phone, tariff)
    }

    fn summary(&self, sandbox: &Sandbox, sent: usize, total: Money, parts: u32) -> String {
        let all = self.to.len();
        if self.premium.is_some() {
            return format!("Sent to {sent}/{all}");
        }
        let summary = format!("Sent to {sent}/{all} Total Cost: {}", cost(total));
        let counted = sandbox.settings().africastalking.behaviour.message_parts;
        match sent > 0 && counted {
            true => format!("{summary} Message parts: {parts}"),
            false => summary,
        }
    }

    /// Sends to one number; answers the message's id and price, or why it is not sent.
    fn to_one(
        &self,
        sandbox: &mut Sandbox,
        number: &str,
        parts: u32,
    ) -> Result<(String, Price), RecipientStatus> {
        let to = recipient(sandbox, number).map_err(|(rule, status)| {
            explain(sandbox, "to", rule);
            status
        })?;
        let price = self.price(sandbox, to, parts);
        let id = id::fresh(sandbox, IdKind::Message);
        let charge = Posting::new(Some(NAME), &id, "text message").transfer(
            accounts::stash(&self.username),
            Account::Fees(NAME),
            price.charge,
        );
        if sandbox.post(charge).is_err() {
            let rule = "the application's credit does not cover the message";
            explain(sandbox, "to", rule);
            return Err(RecipientStatus::INSUFFICIENT_BALANCE);
        }
        let message = Message {
            username: &self.username,
            id: &id,
            sender: self.from.as_deref().unwrap_or(DEFAULT_SENDER),
            to,
            text: &self.text,
            premium: self.premium.as_ref().map(|link| Premium {
                keyword: link.keyword.as_deref(),
                link_id: link.link_id.as_deref(),
            }),
        };
        delivery::deliver(sandbox, &message);
        Ok((id, price))
    }
}

/// The phone of a number, or the rule and the status that refuse it.
fn recipient(sandbox: &Sandbox, number: &str) -> Result<Msisdn, (&'static str, RecipientStatus)> {
    let msisdn = match e164(number).or_else(|| unmasked(sandbox, number)) {
        Some(msisdn) => msisdn,
        None => {
            let rule = "a number is in E.164, with its `+`";
            return Err((rule, RecipientStatus::INVALID_PHONE_NUMBER));
        }
    };
    let settings = &sandbox.settings().africastalking;
    let listed = settings.behaviour.recipients.get(&msisdn);
    if let Some(status) = listed.and_then(|name| RecipientStatus::named(name)) {
        return Err(("the settings refuse this recipient", status));
    }
    let books = &sandbox.state().providers.africastalking;
    if books.has_opted_out(msisdn) {
        let rule = "the subscriber has opted out by sending `STOP`";
        return Err((rule, RecipientStatus::USER_IN_BLACKLIST));
    }
    Ok(msisdn)
}

/// The phone of a masked number: the SHA-256 of its digits, as the network gives numbers out.
fn unmasked(sandbox: &Sandbox, masked: &str) -> Option<Msisdn> {
    let mut phones = sandbox.state().phones().iter();
    let is_masked = |phone: &&Phone| {
        hex::encode(Sha256::digest(phone.msisdn.digits())) == masked.to_ascii_lowercase()
    };
    let shaped = masked.len() == 64;
    shaped
        .then(|| phones.find(is_masked))?
        .map(|phone| phone.msisdn)
}

fn envelope(message: String, recipients: Vec<Recipient>) -> SendResponse {
    SendResponse {
        data: SendData {
            message,
            recipients,
        },
    }
}

/// A cost as written in answers; nothing is `0`, without currency.
fn cost(amount: Money) -> String {
    if amount.is_zero() {
        "0".to_owned()
    } else {
        notification::amount(amount)
    }
}

/// DIVERGENCE: the provider asks for senders to be registered; here any well-formed one will do, as
/// its documents say of the sandbox, unless the settings list them.
fn is_sender(sender: &str) -> bool {
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '&');
    (1..=SENDER_MAX).contains(&sender.len()) && sender.chars().all(named)
}
