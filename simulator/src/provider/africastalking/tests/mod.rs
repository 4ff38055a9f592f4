//! The twin as its users see it: requests in, answers, callbacks and money out.

mod airtime;
mod callbacks;
mod calls;
mod charges;
mod choices;
mod doors;
mod messages;
mod payments;
mod payouts;
mod property;
mod refusals;
mod subscriptions;
mod ussd;
#[cfg(feature = "server")]
mod vectors;
mod wallets;

use amana_core::http::{Request, Response};
use amana_core::time::Span;
use amana_core::{Currency, Money, Msisdn, Timestamp};
use serde_json::{Value, json};

use super::accounts;
use crate::kernel::callback::{Attempt, Delivery};
use crate::kernel::ledger::Account;
use crate::kernel::phone::PhoneChange;
use crate::kernel::{Clock, Sandbox, Start, Step, invariant};

const BUYER: &str = "+254712345678";
const PAYMENTS: &str = "payments.sandbox.africastalking.com";
const API: &str = "api.sandbox.africastalking.com";
const URL: &str = "http://127.0.0.1:9/callback";

/// A sandbox at a fixed instant, and the answers that its callbacks get.
struct Bench {
    sandbox: Sandbox,
    delivered: Vec<(Timestamp, Delivery)>,
}

impl Bench {
    fn new() -> Self {
        let now = Timestamp::from_millis(1_772_793_000_000);
        let clock = Clock::Frozen { now };
        let mut sandbox = Sandbox::new(Start { seed: 1, clock }, now);
        sandbox.enter(now);
        let mut bench = Self {
            sandbox,
            delivered: Vec::new(),
        };
        bench.patch(json!({"africastalking": {
            "products": [{"name": "VoicePact", "balance": "KES 5000.0000"}],
            "callbacks": {"payment_notifications": URL},
        }}));
        bench
    }

    fn patch(&mut self, patch: Value) {
        self.sandbox.patch_settings(patch).unwrap();
    }

    fn script(&mut self, phone: &str, script: &Value) {
        let change: PhoneChange = serde_json::from_value(json!({"script": script})).unwrap();
        let phone: Msisdn = phone.parse().unwrap();
        self.sandbox.configure_phone(phone, change).unwrap();
    }

    fn send(&mut self, request: &Request) -> Response {
        self.sandbox.exchange(request).unwrap()
    }

    /// Posts JSON to the payments host and reads the JSON that comes back with 201.
    fn pay(&mut self, path: &str, body: &Value) -> Value {
        let response = self.send(&posted(path, body));
        assert_eq!(response.status, 201, "{}", text(&response));
        assert_eq!(response.header("content-type"), Some("application/json"));
        read(&response)
    }

    /// Asks the payments host.
    fn ask(&mut self, path: &str, query: &str) -> Value {
        let mut request = keyed("GET", PAYMENTS, path);
        request.query = format!("username=sandbox&{query}");
        let response = self.send(&request);
        assert_eq!(response.status, 200, "{}", text(&response));
        read(&response)
    }

    /// Moves the clock; every callback that falls due gets this answer.
    fn advance(&mut self, by: Span, status: u16, body: &str) {
        let from = self.sandbox.now();
        self.sandbox.begin_advance();
        let mut fired = 0;
        loop {
            let (step, ran) = self.sandbox.run_until(from + by);
            fired += ran;
            for delivery in self.sandbox.take_deliveries() {
                let attempt = Attempt::answered(status, body);
                self.sandbox.callback_attempted(delivery.id, &attempt);
                self.delivered.push((self.sandbox.now(), delivery));
            }
            match step {
                Step::More | Step::Waiting => {}
                Step::Idle => break,
            }
        }
        self.sandbox.end_advance(from, fired);
        self.check();
    }

    /// Runs for five minutes, in which every prompt ends.
    fn settle(&mut self) {
        self.advance(Span::from_mins(5), 200, "");
    }

    /// The bodies that were delivered, as JSON.
    fn notifications(&self) -> Vec<Value> {
        self.delivered
            .iter()
            .map(|(_, delivery)| serde_json::from_slice(&delivery.body).unwrap())
            .collect()
    }

    /// What an account holds, in shillings.
    fn held(&self, account: &Account) -> String {
        let ledger = &self.sandbox.state().ledger;
        ledger.balance(account, Currency::KES).amount()
    }

    fn wallet(&self) -> String {
        self.held(&accounts::wallet("sandbox"))
    }

    fn stash(&self) -> String {
        self.held(&accounts::stash("sandbox"))
    }

    fn phone(&self, phone: &str) -> String {
        self.held(&Account::Wallet(phone.parse().unwrap()))
    }

    /// Every invariant of the sandbox holds.
    fn check(&self) {
        for check in invariant::check_all(self.sandbox.state()) {
            assert!(check.ok, "{}: {}", check.name, check.detail);
        }
    }

    /// The field and the rule of the last explained refusal.
    fn explained(&mut self) -> Option<(Value, Value)> {
        let batch = self.sandbox.take_batch();
        let views = batch.iter().map(crate::kernel::Recorded::view);
        views
            .filter(|view| view.kind == "refusal.explained")
            .map(|view| (view.data["field"].clone(), view.data["rule"].clone()))
            .next_back()
    }
}

fn keyed(method: &str, host: &str, path: &str) -> Request {
    Request::new(method, host, path).with_header("apiKey", "atsk_test")
}

fn posted(path: &str, body: &Value) -> Request {
    keyed("POST", PAYMENTS, path).with_body("application/json", body.to_string())
}

fn form(path: &str, body: &str) -> Request {
    keyed("POST", API, path)
        .with_header("accept", "application/json")
        .with_body("application/x-www-form-urlencoded", body)
}

fn text(response: &Response) -> String {
    String::from_utf8_lossy(&response.body).into_owned()
}

fn read(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap()
}

fn checkout(amount: &Value) -> Value {
    json!({
        "username": "sandbox", "productName": "VoicePact", "phoneNumber": BUYER,
        "currencyCode": "KES", "amount": amount, "metadata": {"contract": "VC-1042"},
    })
}

fn payout(phones: &[&str], amount: &Value) -> Value {
    let recipients: Vec<Value> = phones
        .iter()
        .map(|phone| json!({"phoneNumber": phone, "currencyCode": "KES", "amount": amount}))
        .collect();
    json!({"username": "sandbox", "productName": "voicepact", "recipients": recipients})
}

fn kes(text: &str) -> Money {
    Money::parse(text, Currency::KES).unwrap()
}
