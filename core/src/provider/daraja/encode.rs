//! Orders to requests.

use super::auth;
use super::wire::Scalar;
use super::wire::order::{PayoutRequest, ReversalRequest, StatusRequest};
use super::wire::stk::{PushRequest, QueryRequest};
use crate::http::Request;
use crate::money::{Currency, Money};
use crate::party::Msisdn;
use crate::provider::daraja::receipt::is_receipt;
use crate::provider::outcome::ProviderReference;
use crate::provider::{Call, Collection, Payout, ProviderError, Reversal, StatusQuery};

/// With which the ids of prompts begin.
///
/// ```
/// use amana_core::provider::daraja::PROMPT_PREFIX;
/// assert!("ws_CO_101020261430057708374149".starts_with(PROMPT_PREFIX));
/// ```
pub const PROMPT_PREFIX: &str = "ws_CO_";

/// Documented lengths, in characters. Longer texts were accepted, but the payer's screen is small.
const REFERENCE_MAX: usize = 12;
const DESCRIPTION_MAX: usize = 13;
const REMARKS_MAX: usize = 100;
/// What stands where a text is required and the order has none.
const NO_TEXT: &str = "Payment";

const PUSH: &str = "/mpesa/stkpush/v1/processrequest";
const PUSH_QUERY: &str = "/mpesa/stkpushquery/v1/query";
const PAYOUT: &str = "/mpesa/b2c/v3/paymentrequest";
const STATUS: &str = "/mpesa/transactionstatus/v1/query";
const REVERSAL: &str = "/mpesa/reversal/v1/request";

pub(super) fn collection(call: &Call<'_>, order: &Collection) -> Result<Request, ProviderError> {
    let shortcode = call.credentials.require(auth::SHORTCODE)?;
    let passkey = call.credentials.require(auth::PASSKEY)?;
    let request = auth::request(call, PUSH)?;
    let timestamp = auth::timestamp(call);
    let (kind, payee) = match call.credentials.get(auth::TILL) {
        Some(till) => ("CustomerBuyGoodsOnline", till),
        None => ("CustomerPayBillOnline", shortcode),
    };
    let phone = phone(order.payer, "payer")?;
    let body = PushRequest {
        business_short_code: Scalar::text(shortcode),
        password: auth::password(shortcode, passkey, &timestamp),
        timestamp,
        transaction_type: kind.to_owned(),
        amount: shillings(order.amount)?,
        party_a: phone.clone(),
        party_b: Scalar::text(payee),
        phone_number: phone,
        call_back_url: callback_url(call)?,
        account_reference: short_reference(&order.reference),
        transaction_desc: Some(words(&order.description, DESCRIPTION_MAX)),
    };
    with_json(request, &body)
}

pub(super) fn payout(call: &Call<'_>, order: &Payout) -> Result<Request, ProviderError> {
    let signed = Signed::of(call)?;
    let request = auth::request(call, PAYOUT)?;
    // It comes back as the id of the order, so it must be able to be one.
    let reference: ProviderReference = order
        .reference
        .parse()
        .map_err(|_| ProviderError::OrderInvalid { field: "reference" })?;
    let body = PayoutRequest {
        originator_conversation_id: Some(reference.to_string()),
        initiator_name: signed.initiator,
        security_credential: signed.credential,
        command_id: "BusinessPayment".to_owned(),
        amount: shillings(order.amount)?,
        party_a: Scalar::text(signed.shortcode),
        party_b: phone(order.payee, "payee")?,
        remarks: words(&order.reason, REMARKS_MAX),
        queue_time_out_url: callback_url(call)?,
        result_url: callback_url(call)?,
        occassion: Some(words(&order.reference, REMARKS_MAX)),
    };
    with_json(request, &body)
}

/// A prompt's query is answered at once; any other order's by callback.
pub(super) fn status_query(call: &Call<'_>, order: &StatusQuery) -> Result<Request, ProviderError> {
    match order.provider_reference.as_str() {
        id if id.starts_with(PROMPT_PREFIX) => prompt_query(call, id),
        id => order_query(call, id),
    }
}

fn prompt_query(call: &Call<'_>, id: &str) -> Result<Request, ProviderError> {
    let shortcode = call.credentials.require(auth::SHORTCODE)?;
    let passkey = call.credentials.require(auth::PASSKEY)?;
    let request = auth::request(call, PUSH_QUERY)?;
    let timestamp = auth::timestamp(call);
    let body = QueryRequest {
        business_short_code: Scalar::text(shortcode),
        password: auth::password(shortcode, passkey, &timestamp),
        timestamp,
        checkout_request_id: id.to_owned(),
    };
    with_json(request, &body)
}

