//! The payments API with this provider as its channel.

use super::*;
use crate::provider::daraja::books::MovementKind;

const BUYER: &str = "+254712345678";
const SELLER: &str = "+254723456789";

fn api(bench: &mut Bench, method: &str, path: &str, body: &Value) -> Value {
    let request = Request::new(method, "127.0.0.1:4600", &format!("/api/v1{path}"));
    let response = bench.send(&request.with_body("application/json", body.to_string()));
    assert!(response.status < 300, "{path} {}", text(&response));
    read(&response)
}

/// A contract over this amount, and its money asked for.
fn checkout(bench: &mut Bench, amount: u32) {
    let asked = ask_for(bench, amount);
    assert_eq!(read(&asked)["status"], "pending", "{}", text(&asked));
}

/// The same, whatever the answer.
fn ask_for(bench: &mut Bench, amount: u32) -> Response {
    bench.patch(json!({"payments_api": {"channel": "daraja"}}));
    let contract = json!({
        "contract_id": "VC-1042", "buyer_phone": BUYER, "seller_phone": SELLER,
        "total_amount": amount.to_string(), "currency": "KES",
    });
    api(bench, "POST", "/contracts", &contract);
    let checkout = json!({
        "contract_id": "VC-1042", "phone_number": BUYER, "amount": amount,
        "currency_code": "KES", "metadata": {"seller_phone": SELLER},
    });
    let request = Request::new("POST", "127.0.0.1:4600", "/api/v1/payments/checkout");
    bench.send(&request.with_body("application/json", checkout.to_string()))
}

/// The next request of this kind takes effect, and its answer is lost.
fn lose_reply(bench: &mut Bench, operation: &str) {
    let rule = json!({
        "leg": "reply", "kind": "lost_reply", "when": {"first": 1},
        "match": {"provider": "daraja", "operation": operation},
    });
    bench
        .sandbox
        .arm_fault(serde_json::from_value(rule).unwrap())
        .unwrap();
}

fn status(bench: &mut Bench) -> Value {
    let path = "/payments/status/TXN-VC-1042-001";
    api(bench, "GET", path, &Value::Null)["status"].clone()
}

fn confirm(bench: &mut Bench) {
    for (phone, text) in [(SELLER, "CONFIRM-VC-1042"), (BUYER, "ACCEPT-VC-1042")] {
        bench
            .sandbox
            .send_sms(msisdn(phone), "40404", text)
            .unwrap();
        bench.advance(Span::from_secs(1), 200, "");
    }
}

#[test]
fn money_comes_in_by_prompt_and_goes_out_by_payout() {
    let mut bench = Bench::new();
    checkout(&mut bench, 35_000);
    bench.advance(Span::from_secs(3), 200, "");
    assert_eq!(status(&mut bench), "locked");
    assert_eq!(bench.wallet(BUYER), "465000.00");
    confirm(&mut bench);
    bench.advance(Span::from_secs(5), 200, "");
    assert_eq!(status(&mut bench), "released");
    assert_eq!(bench.wallet(SELLER), "535000.00");
    assert_eq!(bench.utility(SHORTCODE), "1000000.00");
    assert!(bench.delivered.is_empty(), "everything in process");
}

#[test]
fn a_declined_prompt_fails_the_payment() {
    let mut bench = Bench::new();
    bench.script(BUYER, &json!({"collect": "cancel"}));
    checkout(&mut bench, 35_000);
    bench.advance(Span::from_secs(3), 200, "");
    assert_eq!(status(&mut bench), "failed");
}

#[test]
fn a_prompt_without_callback_is_asked_about() {
    let mut bench = Bench::new();
    bench.script(BUYER, &json!({"collect": "never_calls_back"}));
    checkout(&mut bench, 35_000);
    bench.advance(Span::from_mins(10), 200, "");
    assert_eq!(status(&mut bench), "locked");
}

