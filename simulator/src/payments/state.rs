//! What the payments API knows: contracts, payments, and whose order a provider speaks of.

use std::collections::{BTreeMap, BTreeSet};

use amana_core::contract::{self, Contract, ContractEvent, PaymentShare};
use amana_core::escrow::{self, EventKind, Payment, PayoutId};
use amana_core::reference::{ContractId, ProviderReference, TransactionId};
use amana_core::sms::Language;
use amana_core::{Msisdn, Timestamp};
use serde::{Deserialize, Serialize};

use super::event::PaymentsEvent;
use super::guard::Guard;
use super::menu::Sessions;
use super::repeat::Keys;
use super::shape::Shape;
use crate::kernel::ServiceName;
use crate::kernel::callback::CallbackUrl;
use crate::kernel::invariant::Check;

/// What the payments API knows. Kept as histories; everything else is rebuilt from them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Histories", into = "Histories")]
pub struct PaymentsState {
    histories: Histories,
    contracts: BTreeMap<ContractId, Contract>,
    payments: BTreeMap<TransactionId, escrow::State>,
    by_number: BTreeMap<u64, TransactionId>,
    orders: BTreeMap<ProviderReference, Order>,
}

/// The part that is stored: what happened, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Histories {
    contracts: BTreeMap<ContractId, Vec<ContractEvent>>,
    payments: BTreeMap<TransactionId, PaymentRecord>,
    #[serde(default)]
    keys: Keys,
    /// Subscribers that are gone.
    #[serde(default)]
    disabled: BTreeSet<CallbackUrl>,
    /// Sessions of the menu.
    #[serde(default)]
    sessions: Sessions,
    #[serde(default)]
    guard: Guard,
    /// Of parties who did not keep to English.
    #[serde(default)]
    languages: BTreeMap<Msisdn, Language>,
}

/// A payment as the API keeps it beside the engine's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRecord {
    /// The number the reference's shape knows it by.
    pub payment_id: u64,
    /// The provider that moves its money.
    pub channel: ServiceName,
    /// The shape it was asked for in.
    pub shape: Shape,
    /// What the caller wants to be kept with it.
    pub metadata: BTreeMap<String, String>,
    history: Vec<escrow::Event>,
}

/// What an order at a provider is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Collecting the money of a payment.
    Collection(TransactionId),
    /// Paying out of a payment.
    Payout(TransactionId, PayoutId),
}

impl PaymentsState {
    /// A contract.
    pub fn contract(&self, id: ContractId) -> Option<&Contract> {
        self.contracts.get(&id)
    }

    /// The engine's state of a payment.
    pub fn state(&self, id: TransactionId) -> Option<&escrow::State> {
        self.payments.get(&id)
    }

    /// A payment with what the API keeps beside it.
    pub fn payment(&self, id: TransactionId) -> Option<(&PaymentRecord, &Payment)> {
        let record = self.histories.payments.get(&id)?;
        Some((record, self.payments.get(&id)?.payment()?))
    }

    /// The payment of this number.
    pub fn by_number(&self, number: u64) -> Option<TransactionId> {
        self.by_number.get(&number).copied()
    }

    /// The number of the next payment.
    pub fn next_number(&self) -> u64 {
        self.by_number
            .last_key_value()
            .map_or(1, |(number, _)| number + 1)
    }

    /// All payments of a contract, the newest first.
    pub fn payments_of(&self, contract: &Contract) -> Vec<(&PaymentRecord, &Payment)> {
        contract
            .payments
            .keys()
            .rev()
            .filter_map(|id| self.payment(*id))
            .collect()
    }

    /// The newest payment of a contract.
    pub fn newest_of(&self, contract: ContractId) -> Option<TransactionId> {
        let contract = self.contracts.get(&contract)?;
        contract
            .payments
            .keys()
            .max_by_key(|id| id.attempt())
            .copied()
    }

