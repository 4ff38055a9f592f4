//! What a charge of a bank account or a card has in common: it waits for the one-time password that
//! the bank sends to the account's owner, and ends with it or without it.

use std::collections::BTreeMap;

use amana_core::Money;
use amana_core::http::{Request, Response};
use amana_core::provider::africastalking::id::IdKind;
use amana_core::provider::africastalking::status::ChargeStatus;
use amana_core::provider::africastalking::wire::banking::ChargeResponse;

use super::body::Object;
use super::books::BooksEvent;
use super::order::{self, Refusal, Sum};
use super::record::{Category, Progress, Transaction};
use super::rejection::Rejection;
use super::{NAME, accounts, auth, explain, id, reply, settle};
use crate::kernel::Sandbox;

/// What stands on each request for a charge.
pub struct Charge {
    product: String,
    sum: Sum,
    metadata: BTreeMap<String, String>,
}

impl Charge {
    /// Reads it; the narration is required and told to nobody.
    pub fn read(body: &Object) -> Result<Self, Rejection> {
        body.text("narration")?;
        Ok(Self {
            product: body.text("productName")?,
            sum: Sum::read(body)?,
            metadata: body.text_map("metadata")?,
        })
    }

    /// The product and the value, if both will do.
    pub fn check(&self, sandbox: &mut Sandbox, username: &str) -> Result<(String, Money), Refusal> {
        let product = order::known_product(sandbox, &self.product)?;
        let value = self.sum.value()?;
        accounts::open(sandbox, username).map_err(|_| Refusal::INSUFFICIENT_CREDIT)?;
        Ok((product, value))
    }

    /// The transaction of a charge that was accepted.
    pub fn open(
        self,
        sandbox: &mut Sandbox,
        category: Category,
        username: &str,
        (product, value): (String, Money),
        account: &str,
    ) -> Transaction {
        let opened = Transaction {
            business: account.to_owned(),
            metadata: self.metadata,
            ..order::opened(sandbox, category, username, product, value)
        };
        sandbox.emit(BooksEvent::TransactionOpened(Box::new(opened.clone())));
        opened
    }
}

/// The answer to a charge that is not taken.
pub fn refused(sandbox: &mut Sandbox, refusal: Refusal) -> Response {
    explain(sandbox, refusal.field, refusal.text);
    answer(refusal.word.as_str(), refusal.text, None)
}

/// The answer to a charge that waits for its one-time password.
pub fn waits(sandbox: &mut Sandbox, transaction: &Transaction) -> Response {
    let timeout = sandbox
        .settings()
        .africastalking
        .behaviour
        .validation_timeout;
    let key = format!("otp:{}", transaction.id);
    sandbox.set_timer(NAME, timeout.span(), &key);
    answer(
        ChargeStatus::PendingValidation.as_str(),
        "Payment is pending validation by the user",
        Some(transaction.id.clone()),
    )
}

/// An answer without a token.
pub fn answer(status: &str, description: &str, transaction_id: Option<String>) -> Response {
    reply::created(&ChargeResponse {
        checkout_token: None,
        description: description.to_owned(),
        status: status.to_owned(),
        transaction_id,
    })
}

/// What a charge is answered with when the money has moved.
pub const COMPLETED: &str = "Payment completed successfully";

/// `POST /bank/checkout/validate` and `POST /card/checkout/validate`.
pub fn validate(
    sandbox: &mut Sandbox,
    request: &Request,
    category: Category,
) -> Result<Response, Rejection> {
    let body = Object::body(request)?;
    let username = body.text("username")?;
    auth::application(&sandbox.settings().africastalking, request, &username)?;
    let id = body.text("transactionId")?;
    let password = body.text("otp")?;
    let books = &sandbox.state().providers.africastalking;
    let waiting = books.transaction(&id).filter(|found| {
        found.category == category && found.username == username && found.progress == Progress::Open
    });
    let Some(waiting) = waiting.cloned() else {
        let text = "No charge waits under this transaction id";
        return Ok(refused(sandbox, Refusal::invalid("transactionId", text)));
    };
    if password
        != sandbox
            .settings()
            .africastalking
            .behaviour
            .one_time_password
    {
        let text = "The one-time password is wrong";
        explain(sandbox, "otp", text);
        settle::failed(sandbox, &waiting, text, 1);
        return Ok(answer(ChargeStatus::Failed.as_str(), text, None));
    }
    settle::succeeded(sandbox, &waiting, 1);
    let token = (category == Category::CardCheckout).then(|| keep_card(sandbox, &username));
    Ok(reply::created(&ChargeResponse {
        checkout_token: token,
        description: COMPLETED.to_owned(),
        status: ChargeStatus::Success.as_str().to_owned(),
        transaction_id: None,
    }))
}

/// Gives out a token for the next charge; of the card itself nothing is kept.
fn keep_card(sandbox: &mut Sandbox, username: &str) -> String {
    let token = id::fresh(sandbox, IdKind::CardToken);
    sandbox.emit(BooksEvent::CardKept {
        token: token.clone(),
        username: username.to_owned(),
    });
    token
}

/// Nobody gave the password in time.
pub fn expired(sandbox: &mut Sandbox, id: &str) {
    let books = &sandbox.state().providers.africastalking;
    let found = books.transaction(id).cloned();
    if let Some(waiting) = found.filter(|found| found.progress == Progress::Open) {
        let text = "The one-time password was not given in time";
        settle::failed(sandbox, &waiting, text, 1);
    }
}
