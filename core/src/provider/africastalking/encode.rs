//! Orders to requests.

use std::collections::BTreeMap;

use super::auth::{self, Service};
use super::wire::insights::SimSwapRequest;
use super::wire::messaging::SendForm;
use super::wire::payments::{B2cRecipient, B2cRequest, CheckoutRequest};
use super::wire::ussd;
use crate::http::{Request, Response};
use crate::money::Money;
use crate::money::wire::WireDecimal;
use crate::provider::{Call, Collection, Payout, ProviderError, SimCheck, Sms, StatusQuery};
use crate::ussd::{Screen, ScreenKind};

/// The member of the metadata that carries our reference there and back.
///
/// ```
/// use amana_core::provider::africastalking::REFERENCE;
/// assert_eq!(REFERENCE, "reference");
/// ```
pub const REFERENCE: &str = "reference";

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// The reason given for every payout: the only documented one that fits a payment for goods.
const PAYOUT_REASON: &str = "BusinessPayment";

pub(super) fn collection(call: &Call<'_>, order: &Collection) -> Result<Request, ProviderError> {
    let body = CheckoutRequest {
        amount: amount(order.amount)?,
        currency_code: order.amount.currency().to_string(),
        metadata: metadata(&order.metadata, &order.reference),
        phone_number: order.payer.into(),
        product_name: call.credentials.require(auth::PRODUCT)?.to_owned(),
        provider_channel: call.credentials.get(auth::CHANNEL).map(str::to_owned),
        username: call.credentials.require(auth::USERNAME)?.to_owned(),
    };
    let path = "/mobile/checkout/request";
    let request = auth::request(call, "POST", Service::Payments, path)?;
    Ok(request.with_body(JSON, to_json(&body)?))
}

pub(super) fn payout(call: &Call<'_>, order: &Payout) -> Result<Request, ProviderError> {
    let body = B2cRequest {
        product_name: call.credentials.require(auth::PRODUCT)?.to_owned(),
        recipients: vec![B2cRecipient {
            amount: amount(order.amount)?,
            currency_code: order.amount.currency().to_string(),
            metadata: metadata(&order.metadata, &order.reference),
            name: None,
            phone_number: order.payee.into(),
            provider_channel: call.credentials.get(auth::CHANNEL).map(str::to_owned),
            reason: Some(PAYOUT_REASON.to_owned()),
        }],
        username: call.credentials.require(auth::USERNAME)?.to_owned(),
    };
    let path = "/mobile/b2c/request";
    let request = auth::request(call, "POST", Service::Payments, path)?;
    // The key's meaning on the provider's side is not documented; a repeat is at worst refused.
    let request = request.with_header("idempotency-key", &order.reference);
    Ok(request.with_body(JSON, to_json(&body)?))
}

pub(super) fn status_query(call: &Call<'_>, order: &StatusQuery) -> Result<Request, ProviderError> {
    let path = "/query/transaction/find";
    let mut request = auth::request(call, "GET", Service::Payments, path)?;
    request.query = form_urlencoded::Serializer::new(String::new())
        .append_pair("username", call.credentials.require(auth::USERNAME)?)
        .append_pair("transactionId", order.provider_reference.as_str())
        .finish();
    Ok(request)
}

pub(super) fn balance(call: &Call<'_>) -> Result<Request, ProviderError> {
    let path = "/query/wallet/balance";
    let mut request = auth::request(call, "GET", Service::Payments, path)?;
    request.query = form_urlencoded::Serializer::new(String::new())
        .append_pair("username", call.credentials.require(auth::USERNAME)?)
        .finish();
    Ok(request)
}

pub(super) fn sms(call: &Call<'_>, order: &Sms) -> Result<Request, ProviderError> {
    if order.to.is_empty() {
        return Err(ProviderError::OrderInvalid { field: "to" });
    }
    if order.text.is_empty() {
        return Err(ProviderError::OrderInvalid { field: "text" });
    }
    let to: Vec<String> = order.to.iter().map(ToString::to_string).collect();
    let form = SendForm {
        username: call.credentials.require(auth::USERNAME)?.to_owned(),
        to: to.join(","),
        message: order.text.clone(),
        from: order.from.clone(),
    };
    let request = auth::request(call, "POST", Service::Api, "/version1/messaging")?;
    Ok(request.with_body(FORM, form.encode()))
}

pub(super) fn sim_check(call: &Call<'_>, order: &SimCheck) -> Result<Request, ProviderError> {
    let body = SimSwapRequest {
        phone_numbers: vec![order.phone.into()],
        username: call.credentials.require(auth::USERNAME)?.to_owned(),
    };
    let request = auth::request(call, "POST", Service::Insights, "/v1/sim-swap")?;
    Ok(request.with_body(JSON, to_json(&body)?))
}

/// The answer to a USSD session: `CON` asks for an input, `END` is the last screen.
pub(super) fn screen(screen: &Screen) -> Response {
    let word = match screen.kind {
        ScreenKind::Continue => ussd::CONTINUE,
        ScreenKind::End => ussd::END,
    };
    Response::new(200, "text/plain", format!("{word}{}", screen.text))
}

fn amount(amount: Money) -> Result<WireDecimal, ProviderError> {
    if !amount.is_positive() {
        return Err(ProviderError::OrderInvalid { field: "amount" });
    }
    Ok(WireDecimal::number(amount))
}

/// The order's metadata with our reference in it, which wins over an entry of the same name.
fn metadata(given: &BTreeMap<String, String>, reference: &str) -> BTreeMap<String, String> {
    let mut metadata = given.clone();
    metadata.insert(REFERENCE.to_owned(), reference.to_owned());
    metadata
}

fn to_json<T: serde::Serialize>(body: &T) -> Result<Vec<u8>, ProviderError> {
    // INVARIANT: the structs hold text, numbers and maps with text keys, which always serialise.
    serde_json::to_vec(body).map_err(|_| ProviderError::OrderInvalid { field: "metadata" })
}
