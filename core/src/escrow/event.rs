use serde::{Deserialize, Serialize};

use super::command::{Channel, Ruling};
use super::state::{PayoutId, Purpose, Terms};
use crate::money::Money;
use crate::party::Party;
use crate::reference::{ProviderReference, Receipt};
use crate::tagged::tagged;
use crate::time::Timestamp;

/// A fact about a payment, with its instant. The history of a payment is a list of these.
///
/// ```
/// use amana_core::escrow::{Event, EventKind};
/// let event: Event =
///     serde_json::from_str(r#"{"at":"2026-03-06T10:30:00Z","type":"accepted","channel":"sms"}"#)?;
/// assert!(matches!(event.kind, EventKind::Accepted { .. }));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
}

tagged! {
    /// What happened. Names and fields are part of the stored format: they are added to, never
    /// changed.
    ///
    /// ```
    /// use amana_core::escrow::{Event, EventKind};
    /// let event = r#"{"at":"2026-03-06T10:30:00Z","type":"accepted","channel":"sms"}"#;
    /// assert_eq!(serde_json::from_str::<Event>(event)?.kind.name(), "accepted");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum EventKind as "EventKind", {
        /// The buyer is being asked for the money.
        Requested {
            /// Who pays whom how much.
            terms: Terms,
            /// When we stop waiting.
            expires_at: Timestamp,
            /// When the provider is first asked how it stands.
            query_at: Timestamp,
        },
        /// The provider took our request.
        CollectionAcknowledged {
            /// Its id for the request.
            provider_reference: ProviderReference,
        },
        /// The provider is asked how the collection stands.
        CollectionQueried {
            /// When it is asked the next time; absent if that was the last.
            next_at: Option<Timestamp>,
        },
        /// The money asked for has arrived and is held.
        Locked {
            /// Proof of payment.
            receipt: Receipt,
            /// What arrived: what was asked for, or more.
            received: Money,
            /// When something happens by itself.
            deadline_at: Timestamp,
        },
        /// Money has arrived that cannot be held; a payout returns it.
        FundsUnmatched {
            /// Proof of payment.
            receipt: Receipt,
            /// What arrived.
            received: Money,
            /// Why it cannot be held.
            reason: ReturnReason,
        },
        /// Nothing is held, and nothing is expected.
        Failed {
            /// Why.
            reason: FailureReason,
            /// When the provider is asked all the same, in case the buyer has paid.
            query_at: Option<Timestamp>,
        },
        /// Something already known was reported again.
        DuplicateRecorded,
        /// The provider has contradicted itself; what was known first stands.
        ContradictionRecorded {
            /// In what.
            contradiction: Contradiction,
        },
        /// The seller has confirmed the delivery.
        DeliveryConfirmed {
            /// Through what.
            channel: Channel,
            /// The worth of what was delivered, if it was only a portion.
            portion: Option<Money>,
            /// When something happens by itself.
            deadline_at: Timestamp,
        },
        /// The buyer has accepted.
        Accepted {
            /// Through what.
            channel: Channel,
        },
        /// The buyer has asked for the money back; the seller has to agree.
        RefundRequested {
            /// Through what.
            channel: Channel,
        },
        /// The payment is contested.
        DisputeOpened {
            /// By whom; absent if the escrow timeout did it.
            by: Option<Party>,
            /// In the opener's words.
            reason: Box<str>,
        },
        /// The opener has taken the dispute back.
        DisputeWithdrawn,
        /// The mediator has decided the dispute.
        DisputeRuled {
            /// Who gets what.
            ruling: Ruling,
        },
        /// It is settled who gets what; payouts follow.
        SettlementDecided {
            /// Why.
            cause: Cause,
            /// What the seller gets.
            release: Money,
            /// What the buyer gets back.
            refund: Money,
        },
        /// A payout was sent.
        PayoutStarted {
            /// Its number.
            payout: PayoutId,
            /// What for.
            purpose: Purpose,
            /// How much.
            amount: Money,
            /// The declined payout it tries again.
            retry_of: Option<PayoutId>,
            /// When the provider is first asked how it stands.
            query_at: Timestamp,
        },
        /// The provider took the payout.
        PayoutAcknowledged {
            /// Its number.
            payout: PayoutId,
            /// The provider's id for it.
            provider_reference: ProviderReference,
        },
        /// The outcome of a payout is not known; the provider is asked.
        PayoutQueried {
            /// Its number.
            payout: PayoutId,
            /// When it is asked the next time.
            next_at: Timestamp,
        },
        /// The payee has the money.
        PayoutCompleted {
            /// Its number.
            payout: PayoutId,
            /// Proof of payment.
            receipt: Receipt,
        },
        /// The provider said no.
        PayoutDeclined {
            /// Its number.
            payout: PayoutId,
            /// When it is tried again; absent if it is not, without the operator.
            retry_at: Option<Timestamp>,
        },
        /// A payout that was declined has been paid after all, although its money was paid
        /// otherwise.
        DoublePayoutDetected {
            /// Its number.
            payout: PayoutId,
            /// Proof of payment.
            receipt: Receipt,
        },
        /// Final: everything that was held is paid, some or all of it to the seller.
        Released,
        /// Final: everything that was held is back with the buyer.
        Refunded,
        /// The provider took the held money back.
        Reversed {
            /// The payment that was reversed.
            receipt: Receipt,
        },
        /// The provider took money back that we had already paid on, or are just paying on.
        ClawedBack {
            /// The payment that was reversed.
            receipt: Receipt,
        },
    }
}

