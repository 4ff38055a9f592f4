use serde::{Deserialize, Serialize};

use super::event::FailureReason;
use super::state::{PayoutId, Terms};
use crate::json_as_object::json_as_object;
use crate::money::Money;
use crate::party::Party;
use crate::reference::{ProviderReference, Receipt};
use crate::tagged::tagged;

/// Who issues a command.
///
/// ```
/// use amana_core::escrow::Actor;
/// assert_eq!(serde_json::to_string(&Actor::Clock)?, "\"clock\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The party that pays.
    Buyer,
    /// The party that delivers.
    Seller,
    /// The one who rules on disputes.
    Mediator,
    /// The backend that runs the escrow.
    Operator,
    /// The payment provider, through a verified callback or the answer to a request of ours.
    Provider,
    /// The passing of time.
    Clock,
}

impl Actor {
    /// Every actor.
    ///
    /// ```
    /// use amana_core::escrow::Actor;
    /// let parties: Vec<_> = Actor::ALL.into_iter().filter_map(Actor::party).collect();
    /// assert_eq!(parties, amana_core::Party::ALL);
    /// ```
    pub const ALL: [Self; 6] = [
        Self::Buyer,
        Self::Seller,
        Self::Mediator,
        Self::Operator,
        Self::Provider,
        Self::Clock,
    ];

    /// The party this actor is, if it is one.
    ///
    /// ```
    /// use amana_core::{Party, escrow::Actor};
    /// assert_eq!(Actor::Buyer.party(), Some(Party::Buyer));
    /// assert_eq!(Actor::Provider.party(), None);
    /// ```
    pub const fn party(self) -> Option<Party> {
        match self {
            Self::Buyer => Some(Party::Buyer),
            Self::Seller => Some(Party::Seller),
            Self::Mediator => Some(Party::Mediator),
            Self::Operator | Self::Provider | Self::Clock => None,
        }
    }

    /// Its name in JSON and messages.
    ///
    /// ```
    /// use amana_core::escrow::Actor;
    /// assert_eq!(Actor::Operator.name(), "operator");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Seller => "seller",
            Self::Mediator => "mediator",
            Self::Operator => "operator",
            Self::Provider => "provider",
            Self::Clock => "clock",
        }
    }
}

/// Through what a command came; kept in the history for the audit.
///
/// ```
/// use amana_core::escrow::Channel;
/// assert_eq!(serde_json::from_str::<Channel>("\"ussd\"")?, Channel::Ussd);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A text message from the party's phone.
    Sms,
    /// A USSD session on the party's phone.
    Ussd,
    /// A call of the payments API: the caller attests what it says.
    Api,
    /// An application that embeds the engine.
    App,
    /// The provider or the clock.
    System,
}

json_as_object! {
    /// A command: who wants what, through which channel.
    ///
    /// ```
    /// use amana_core::escrow::{Actor, Channel, Command, Intent};
    /// let (actor, channel) = (Actor::Buyer, Channel::Ussd);
    /// let accept = Command { actor, channel, intent: Intent::Accept };
    /// let json = r#"{"actor":"buyer","channel":"ussd","intent":{"type":"accept"}}"#;
    /// assert_eq!(serde_json::to_string(&accept)?, json);
    /// assert_eq!(serde_json::from_str::<Command>(json)?, accept);
    /// assert!(serde_json::from_str::<Command>(r#"{"actor":"bystander"}"#).is_err());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Command as "Command", #[serde(deny_unknown_fields)] {
        /// Who.
        #[serde(deserialize_with = "crate::json_as_text::word")]
        pub actor: Actor,
        /// Through what.
        #[serde(deserialize_with = "crate::json_as_text::word")]
        pub channel: Channel,
        /// What.
        pub intent: Intent,
    }
}

impl Command {
    /// A command of the provider: a fact from a verified callback or an answer.
    ///
    /// ```
    /// use amana_core::escrow::{Actor, Command, Intent};
    /// assert_eq!(Command::provider(Intent::CollectionPending).actor, Actor::Provider);
    /// ```
    pub const fn provider(intent: Intent) -> Self {
        Self {
            actor: Actor::Provider,
            channel: Channel::System,
            intent,
        }
    }

