//! How the state of the payments API changes.

use std::collections::BTreeMap;

use amana_core::contract::{ContractEvent, ContractEventKind};
use amana_core::escrow::{Event as EscrowEvent, EventKind, PayoutId};
use amana_core::reference::{ContractId, IdempotencyKey, ProviderReference, TransactionId};
use amana_core::signature::SignatureError;
use amana_core::sms::Language;
use amana_core::ussd::Screen;
use amana_core::{Msisdn, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::guard::Refusal;
use super::menu::Shown;
use super::repeat::Answered;
use super::shape::Shape;
use crate::kernel::callback::CallbackUrl;
use crate::kernel::{Event, ServiceName, View};

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentsEvent {
    /// Something happened to a contract.
    Contract {
        /// Which.
        contract_id: ContractId,
        /// What.
        event: ContractEvent,
    },
    /// A payment was opened; its first event follows.
    Opened {
        /// Our id.
        transaction_id: TransactionId,
        /// The number the reference's shape knows it by.
        payment_id: u64,
        /// The provider that moves its money.
        channel: ServiceName,
        /// The shape it was asked for in.
        shape: Shape,
        /// What the caller wants to be kept with it.
        metadata: BTreeMap<String, String>,
    },
    /// Something happened to a payment.
    Payment {
        /// Which.
        transaction_id: TransactionId,
        /// What.
        event: EscrowEvent,
    },
    /// A provider spoke of an order that is not ours.
    OrphanRecorded {
        /// Who.
        provider: ServiceName,
        /// Of which order.
        provider_reference: ProviderReference,
    },
    /// A callback was refused; its content is not kept.
    CallbackRefused {
        /// Why.
        reason: RefusalReason,
    },
    /// Something needs a human.
    AlarmRaised {
        /// With which payment.
        transaction_id: TransactionId,
        /// What.
        alarm: String,
    },
    /// An answer is kept in case the request is sent again with its key.
    Answered {
        /// The caller's key.
        key: IdempotencyKey,
        /// What was asked and answered.
        answered: Answered,
    },
    /// A subscriber is gone and is told nothing more.
    SubscriberDisabled {
        /// Where it was.
        url: CallbackUrl,
    },
    /// The settings changed, so every subscriber is told again.
    SubscribersEnabled,
    /// A party's message was not followed.
    MessageRefused {
        /// Why, in the words the party was told.
        reason: String,
    },
    /// A party has used another language than before.
    LanguageChosen {
        /// Whose phone.
        phone: Msisdn,
        /// Which.
        language: Language,
    },
    /// A phone has dialled the menu.
    MenuOpened {
        /// The provider's id of the session.
        session: ProviderReference,
        /// Whose phone.
        phone: Msisdn,
        /// What the menu is about until the session is over.
        shown: Box<Shown>,
    },
    /// A session of the menu came to its end.
    MenuLeft {
        /// The provider's id of the session.
        session: ProviderReference,
        /// Whose phone.
        phone: Msisdn,
        /// The last screen.
        last: Box<Screen>,
    },
    /// Before a release the provider was asked about the seller's SIM.
    SimAsked {
        /// Of which payment.
        transaction_id: TransactionId,
        /// The payout that waits.
        payout: PayoutId,
        /// The provider's id of the question.
        check: ProviderReference,
        /// Whose SIM.
        phone: Msisdn,
    },
    /// The provider has answered, or is waited for no longer.
    SimChecked {
        /// Of which payment.
        transaction_id: TransactionId,
        /// The provider's id of the question.
        check: ProviderReference,
        /// The last instant at which the number may have been moved, if it ever was.
        swapped_by: Option<Timestamp>,
    },
    /// A release was refused; the money stays where it is.
    ReleaseRefused {
        /// Of which payment.
        transaction_id: TransactionId,
        /// Which payout.
        payout: PayoutId,
        /// Why.
        refusal: Refusal,
    },
    /// What a party asked for at the end of the menu was refused.
    MenuRefused {
        /// On which payment.
        transaction_id: TransactionId,
        /// Why.
        reason: String,
    },
}

/// Why a callback was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    /// Its signature is missing, malformed or wrong.
    Signature,
    /// It is not of the provider's form.
    Malformed,
}

impl From<SignatureError> for RefusalReason {
    fn from(_: SignatureError) -> Self {
        Self::Signature
    }
}

impl From<PaymentsEvent> for Event {
    fn from(event: PaymentsEvent) -> Self {
        Self::Payments(event)
    }
}

