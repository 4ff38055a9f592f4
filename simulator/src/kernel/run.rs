//! Entering the sandbox, running what is due, and moving the clock.

use amana_core::Timestamp;
use amana_core::time::Span;

use super::callback::{
    Attempt, AttemptRecord, CallbackEvent, CallbackId, CallbackState, Delivery, Target, Verdict,
};
use super::event::{ClockEvent, Correlation, Event, Recorded};
use super::settings::Settings;
use super::timer::{Timer, TimerEvent, TimerKind};
use super::{Caller, Clock, Random, Sandbox, Start, State, dispatch};
use crate::error::{SandboxCode, SandboxError};

/// Timers run in one go, so that one entry stays short and a batch small.
const TIMERS_PER_ENTRY: u64 = 1_000;

/// Where [`Sandbox::run_until`] stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// There is more to run: commit and call again.
    More,
    /// Callbacks fell due: attempt and report them before time moves on.
    Waiting,
    /// Nothing is due any more.
    Idle,
}

impl Sandbox {
    /// A new namespace.
    pub fn new(start: Start, host_now: Timestamp) -> Self {
        let clock = match start.clock {
            Clock::Scaled { scale, now, .. } => Clock::Scaled {
                scale,
                host: host_now,
                now,
            },
            clock @ (Clock::Real { .. } | Clock::Frozen { .. }) => clock,
        };
        let settings = Settings {
            seed: start.seed,
            ..Settings::default()
        };
        Self::from_state(State::new(settings, clock), host_now)
    }

    /// The namespace with this state, as after a restart. Callbacks that were being attempted are
    /// handed out again: an attempt that was not reported may not have been made.
    pub fn from_state(state: State, host_now: Timestamp) -> Self {
        let mut sandbox = Self {
            random: Random::at(state.settings.seed, state.draws),
            now: state.clock.at(host_now),
            correlation: Correlation::new(state.seq),
            state,
            host_now,
            advancing: false,
            caller: Caller::Outside,
            uncommitted: Vec::new(),
            deliveries: Vec::new(),
        };
        sandbox.deliveries = sandbox.outstanding();
        sandbox
    }

    fn outstanding(&self) -> Vec<Delivery> {
        self.state
            .callbacks
            .in_flight()
            .filter_map(|callback| self.delivery_of(callback))
            .collect()
    }

    /// Begins a call: runs what fell due, then gives the call its own correlation.
    pub fn enter(&mut self, host_now: Timestamp) {
        self.host_now = self.host_now.max(host_now);
        self.caller = Caller::Outside;
        if !self.advancing {
            let target = self.state.clock.at(self.host_now);
            self.run_due(target, false);
            self.now = self.now.max(target);
        }
        self.correlation = Correlation::new(self.state.seq + 1);
    }

    /// Begins a call without letting anything happen that fell due: time goes on only up to the
    /// next thing that would. For a host whose journal fails, which can go on showing what is.
    pub fn enter_at_rest(&mut self, host_now: Timestamp) {
        self.host_now = self.host_now.max(host_now);
        self.caller = Caller::Outside;
        if !self.advancing {
            let target = self.state.clock.at(self.host_now);
            let first = self.state.timers.first().map(|timer| timer.due_at);
            self.now = self
                .now
                .max(first.map_or(target, |due_at| due_at.min(target)));
        }
        self.correlation = Correlation::new(self.state.seq + 1);
    }

    /// What happened since the last batch. The journal must hold it before anything is answered.
    pub fn take_batch(&mut self) -> Vec<Recorded> {
        if self.random.position() != self.state.draws {
            self.emit(Event::RandomDrawn);
        }
        std::mem::take(&mut self.uncommitted)
    }

    /// Callbacks that fell due and are to be sent now.
    pub fn take_deliveries(&mut self) -> Vec<Delivery> {
        std::mem::take(&mut self.deliveries)
    }

