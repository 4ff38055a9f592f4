//! The sandbox kernel: everything that happens, without a socket, a thread, a clock or entropy.
//!
//! The host drives a [`Sandbox`] like this, and may do so in a browser as well as in a server:
//!
//! 1. [`Sandbox::enter`] with the host's time. Everything that fell due meanwhile is run first.
//! 2. One call: [`Sandbox::receive`] for a request that [`route`] found a service for, or a method
//!    of the control API ([`Sandbox::configure_phone`], [`Sandbox::answer_prompt`] …).
//! 3. [`Sandbox::take_batch`] and write it to the journal, *before* the answer goes out.
//! 4. [`Sandbox::take_deliveries`], send them, and report each by [`Sandbox::callback_attempted`].
//! 5. [`Sandbox::wake_at`] says when to enter again though nobody called.
//!
//! Every change is an [`Event`], applied by [`State::apply`]; nothing else changes the state. Same
//! seed and same calls give the same bytes of events, on every machine.

pub mod callback;
mod clock;
mod dispatch;
mod duration;
mod event;
pub mod fault;
mod id;
pub mod invariant;
pub mod json;
pub mod ledger;
pub mod magic;
pub mod phone;
mod random;
mod run;
mod service;
pub mod settings;
mod snapshot;
mod state;
mod timer;
mod view;

#[cfg(test)]
mod property;
#[cfg(test)]
mod tests;

use amana_core::time::Span;
use amana_core::{Msisdn, Timestamp};
use serde::{Deserialize, Serialize};

use self::callback::{
    Callback, CallbackEvent, CallbackId, CallbackState, Callbacks, Delivery, NewCallback,
};
pub use self::clock::Clock;
pub use self::dispatch::{Routed, is_provider_host, route, serves};
pub use self::duration::Duration;
pub use self::event::{ClockEvent, Correlation, Event, HttpEvent, Recorded};
use self::ledger::{Account, Posting};
use self::phone::PhoneEvent;
pub use self::random::Random;
pub use self::run::Step;
pub use self::service::ServiceName;
use self::settings::Settings;
pub use self::snapshot::Snapshot;
pub use self::state::State;
pub use self::timer::{Timer, TimerEvent, TimerId, TimerKind, Timers};
pub use self::view::{EventView, View, is_event_type, is_of_type};
use crate::error::SandboxError;

/// How a namespace begins, and begins again when it is reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// Seed of the generator.
    pub seed: u64,
    /// The clock.
    pub clock: Clock,
}

impl Default for Start {
    fn default() -> Self {
        Self {
            seed: Settings::default().seed,
            clock: Clock::REAL,
        }
    }
}

/// Who sent the request that is being handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Somebody outside, or the passing of time.
    Outside,
    /// The payments API of this sandbox: callbacks about it go to [`callback::Target::Internal`].
    Payments,
}

/// One namespace: its state, and what has happened since the last batch was taken.
#[derive(Debug)]
pub struct Sandbox {
    state: State,
    random: Random,
    host_now: Timestamp,
    now: Timestamp,
    advancing: bool,
    correlation: Correlation,
    caller: Caller,
    uncommitted: Vec<Recorded>,
    deliveries: Vec<Delivery>,
}

/// What a service does with the sandbox while it handles something.
impl Sandbox {
    /// The time on the sandbox clock.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// What the host's clock showed last.
    pub const fn host_now(&self) -> Timestamp {
        self.host_now
    }

    /// The correlation of what is being handled.
    pub const fn correlation(&self) -> Correlation {
        self.correlation
    }

    /// Who sent the request that is being handled.
    pub const fn caller(&self) -> Caller {
        self.caller
    }

    /// Everything there is, for reading.
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// The settings.
    pub const fn settings(&self) -> &Settings {
        &self.state.settings
    }

    /// The only source of chance. What was drawn is restored on replay by its position.
    pub const fn random(&mut self) -> &mut Random {
        &mut self.random
    }

    /// Records a change and makes it.
    pub fn emit(&mut self, event: impl Into<Event>) {
        let recorded = Recorded {
            seq: self.state.seq + 1,
            at: self.now,
            correlation: self.correlation,
            draws: self.random.position(),
            event: event.into(),
        };
        self.state.apply(&recorded);
        self.uncommitted.push(recorded);
    }

