//! SIM-swap checks: charged to the stash, answered at once.
//!
//! DIVERGENCE: the result comes by callback; its address is kept in a dashboard page that the
//! settings do not have, so the sandbox accepts checks and sends no result.

use amana_core::http::{Request, Response};
use amana_core::money::wire::WireDecimal;
use amana_core::provider::africastalking::id::IdKind;
use amana_core::provider::africastalking::wire::WirePhone;
use amana_core::provider::africastalking::wire::insights::{
    Cost, SimNumber, SimSwapEntry, SimSwapResponse,
};
use amana_core::{Money, Msisdn};

use super::body::{Object, as_text};
use super::order;
use super::rejection::Rejection;
use super::{NAME, accounts, auth, explain, reply};
use crate::kernel::Sandbox;
use crate::kernel::ledger::{Account, Posting};

/// What one check costs, in minor units: KES 5, as recorded.
const PRICE_MINOR: i64 = 500;

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
    let price = Money::from_minor(PRICE_MINOR, currency).unwrap_or(Money::zero(currency));
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
            Ok(msisdn) if charge(sandbox, &username, &answer.transaction_id, price) => {
                total = total.checked_add(price).unwrap_or(total);
                queued(sandbox, msisdn, price)
            }
            Ok(_) => {
                let rule = "the application's credit does not cover the check";
                explain(sandbox, "phoneNumbers", rule);
                answer.status = "InsufficientBalance".to_owned();
                break;
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

fn charge(sandbox: &mut Sandbox, username: &str, reference: &str, price: Money) -> bool {
    let posting = Posting::new(Some(NAME), reference, "SIM-swap check");
    let stash = accounts::stash(username);
    let posted = sandbox.post(posting.transfer(stash, Account::Fees(NAME), price));
    posted.is_ok()
}

fn queued(sandbox: &mut Sandbox, msisdn: Msisdn, price: Money) -> SimSwapEntry {
    sandbox.ensure_phone(msisdn);
    let phone = sandbox.state().phone(msisdn);
    let operator = phone.map_or(String::new(), |phone| phone.operator.clone());
    SimSwapEntry {
        cost: Some(cost(price)),
        phone_number: SimNumber {
            carrier_name: operator.clone(),
            country_code: super::network::calling_code(msisdn),
            network_code: operator,
            number: msisdn.into(),
            number_type: "Mobile".to_owned(),
        },
        request_id: Some(IdKind::SimSwap.with_entropy(sandbox.random().bytes())),
        status: "Queued".to_owned(),
    }
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
