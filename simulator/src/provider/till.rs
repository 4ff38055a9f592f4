//! A provider of the tests: the least a twin can be.
//!
//! `POST /till/collect` and `/till/pay` with `{"phone", "amount", "url"}`; the URL is told the
//! outcome, up to three times, one minute apart.

use std::collections::BTreeMap;

use amana_core::http::{Request, Response};
use amana_core::time::Span;
use amana_core::{Currency, Money, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::ProviderServer;
use crate::kernel::callback::{Attempt, Callback, NewCallback, Target, Verdict};
use crate::kernel::ledger::{Account, Posting};
use crate::kernel::phone::{NewPrompt, Operation, Outcome, PromptAnswer};
use crate::kernel::settings::Settings;
use crate::kernel::{Sandbox, ServiceName, State, View};

pub const NAME: ServiceName = ServiceName::new("till");

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Books {
    pub orders: BTreeMap<String, String>,
    pub answers: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum BooksEvent {
    Ordered { reference: String, url: String },
    Answered { reference: String },
}

impl Books {
    pub(crate) fn apply(&mut self, _at: Timestamp, event: &BooksEvent) {
        match event {
            BooksEvent::Ordered { reference, url } => {
                self.orders.insert(reference.clone(), url.clone());
            }
            BooksEvent::Answered { .. } => self.answers += 1,
        }
    }
}

impl BooksEvent {
    pub fn view(&self) -> View {
        match self {
            Self::Ordered { reference, .. } => {
                View::new("till.ordered", "an order", json!({"reference": reference}))
            }
            Self::Answered { reference } => View::new(
                "till.answered",
                "an answer",
                json!({"reference": reference}),
            ),
        }
    }
}

#[derive(Deserialize)]
struct Order {
    phone: String,
    amount: String,
    url: String,
}

pub struct Server;

fn account() -> Account {
    Account::Merchant {
        provider: NAME,
        id: "1".to_owned(),
    }
}

/// What the URL is told.
fn body(answer: &PromptAnswer) -> String {
    let amount = answer.prompt.amount.amount();
    let outcome = json!(answer.outcome);
    format!(r#"{{"amount":{amount},"outcome":{outcome}}}"#)
}

impl ProviderServer for Server {
    fn name(&self) -> ServiceName {
        NAME
    }

    fn mount(&self) -> &'static str {
        "till"
    }

    fn hosts(&self) -> &'static [&'static str] {
        &["till.example.com"]
    }

    fn operations(&self) -> Vec<&'static str> {
        vec!["collect", "pay"]
    }

    fn event_types(&self) -> &'static [&'static str] {
        &["till.ordered", "till.answered"]
    }

    fn callbacks(&self) -> Vec<&'static str> {
        vec!["outcome"]
    }

    fn handle(&self, sandbox: &mut Sandbox, request: &Request) -> Response {
        let operation = match request.path.as_str() {
            "/collect" => Operation::Collect,
            "/pay" => Operation::PayOut,
            _ => return Response::new(404, "text/plain", "no such path"),
        };
        let order: Order = match serde_json::from_slice(&request.body) {
            Ok(order) => order,
            Err(_) => {
                sandbox.explain_refusal(NAME, None, "the order is not complete");
                return Response::new(400, "text/plain", "bad order");
            }
        };
        let reference = sandbox.random().alphanumeric(10);
        sandbox.emit(BooksEvent::Ordered {
            reference: reference.clone(),
            url: order.url,
        });
        sandbox.open_prompt(NewPrompt {
            provider: NAME,
            operation,
            msisdn: order.phone.parse().unwrap(),
            amount: Money::parse(&order.amount, Currency::KES).unwrap(),
            charge: Money::zero(Currency::KES),
            text: format!("Pay {}?", order.amount),
            reference: reference.as_str().into(),
            expires_after: Span::from_secs(60),
        });
        Response::new(200, "text/plain", reference)
    }

    fn operation(&self, request: &Request) -> Option<&'static str> {
        match request.path.as_str() {
            "/collect" => Some("collect"),
            "/pay" => Some("pay"),
            _ => None,
        }
    }

    fn requested_by(&self, _: &State, callback: &NewCallback) -> Option<&'static str> {
        (callback.operation == "outcome").then_some("collect")
    }

    fn prompt_answered(&self, sandbox: &mut Sandbox, answer: &PromptAnswer) {
        let prompt = &answer.prompt;
        let wallet = Account::Wallet(prompt.msisdn);
        if answer.outcome == Outcome::Approved {
            let (from, to) = match prompt.operation {
                Operation::Collect => (wallet, account()),
                Operation::PayOut => (account(), wallet),
            };
            let posting = Posting::new(Some(NAME), &prompt.reference, "till");
            let _ = sandbox.post(posting.transfer(from, to, prompt.amount));
        }
        let url = sandbox.state().providers.till.orders[&*prompt.reference].clone();
        for _ in 0..answer.callbacks {
            sandbox.schedule_callback(NewCallback {
                service: NAME,
                operation: "outcome",
                reference: prompt.reference.to_string(),
                msisdn: Some(prompt.msisdn),
                target: match url.strip_prefix("internal:") {
                    Some(kind) => Target::Internal(kind.to_owned()),
                    None => Target::Url(url.parse().unwrap()),
                },
                method: "POST",
                headers: vec![("content-type".to_owned(), "application/json".to_owned())],
                body: body(answer).into_bytes(),
                after: Span::from_millis(500),
            });
        }
    }

    fn verdict(&self, _: &Settings, callback: &Callback, attempt: &Attempt) -> Verdict {
        if attempt.is_success() {
            Verdict::Delivered
        } else if callback.attempt_count < 3 {
            Verdict::Retry(Span::from_mins(1))
        } else {
            Verdict::GiveUp
        }
    }

    fn callback_answered(&self, sandbox: &mut Sandbox, callback: &Callback, _attempt: &Attempt) {
        sandbox.emit(BooksEvent::Answered {
            reference: callback.reference.clone(),
        });
    }
}
