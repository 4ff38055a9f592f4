//! What becomes of a text message on its way, and how the application hears of it.

use amana_core::Msisdn;
use amana_core::provider::africastalking::status::{DeliveryFailure, DeliveryStatus};
use amana_core::provider::africastalking::wire::messaging::DeliveryReport;
use amana_core::time::Span;

use super::books::BooksEvent;
use super::callback::About;
use super::{NAME, callback, network};
use crate::kernel::Sandbox;
use crate::kernel::callback::{NewCallback, Target};

/// The callback that reports it.
pub const REPORT: &str = "delivery_report";

/// A message to one subscriber, after it was accepted and charged.
pub struct Message<'a> {
    /// The application that sends it.
    pub username: &'a str,
    /// `ATXid_…`.
    pub id: &'a str,
    /// Who sends it, as the phone shows it.
    pub sender: &'a str,
    /// Who gets it.
    pub to: Msisdn,
    /// What it says.
    pub text: &'a str,
    /// What a premium message refers to; none if the message is not premium.
    pub premium: Option<Premium<'a>>,
}

/// What makes a message one that the subscriber pays for.
#[derive(Debug, Clone, Copy)]
pub struct Premium<'a> {
    /// The keyword that was subscribed to.
    pub keyword: Option<&'a str>,
    /// The message that this one answers.
    pub link_id: Option<&'a str>,
}

/// How a message ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct End {
    status: DeliveryStatus,
    failure: Option<DeliveryFailure>,
}

impl End {
    const fn failed(failure: DeliveryFailure) -> Self {
        Self {
            status: failure.status(),
            failure: Some(failure),
        }
    }

    const fn plain(status: DeliveryStatus) -> Self {
        let failure = match status {
            DeliveryStatus::Failed | DeliveryStatus::Rejected => {
                Some(DeliveryFailure::DeliveryFailure)
            }
            _ => None,
        };
        Self { status, failure }
    }
}

/// Brings the message to the phone, if it gets there, and reports it.
pub fn deliver(sandbox: &mut Sandbox, message: &Message<'_>) {
    sandbox.ensure_phone(message.to);
    let end = end(sandbox, message);
    if end.status == DeliveryStatus::Success {
        let text = with_opt_out(sandbox, message);
        sandbox.deliver_sms(NAME, message.sender, message.to, &text);
    }
    let behaviour = &sandbox.settings().africastalking.behaviour;
    let delay = behaviour.delivery_delay.span();
    if behaviour.intermediate_reports {
        let on_its_way = [
            (DeliveryStatus::Sent, Span::ZERO),
            (
                DeliveryStatus::Buffered,
                Span::from_millis(delay.as_millis() / 2),
            ),
        ];
        for (status, after) in on_its_way {
            let end = End {
                status,
                failure: None,
            };
            report(sandbox, message, end, after);
        }
    }
    report(sandbox, message, end, delay);
}

/// The message as the phone shows it: the first one that a name sends also says how to opt out.
fn with_opt_out(sandbox: &mut Sandbox, message: &Message<'_>) -> String {
    let told = &sandbox.settings().africastalking.behaviour.opt_out_text;
    let is_name = message
        .sender
        .bytes()
        .any(|byte| byte.is_ascii_alphabetic());
    let books = &sandbox.state().providers.africastalking;
    let is_due = is_name && !books.others().was_told(message.sender, message.to);
    let Some(text) = told.clone().filter(|_| is_due) else {
        return message.text.to_owned();
    };
    sandbox.emit(BooksEvent::OptOutTold {
        sender: message.sender.to_owned(),
        phone: message.to,
    });
    format!("{}\n{text}", message.text)
}

/// What the settings say of the subscriber, then what the phone is like.
fn end(sandbox: &Sandbox, message: &Message<'_>) -> End {
    let behaviour = &sandbox.settings().africastalking.behaviour;
    if let Some(word) = behaviour.deliveries.get(&message.to) {
        let failure = DeliveryFailure::find(word).map(End::failed);
        let status = DeliveryStatus::find(word).map(End::plain);
        // INVARIANT: the settings take no other words.
        return failure
            .or(status)
            .unwrap_or(End::plain(DeliveryStatus::Failed));
    }
    if let Some(failure) = message
        .premium
        .and_then(|premium| refusal(sandbox, message, premium))
    {
        return End::failed(failure);
    }
    let phone = sandbox.state().phone(message.to);
    match phone.is_none_or(|phone| phone.reachable) {
        true => End::plain(DeliveryStatus::Success),
        false => End::plain(DeliveryStatus::AbsentSubscriber),
    }
}

/// Why a premium message is not carried: it must answer a message, or be subscribed to.
fn refusal(
    sandbox: &Sandbox,
    message: &Message<'_>,
    premium: Premium<'_>,
) -> Option<DeliveryFailure> {
    let books = &sandbox.state().providers.africastalking;
    match (premium.link_id, premium.keyword) {
        (Some(link_id), _) if books.has_link(link_id) => None,
        (Some(_), _) => Some(DeliveryFailure::InvalidLinkId),
        (None, Some(keyword)) => {
            let mut subscriptions = books.subscriptions();
            let subscribed = subscriptions.any(|found| {
                found.active
                    && found.phone == message.to
                    && found.is_to(message.username, message.sender, keyword)
            });
            (!subscribed).then_some(DeliveryFailure::UserNotSubscribedToProduct)
        }
        (None, None) => None,
    }
}

fn report(sandbox: &mut Sandbox, message: &Message<'_>, end: End, after: Span) {
    let callbacks = &sandbox.settings().africastalking.callbacks;
    let Some(url) = callbacks.delivery_reports.clone() else {
        return;
    };
    let phone = sandbox.state().phone(message.to);
    let operator = phone.map_or("", |phone| phone.operator.as_str());
    let report = DeliveryReport {
        id: message.id.to_owned(),
        status: end.status.as_str().to_owned(),
        phone_number: message.to.into(),
        network_code: network::code(message.username, message.to, operator).to_owned(),
        failure_reason: end.failure.map(|failure| failure.as_str().to_owned()),
        retry_count: message.premium.map(|_| "0".to_owned()),
    };
    let about = About {
        operation: REPORT,
        reference: message.id,
        msisdn: Some(message.to),
    };
    sandbox.schedule_callback(NewCallback {
        after,
        ..callback::form(about, Target::Url(url), report.encode())
    });
}
