//! Payouts to subscribers (B2C): the wallet is debited at once and refunded if the payout fails.

use std::collections::BTreeMap;

use amana_core::http::{Request, Response};
use amana_core::provider::DeclineReason;
use amana_core::provider::africastalking::status::{PayoutStatus, description_of};
use amana_core::provider::africastalking::wire::WirePhone;
use amana_core::provider::africastalking::wire::payments::{B2cEntry, B2cResponse, REASONS};
use amana_core::{Money, Msisdn};
use serde_json::json;

use super::batch::{Batch, Limit, Payer};
use super::body::Object;
use super::books::BooksEvent;
use super::callback::About;
use super::order::{self, Refusal, Sum};
use super::record::{Category, Progress, Transaction};
use super::rejection::Rejection;
use super::{NAME, callback, explain, network, notification, reply, settle};
use crate::kernel::Sandbox;
use crate::kernel::callback::{Attempt, Callback, CallbackUrl, Target};
use crate::kernel::phone::{NewPrompt, Operation};

/// How many recipients a request may have.
const LIMIT: Limit = Limit {
    recipients_max: 10,
    text: "A request has 1 to 10 recipients",
};

/// The callback that asks the application whether a payout is its own.
pub const VALIDATION: &str = "payment_validation";

/// One recipient as written.
struct Recipient {
    phone: String,
    sum: Sum,
    channel: Option<String>,
    reason: Option<String>,
    metadata: BTreeMap<String, String>,
}

impl Recipient {
    fn read(object: &Object) -> Result<Self, Rejection> {
        Ok(Self {
            phone: object.text("phoneNumber")?,
            sum: Sum::read(object)?,
            channel: object.optional_text("providerChannel")?,
            reason: object.optional_text("reason")?,
            metadata: object.text_map("metadata")?,
        })
    }

    fn check(&self, sandbox: &Sandbox) -> Result<(Msisdn, Money), Refusal> {
        let phone = order::phone(&self.phone)?;
        let value = self.sum.value()?;
        order::strictly(sandbox, self.channel.as_deref(), phone, value)?;
        match &self.reason {
            Some(reason) if !REASONS.contains(&reason.as_str()) => {
                Err(Refusal::invalid("reason", "Invalid reason"))
            }
            Some(_) | None => Ok((phone, value)),
        }
    }
}

/// `POST /mobile/b2c/request`.
pub fn request(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let batch = Batch::read(sandbox, request, Recipient::read)?;
    Ok(batch.answer(sandbox, request, &LIMIT, pay, summed))
}

/// One recipient: an entry of the answer, and, if accepted, a payout under way.
fn pay(sandbox: &mut Sandbox, payer: &Payer, recipient: Recipient) -> Entry {
    let attempt = recipient.check(sandbox).and_then(|(phone, value)| {
        let debited = payer.debit(sandbox, Category::MobileB2c, value)?;
        Ok((phone, debited))
    });
    match attempt {
        Err(refusal) => {
            explain(sandbox, refusal.field, refusal.text);
            Entry::refused(recipient.phone, refusal)
        }
        Ok((phone, debited)) => {
            let mut transaction = Transaction {
                phone: Some(phone),
                metadata: recipient.metadata,
                ..debited
            };
            if let Some(channel) = recipient.channel {
                transaction.channel = channel;
            }
            sandbox.emit(BooksEvent::TransactionOpened(Box::new(transaction.clone())));
            start(sandbox, &transaction);
            Entry::queued(recipient.phone, &transaction)
        }
    }
}

/// Asks the application whether the payout is its own, if it wants to be asked; else pays.
fn start(sandbox: &mut Sandbox, transaction: &Transaction) {
    let settings = &sandbox.settings().africastalking;
    let own = settings
        .product(&transaction.product)
        .and_then(|product| product.payment_validation.clone());
    match own.or(settings.callbacks.payment_validation.clone()) {
        Some(url) if !transaction.internal => validate(sandbox, transaction, url),
        Some(_) | None => announce(sandbox, transaction),
    }
}

fn announce(sandbox: &mut Sandbox, transaction: &Transaction) {
    let Some(msisdn) = transaction.phone else {
        return;
    };
    sandbox.open_prompt(NewPrompt {
        provider: NAME,
        operation: Operation::PayOut,
        msisdn,
        amount: transaction.value,
        charge: Money::zero(transaction.value.currency()),
        text: format!("You are paid {}", transaction.value.grouped()),
        reference: transaction.id.as_str().into(),
        expires_after: sandbox
            .settings()
            .africastalking
            .behaviour
            .prompt_timeout
            .span(),
    });
}

