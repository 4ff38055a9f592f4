//! One escrow payment, held in WASM: the core's state machine as a JavaScript class.

use amana_core::Timestamp;
use amana_core::escrow::{
    self, Command, Context, CorruptHistory, Decision, Event, Payment, Policy, Standing, State,
};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use crate::error::Thrown;
use crate::input::{read_both, read_events, read_or_default};
use crate::output::to_js;

/// What a decision rests on besides state, command and policy.
#[derive(Deserialize)]
#[serde(rename = "Context", deny_unknown_fields)]
struct Situation {
    now: Timestamp,
    standing: Standing,
}

/// One escrow payment.
///
/// Every call either does all it says or throws and changes nothing.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Engine {
    policy: Policy,
    state: State,
}

#[wasm_bindgen]
impl Engine {
    /// An engine without a payment. Numbers that the policy does not name have their defaults.
    ///
    /// # Errors
    /// Malformed input; [`escrow::PolicyError`].
    #[wasm_bindgen(constructor)]
    pub fn new(policy: &JsValue) -> Result<Self, Thrown> {
        let policy: Policy = read_or_default(policy)?;
        policy.validate()?;
        Ok(Self {
            policy,
            state: State::Absent,
        })
    }

    /// Decides a command and goes on to the state after it. Answers `{events, effects}`.
    ///
    /// # Errors
    /// Malformed input; [`escrow::Rejection`].
    pub fn dispatch(&mut self, command: &JsValue, context: &JsValue) -> Result<JsValue, Thrown> {
        let decision = self.decided(command, context)?;
        let next = evolved(self.state.clone(), &decision.events)?;
        let answer = to_js(&decision)?;
        self.state = next;
        Ok(answer)
    }

    /// Decides a command and changes nothing. Answers `{events, effects}`.
    ///
    /// # Errors
    /// As [`Self::dispatch`].
    pub fn decide(&self, command: &JsValue, context: &JsValue) -> Result<JsValue, Thrown> {
        to_js(&self.decided(command, context)?)
    }

    /// Starts anew from a whole history. Replaying causes no effects.
    ///
    /// # Errors
    /// Malformed input; [`CorruptHistory`].
    pub fn replay(&mut self, events: &JsValue) -> Result<(), Thrown> {
        self.state = evolved(State::Absent, &read_events(events)?)?;
        Ok(())
    }

    /// Goes on by further events. Causes no effects.
    ///
    /// # Errors
    /// Malformed input; [`CorruptHistory`].
    pub fn apply(&mut self, events: &JsValue) -> Result<(), Thrown> {
        self.state = evolved(self.state.clone(), &read_events(events)?)?;
        Ok(())
    }

    /// The payment as it is shown; `null` if nothing was requested yet.
    ///
    /// # Errors
    /// None of the engine's own.
    pub fn view(&self) -> Result<JsValue, Thrown> {
        to_js(&self.state.payment().map(Payment::view))
    }

    /// The earliest instant at which the command `wake` has something to do; `null` if none.
    ///
    /// # Errors
    /// None of the engine's own.
    #[wasm_bindgen(js_name = nextDeadline)]
    pub fn next_deadline(&self) -> Result<JsValue, Thrown> {
        to_js(&self.state.payment().and_then(Payment::next_deadline))
    }

    fn decided(&self, command: &JsValue, context: &JsValue) -> Result<Decision, Thrown> {
        let (command, situation): (Command, Situation) = read_both(command, context)?;
        let Situation { now, standing } = situation;
        let policy = &self.policy;
        let context = Context {
            now,
            policy,
            standing,
        };
        Ok(escrow::decide(&context, &self.state, &command)?)
    }
}

fn evolved(state: State, events: &[Event]) -> Result<State, CorruptHistory> {
    events.iter().try_fold(state, escrow::evolve)
}
