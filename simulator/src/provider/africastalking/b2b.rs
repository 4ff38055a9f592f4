//! Payments to businesses (B2B): as payouts, but nobody is asked and the network takes two seconds.

use amana_core::http::{Request, Response};
use amana_core::provider::africastalking::status::PayoutStatus;
use amana_core::provider::africastalking::wire::payments::{
    B2B_PROVIDERS, B2B_TRANSFER_TYPES, B2bResponse,
};
use amana_core::time::Span;

use super::accounts;
use super::body::Object;
use super::books::{BooksEvent, Category, Progress, Transaction};
use super::order::{self, Refusal};
use super::rejection::Rejection;
use super::{NAME, auth, explain, network, notification, payout, repeat, reply, settle};
use crate::kernel::{Caller, Sandbox};

const TRANSFER_TIME: Span = Span::from_secs(2);

/// `POST /mobile/b2b/request`.
pub fn request(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let body = Object::body(request)?;
    let username = body.text("username")?;
    auth::application(&sandbox.settings().africastalking, request, &username)?;
    let product = body.text("productName")?;
    let provider = body.text("provider")?;
    let transfer_type = body.text("transferType")?;
    let currency = body.text("currencyCode")?;
    let amount = body.number("amount")?;
    let channel = body.text("destinationChannel")?;
    let account = body.text("destinationAccount")?;
    let metadata = body.text_map("metadata")?;
    if let Some(response) = repeat::recall(sandbox, request, &username) {
        return Ok(response);
    }
    let products = &sandbox.settings().africastalking.products;
    let names = products.iter().map(|product| product.name.as_str());
    let checked = order::product(&product, names)
        .and_then(|product| {
            listed("provider", &provider, &B2B_PROVIDERS)?;
            listed("transferType", &transfer_type, &B2B_TRANSFER_TYPES)?;
            if channel.trim().is_empty() {
                let text = "Invalid destination channel";
                return Err(Refusal::invalid("destinationChannel", text));
            }
            Ok((product, order::value(&currency, &amount)?))
        })
        .and_then(|(product, value)| {
            accounts::open(sandbox, &username).map_err(|_| Refusal::INSUFFICIENT_CREDIT)?;
            Ok((product, value, payout::debit(sandbox, &username, value)?))
        });
    let response = match checked {
        Err(refusal) => refused(sandbox, refusal),
        Ok((product, value, (id, fees))) => {
            let transaction = Transaction {
                id,
                category: Category::MobileB2b,
                username: username.clone(),
                product,
                channel: network::DEFAULT_CHANNEL.to_owned(),
                phone: None,
                business: format!("{} {}", channel.trim(), account.trim()),
                value,
                fee: fees.provider,
                provider_fee: fees.network,
                metadata,
                internal: sandbox.caller() == Caller::Payments,
                opened_at: sandbox.now(),
                progress: Progress::Open,
            };
            queued(sandbox, transaction)
        }
    };
    repeat::remember(sandbox, request, &username, &response);
    Ok(response)
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

fn queued(sandbox: &mut Sandbox, transaction: Transaction) -> Response {
    let response = reply::created(&B2bResponse {
        error_message: None,
        provider_channel: Some(transaction.channel.clone()),
        status: PayoutStatus::Queued.as_str().to_owned(),
        transaction_fee: Some(notification::amount(transaction.fee)),
        transaction_id: Some(transaction.id.clone()),
    });
    let key = format!("b2b:{}", transaction.id);
    sandbox.emit(BooksEvent::TransactionOpened(Box::new(transaction)));
    sandbox.set_timer(NAME, TRANSFER_TIME, &key);
    response
}

/// The network is done.
pub fn arrived(sandbox: &mut Sandbox, id: &str) {
    let books = &sandbox.state().providers.africastalking;
    let found = books.transaction(id).cloned();
    if let Some(transaction) = found.filter(|found| found.progress == Progress::Open) {
        settle::succeeded(sandbox, &transaction, 1);
    }
}
