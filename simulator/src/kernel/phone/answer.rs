//! Prompts: how they open, and how script, hand and time end them.

use amana_core::Msisdn;
use amana_core::time::Span;

use super::event::PhoneEvent;
use super::prompt::{Hand, NewPrompt, Outcome, Prompt, PromptAnswer, PromptId};
use super::script::{Action, Operation, Script};
use super::{PIN_FAILURES_MAX, Phone};
use crate::error::{SandboxCode, SandboxError};
use crate::kernel::ledger::Account;
use crate::kernel::{Sandbox, dispatch, magic};

/// How long an answer takes when no script says.
const DELAY: Span = Span::from_secs(2);
/// How long after it expired a prompt turns out to have been approved (`late_success`).
const LATE_AFTER: Span = Span::from_secs(30);

/// Which prompt of a phone is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhichPrompt {
    /// The open one, or the newest if none is open.
    Current,
    /// This one.
    Id(PromptId),
}

impl std::str::FromStr for WhichPrompt {
    type Err = SandboxError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "current" {
            return Ok(Self::Current);
        }
        text.parse()
            .map(Self::Id)
            .map_err(|_| SandboxCode::PromptUnknown.at("/id"))
    }
}

impl Sandbox {
    /// Asks a phone, or announces a payout to it; the provider is told how it ended by
    /// [`ProviderServer::prompt_answered`](crate::provider::ProviderServer::prompt_answered).
    ///
    /// No money moves here.
    pub fn open_prompt(&mut self, new: NewPrompt) -> PromptId {
        self.ensure_phone(new.msisdn);
        let (action, delay) = self.scripted(new.msisdn, new.operation);
        let answers = match action {
            Action::Manual | Action::Timeout | Action::LateSuccess => None,
            Action::Approve
            | Action::Cancel
            | Action::WrongPin
            | Action::InsufficientFunds
            | Action::Unreachable
            | Action::Locked
            | Action::LimitExceeded
            | Action::NeverCallsBack
            | Action::Duplicate => Some(self.now() + delay),
        };
        let id = self.state().phones().next_prompt();
        let prompt = Prompt {
            id,
            provider: new.provider,
            operation: new.operation,
            msisdn: new.msisdn,
            amount: new.amount,
            charge: new.charge,
            text: new.text,
            reference: new.reference,
            correlation: self.correlation(),
            action,
            opened_at: self.now(),
            answers_at: answers,
            expires_at: self.now() + new.expires_after,
            ignored: false,
            outcome: None,
            settled_at: None,
            timers: Vec::new(),
        };
        self.emit_on(new.msisdn, PhoneEvent::Prompted(Box::new(prompt)));
        id
    }

    /// What the phone will do now: its state first, then its script, its magic number, and the
    /// settings.
    fn scripted(&self, msisdn: Msisdn, operation: Operation) -> (Action, Span) {
        let Some(phone) = self.state().phone(msisdn) else {
            return (Action::Approve, DELAY);
        };
        let default = &self.settings().phones.default_script;
        let default_delay = default.delay.map_or(DELAY, |delay| delay.span());
        let used = match operation {
            Operation::Collect => phone.collects,
            Operation::PayOut => phone.pay_outs,
        };
        let own = phone.script.as_ref();
        let step = own
            .and_then(|script| script.step(operation, used))
            .or_else(|| magic::find(msisdn).map(|magic| (magic.action(operation), None)))
            .or_else(|| default.step(operation, used));
        let (action, delay) = step.unwrap_or((Action::Approve, None));
        let own_delay = own
            .and_then(|script| script.delay)
            .map(|delay| delay.span());
        let unsaid = match operation {
            Operation::Collect => own_delay.unwrap_or(default_delay),
            // Nobody has to do anything to be paid, so only a script that speaks of it takes time.
            Operation::PayOut => Span::ZERO,
        };
        let delay = delay.unwrap_or(unsaid);
        let action = match operation {
            _ if !phone.reachable => Action::Unreachable,
            Operation::Collect if phone.is_locked() => Action::Locked,
            Operation::Collect | Operation::PayOut => action,
        };
        (action, delay)
    }

