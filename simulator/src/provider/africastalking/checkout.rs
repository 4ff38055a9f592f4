//! Mobile checkout: a prompt on the phone, then money from the subscriber's wallet.

use std::collections::BTreeMap;

use amana_core::http::{Request, Response};
use amana_core::provider::africastalking::status::CheckoutStatus;
use amana_core::provider::africastalking::wire::payments::CheckoutResponse;
use amana_core::{Money, Msisdn};

use super::accounts;
use super::body::Object;
use super::books::BooksEvent;
use super::order::{self, Refusal, Sum};
use super::record::{Category, Transaction};
use super::rejection::Rejection;
use super::{NAME, auth, explain, repeat, reply};
use crate::kernel::Sandbox;
use crate::kernel::phone::{NewPrompt, Operation};

/// `POST /mobile/checkout/request`.
pub fn request(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let body = Object::body(request)?;
    let username = body.text("username")?;
    auth::application(&sandbox.settings().africastalking, request, &username)?;
    let form = Form::read(&body)?;
    Ok(repeat::once(
        sandbox,
        request,
        &username,
        |sandbox| match form.check(sandbox, &username) {
            Err(refusal) => refused(sandbox, refusal),
            Ok(order) => accepted(sandbox, &username, form, order),
        },
    ))
}

/// The values of a request as written.
struct Form {
    product: String,
    phone: String,
    sum: Sum,
    channel: Option<String>,
    metadata: BTreeMap<String, String>,
}

/// The values of a request as they count.
struct Order {
    product: String,
    phone: Msisdn,
    value: Money,
}

impl Form {
    fn read(body: &Object) -> Result<Self, Rejection> {
        Ok(Self {
            product: body.text("productName")?,
            phone: body.text("phoneNumber")?,
            sum: Sum::read(body)?,
            channel: body.optional_text("providerChannel")?,
            metadata: body.text_map("metadata")?,
        })
    }

    fn check(&self, sandbox: &mut Sandbox, username: &str) -> Result<Order, Refusal> {
        let order = Order {
            product: order::known_product(sandbox, &self.product)?,
            phone: order::phone(&self.phone)?,
            value: self.sum.value()?,
        };
        order::strictly(sandbox, self.channel.as_deref(), order.phone, order.value)?;
        accounts::open(sandbox, username).map_err(|_| Refusal::INSUFFICIENT_CREDIT)?;
        Ok(order)
    }
}

fn refused(sandbox: &mut Sandbox, refusal: Refusal) -> Response {
    explain(sandbox, refusal.field, refusal.text);
    reply::created(&CheckoutResponse {
        description: refusal.text.to_owned(),
        provider_channel: None,
        status: refusal.word.as_str().to_owned(),
        transaction_id: None,
    })
}

fn accepted(sandbox: &mut Sandbox, username: &str, form: Form, order: Order) -> Response {
    let category = Category::MobileCheckout;
    let mut transaction = Transaction {
        phone: Some(order.phone),
        metadata: form.metadata,
        ..order::opened(sandbox, category, username, order.product, order.value)
    };
    if let Some(channel) = form.channel {
        transaction.channel = channel;
    }
    let response = reply::created(&CheckoutResponse {
        description: "Waiting for user input".to_owned(),
        provider_channel: Some(transaction.channel.clone()),
        status: CheckoutStatus::PendingConfirmation.as_str().to_owned(),
        transaction_id: Some(transaction.id.clone()),
    });
    let prompt = NewPrompt {
        provider: NAME,
        operation: Operation::Collect,
        msisdn: order.phone,
        amount: order.value,
        charge: Money::zero(order.value.currency()),
        text: format!(
            "Pay {} to {}? Enter PIN",
            order.value.grouped(),
            form.product
        ),
        reference: transaction.id.as_str().into(),
        expires_after: sandbox
            .settings()
            .africastalking
            .behaviour
            .prompt_timeout
            .span(),
    };
    sandbox.emit(BooksEvent::TransactionOpened(Box::new(transaction)));
    sandbox.open_prompt(prompt);
    response
}