macro_rules! event_names {
    ($($variant:ident $name:literal,)*) => {
        impl EventKind {
            /// Every name an event can have.
            ///
            /// ```
            /// use amana_core::escrow::EventKind;
            /// assert!(EventKind::NAMES.contains(&"released"));
            /// ```
            pub const NAMES: &'static [&'static str] = &[$($name,)*];

            /// The name of the event in JSON and documents.
            ///
            /// ```
            /// use amana_core::escrow::EventKind;
            /// assert_eq!(EventKind::DuplicateRecorded.name(), "duplicate_recorded");
            /// ```
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $name,)* }
            }
        }
    };
}

event_names! {
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

/// Why nothing is held.
///
/// ```
/// use amana_core::escrow::FailureReason;
/// assert_eq!(serde_json::to_string(&FailureReason::WrongPin)?, "\"wrong_pin\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureReason {
    /// The buyer or the provider refused, without a reason we know.
    Declined,
    /// The buyer pressed cancel.
    CancelledByPayer,
    /// The buyer's wallet holds too little.
    InsufficientFunds,
    /// The PIN was wrong.
    WrongPin,
    /// The buyer's wallet would exceed a limit of the provider.
    LimitExceeded,
    /// The buyer's phone could not be reached.
    PayerUnreachable,
    /// The provider could not process the request.
    ProviderError,
    /// Nobody answered in time.
    Expired,
    /// Less arrived than was asked for; it is returned.
    Underpaid,
    /// Another currency arrived than was asked for; it is returned.
    CurrencyMismatch,
    /// The contract was cancelled, or needs no more money.
    ContractClosed,
    /// The provider took the money back while it was held.
    Reversed,
}

impl FailureReason {
    /// Every reason.
    ///
    /// ```
    /// use amana_core::escrow::FailureReason;
    /// assert!(FailureReason::ALL.contains(&FailureReason::Expired));
    /// ```
    pub const ALL: [Self; 12] = [
        Self::Declined,
        Self::CancelledByPayer,
        Self::InsufficientFunds,
        Self::WrongPin,
        Self::LimitExceeded,
        Self::PayerUnreachable,
        Self::ProviderError,
        Self::Expired,
        Self::Underpaid,
        Self::CurrencyMismatch,
        Self::ContractClosed,
        Self::Reversed,
    ];

    /// The reason in words, for people.
    ///
    /// ```
    /// use amana_core::escrow::FailureReason;
    /// assert_eq!(FailureReason::Expired.sentence(), "the payer did not answer in time");
    /// ```
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Declined => "the payment was declined",
            Self::CancelledByPayer => "the payer cancelled the request",
            Self::InsufficientFunds => "the payer's balance is too low",
            Self::WrongPin => "the payer entered a wrong PIN",
            Self::LimitExceeded => "the payment is beyond a limit of the payer's wallet",
            Self::PayerUnreachable => "the payer's phone could not be reached",
            Self::ProviderError => "the provider could not process the request",
            Self::Expired => "the payer did not answer in time",
            Self::Underpaid => "less arrived than was asked for",
            Self::CurrencyMismatch => "another currency arrived than was asked for",
            Self::ContractClosed => "the contract is closed",
            Self::Reversed => "the provider reversed the payment",
        }
    }
}

/// Why money that arrived cannot be held.
///
/// ```
/// use amana_core::escrow::ReturnReason;
/// assert_eq!(serde_json::to_string(&ReturnReason::Excess)?, "\"excess\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnReason {
    /// The payment has its money already.
    Excess,
    /// It is less than was asked for.
    Underpaid,
    /// It is another currency.
    CurrencyMismatch,
    /// The contract is closed or needs no more money.
    ContractClosed,
}

/// In what a provider has contradicted itself.
///
/// ```
/// use amana_core::escrow::Contradiction;
/// assert_eq!(serde_json::to_string(&Contradiction::PayoutFailedAfterSuccess)?, "\"payout_failed_after_success\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contradiction {
    /// It reported the collection failed after it had reported the money.
    CollectionFailedAfterSuccess,
    /// It reported the payout failed after it had reported it paid.
    PayoutFailedAfterSuccess,
}

/// Why it is settled who gets what.
///
/// ```
/// use amana_core::escrow::Cause;
/// assert_eq!(serde_json::to_string(&Cause::BothConfirmed)?, "\"both_confirmed\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The seller has confirmed the delivery and the buyer has accepted.
    BothConfirmed,
    /// The seller gives the money back.
    GivenBack,
    /// The buyer asked for the money back and the seller agreed.
    Agreed,
    /// The mediator has ruled.
    Ruled,
    /// Nobody has confirmed anything in time.
    TimedOut,
    /// The contract was cancelled.
    ContractCancelled,
}
