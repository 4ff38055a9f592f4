//! The twin as its users see it: requests in, answers, callbacks and money out.

mod covers;
mod customers;
mod escrow;
mod orders;
mod prompts;
mod property;
mod queries;
mod refusals;
mod seldom;
mod strict;

use amana_core::http::{Request, Response};
use amana_core::provider::daraja::auth::password;
use amana_core::time::Span;
use amana_core::{Currency, Msisdn, Timestamp};
use serde_json::{Value, json};

use super::{Books, merchant};
use crate::kernel::callback::{Attempt, Delivery};
use crate::kernel::ledger::Account;
use crate::kernel::phone::{Direction, PhoneChange};
use crate::kernel::{Clock, Sandbox, Start, Step, invariant};

const HOST: &str = "sandbox.safaricom.co.ke";
const LIVE: &str = "api.safaricom.co.ke";
const PHONE: &str = "254708374149";
const SHORTCODE: &str = "174379";
const PASSKEY: &str = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919";
const TIME: &str = "20261010143005";
const URL: &str = "http://127.0.0.1:9/callback";

const PUSH: &str = "/mpesa/stkpush/v1/processrequest";
const QUERY: &str = "/mpesa/stkpushquery/v1/query";
const REGISTER_V1: &str = "/mpesa/c2b/v1/registerurl";
const REGISTER_V2: &str = "/mpesa/c2b/v2/registerurl";
const SIMULATE: &str = "/mpesa/c2b/v2/simulate";
const B2C_V1: &str = "/mpesa/b2c/v1/paymentrequest";
const B2C_V3: &str = "/mpesa/b2c/v3/paymentrequest";
const B2B: &str = "/mpesa/b2b/v1/paymentrequest";
const STATUS: &str = "/mpesa/transactionstatus/v1/query";
const BALANCE: &str = "/mpesa/accountbalance/v1/query";
const REVERSAL: &str = "/mpesa/reversal/v1/request";

/// A sandbox at 10 October 2026, 14:30:05.700 in Nairobi, with a token.
struct Bench {
    sandbox: Sandbox,
    token: String,
    delivered: Vec<(Timestamp, Delivery)>,
}

impl Bench {
    fn new() -> Self {
        let now: Timestamp = "2026-10-10T11:30:05.700Z".parse().unwrap();
        let clock = Clock::Frozen { now };
        let mut sandbox = Sandbox::new(Start { seed: 1, clock }, now);
        sandbox.enter(now);
        let mut bench = Self {
            sandbox,
            token: String::new(),
            delivered: Vec::new(),
        };
        bench.token = bench.buy_token();
        bench
    }

    fn with(behaviour: &Value) -> Self {
        let mut bench = Self::new();
        bench.behave(behaviour);
        bench
    }

    fn buy_token(&mut self) -> String {
        let answer = self.send(&token_request("key", "secret"));
        assert_eq!(answer.status, 200, "{}", text(&answer));
        read(&answer)["access_token"].as_str().unwrap().to_owned()
    }

    fn patch(&mut self, patch: Value) {
        self.sandbox.patch_settings(patch).unwrap();
    }

    fn behave(&mut self, behaviour: &Value) {
        self.patch(json!({"daraja": {"behaviour": behaviour}}));
    }

    fn configure(&mut self, phone: &str, change: &Value) {
        let change: PhoneChange = serde_json::from_value(change.clone()).unwrap();
        self.sandbox.configure_phone(msisdn(phone), change).unwrap();
    }

    fn script(&mut self, phone: &str, script: &Value) {
        self.configure(phone, &json!({"script": script}));
    }

    fn send(&mut self, request: &Request) -> Response {
        self.sandbox.exchange(request).unwrap()
    }

    /// Posts JSON with the token.
    fn post(&mut self, path: &str, body: &Value) -> (u16, Value) {
        let request = posted(HOST, path, &self.token, &body.to_string());
        let response = self.send(&request);
        (response.status, read(&response))
    }

    /// Posts JSON that must be taken.
    fn ask(&mut self, path: &str, body: &Value) -> Value {
        let (status, answer) = self.post(path, body);
        assert_eq!(status, 200, "{path} {answer}");
        answer
    }

