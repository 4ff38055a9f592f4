//! A market in a sandbox: contracts are made and paid, goods delivered or not, phones misbehave,
//! faults are armed, time passes, callbacks get lost.
//!
//! Everything is drawn from the walk's own generator, so the seed and the number of steps say all:
//! the log is the same to the byte on every machine.

use amana_core::Timestamp;
use amana_core::http::Request;
use amana_core::time::Span;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Violation;
use crate::kernel::callback::{Attempt, CallbackId, DeliveryError};
use crate::kernel::fault::{Faults, Kind, Leg, Rule};
use crate::kernel::json::read_typed;
use crate::kernel::phone::{Action, PhoneChange};
use crate::kernel::{Clock, Random, Sandbox, Start, Step, invariant};

/// When a walk begins.
const BEGIN: Timestamp = Timestamp::from_millis(1_767_225_600_000);
/// Phones that take part; few, so that they meet.
const PHONES: u64 = 8;
/// Steps between two looks at the invariants, which read everything there is.
const CHECK_EACH: u64 = 25;

/// A walk through a sandbox.
#[derive(Debug)]
pub struct Market {
    sandbox: Sandbox,
    random: Random,
    seed: u64,
    steps: u64,
    contracts: u64,
    hash: Sha256,
    events: u64,
}

impl Market {
    /// A walk that has not begun.
    ///
    /// # Errors
    /// None in practice: the settings are well-formed.
    pub fn new(seed: u64) -> Result<Self, Violation> {
        let clock = Clock::Frozen { now: BEGIN };
        let mut sandbox = Sandbox::new(Start { seed, clock }, BEGIN);
        sandbox.enter(BEGIN);
        let subscriber = json!({"url": "http://127.0.0.1:9/hook", "secret": "whsec_YQ=="});
        // Every provider has its turn.
        let channels = ["africastalking", "daraja"];
        let channel = channels[usize::from(seed % 2 == 1)];
        let patch = json!({
            "africastalking": {"callbacks": {"payment_notifications": "http://127.0.0.1:9/at"}},
            "payments_api": {"channel": channel, "subscribers": [subscriber]},
        });
        sandbox
            .patch_settings(patch)
            .map_err(|error| Violation(format!("the settings: {error}")))?;
        Ok(Self {
            sandbox,
            random: Random::at(seed ^ 0x5eed, 0),
            seed,
            steps: 0,
            contracts: 0,
            hash: Sha256::new(),
            events: 0,
        })
    }

    /// Goes so many steps.
    ///
    /// # Errors
    /// The first invariant that does not hold, with the one line that repeats the walk.
    pub fn walk(&mut self, steps: u64) -> Result<(), Violation> {
        for _ in 0..steps {
            self.steps += 1;
            self.sandbox.enter(BEGIN);
            self.step();
            self.keep_log()?;
            if self.steps.is_multiple_of(CHECK_EACH) {
                self.check()?;
            }
        }
        self.check()
    }

    /// How many events there were, and the hash over all of them.
    pub fn log(&self) -> (u64, String) {
        (self.events, hex::encode(self.hash.clone().finalize()))
    }

    /// How many contracts were made.
    pub const fn contracts(&self) -> u64 {
        self.contracts
    }

    /// The sandbox as it is now.
    pub const fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    fn keep_log(&mut self) -> Result<(), Violation> {
        for recorded in self.sandbox.take_batch() {
            let line = serde_json::to_vec(&recorded).map_err(|e| Violation(e.to_string()))?;
            self.hash.update(line);
            self.hash.update(b"\n");
            self.events += 1;
        }
        Ok(())
    }

    fn check(&self) -> Result<(), Violation> {
        let checks = invariant::check_all(self.sandbox.state());
        match checks.into_iter().find(|check| !check.ok) {
            None => Ok(()),
            Some(check) => Err(Violation(format!(
                "{}: {}; again: cargo xtask soak --seed {} --steps {}",
                check.name, check.detail, self.seed, self.steps
            ))),
        }
    }

    fn step(&mut self) {
        match self.random.below(20) {
            0..=2 => self.checkout(),
            3..=5 => self.text(),
            6 => self.settle(),
            7 => self.script(),
            8 => self.arm(),
            9 => self.sandbox.disarm_faults(),
            10 => self.resend(),
            11 => self.webhook(),
            _ => self.advance(),
        }
    }

    fn phone(&mut self) -> String {
        format!("+25471234567{}", self.random.below(PHONES))
    }

    fn contract(&mut self) -> String {
        // Mostly a recent one, on which something can still happen.
        let back = self.random.below(4) + 1;
        format!("VC-{}", self.contracts.saturating_sub(back) + 1)
    }