    /// The script that is in force on a phone: its own, its magic number's, or the settings'.
    pub fn script_of(&self, phone: &Phone) -> Script {
        if let Some(script) = &phone.script {
            return script.clone();
        }
        match magic::find(phone.msisdn) {
            Some(magic) => Script {
                collect: Some(magic.collect),
                pay_out: Some(magic.pay_out),
                ..Script::default()
            },
            None => self.settings().phones.default_script.clone(),
        }
    }

    /// A person answers a prompt. Giving the answer it already has changes nothing.
    ///
    /// # Errors
    /// `prompt.unknown`, or `prompt.already_answered` if it ended in another way.
    pub fn answer_prompt(
        &mut self,
        msisdn: Msisdn,
        which: WhichPrompt,
        hand: &Hand,
    ) -> Result<Prompt, SandboxError> {
        let unknown = SandboxCode::PromptUnknown.at("/id");
        let phone = self.state().phone(msisdn).ok_or(unknown.clone())?;
        let prompt = match which {
            WhichPrompt::Id(id) => phone.prompt(id),
            WhichPrompt::Current => phone.open_prompt().or(phone.prompts.newest()),
        };
        let prompt = prompt.ok_or(unknown.clone())?;
        let id = prompt.id;
        let wrong_pin = is_wrong_pin(phone, hand);
        if let Some(outcome) = prompt.outcome {
            return if says_the_same(hand, wrong_pin, outcome) {
                Ok(prompt.clone())
            } else {
                Err(SandboxCode::PromptAnswered.into())
            };
        }
        if !prompt.is_shown() {
            return Err(SandboxCode::PromptAnswered.into());
        }
        let failures = phone.pin_failures;
        match hand {
            Hand::Approve { .. } if wrong_pin => {
                let failures = failures.saturating_add(1).min(PIN_FAILURES_MAX);
                self.settle(msisdn, id, Outcome::WrongPin, Some(failures));
            }
            Hand::Approve { .. } => self.settle(msisdn, id, Outcome::Approved, Some(0)),
            Hand::Cancel => self.settle(msisdn, id, Outcome::Cancelled, None),
            Hand::Ignore if prompt.ignored => {}
            Hand::Ignore => self.emit_on(msisdn, PhoneEvent::PromptIgnored { prompt: id }),
        }
        let phone = self.state().phone(msisdn);
        phone
            .and_then(|phone| phone.prompt(id))
            .cloned()
            .ok_or(unknown)
    }

    /// The script's answer is due.
    pub(in crate::kernel) fn script_answers(&mut self, msisdn: Msisdn, id: PromptId) {
        let outcome = match self.open(msisdn, id).map(|prompt| prompt.action) {
            Some(Action::Approve | Action::NeverCallsBack | Action::Duplicate) => Outcome::Approved,
            Some(Action::Cancel) => Outcome::Cancelled,
            Some(Action::WrongPin) => Outcome::WrongPin,
            Some(Action::InsufficientFunds) => Outcome::InsufficientFunds,
            Some(Action::Unreachable) => Outcome::Unreachable,
            Some(Action::Locked) => Outcome::Locked,
            Some(Action::LimitExceeded) => Outcome::LimitExceeded,
            Some(Action::Timeout | Action::Manual | Action::LateSuccess) | None => return,
        };
        self.settle(msisdn, id, outcome, None);
    }

    /// Nobody answered in time.
    pub(in crate::kernel) fn prompt_expires(&mut self, msisdn: Msisdn, id: PromptId) {
        if self.open(msisdn, id).is_some() {
            self.settle(msisdn, id, Outcome::Expired, None);
        }
    }

