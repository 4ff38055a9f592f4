//! A guard before money goes to a seller: whoever has taken over the seller's number would get it.
//!
//! With `payments_api.sim_swap_guard` set, a release first asks the provider when the number was last
//! moved to another SIM. The answer is a callback; until then the payout waits. If the number was
//! moved too recently, or nothing is known, the payout is refused: for the engine it is declined, so
//! the money stays locked and a party can still dispute. When the time has passed it is tried again.

use std::collections::BTreeMap;

use amana_core::escrow::{Intent, PayoutId, PayoutStatus};
use amana_core::provider::{DeclineReason, Outcome, SimCheck};
use amana_core::reference::{ProviderReference, TransactionId};
use amana_core::sms::{HoldReason, Message};
use amana_core::time::Span;
use amana_core::{Msisdn, Timestamp};
use serde::{Deserialize, Serialize};

use super::event::PaymentsEvent;
use super::state::Order;
use super::{effects, engine, inbound};
use crate::kernel::{Sandbox, ServiceName};

/// What the key of a timer that stops waiting for an answer begins with.
const OVERDUE: &str = "sim-check:";
/// What the key of a timer that tries a release again begins with.
const AGAIN: &str = "release:";
/// How long an answer is waited for.
const ANSWER_WITHIN: Span = Span::from_mins(2);

/// Why a release was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code")]
pub enum Refusal {
    /// The seller's number was moved to another SIM too recently.
    #[serde(rename = "release.sim_swapped")]
    SimSwapped {
        /// When the release is tried again.
        until: Timestamp,
    },
    /// The provider did not tell whether it was.
    #[serde(rename = "release.sim_unverified")]
    SimUnverified,
}

impl Refusal {
    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SimSwapped { .. } => "release.sim_swapped",
            Self::SimUnverified => "release.sim_unverified",
        }
    }

    /// The reason, in words.
    pub fn sentence(self) -> String {
        match self {
            Self::SimSwapped { until } => {
                format!("the seller's number was moved to another SIM recently; not before {until}")
            }
            Self::SimUnverified => {
                "it is not known whether the seller's number was moved to another SIM".to_owned()
            }
        }
    }
}

/// What the guard knows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Guard {
    /// Payouts that wait, by the provider's id of the question.
    waiting: BTreeMap<ProviderReference, (TransactionId, PayoutId)>,
    /// The last refusal of each payment whose release is not paid yet.
    refused: BTreeMap<TransactionId, Refusal>,
    /// What the parties of each payment were told last.
    #[serde(default)]
    told: BTreeMap<TransactionId, Refusal>,
}

impl Guard {
    /// Why the release of this payment was refused last, if it was.
    pub fn refusal(&self, id: TransactionId) -> Option<Refusal> {
        self.refused.get(&id).copied()
    }

    pub(super) fn asked(&mut self, check: ProviderReference, id: TransactionId, payout: PayoutId) {
        self.waiting.insert(check, (id, payout));
    }

    pub(super) fn answered(&mut self, check: ProviderReference) {
        if let Some((id, _)) = self.waiting.remove(&check) {
            self.refused.remove(&id);
        }
    }

    pub(super) fn refuse(&mut self, id: TransactionId, refusal: Refusal) {
        self.refused.insert(id, refusal);
        self.told.insert(id, refusal);
    }

    fn waits(&self, id: TransactionId, payout: PayoutId) -> Option<ProviderReference> {
        let mut waiting = self.waiting.iter();
        let found = waiting.find(|(_, waits)| **waits == (id, payout));
        found.map(|(check, _)| *check)
    }
}

/// Whether a release has to wait, because the guard is on; then the guard sends or refuses it.
pub fn holds(sandbox: &mut Sandbox, id: TransactionId, payout: PayoutId, payee: Msisdn) -> bool {
    if sandbox.settings().payments_api.sim_swap_guard.is_none() {
        return false;
    }
    let order = SimCheck { phone: payee };
    let check = checker().and_then(|channel| {
        effects::exchange(
            sandbox,
            channel,
            |provider, call| provider.encode_sim_check(call, &order),
            |provider, response| provider.decode_sim_check(response).ok(),
        )
    });
    match check.flatten() {
        Some(check) => {
            sandbox.emit(PaymentsEvent::SimAsked {
                transaction_id: id,
                payout,
                check,
                phone: payee,
            });
            let key = format!("{OVERDUE}{payout}:{id}");
            sandbox.set_timer(ServiceName::PAYMENTS, ANSWER_WITHIN, &key);
        }
        None => refuse(sandbox, id, payout, Refusal::SimUnverified),
    }
    true
}

