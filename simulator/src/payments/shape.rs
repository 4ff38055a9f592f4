//! The two published shapes of a payment, and which of them a request wants.
//!
//! | | the guide's | the reference's |
//! |---|---|---|
//! | asked for by | `currency_code` or `metadata` in the body | anything else |
//! | id | `transaction_id`: ours, `TXN-…` | `payment_id`: a number |
//! | provider's id | `external_transaction_id` | `transaction_id`, or null |
//! | status | lower case | upper case |
//! | instants | RFC 3339 with `Z` | ISO 8601 without zone, microseconds |

use amana_core::escrow::{FailureReason, Payment, PaymentView, Status};
use amana_core::money::wire::WireDecimal;
use amana_core::{Money, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::guard::Refusal;
use super::state::PaymentRecord;

/// One of the two published shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Of the payments guide.
    Guide,
    /// Of the API reference.
    Reference,
}

/// A payment in the guide's shape, with what the engine knows beside it.
#[derive(Debug, Serialize)]
pub struct GuidePayment {
    transaction_id: String,
    external_transaction_id: Option<String>,
    contract_id: String,
    status: Status,
    description: &'static str,
    amount: WireDecimal,
    currency: &'static str,
    phone_number: String,
    recipient_phone: String,
    created_at: Timestamp,
    locked_at: Option<Timestamp>,
    released_at: Option<Timestamp>,
    refunded_at: Option<Timestamp>,
    failed_at: Option<Timestamp>,
    failure_reason: Option<FailureReason>,
    phase: &'static str,
    held: String,
    released: String,
    refunded: String,
    waiting_for: Vec<amana_core::escrow::WaitingFor>,
    deadline_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    release_refused: Option<ReleaseRefused>,
}

/// Why a release was refused, while the money is still held.
#[derive(Debug, Serialize)]
struct ReleaseRefused {
    #[serde(flatten)]
    refusal: Refusal,
    detail: String,
}

/// A payment in the reference's shape.
#[derive(Debug, Serialize)]
pub struct ReferencePayment {
    payment_id: u64,
    transaction_id: Option<String>,
    status: String,
    amount: Box<RawValue>,
    currency: &'static str,
    created_at: String,
}

/// The answer to a checkout in the guide's shape: exactly its published members.
#[derive(Debug, Serialize)]
pub struct GuideCheckout {
    transaction_id: String,
    external_transaction_id: Option<String>,
    status: Status,
    description: &'static str,
    amount: WireDecimal,
    currency: &'static str,
    phone_number: String,
    created_at: Timestamp,
}

impl GuidePayment {
    /// This payment.
    pub fn of(payment: &Payment) -> Self {
        let view = payment.view();
        Self {
            transaction_id: view.transaction_id.to_string(),
            external_transaction_id: external(&view),
            contract_id: view.contract_id.to_string(),
            status: view.status,
            description: description(&view),
            amount: WireDecimal::number(view.amount),
            currency: view.amount.currency().code(),
            phone_number: view.payer.to_string(),
            recipient_phone: view.payee.to_string(),
            created_at: view.requested_at,
            locked_at: view.locked_at,
            released_at: view.released_at,
            refunded_at: view.refunded_at,
            failed_at: view.failed_at,
            failure_reason: view.failure,
            phase: view.phase,
            held: view.held.amount(),
            released: view.released.amount(),
            refunded: view.refunded.amount(),
            waiting_for: view.waiting_for,
            deadline_at: view.deadline_at,
            release_refused: None,
        }
    }

    /// With why its release was refused, if it was and the money is still held.
    pub fn with(mut self, refusal: Option<Refusal>) -> Self {
        self.release_refused = refusal
            .filter(|_| self.status == Status::Locked)
            .map(|refusal| ReleaseRefused {
                refusal,
                detail: refusal.sentence(),
            });
        self
    }
}

impl GuideCheckout {
    /// This payment.
    pub fn of(payment: &Payment) -> Self {
        let view = payment.view();
        Self {
            transaction_id: view.transaction_id.to_string(),
            external_transaction_id: external(&view),
            status: view.status,
            description: description(&view),
            amount: WireDecimal::number(view.amount),
            currency: view.amount.currency().code(),
            phone_number: view.payer.to_string(),
            created_at: view.requested_at,
        }
    }
}

impl ReferencePayment {
    /// This payment.
    pub fn of(record: &PaymentRecord, payment: &Payment) -> Self {
        let view = payment.view();
        Self {
            payment_id: record.payment_id,
            transaction_id: external(&view),
            status: view.status.name().to_uppercase(),
            amount: point_number(view.amount),
            currency: view.amount.currency().code(),
            created_at: iso_without_zone(view.requested_at),
        }
    }
}

fn external(view: &PaymentView) -> Option<String> {
    view.provider_reference
        .map(|reference| reference.to_string())
}

fn description(view: &PaymentView) -> &'static str {
    match view.status {
        Status::Pending => "Waiting for user to confirm payment",
        Status::Locked => "Payment received and held in escrow",
        Status::Released => "Payment transferred to seller",
        Status::Refunded => "Payment returned to buyer",
        Status::Failed => view
            .failure
            .map_or("Payment failed", FailureReason::sentence),
    }
}

/// A number that always has a decimal point, as the reference prints amounts: `5000.0`.
fn point_number(amount: Money) -> Box<RawValue> {
    let number = WireDecimal::number(amount);
    let text = match number.as_str().contains('.') {
        true => number.as_str().to_owned(),
        false => format!("{}.0", number.as_str()),
    };
    // INVARIANT: digits, at most one point and a sign are a JSON number.
    RawValue::from_string(text).unwrap_or_default()
}

/// `2026-03-06T10:30:00.000000`.
fn iso_without_zone(at: Timestamp) -> String {
    let text = at.to_string();
    format!("{}000", text.trim_end_matches('Z'))
}

#[cfg(test)]
mod tests {
    use amana_core::Currency;

    use super::*;

    #[test]
    fn the_references_numbers_and_instants() {
        let amount = |text| Money::parse(text, Currency::KES).unwrap();
        for (given, printed) in [
            ("5000", "5000.0"),
            ("350000.50", "350000.5"),
            ("0.05", "0.05"),
        ] {
            assert_eq!(point_number(amount(given)).get(), printed);
        }
        let at = "2026-03-06T10:30:00.120Z".parse().unwrap();
        assert_eq!(iso_without_zone(at), "2026-03-06T10:30:00.120000");
    }
}
