//! What changes of the books say in the public event log.

use serde_json::json;

use super::books::BooksEvent;
use super::notification;
use super::record::{Airtime, Progress};
use crate::kernel::View;

/// The type of every event of the books.
pub const TYPES: &[&str] = &[
    "airtime.sent",
    "airtime.settled",
    "call.answered",
    "call.began",
    "call.changed",
    "call.ended",
    "card.kept",
    "key.set",
    "query.made",
    "request.remembered",
    "sms.opt_out_told",
    "sms.opted_in",
    "sms.opted_out",
    "sms.received",
    "subscription.asked",
    "subscription.began",
    "subscription.changed",
    "subscription.ended",
    "token.given",
    "transaction.changed",
    "transaction.opened",
    "transaction.settled",
    "ussd.answered",
    "ussd.ended",
    "ussd.opened",
    "ussd.paged",
    "ussd.waits",
];

impl BooksEvent {
    /// What it says for itself in the public log.
    pub fn view(&self) -> View {
        match self {
            Self::TransactionOpened(_) | Self::TransactionSettled { .. } => self.payment_view(),
            Self::UssdOpened(_)
            | Self::UssdAnswered { .. }
            | Self::UssdPaged { .. }
            | Self::UssdWaits { .. }
            | Self::UssdEnded { .. } => self.ussd_view(),
            Self::MessageReceived(message) => View::new(
                "sms.received",
                format!("a message to {} came in", message.to),
                json!({"id": message.id, "to": message.to, "text": message.text}),
            )
            .on(message.from),
            Self::OptedOut { phone } => View::new(
                "sms.opted_out",
                "a subscriber wants no more messages",
                json!({}),
            )
            .on(*phone),
            Self::OptedIn { phone } => View::new(
                "sms.opted_in",
                "a subscriber wants messages again",
                json!({}),
            )
            .on(*phone),
            Self::Answered(answer) => View::new(
                "request.remembered",
                "an answer is kept in case the request is repeated",
                json!({"path": answer.path, "status": answer.status}),
            ),
            Self::AirtimeSent(airtime) => airtime_sent(airtime),
            Self::AirtimeSettled { id, status } => View::new(
                "airtime.settled",
                format!("airtime ended: {status}"),
                json!({"request_id": id, "status": status}),
            ),
            Self::CardKept { username, .. } => View::new(
                "card.kept",
                format!("{username} can charge a card again"),
                json!({}),
            ),
            Self::SubscriptionAsked(_)
            | Self::SubscriptionBegan { .. }
            | Self::SubscriptionEnded { .. } => self.subscription_view(),
            Self::CallBegan(_) | Self::CallAnswered { .. } | Self::CallEnded { .. } => {
                self.call_view()
            }
            Self::KeySet { username } => {
                View::new("key.set", format!("{username} has a new key"), json!({}))
            }
            Self::TokenGiven => View::new(
                "token.given",
                "a token for a checkout was given out",
                json!({}),
            ),
            Self::OptOutTold { sender, phone } => View::new(
                "sms.opt_out_told",
                format!("a subscriber was told how to opt out of what {sender} sends"),
                json!({"sender": sender}),
            )
            .on(*phone),
            Self::Queried { username } => View::new(
                "query.made",
                format!("{username} asked about its payments"),
                json!({}),
            ),
        }
    }

    fn subscription_view(&self) -> View {
        match self {
            Self::SubscriptionAsked(asked) => {
                let data = json!({
                    "id": asked.id, "short_code": asked.short_code, "keyword": asked.keyword,
                });
                View::new(
                    "subscription.asked",
                    format!("a subscriber is asked about {}", asked.keyword),
                    data,
                )
                .on(asked.phone)
            }
            Self::SubscriptionBegan { id } => View::new(
                "subscription.began",
                "a subscription began",
                json!({"id": id}),
            ),
            Self::SubscriptionEnded { id } => View::new(
                "subscription.ended",
                "a subscription ended, or was not wanted",
                json!({"id": id}),
            ),
            _ => View::new("subscription.changed", "a subscription changed", json!({})),
        }
    }

    fn call_view(&self) -> View {
        match self {
            Self::CallBegan(call) => {
                let data = json!({"session_id": call.id, "from": call.from});
                let summary = format!("{} calls a phone", call.from);
                View::new("call.began", summary, data).on(call.phone)
            }
            Self::CallAnswered { id } => View::new(
                "call.answered",
                "a call was answered",
                json!({"session_id": id}),
            ),
            Self::CallEnded { id } => {
                View::new("call.ended", "a call is over", json!({"session_id": id}))
            }
            _ => View::new("call.changed", "a call changed", json!({})),
        }
    }

    fn payment_view(&self) -> View {
        match self {
            Self::TransactionOpened(transaction) => {
                let view = View::new(
                    "transaction.opened",
                    format!("{} of {}", transaction.category.as_str(), transaction.value),
                    json!(notification::queried(transaction)),
                );
                match transaction.phone {
                    Some(phone) => view.on(phone),
                    None => view,
                }
            }
            Self::TransactionSettled { id, progress, .. } => View::new(
                "transaction.settled",
                match progress {
                    Progress::Open => "a payment is open".to_owned(),
                    Progress::Succeeded { .. } => "a payment succeeded".to_owned(),
                    Progress::Failed { description } => format!("a payment failed: {description}"),
                },
                json!({"transaction_id": id, "progress": progress}),
            ),
            _ => View::new("transaction.changed", "a payment changed", json!({})),
        }
    }

    fn ussd_view(&self) -> View {
        match self {
            Self::UssdOpened(session) => View::new(
                "ussd.opened",
                format!("an application serves {}", session.service_code),
                json!({"session_id": session.session, "id": session.id}),
            ),
            Self::UssdAnswered { session, .. } => View::new(
                "ussd.answered",
                "an application sent a screen",
                json!({"session_id": session}),
            ),
            Self::UssdPaged { session, paged, .. } => View::new(
                "ussd.paged",
                format!("page {} of {}", paged.page + 1, paged.pages.len()),
                json!({"session_id": session, "page": paged.page, "pages": paged.pages.len()}),
            ),
            Self::UssdWaits { session, .. } => View::new(
                "ussd.waits",
                "a screen waits for its user",
                json!({"session_id": session}),
            ),
            _ => View::new("ussd.ended", "a USSD session ended", json!({})),
        }
    }
}

fn airtime_sent(airtime: &Airtime) -> View {
    let summary = format!("airtime of {} was sent", airtime.value);
    let data = json!({"request_id": airtime.id, "value": airtime.value});
    View::new("airtime.sent", summary, data).on(airtime.phone)
}