    /// The command of a timer that has run out.
    ///
    /// ```
    /// use amana_core::escrow::{Actor, Command, Intent};
    /// assert_eq!((Command::wake().actor, Command::wake().intent), (Actor::Clock, Intent::Wake));
    /// ```
    pub const fn wake() -> Self {
        Self {
            actor: Actor::Clock,
            channel: Channel::System,
            intent: Intent::Wake,
        }
    }
}

tagged! {
    /// What is wanted, or what a provider says has happened.
    ///
    /// ```
    /// use amana_core::escrow::Intent;
    /// let intent: Intent = serde_json::from_str(r#"{"type":"open_dispute","reason":"wet"}"#)?;
    /// assert_eq!(intent, Intent::OpenDispute { reason: "wet".into() });
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Intent as "Intent", #[serde(deny_unknown_fields)] {
        /// Ask the buyer for the money.
        Request {
            /// Who pays whom how much.
            terms: Terms,
        },
        /// The seller has delivered, all or a portion worth this much.
        ConfirmDelivery {
            /// The worth of what was delivered; everything that is held if absent.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            portion: Option<Money>,
        },
        /// The buyer accepts what was or will be delivered.
        Accept,
        /// The buyer asks for the money back, or the seller gives it back.
        RequestRefund,
        /// A party contests.
        OpenDispute {
            /// In the party's words, at most [`Intent::REASON_MAX`] bytes.
            reason: Box<str>,
        },
        /// The opener takes the dispute back.
        WithdrawDispute,
        /// The mediator decides the dispute.
        Rule {
            /// Who gets what.
            ruling: Ruling,
        },
        /// The contract was cancelled.
        CancelContract,
        /// Try a payout again that was declined for good.
        RetryPayout,
        /// The provider took our request for the money.
        CollectionAcknowledged {
            /// The provider's id for the request.
            provider_reference: ProviderReference,
        },
        /// The provider does not know yet whether the buyer pays.
        CollectionPending,
        /// The buyer did not pay.
        CollectionDeclined {
            /// Why.
            reason: FailureReason,
        },
        /// Money of the buyer has arrived.
        FundsReceived {
            /// The provider's proof of payment.
            receipt: Receipt,
            /// What arrived, which need not be what was asked.
            amount: Money,
        },
        /// The provider took money back that had arrived.
        CollectionReversed {
            /// The proof of the payment that was reversed.
            receipt: Receipt,
        },
        /// The provider took our payout.
        PayoutAcknowledged {
            /// Which payout.
            payout: PayoutId,
            /// The provider's id for it.
            provider_reference: ProviderReference,
        },
        /// The provider says that the payout is still under way.
        PayoutPending {
            /// Which payout.
            payout: PayoutId,
        },
        /// No answer, a timeout, or an answer without meaning: the payout may or may not be paid.
        PayoutUnknown {
            /// Which payout.
            payout: PayoutId,
        },
        /// The payee has the money.
        PayoutCompleted {
            /// Which payout.
            payout: PayoutId,
            /// The provider's proof of payment.
            receipt: Receipt,
        },
        /// The payee will not get the money through this payout.
        PayoutDeclined {
            /// Which payout.
            payout: PayoutId,
        },
        /// Time has passed; something may be due.
        Wake,
    }
}

tagged! {
    /// The decision of a mediator.
    ///
    /// ```
    /// use amana_core::escrow::Ruling;
    /// let split = r#"{"type":"split","to_seller":{"amount":"700.00","currency":"KES"}}"#;
    /// assert!(matches!(serde_json::from_str(split)?, Ruling::Split { .. }));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Ruling as "Ruling", #[serde(deny_unknown_fields)] {
        /// Everything that is held goes to the seller.
        Release,
        /// Everything that is held goes back to the buyer.
        Refund,
        /// This much goes to the seller, the rest back to the buyer.
        Split {
            /// The seller's part; more than nothing and less than what is held.
            to_seller: Money,
        },
    }
}