    fn emit_on(&mut self, msisdn: Msisdn, event: PhoneEvent) {
        self.emit(Event::Phone(msisdn, event));
    }

    /// Moves money; a posting without entries changes nothing.
    ///
    /// # Errors
    /// As [`ledger::Ledger::check`]; nothing moves then.
    pub fn post(&mut self, posting: Posting) -> Result<(), SandboxError> {
        self.state.ledger.check(&posting)?;
        if !posting.entries.is_empty() {
            self.emit(Event::LedgerPosted(Box::new(posting)));
        }
        Ok(())
    }

    /// Gives an account its opening balance the first time it is used.
    ///
    /// # Errors
    /// As [`Self::post`].
    pub fn open_account(
        &mut self,
        account: Account,
        opening: amana_core::Money,
    ) -> Result<(), SandboxError> {
        if self.state.ledger.knows(&account) {
            return Ok(());
        }
        let posting = Posting::new(None, "", "opening balance");
        self.post(posting.transfer(Account::Issuance, account, opening))
    }

    /// Sets a timer; the service gets the key back when it is due.
    pub fn set_timer(&mut self, service: ServiceName, after: Span, key: &str) -> TimerId {
        let id = self.state.timers.next_id();
        self.emit(Event::Timer(TimerEvent::Scheduled {
            due_at: self.now + after,
            kind: TimerKind::Service {
                service,
                key: key.to_owned(),
            },
        }));
        id
    }

    /// Takes a timer away, if it is still set.
    pub fn cancel_timer(&mut self, timer: TimerId) {
        if self.state.timers.contains(timer) {
            self.emit(Event::Timer(TimerEvent::Cancelled { timer }));
        }
    }

    /// Schedules a callback, and whatever the faults armed make of it.
    pub fn schedule_callback(&mut self, new: NewCallback) -> CallbackId {
        // Fault rules are refused if they name an operation that no callback has.
        debug_assert!(
            dispatch::callbacks(new.service).contains(&new.operation),
            "{} does not list {}",
            new.service,
            new.operation
        );
        let plan = match self.state.faults.is_idle() {
            true => fault::Plan::new(new),
            false => self.plan_callback(new),
        };
        let first = self.state.callbacks.next_id();
        for _ in 0..plan.copies {
            self.schedule_planned(&plan);
        }
        first
    }

    fn schedule_planned(&mut self, plan: &fault::Plan) {
        let new = &plan.new;
        let full = self.state.callbacks.pending() >= Callbacks::PENDING_MAX;
        let callback = Callback {
            id: self.state.callbacks.next_id(),
            service: new.service,
            operation: new.operation.to_owned(),
            reference: new.reference.clone(),
            msisdn: new.msisdn,
            target: new.target.clone(),
            method: new.method.to_owned(),
            headers: new.headers.clone(),
            body: callback::Bytes(new.body.clone()),
            correlation: self.correlation,
            scheduled_at: self.now,
            due_at: self.now + new.after,
            state: match plan.dropped || full {
                true => CallbackState::Failed,
                false => CallbackState::Scheduled,
            },
            attempt_count: 0,
            attempts: Vec::new(),
            faults: plan.faults.clone(),
            held: plan.held && !plan.dropped,
            echo_after: plan.echo_after,
            timer: None,
        };
        self.emit(Event::Callback(CallbackEvent::Scheduled(Box::new(
            callback,
        ))));
    }

    /// Schedules the same callback once more, untouched by faults.
    fn schedule_again(&mut self, callback: &Callback, after: Span) {
        let again = Callback {
            id: self.state.callbacks.next_id(),
            correlation: self.correlation,
            scheduled_at: self.now,
            due_at: self.now + after,
            state: CallbackState::Scheduled,
            attempt_count: 0,
            attempts: Vec::new(),
            held: false,
            echo_after: None,
            timer: None,
            ..callback.clone()
        };
        self.emit(Event::Callback(CallbackEvent::Scheduled(Box::new(again))));
    }

    /// Says in plain words why a request was refused in a provider's terse ones.
    pub fn explain_refusal(&mut self, service: ServiceName, field: Option<&str>, rule: &str) {
        self.emit(Event::Http(HttpEvent::RefusalExplained {
            service,
            field: field.map(str::to_owned),
            rule: rule.to_owned(),
        }));
    }
}