    fn post(&mut self, path: &str, body: &Value) {
        let request = Request::new("POST", "127.0.0.1:4600", path);
        let request = request.with_body("application/json", body.to_string());
        // Refusals are part of the walk.
        let _ = self.sandbox.exchange(&request);
    }

    fn checkout(&mut self) {
        let (buyer, seller) = (self.phone(), self.phone());
        self.contracts += 1;
        let contract = format!("VC-{}", self.contracts);
        let amount = self.random.below(5_000) + 10;
        let terms = json!({
            "contract_id": contract, "buyer_phone": buyer, "seller_phone": seller,
            "total_amount": amount.to_string(), "currency": "KES",
        });
        self.post("/api/v1/contracts", &terms);
        let wanted = json!({
            "contract_id": contract, "phone_number": buyer, "amount": amount,
            "currency_code": "KES",
        });
        self.post("/api/v1/payments/checkout", &wanted);
    }

    fn text(&mut self) {
        let words = [
            "CONFIRM", "ACCEPT", "CONFIRM", "ACCEPT", "DISPUTE", "NO", "HELLO",
        ];
        let word = self.pick(&words);
        let text = format!("{word}-{}", self.contract());
        if let Ok(from) = self.phone().parse() {
            let _ = self.sandbox.send_sms(from, "40404", &text);
        }
    }

    fn settle(&mut self) {
        let transaction = format!("TXN-{}-001", self.contract());
        match self.random.below(3) {
            0 => {
                let body = json!({"transaction_id": transaction});
                self.post("/api/v1/payments/refund", &body);
            }
            _ => {
                let body = json!({
                    "transaction_id": transaction, "confirmed_by": ["buyer", "seller"],
                });
                self.post("/api/v1/payments/release", &body);
            }
        }
    }

    fn webhook(&mut self) {
        let body = json!({
            "transactionId": format!("ATPid_{:032x}", self.random.below(5)),
            "status": "Success", "value": "KES 10.0000",
        });
        self.post("/api/v1/payments/webhook", &body);
    }

    fn script(&mut self) {
        let (collect, pay_out) = (self.pick(&Action::ALL), self.pick(&Action::ALL));
        let script = json!({"script": {"collect": collect, "pay_out": pay_out}});
        let change: Result<PhoneChange, _> = read_typed(script);
        if let (Ok(change), Ok(phone)) = (change, self.phone().parse()) {
            let _ = self.sandbox.configure_phone(phone, change);
        }
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let place = self.random.below(from.len() as u64);
        from[usize::try_from(place).unwrap_or(0)]
    }

    fn arm(&mut self) {
        let kind = self.pick(Kind::ALL);
        let leg: Leg = self.pick(kind.spec().legs);
        let rule = json!({
            "leg": leg, "kind": kind, "when": {"first": 3, "probability": 0.5}, "expires": "1d",
        });
        if self.sandbox.state().faults.iter().count() < Faults::MOST / 10
            && let Ok(rule) = read_typed::<Rule>(rule)
        {
            let _ = self.sandbox.arm_fault(rule);
        }
    }

    fn resend(&mut self) {
        let count = self.sandbox.state().callbacks.iter().count() as u64;
        let which = self.random.below(count + 1);
        let id = CallbackId::new(which);
        let _ = self.sandbox.resend_callback(id);
    }

    /// Moves the clock; receivers answer as they like.
    fn advance(&mut self) {
        let by = self.pick(&[500, 3_000, 60_000, 600_000, 86_400_000]);
        let from = self.sandbox.now();
        self.sandbox.begin_advance();
        let mut fired = 0;
        loop {
            let (step, ran) = self.sandbox.run_until(from + Span::from_millis(by));
            fired += ran;
            for delivery in self.sandbox.take_deliveries() {
                let attempt = self.receive();
                self.sandbox.callback_attempted(delivery.id, &attempt);
            }
            match step {
                Step::More | Step::Waiting => {}
                Step::Idle => break,
            }
        }
        self.sandbox.end_advance(from, fired);
    }

    fn receive(&mut self) -> Attempt {
        match self.random.below(20) {
            0 => Attempt::failed(DeliveryError::TimedOut),
            1 => Attempt::answered(500, ""),
            _ => Attempt::answered(200, ""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_markets_hold_every_invariant() {
        for seed in 0..20 {
            let mut market = Market::new(seed).unwrap();
            if let Err(violation) = market.walk(150) {
                panic!("{violation}");
            }
            assert!(market.contracts() > 5);
        }
    }

    #[test]
    fn two_walks_of_one_seed_give_the_same_bytes() {
        let log = |seed| {
            let mut market = Market::new(seed).unwrap();
            market.walk(300).unwrap();
            market.log()
        };
        let first = log(42);
        assert!(first.0 > 1_000, "{first:?}");
        assert_eq!(log(42), first);
        assert_ne!(log(43), first);
    }
}
