//! What comes from outside: the providers' callbacks and answers, and the parties' messages.
//!
//! A host that receives callbacks over a network lets them in by `escrow::intake`, which asks for a
//! proof. Here the proof is another one: the providers of the sandbox sign nothing, so a callback is
//! a hint, and what counts is the provider's answer to the question asked back, in process. Orders
//! that nobody knows are recorded, as there.

use amana_core::contract::ContractCommand;
use amana_core::escrow::{Actor, Channel, Command, FailureReason, Intent, PayoutId, Rejection};
use amana_core::http::Response;
use amana_core::provider::{DeclineReason, Notice, Outcome, Received, by_name};
use amana_core::reference::{ContractId, ProviderReference, TransactionId};
use amana_core::sms::{Inbound, Language, Message};
use amana_core::ussd::Standing;
use amana_core::{Msisdn, Party};

use super::event::{PaymentsEvent, RefusalReason};
use super::state::Order;
use super::{effects, engine, guard, menu};
use crate::kernel::{Sandbox, ServiceName};

/// A provider's callback. If it is not signed it is a hint, and the provider is asked back, unless
/// it answers that question by just such a callback: this one came in process, so it is believed.
///
/// Only a step of a USSD session is answered with more than that it was received.
pub fn callback(
    sandbox: &mut Sandbox,
    service: ServiceName,
    address: &str,
    body: &[u8],
) -> Response {
    let received = || Response::new(200, "text/plain", "");
    let Some(adapter) = by_name(service.as_str()) else {
        return received();
    };
    match adapter.decode_callback(&Received::Unverified(body)).ok() {
        None => {
            let reason = RefusalReason::Malformed;
            sandbox.emit(PaymentsEvent::CallbackRefused { reason });
        }
        Some(Notice::Payment {
            provider_reference,
            outcome,
            metadata,
            ..
        }) => {
            let ours = metadata.values().find_map(|value| own_reference(value));
            let ours = ours.or_else(|| own_reference(address.rsplit('/').next()?));
            match adapter.answers_at_once(provider_reference) {
                true => hint(sandbox, service, provider_reference, ours),
                false => told(sandbox, service, provider_reference, ours, outcome),
            }
        }
        Some(Notice::SmsDelivery { .. }) => {}
        Some(Notice::SmsReceived { from, to, text, .. }) => {
            if to == sandbox.settings().payments_api.sms_code {
                message(sandbox, from, &text);
            }
        }
        Some(Notice::SimChecked {
            provider_reference,
            swapped_by,
        }) => guard::checked(sandbox, provider_reference, swapped_by),
        Some(Notice::UssdEntered {
            provider_reference,
            from,
            text,
            ..
        }) => {
            let screen = menu::next_screen(sandbox, provider_reference, from, &text);
            return adapter.encode_screen(&screen).unwrap_or_else(received);
        }
    }
    received()
}

/// The provider says that something has happened to one of its orders: ask it what.
pub fn hint(
    sandbox: &mut Sandbox,
    provider: ServiceName,
    provider_reference: ProviderReference,
    ours: Option<Order>,
) {
    if let Some(order) = known_order(sandbox, provider, provider_reference, ours) {
        let (Order::Collection(id) | Order::Payout(id, _)) = order;
        let outcome = effects::query(sandbox, id, provider_reference);
        settle(sandbox, order, outcome);
    }
}

/// The provider says what has happened to one of its orders, and will say no more when asked.
fn told(
    sandbox: &mut Sandbox,
    provider: ServiceName,
    provider_reference: ProviderReference,
    ours: Option<Order>,
    outcome: Outcome,
) {
    if let Some(order) = known_order(sandbox, provider, provider_reference, ours) {
        settle(sandbox, order, outcome);
    }
}

/// What an order is for; one that is not ours is recorded.
fn known_order(
    sandbox: &mut Sandbox,
    provider: ServiceName,
    provider_reference: ProviderReference,
    ours: Option<Order>,
) -> Option<Order> {
    // The callback may come before the acknowledgement; then our own reference in it tells.
    let order = sandbox.state().payments.order(provider_reference).or(ours);
    let order = order.filter(|order| is_known(sandbox, *order));
    if order.is_none() {
        sandbox.emit(PaymentsEvent::OrphanRecorded {
            provider,
            provider_reference,
        });
    }
    order
}

