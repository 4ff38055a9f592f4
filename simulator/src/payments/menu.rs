//! The menu that parties dial. What its screens say is the core's affair ([`amana_core::ussd`]); here
//! a session gets its view, and what a party asks for at its end becomes a command.

use std::collections::{BTreeMap, VecDeque};

use amana_core::Msisdn;
use amana_core::contract::Contract;
use amana_core::escrow::{Actor, Channel, Command};
use amana_core::reference::{ContractId, ProviderReference, TransactionId};
use amana_core::sms::{Brand, Language};
use amana_core::ussd::{
    ContractLine, Screen, ScreenKind, Standing, UssdAction, View, offers, step,
};
use serde::{Deserialize, Serialize};

use super::engine;
use super::event::PaymentsEvent;
use super::inbound::{actor_of, speaks};
use crate::kernel::Sandbox;

/// Sessions that are remembered, open or over.
const SESSIONS_MAX: usize = 2_000;

/// What was shown to a party when a session began. It stays until the session is over: the numbers
/// that are typed mean the contracts as they were listed then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// What the menu is about.
    pub view: View,
    /// The payment each contract was listed with; a later one of that contract is not meant.
    pub payments: BTreeMap<ContractId, TransactionId>,
}

impl Shown {
    /// The contracts that were listed, in that order.
    pub fn contracts(&self) -> Vec<ContractId> {
        let lines = self.view.contracts.iter();
        lines.map(|line| line.contract).collect()
    }
}

/// A session as the API knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Session {
    /// Open on this phone.
    Open(Msisdn, Box<Shown>),
    /// Over, with its last screen: a step that comes again is answered and not taken again.
    Over(Screen),
}

/// All sessions that are remembered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sessions {
    by_id: BTreeMap<ProviderReference, Session>,
    /// The oldest first.
    order: VecDeque<ProviderReference>,
}

impl Sessions {
    /// A session begins; others of the same phone are over, for a phone has one at a time.
    pub(super) fn open(&mut self, id: ProviderReference, phone: Msisdn, shown: &Shown) {
        let language = shown.view.language;
        for session in self.by_id.values_mut() {
            if matches!(session, Session::Open(other, _) if *other == phone) {
                *session = Session::Over(Screen::over(language));
            }
        }
        if self.order.len() >= SESSIONS_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_id.remove(&oldest);
        }
        let session = Session::Open(phone, Box::new(shown.clone()));
        if self.by_id.insert(id, session).is_none() {
            self.order.push_back(id);
        }
    }

    /// A session has come to its last screen.
    pub(super) fn end(&mut self, id: ProviderReference, last: &Screen) {
        if let Some(session) = self.by_id.get_mut(&id) {
            *session = Session::Over(last.clone());
        }
    }
}

/// The next screen of a session: everything typed so far is in `text`.
pub fn next_screen(
    sandbox: &mut Sandbox,
    id: ProviderReference,
    phone: Msisdn,
    text: &str,
) -> Screen {
    let shown = match sandbox.state().payments.sessions().by_id.get(&id) {
        Some(Session::Over(last)) => return last.clone(),
        Some(Session::Open(owner, shown)) if *owner == phone => shown.clone(),
        // An id is one phone's, so whoever else shows it has it from somewhere.
        Some(Session::Open(..)) => return Screen::over(Language::English),
        None => {
            let shown = Box::new(show(sandbox, phone));
            sandbox.emit(PaymentsEvent::MenuOpened {
                session: id,
                phone,
                shown: shown.clone(),
            });
            shown
        }
    };
    let screen = step(&shown.view, text);
    if screen.kind == ScreenKind::Continue {
        return screen;
    }
    speaks(sandbox, phone, screen.language);
    let last = match &screen.action {
        Some(action) => follow(sandbox, phone, &shown, action, screen.clone()),
        None => screen,
    };
    sandbox.emit(PaymentsEvent::MenuLeft {
        session: id,
        phone,
        last: Box::new(last.clone()),
    });
    last
}

/// Does what the party asks for; if the rules refuse it, that is the last screen.
fn follow(
    sandbox: &mut Sandbox,
    phone: Msisdn,
    shown: &Shown,
    action: &UssdAction,
    screen: Screen,
) -> Screen {
    let known = &sandbox.state().payments;
    let party = known
        .contract(action.contract())
        .and_then(|contract| contract.party_of(phone));
    let payment = shown.payments.get(&action.contract());
    // INVARIANT: what was offered was offered to a party, on a payment.
    let (Some(party), Some(&payment)) = (party, payment) else {
        return Screen::refused(screen.language);
    };
    let command = Command {
        actor: actor_of(party),
        channel: Channel::Ussd,
        intent: action.intent(),
    };
    match engine::issue(sandbox, payment, &command) {
        Ok(()) => screen,
        Err(rejection) => {
            let reason = engine::sentence(&rejection);
            sandbox.emit(PaymentsEvent::MenuRefused {
                transaction_id: payment,
                reason,
            });
            Screen::refused(screen.language)
        }
    }
}

/// What a phone's owner is shown now: the contracts this phone is a party of, the newest first.
fn show(sandbox: &Sandbox, phone: Msisdn) -> Shown {
    let known = &sandbox.state().payments;
    let mut contracts: Vec<(&Contract, Actor)> = known
        .contracts()
        .filter_map(|contract| Some((contract, actor_of(contract.party_of(phone)?))))
        .collect();
    contracts.sort_by_key(|(contract, _)| std::cmp::Reverse(contract.created_at));
    if contracts.len() > LINES_MAX {
        // Not all have room: those that wait for this party go before those that do not.
        contracts
            .sort_by_key(|&(contract, actor)| line(sandbox, contract, actor).offers.is_empty());
        contracts.truncate(LINES_MAX);
    }
    let payments = contracts.iter().filter_map(|(contract, _)| {
        let id = contract.terms.contract_id;
        Some((id, known.newest_of(id)?))
    });
    let lines = contracts
        .iter()
        .map(|&(contract, actor)| line(sandbox, contract, actor));
    Shown {
        payments: payments.collect(),
        view: View {
            brand: Brand::new(&sandbox.settings().payments_api.brand),
            language: known.language_of(phone),
            contracts: lines.collect(),
        },
    }
}

/// Contracts that the menu can list.
const LINES_MAX: usize = 97;

fn line(sandbox: &Sandbox, contract: &Contract, actor: Actor) -> ContractLine {
    let known = &sandbox.state().payments;
    let id = known.newest_of(contract.terms.contract_id);
    let newest = id.and_then(|id| Some((id, known.payment(id)?, known.state(id)?)));
    let product = newest.and_then(|(_, (record, _), _)| record.metadata.get("product").cloned());
    ContractLine {
        contract: contract.terms.contract_id,
        product: product.unwrap_or_default(),
        amount: newest.map_or(contract.terms.total, |(_, (_, payment), _)| {
            payment.terms.amount
        }),
        standing: Standing::of(newest.map(|(_, (_, payment), _)| payment)),
        offers: newest.map_or(Vec::new(), |(id, _, state)| {
            engine::with_context(sandbox, contract, id, |ctx| offers(ctx, state, actor))
        }),
    }
}
