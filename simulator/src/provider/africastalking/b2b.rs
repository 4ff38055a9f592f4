//! Payments to businesses (B2B): as payouts, but nobody is asked and the network takes two seconds.

use std::collections::BTreeMap;

use amana_core::http::{Request, Response};
use amana_core::provider::africastalking::status::PayoutStatus;
use amana_core::provider::africastalking::wire::payments::{
    B2B_PROVIDERS, B2B_TRANSFER_TYPES, B2bResponse,
};

use super::batch::Payer;
use super::body::Object;
use super::order::{self, Refusal, Sum};
use super::record::{Category, Transaction};
use super::rejection::Rejection;
use super::{accounts, auth, explain, notification, payout, repeat, reply};
use crate::kernel::Sandbox;

/// `POST /mobile/b2b/request`.
pub fn request(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let body = Object::body(request)?;
    let username = body.text("username")?;
    auth::application(&sandbox.settings().africastalking, request, &username)?;
    let form = Form::read(&body)?;
    Ok(repeat::once(sandbox, request, &username, |sandbox| {
        let debited = match form.check(sandbox, &username) {
            Err(refusal) => return refused(sandbox, refusal),
            Ok(debited) => debited,
        };
        let transaction = Transaction {
            business: format!("{} {}", form.channel.trim(), form.account.trim()),
            metadata: form.metadata,
            ..debited
        };
        queued(sandbox, &transaction)
    }))
}

/// The values of a request as written.
struct Form {
    product: String,
    provider: String,
    transfer_type: String,
    sum: Sum,
    channel: String,
    account: String,
    /// The phone that gets what is bought, a token for electricity perhaps.
    requester: Option<String>,
    metadata: BTreeMap<String, String>,
}

impl Form {
    fn read(body: &Object) -> Result<Self, Rejection> {
        Ok(Self {
            product: body.text("productName")?,
            provider: body.text("provider")?,
            transfer_type: body.text("transferType")?,
            sum: Sum::read(body)?,
            channel: body.text("destinationChannel")?,
            account: body.text("destinationAccount")?,
            requester: body.optional_text("requester")?,
            metadata: body.text_map("metadata")?,
        })
    }

    /// Debits the wallet if the values will do.
    fn check(&self, sandbox: &mut Sandbox, username: &str) -> Result<Transaction, Refusal> {
        let product = order::known_product(sandbox, &self.product)?;
        listed("provider", &self.provider, &B2B_PROVIDERS)?;
        listed("transferType", &self.transfer_type, &B2B_TRANSFER_TYPES)?;
        if self.channel.trim().is_empty() {
            let text = "Invalid destination channel";
            return Err(Refusal::invalid("destinationChannel", text));
        }
        if let Some(requester) = &self.requester {
            order::phone(requester).map_err(|refusal| Refusal {
                field: "requester",
                ..refusal
            })?;
        }
        let value = self.sum.value()?;
        accounts::open(sandbox, username).map_err(|_| Refusal::INSUFFICIENT_CREDIT)?;
        let payer = Payer {
            username: username.to_owned(),
            product,
        };
        payer.debit(sandbox, Category::MobileB2b, value)
    }
}

fn listed(field: &'static str, word: &str, known: &[&str]) -> Result<(), Refusal> {
    if known.contains(&word) {
        Ok(())
    } else {
        Err(Refusal::invalid(field, "Invalid provider or transfer type"))
    }
}

fn refused(sandbox: &mut Sandbox, refusal: Refusal) -> Response {
    explain(sandbox, refusal.field, refusal.text);
    reply::created(&B2bResponse {
        error_message: Some(refusal.text.to_owned()),
        provider_channel: None,
        status: refusal.word.as_str().to_owned(),
        transaction_fee: None,
        transaction_id: None,
    })
}

fn queued(sandbox: &mut Sandbox, transaction: &Transaction) -> Response {
    payout::under_way(sandbox, transaction);
    reply::created(&B2bResponse {
        error_message: None,
        provider_channel: Some(transaction.channel.clone()),
        status: PayoutStatus::Queued.as_str().to_owned(),
        transaction_fee: Some(notification::amount(transaction.fee)),
        transaction_id: Some(transaction.id.clone()),
    })
}