fn is_known(sandbox: &Sandbox, order: Order) -> bool {
    let (Order::Collection(id) | Order::Payout(id, _)) = order;
    sandbox.state().payments.payment(id).is_some()
}

/// Our reference in a provider's metadata: `TXN-…-001`, or `TXN-…-001/P1` for a payout.
fn own_reference(text: &str) -> Option<Order> {
    match text.split_once("/P") {
        None => text.parse().ok().map(Order::Collection),
        Some((id, payout)) => Some(Order::Payout(
            id.parse().ok()?,
            PayoutId(payout.parse().ok()?),
        )),
    }
}

/// What the provider itself answered about an order, as a command to the core.
pub fn settle(sandbox: &mut Sandbox, order: Order, outcome: Outcome) {
    let (id, intent) = match order {
        Order::Collection(id) => (id, collection_intent(sandbox, id, outcome)),
        Order::Payout(id, payout) => (id, Some(payout_intent(payout, outcome))),
    };
    if let Some(intent) = intent {
        // A provider's fact is refused only if it is about something that does not exist.
        let _ = engine::issue(sandbox, id, &Command::provider(intent));
    }
}

fn collection_intent(sandbox: &Sandbox, id: TransactionId, outcome: Outcome) -> Option<Intent> {
    match outcome {
        Outcome::Accepted { provider_reference } => {
            Some(Intent::CollectionAcknowledged { provider_reference })
        }
        Outcome::Completed { receipt, amount } => {
            let (_, payment) = sandbox.state().payments.payment(id)?;
            let amount = amount.unwrap_or(payment.terms.amount);
            Some(Intent::FundsReceived { receipt, amount })
        }
        Outcome::Declined { reason, .. } => Some(Intent::CollectionDeclined {
            reason: failure(reason),
        }),
        Outcome::Pending => Some(Intent::CollectionPending),
        // Nothing is known; the next question is planned already.
        Outcome::Unknown(_) => None,
    }
}

fn payout_intent(payout: PayoutId, outcome: Outcome) -> Intent {
    match outcome {
        Outcome::Accepted { provider_reference } => Intent::PayoutAcknowledged {
            payout,
            provider_reference,
        },
        Outcome::Completed { receipt, .. } => Intent::PayoutCompleted { payout, receipt },
        Outcome::Declined { .. } => Intent::PayoutDeclined { payout },
        Outcome::Pending => Intent::PayoutPending { payout },
        Outcome::Unknown(_) => Intent::PayoutUnknown { payout },
    }
}

const fn failure(reason: DeclineReason) -> FailureReason {
    match reason {
        DeclineReason::InsufficientFunds => FailureReason::InsufficientFunds,
        DeclineReason::WrongPin => FailureReason::WrongPin,
        DeclineReason::CancelledByPayer => FailureReason::CancelledByPayer,
        DeclineReason::Timeout => FailureReason::Expired,
        DeclineReason::Unreachable => FailureReason::PayerUnreachable,
        DeclineReason::LimitExceeded => FailureReason::LimitExceeded,
        DeclineReason::ProviderFailure => FailureReason::ProviderError,
        DeclineReason::WalletLocked
        | DeclineReason::NotSupported
        | DeclineReason::InvalidRequest
        | DeclineReason::Unauthenticated
        | DeclineReason::Duplicate
        | DeclineReason::Other => FailureReason::Declined,
    }
}

/// A party has texted: `CONFIRM-…`, `ACCEPT-…`, `DISPUTE-…`, `YES-…`, `NO-…`, `STATUS-…`. If it cannot
/// be done, the party is told why.
fn message(sandbox: &mut Sandbox, from: Msisdn, text: &str) {
    if let Err(reason) = follow(sandbox, from, text) {
        sandbox.emit(PaymentsEvent::MessageRefused {
            reason: reason.clone(),
        });
        let brand = sandbox.settings().payments_api.brand.clone();
        effects::send_sms(sandbox, from, format!("{brand}: {reason}."));
    }
}