    /// Posts JSON that must be refused: status, code and text.
    fn refused(&mut self, path: &str, body: &Value) -> (u16, String, String) {
        let (status, answer) = self.post(path, body);
        assert_ne!(status, 200, "{path} {answer}");
        let part = |key: &str| answer[key].as_str().unwrap_or_default().to_owned();
        (status, part("errorCode"), part("errorMessage"))
    }

    /// Moves the clock; every callback that falls due gets this answer.
    fn advance(&mut self, by: Span, status: u16, body: &str) {
        let attempt = Attempt::answered(status, body);
        self.advance_with(by, &attempt);
    }

    fn advance_with(&mut self, by: Span, attempt: &Attempt) {
        let from = self.sandbox.now();
        self.sandbox.begin_advance();
        let mut fired = 0;
        loop {
            let (step, ran) = self.sandbox.run_until(from + by);
            fired += ran;
            for delivery in self.sandbox.take_deliveries() {
                self.sandbox.callback_attempted(delivery.id, attempt);
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

    /// Runs for five minutes, in which everything ends.
    fn settle(&mut self) {
        self.advance(
            Span::from_mins(5),
            200,
            r#"{"ResultCode":0,"ResultDesc":"Accepted"}"#,
        );
    }

    /// The bodies that were delivered, as JSON.
    fn callbacks(&self) -> Vec<Value> {
        self.delivered
            .iter()
            .map(|(_, delivery)| serde_json::from_slice(&delivery.body).unwrap())
            .collect()
    }

    /// The only callback.
    fn callback(&self) -> Value {
        let mut callbacks = self.callbacks();
        assert_eq!(callbacks.len(), 1, "{callbacks:?}");
        callbacks.remove(0)
    }

    /// The only callback of the last order.
    fn result(&mut self, path: &str, body: &Value) -> Value {
        self.delivered.clear();
        self.ask(path, body);
        self.settle();
        self.callback()["Result"].clone()
    }

    fn books(&self) -> &Books {
        &self.sandbox.state().providers.daraja
    }

    fn held(&self, account: &Account) -> String {
        let ledger = &self.sandbox.state().ledger;
        ledger.balance(account, Currency::KES).amount()
    }

    fn wallet(&self, phone: &str) -> String {
        self.held(&Account::Wallet(msisdn(phone)))
    }

    fn utility(&self, shortcode: &str) -> String {
        self.held(&merchant::utility(shortcode))
    }

    fn working(&self, shortcode: &str) -> String {
        self.held(&merchant::working(shortcode))
    }

    fn inbox(&self, phone: &str) -> Vec<String> {
        let phone = self.sandbox.state().phone(msisdn(phone));
        let messages = phone.into_iter().flat_map(|phone| phone.messages.iter());
        messages
            .filter(|message| message.direction == Direction::In)
            .map(|message| message.text.clone())
            .collect()
    }

    fn check(&self) {
        for check in invariant::check_all(self.sandbox.state()) {
            assert!(check.ok, "{}: {}", check.name, check.detail);
        }
    }

    /// The fields of the refusals that were explained since this was last asked.
    fn explained(&mut self) -> Vec<Value> {
        let batch = self.sandbox.take_batch();
        let views = batch.iter().map(crate::kernel::Recorded::view);
        views
            .filter(|view| view.kind == "refusal.explained")
            .map(|view| view.data["field"].clone())
            .collect()
    }

    /// A push that is open: its id.
    fn push(&mut self, body: &Value) -> String {
        let answer = self.ask(PUSH, body);
        answer["CheckoutRequestID"].as_str().unwrap().to_owned()
    }

    /// The result code that a query of a push tells.
    fn query(&mut self, id: &str) -> (u16, Value) {
        self.post(QUERY, &query(id))
    }
}

fn msisdn(text: &str) -> Msisdn {
    text.parse().unwrap()
}

fn token_request(key: &str, secret: &str) -> Request {
    use base64::Engine;
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("{key}:{secret}"));
    let mut request = Request::new("GET", HOST, "/oauth/v1/generate")
        .with_header("authorization", &format!("Basic {basic}"));
    request.query = "grant_type=client_credentials".to_owned();
    request
}

fn posted(host: &str, path: &str, token: &str, body: &str) -> Request {
    Request::new("POST", host, path)
        .with_header("authorization", &format!("Bearer {token}"))
        .with_body("application/json", body)
}

fn text(response: &Response) -> String {
    String::from_utf8_lossy(&response.body).into_owned()
}

fn read(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap_or(Value::Null)
}

/// The object with these members put in, or taken out if null.
fn changed(mut body: Value, changes: &Value) -> Value {
    for (key, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => body.as_object_mut().unwrap().remove(key),
            value => body
                .as_object_mut()
                .unwrap()
                .insert(key.clone(), value.clone()),
        };
    }
    body
}

fn push_body() -> Value {
    json!({
        "BusinessShortCode": SHORTCODE, "Password": password(SHORTCODE, PASSKEY, TIME),
        "Timestamp": TIME, "TransactionType": "CustomerPayBillOnline", "Amount": 1500,
        "PartyA": PHONE, "PartyB": SHORTCODE, "PhoneNumber": PHONE, "CallBackURL": URL,
        "AccountReference": "VC-1042", "TransactionDesc": "Maize",
    })
}

fn push_to(phone: &str) -> Value {
    changed(push_body(), &json!({"PartyA": phone, "PhoneNumber": phone}))
}

fn query(id: &str) -> Value {
    json!({
        "BusinessShortCode": SHORTCODE, "Password": password(SHORTCODE, PASSKEY, TIME),
        "Timestamp": TIME, "CheckoutRequestID": id,
    })
}

fn register_body() -> Value {
    json!({
        "ShortCode": "600966", "ResponseType": "Completed",
        "ConfirmationURL": "http://127.0.0.1:9/confirm",
        "ValidationURL": "http://127.0.0.1:9/validate",
    })
}

fn simulate_body() -> Value {
    json!({
        "ShortCode": 600966, "CommandID": "CustomerPayBillOnline", "Amount": 5.0,
        "Msisdn": 254708374149_u64, "BillRefNumber": "INV-1",
    })
}

fn b2c_body() -> Value {
    json!({
        "OriginatorConversationID": "order-1", "InitiatorName": "testapi",
        "SecurityCredential": "b3BhcXVl", "CommandID": "BusinessPayment", "Amount": 100.0,
        "PartyA": "600997", "PartyB": PHONE, "Remarks": "Salary",
        "QueueTimeOutURL": "http://127.0.0.1:9/timeout", "ResultURL": URL, "Occassion": "March",
    })
}

fn b2b_body() -> Value {
    json!({
        "Initiator": "testapi", "SecurityCredential": "b3BhcXVl", "CommandID": "BusinessPayBill",
        "SenderIdentifierType": "4", "RecieverIdentifierType": 4, "Amount": "190",
        "PartyA": "600996", "PartyB": "600000", "AccountReference": "353353", "Remarks": "ok",
        "QueueTimeOutURL": "http://127.0.0.1:9/timeout", "ResultURL": URL,
    })
}

fn status_body(subject: &Value) -> Value {
    let body = json!({
        "Initiator": "testapi", "SecurityCredential": "b3BhcXVl",
        "CommandID": "TransactionStatusQuery", "PartyA": "600997", "IdentifierType": 4,
        "ResultURL": URL, "QueueTimeOutURL": "http://127.0.0.1:9/timeout", "Remarks": "ok",
    });
    changed(body, subject)
}

fn balance_body() -> Value {
    json!({
        "Initiator": "testapi", "SecurityCredential": "b3BhcXVl", "CommandID": "AccountBalance",
        "PartyA": "600996", "IdentifierType": "4", "Remarks": "ok",
        "QueueTimeOutURL": "http://127.0.0.1:9/timeout", "ResultURL": URL,
    })
}

fn reversal_body(receipt: &str, amount: u32) -> Value {
    json!({
        "Initiator": "testapi", "SecurityCredential": "b3BhcXVl",
        "CommandID": "TransactionReversal", "TransactionID": receipt, "Amount": amount,
        "ReceiverParty": SHORTCODE, "RecieverIdentifierType": "11", "ResultURL": URL,
        "QueueTimeOutURL": "http://127.0.0.1:9/timeout", "Remarks": "wrong", "Occasion": null,
    })
}
