//! Random sales through the whole sandbox: whatever phones, parties and time do, the invariants
//! hold, and the engine that replays the public log agrees with what the payments API says.

use amana_core::escrow::{self, Event};
use amana_core::http::{Request, Response};
use amana_core::time::Span;
use amana_core::{Msisdn, Timestamp};
use amana_simulator::kernel::callback::Attempt;
use amana_simulator::kernel::phone::PhoneChange;
use amana_simulator::kernel::{Clock, Recorded, Sandbox, Start, Step, invariant};
use proptest::prelude::*;
use serde_json::{Value, json};

const BUYER: &str = "+254712345678";
const SELLER: &str = "+254723456789";
const CONTRACT: &str = "AG-2024-001234";

/// One thing that somebody does, or time passing.
#[derive(Debug, Clone)]
enum Act {
    Checkout,
    Text {
        seller: bool,
        word: &'static str,
    },
    Release(Vec<&'static str>),
    Refund,
    Script {
        phone: &'static str,
        collect: &'static str,
        pay_out: &'static str,
    },
    Wait(u64),
    Webhook,
}

fn acts() -> impl Strategy<Value = Act> {
    let actions = prop::sample::select(vec![
        "approve",
        "approve",
        "cancel",
        "wrong_pin",
        "insufficient_funds",
        "timeout",
        "unreachable",
        "never_calls_back",
        "duplicate",
        "late_success",
    ]);
    let words = prop::sample::select(vec!["CONFIRM", "ACCEPT", "DISPUTE", "YES", "NO", "HELLO"]);
    let parties = prop::sample::subsequence(vec!["buyer", "seller"], 0..=2);
    let phones = prop::sample::select(vec![BUYER, SELLER]);
    prop_oneof![
        3 => Just(Act::Checkout),
        6 => (any::<bool>(), words).prop_map(|(seller, word)| Act::Text { seller, word }),
        1 => parties.prop_map(Act::Release),
        1 => Just(Act::Refund),
        2 => (phones, actions.clone(), actions)
            .prop_map(|(phone, collect, pay_out)| Act::Script { phone, collect, pay_out }),
        6 => prop::sample::select(vec![1_000, 60_000, 300_000, 86_400_000, 604_800_000])
            .prop_map(Act::Wait),
        1 => Just(Act::Webhook),
    ]
}

struct World {
    sandbox: Sandbox,
    journal: Vec<Recorded>,
}

impl World {
    fn new() -> Self {
        let now = Timestamp::from_millis(1_772_793_000_000);
        let mut sandbox = Sandbox::new(
            Start {
                seed: 7,
                clock: Clock::Frozen { now },
            },
            now,
        );
        sandbox.enter(now);
        let mut world = Self {
            sandbox,
            journal: Vec::new(),
        };
        let contract = json!({
            "contract_id": CONTRACT, "buyer_phone": BUYER, "seller_phone": SELLER,
            "total_amount": "1000.00", "currency": "KES",
        });
        assert_eq!(world.post("/contracts", &contract).status, 201);
        world
    }

    fn send(&mut self, request: &Request) -> Response {
        let response = self
            .sandbox
            .exchange(request)
            .expect("the payments API is served");
        self.advance(0);
        response
    }

    fn post(&mut self, path: &str, body: &Value) -> Response {
        let request = Request::new("POST", "127.0.0.1", &format!("/api/v1{path}"));
        self.send(&request.with_body("application/json", body.to_string()))
    }

    fn advance(&mut self, millis: u64) {
        let from = self.sandbox.now();
        self.sandbox.begin_advance();
        let mut fired = 0;
        loop {
            let (step, ran) = self.sandbox.run_until(from + Span::from_millis(millis));
            fired += ran;
            for delivery in self.sandbox.take_deliveries() {
                self.sandbox
                    .callback_attempted(delivery.id, &Attempt::answered(200, ""));
            }
            if matches!(step, Step::Idle) {
                break;
            }
        }
        self.sandbox.end_advance(from, fired);
        self.journal.extend(self.sandbox.take_batch());
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Checkout => {
                let body = json!({
                    "contract_id": CONTRACT, "phone_number": BUYER, "amount": 1000,
                    "currency_code": "KES",
                });
                let answered = self.post("/payments/checkout", &body).status;
                assert!(matches!(answered, 200 | 402 | 409 | 503), "{answered}");
            }
            Act::Text { seller, word } => {
                let phone: Msisdn = if *seller { SELLER } else { BUYER }
                    .parse()
                    .expect("a phone");
                let text = format!("{word}-{CONTRACT}");
                self.sandbox
                    .send_sms(phone, "40404", &text)
                    .expect("a text");
                self.advance(0);
            }
            Act::Release(parties) => {
                let body = json!({"contract_id": CONTRACT, "confirmed_by": parties});
                self.post("/payments/release", &body);
            }
            Act::Refund => {
                self.post("/payments/refund", &json!({"contract_id": CONTRACT}));
            }
            Act::Script {
                phone,
                collect,
                pay_out,
            } => {
                let script =
                    json!({"script": {"collect": collect, "pay_out": pay_out, "delay": "3s"}});
                let change: PhoneChange = serde_json::from_value(script).expect("a script");
                self.sandbox
                    .configure_phone(phone.parse().expect("a phone"), change)
                    .expect("done");
                self.advance(0);
            }
            Act::Wait(millis) => self.advance(*millis),
            Act::Webhook => {
                let body =
                    json!({"transactionId": "ATPid_0", "status": "Success", "value": "KES 1000"});
                self.post("/payments/webhook", &body);
            }
        }
    }

    /// The payments' events as a page reads them from the public log.
    fn histories(&self) -> std::collections::BTreeMap<String, Vec<Event>> {
        let mut histories = std::collections::BTreeMap::new();
        for view in self.journal.iter().map(Recorded::view) {
            let (Some(id), Some(event)) = (view.data["payment"].as_str(), view.data.get("event"))
            else {
                continue;
            };
            let event = serde_json::from_value(event.clone()).expect("an event of the engine");
            histories
                .entry(id.to_owned())
                .or_insert_with(Vec::new)
                .push(event);
        }
        histories
    }
}

fn check(world: &mut World) -> Result<(), TestCaseError> {
    let broken: Vec<_> = invariant::check_all(world.sandbox.state())
        .into_iter()
        .filter(|check| !check.ok)
        .collect();
    prop_assert!(broken.is_empty(), "{:#?}", broken);
    for (id, history) in world.histories() {
        let state =
            escrow::replay(&history).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let view = state
            .payment()
            .expect("a history begins with a request")
            .view();
        let request = Request::new("GET", "127.0.0.1", &format!("/api/v1/payments/status/{id}"));
        let answer: Value = serde_json::from_slice(&world.send(&request).body).expect("JSON");
        prop_assert_eq!(answer["status"].as_str(), Some(view.status.name()));
        let held = view.held.amount();
        prop_assert_eq!(answer["held"].as_str(), Some(held.as_str()));
    }
    Ok(())
}

proptest! {
    #![proptest_config(amana_tests::repeatable(150))]

    #[test]
    fn the_engine_and_the_api_agree(acts in prop::collection::vec(acts(), 1..30)) {
        let mut world = World::new();
        for act in &acts {
            world.act(act);
            check(&mut world)?;
        }
    }

    #[test]
    fn the_same_acts_give_the_same_bytes(acts in prop::collection::vec(acts(), 1..15)) {
        let run = || {
            let mut world = World::new();
            acts.iter().for_each(|act| world.act(act));
            serde_json::to_string(&world.journal).expect("events are JSON")
        };
        prop_assert_eq!(run(), run());
    }
}
