//! Movements within an application: from one product to another, and into its credit.
//!
//! An application has one payment wallet, so a payment to another product shows on its statement as
//! a debit and a credit of the same amount.

use std::collections::BTreeMap;

use amana_core::Money;
use amana_core::http::{Request, Response};
use amana_core::money::wire::WireDecimal;
use amana_core::provider::africastalking::status::ChargeStatus;

use super::body::Object;
use super::books::BooksEvent;
use super::order::{self, Refusal, Sum, Word};
use super::record::{Category, Transaction};
use super::rejection::Rejection;
use super::{accounts, auth, charge, notification, repeat, settle};
use crate::kernel::Sandbox;

/// The values of a request as written.
struct Form {
    product: String,
    target: Option<WireDecimal>,
    sum: Sum,
    metadata: BTreeMap<String, String>,
}

impl Form {
    /// Everything that is refused here has the word `Failed`.
    fn check(&self, sandbox: &mut Sandbox, username: &str) -> Result<Order, Refusal> {
        self.try_check(sandbox, username)
            .map_err(|refusal| Refusal {
                word: Word::Failed,
                ..refusal
            })
    }

    fn try_check(&self, sandbox: &mut Sandbox, username: &str) -> Result<Order, Refusal> {
        let product = order::known_product(sandbox, &self.product)?;
        let target = match &self.target {
            Some(code) => Some(target(sandbox, code.as_str())?),
            None => None,
        };
        let value = self.sum.value()?;
        accounts::open(sandbox, username).map_err(|_| Refusal::INSUFFICIENT_CREDIT)?;
        let credit = accounts::currency(&sandbox.settings().africastalking, username);
        if target.is_none() && value.currency() != credit {
            let text = "The credit is kept in another currency";
            return Err(Refusal::invalid("currencyCode", text));
        }
        let wallet = accounts::wallet(username);
        let held = sandbox.state().ledger.balance(&wallet, value.currency());
        if held.minor() < value.minor() {
            return Err(Refusal::INSUFFICIENT_CREDIT);
        }
        Ok(Order {
            product,
            target,
            value,
        })
    }
}

/// The values of a request as they count.
struct Order {
    product: String,
    target: Option<String>,
    value: Money,
}

/// The product of this code, as the settings spell it.
fn target(sandbox: &Sandbox, code: &str) -> Result<String, Refusal> {
    let products = &sandbox.settings().africastalking.products;
    let coded = products.iter().enumerate();
    coded
        .map(|(index, product)| {
            let place = u32::try_from(index + 1).unwrap_or(u32::MAX);
            (product.code.unwrap_or(place), product)
        })
        .find(|(known, _)| known.to_string() == code)
        .map(|(_, product)| product.name.clone())
        .ok_or(Refusal::invalid(
            "targetProductCode",
            "Unknown target product",
        ))
}

/// `POST /transfer/wallet`.
pub fn transfer(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let body = Object::body(request)?;
    let target = |body: &Object| body.number("targetProductCode").map(Some);
    run(sandbox, request, &body, Category::WalletTransfer, target)
}

/// `POST /topup/stash`.
pub fn topup(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let body = Object::body(request)?;
    run(sandbox, request, &body, Category::UserStashTopup, |_| {
        Ok(None)
    })
}

fn run(
    sandbox: &mut Sandbox,
    request: &Request,
    body: &Object,
    category: Category,
    target: impl Fn(&Object) -> Result<Option<WireDecimal>, Rejection>,
) -> Result<Response, Rejection> {
    let username = body.text("username")?;
    auth::application(&sandbox.settings().africastalking, request, &username)?;
    let form = Form {
        product: body.text("productName")?,
        target: target(body)?,
        sum: Sum::read(body)?,
        metadata: body.text_map("metadata")?,
    };
    Ok(repeat::once(
        sandbox,
        request,
        &username,
        |sandbox| match form.check(sandbox, &username) {
            Err(refusal) => charge::refused(sandbox, refusal),
            Ok(order) => moved(sandbox, &username, category, form.metadata, order),
        },
    ))
}

fn moved(
    sandbox: &mut Sandbox,
    username: &str,
    category: Category,
    metadata: BTreeMap<String, String>,
    order: Order,
) -> Response {
    let zero = Money::zero(order.value.currency());
    let opened = Transaction {
        business: order.target.clone().unwrap_or_default(),
        fee: zero,
        provider_fee: zero,
        metadata,
        ..order::opened(sandbox, category, username, order.product, order.value)
    };
    sandbox.emit(BooksEvent::TransactionOpened(Box::new(opened.clone())));
    if let Some(text) = settle::unreached(sandbox, &opened) {
        // The answer is final, so it and the notification of the failure agree.
        settle::failed(sandbox, &opened, &text, 1);
        return charge::answer(ChargeStatus::Failed.as_str(), &text, Some(opened.id));
    }
    settle::succeeded(sandbox, &opened, 1);
    let description = match &order.target {
        // The spelling is the provider's.
        Some(product) => format!("Transfered funds to {username} [{product}]"),
        None => format!(
            "Topped up user stash. New Stash Balance: {}",
            notification::amount(accounts::credit(sandbox, username))
        ),
    };
    charge::answer(
        ChargeStatus::Success.as_str(),
        &description,
        Some(opened.id),
    )
}
