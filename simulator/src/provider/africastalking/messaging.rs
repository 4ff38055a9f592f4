//! Sending text messages: each recipient has a status, a cost and an id of its own.

use amana_core::http::{Request, Response};
use amana_core::provider::africastalking::id::IdKind;
use amana_core::provider::africastalking::status::{DeliveryStatus, RecipientStatus};
use amana_core::provider::africastalking::tariff;
use amana_core::provider::africastalking::wire::messaging::{
    DeliveryReport, Recipient, SendData, SendResponse,
};
use amana_core::provider::africastalking::wire::{NONE, WirePhone};
use amana_core::time::Span;
use amana_core::{Money, Msisdn};

use super::body::{Form, Object};
use super::rejection::Rejection;
use super::{NAME, accounts, auth, explain, network, notification, parts, reply};
use crate::kernel::Sandbox;
use crate::kernel::callback::{NewCallback, Target};
use crate::kernel::ledger::{Account, Posting};

/// The sender of a message that names none.
const DEFAULT_SENDER: &str = "AFRICASTKNG";
/// The most characters of a sender's name (3GPP TS 23.040, alphanumeric address).
const SENDER_MAX: usize = 11;
/// How long a message takes to be reported as delivered.
const DELIVERY: Span = Span::from_secs(1);
/// The callback that reports it.
pub const REPORT: &str = "delivery_report";

/// One message to one or more numbers.
struct Send {
    username: String,
    to: Vec<String>,
    text: String,
    from: Option<String>,
    /// Premium messages are paid for by the subscriber.
    premium: bool,
    enqueue: bool,
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
        premium: form.get("bulkSMSMode") == Some("0"),
        enqueue: matches!(form.get("enqueue"), Some("1" | "true")),
    };
    let answer = send.run(sandbox);
    Ok(reply::negotiated(request, 201, &answer))
}

/// `POST /version1/messaging/bulk`, JSON.
pub fn send_bulk(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let body = Object::body(request)?;
    let username = body.text("username")?;
    auth::application(&sandbox.settings().africastalking, request, &username)?;
    let text = body.text("message")?;
    let to = body
        .list("phoneNumbers")?
        .iter()
        .map(|number| super::body::as_text("phoneNumbers", number))
        .collect::<Result<Vec<_>, _>>()?;
    let sender = body.optional_text("senderId")?;
    let send = Send {
        username,
        to,
        text,
        from: sender.or(body.optional_text("from")?),
        premium: false,
        enqueue: false,
    };
    Ok(reply::created(&send.run(sandbox)))
}

impl Send {
    fn run(&self, sandbox: &mut Sandbox) -> SendResponse {
        if let Err(word) = self.check(sandbox) {
            return envelope(word.to_owned(), Vec::new());
        }
        let parts = parts::count(&self.text);
        let price = self.price(sandbox, parts);
        let mut sent = 0;
        let mut total = Money::zero(price.currency());
        let mut recipients = Vec::with_capacity(self.to.len());
        for number in &self.to {
            let (status, id) = match self.to_one(sandbox, number, price) {
                Ok(id) => (self.accepted(), Some(id)),
                Err(status) => (status, None),
            };
            if id.is_some() {
                sent += 1;
                total = total.checked_add(price).unwrap_or(total);
            }
            recipients.push(Recipient {
                cost: match id {
                    Some(_) => cost(price),
                    None => "0".to_owned(),
                },
                message_id: id.unwrap_or(NONE.to_owned()),
                number: WirePhone(number.clone()),
                status: status.word().to_owned(),
                status_code: status.code,
            });
        }
        envelope(self.summary(sent, total, parts), recipients)
    }