/// The provider that tells of SIMs: the first that can, whatever moves the money.
fn checker() -> Option<ServiceName> {
    let able = amana_core::provider::ALL
        .iter()
        .find(|provider| provider.capabilities().sim_check)?;
    ServiceName::find(able.name())
}

/// The provider has answered; an answer that nothing waits for changes nothing.
pub fn checked(sandbox: &mut Sandbox, check: ProviderReference, swapped_by: Option<Timestamp>) {
    let waiting = &sandbox.state().payments.guard().waiting;
    let Some(&(id, payout)) = waiting.get(&check) else {
        return;
    };
    sandbox.emit(PaymentsEvent::SimChecked {
        transaction_id: id,
        check,
        swapped_by,
    });
    let window = sandbox.settings().payments_api.sim_swap_guard;
    let until = swapped_by
        .zip(window)
        .map(|(swapped_by, window)| swapped_by + window.span())
        .filter(|until| *until > sandbox.now());
    match until {
        Some(until) => refuse(sandbox, id, payout, Refusal::SimSwapped { until }),
        None => effects::send_payout(sandbox, id, payout),
    }
}

fn refuse(sandbox: &mut Sandbox, id: TransactionId, payout: PayoutId, refusal: Refusal) {
    // The engine tries a declined payout again by itself; nobody is told the same twice.
    let is_news = sandbox.state().payments.guard().told.get(&id) != Some(&refusal);
    sandbox.emit(PaymentsEvent::ReleaseRefused {
        transaction_id: id,
        payout,
        refusal,
    });
    if let Refusal::SimSwapped { until } = refusal {
        let after = until - sandbox.now();
        sandbox.set_timer(ServiceName::PAYMENTS, after, &format!("{AGAIN}{id}"));
    }
    if is_news {
        tell(sandbox, id, refusal);
    }
    let outcome = Outcome::Declined {
        reason: DeclineReason::Other,
        text: refusal.code().to_owned(),
    };
    inbound::settle(sandbox, Order::Payout(id, payout), outcome);
}

/// Tells both parties that the seller is not paid yet, and why.
fn tell(sandbox: &mut Sandbox, id: TransactionId, refusal: Refusal) {
    let Some((_, payment)) = sandbox.state().payments.payment(id) else {
        return;
    };
    let message = Message::OnHold {
        contract: id.contract(),
        amount: payment.terms.amount,
        reason: match refusal {
            Refusal::SimSwapped { .. } => HoldReason::SimSwapped,
            Refusal::SimUnverified => HoldReason::SimUnverified,
        },
    };
    for party in [payment.terms.buyer, payment.terms.seller] {
        effects::tell(sandbox, party, &message);
    }
}

/// A timer is due; answers whether it was one of the guard's.
pub fn timer(sandbox: &mut Sandbox, key: &str) -> bool {
    if let Some(Ok(id)) = key.strip_prefix(AGAIN).map(str::parse) {
        // It may have been paid, disputed or refunded since; then there is nothing to try.
        let _ = engine::issue(sandbox, id, &effects::operator(Intent::RetryPayout));
        return true;
    }
    let overdue = key
        .strip_prefix(OVERDUE)
        .and_then(|key| key.split_once(':'));
    let Some((payout, id)) = overdue else {
        return false;
    };
    let payout = payout
        .strip_prefix('P')
        .and_then(|number| number.parse().ok());
    if let (Some(payout), Ok(id)) = (payout.map(PayoutId), id.parse()) {
        give_up(sandbox, id, payout);
    }
    true
}

/// No answer came.
fn give_up(sandbox: &mut Sandbox, id: TransactionId, payout: PayoutId) {
    let known = &sandbox.state().payments;
    let is_open = known.payment(id).is_some_and(|(_, payment)| {
        let payout = payment.payout(payout);
        payout.is_some_and(|payout| payout.status == PayoutStatus::Open)
    });
    let Some(check) = known.guard().waits(id, payout).filter(|_| is_open) else {
        return;
    };
    sandbox.emit(PaymentsEvent::SimChecked {
        transaction_id: id,
        check,
        swapped_by: None,
    });
    refuse(sandbox, id, payout, Refusal::SimUnverified);
}
