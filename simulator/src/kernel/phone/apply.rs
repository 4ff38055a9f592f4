//! How events change phones.

use std::collections::BTreeMap;

use amana_core::{Msisdn, Timestamp};
use serde::{Deserialize, Serialize};

use super::Phone;
use super::event::{PhoneEvent, PhoneUpdate};
use super::message::MessageId;
use super::prompt::{Outcome, Prompt, PromptId};
use super::script::{Operation, Script};
use super::ussd::UssdSessionId;
use crate::kernel::timer::{TimerKind, Timers};

/// All phones, and the counts their ids come from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Phones {
    by_msisdn: BTreeMap<Msisdn, Phone>,
    prompts: u64,
    messages: u64,
    ussd_sessions: u64,
}

impl Phones {
    /// A phone, if its number was ever used.
    pub fn get(&self, msisdn: Msisdn) -> Option<&Phone> {
        self.by_msisdn.get(&msisdn)
    }

    /// All phones, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &Phone> {
        self.by_msisdn.values()
    }

    /// The id the next prompt will have.
    pub const fn next_prompt(&self) -> PromptId {
        PromptId::new(self.prompts + 1)
    }

    /// The id the next message will have.
    pub const fn next_message(&self) -> MessageId {
        MessageId::new(self.messages + 1)
    }

    /// The id the next USSD session will have.
    pub const fn next_ussd_session(&self) -> UssdSessionId {
        UssdSessionId::new(self.ussd_sessions + 1)
    }

    /// Applies an event of one phone, which may set and remove timers of its prompts.
    pub(in crate::kernel) fn apply(
        &mut self,
        at: Timestamp,
        msisdn: Msisdn,
        event: &PhoneEvent,
        timers: &mut Timers,
    ) {
        match event {
            PhoneEvent::Added { .. } => {}
            PhoneEvent::Prompted(_) => self.prompts += 1,
            PhoneEvent::MessagePassed(_) => self.messages += 1,
            PhoneEvent::UssdDialled(_) => self.ussd_sessions += 1,
            PhoneEvent::Changed(_)
            | PhoneEvent::PromptAnswered { .. }
            | PhoneEvent::PromptIgnored { .. }
            | PhoneEvent::MessagesRead
            | PhoneEvent::UssdReplied { .. }
            | PhoneEvent::UssdShown { .. }
            | PhoneEvent::UssdHungUp { .. } => {}
        }
        if let PhoneEvent::Added {
            operator,
            currency,
            pin,
        } = event
        {
            let phone = Phone::new(msisdn, operator.clone(), *currency, pin.clone());
            self.by_msisdn.insert(msisdn, phone);
        } else if let Some(phone) = self.by_msisdn.get_mut(&msisdn) {
            phone.apply(at, event, timers);
        }
    }
}

impl Phone {
    fn apply(&mut self, at: Timestamp, event: &PhoneEvent, timers: &mut Timers) {
        match event {
            PhoneEvent::Added { .. } => {}
            PhoneEvent::Changed(update) => self.change(update),
            PhoneEvent::Prompted(prompt) => self.prompted(prompt.clone(), timers),
            PhoneEvent::PromptAnswered {
                prompt,
                outcome,
                pin_failures,
                late_at,
                ..
            } => {
                self.pin_failures = pin_failures.unwrap_or(self.pin_failures);
                if let Some(prompt) = self.prompts.get_mut(*prompt) {
                    prompt.settle(at, *outcome, *late_at, timers);
                }
                self.prompts.end(*prompt);
            }
            PhoneEvent::PromptIgnored { prompt } => {
                if let Some(prompt) = self.prompts.get_mut(*prompt) {
                    prompt.ignore(timers);
                }
            }
            PhoneEvent::MessagePassed(message) => self.add_message((**message).clone()),
            PhoneEvent::MessagesRead => self.unread = 0,
            PhoneEvent::UssdDialled(session) => self.ussd = Some((**session).clone()),
            PhoneEvent::UssdReplied { .. }
            | PhoneEvent::UssdShown { .. }
            | PhoneEvent::UssdHungUp { .. } => self.step_ussd(event),
        }
    }

    fn prompted(&mut self, mut prompt: Box<Prompt>, timers: &mut Timers) {
        let used = match prompt.operation {
            Operation::Collect => &mut self.collects,
            Operation::PayOut => &mut self.pay_outs,
        };
        *used = used.saturating_add(1);
        prompt.set_timers(timers);
        self.prompts.add(prompt);
    }

    fn change(&mut self, update: &PhoneUpdate) {
        if let Some(name) = &update.name {
            self.name = Some(name.clone());
        }
        if let Some(operator) = &update.operator {
            self.operator.clone_from(operator);
        }
        self.currency = update.currency.unwrap_or(self.currency);
        if let Some(pin) = &update.pin {
            self.pin = pin.clone();
            self.pin_failures = 0;
        }
        self.reachable = update.reachable.unwrap_or(self.reachable);
        self.sim_swapped_at = update.sim_swapped_at.unwrap_or(self.sim_swapped_at);
        if let Some(script) = &update.script {
            self.script = Some(script.clone()).filter(|script| *script != Script::default());
            self.collects = 0;
            self.pay_outs = 0;
        }
    }

    fn step_ussd(&mut self, event: &PhoneEvent) {
        let Some(session) = &mut self.ussd else {
            return;
        };
        if let PhoneEvent::UssdReplied { input, .. } = event {
            session.inputs.push(input.clone());
            session.screen = None;
        } else if let PhoneEvent::UssdShown { text, ended, .. } = event {
            session.screen = Some(text.clone());
            session.ended = *ended;
        } else {
            session.ended = true;
        }
    }
}

impl Prompt {
    /// Sets the timers that will answer or close it.
    fn set_timers(&mut self, timers: &mut Timers) {
        let (msisdn, prompt) = (self.msisdn, self.id);
        if let Some(answers_at) = self.answers_at {
            let kind = TimerKind::PromptAnswer { msisdn, prompt };
            let timer = timers.set(answers_at, self.correlation, kind);
            self.timers.push(timer);
        }
        let kind = TimerKind::PromptExpiry { msisdn, prompt };
        let timer = timers.set(self.expires_at, self.correlation, kind);
        self.timers.push(timer);
    }

    fn remove_timers(&mut self, timers: &mut Timers) {
        for timer in self.timers.drain(..) {
            timers.remove(timer);
        }
    }

    fn ignore(&mut self, timers: &mut Timers) {
        self.ignored = true;
        self.answers_at = None;
        self.remove_timers(timers);
        self.set_timers(timers);
    }

    fn settle(
        &mut self,
        at: Timestamp,
        outcome: Outcome,
        late_at: Option<Timestamp>,
        timers: &mut Timers,
    ) {
        self.outcome = Some(outcome);
        self.settled_at = Some(at);
        self.remove_timers(timers);
        if let Some(late_at) = late_at {
            let kind = TimerKind::PromptLate {
                msisdn: self.msisdn,
                prompt: self.id,
            };
            let timer = timers.set(late_at, self.correlation, kind);
            self.timers.push(timer);
        }
    }
}
