//! What changes of the books say in the public event log: no token, no secret.

use serde_json::json;

use super::books::{BooksEvent, Movement, Order, Progress, Push};
use crate::kernel::View;

/// The type of every event of the books.
pub const TYPES: &[&str] = &[
    "biller.joined",
    "books.changed",
    "customer_payment.answered",
    "customer_payment.offered",
    "customer_urls.registered",
    "initiator.cleared",
    "initiator.failed",
    "invoice.cancelled",
    "invoice.paid",
    "invoice.sent",
    "mandate.ended",
    "mandate.opened",
    "order.ended",
    "order.opened",
    "prompt.ended",
    "prompt.queried",
    "prompt.requested",
    "pull.registered",
    "token.issued",
    "transaction.completed",
    "transaction.reversed",
];

impl BooksEvent {
    /// What it says for itself in the public log.
    pub fn view(&self) -> View {
        match self {
            Self::TokenIssued { of, .. } => View::new(
                "token.issued",
                "an access token was given out",
                json!({"expires_at": of.expires_at}),
            ),
            Self::Queried { .. } => {
                View::new("prompt.queried", "a prompt was asked about", json!({}))
            }
            Self::PushOpened(push) => push_opened(push),
            Self::PushEnded { id, progress } => ended("prompt.ended", "a prompt", id, progress),
            Self::OrderOpened(order) => order_opened(order),
            Self::OrderEnded { id, progress } => ended("order.ended", "an order", id, progress),
            Self::Moved(movement) => moved(movement),
            Self::Reversed { receipt, by } => View::new(
                "transaction.reversed",
                format!("{receipt} was undone"),
                json!({"receipt": receipt, "by": by}),
            ),
            Self::Registered(addresses) => View::new(
                "customer_urls.registered",
                format!(
                    "{} has addresses for customers' payments",
                    addresses.shortcode
                ),
                json!({
                    "shortcode": addresses.shortcode, "completes": addresses.completes,
                    "confirmation": addresses.confirmation.to_string(),
                    "validation": addresses.validation.to_string(),
                }),
            ),
            Self::Offered(offer) => View::new(
                "customer_payment.offered",
                format!("a customer pays {} to {}", offer.amount, offer.shortcode),
                json!({"receipt": offer.receipt, "amount": offer.amount, "account": offer.account}),
            )
            .on(offer.phone),
            Self::OfferAnswered { receipt, accepted } => View::new(
                "customer_payment.answered",
                match accepted {
                    true => "a customer's payment was made",
                    false => "a customer's payment was not made",
                },
                json!({"receipt": receipt, "accepted": accepted}),
            ),
            Self::InitiatorFailed { .. }
            | Self::InitiatorCleared { .. }
            | Self::PullRegistered { .. }
            | Self::BillerJoined(_)
            | Self::Invoiced(_)
            | Self::InvoicePaid { .. }
            | Self::InvoiceCancelled { .. }
            | Self::MandateOpened(_)
            | Self::MandateEnded { .. } => self.seldom(),
        }
    }

    fn seldom(&self) -> View {
        match self {
            Self::InitiatorFailed { shortcode } => View::new(
                "initiator.failed",
                format!("a wrong password of the initiator of {shortcode}"),
                json!({"shortcode": shortcode}),
            ),
            Self::InitiatorCleared { shortcode } => View::new(
                "initiator.cleared",
                format!("the initiator of {shortcode} starts anew"),
                json!({"shortcode": shortcode}),
            ),
            Self::PullRegistered { shortcode } => View::new(
                "pull.registered",
                format!("{shortcode} may look up its payments"),
                json!({"shortcode": shortcode}),
            ),
            Self::BillerJoined(biller) => View::new(
                "biller.joined",
                format!("{} sends invoices", biller.shortcode),
                json!({"shortcode": biller.shortcode}),
            ),
            Self::Invoiced(invoice) => invoice_view("invoice.sent", &invoice.external_reference),
            Self::InvoicePaid { external_reference } => {
                invoice_view("invoice.paid", external_reference)
            }
            Self::InvoiceCancelled { external_reference } => {
                invoice_view("invoice.cancelled", external_reference)
            }
            Self::MandateOpened(mandate) => View::new(
                "mandate.opened",
                format!("{} is asked to be allowed", mandate.amount),
                json!({"id": mandate.id, "amount": mandate.amount, "payee": mandate.payee}),
            )
            .on_any(mandate.phone),
            Self::MandateEnded { id, code } => View::new(
                "mandate.ended",
                format!("it ended with {code}"),
                json!({"id": id, "code": code}),
            ),
            _ => View::new("books.changed", "the books changed", json!({})),
        }
    }
}

fn push_opened(push: &Push) -> View {
    View::new(
        "prompt.requested",
        format!("{} asks for {}", push.shortcode, push.amount),
        json!({
            "checkout_request_id": push.id, "merchant_request_id": push.merchant_id,
            "shortcode": push.shortcode, "amount": push.amount, "account": push.account,
        }),
    )
    .on(push.phone)
}

fn order_opened(order: &Order) -> View {
    View::new(
        "order.opened",
        format!("{} of {}", order.command, order.shortcode),
        json!({
            "conversation_id": order.id, "originator_conversation_id": order.originator_id,
            "command": order.command, "shortcode": order.shortcode, "amount": order.amount,
            "subject": order.subject,
        }),
    )
    .on_any(order.phone)
}

fn ended(kind: &'static str, what: &str, id: &str, progress: &Progress) -> View {
    let (code, receipt) = match progress {
        Progress::Open => ("open", None),
        Progress::Ended { code, receipt } => (code.as_str(), receipt.as_ref()),
    };
    View::new(
        kind,
        format!("{what} ended with {code}"),
        json!({"id": id, "code": code, "receipt": receipt}),
    )
}

fn moved(movement: &Movement) -> View {
    View::new(
        "transaction.completed",
        format!("{} moved under {}", movement.amount, movement.receipt),
        json!({
            "receipt": movement.receipt, "kind": movement.kind, "amount": movement.amount,
            "account": movement.account,
        }),
    )
    .on_any(movement.phone)
}

fn invoice_view(kind: &'static str, reference: &str) -> View {
    let summary = kind.replace('.', " was ");
    View::new(
        kind,
        format!("an {summary}"),
        json!({"external_reference": reference}),
    )
}