fn order_query(call: &Call<'_>, id: &str) -> Result<Request, ProviderError> {
    let signed = Signed::of(call)?;
    let request = auth::request(call, STATUS)?;
    let body = StatusRequest {
        initiator: signed.initiator,
        security_credential: signed.credential,
        command_id: "TransactionStatusQuery".to_owned(),
        transaction_id: None,
        original_conversation_id: Some(id.to_owned()),
        party_a: Scalar::text(signed.shortcode),
        identifier_type: Scalar::text("4"),
        result_url: callback_url(call)?,
        queue_time_out_url: callback_url(call)?,
        remarks: "Status".to_owned(),
        occasion: None,
    };
    with_json(request, &body)
}

pub(super) fn reversal(call: &Call<'_>, order: &Reversal) -> Result<Request, ProviderError> {
    let signed = Signed::of(call)?;
    let request = auth::request(call, REVERSAL)?;
    // The id of a prompt stands for a receipt where the provider told none, but reverses nothing.
    if !is_receipt(order.receipt.as_str()) {
        return Err(ProviderError::OrderInvalid { field: "receipt" });
    }
    let body = ReversalRequest {
        initiator: signed.initiator,
        security_credential: signed.credential,
        command_id: "TransactionReversal".to_owned(),
        transaction_id: order.receipt.to_string(),
        amount: shillings(order.amount)?,
        receiver_party: Scalar::text(signed.shortcode),
        reciever_identifier_type: Scalar::text("11"),
        result_url: callback_url(call)?,
        queue_time_out_url: callback_url(call)?,
        remarks: words(&order.reason, REMARKS_MAX),
        occasion: Some(words(&order.reference, REMARKS_MAX)),
    };
    with_json(request, &body)
}

/// What every order of an initiator has.
struct Signed {
    initiator: String,
    credential: String,
    shortcode: String,
}

impl Signed {
    fn of(call: &Call<'_>) -> Result<Self, ProviderError> {
        let credentials = call.credentials;
        Ok(Self {
            initiator: credentials.require(auth::INITIATOR)?.to_owned(),
            credential: credentials.require(auth::SECURITY_CREDENTIAL)?.to_owned(),
            shortcode: credentials.require(auth::SHORTCODE)?.to_owned(),
        })
    }
}

/// Whole shillings, which are all that the provider moves.
fn shillings(amount: Money) -> Result<Scalar, ProviderError> {
    let whole = u64::try_from(amount.minor()).ok().filter(|m| m % 100 == 0);
    match (amount.currency(), whole) {
        (Currency::KES, Some(minor)) if minor > 0 => Ok(Scalar::integer(minor / 100)),
        _ => Err(ProviderError::OrderInvalid { field: "amount" }),
    }
}

/// Twelve digits of a Kenyan number.
fn phone(msisdn: Msisdn, field: &'static str) -> Result<Scalar, ProviderError> {
    let digits = msisdn.digits();
    match digits.starts_with("254") {
        true => Ok(Scalar::text(digits)),
        false => Err(ProviderError::OrderInvalid { field }),
    }
}

fn callback_url(call: &Call<'_>) -> Result<String, ProviderError> {
    let field = "callback_url";
    call.callback_url
        .map(str::to_owned)
        .ok_or(ProviderError::OrderInvalid { field })
}

/// The end of a reference, which is what tells one from another.
fn short_reference(reference: &str) -> String {
    let start = reference
        .char_indices()
        .rev()
        .nth(REFERENCE_MAX - 1)
        .map_or(0, |(start, _)| start);
    let end = reference[start..].trim_start_matches(|c: char| !c.is_alphanumeric());
    words(end, REFERENCE_MAX)
}

/// The text cut to a length. Signs that can make a request fail are left out.
fn words(text: &str, chars_max: usize) -> String {
    let allowed = |c: &char| !matches!(c, '@' | '#' | '&' | '<' | '>') && !c.is_control();
    let text: String = text.chars().filter(allowed).take(chars_max).collect();
    match text.trim() {
        "" => NO_TEXT.to_owned(),
        text => text.to_owned(),
    }
}

fn with_json<T: serde::Serialize>(request: Request, body: &T) -> Result<Request, ProviderError> {
    // INVARIANT: the structs hold text and numbers, which always serialise.
    let body = serde_json::to_vec(body).map_err(|_| ProviderError::OrderInvalid { field: "" })?;
    Ok(request.with_body("application/json", body))
}
