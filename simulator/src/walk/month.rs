//! Many open escrows and much time: what virtual time costs.

use amana_core::Timestamp;
use amana_core::http::Request;
use amana_core::time::Span;
use serde_json::{Value, json};

use super::Violation;
use crate::kernel::callback::Attempt;
use crate::kernel::{Clock, Sandbox, Start, Step, invariant};

const BEGIN: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// A sandbox with so many escrows whose money is locked, each with its own buyer and seller.
///
/// # Errors
/// If money for one of them cannot be asked for.
pub fn open_escrows(count: u32) -> Result<Sandbox, Violation> {
    let clock = Clock::Frozen { now: BEGIN };
    let mut sandbox = Sandbox::new(Start { seed: 1, clock }, BEGIN);
    sandbox.enter(BEGIN);
    // What the provider takes for each escrow would use up the usual balance.
    let rich = json!({"africastalking": {"apps": [
        {"username": "sandbox", "api_key": "key", "balance": "KES 10000000.0000"},
    ]}});
    sandbox
        .patch_settings(rich)
        .map_err(|error| Violation(format!("the settings: {error}")))?;
    for number in 0..count {
        let (buyer, seller) = (phone(712, number), phone(722, number));
        let contract = format!("VC-{number}");
        let terms = json!({
            "contract_id": contract, "buyer_phone": buyer, "seller_phone": seller,
            "total_amount": "1500", "currency": "KES",
        });
        post(&mut sandbox, "/api/v1/contracts", &terms)?;
        let wanted = json!({
            "contract_id": contract, "phone_number": buyer, "amount": 1500,
            "currency_code": "KES",
        });
        post(&mut sandbox, "/api/v1/payments/checkout", &wanted)?;
        sandbox.take_batch();
    }
    pass(&mut sandbox, Span::from_mins(1));
    Ok(sandbox)
}

fn phone(prefix: u32, number: u32) -> String {
    format!("+254{prefix}{number:06}")
}

fn post(sandbox: &mut Sandbox, path: &str, body: &Value) -> Result<(), Violation> {
    sandbox.enter(BEGIN);
    let request = Request::new("POST", "127.0.0.1:4600", path);
    let request = request.with_body("application/json", body.to_string());
    match sandbox.exchange(&request) {
        Some(response) if response.status < 300 => Ok(()),
        Some(response) => Err(Violation(format!("{path} answered {}", response.status))),
        None => Err(Violation(format!("{path} is not served"))),
    }
}

/// Lets time pass; answers how many timers fired and how many events that made. The events are let
/// go of as a journal would take them.
pub fn pass(sandbox: &mut Sandbox, by: Span) -> (u64, u64) {
    sandbox.enter(BEGIN);
    let from = sandbox.now();
    sandbox.begin_advance();
    let (mut fired, mut events) = (0, 0);
    loop {
        let (step, ran) = sandbox.run_until(from + by);
        fired += ran;
        for delivery in sandbox.take_deliveries() {
            sandbox.callback_attempted(delivery.id, &Attempt::answered(200, ""));
        }
        events += sandbox.take_batch().len() as u64;
        match step {
            Step::More | Step::Waiting => {}
            Step::Idle => break,
        }
    }
    sandbox.end_advance(from, fired);
    events += sandbox.take_batch().len() as u64;
    (fired, events)
}

/// How many payments stand at this status, and whether every invariant holds.
pub fn standing(sandbox: &Sandbox, status: &str) -> (usize, bool) {
    let payments = &sandbox.state().payments;
    let standing = payments.contracts().filter(|contract| {
        let mut shares = contract.payments.values();
        shares.any(|share| share.status.name() == status)
    });
    let holds = invariant::check_all(sandbox.state())
        .iter()
        .all(|check| check.ok);
    (standing.count(), holds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_passes_and_unclaimed_money_goes_back() {
        let mut sandbox = open_escrows(50).unwrap();
        assert_eq!(standing(&sandbox, "locked"), (50, true));
        let (fired, events) = pass(&mut sandbox, Span::from_days(30));
        assert!(fired > 50 && events > 500);
        assert_eq!(standing(&sandbox, "refunded"), (50, true));
    }
}
