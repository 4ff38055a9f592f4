//! Faults through the small provider of the tests.

use amana_core::http::Request;
use amana_core::time::Span;
use amana_core::{Msisdn, Timestamp};
use serde_json::{Value, json};

use super::{FaultId, Received, Reply, Rule};
use crate::error::SandboxError;
use crate::kernel::callback::{Attempt, Delivery};
use crate::kernel::json::read_typed;
use crate::kernel::phone::PhoneChange;
use crate::kernel::route;
use crate::kernel::{Clock, Sandbox, Start, State, Step, invariant};

const BUYER: &str = "+254712345678";
const URL: &str = "http://127.0.0.1:9/outcome?a=b";

/// When the tests begin.
pub(super) fn start() -> Timestamp {
    Timestamp::from_millis(1_772_793_000_000)
}

/// What a caller sees.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// A whole answer.
    Status(u16),
    /// The beginning of one.
    Part(u16),
    /// A broken connection.
    Nothing,
}

/// A sandbox with a caller and a receiver that takes every callback.
pub(super) struct Bench {
    pub sandbox: Sandbox,
    pub delivered: Vec<Delivery>,
}

impl Bench {
    pub fn new() -> Self {
        Self::seeded(1)
    }

    pub fn seeded(seed: u64) -> Self {
        let clock = Clock::Frozen { now: start() };
        let mut sandbox = Sandbox::new(Start { seed, clock }, start());
        sandbox.enter(start());
        Self {
            sandbox,
            delivered: Vec::new(),
        }
    }

    fn try_arm(&mut self, rule: Value) -> Result<FaultId, SandboxError> {
        let rule: Rule = read_typed(rule)?;
        self.sandbox.arm_fault(rule)
    }

    pub fn arm(&mut self, rule: Value) -> FaultId {
        self.try_arm(rule).unwrap()
    }

    pub fn script(&mut self, script: &Value) {
        let change: PhoneChange = serde_json::from_value(json!({"script": script})).unwrap();
        let phone: Msisdn = BUYER.parse().unwrap();
        self.sandbox.configure_phone(phone, change).unwrap();
    }

    pub fn order(&self, amount: &str) -> Request {
        let body = json!({"phone": BUYER, "amount": amount, "url": URL}).to_string();
        let host = "127.0.0.1:4600";
        Request::new("POST", host, "/till/collect").with_body("application/json", body)
    }

    pub fn receive(&mut self) -> Reply {
        match self.sandbox.receive(route(self.order("5")).unwrap()) {
            Received::Answered(reply) => reply,
            Received::Deferred { .. } => panic!("the request was held up"),
        }
    }

    /// Asks the buyer for money.
    pub fn collect(&mut self) -> Seen {
        self.collect_amount("5")
    }

    pub fn collect_amount(&mut self, amount: &str) -> Seen {
        let order = self.order(amount);
        match self.sandbox.receive(route(order).unwrap()) {
            Received::Answered(Reply {
                response: Some(response),
                truncate_to,
                ..
            }) => match truncate_to {
                Some(_) => Seen::Part(response.status),
                None => Seen::Status(response.status),
            },
            Received::Answered(Reply { response: None, .. }) => Seen::Nothing,
            Received::Deferred { .. } => panic!("the request was held up"),
        }
    }

    /// How many orders the provider has seen.
    pub fn orders(&self) -> usize {
        self.sandbox.state().providers.till.orders.len()
    }

    /// Runs for five minutes; the bodies that arrived meanwhile.
    pub fn settle(&mut self) -> Vec<String> {
        self.settle_for(Span::from_mins(5))
    }

