//! The escrow survives what faults do between the payments API and its provider.

use amana_core::http::{Request, Response};
use amana_core::time::Span;
use serde_json::{Value, json};

use super::tests::Bench;
use crate::kernel::Recorded;

const BUYER: &str = "+254712345678";
const SELLER: &str = "+254700000002";
const TRANSACTION: &str = "TXN-VC-1-001";
/// The provider that moves the money unless told otherwise.
fn provider() -> String {
    crate::kernel::settings::PaymentsApiSettings::default().channel
}

/// A contract over KES 1,500, and what becomes of its payment.
struct Escrow {
    bench: Bench,
    log: Vec<Recorded>,
}

impl Escrow {
    fn new() -> Self {
        let mut escrow = Self {
            bench: Bench::new(),
            log: Vec::new(),
        };
        let created = escrow.post(
            "/contracts",
            &json!({
                "contract_id": "VC-1", "buyer_phone": BUYER, "seller_phone": SELLER,
                "total_amount": "1500", "currency": "KES",
            }),
        );
        assert_eq!(created.unwrap().status, 201);
        escrow
    }

    /// An escrow whose money is locked.
    fn locked() -> Self {
        let mut escrow = Self::new();
        assert_eq!(escrow.checkout().unwrap().status, 200);
        escrow.pass(Span::from_secs(10));
        assert_eq!(escrow.status(), "locked");
        escrow
    }

    fn post(&mut self, path: &str, body: &Value) -> Option<Response> {
        let request = Request::new("POST", "127.0.0.1:4600", &format!("/api/v1{path}"));
        let request = request.with_body("application/json", body.to_string());
        self.bench.sandbox.exchange(&request)
    }

    fn checkout(&mut self) -> Option<Response> {
        let body = json!({
            "contract_id": "VC-1", "phone_number": BUYER, "amount": 1500, "currency_code": "KES",
        });
        self.post("/payments/checkout", &body)
    }

    fn release(&mut self) -> Response {
        let body = json!({"transaction_id": TRANSACTION, "confirmed_by": ["buyer", "seller"]});
        self.post("/payments/release", &body).unwrap()
    }

    fn arm(&mut self, leg: &str, operation: &str, kind: &str) {
        self.bench.arm(json!({
            "leg": leg, "kind": kind, "when": {"first": 1},
            "match": {"provider": provider(), "operation": operation},
        }));
    }

    /// Lets time pass; every invariant holds afterwards.
    fn pass(&mut self, by: Span) {
        self.bench.settle_for(by);
        self.log.extend(self.bench.sandbox.take_batch());
    }

    fn status(&self) -> &'static str {
        let payments = &self.bench.sandbox.state().payments;
        let (_, payment) = payments.payment(TRANSACTION.parse().unwrap()).unwrap();
        payment.status().name()
    }

    fn held_by(&self, phone: &str) -> String {
        let account = crate::kernel::ledger::Account::Wallet(phone.parse().unwrap());
        let ledger = &self.bench.sandbox.state().ledger;
        ledger.balance(&account, amana_core::Currency::KES).amount()
    }

    /// How often the provider was asked for this.
    fn asked(&self, path: &str) -> usize {
        let asked = |recorded: &&Recorded| {
            let view = recorded.view();
            view.kind == "http.received" && view.data["path"] == path
        };
        self.log.iter().filter(asked).count()
    }

    fn seen(&self, kind: &str) -> bool {
        self.log.iter().any(|recorded| recorded.view().kind == kind)
    }
}

#[test]
fn a_checkout_whose_answer_is_lost_is_locked_by_its_callback() {
    let mut escrow = Escrow::new();
    escrow.arm("reply", "mobile_checkout", "lost_reply");
    assert_eq!(escrow.checkout().unwrap().status, 503);
    escrow.pass(Span::from_mins(1));
    assert_eq!(escrow.status(), "locked");
    assert_eq!(escrow.asked("/mobile/checkout/request"), 1);
}

