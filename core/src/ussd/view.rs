use serde::{Deserialize, Serialize};

use super::text;
use crate::escrow::{self, Actor, Channel, Command, Context, Intent, Payment, Phase};
use crate::json_as_object::json_as_object;
use crate::money::Money;
use crate::reference::ContractId;
use crate::sms::{Brand, Language};
use crate::tagged::tagged;

/// What a party may do with a contract now.
///
/// ```
/// use amana_core::ussd::Offer;
/// assert_eq!(serde_json::to_string(&Offer::Accept)?, "\"accept\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Offer {
    /// Confirm that the goods were delivered (seller).
    ConfirmDelivery,
    /// Accept the delivery (buyer).
    Accept,
    /// Report a problem, which opens a dispute.
    Dispute,
}

impl Offer {
    /// Every offer, in the order of the menu.
    ///
    /// ```
    /// use amana_core::ussd::Offer;
    /// assert_eq!(Offer::ALL.len(), 3);
    /// ```
    pub const ALL: [Self; 3] = [Self::ConfirmDelivery, Self::Accept, Self::Dispute];

    fn intent(self) -> Intent {
        match self {
            Self::ConfirmDelivery => Intent::ConfirmDelivery { portion: None },
            Self::Accept => Intent::Accept,
            Self::Dispute => Intent::OpenDispute { reason: "?".into() },
        }
    }
}

/// What this actor may do with a payment now: whatever the rules of escrow would not refuse.
///
/// ```
/// use amana_core::escrow::{Actor, Context, Policy, Standing, State};
/// use amana_core::ussd::offers;
/// let policy = Policy::default();
/// let now = amana_core::Timestamp::from_millis(0);
/// let ctx = Context { now, policy: &policy, standing: Standing::Closed };
/// // Nothing was requested yet, so there is nothing to confirm or to contest.
/// assert!(offers(&ctx, &State::Absent, Actor::Buyer).is_empty());
/// ```
pub fn offers(ctx: &Context<'_>, state: &escrow::State, actor: Actor) -> Vec<Offer> {
    let allowed = |offer: &Offer| {
        let command = Command {
            actor,
            channel: Channel::Ussd,
            intent: offer.intent(),
        };
        escrow::decide(ctx, state, &command).is_ok()
    };
    Offer::ALL.into_iter().filter(allowed).collect()
}

/// How the money of a contract stands, as a party is told.
///
/// ```
/// use amana_core::sms::Language;
/// use amana_core::ussd::Standing;
/// assert_eq!(Standing::of(None).words(Language::English), "Not paid yet");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nothing was asked for yet.
    Unpaid,
    /// Asked for, not received yet.
    Pending,
    /// Received and held.
    Locked,
    /// Held while a problem is looked into.
    Disputed,
    /// On its way to the seller.
    Releasing,
    /// Paid to the seller.
    Released,
    /// On its way back to the buyer.
    Refunding,
    /// Paid back to the buyer.
    Refunded,
    /// Not received.
    Failed,
}

impl Standing {
    /// Every standing.
    ///
    /// ```
    /// use amana_core::ussd::Standing;
    /// assert!(Standing::ALL.contains(&Standing::Locked));
    /// ```
    pub const ALL: [Self; 9] = [
        Self::Unpaid,
        Self::Pending,
        Self::Locked,
        Self::Disputed,
        Self::Releasing,
        Self::Released,
        Self::Refunding,
        Self::Refunded,
        Self::Failed,
    ];

    /// How a contract stands whose newest payment is this one.
    ///
    /// ```
    /// use amana_core::ussd::Standing;
    /// assert_eq!(Standing::of(None), Standing::Unpaid);
    /// ```
    pub const fn of(payment: Option<&Payment>) -> Self {
        let Some(payment) = payment else {
            return Self::Unpaid;
        };
        match &payment.phase {
            Phase::Pending(_) => Self::Pending,
            Phase::Locked(hold) if hold.dispute.is_some() => Self::Disputed,
            Phase::Locked(_) => Self::Locked,
            Phase::Releasing(..) => Self::Releasing,
            Phase::Refunding(..) => Self::Refunding,
            Phase::Released(_) => Self::Released,
            Phase::Refunded(_) => Self::Refunded,
            Phase::Failed(_) => Self::Failed,
        }
    }