fn follow(sandbox: &mut Sandbox, from: Msisdn, text: &str) -> Result<(), String> {
    let said: Inbound = text.parse().map_err(|error| engine::sentence(&error))?;
    let Some(typed) = said.contract() else {
        return Err(Inbound::help(Inbound::language_of(text)).to_owned());
    };
    // Phones choose upper and lower case as they like. A stranger learns nothing, not even whether
    // the contract exists.
    let (contract, party) = sandbox
        .state()
        .payments
        .contracts()
        .filter(|contract| contract.terms.contract_id.eq_ignore_case(typed))
        .find_map(|contract| Some((contract.terms.contract_id, contract.party_of(from)?)))
        .ok_or_else(|| format!("you have no contract {typed}"))?;
    let actor = actor_of(party);
    speaks(sandbox, from, Inbound::language_of(text));
    match said {
        Inbound::Yes { .. } => contract_command(sandbox, contract, party, true),
        Inbound::No { .. } => contract_command(sandbox, contract, party, false),
        Inbound::Confirm { .. } => payment_command(
            sandbox,
            contract,
            actor,
            Intent::ConfirmDelivery { portion: None },
        ),
        Inbound::Accept { .. } => payment_command(sandbox, contract, actor, Intent::Accept),
        Inbound::Dispute { reason, .. } => {
            let reason = reason.unwrap_or_else(|| "disputed by text message".to_owned());
            payment_command(
                sandbox,
                contract,
                actor,
                Intent::OpenDispute {
                    reason: reason.into(),
                },
            )
        }
        Inbound::Status { .. } => {
            tell_standing(sandbox, from, contract, text);
            Ok(())
        }
        Inbound::Help => Err(Inbound::help(Inbound::language_of(text)).to_owned()),
    }
}

/// A party has used this language, and is told things in it from now on.
pub fn speaks(sandbox: &mut Sandbox, phone: Msisdn, language: Language) {
    if sandbox.state().payments.language_of(phone) != language {
        sandbox.emit(PaymentsEvent::LanguageChosen { phone, language });
    }
}

/// The actor that this party is.
pub const fn actor_of(party: Party) -> Actor {
    match party {
        Party::Buyer => Actor::Buyer,
        Party::Seller => Actor::Seller,
        Party::Mediator => Actor::Mediator,
    }
}

/// Answers how the newest payment of a contract stands, in the language of the question.
fn tell_standing(sandbox: &mut Sandbox, to: Msisdn, contract: ContractId, asked: &str) {
    let known = &sandbox.state().payments;
    let newest = known.newest_of(contract).and_then(|id| known.payment(id));
    let newest = newest.map(|(_, payment)| payment);
    let total = known
        .contract(contract)
        .map(|contract| contract.terms.total);
    let Some(amount) = newest.map(|payment| payment.terms.amount).or(total) else {
        return;
    };
    let message = Message::Standing {
        contract,
        amount,
        standing: Standing::of(newest),
    };
    effects::send(sandbox, to, &message, Inbound::language_of(asked));
}

fn contract_command(
    sandbox: &mut Sandbox,
    contract: ContractId,
    by: Party,
    agrees: bool,
) -> Result<(), String> {
    let command = match agrees {
        true => ContractCommand::Confirm { by },
        false => ContractCommand::Cancel { by },
    };
    engine::issue_contract(sandbox, contract, &command).map_err(|error| engine::sentence(&error))
}

fn payment_command(
    sandbox: &mut Sandbox,
    contract: ContractId,
    actor: Actor,
    intent: Intent,
) -> Result<(), String> {
    let id = sandbox.state().payments.newest_of(contract);
    let command = Command {
        actor,
        channel: Channel::Sms,
        intent,
    };
    id.ok_or(Rejection::NotRequested)
        .and_then(|id| engine::issue(sandbox, id, &command))
        .map_err(|rejection| engine::sentence(&rejection))
}
