//! From a command to what follows: the core decides, the events are recorded, the effects performed.

use amana_core::contract::{self, Contract, ContractCommand, ContractRejection, PaymentShare};
use amana_core::escrow::{Command, Context, Intent, Policy, Rejection, Terms, decide};
use amana_core::reference::{ContractId, TransactionId};
use amana_core::{Coded, Timestamp};

use super::event::PaymentsEvent;
use super::{effects, guard, subscribers};
use crate::kernel::{Sandbox, ServiceName};

/// What the key of a timer that wakes a payment begins with.
const WAKE: &str = "wake:";
/// What the key of a timer that wakes a contract begins with.
const EXPIRE: &str = "expire:";

/// Lets the core decide a command on a payment; records and performs what follows.
///
/// # Errors
/// The core's [`Rejection`]; nothing has changed then.
pub fn issue(sandbox: &mut Sandbox, id: TransactionId, command: &Command) -> Result<(), Rejection> {
    let known = &sandbox.state().payments;
    let contract = known
        .contract(id.contract())
        .ok_or(Rejection::ContractClosed)?;
    let fresh = amana_core::escrow::State::Absent;
    let state = known.state(id).unwrap_or(&fresh);
    let decision = with_context(sandbox, contract, id, |ctx| decide(ctx, state, command))?;
    for event in decision.events {
        let kind = event.kind.clone();
        sandbox.emit(PaymentsEvent::Payment {
            transaction_id: id,
            event,
        });
        subscribers::tell(sandbox, id, &kind);
    }
    tell_contract(sandbox, id);
    for effect in decision.effects {
        effects::perform(sandbox, id, effect);
    }
    Ok(())
}

/// Asks the core about a payment of this contract as things are now.
pub fn with_context<T>(
    sandbox: &Sandbox,
    contract: &Contract,
    id: TransactionId,
    ask: impl FnOnce(&Context<'_>) -> T,
) -> T {
    let policy = Policy::default();
    ask(&Context {
        now: sandbox.now(),
        policy: &policy,
        standing: contract.standing(id),
    })
}

/// Whether a payment of these terms could be asked for now.
///
/// # Errors
/// What [`issue`] would answer.
pub fn check_request(sandbox: &Sandbox, terms: &Terms) -> Result<(), Rejection> {
    let id = terms.transaction_id;
    let contract = sandbox.state().payments.contract(id.contract());
    let contract = contract.ok_or(Rejection::ContractClosed)?;
    let command = effects::operator(Intent::Request { terms: *terms });
    let fresh = amana_core::escrow::State::Absent;
    with_context(sandbox, contract, id, |ctx| decide(ctx, &fresh, &command)).map(|_| ())
}

/// Lets the core decide a command on a contract.
///
/// # Errors
/// The core's [`ContractRejection`]; nothing has changed then.
pub fn issue_contract(
    sandbox: &mut Sandbox,
    id: ContractId,
    command: &ContractCommand,
) -> Result<(), ContractRejection> {
    let known = sandbox.state().payments.contract(id);
    let events = contract::decide(sandbox.now(), known, command)?;
    let was_open = known.is_some_and(|contract| contract.cancelled_at.is_none());
    for event in events {
        sandbox.emit(PaymentsEvent::Contract {
            contract_id: id,
            event,
        });
    }
    let Some(contract) = sandbox.state().payments.contract(id) else {
        return Ok(());
    };
    if was_open && contract.cancelled_at.is_some() {
        let payments: Vec<_> = contract.payments.keys().copied().collect();
        for payment in payments {
            // Payments that are over refuse it, which is right.
            let _ = issue(sandbox, payment, &effects::operator(Intent::CancelContract));
        }
    }
    Ok(())
}

fn tell_contract(sandbox: &mut Sandbox, id: TransactionId) {
    let Some((_, payment)) = sandbox.state().payments.payment(id) else {
        return;
    };
    let share = PaymentShare::of(payment);
    let command = ContractCommand::PaymentChanged {
        transaction_id: id,
        share,
    };
    // INVARIANT: the contract exists, or the payment could not have been opened.
    let _ = issue_contract(sandbox, id.contract(), &command);
}

/// Wakes a payment at this instant.
pub fn wake_at(sandbox: &mut Sandbox, id: TransactionId, at: Timestamp) {
    let after = at - sandbox.now();
    sandbox.set_timer(ServiceName::PAYMENTS, after, &format!("{WAKE}{id}"));
}

/// Looks at a contract again at this instant.
pub fn expire_at(sandbox: &mut Sandbox, id: ContractId, at: Timestamp) {
    let after = at - sandbox.now();
    sandbox.set_timer(ServiceName::PAYMENTS, after, &format!("{EXPIRE}{id}"));
}

/// A timer is due.
pub fn timer(sandbox: &mut Sandbox, key: &str) {
    if guard::timer(sandbox, key) {
        return;
    }
    if let Some(Ok(id)) = key.strip_prefix(WAKE).map(str::parse) {
        // Nothing may be due any more: deadlines move, and timers are not taken back.
        let _ = issue(sandbox, id, &Command::wake());
    }
    if let Some(Ok(id)) = key.strip_prefix(EXPIRE).map(str::parse) {
        let _ = issue_contract(sandbox, id, &ContractCommand::Wake);
    }
}

/// A rejection in words for a party: the core's sentence.
pub fn sentence(rejection: &impl Coded) -> String {
    rejection.to_string()
}