    pub fn settle_for(&mut self, by: Span) -> Vec<String> {
        let seen = self.delivered.len();
        let from = self.sandbox.now();
        self.sandbox.begin_advance();
        let mut fired = 0;
        loop {
            let (step, ran) = self.sandbox.run_until(from + by);
            fired += ran;
            for delivery in self.sandbox.take_deliveries() {
                let attempt = Attempt::answered(200, "");
                self.sandbox.callback_attempted(delivery.id, &attempt);
                self.delivered.push(delivery);
            }
            if step == Step::Idle {
                break;
            }
        }
        self.sandbox.end_advance(from, fired);
        self.check();
        let bodies = self.delivered[seen..].iter();
        bodies
            .map(|delivery| String::from_utf8(delivery.body.clone()).unwrap())
            .collect()
    }

    /// Every invariant holds.
    pub fn check(&self) {
        for check in invariant::check_all(self.sandbox.state()) {
            assert!(check.ok, "{}: {}", check.name, check.detail);
        }
    }

    fn counts(&self, id: FaultId) -> (u64, u64) {
        let fault = self.sandbox.state().faults.get(id).unwrap();
        (fault.candidates, fault.fired)
    }
}

fn pass(leg: &str, kind: &str, when: &Value) -> Value {
    json!({"leg": leg, "kind": kind, "when": when})
}

#[test]
fn contradictions_are_refused_and_name_the_field() {
    let mut bench = Bench::new();
    let before = bench.sandbox.state().hash().unwrap();
    let when = |when: Value| pass("request", "status", &when);
    let with = |leg: &str, kind: &str, with: Value| json!({"leg": leg, "kind": kind, "with": with});
    for (rule, field) in [
        (json!({"leg": "request", "kind": "drop"}), "/kind"),
        (json!({"leg": "request", "kind": "lost_reply"}), "/kind"),
        (json!({"leg": "reply", "kind": "rate_limit"}), "/kind"),
        (json!({"leg": "callback", "kind": "status"}), "/kind"),
        (json!({"leg": "callback", "kind": "reset"}), "/kind"),
        (json!({"leg": "sideways", "kind": "drop"}), "/leg"),
        (json!({"leg": "callback", "kind": "explode"}), "/kind"),
        (json!({"kind": "drop"}), "/leg"),
        (json!({"leg": "callback"}), "/kind"),
        (json!({"leg": "callback", "kind": "drop", "why": 1}), "/why"),
        (
            with("request", "status", json!({"copies": 2})),
            "/with/copies",
        ),
        (
            with("request", "status", json!({"status": 99})),
            "/with/status",
        ),
        (
            with("request", "status", json!({"status": 70000})),
            "/with/status",
        ),
        (
            with("request", "reset", json!({"status": 500})),
            "/with/status",
        ),
        (
            with("callback", "drop", json!({"delay": "1s"})),
            "/with/delay",
        ),
        (
            with("callback", "delay", json!({"delay": "soon"})),
            "/with/delay",
        ),
        (
            with("callback", "delay", json!({"amount": "1"})),
            "/with/amount",
        ),
        (
            with("callback", "duplicate", json!({"copies": 1})),
            "/with/copies",
        ),
        (
            with("callback", "duplicate", json!({"copies": 11})),
            "/with/copies",
        ),
        (
            with("callback", "wrong_amount", json!({"amount": "-1"})),
            "/with/amount",
        ),
        (
            with("callback", "wrong_amount", json!({"amount": 1})),
            "/with/amount",
        ),
        (
            with("callback", "wrong_amount", json!({"amount": "x"})),
            "/with/amount",
        ),
        (when(json!({"probability": 1.1})), "/when/probability"),
        (when(json!({"probability": -0.1})), "/when/probability"),
        (when(json!({"probability": "often"})), "/when/probability"),
        (when(json!({"first": 0})), "/when/first"),
        (when(json!({"first": -1})), "/when/first"),
        (when(json!({"for": "0s"})), "/when/for"),
        (when(json!({"until": "5m"})), "/when/until"),
        (
            json!({"leg": "request", "kind": "status", "match": {"provider": "nobody"}}),
            "/match/provider",
        ),
        (
            json!({"leg": "request", "kind": "status", "match": {"msisdn": "12"}}),
            "/match/msisdn",
        ),
        (
            json!({"leg": "request", "kind": "status", "expires": "5m", "when": {"after": "5m"}}),
            "/when/after",
        ),
        (
            json!({"leg": "request", "kind": "status", "expires": "0s"}),
            "/expires",
        ),
    ] {
        let error = bench.try_arm(rule.clone()).unwrap_err();
        assert_eq!(error.status(), 422, "{rule}");
        let named = error.field().map(amana_core::FieldPath::as_str);
        assert_eq!(named, Some(field), "{rule}");
    }
    assert_eq!(bench.sandbox.state().hash().unwrap(), before);
}