    /// An expired prompt turns out to have been approved, if the money is there.
    pub(in crate::kernel) fn prompt_late(&mut self, msisdn: Msisdn, id: PromptId) {
        let expired = self
            .state()
            .phone(msisdn)
            .and_then(|phone| phone.prompt(id))
            .filter(|prompt| prompt.outcome == Some(Outcome::Expired));
        if expired.is_some_and(|prompt| self.can_pay(prompt)) {
            self.settle(msisdn, id, Outcome::Approved, None);
        }
    }

    fn open(&self, msisdn: Msisdn, id: PromptId) -> Option<&Prompt> {
        self.state()
            .phone(msisdn)?
            .prompt(id)
            .filter(|prompt| prompt.is_open())
    }

    fn can_pay(&self, prompt: &Prompt) -> bool {
        let wallet = Account::Wallet(prompt.msisdn);
        let held = self
            .state()
            .ledger
            .balance(&wallet, prompt.amount.currency());
        match (prompt.operation, prompt.amount.checked_add(prompt.charge)) {
            (Operation::PayOut, _) => true,
            (Operation::Collect, Ok(needed)) => held.minor() >= needed.minor(),
            (Operation::Collect, Err(_)) => false,
        }
    }

    /// Ends a prompt and tells the provider.
    fn settle(&mut self, msisdn: Msisdn, id: PromptId, wanted: Outcome, failures: Option<u8>) {
        let Some(phone) = self.state().phone(msisdn) else {
            return;
        };
        let Some(prompt) = phone.prompt(id) else {
            return;
        };
        let outcome = match wanted {
            Outcome::Approved if !self.can_pay(prompt) => Outcome::InsufficientFunds,
            other => other,
        };
        let late = prompt.outcome.is_some();
        let late_again = outcome == Outcome::Expired && prompt.action == Action::LateSuccess;
        let answered = PhoneEvent::PromptAnswered {
            prompt: id,
            provider: prompt.provider,
            outcome,
            late,
            pin_failures: failures.filter(|failures| *failures != phone.pin_failures),
            late_at: (late_again && !prompt.ignored).then(|| self.now() + LATE_AFTER),
        };
        self.emit_on(msisdn, answered);
        let settled = self
            .state()
            .phone(msisdn)
            .and_then(|phone| phone.prompt(id));
        if let Some(prompt) = settled.cloned() {
            let answer = PromptAnswer {
                callbacks: callbacks(prompt.action),
                prompt,
                outcome,
                late,
            };
            dispatch::prompt_answered(self, &answer);
        }
    }
}

/// How often the provider calls back about a prompt with this script.
const fn callbacks(action: Action) -> u8 {
    match action {
        Action::NeverCallsBack => 0,
        Action::Duplicate => 2,
        Action::Approve
        | Action::Cancel
        | Action::WrongPin
        | Action::InsufficientFunds
        | Action::Timeout
        | Action::Unreachable
        | Action::Locked
        | Action::LimitExceeded
        | Action::Manual
        | Action::LateSuccess => 1,
    }
}

fn is_wrong_pin(phone: &Phone, hand: &Hand) -> bool {
    match hand {
        Hand::Approve { pin: Some(pin) } => !phone.pin.matches(pin, phone.msisdn),
        Hand::Approve { pin: None } | Hand::Cancel | Hand::Ignore => false,
    }
}

/// Whether this answer leads to the outcome a prompt already has.
const fn says_the_same(hand: &Hand, wrong_pin: bool, outcome: Outcome) -> bool {
    match hand {
        Hand::Approve { .. } if wrong_pin => matches!(outcome, Outcome::WrongPin),
        Hand::Approve { .. } => matches!(outcome, Outcome::Approved | Outcome::InsufficientFunds),
        Hand::Cancel => matches!(outcome, Outcome::Cancelled),
        Hand::Ignore => matches!(outcome, Outcome::Expired),
    }
}
