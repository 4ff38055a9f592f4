//! `GET /payments/balance` and `/payments/wallet/balance`: what the channel says this API holds with it.

use amana_core::Money;
use amana_core::http::Response;
use amana_core::money::wire::WireDecimal;
use amana_core::provider::{Provider, ProviderError};
use serde_json::value::RawValue;
use serde_json::{Value, json as value};

use super::checkout::channel;
use super::effects::exchange;
use super::problem::Problem;
use super::routes::{Answer, json};
use crate::kernel::Sandbox;

/// The balance in the guide's shape: an amount as a number, and its currency.
///
/// # Errors
/// [`Problem`]: 503 if the channel tells no balance.
pub fn guide(sandbox: &mut Sandbox) -> Answer {
    let balance = ask(sandbox, |provider, response| {
        provider.decode_balance(response)
    })?;
    json(200, &shown(balance))
}

fn shown(balance: Money) -> Value {
    value!({"balance": WireDecimal::number(balance), "currency": balance.currency().code()})
}

/// The balance in the reference's shape: the channel's own answer, as it came.
///
/// # Errors
/// As [`guide`].
pub fn reference(sandbox: &mut Sandbox) -> Answer {
    let answer = ask(sandbox, |provider, response| {
        provider.decode_balance(response)?;
        let malformed = ProviderError::Malformed { field: "balance" };
        serde_json::from_slice::<Box<RawValue>>(&response.body).map_err(|_| malformed)
    })?;
    json(200, &value!({"wallet_balance": answer}))
}

fn ask<T>(
    sandbox: &mut Sandbox,
    decode: impl FnOnce(&dyn Provider, &Response) -> Result<T, ProviderError>,
) -> Result<T, Problem> {
    let channel = channel(sandbox)?;
    let unavailable = |why: String| Problem::Sentence(503, why);
    exchange(
        sandbox,
        channel,
        |provider, call| provider.encode_balance(call),
        decode,
    )
    .ok_or_else(|| unavailable("the channel of the payments tells no balance".to_owned()))?
    .map_err(|error| unavailable(error.to_string()))
}
