//! `POST /_amana/phones/{msisdn}/payments`.

use amana_core::Money;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::phone;
use crate::error::SandboxError;
use crate::http::input::{Input, Json};
use crate::http::namespace::In;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::kernel::phone::CustomerPayment;

/// What the phone pays, in the currency of its wallet.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    to: String,
    amount: String,
    #[serde(default)]
    account: String,
}

/// The payment that was begun.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Payment")]
pub struct Begun {
    reference: String,
}

/// Lets the phone's owner pay a business from the menu of the wallet.
pub async fn pay(
    In(namespace): In,
    Path(msisdn): Path<String>,
    Input(payment): Input<Payment>,
) -> Result<Json<Begun>, Problem> {
    let from = phone(&msisdn, "/msisdn")?;
    let reference = namespace
        .with(|sandbox| {
            let currency = sandbox.look_at_phone(from).0.currency;
            let amount = Money::parse(&payment.amount, currency)
                .map_err(|error| SandboxError::engine(&error, "/amount"))?;
            let payment = CustomerPayment {
                from,
                to: payment.to,
                account: payment.account,
                amount,
            };
            Ok::<_, Problem>(sandbox.pay(&payment)?)
        })
        .await??;
    Ok(Json(Begun { reference }))
}