    /// Takes back deliveries that are to be sent after all, with the next that fall due.
    pub fn hand_out(&mut self, deliveries: Vec<Delivery>) {
        self.deliveries.extend(deliveries);
    }

    /// When the host should enter again by itself; none if nothing will happen until then.
    pub fn wake_at(&self) -> Option<Timestamp> {
        let due_at = self.state.timers.first()?.due_at;
        if self.advancing {
            // Whoever advances runs everything.
            return None;
        }
        if due_at <= self.now {
            return Some(self.host_now);
        }
        self.state.clock.host_time_of(due_at)
    }

    /// Runs timers in order up to this instant. With `in_order`, time does not move on while
    /// callbacks are unreported.
    fn run_due(&mut self, until: Timestamp, in_order: bool) -> (Step, u64) {
        for ran in 0..TIMERS_PER_ENTRY {
            let Some(timer) = self
                .state
                .timers
                .first()
                .filter(|first| first.due_at <= until)
            else {
                let waiting = in_order && self.state.callbacks.is_waiting();
                return (if waiting { Step::Waiting } else { Step::Idle }, ran);
            };
            if in_order && timer.due_at > self.now && self.state.callbacks.is_waiting() {
                return (Step::Waiting, ran);
            }
            let timer = timer.clone();
            self.now = self.now.max(timer.due_at);
            self.fire(timer);
        }
        (Step::More, TIMERS_PER_ENTRY)
    }

    fn fire(&mut self, timer: Timer) {
        self.correlation = timer.correlation;
        self.caller = Caller::Outside;
        match &timer.kind {
            TimerKind::PromptAnswer { msisdn, prompt } => self.script_answers(*msisdn, *prompt),
            TimerKind::PromptExpiry { msisdn, prompt } => self.prompt_expires(*msisdn, *prompt),
            TimerKind::PromptLate { msisdn, prompt } => self.prompt_late(*msisdn, *prompt),
            TimerKind::CallbackDue { callback } => self.start_callback(*callback),
            TimerKind::Service { service, key } => {
                let fired = TimerEvent::Fired {
                    timer: timer.id,
                    kind: timer.kind.clone(),
                };
                self.emit(Event::Timer(fired));
                dispatch::timer(self, *service, key);
            }
        }
        // INVARIANT: a timer that fired is gone, even if what it was for is gone too.
        if self.state.timers.contains(timer.id) {
            self.emit(Event::Timer(TimerEvent::Fired {
                timer: timer.id,
                kind: timer.kind,
            }));
        }
    }

    pub(super) fn start_callback(&mut self, id: CallbackId) {
        let Some(callback) = self.state.callbacks.get(id) else {
            return;
        };
        let started = CallbackEvent::Started {
            callback: id,
            service: callback.service,
            attempt: callback.attempt_count + 1,
        };
        self.emit(Event::Callback(started));
        let Some(callback) = self.state.callbacks.get(id).cloned() else {
            return;
        };
        if let Some(error) = dispatch::withheld(self, &callback) {
            self.note_attempt(id, &Attempt::failed(error));
        } else if let Target::Internal(kind) = &callback.target {
            let answer = dispatch::internal_callback(self, kind, &callback);
            self.note_attempt(id, &Attempt::answered(answer.status, answer.body));
        } else if let Some(delivery) = self.delivery_of(&callback) {
            self.deliveries.push(delivery);
        }
    }

    /// The host reports an attempt. A report nobody waits for changes nothing.
    pub fn callback_attempted(&mut self, id: CallbackId, attempt: &Attempt) {
        let callback = self.state.callbacks.get(id);
        let Some(callback) = callback.filter(|c| c.state == CallbackState::InFlight) else {
            return;
        };
        self.correlation = callback.correlation;
        self.note_attempt(id, attempt);
    }

