//! `POST /payments/webhook`: a provider reports a payment, as JSON or as a form.
//!
//! With a signature over the raw bytes the report is proof and is acted upon. Without one it is a
//! hint: only the provider's id is read from it, and the provider is asked. A signature that does
//! not fit is refused, and nothing of the content is kept.

use amana_core::escrow::{Command, FailureReason, Intent};
use amana_core::http::{Request, Response};
use amana_core::reference::{ProviderReference, Receipt, TransactionId};
use amana_core::signature::{HmacKey, Verified, hmac};
use amana_core::{Currency, Money};
use serde_json::json as value;

use super::event::{PaymentsEvent, RefusalReason};
use super::problem::Problem;
use super::routes::{Answer, json};
use super::state::Order;
use super::{engine, inbound};
use crate::kernel::{Sandbox, ServiceName};

/// The headers a signature may stand in; the first present one counts.
const SIGNATURE_HEADERS: [&str; 4] = [
    "x-webhook-signature",
    "x-signature",
    "x-hub-signature-256",
    "x-amana-signature",
];

/// What is read of a report, in either encoding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Report {
    transaction_id: Option<String>,
    status: Option<String>,
    amount: Option<String>,
    currency: Option<String>,
    receipt: Option<String>,
}

/// Takes a report.
///
/// # Errors
/// [`Problem`]: 401 for a signature that does not fit, 422 for a body that is no report.
pub fn receive(sandbox: &mut Sandbox, request: &Request) -> Answer {
    let signature = signature_in(&request.headers);
    let verified = match signature {
        None => None,
        Some(signature) => Some(verify(sandbox, signature, &request.body)?),
    };
    let Some(report) = Report::read(request) else {
        sandbox.emit(PaymentsEvent::CallbackRefused {
            reason: RefusalReason::Malformed,
        });
        let msg = "the body is not a report of a payment";
        return Err(Problem::field("transactionId", msg, "value_error.missing"));
    };
    let id = report.transaction_id.clone().unwrap_or_default();
    let Ok(reference) = id.parse::<ProviderReference>() else {
        return Err(Problem::field(
            "transactionId",
            "field required",
            "value_error.missing",
        ));
    };
    match verified {
        Some(_) => believe(sandbox, reference, &report),
        None => {
            let channel = channel(sandbox);
            inbound::hint(sandbox, channel, reference, None);
        }
    }
    processed(&id)
}

fn processed(transaction_id: &str) -> Result<Response, Problem> {
    json(
        200,
        &value!({"status": "webhook_processed", "transaction_id": transaction_id}),
    )
}

/// The signature among these headers.
pub fn signature_in(headers: &[(String, String)]) -> Option<&str> {
    SIGNATURE_HEADERS.iter().find_map(|wanted| {
        let mut headers = headers.iter();
        let found = headers.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.as_str())
    })
}

/// Checks a signature against the secret; a wrong one is recorded.
///
/// # Errors
/// [`Problem`]: 401.
pub fn verify<'a>(
    sandbox: &mut Sandbox,
    signature: &str,
    body: &'a [u8],
) -> Result<Verified<&'a [u8]>, Problem> {
    let secret = sandbox.settings().payments_api.webhook_secret.clone();
    let checked = HmacKey::new(secret).and_then(|key| hmac::verify(&key, Some(signature), body));
    checked.map_err(|error| {
        sandbox.emit(PaymentsEvent::CallbackRefused {
            reason: error.into(),
        });
        Problem::Sentence(401, "Invalid webhook signature".to_owned())
    })
}

fn channel(sandbox: &Sandbox) -> ServiceName {
    let name = &sandbox.settings().payments_api.channel;
    ServiceName::find(name).unwrap_or(ServiceName::PAYMENTS)
}

/// Acts upon a signed report of a collection; one of a payout is asked back all the same.
fn believe(sandbox: &mut Sandbox, reference: ProviderReference, report: &Report) {
    let order = sandbox.state().payments.order(reference);
    let Some(Order::Collection(id)) = order else {
        let channel = channel(sandbox);
        return inbound::hint(sandbox, channel, reference, None);
    };
    if let Some(intent) = report.intent(sandbox, id, reference) {
        let _ = engine::issue(sandbox, id, &Command::provider(intent));
    }
}

impl Report {
    /// Reads the body by its content type, or by its first character if that says nothing.
    fn read(request: &Request) -> Option<Self> {
        let content_type = request.header("content-type").unwrap_or_default();
        let looks_json = request.body.trim_ascii_start().starts_with(b"{");
        if content_type.contains("json") || looks_json {
            return Self::from_json(&request.body);
        }
        let mut report = Self::default();
        for (name, value) in form_urlencoded::parse(&request.body) {
            report.set(&name, value.into_owned());
        }
        report.transaction_id.is_some().then_some(report)
    }

    fn from_json(body: &[u8]) -> Option<Self> {
        let members: std::collections::BTreeMap<String, Box<serde_json::value::RawValue>> =
            serde_json::from_slice(body).ok()?;
        let mut report = Self::default();
        for (name, raw) in &members {
            let raw = raw.get();
            let text = serde_json::from_str::<String>(raw).unwrap_or_else(|_| raw.to_owned());
            report.set(name, text);
        }
        report.transaction_id.is_some().then_some(report)
    }

    fn set(&mut self, name: &str, value: String) {
        let member = match name {
            "transactionId" | "transaction_id" => &mut self.transaction_id,
            "status" => &mut self.status,
            "amount" | "value" => &mut self.amount,
            "currency" | "currencyCode" => &mut self.currency,
            "providerRefId" => &mut self.receipt,
            _ => return,
        };
        *member = Some(value);
    }

    fn intent(
        &self,
        sandbox: &Sandbox,
        id: TransactionId,
        reference: ProviderReference,
    ) -> Option<Intent> {
        if !self.status.as_deref()?.eq_ignore_ascii_case("success") {
            return Some(Intent::CollectionDeclined {
                reason: FailureReason::Declined,
            });
        }
        let (_, payment) = sandbox.state().payments.payment(id)?;
        let amount = self.money(payment.terms.amount)?;
        let receipt = self.receipt.as_deref().unwrap_or(reference.as_str());
        let receipt: Receipt = receipt.parse().ok()?;
        Some(Intent::FundsReceived { receipt, amount })
    }

    /// `KES 10.0000`, or `10.00` with or without a currency beside it; what was asked if absent.
    fn money(&self, asked: Money) -> Option<Money> {
        let Some(text) = &self.amount else {
            return Some(asked);
        };
        if let Ok(money) = Money::parse_with_currency(text) {
            return Some(money);
        }
        let currency = match &self.currency {
            Some(code) => code.parse::<Currency>().ok()?,
            None => asked.currency(),
        };
        Money::parse(text, currency).ok()
    }
}
