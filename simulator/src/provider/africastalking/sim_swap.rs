//! SIM-swap checks: charged to the stash and answered at once; what was found comes by callback.

use amana_core::http::{Request, Response};
use amana_core::money::wire::WireDecimal;
use amana_core::provider::africastalking::id::IdKind;
use amana_core::provider::africastalking::wire::WirePhone;
use amana_core::provider::africastalking::wire::insights::{
    Cost, SimNumber, SimSwapEntry, SimSwapResponse, SimSwapResult,
};
use amana_core::time::Span;
use amana_core::{Currency, Money, Msisdn, Timestamp};

use super::body::{Object, as_text};
use super::callback::About;
use super::order;
use super::rejection::Rejection;
use super::{NAME, accounts, auth, callback, explain, id, notification, reply};
use crate::kernel::callback::{NewCallback, Target};
use crate::kernel::ledger::{Account, Posting};
use crate::kernel::{Caller, Sandbox};

/// What one check costs, in minor units: KES 5, as recorded.
const PRICE_MINOR: i64 = 500;
/// The date of a swap that never was.
const NEVER: &str = "01-01-1900";
/// How long the network takes to look.
const LOOKUP_TIME: Span = Span::from_secs(2);
/// The callback that brings what it found.
pub const RESULT: &str = "sim_swap_result";

/// `POST /v1/sim-swap`.
pub fn check(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let body = Object::body(request)?;
    let username = body.text("username")?;
    auth::application(&sandbox.settings().africastalking, request, &username)?;
    let numbers = body
        .list("phoneNumbers")?
        .iter()
        .map(|number| as_text("phoneNumbers", number))
        .collect::<Result<Vec<_>, _>>()?;
    // An application that cannot be opened has no credit.
    let _ = accounts::open(sandbox, &username);
    let currency = accounts::currency(&sandbox.settings().africastalking, &username);
    let transaction_id = sandbox.random().uuid();
    let mut answer = SimSwapResponse {
        responses: Vec::with_capacity(numbers.len()),
        status: "Processed".to_owned(),
        total_cost: cost(Money::zero(currency)),
        transaction_id,
    };
    let mut total = Money::zero(currency);
    for number in numbers {
        let entry = match order::phone(&number) {
            Ok(msisdn) => {
                let price = accounts::price(sandbox, &username, msisdn, tariff());
                if !charge(sandbox, &username, &answer.transaction_id, price.charge) {
                    let rule = "the application's credit does not cover the check";
                    explain(sandbox, "phoneNumbers", rule);
                    answer.status = "InsufficientBalance".to_owned();
                    break;
                }
                total = total.checked_add(price.charge).unwrap_or(total);
                queued(sandbox, msisdn, price.cost, &answer.transaction_id)
            }
            Err(refusal) => {
                explain(sandbox, "phoneNumbers", refusal.text);
                unsupported(number)
            }
        };
        answer.responses.push(entry);
    }
    answer.total_cost = cost(total);
    Ok(reply::found(&answer))
}

/// What one check costs in Kenya.
fn tariff() -> Money {
    Money::from_minor(PRICE_MINOR, Currency::KES).unwrap_or(Money::zero(Currency::KES))
}

fn charge(sandbox: &mut Sandbox, username: &str, reference: &str, price: Money) -> bool {
    let posting = Posting::new(Some(NAME), reference, "SIM-swap check");
    let stash = accounts::stash(username);
    let posted = sandbox.post(posting.transfer(stash, Account::Fees(NAME), price));
    posted.is_ok()
}

fn queued(
    sandbox: &mut Sandbox,
    msisdn: Msisdn,
    price: Money,
    transaction_id: &str,
) -> SimSwapEntry {
    sandbox.ensure_phone(msisdn);
    let phone = sandbox.state().phone(msisdn);
    let operator = phone.map_or(String::new(), |phone| phone.operator.clone());
    let request_id = id::fresh(sandbox, IdKind::SimSwap);
    report(sandbox, msisdn, &request_id, transaction_id);
    SimSwapEntry {
        cost: Some(cost(price)),
        phone_number: SimNumber {
            carrier_name: operator.clone(),
            country_code: super::network::calling_code(msisdn),
            network_code: operator,
            number: msisdn.into(),
            number_type: "Mobile".to_owned(),
        },
        request_id: Some(request_id),
        status: "Queued".to_owned(),
    }
}

/// Tells the application what the network knows of the SIM.
fn report(sandbox: &mut Sandbox, msisdn: Msisdn, request_id: &str, transaction_id: &str) {
    let url = &sandbox.settings().africastalking.callbacks.sim_swap;
    let target = match (sandbox.caller(), url) {
        (Caller::Payments, _) => Target::Internal(format!("{NAME}.{RESULT}")),
        (Caller::Outside, Some(url)) => Target::Url(url.clone()),
        (Caller::Outside, None) => return,
    };
    let never = sandbox
        .settings()
        .africastalking
        .behaviour
        .sim_not_swapped
        .clone();
    let phone = sandbox.state().phone(msisdn);
    let swapped_at = phone.and_then(|phone| phone.sim_swapped_at);
    let result = SimSwapResult {
        last_sim_swap_date: swapped_at.map_or(NEVER.to_owned(), day_first),
        provider_ref_id: sandbox.random().uuid(),
        request_id: request_id.to_owned(),
        status: match swapped_at {
            Some(_) => "Swapped".to_owned(),
            None => never,
        },
        transaction_id: transaction_id.to_owned(),
    };
    let about = About {
        operation: RESULT,
        reference: request_id,
        msisdn: Some(msisdn),
    };
    sandbox.schedule_callback(NewCallback {
        after: LOOKUP_TIME,
        ..callback::json(
            about,
            target,
            serde_json::to_vec(&result).unwrap_or_default(),
        )
    });
}

/// The day as `dd-MM-yyyy`.
fn day_first(at: Timestamp) -> String {
    let text = notification::date_time(at);
    let date = text.split(' ').next().unwrap_or_default();
    let parts: Vec<&str> = date.rsplit('-').collect();
    parts.join("-")
}

fn unsupported(number: String) -> SimSwapEntry {
    SimSwapEntry {
        cost: None,
        phone_number: SimNumber {
            carrier_name: String::new(),
            country_code: 0,
            network_code: String::new(),
            number: WirePhone(number),
            number_type: "Mobile".to_owned(),
        },
        request_id: None,
        status: "UnsupportedPhoneNumber".to_owned(),
    }
}

fn cost(amount: Money) -> Cost {
    Cost {
        amount: WireDecimal::number(amount),
        currency_code: amount.currency().to_string(),
    }
}