impl PaymentsEvent {
    /// What it says for itself in the public log.
    pub fn view(&self) -> View {
        match self {
            Self::Contract { contract_id, event } => View::new(
                contract_type(&event.kind),
                contract_summary(*contract_id, &event.kind),
                json!({"contract": contract_id, "event": event}),
            ),
            Self::Opened {
                transaction_id,
                payment_id,
                channel,
                shape: _,
                metadata,
            } => View::new(
                "payment.opened",
                format!("{transaction_id} was opened"),
                json!({
                    "payment": transaction_id,
                    "payment_id": payment_id,
                    "channel": channel,
                    "metadata": metadata,
                }),
            ),
            Self::Payment {
                transaction_id,
                event,
            } => View::new(
                payment_type(&event.kind),
                payment_summary(*transaction_id, &event.kind),
                json!({"payment": transaction_id, "event": event}),
            ),
            Self::OrphanRecorded {
                provider,
                provider_reference,
            } => View::new(
                "callback.orphaned",
                format!("{provider} spoke of an order that is not known here"),
                json!({"provider": provider, "provider_reference": provider_reference}),
            ),
            Self::CallbackRefused { reason } => View::new(
                "callback.refused",
                "a callback was refused",
                json!({"reason": reason}),
            ),
            Self::AlarmRaised {
                transaction_id,
                alarm,
            } => View::new(
                "alarm.raised",
                format!("{transaction_id} needs a human: {alarm}"),
                json!({"payment": transaction_id, "alarm": alarm}),
            ),
            Self::Answered { key, .. } => View::new(
                "request.remembered",
                "an answer is kept in case the request is repeated",
                json!({"key": key}),
            ),
            Self::SubscriberDisabled { url } => View::new(
                "subscriber.disabled",
                "a subscriber is gone and is told nothing more",
                json!({"url": url}),
            ),
            Self::SubscribersEnabled => View::new(
                "subscriber.enabled",
                "every subscriber is told again",
                json!({}),
            ),
            Self::MessageRefused { reason } => View::new(
                "sms.refused",
                format!("a message was not followed: {reason}"),
                json!({"reason": reason}),
            ),
            Self::LanguageChosen { phone, language } => View::new(
                "party.language_chosen",
                format!("a party uses the language `{}`", language.code()),
                json!({"language": language}),
            )
            .on(*phone),
            Self::MenuOpened {
                session,
                phone,
                shown,
            } => View::new(
                "menu.opened",
                format!("{phone} opened the menu"),
                json!({"session": session, "contracts": shown.contracts()}),
            )
            .on_any(Some(*phone)),
            Self::MenuLeft {
                session,
                phone,
                last,
            } => View::new(
                "menu.left",
                format!("{phone} came to the end of the menu"),
                json!({"session": session, "action": last.action}),
            )
            .on_any(Some(*phone)),
            Self::SimAsked {
                transaction_id,
                payout,
                check,
                phone,
            } => View::new(
                "payment.sim_asked",
                format!("{transaction_id}: the provider is asked about the seller's SIM"),
                json!({"payment": transaction_id, "payout": payout, "check": check}),
            )
            .on_any(Some(*phone)),
            Self::SimChecked {
                transaction_id,
                check,
                swapped_by,
            } => View::new(
                "payment.sim_checked",
                format!("{transaction_id}: what is known of the seller's SIM is known"),
                json!({"payment": transaction_id, "check": check, "swapped_by": swapped_by}),
            ),
            Self::ReleaseRefused {
                transaction_id,
                payout,
                refusal,
            } => View::new(
                "payment.release_refused",
                format!("{transaction_id}: not released: {}", refusal.sentence()),
                json!({"payment": transaction_id, "payout": payout, "refusal": refusal}),
            ),
            Self::MenuRefused {
                transaction_id,
                reason,
            } => View::new(
                "menu.refused",
                format!("{transaction_id}: what was asked for in the menu was refused: {reason}"),
                json!({"payment": transaction_id, "reason": reason}),
            ),
        }
    }
}

/// The types of all events but those of the payments themselves.
const TYPES: &[&str] = &[
    "alarm.raised",
    "callback.orphaned",
    "callback.refused",
    "contract.cancel_requested",
    "contract.cancelled",
    "contract.confirmed",
    "contract.created",
    "contract.expired",
    "contract.payment_changed",
    "menu.left",
    "menu.opened",
    "menu.refused",
    "party.language_chosen",
    "payment.opened",
    "payment.release_refused",
    "payment.sim_asked",
    "payment.sim_checked",
    "request.remembered",
    "sms.refused",
    "subscriber.disabled",
    "subscriber.enabled",
];

/// The type of every event.
pub fn event_types() -> impl Iterator<Item = &'static str> {
    TYPES.iter().chain(PAYMENT_TYPES).copied()
}

macro_rules! payment_types {
    ($($variant:ident $name:literal,)*) => {
        /// The dotted type of every event of a payment.
        pub const PAYMENT_TYPES: &[&str] = &[$(concat!("payment.", $name),)*];

        /// The dotted type of an event of a payment.
        pub const fn payment_type(kind: &EventKind) -> &'static str {
            match kind { $(EventKind::$variant { .. } => concat!("payment.", $name),)* }
        }
    };
}