    /// What an order at a provider is for.
    pub fn order(&self, reference: ProviderReference) -> Option<Order> {
        self.orders.get(&reference).copied()
    }

    /// The keys of requests that were answered.
    pub const fn keys(&self) -> &Keys {
        &self.histories.keys
    }

    /// Sessions of the menu.
    pub const fn sessions(&self) -> &Sessions {
        &self.histories.sessions
    }

    /// What is known of releases that wait or were refused.
    pub const fn guard(&self) -> &Guard {
        &self.histories.guard
    }

    /// The language that a party used last.
    pub fn language_of(&self, phone: Msisdn) -> Language {
        let languages = &self.histories.languages;
        languages.get(&phone).copied().unwrap_or_default()
    }

    /// All contracts.
    pub fn contracts(&self) -> impl Iterator<Item = &Contract> {
        self.contracts.values()
    }

    /// Whether a subscriber is gone.
    pub fn is_disabled(&self, url: &CallbackUrl) -> bool {
        self.histories.disabled.contains(url)
    }

    /// Whether any subscriber is gone.
    pub fn has_disabled(&self) -> bool {
        !self.histories.disabled.is_empty()
    }

    pub(crate) fn apply(&mut self, at: Timestamp, event: &PaymentsEvent) {
        match event {
            PaymentsEvent::Contract { contract_id, event } => {
                self.apply_contract(*contract_id, event);
            }
            PaymentsEvent::Opened {
                transaction_id,
                payment_id,
                channel,
                shape,
                metadata,
            } => {
                self.by_number.insert(*payment_id, *transaction_id);
                let record = PaymentRecord {
                    payment_id: *payment_id,
                    channel: *channel,
                    shape: *shape,
                    metadata: metadata.clone(),
                    history: Vec::new(),
                };
                self.histories.payments.insert(*transaction_id, record);
            }
            PaymentsEvent::Payment {
                transaction_id,
                event,
            } => {
                self.apply_payment(*transaction_id, event);
            }
            PaymentsEvent::Answered { key, answered } => {
                self.histories.keys.insert(at, key, answered);
            }
            PaymentsEvent::SubscriberDisabled { url } => {
                self.histories.disabled.insert(url.clone());
            }
            PaymentsEvent::SubscribersEnabled => self.histories.disabled.clear(),
            PaymentsEvent::LanguageChosen { phone, language } => {
                self.histories.languages.insert(*phone, *language);
            }
            PaymentsEvent::MenuOpened {
                session,
                phone,
                shown,
            } => self.histories.sessions.open(*session, *phone, shown),
            PaymentsEvent::SimAsked {
                transaction_id,
                payout,
                check,
                ..
            } => self.histories.guard.asked(*check, *transaction_id, *payout),
            PaymentsEvent::SimChecked { check, .. } => self.histories.guard.answered(*check),
            PaymentsEvent::ReleaseRefused {
                transaction_id,
                refusal,
                ..
            } => self.histories.guard.refuse(*transaction_id, *refusal),
            PaymentsEvent::MenuLeft { session, last, .. } => {
                self.histories.sessions.end(*session, last);
            }
            PaymentsEvent::OrphanRecorded { .. }
            | PaymentsEvent::CallbackRefused { .. }
            | PaymentsEvent::AlarmRaised { .. }
            | PaymentsEvent::MessageRefused { .. }
            | PaymentsEvent::MenuRefused { .. } => {}
        }
    }

    fn apply_contract(&mut self, id: ContractId, event: &ContractEvent) {
        self.histories
            .contracts
            .entry(id)
            .or_default()
            .push(event.clone());
        let before = self.contracts.remove(&id);
        if let Some(contract) = contract::evolve(before, event) {
            self.contracts.insert(id, contract);
        }
    }

