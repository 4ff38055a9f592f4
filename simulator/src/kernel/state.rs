//! All of a namespace, rebuilt by applying its events in order. Nothing else changes it.

use amana_core::{Msisdn, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::callback::{CallbackEvent, CallbackId, CallbackState, Callbacks, Verdict};
use super::clock::Clock;
use super::event::{ClockEvent, Correlation, Event, Recorded};
use super::fault::{FaultEvent, Faults};
use super::ledger::Ledger;
use super::phone::{Phone, Phones};
use super::settings::Settings;
use super::timer::{TimerEvent, TimerKind, Timers};
use crate::payments::PaymentsState;
use crate::provider::Books;

/// All of a namespace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The number of the last event.
    pub seq: u64,
    /// Where the random generator stood then.
    pub draws: u64,
    /// The clock.
    pub clock: Clock,
    /// The settings.
    pub settings: Settings,
    /// All money.
    pub ledger: Ledger,
    /// Everything that will happen by itself.
    pub timers: Timers,
    /// Calls to the outside.
    pub callbacks: Callbacks,
    /// What goes wrong on purpose.
    #[serde(default)]
    pub faults: Faults,
    /// What each provider knows.
    pub providers: Books,
    /// What the payments API knows.
    pub payments: PaymentsState,
    phones: Phones,
}

impl State {
    /// An empty namespace.
    pub fn new(settings: Settings, clock: Clock) -> Self {
        Self {
            seq: 0,
            draws: 0,
            clock,
            settings,
            ledger: Ledger::default(),
            timers: Timers::default(),
            callbacks: Callbacks::default(),
            faults: Faults::default(),
            providers: Books::default(),
            payments: PaymentsState::default(),
            phones: Phones::default(),
        }
    }

    /// A phone, if its number was ever used.
    pub fn phone(&self, msisdn: Msisdn) -> Option<&Phone> {
        self.phones.get(msisdn)
    }

    /// All phones, and the counts of what passed over them.
    pub const fn phones(&self) -> &Phones {
        &self.phones
    }

    /// SHA-256 over the whole state, in hexadecimal: equal states have equal hashes.
    ///
    /// # Errors
    /// Never in practice: every part of the state can be written as JSON.
    pub fn hash(&self) -> Result<String, serde_json::Error> {
        Ok(hex::encode(Sha256::digest(serde_json::to_vec(self)?)))
    }

    /// Applies one event.
    pub fn apply(&mut self, recorded: &Recorded) {
        self.seq = recorded.seq;
        self.draws = recorded.draws;
        let (at, correlation) = (recorded.at, recorded.correlation);
        match &recorded.event {
            Event::SettingsChanged(settings) => self.settings = (**settings).clone(),
            Event::Clock(ClockEvent::Set(clock)) => self.clock = *clock,
            Event::Clock(ClockEvent::Advanced { by, .. }) => self.clock = self.clock.advanced(*by),
            Event::RandomDrawn => {}
            Event::Phone(msisdn, event) => {
                self.phones.apply(at, *msisdn, event, &mut self.timers);
            }
            Event::LedgerPosted(posting) => self.ledger.apply(at, posting),
            Event::Timer(event) => self.apply_timer(correlation, event),
            Event::Callback(event) => self.apply_callback(at, event),
            Event::Http(_) => {}
            Event::Fault(event) => self.apply_fault(at, event),
            Event::Provider(event) => self.providers.apply(at, event),
            Event::Payments(event) => self.payments.apply(at, event),
        }
    }

    fn apply_timer(&mut self, correlation: Correlation, event: &TimerEvent) {
        match event {
            TimerEvent::Scheduled { due_at, kind } => {
                self.timers.set(*due_at, correlation, kind.clone());
            }
            TimerEvent::Fired { timer, .. } | TimerEvent::Cancelled { timer } => {
                self.timers.remove(*timer);
            }
        }
    }

    fn apply_fault(&mut self, at: Timestamp, event: &FaultEvent) {
        self.faults.apply(at, event);
        if let FaultEvent::Released { callback, .. } = event {
            self.callbacks.release(*callback);
            self.schedule_callback(*callback, at);
        }
    }

    fn apply_callback(&mut self, at: Timestamp, event: &CallbackEvent) {
        match event {
            CallbackEvent::Scheduled(callback) => {
                self.callbacks.insert((**callback).clone());
                if callback.state == CallbackState::Scheduled {
                    self.schedule_callback(callback.id, callback.due_at);
                }
            }
            CallbackEvent::Started { callback, .. } => {
                if let Some(timer) = self.callbacks.start(*callback) {
                    self.timers.remove(timer);
                }
            }
            CallbackEvent::Attempted {
                callback,
                record,
                verdict,
                next_at,
                ..
            } => {
                self.callbacks
                    .attempted(*callback, record.clone(), *verdict);
                if let (Verdict::Retry(_), Some(next_at)) = (verdict, next_at) {
                    self.schedule_callback(*callback, *next_at);
                }
            }
            CallbackEvent::Resent { callback, .. } => self.schedule_callback(*callback, at),
        }
    }

    fn schedule_callback(&mut self, id: CallbackId, due_at: Timestamp) {
        let Some(callback) = self.callbacks.get(id) else {
            return;
        };
        if let Some(timer) = callback.timer {
            self.timers.remove(timer);
        }
        let kind = TimerKind::CallbackDue { callback: id };
        let timer = self.timers.set(due_at, callback.correlation, kind);
        self.callbacks.schedule(id, due_at, timer);
    }
}
