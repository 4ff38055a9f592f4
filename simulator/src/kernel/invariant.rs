//! What must hold at every moment, checked over the live state.

use std::collections::BTreeMap;

use amana_core::Currency;
use serde::Serialize;

use super::State;
use super::callback::CallbackState;
use super::ledger::{Account, Line};
use super::timer::{Timer, TimerKind};
use crate::{payments, provider};

/// The answer of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Check {
    /// Its name: `ledger.sums_to_zero`.
    pub name: &'static str,
    /// Whether it holds.
    pub ok: bool,
    /// What was looked at, or the first thing that is wrong.
    pub detail: String,
}

impl Check {
    /// A check that looked at so many things and found this one wrong.
    pub fn new(name: &'static str, looked_at: usize, wrong: Option<String>) -> Self {
        Self {
            name,
            ok: wrong.is_none(),
            detail: wrong.unwrap_or_else(|| format!("{looked_at} checked")),
        }
    }
}

/// Runs all checks: the kernel's, then those of each provider and of the payments API.
pub fn check_all(state: &State) -> Vec<Check> {
    let mut checks = vec![
        ledger_sums_to_zero(state),
        ledger_nobody_overdrawn(state),
        ledger_statements_agree(state),
        phones_have_wallets(state),
        prompts_will_end(state),
        timers_have_causes(state),
        callbacks_are_accounted_for(state),
        state.faults.counts_fit(),
    ];
    for provider in provider::ALL {
        checks.extend(provider.invariants(state));
    }
    checks.extend(payments::invariants(state));
    checks
}

fn ledger_sums_to_zero(state: &State) -> Check {
    let mut sums = BTreeMap::<Currency, i128>::new();
    for (_, currency, minor) in state.ledger.balances() {
        *sums.entry(currency).or_default() += i128::from(minor);
    }
    let wrong = sums.iter().find(|(_, sum)| **sum != 0);
    let wrong = wrong.map(|(currency, sum)| format!("{sum} minor units of {currency} too much"));
    Check::new("ledger.sums_to_zero", sums.len(), wrong)
}

fn ledger_nobody_overdrawn(state: &State) -> Check {
    let wrong = state
        .ledger
        .balances()
        .find(|(account, _, minor)| *minor < 0 && **account != Account::Issuance)
        .map(|(account, currency, minor)| format!("{account} holds {minor} of {currency}"));
    Check::new(
        "ledger.nobody_overdrawn",
        state.ledger.balances().count(),
        wrong,
    )
}

/// The newest line of each statement shows the balance the account has.
fn ledger_statements_agree(state: &State) -> Check {
    let mut looked_at = 0;
    let mut wrong = None;
    for (account, currency, minor) in state.ledger.balances() {
        let in_currency = |line: &&Line| line.balance.currency() == currency;
        if let Some(line) = state.ledger.statement(account).rev().find(in_currency) {
            looked_at += 1;
            if line.balance.minor() != minor {
                wrong = Some(format!("{account} holds {minor}, its statement differs"));
            }
        }
    }
    Check::new("ledger.statements_agree", looked_at, wrong)
}

/// A wallet in the ledger belongs to a phone.
fn phones_have_wallets(state: &State) -> Check {
    let wrong = state
        .ledger
        .balances()
        .find_map(|(account, _, _)| match account {
            Account::Wallet(msisdn) if state.phone(*msisdn).is_none() => {
                Some(format!("{account} belongs to no phone"))
            }
            Account::Wallet(_)
            | Account::Merchant { .. }
            | Account::Stash { .. }
            | Account::Fees(_)
            | Account::Issuance => None,
        });
    Check::new(
        "phones.own_their_wallets",
        state.phones().iter().count(),
        wrong,
    )
}

/// Every open prompt has a timer that will close it.
fn prompts_will_end(state: &State) -> Check {
    let mut open = 0;
    let mut wrong = None;
    for prompt in state.phones().iter().flat_map(|phone| phone.prompts.iter()) {
        if prompt.is_open() {
            open += 1;
            if !prompt
                .timers
                .iter()
                .any(|timer| state.timers.contains(*timer))
            {
                wrong = Some(format!("{} would never end", prompt.id));
            }
        }
    }
    Check::new("prompts.will_end", open, wrong)
}

/// No timer waits for a prompt or a callback that is over.
fn timers_have_causes(state: &State) -> Check {
    let wrong = state.timers.iter().find(|timer| !has_cause(state, timer));
    let wrong = wrong.map(|timer| format!("a timer at {} is for nothing", timer.due_at));
    Check::new("timers.have_causes", state.timers.len(), wrong)
}

fn has_cause(state: &State, timer: &Timer) -> bool {
    match &timer.kind {
        TimerKind::PromptAnswer { msisdn, prompt } | TimerKind::PromptExpiry { msisdn, prompt } => {
            let phone = state.phone(*msisdn);
            let prompt = phone.and_then(|phone| phone.prompt(*prompt));
            prompt.is_some_and(|prompt| prompt.is_open())
        }
        // Its prompt may have made room for newer ones meanwhile.
        TimerKind::PromptLate { .. } => true,
        TimerKind::CallbackDue { callback } => state
            .callbacks
            .get(*callback)
            .is_some_and(|callback| callback.state == CallbackState::Scheduled),
        TimerKind::Service { .. } => true,
    }
}

/// Every scheduled callback has a timer, and one that is being attempted is known as such.
fn callbacks_are_accounted_for(state: &State) -> Check {
    let in_flight: Vec<_> = state
        .callbacks
        .in_flight()
        .map(|callback| callback.id)
        .collect();
    let mut looked_at = 0;
    let mut wrong = None;
    for callback in state.callbacks.iter() {
        looked_at += 1;
        let timed = callback
            .timer
            .is_some_and(|timer| state.timers.contains(timer));
        let fine = match callback.state {
            CallbackState::Scheduled => timed,
            CallbackState::InFlight => !timed && in_flight.contains(&callback.id),
            CallbackState::Delivered | CallbackState::Failed => !timed,
        };
        if !fine {
            wrong = Some(format!("{} is lost", callback.id));
        }
    }
    Check::new("callbacks.accounted_for", looked_at, wrong)
}