    fn apply_payment(&mut self, id: TransactionId, event: &escrow::Event) {
        if let Some(record) = self.histories.payments.get_mut(&id) {
            record.history.push(event.clone());
        }
        let before = self.payments.remove(&id).unwrap_or_default();
        // INVARIANT: the event comes from `decide` on this very state, so it can follow on it; in a
        // damaged snapshot it may not, and then the invariants tell.
        if let Ok(after) = escrow::evolve(before, event) {
            self.payments.insert(id, after);
        }
        match event.kind {
            EventKind::CollectionAcknowledged { provider_reference } => {
                self.orders
                    .insert(provider_reference, Order::Collection(id));
            }
            EventKind::PayoutAcknowledged {
                payout,
                provider_reference,
            } => {
                self.orders
                    .insert(provider_reference, Order::Payout(id, payout));
            }
            _ => {}
        }
    }

    /// Checks of this state in itself.
    pub fn invariants(&self) -> Vec<Check> {
        vec![
            self.histories_replay(),
            self.holds_add_up(),
            self.contracts_know_their_payments(),
            self.released_only_when_confirmed(),
        ]
    }

    fn histories_replay(&self) -> Check {
        let wrong = self.histories.payments.iter().find(|(id, record)| {
            escrow::replay(&record.history).ok().as_ref() != self.payments.get(*id)
        });
        let wrong = wrong.map(|(id, _)| format!("{id} is not what its history says"));
        Check::new("payments.histories_replay", self.payments.len(), wrong)
    }

    fn holds_add_up(&self) -> Check {
        let payments = || self.payments.values().filter_map(escrow::State::payment);
        let wrong = payments().find(|payment| {
            payment.phase.hold().is_some_and(|hold| {
                let sum = hold.held.minor() + hold.released.minor() + hold.refunded.minor();
                sum != payment.terms.amount.minor() || hold.held.minor() < 0
            })
        });
        let wrong = wrong.map(|p| format!("{} does not add up", p.terms.transaction_id));
        Check::new("payments.holds_add_up", self.payments.len(), wrong)
    }

    fn contracts_know_their_payments(&self) -> Check {
        let wrong = self.payments.iter().find(|(id, state)| {
            let share = state.payment().map(PaymentShare::of);
            let known = self
                .contracts
                .get(&id.contract())
                .and_then(|c| c.payments.get(*id));
            share.as_ref() != known
        });
        let wrong =
            wrong.map(|(id, _)| format!("the contract of {id} does not know how it stands"));
        Check::new("payments.contracts_agree", self.contracts.len(), wrong)
    }

    /// The rule the product exists for, checked over the recorded history and not over the rules.
    fn released_only_when_confirmed(&self) -> Check {
        let wrong = self.histories.payments.iter().find(|(_, record)| {
            let has = |name| record.history.iter().any(|event| event.kind.name() == name);
            let both = has("delivery_confirmed") && has("accepted");
            has("released") && !both && !has("dispute_ruled")
        });
        let wrong = wrong.map(|(id, _)| format!("{id} was released without both confirmations"));
        Check::new(
            "payments.released_only_when_confirmed",
            self.payments.len(),
            wrong,
        )
    }
}

impl From<PaymentsState> for Histories {
    fn from(state: PaymentsState) -> Self {
        state.histories
    }
}

impl From<Histories> for PaymentsState {
    fn from(histories: Histories) -> Self {
        let mut state = Self::default();
        state.histories.keys = histories.keys;
        state.histories.disabled = histories.disabled;
        state.histories.sessions = histories.sessions;
        state.histories.guard = histories.guard;
        state.histories.languages = histories.languages;
        for (id, events) in &histories.contracts {
            for event in events {
                state.apply_contract(*id, event);
            }
        }
        for (id, record) in histories.payments {
            state.by_number.insert(record.payment_id, id);
            let history = record.history.clone();
            let record = PaymentRecord {
                history: Vec::new(),
                ..record
            };
            state.histories.payments.insert(id, record);
            for event in &history {
                state.apply_payment(id, event);
            }
        }
        state
    }
}