    /// How a party is told.
    ///
    /// ```
    /// use amana_core::sms::Language;
    /// use amana_core::ussd::Standing;
    /// assert_eq!(Standing::Locked.words(Language::English), "Paid, held safely");
    /// assert_eq!(Standing::Unpaid.words(Language::Swahili), "Bado haijalipwa");
    /// ```
    pub const fn words(self, language: Language) -> &'static str {
        text::of(language).standing(self)
    }
}

json_as_object! {
    /// A contract as its party sees it.
    ///
    /// ```
    /// use amana_core::ussd::{ContractLine, View, step};
    /// let line: ContractLine = serde_json::from_str(
    ///     r#"{"contract":"AG-1","product":"Maize","standing":"locked","offers":["accept"],
    ///         "amount":{"amount":"1000.00","currency":"KES"}}"#,
    /// )?;
    /// let view = View { brand: Default::default(), language: Default::default(), contracts: vec![line] };
    /// assert!(step(&view, "3").text.contains("AG-1 KES 1,000.00"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ContractLine as "ContractLine", {
        /// The contract.
        pub contract: ContractId,
        /// What is sold.
        pub product: String,
        /// The price.
        pub amount: Money,
        /// How the money stands.
        pub standing: Standing,
        /// What the party may do now.
        pub offers: Vec<Offer>,
    }
}

json_as_object! {
    /// What a party's menu is about.
    ///
    /// ```
    /// use amana_core::ussd::{View, step};
    /// let view: View = serde_json::from_str(r#"{"language":"sw","contracts":[]}"#)?;
    /// assert!(step(&view, "").text.starts_with("VoicePact\n"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct View as "View", {
        /// Whose name stands above the menu.
        #[serde(default)]
        pub brand: Brand,
        /// The language to begin with; the party can change it.
        #[serde(default)]
        pub language: Language,
        /// The party's contracts, in the order to show them; at most the first 97 are shown.
        pub contracts: Vec<ContractLine>,
    }
}

tagged! {
    /// What a party asks for at the end of a dialogue.
    ///
    /// ```
    /// use amana_core::ussd::UssdAction;
    /// let action = UssdAction::Accept { contract: "AG-1".parse()? };
    /// assert_eq!(serde_json::to_string(&action)?, r#"{"type":"accept","contract":"AG-1"}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum UssdAction as "UssdAction", {
        /// The seller confirms the delivery.
        ConfirmDelivery {
            /// The contract.
            contract: ContractId,
        },
        /// The buyer accepts the delivery.
        Accept {
            /// The contract.
            contract: ContractId,
        },
        /// The party opens a dispute.
        Dispute {
            /// The contract.
            contract: ContractId,
            /// Why, in words as the party chose or typed them.
            reason: String,
        },
    }
}

impl UssdAction {
    /// The contract it is about.
    ///
    /// ```
    /// use amana_core::ussd::UssdAction;
    /// let action = UssdAction::ConfirmDelivery { contract: "AG-1".parse()? };
    /// assert_eq!(action.contract().as_str(), "AG-1");
    /// # Ok::<(), amana_core::reference::ReferenceError>(())
    /// ```
    pub const fn contract(&self) -> ContractId {
        match self {
            Self::ConfirmDelivery { contract }
            | Self::Accept { contract }
            | Self::Dispute { contract, .. } => *contract,
        }
    }

    /// What is wanted of the contract's payment.
    ///
    /// ```
    /// use amana_core::{escrow::Intent, ussd::UssdAction};
    /// let action = UssdAction::Accept { contract: "AG-1".parse()? };
    /// assert_eq!(action.intent(), Intent::Accept);
    /// # Ok::<(), amana_core::reference::ReferenceError>(())
    /// ```
    pub fn intent(&self) -> Intent {
        match self {
            Self::ConfirmDelivery { .. } => Offer::ConfirmDelivery.intent(),
            Self::Accept { .. } => Offer::Accept.intent(),
            Self::Dispute { reason, .. } => Intent::OpenDispute {
                reason: reason.as_str().into(),
            },
        }
    }
}