fn validate(sandbox: &mut Sandbox, transaction: &Transaction, url: CallbackUrl) {
    let body = json!({
        "amount": amana_core::money::wire::WireDecimal::number(transaction.value),
        "category": transaction.category.as_str(),
        "currencyCode": transaction.value.currency(),
        "metadata": transaction.metadata,
        "phoneNumber": transaction.phone,
        "sourceIpAddress": "127.0.0.1",
        "transactionId": transaction.id,
    });
    let about = About {
        operation: VALIDATION,
        reference: &transaction.id,
        msisdn: transaction.phone,
    };
    sandbox.schedule_callback(callback::json(
        about,
        Target::Url(url),
        body.to_string().into_bytes(),
    ));
}

/// How long the network takes for a payout that asks nobody.
const TRANSFER_TIME: amana_core::time::Span = amana_core::time::Span::from_secs(2);

/// Writes down a payout that was debited and that the network makes without asking anybody.
pub fn under_way(sandbox: &mut Sandbox, transaction: &Transaction) {
    sandbox.emit(BooksEvent::TransactionOpened(Box::new(transaction.clone())));
    sandbox.set_timer(NAME, TRANSFER_TIME, &format!("payout:{}", transaction.id));
}

/// The network is done with it; a phone that is out of reach gets nothing, nor does a payee whom the
/// settings say no payment reaches.
pub fn arrived(sandbox: &mut Sandbox, id: &str) {
    let books = &sandbox.state().providers.africastalking;
    let found = books.transaction(id).cloned();
    let Some(transaction) = found.filter(|found| found.progress == Progress::Open) else {
        return;
    };
    let phone = transaction
        .phone
        .and_then(|phone| sandbox.state().phone(phone));
    let failure = match phone.is_none_or(|phone| phone.reachable) {
        true => settle::unreached(sandbox, &transaction),
        false => Some(description_of(DeclineReason::Unreachable).to_owned()),
    };
    match failure {
        None => settle::succeeded(sandbox, &transaction, 1),
        Some(text) => settle::failed(sandbox, &transaction, &text, 1),
    }
}

/// The application's answer: only `Validated` lets the payout go on.
pub fn validated(sandbox: &mut Sandbox, callback: &Callback, attempt: &Attempt) {
    settle::consented(sandbox, callback, attempt, announce);
}

/// An entry of the answer with the amounts that count towards its totals.
struct Entry {
    wire: B2cEntry,
    queued: Option<(Money, Money)>,
}

impl Entry {
    fn queued(phone: String, transaction: &Transaction) -> Self {
        let username = &transaction.username;
        Self {
            wire: B2cEntry {
                error_message: None,
                phone_number: WirePhone(phone),
                provider: Some(
                    network::payment_provider(transaction.category, username).to_owned(),
                ),
                provider_channel: Some(transaction.channel.clone()),
                status: PayoutStatus::Queued.as_str().to_owned(),
                transaction_fee: Some(notification::amount(transaction.fee)),
                transaction_id: Some(transaction.id.clone()),
                value: Some(notification::amount(transaction.value)),
            },
            queued: Some((transaction.value, transaction.fee)),
        }
    }

    fn refused(phone: String, refusal: Refusal) -> Self {
        Self {
            wire: B2cEntry {
                error_message: Some(refusal.text.to_owned()),
                phone_number: WirePhone(phone),
                provider: None,
                provider_channel: None,
                status: refusal.word.as_str().to_owned(),
                transaction_fee: None,
                transaction_id: None,
                value: None,
            },
            queued: None,
        }
    }
}

/// The answer with its totals; entries in another currency than the first are not added up.
fn summed(entries: Vec<Entry>, error_message: Option<String>) -> Response {
    let queued: Vec<(Money, Money)> = entries.iter().filter_map(|entry| entry.queued).collect();
    let total = |pick: fn(&(Money, Money)) -> Money| {
        let mut amounts = queued.iter().map(pick);
        let first = amounts.next()?;
        let sum = amounts.fold(first, |sum, amount| sum.checked_add(amount).unwrap_or(sum));
        Some(notification::amount(sum))
    };
    reply::created(&B2cResponse {
        error_message,
        num_queued: u32::try_from(queued.len()).unwrap_or(u32::MAX),
        total_transaction_fee: total(|(_, fee)| *fee),
        total_value: total(|(value, _)| *value),
        entries: entries.into_iter().map(|entry| entry.wire).collect(),
    })
}
