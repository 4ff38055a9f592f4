//! What the engine asks of a provider, in the engine's own words.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::outcome::{ProviderReference, Receipt};
use crate::json_as_object::json_as_object;
use crate::money::Money;
use crate::party::Msisdn;

/// The kinds of request.
///
/// ```
/// use amana_core::provider::Operation;
/// assert_eq!(serde_json::to_string(&Operation::SimCheck)?, "\"sim_check\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Fetch an access token.
    Authorisation,
    /// Ask a payer for money.
    Collection,
    /// Pay a payee.
    Payout,
    /// Undo a completed collection.
    Reversal,
    /// Ask how an order stands.
    StatusQuery,
    /// Ask for the merchant's balance.
    Balance,
    /// Send a text message.
    Sms,
    /// Ask when a number was last moved to another SIM.
    SimCheck,
}

impl Operation {
    /// Every operation.
    ///
    /// ```
    /// use amana_core::provider::Operation;
    /// assert!(Operation::ALL.contains(&Operation::Reversal));
    /// ```
    pub const ALL: [Self; 8] = [
        Self::Authorisation,
        Self::Collection,
        Self::Payout,
        Self::Reversal,
        Self::StatusQuery,
        Self::Balance,
        Self::Sms,
        Self::SimCheck,
    ];

    /// The name in messages.
    ///
    /// ```
    /// use amana_core::provider::Operation;
    /// assert_eq!(Operation::StatusQuery.name(), "status query");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authorisation => "authorisation",
            Self::Collection => "collection",
            Self::Payout => "payout",
            Self::Reversal => "reversal",
            Self::StatusQuery => "status query",
            Self::Balance => "balance",
            Self::Sms => "sms",
            Self::SimCheck => "SIM check",
        }
    }
}

json_as_object! {
    /// Money to be collected from a payer's wallet.
    ///
    /// ```
    /// use amana_core::provider::Collection;
    /// let order: Collection = serde_json::from_str(
    ///     r#"{"reference":"TXN-AG-1-001","payer":"+254712345678","description":"Maize",
    ///         "amount":{"amount":"1500.00","currency":"KES"}}"#,
    /// )?;
    /// assert_eq!(order.amount.to_string(), "KES 1500.00");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Collection as "Collection", {
        /// Our transaction id; the provider carries it along and it comes back with the outcome.
        pub reference: String,
        /// Whose wallet pays.
        pub payer: Msisdn,
        /// How much.
        pub amount: Money,
        /// What the payer is told it is for.
        pub description: String,
        /// Further facts that the provider gives back unchanged, where it can.
        #[serde(default)]
        pub metadata: BTreeMap<String, String>,
    }
}

json_as_object! {
    /// Money to be paid to a payee's wallet.
    ///
    /// ```
    /// use amana_core::provider::Payout;
    /// let order: Payout = serde_json::from_str(
    ///     r#"{"reference":"TXN-AG-1-001","payee":"+254723456789","reason":"Maize",
    ///         "amount":{"amount":"1500.00","currency":"KES"}}"#,
    /// )?;
    /// assert_eq!(order.payee.masked(), "+25472***789");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Payout as "Payout", {
        /// Our transaction id, and the idempotency key towards providers that know one.
        pub reference: String,
        /// Whose wallet is paid.
        pub payee: Msisdn,
        /// How much.
        pub amount: Money,
        /// What the payee is told it is for.
        pub reason: String,
        /// Further facts that the provider gives back unchanged, where it can.
        #[serde(default)]
        pub metadata: BTreeMap<String, String>,
    }
}

json_as_object! {
    /// A completed collection to be undone.
    ///
    /// ```
    /// use amana_core::provider::Reversal;
    /// let order: Reversal = serde_json::from_str(
    ///     r#"{"reference":"TXN-AG-1-001","receipt":"UJ22RT61SV","reason":"Not delivered",
    ///         "amount":{"amount":"1500.00","currency":"KES"}}"#,
    /// )?;
    /// assert_eq!(order.receipt.as_str(), "UJ22RT61SV");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Reversal as "Reversal", {
        /// Our transaction id of the reversal.
        pub reference: String,
        /// The provider's proof of the collection.
        pub receipt: Receipt,
        /// How much was collected.
        pub amount: Money,
        /// Why it is undone.
        pub reason: String,
    }
}

json_as_object! {
    /// A question how an order stands.
    ///
    /// ```
    /// use amana_core::provider::StatusQuery;
    /// let order: StatusQuery = serde_json::from_str(
    ///     r#"{"provider_reference":"ws_CO_1"}"#,
    /// )?;
    /// assert_eq!(order.provider_reference.as_str(), "ws_CO_1");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct StatusQuery as "StatusQuery", {
        /// The id that the provider gave the order when it accepted it.
        pub provider_reference: ProviderReference,
    }
}

json_as_object! {
    /// A question when a number was last moved to another SIM. Whoever takes a number over gets the
    /// money that is paid to it.
    ///
    /// ```
    /// use amana_core::provider::SimCheck;
    /// let order: SimCheck = serde_json::from_str(
    ///     r#"{"phone":"+254712345678"}"#,
    /// )?;
    /// assert_eq!(order.phone.to_string(), "+254712345678");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct SimCheck as "SimCheck", {
        /// The number.
        pub phone: Msisdn,
    }
}

json_as_object! {
    /// A text message.
    ///
    /// ```
    /// use amana_core::provider::Sms;
    /// let order: Sms = serde_json::from_str(
    ///     r#"{"to":["+254712345678"],"from":null,"text":"Your payment is held"}"#,
    /// )?;
    /// assert_eq!(order.to.len(), 1);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Sms as "Sms", {
        /// Who gets it, in order.
        pub to: Vec<Msisdn>,
        /// Registered sender name or short code; the provider's default if absent.
        pub from: Option<String>,
        /// The text.
        pub text: String,
    }
}