    fn note_attempt(&mut self, id: CallbackId, attempt: &Attempt) {
        let Some(callback) = self.state.callbacks.get(id).cloned() else {
            return;
        };
        let verdict = dispatch::verdict(self, &callback, attempt);
        let frozen = matches!(self.state.clock, Clock::Frozen { .. });
        let attempted = CallbackEvent::Attempted {
            callback: id,
            service: callback.service,
            record: AttemptRecord {
                at: self.now,
                status: attempt.status,
                error: attempt.error,
                ms: if frozen { 0 } else { attempt.millis },
            },
            verdict,
            next_at: match verdict {
                Verdict::Retry(after) => Some(self.now + after),
                Verdict::Delivered | Verdict::GiveUp => None,
            },
        };
        self.emit(Event::Callback(attempted));
        dispatch::callback_answered(self, &callback, attempt);
        self.let_overtaken_go(&callback);
        match (verdict, callback.echo_after) {
            (Verdict::Delivered | Verdict::GiveUp, Some(after)) => {
                self.echo_callback(&callback, after);
            }
            (Verdict::Delivered | Verdict::GiveUp | Verdict::Retry(_), _) => {}
        }
    }

    /// Makes a callback again, now.
    ///
    /// # Errors
    /// `callback.unknown`, or `callback.in_flight` while it is being attempted.
    pub fn resend_callback(&mut self, id: CallbackId) -> Result<(), SandboxError> {
        let unknown = SandboxCode::CallbackUnknown.at("/id");
        let callback = self.state.callbacks.get(id).ok_or(unknown)?;
        if callback.state == CallbackState::InFlight {
            return Err(SandboxCode::CallbackInFlight.at("/id"));
        }
        let service = callback.service;
        self.emit(Event::Callback(CallbackEvent::Resent {
            callback: id,
            service,
        }));
        Ok(())
    }

    /// Changes the settings by a merge patch.
    ///
    /// # Errors
    /// As [`Settings::patched`]; nothing changes then.
    pub fn patch_settings(&mut self, patch: serde_json::Value) -> Result<(), SandboxError> {
        let before = self.settings().clone();
        let after = before.patched(patch)?;
        if after == before {
            return Ok(());
        }
        if after.seed != before.seed {
            self.random = Random::at(after.seed, 0);
        }
        self.emit(Event::SettingsChanged(Box::new(after)));
        dispatch::settings_changed(self, &before);
        Ok(())
    }

    /// Gives the clock another mode or another time, earlier or later. What is due by then runs at
    /// once, each thing at its own time.
    pub fn set_clock(&mut self, clock: Clock) {
        self.emit(Event::Clock(ClockEvent::Set(clock)));
        let target = clock.at(self.host_now);
        self.run_due(target, false);
        self.now = target;
    }

    /// Begins to move the clock ahead: until [`Self::end_advance`], it goes by what is run.
    pub const fn begin_advance(&mut self) {
        self.advancing = true;
    }

    /// Runs everything due up to this instant, in order, as far as it can go at once; answers where
    /// it stopped and how many timers fired.
    ///
    /// Nothing happens unless an advance was begun: the namespace may have been reset since.
    pub fn run_until(&mut self, target: Timestamp) -> (Step, u64) {
        if !self.advancing {
            return (Step::Idle, 0);
        }
        let (step, ran) = self.run_due(target, true);
        if step == Step::Idle {
            self.now = self.now.max(target);
        }
        (step, ran)
    }

    /// Ends an advance: from now on the clock is ahead by what was gained since `from`.
    pub fn end_advance(&mut self, from: Timestamp, ran: u64) {
        if !self.advancing {
            return;
        }
        let by: Span = self.now - from;
        self.advancing = false;
        self.correlation = Correlation::new(self.state.seq + 1);
        self.emit(Event::Clock(ClockEvent::Advanced {
            by,
            from,
            to: self.now,
            ran,
        }));
        self.now = self.now.max(self.state.clock.at(self.host_now));
    }
}