#[test]
fn every_kind_can_be_armed_where_it_is_possible_and_nowhere_else() {
    for kind in super::Kind::ALL {
        for leg in [super::Leg::Request, super::Leg::Reply, super::Leg::Callback] {
            let rule = json!({"leg": leg, "kind": kind});
            let armed = Bench::new().try_arm(rule.clone()).is_ok();
            assert_eq!(armed, kind.spec().legs.contains(&leg), "{rule}");
        }
    }
}

#[test]
fn a_fault_heals_by_count_window_and_expiry() {
    let broken = |bench: &mut Bench| bench.collect() == Seen::Status(503);
    for (rule, struck) in [
        (
            pass("request", "status", &json!({"first": 2})),
            [true, true, false, false],
        ),
        (
            pass("request", "status", &json!({"skip": 1, "first": 2})),
            [false, true, true, false],
        ),
        (
            pass("request", "status", &json!({"after": "15s"})),
            [false, false, true, true],
        ),
        (
            pass("request", "status", &json!({"for": "20s"})),
            [true, true, false, false],
        ),
        (
            pass("request", "status", &json!({"after": "10s", "for": "20s"})),
            [false, true, true, false],
        ),
        (
            json!({"leg": "request", "kind": "status", "expires": "5s"}),
            [true, false, false, false],
        ),
    ] {
        let mut bench = Bench::new();
        let id = bench.arm(rule.clone());
        let mut seen = [false; 4];
        for seen in &mut seen {
            *seen = broken(&mut bench);
            bench.settle_for(Span::from_secs(10));
        }
        assert_eq!(seen, struck, "{rule}");
        let fault = bench.sandbox.state().faults.get(id).unwrap();
        let hits = struck.iter().filter(|hit| **hit).count() as u64;
        assert_eq!(fault.fired, hits, "{rule}");
    }
}

#[test]
fn chance_is_drawn_once_per_candidate_and_repeats() {
    let run = |probability: Value| {
        let mut bench = Bench::seeded(1);
        let rule = pass("request", "reset", &json!({"probability": probability}));
        let id = bench.arm(rule);
        let hits: Vec<usize> = (0..1_000)
            .filter(|_| bench.collect() == Seen::Nothing)
            .collect();
        assert_eq!(bench.counts(id), (1_000, hits.len() as u64));
        hits
    };
    let hits = run(json!(0.3));
    assert!((270..=330).contains(&hits.len()), "{}", hits.len());
    assert_eq!(run(json!(0.3)), hits);
    assert_eq!(run(json!("0.3")), hits);
    assert_eq!(run(json!(0)), Vec::<usize>::new());
    assert_eq!(run(json!(1)).len(), 1_000);
}