/// A payout whose result never comes is asked about, and that answer comes.
/// The provider took the request and its answer was lost: the callback, which does not tell our
/// reference, must still find the payment, or the payer's money is nobody's.
#[test]
fn a_prompt_whose_answer_was_lost_is_known_by_its_callback() {
    let mut bench = Bench::new();
    lose_reply(&mut bench, "stk_push");
    assert_eq!(ask_for(&mut bench, 35_000).status, 503);
    bench.advance(Span::from_secs(5), 200, "");
    assert_eq!(status(&mut bench), "locked");
    assert_eq!(bench.wallet(BUYER), "465000.00");
}

/// The same for a payout, which is never sent again: it is found by our own id.
#[test]
fn a_payout_whose_answer_was_lost_is_paid_once() {
    let mut bench = Bench::new();
    checkout(&mut bench, 35_000);
    bench.advance(Span::from_secs(3), 200, "");
    lose_reply(&mut bench, "b2c");
    confirm(&mut bench);
    bench.advance(Span::from_mins(120), 200, "");
    assert_eq!(status(&mut bench), "released");
    assert_eq!(bench.wallet(SELLER), "535000.00");
    let movements = bench.books().movements();
    let payouts = movements.filter(|moved| moved.kind == MovementKind::Payout);
    assert_eq!(payouts.count(), 1);
}

#[test]
fn a_payout_without_result_is_asked_about() {
    for (script, seller_holds) in [
        ("never_calls_back", "535000.00"),
        // The order waited too long; it turns out to have been made before it is tried again.
        ("late_success", "535000.00"),
    ] {
        let mut bench = Bench::new();
        bench.script(
            SELLER,
            &json!({"pay_out": script, "then": [{"pay_out": "approve"}]}),
        );
        checkout(&mut bench, 35_000);
        bench.advance(Span::from_secs(3), 200, "");
        confirm(&mut bench);
        bench.advance(Span::from_mins(60), 200, "");
        assert_eq!(status(&mut bench), "released", "{script}");
        assert_eq!(bench.wallet(SELLER), seller_holds, "{script}");
    }
}

#[test]
fn a_payout_that_is_declined_is_tried_again() {
    let mut bench = Bench::new();
    bench.script(
        SELLER,
        &json!({"pay_out": "locked", "then": [{"pay_out": "approve"}]}),
    );
    checkout(&mut bench, 35_000);
    bench.advance(Span::from_secs(3), 200, "");
    confirm(&mut bench);
    bench.advance(Span::from_mins(60), 200, "");
    assert_eq!(status(&mut bench), "released");
    assert_eq!(bench.wallet(SELLER), "535000.00");
}

#[test]
fn strict_credentials_do_not_lock_the_payments_api_out() {
    let mut bench = Bench::new();
    bench.patch(json!({"daraja": {
        "accept_any_credentials": false, "consumers": [{"key": "key", "secret": "secret"}],
    }}));
    checkout(&mut bench, 35_000);
    bench.advance(Span::from_secs(3), 200, "");
    confirm(&mut bench);
    bench.advance(Span::from_secs(5), 200, "");
    assert_eq!(status(&mut bench), "released");
}

#[test]
fn the_network_moves_no_more_than_its_limit() {
    let mut bench = Bench::new();
    ask_for(&mut bench, 350_000);
    assert_eq!(status(&mut bench), "failed");
    let mut bench = Bench::with(&json!({"transaction_max": "400000.00"}));
    checkout(&mut bench, 350_000);
    bench.advance(Span::from_secs(3), 200, "");
    assert_eq!(status(&mut bench), "locked");
}

/// Here a balance is the result of an order, which comes later.
#[test]
fn the_payments_api_is_told_no_balance() {
    let mut bench = Bench::new();
    bench.patch(json!({"payments_api": {"channel": "daraja"}}));
    for path in ["/payments/balance", "/payments/wallet/balance"] {
        let request = Request::new("GET", "127.0.0.1:4600", &format!("/api/v1{path}"));
        let response = bench.send(&request);
        let said = read(&response)["detail"].clone();
        let wanted = json!("the channel of the payments tells no balance");
        assert_eq!((response.status, said), (503, wanted));
    }
}