macro_rules! intent_kinds {
    ($($kind:ident $name:literal,)*) => {
        /// An intent without its data: a row of the transition table.
        ///
        /// ```
        /// use amana_core::escrow::{Actor, IntentKind};
        /// assert_eq!(IntentKind::Accept.name(), "accept");
        /// assert_eq!(IntentKind::Accept.actors(), [Actor::Buyer]);
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum IntentKind {
            $(#[doc = concat!("`", $name, "`")] $kind,)*
        }

        impl IntentKind {
            /// Every kind, in the order of [`Intent`].
            ///
            /// ```
            /// use amana_core::escrow::IntentKind;
            /// assert_eq!(IntentKind::ALL.first(), Some(&IntentKind::Request));
            /// ```
            pub const ALL: &'static [Self] = &[$(Self::$kind,)*];

            /// Its name in JSON and documents.
            ///
            /// ```
            /// use amana_core::escrow::IntentKind;
            /// assert_eq!(IntentKind::FundsReceived.name(), "funds_received");
            /// ```
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }
        }

        impl Intent {
            /// The longest reason of a dispute, in bytes.
            ///
            /// ```
            /// use amana_core::escrow::Intent;
            /// assert_eq!(Intent::REASON_MAX, 1_000);
            /// ```
            pub const REASON_MAX: usize = 1_000;

            /// The intent without its data.
            ///
            /// ```
            /// use amana_core::escrow::{Intent, IntentKind};
            /// assert_eq!(Intent::Wake.kind(), IntentKind::Wake);
            /// ```
            pub const fn kind(&self) -> IntentKind {
                match self { $(Self::$kind { .. } => IntentKind::$kind,)* }
            }
        }
    };
}

intent_kinds! {
    Request "request",
    ConfirmDelivery "confirm_delivery",
    Accept "accept",
    RequestRefund "request_refund",
    OpenDispute "open_dispute",
    WithdrawDispute "withdraw_dispute",
    Rule "rule",
    CancelContract "cancel_contract",
    RetryPayout "retry_payout",
    CollectionAcknowledged "collection_acknowledged",
    CollectionPending "collection_pending",
    CollectionDeclined "collection_declined",
    FundsReceived "funds_received",
    CollectionReversed "collection_reversed",
    PayoutAcknowledged "payout_acknowledged",
    PayoutPending "payout_pending",
    PayoutUnknown "payout_unknown",
    PayoutCompleted "payout_completed",
    PayoutDeclined "payout_declined",
    Wake "wake",
}

impl IntentKind {
    /// Who may issue it. Everyone else is rejected before anything else is looked at.
    ///
    /// ```
    /// use amana_core::escrow::{Actor, IntentKind};
    /// assert_eq!(IntentKind::OpenDispute.actors(), [Actor::Buyer, Actor::Seller]);
    /// assert_eq!(IntentKind::PayoutCompleted.actors(), [Actor::Provider]);
    /// ```
    pub const fn actors(self) -> &'static [Actor] {
        match self {
            Self::Request | Self::CancelContract | Self::RetryPayout => &[Actor::Operator],
            Self::ConfirmDelivery => &[Actor::Seller],
            Self::Accept => &[Actor::Buyer],
            Self::RequestRefund | Self::OpenDispute | Self::WithdrawDispute => {
                &[Actor::Buyer, Actor::Seller]
            }
            Self::Rule => &[Actor::Mediator],
            Self::CollectionAcknowledged
            | Self::CollectionPending
            | Self::CollectionDeclined
            | Self::FundsReceived
            | Self::CollectionReversed
            | Self::PayoutAcknowledged
            | Self::PayoutPending
            | Self::PayoutUnknown
            | Self::PayoutCompleted
            | Self::PayoutDeclined => &[Actor::Provider],
            Self::Wake => &[Actor::Clock],
        }
    }
}