payment_types! {
    Requested "requested",
    CollectionAcknowledged "collection_acknowledged",
    CollectionQueried "collection_queried",
    Locked "locked",
    FundsUnmatched "funds_unmatched",
    Failed "failed",
    DuplicateRecorded "duplicate_recorded",
    ContradictionRecorded "contradiction_recorded",
    DeliveryConfirmed "delivery_confirmed",
    Accepted "accepted",
    RefundRequested "refund_requested",
    DisputeOpened "dispute_opened",
    DisputeWithdrawn "dispute_withdrawn",
    DisputeRuled "dispute_ruled",
    SettlementDecided "settlement_decided",
    PayoutStarted "payout_started",
    PayoutAcknowledged "payout_acknowledged",
    PayoutQueried "payout_queried",
    PayoutCompleted "payout_completed",
    PayoutDeclined "payout_declined",
    DoublePayoutDetected "double_payout_detected",
    Released "released",
    Refunded "refunded",
    Reversed "reversed",
    ClawedBack "clawed_back",
}

fn payment_summary(id: TransactionId, kind: &EventKind) -> String {
    match kind {
        EventKind::Requested { terms, .. } => {
            format!("{id}: the buyer is asked for {}", terms.amount.grouped())
        }
        EventKind::CollectionAcknowledged { .. } => format!("{id}: the provider took the request"),
        EventKind::CollectionQueried { .. } => format!("{id}: the provider is asked how it stands"),
        EventKind::Locked { received, .. } => {
            format!("{id}: {} arrived; the money is locked", received.grouped())
        }
        EventKind::FundsUnmatched { received, .. } => {
            format!("{id}: {} arrived that cannot be held", received.grouped())
        }
        EventKind::Failed { reason, .. } => format!("{id} failed: {}", reason.sentence()),
        EventKind::DuplicateRecorded => format!("{id}: reported again, nothing changes"),
        EventKind::ContradictionRecorded { .. } => {
            format!("{id}: the provider contradicts itself; what was known stands")
        }
        EventKind::DeliveryConfirmed { .. } => format!("{id}: the seller confirmed the delivery"),
        EventKind::Accepted { .. } => format!("{id}: the buyer accepted"),
        EventKind::RefundRequested { .. } => format!("{id}: the buyer asks for the money back"),
        EventKind::DisputeOpened { by, .. } => {
            format!(
                "{id}: disputed by {}",
                by.map_or("the escrow timeout", |by| by.name())
            )
        }
        EventKind::DisputeWithdrawn => format!("{id}: the dispute was withdrawn"),
        EventKind::DisputeRuled { .. } => format!("{id}: the mediator has ruled"),
        EventKind::SettlementDecided {
            release, refund, ..
        } => format!(
            "{id}: {} for the seller, {} back to the buyer",
            release.grouped(),
            refund.grouped()
        ),
        EventKind::PayoutStarted { payout, amount, .. } => {
            format!("{id}: payout {payout} of {} was sent", amount.grouped())
        }
        EventKind::PayoutAcknowledged { payout, .. } => {
            format!("{id}: the provider took payout {payout}")
        }
        EventKind::PayoutQueried { payout, .. } => {
            format!("{id}: the provider is asked about payout {payout}")
        }
        EventKind::PayoutCompleted { payout, .. } => format!("{id}: payout {payout} was paid"),
        EventKind::PayoutDeclined { payout, .. } => format!("{id}: payout {payout} was declined"),
        EventKind::DoublePayoutDetected { payout, .. } => {
            format!("{id}: payout {payout} was paid although its money was paid otherwise")
        }
        EventKind::Released => format!("{id}: the seller has been paid"),
        EventKind::Refunded => format!("{id}: the buyer has the money back"),
        EventKind::Reversed { .. } => format!("{id}: the provider took the money back"),
        EventKind::ClawedBack { .. } => {
            format!("{id}: the provider took money back that was paid on")
        }
    }
}

const fn contract_type(kind: &ContractEventKind) -> &'static str {
    match kind {
        ContractEventKind::Created { .. } => "contract.created",
        ContractEventKind::Confirmed { .. } => "contract.confirmed",
        ContractEventKind::CancelRequested { .. } => "contract.cancel_requested",
        ContractEventKind::Cancelled => "contract.cancelled",
        ContractEventKind::Expired => "contract.expired",
        ContractEventKind::PaymentChanged { .. } => "contract.payment_changed",
    }
}

fn contract_summary(id: ContractId, kind: &ContractEventKind) -> String {
    match kind {
        ContractEventKind::Created { terms } => {
            format!("contract {id} over {} was made", terms.total.grouped())
        }
        ContractEventKind::Confirmed { by } => {
            format!("contract {id} was confirmed by the {}", by.name())
        }
        ContractEventKind::CancelRequested { by } => {
            format!("the {} wants to cancel contract {id}", by.name())
        }
        ContractEventKind::Cancelled => format!("contract {id} was cancelled"),
        ContractEventKind::Expired => format!("contract {id} expired"),
        ContractEventKind::PaymentChanged {
            transaction_id,
            share,
        } => {
            format!("contract {id}: {transaction_id} is {}", share.status.name())
        }
    }
}
