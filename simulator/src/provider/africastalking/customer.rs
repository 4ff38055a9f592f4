//! Payments that subscribers make by themselves (C2B), to the number of the default channel.
//!
//! The account that the payer types names the product; any other account is the first product's.

use serde_json::json;

use super::books::BooksEvent;
use super::callback::About;
use super::record::{Category, Transaction};
use super::{accounts, callback, network, notification, order, settle};
use crate::error::SandboxError;
use crate::kernel::Sandbox;
use crate::kernel::callback::{Attempt, Callback, CallbackUrl, Target};
use crate::kernel::phone::CustomerPayment;

/// The callback that asks the application whether it wants a payment.
pub const VALIDATION: &str = "customer_validation";

/// A phone pays; the reference is that of the transaction.
///
/// # Errors
/// As [`accounts::open`].
pub fn pays(
    sandbox: &mut Sandbox,
    payment: &CustomerPayment,
) -> Result<Option<String>, SandboxError> {
    if payment.to != network::DEFAULT_CHANNEL {
        return Ok(None);
    }
    let settings = &sandbox.settings().africastalking;
    let named = settings.product(payment.account.trim());
    let product = named.or(settings.products.first());
    let (Some(app), Some(product)) = (settings.apps.first(), product) else {
        return Ok(None);
    };
    let own = product.customer_validation.clone();
    let (username, product) = (app.username.clone(), product.name.to_lowercase());
    let of_all = settings.callbacks.customer_validation.clone();
    accounts::open(sandbox, &username)?;
    sandbox.ensure_phone(payment.from);
    let category = Category::MobileC2b;
    let opened = Transaction {
        phone: Some(payment.from),
        client_account: payment.account.clone(),
        ..order::opened(sandbox, category, &username, product, payment.amount)
    };
    sandbox.emit(BooksEvent::TransactionOpened(Box::new(opened.clone())));
    match own.or(of_all) {
        Some(url) => ask(sandbox, &opened, url),
        None => settle::succeeded(sandbox, &opened, 1),
    }
    Ok(Some(opened.id))
}

fn ask(sandbox: &mut Sandbox, transaction: &Transaction, url: CallbackUrl) {
    let provider = network::payment_provider(transaction.category, &transaction.username);
    let mut body = json!({
        "phoneNumber": transaction.phone,
        "productName": transaction.product,
        "provider": provider,
        "providerMetadata": {},
        "value": notification::amount(transaction.value),
    });
    if !transaction.client_account.is_empty() {
        body["clientAccount"] = json!(transaction.client_account);
    }
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

/// The application's answer: only `Validated` lets the payment through.
///
/// DIVERGENCE: neither the answer's body nor what silence means is documented for these payments;
/// both are taken to be as for payouts.
pub fn validated(sandbox: &mut Sandbox, callback: &Callback, attempt: &Attempt) {
    settle::consented(sandbox, callback, attempt, |sandbox, open| {
        settle::succeeded(sandbox, open, 1);
    });
}
