//! The payments API as its callers see it: requests in, answers, text messages and money out.

mod balance;
mod checkout;
mod guard;
mod menu;
mod settle;
mod story;
mod webhook;

use amana_core::http::{Request, Response};
use amana_core::time::Span;
use amana_core::{Currency, Money, Msisdn, Timestamp};
use serde_json::{Value, json};

use crate::kernel::callback::Attempt;
use crate::kernel::ledger::Account;
use crate::kernel::phone::{Direction, Hand, PhoneChange, UssdInput, WhichPrompt};
use crate::kernel::{Clock, Sandbox, Start, State, Step, invariant};

const CONTRACT: &str = "AG-2024-001234";
const TRANSACTION: &str = "TXN-AG-2024-001234-001";
const BUYER: &str = "+254712345678";
const SELLER: &str = "+254723456789";

/// A frozen sandbox in which phones wait for a hand.
struct Bench {
    sandbox: Sandbox,
}

impl Bench {
    fn new() -> Self {
        let now = Timestamp::from_millis(1_772_793_000_000);
        let mut sandbox = Sandbox::new(
            Start {
                seed: 1,
                clock: Clock::Frozen { now },
            },
            now,
        );
        sandbox.enter(now);
        let mut bench = Self { sandbox };
        bench.patch(json!({"phones": {"default_script": {"collect": "manual"}}}));
        bench
    }

    /// With the contract of the guide: KES 350,000 from buyer to seller.
    fn with_contract() -> Self {
        let mut bench = Self::new();
        let (status, _) = bench.post("/contracts", &contract(CONTRACT, BUYER));
        assert_eq!(status, 201);
        bench
    }

    /// With the money of that contract locked.
    fn locked() -> Self {
        let mut bench = Self::with_contract();
        let (status, _) = bench.post("/payments/checkout", &checkout(CONTRACT, BUYER));
        assert_eq!(status, 200);
        bench.approve(BUYER);
        assert_eq!(bench.status(), "locked");
        bench
    }

    fn patch(&mut self, patch: Value) {
        self.sandbox.patch_settings(patch).unwrap();
    }

    fn send(&mut self, request: &Request) -> Response {
        let response = self.sandbox.exchange(request).unwrap();
        self.settle();
        self.check();
        response
    }

    fn post(&mut self, path: &str, body: &Value) -> (u16, Value) {
        self.post_text(path, &body.to_string())
    }

    fn post_text(&mut self, path: &str, body: &str) -> (u16, Value) {
        let request = Request::new("POST", "127.0.0.1:4600", &format!("/api/v1{path}"));
        let response = self.send(&request.with_body("application/json", body));
        (response.status, read(&response))
    }

    fn get(&mut self, path: &str) -> (u16, Value) {
        let request = Request::new("GET", "127.0.0.1:4600", &format!("/api/v1{path}"));
        let response = self.send(&request);
        (response.status, read(&response))
    }

    /// The status of the contract's first payment.
    fn status(&mut self) -> String {
        let (status, body) = self.get(&format!("/payments/status/{TRANSACTION}"));
        assert_eq!(status, 200, "{body}");
        body["status"].as_str().unwrap().to_owned()
    }

    fn approve(&mut self, phone: &str) {
        self.answer(phone, &Hand::Approve { pin: None });
    }

    fn answer(&mut self, phone: &str, hand: &Hand) {
        self.sandbox
            .answer_prompt(msisdn(phone), WhichPrompt::Current, hand)
            .unwrap();
        self.settle();
    }

    fn text(&mut self, phone: &str, text: &str) {
        self.sandbox.send_sms(msisdn(phone), "40404", text).unwrap();
        self.settle();
    }