#[test]
fn only_what_matches_is_a_candidate() {
    for (matches, is) in [
        (json!({}), true),
        (json!({"provider": "till"}), true),
        (json!({"provider": "payments"}), false),
        (json!({"operation": "collect"}), true),
        (json!({"operation": "pay"}), false),
        (json!({"msisdn": "0712345678"}), true),
        (json!({"msisdn": "+254712345679"}), false),
        (json!({"path": "/till/collect"}), true),
        (json!({"path": "/collect"}), true),
        (json!({"path": "/till/*"}), true),
        (json!({"path": "/other"}), false),
        (json!({"provider": "till", "operation": "pay"}), false),
    ] {
        let mut bench = Bench::new();
        let id = bench.arm(json!({"leg": "request", "kind": "reset", "match": matches}));
        let struck = bench.collect() == Seen::Nothing;
        assert_eq!(struck, is, "{matches}");
        assert_eq!(bench.counts(id).0, u64::from(is));
    }
    for (matches, is) in [
        (json!({"operation": "outcome"}), true),
        (json!({"operation": "collect"}), true),
        (json!({"operation": "pay"}), false),
        (json!({"msisdn": BUYER}), true),
        (json!({"path": "/outcome"}), true),
        (json!({"path": "/income"}), false),
    ] {
        let mut bench = Bench::new();
        bench.arm(json!({"leg": "callback", "kind": "drop", "match": matches}));
        bench.collect();
        assert_eq!(bench.settle().is_empty(), is, "{matches}");
    }
}

#[test]
fn every_firing_is_an_event_and_replays() {
    let mut bench = Bench::new();
    let mut replayed = State::new(
        bench.sandbox.settings().clone(),
        Clock::Frozen { now: start() },
    );
    bench.arm(pass("request", "status", &json!({"probability": 0.5})));
    for kind in [
        "duplicate",
        "reorder",
        "after_final",
        "wrong_amount",
        "drop",
        "before_ack",
    ] {
        bench.arm(pass("callback", kind, &json!({"probability": 0.4})));
    }
    for _ in 0..30 {
        bench.collect();
        bench.settle();
    }
    let batch = bench.sandbox.take_batch();
    let fired = batch
        .iter()
        .filter(|recorded| recorded.view().kind == "fault.fired");
    let listed: u64 = bench.sandbox.state().faults.iter().map(|f| f.fired).sum();
    assert_eq!(fired.count() as u64, listed);
    assert!(listed > 30);
    for recorded in batch {
        let line = serde_json::to_string(&recorded).unwrap();
        replayed.apply(&serde_json::from_str(&line).unwrap());
    }
    assert_eq!(
        replayed.hash().unwrap(),
        bench.sandbox.state().hash().unwrap()
    );
    let document = serde_json::to_string(&replayed).unwrap();
    let restored: State = serde_json::from_str(&document).unwrap();
    assert_eq!(restored, replayed);
}

#[test]
fn disarming_stops_it() {
    let mut bench = Bench::new();
    let id = bench.arm(json!({"leg": "request", "kind": "reset"}));
    let other = bench.arm(json!({"leg": "request", "kind": "reset", "when": {"first": 1}}));
    assert_eq!(bench.collect(), Seen::Nothing);
    bench.sandbox.disarm_fault(id).unwrap();
    assert_eq!(bench.collect(), Seen::Nothing);
    assert_eq!(bench.collect(), Seen::Status(200));
    assert_eq!(bench.counts(other), (1, 1));
    assert_eq!(
        bench.sandbox.disarm_fault(id).unwrap_err().code(),
        "fault.unknown"
    );
    bench.sandbox.disarm_faults();
    assert!(bench.sandbox.state().faults.iter().next().is_none());
}

#[test]
fn faults_are_bounded_and_spent_ones_make_way() {
    let mut bench = Bench::new();
    let spent = bench.arm(json!({"leg": "request", "kind": "reset", "when": {"first": 1}}));
    bench.collect();
    for _ in 1..super::Faults::MOST {
        bench.arm(json!({"leg": "callback", "kind": "drop"}));
    }
    bench.arm(json!({"leg": "callback", "kind": "drop"}));
    assert!(bench.sandbox.state().faults.get(spent).is_none());
    let error = bench.try_arm(json!({"leg": "callback", "kind": "drop"}));
    assert_eq!(error.unwrap_err().code(), "fault.limit_reached");
}