#[test]
fn a_callback_before_the_answer_locks_the_money() {
    let mut escrow = Escrow::new();
    escrow.arm("callback", "mobile_checkout", "before_ack");
    assert_eq!(escrow.checkout().unwrap().status, 200);
    assert_eq!(escrow.status(), "locked");
    escrow.pass(Span::from_mins(10));
    assert_eq!(escrow.status(), "locked");
}

#[test]
fn a_payout_whose_answer_is_lost_is_queried_and_never_sent_twice() {
    let mut escrow = Escrow::locked();
    let before = escrow.held_by(SELLER);
    escrow.arm("reply", "mobile_b2c", "lost_reply");
    assert_eq!(escrow.release().status, 200);
    escrow.pass(Span::from_days(2));
    assert_eq!(escrow.status(), "released");
    assert_eq!(escrow.asked("/mobile/b2c/request"), 1);
    assert!(escrow.seen("payment.payout_queried"));
    assert_eq!(before, "500000.00");
    assert_eq!(escrow.held_by(SELLER), "501500.00");
}

#[test]
fn a_payout_that_never_arrived_is_queried_and_never_sent_blindly() {
    let mut escrow = Escrow::locked();
    escrow.arm("request", "mobile_b2c", "reset");
    assert_eq!(escrow.release().status, 200);
    escrow.pass(Span::from_days(2));
    assert_eq!(escrow.status(), "locked");
    assert_eq!(escrow.asked("/mobile/b2c/request"), 1);
    assert!(escrow.seen("payment.payout_queried"));
    assert_eq!(escrow.held_by(SELLER), "500000.00");
}

#[test]
fn a_lost_callback_is_made_up_for_by_a_query() {
    for (kind, asks) in [
        ("drop", 1),
        ("truncate", 1),
        ("bad_signature", 1),
        ("reorder", 1),
    ] {
        let mut escrow = Escrow::new();
        escrow.arm("callback", "mobile_checkout", kind);
        assert_eq!(escrow.checkout().unwrap().status, 200);
        escrow.pass(Span::from_mins(10));
        assert_eq!(escrow.status(), "locked", "{kind}");
        assert_eq!(escrow.asked("/mobile/checkout/request"), asks);
        assert_eq!(escrow.held_by(BUYER), "498500.00");
    }
}

#[test]
fn wrong_and_repeated_callbacks_lock_the_money_once() {
    for kind in [
        "duplicate",
        "after_final",
        "wrong_amount",
        "wrong_type",
        "delay",
    ] {
        let mut escrow = Escrow::new();
        escrow.arm("callback", "mobile_checkout", kind);
        escrow.checkout();
        escrow.pass(Span::from_mins(10));
        assert_eq!(escrow.status(), "locked", "{kind}");
        assert_eq!(escrow.release().status, 200);
        escrow.pass(Span::from_mins(10));
        assert_eq!(escrow.status(), "released", "{kind}");
        assert_eq!(escrow.held_by(SELLER), "501500.00", "{kind}");
    }
}

#[test]
fn a_bad_signature_is_refused_and_recorded() {
    let mut escrow = Escrow::new();
    escrow.arm("callback", "mobile_checkout", "bad_signature");
    escrow.checkout();
    escrow.pass(Span::from_secs(3));
    assert!(escrow.seen("callback.refused"));
    assert_eq!(escrow.status(), "pending");
}

#[test]
fn a_slow_provider_is_not_waited_for_for_ever() {
    let mut escrow = Escrow::locked();
    escrow.bench.arm(json!({
        "leg": "reply", "kind": "latency", "with": {"delay": "31s"}, "when": {"first": 1},
        "match": {"provider": provider(), "operation": "mobile_b2c"},
    }));
    assert_eq!(escrow.release().status, 200);
    escrow.pass(Span::from_mins(10));
    assert_eq!(escrow.status(), "released");
    assert_eq!(escrow.asked("/mobile/b2c/request"), 1);
}