    /// Uses the keypad; answers the screen that is shown then, and whether it is the last.
    fn keypad(&mut self, phone: &str, input: UssdInput) -> (String, bool) {
        self.sandbox.ussd(msisdn(phone), input).unwrap();
        self.settle();
        let phone = self.state().phone(msisdn(phone)).unwrap();
        let session = phone.ussd.as_ref().unwrap();
        (session.screen.clone().unwrap(), session.ended)
    }

    fn dial(&mut self, phone: &str, code: &str) -> String {
        self.keypad(phone, UssdInput::Dial(code.to_owned())).0
    }

    fn reply(&mut self, phone: &str, text: &str) -> (String, bool) {
        self.keypad(phone, UssdInput::Reply(text.to_owned()))
    }

    /// Dials the menu and answers each screen; the last screen must be an end.
    fn walk(&mut self, phone: &str, replies: &[&str]) -> String {
        let (mut shown, mut ended) = (self.dial(phone, "*483#"), false);
        for reply in replies {
            assert!(!ended, "over before {reply}: {shown}");
            (shown, ended) = self.reply(phone, reply);
        }
        assert!(ended, "not over: {shown}");
        shown
    }

    fn script(&mut self, phone: &str, script: &Value) {
        let change: PhoneChange = serde_json::from_value(json!({"script": script})).unwrap();
        self.sandbox.configure_phone(msisdn(phone), change).unwrap();
    }

    /// Runs what is due now.
    fn settle(&mut self) {
        self.advance(Span::ZERO);
    }

    fn advance(&mut self, by: Span) {
        let from = self.sandbox.now();
        self.sandbox.begin_advance();
        let mut fired = 0;
        loop {
            let (step, ran) = self.sandbox.run_until(from + by);
            fired += ran;
            for delivery in self.sandbox.take_deliveries() {
                self.sandbox
                    .callback_attempted(delivery.id, &Attempt::answered(200, ""));
            }
            match step {
                Step::More | Step::Waiting => {}
                Step::Idle => break,
            }
        }
        self.sandbox.end_advance(from, fired);
    }

    /// All invariants hold, and the state is what the journal says.
    fn check(&self) {
        let broken: Vec<_> = invariant::check_all(self.state())
            .into_iter()
            .filter(|check| !check.ok)
            .collect();
        assert!(broken.is_empty(), "{broken:#?}");
    }

    fn state(&self) -> &State {
        self.sandbox.state()
    }

    fn balance(&self, phone: &str) -> String {
        self.state()
            .ledger
            .balance(&Account::Wallet(msisdn(phone)), Currency::KES)
            .amount()
    }

    /// The texts a phone has got, the oldest first.
    fn inbox(&self, phone: &str) -> Vec<String> {
        let phone = self.state().phone(msisdn(phone));
        let messages = phone.into_iter().flat_map(|phone| phone.messages.iter());
        messages
            .filter(|m| m.direction == Direction::In)
            .map(|m| m.text.clone())
            .collect()
    }

    /// How many events of this type there are.
    fn count(&mut self, kind: &str) -> usize {
        self.sandbox
            .take_batch()
            .iter()
            .filter(|recorded| recorded.view().kind == kind)
            .count()
    }
}

fn msisdn(text: &str) -> Msisdn {
    text.parse().unwrap()
}

fn kes(text: &str) -> Money {
    Money::parse(text, Currency::KES).unwrap()
}

fn read(response: &Response) -> Value {
    assert_eq!(response.header("content-type"), Some("application/json"));
    serde_json::from_slice(&response.body).unwrap()
}

fn contract(id: &str, buyer: &str) -> Value {
    json!({
        "contract_id": id,
        "buyer_phone": buyer,
        "seller_phone": SELLER,
        "total_amount": "350000.00",
        "currency": "KES",
    })
}

fn checkout(contract: &str, buyer: &str) -> Value {
    json!({
        "contract_id": contract,
        "phone_number": buyer,
        "amount": 350_000,
        "currency_code": "KES",
        "metadata": {"product": "Maize", "quantity": "100 bags", "seller_phone": SELLER},
    })
}