    /// What refuses the whole request, by the word that stands where the summary would.
    fn check(&self, sandbox: &mut Sandbox) -> Result<(), &'static str> {
        if !self.from.as_deref().is_none_or(is_sender) {
            let rule = "a sender is a short code or at most 11 letters and digits";
            explain(sandbox, "from", rule);
            return Err("InvalidSenderId");
        }
        accounts::open(sandbox, &self.username).map_err(|_| "InternalServerError")
    }

    const fn accepted(&self) -> RecipientStatus {
        if self.enqueue || self.premium {
            RecipientStatus::QUEUED
        } else {
            RecipientStatus::SENT
        }
    }

    /// What one recipient costs. The provider charges in the recipient's currency and adds up in
    /// the account's; here both are the account's, because there is no rate.
    fn price(&self, sandbox: &Sandbox, parts: u32) -> Money {
        let settings = &sandbox.settings().africastalking;
        let currency = accounts::currency(settings, &self.username);
        let minor = match self.premium {
            true => 0,
            false => tariff::SMS_PART_CENTS * i64::from(parts),
        };
        Money::from_minor(minor, currency).unwrap_or(Money::zero(currency))
    }

    fn summary(&self, sent: usize, total: Money, parts: u32) -> String {
        let all = self.to.len();
        match sent {
            _ if self.premium => format!("Sent to {sent}/{all}"),
            0 => format!("Sent to 0/{all} Total Cost: 0"),
            _ => format!(
                "Sent to {sent}/{all} Total Cost: {} Message parts: {parts}",
                cost(total)
            ),
        }
    }

    /// Sends to one number; answers the message's id, or why it is not sent.
    fn to_one(
        &self,
        sandbox: &mut Sandbox,
        number: &str,
        price: Money,
    ) -> Result<String, RecipientStatus> {
        let refuse = |sandbox: &mut Sandbox, rule: &str, status: RecipientStatus| {
            explain(sandbox, "to", rule);
            Err(status)
        };
        let msisdn = match number.parse::<Msisdn>() {
            Ok(msisdn) if number.starts_with('+') => msisdn,
            Ok(_) | Err(_) => {
                let rule = "a number is in E.164, with its `+`";
                return refuse(sandbox, rule, RecipientStatus::INVALID_PHONE_NUMBER);
            }
        };
        if sandbox
            .state()
            .providers
            .africastalking
            .has_opted_out(msisdn)
        {
            let rule = "the subscriber has opted out by sending `STOP`";
            return refuse(sandbox, rule, RecipientStatus::USER_IN_BLACKLIST);
        }
        let id = IdKind::Message.with_entropy(sandbox.random().bytes());
        let charge = Posting::new(Some(NAME), &id, "text message").transfer(
            accounts::stash(&self.username),
            Account::Fees(NAME),
            price,
        );
        if sandbox.post(charge).is_err() {
            let rule = "the application's credit does not cover the message";
            return refuse(sandbox, rule, RecipientStatus::INSUFFICIENT_BALANCE);
        }
        self.deliver(sandbox, msisdn, &id);
        Ok(id)
    }

    fn deliver(&self, sandbox: &mut Sandbox, msisdn: Msisdn, id: &str) {
        sandbox.ensure_phone(msisdn);
        let phone = sandbox.state().phone(msisdn);
        let reachable = phone.is_none_or(|phone| phone.reachable);
        let operator = phone.map_or("", |phone| phone.operator.as_str());
        let report = DeliveryReport {
            id: id.to_owned(),
            status: match reachable {
                true => DeliveryStatus::Success,
                false => DeliveryStatus::AbsentSubscriber,
            }
            .as_str()
            .to_owned(),
            phone_number: msisdn.into(),
            network_code: network::code(&self.username, msisdn, operator).to_owned(),
            failure_reason: None,
        };
        if reachable {
            let sender = self.from.as_deref().unwrap_or(DEFAULT_SENDER);
            sandbox.deliver_sms(NAME, sender, msisdn, &self.text);
        }
        let callbacks = &sandbox.settings().africastalking.callbacks;
        if let Some(url) = callbacks.delivery_reports.clone() {
            sandbox.schedule_callback(NewCallback {
                service: NAME,
                operation: REPORT,
                reference: id.to_owned(),
                msisdn: Some(msisdn),
                target: Target::Url(url),
                method: "POST",
                headers: vec![notification::form_type()],
                body: report.encode().into_bytes(),
                after: DELIVERY,
            });
        }
    }
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
/// its documents say of the sandbox.
fn is_sender(sender: &str) -> bool {
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '&');
    (1..=SENDER_MAX).contains(&sender.len()) && sender.chars().all(named)
}

/// `GET /version1/messaging`: messages from phones, in pages.
pub fn fetch(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    use amana_core::provider::africastalking::wire::messaging::{
        FetchData, FetchResponse, InboxMessage,
    };
    /// Messages of one page.
    const PAGE: usize = 100;
    let query = Form::query(request);
    let username = query.require("username")?;
    auth::application(&sandbox.settings().africastalking, request, username)?;
    let last = query
        .get("lastReceivedId")
        .and_then(|id| id.parse().ok())
        .unwrap_or(0);
    let books = &sandbox.state().providers.africastalking;
    let messages = books
        .messages_after(last)
        .filter(|message| query.get("shortCode").is_none_or(|code| code == message.to))
        .filter(|message| {
            query
                .get("keyword")
                .is_none_or(|word| starts_with(&message.text, word))
        })
        .take(PAGE)
        .map(|message| InboxMessage {
            date: message.at.to_string(),
            from: message.from.into(),
            id: message.id,
            link_id: None,
            text: message.text.clone(),
            to: message.to.clone(),
        })
        .collect();
    let answer = FetchResponse {
        data: FetchData { messages },
    };
    Ok(reply::negotiated(request, 200, &answer))
}

fn starts_with(text: &str, keyword: &str) -> bool {
    text.get(..keyword.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(keyword))
}

/// `GET /version1/user`: the credit, and for every client library the test of its key.
pub fn user(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    use amana_core::provider::africastalking::wire::messaging::{UserData, UserResponse};
    let query = Form::query(request);
    let username = query.require("username")?;
    auth::application(&sandbox.settings().africastalking, request, username)?;
    // A balance that cannot be opened reads as nothing.
    let _ = accounts::open(sandbox, username);
    let balance = notification::amount(accounts::credit(sandbox, username));
    let answer = UserResponse {
        data: UserData { balance },
    };
    Ok(reply::negotiated(request, 200, &answer))
}
