//! Who takes part: the parties of an escrow contract, and their phones.

mod country;
mod msisdn;
mod operator;
mod operator_table;

use serde::{Deserialize, Serialize};

pub use country::Country;
pub use msisdn::{Msisdn, MsisdnError};
pub use operator::Operator;

/// A party of an escrow contract.
///
/// ```
/// use amana_core::party::Party;
/// assert_eq!(serde_json::to_string(&Party::Buyer)?, "\"buyer\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// Pays, and accepts the delivery.
    Buyer,
    /// Delivers, confirms the delivery, and is paid.
    Seller,
    /// Rules on a dispute.
    Mediator,
}

impl Party {
    /// Every party.
    ///
    /// ```
    /// use amana_core::party::Party;
    /// assert_eq!(Party::ALL.map(Party::name), ["buyer", "seller", "mediator"]);
    /// ```
    pub const ALL: [Self; 3] = [Self::Buyer, Self::Seller, Self::Mediator];

    /// Its name in JSON and messages.
    ///
    /// ```
    /// use amana_core::party::Party;
    /// assert_eq!(Party::Mediator.name(), "mediator");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Seller => "seller",
            Self::Mediator => "mediator",
        }
    }
}
