//! Requests that pay several recipients from one product: each is an entry of the answer, accepted or
//! refused by itself, unless the whole request is refused.

use amana_core::Money;
use amana_core::http::{Request, Response};
use amana_core::provider::africastalking::id::IdKind;

use super::accounts::{self, Fees};
use super::body::Object;
use super::order::{self, Refusal};
use super::record::{Category, Transaction};
use super::rejection::Rejection;
use super::{NAME, auth, explain, id, repeat};
use crate::kernel::Sandbox;
use crate::kernel::ledger::Posting;

/// Who pays: an application from one of its products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payer {
    /// The application.
    pub username: String,
    /// The product, in lower case as notifications have it.
    pub product: String,
}

impl Payer {
    /// Takes the amount out of the wallet and the fees out of the stash, or nothing at all; answers the
    /// transaction that this is for, with nothing of its other side yet.
    pub fn debit(
        &self,
        sandbox: &mut Sandbox,
        category: Category,
        value: Money,
    ) -> Result<Transaction, Refusal> {
        let username = &self.username;
        let credit = accounts::credit(sandbox, username);
        let fees = match credit.currency() == value.currency() {
            true => Fees::on(sandbox, value),
            // There is no rate between credit and payout, so the payout is free.
            false => Fees::none(value.currency()),
        };
        let id = id::fresh(sandbox, IdKind::Payment);
        let posting = Posting::new(Some(NAME), &id, "payout queued").transfer(
            accounts::wallet(username),
            accounts::under_way(username),
            value,
        );
        sandbox
            .post(fees.charge(posting, username))
            .map_err(|_| Refusal::INSUFFICIENT_CREDIT)?;
        Ok(Transaction {
            id,
            fee: fees.provider,
            provider_fee: fees.network,
            ..order::opened(sandbox, category, username, self.product.clone(), value)
        })
    }
}

/// A request as written.
pub struct Batch<T> {
    username: String,
    product: String,
    recipients: Vec<T>,
}

/// How many recipients a request may have, and the text that refuses others.
pub struct Limit {
    /// The most.
    pub recipients_max: usize,
    /// The text for fewer than one, and for more.
    pub text: &'static str,
}

impl Limit {
    /// One or more.
    pub const NONE: Self = Self {
        recipients_max: usize::MAX,
        text: "A request has recipients",
    };
}

impl<T> Batch<T> {
    /// The request, if the key is its user name's.
    pub fn read(
        sandbox: &Sandbox,
        request: &Request,
        read: fn(&Object) -> Result<T, Rejection>,
    ) -> Result<Self, Rejection> {
        let body = Object::body(request)?;
        let username = body.text("username")?;
        auth::application(&sandbox.settings().africastalking, request, &username)?;
        let product = body.text("productName")?;
        let recipients = body
            .list("recipients")?
            .iter()
            .map(|value| read(&Object::of(value, Some("recipients"))?))
            .collect::<Result<Vec<T>, Rejection>>()?;
        Ok(Self {
            username,
            product,
            recipients,
        })
    }

    /// Pays each recipient, or refuses the whole request. Clients look at the first entry, so the
    /// list of a refused request is empty, not absent.
    pub fn answer<E>(
        self,
        sandbox: &mut Sandbox,
        request: &Request,
        limit: &Limit,
        mut pay: impl FnMut(&mut Sandbox, &Payer, T) -> E,
        reply: impl FnOnce(Vec<E>, Option<String>) -> Response,
    ) -> Response {
        let username = self.username.clone();
        repeat::once(sandbox, request, &username, |sandbox| {
            match self.check(sandbox, limit) {
                Err(refusal) => {
                    explain(sandbox, refusal.field, refusal.text);
                    reply(Vec::new(), Some(refusal.text.to_owned()))
                }
                Ok(payer) => {
                    let recipients = self.recipients.into_iter();
                    let entries = recipients.map(|recipient| pay(sandbox, &payer, recipient));
                    reply(entries.collect(), None)
                }
            }
        })
    }

    fn check(&self, sandbox: &mut Sandbox, limit: &Limit) -> Result<Payer, Refusal> {
        if !(1..=limit.recipients_max).contains(&self.recipients.len()) {
            return Err(Refusal::invalid("recipients", limit.text));
        }
        Ok(Payer {
            product: order::open_product(sandbox, &self.username, &self.product)?,
            username: self.username.clone(),
        })
    }
}
