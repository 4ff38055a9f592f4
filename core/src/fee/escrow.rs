//! Both legs of an escrow in one answer: from what the buyer pays to what the seller gets.

use serde::Serialize;

use super::{FeeError, FeeSchedule, Operation, Quote, Terms, gross_up, quote};
use crate::json_as_object::json_as_object;
use crate::money::Money;

json_as_object! {
    /// The terms of both legs. Buyer to escrow is a collection, escrow to seller a payout.
    ///
    /// ```
    /// use amana_core::{Timestamp, fee::{Bearer, EscrowTerms, Terms}};
    /// let at = Timestamp::from_millis(0);
    /// let terms = EscrowTerms {
    ///     collection: Terms::new(Bearer::Payer, at),
    ///     payout: Terms::new(Bearer::Payee, at),
    /// };
    /// assert_ne!(terms.collection, terms.payout);
    /// ```
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct EscrowTerms as "EscrowTerms", #[serde(deny_unknown_fields)] {
        /// Of the buyer's payment into escrow.
        pub collection: Terms,
        /// Of the payment out of escrow to the seller.
        pub payout: Terms,
    }
}

/// The quotes of both legs. The payout's amount is what the collection brought in.
///
/// ```
/// use amana_core::fee::{Bearer, EscrowTerms, FeeSchedule, Terms, gross_up_escrow};
/// use amana_core::{Currency, Money, Timestamp};
/// let leg = Terms::new(Bearer::Payer, Timestamp::from_millis(0));
/// let terms = EscrowTerms { collection: leg, payout: leg };
/// let price = Money::parse("10", Currency::KES)?;
/// let free = gross_up_escrow(&FeeSchedule::default(), price, &terms)?;
/// assert_eq!((free.buyer_pays(), free.held(), free.seller_gets()), (price, price, price));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EscrowQuote {
    /// Buyer to escrow.
    pub collection: Quote,
    /// Escrow to seller.
    pub payout: Quote,
}

impl EscrowQuote {
    /// What leaves the buyer's wallet.
    ///
    /// ```
    /// use amana_core::fee::{Bearer, EscrowTerms, FeeSchedule, Terms, gross_up_escrow};
    /// use amana_core::{Currency, Money, Timestamp};
    /// let leg = Terms::new(Bearer::Payer, Timestamp::from_millis(0));
    /// let terms = EscrowTerms { collection: leg, payout: leg };
    /// let price = Money::parse("10", Currency::KES)?;
    /// let quoted = gross_up_escrow(&FeeSchedule::default(), price, &terms)?;
    /// assert_eq!(quoted.buyer_pays(), price);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn buyer_pays(&self) -> Money {
        self.collection.payer_pays()
    }

    /// What is held in escrow between the legs.
    ///
    /// ```
    /// use amana_core::fee::{Bearer, EscrowTerms, FeeSchedule, Terms, gross_up_escrow};
    /// use amana_core::{Currency, Money, Timestamp};
    /// let leg = Terms::new(Bearer::Payer, Timestamp::from_millis(0));
    /// let terms = EscrowTerms { collection: leg, payout: leg };
    /// let price = Money::parse("10", Currency::KES)?;
    /// let quoted = gross_up_escrow(&FeeSchedule::default(), price, &terms)?;
    /// assert_eq!(quoted.held(), price);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn held(&self) -> Money {
        self.payout.amount()
    }

    /// What arrives in the seller's wallet.
    ///
    /// ```
    /// use amana_core::fee::{Bearer, EscrowTerms, FeeSchedule, Terms, gross_up_escrow};
    /// use amana_core::{Currency, Money, Timestamp};
    /// let leg = Terms::new(Bearer::Payer, Timestamp::from_millis(0));
    /// let terms = EscrowTerms { collection: leg, payout: leg };
    /// let price = Money::parse("10", Currency::KES)?;
    /// let quoted = gross_up_escrow(&FeeSchedule::default(), price, &terms)?;
    /// assert_eq!(quoted.seller_gets(), price);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn seller_gets(&self) -> Money {
        self.payout.payee_gets()
    }
}

/// What an escrow of this amount costs on both legs.
///
/// # Errors
/// The [`FeeError`] of the collection, else of the payout.
///
/// ```
/// use amana_core::fee::*;
/// use amana_core::{Currency, Money, Timestamp};
/// let at = Timestamp::from_millis(0);
/// let terms = EscrowTerms {
///     collection: Terms::new(Bearer::Payer, at),
///     payout: Terms::new(Bearer::Payee, at),
/// };
/// let price = Money::parse("350000.00", Currency::KES)?;
/// let free = quote_escrow(&FeeSchedule::default(), price, &terms)?;
/// assert_eq!(free.buyer_pays(), price);
/// assert_eq!(free.seller_gets(), price);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn quote_escrow(
    schedule: &FeeSchedule,
    amount: Money,
    terms: &EscrowTerms,
) -> Result<EscrowQuote, FeeError> {
    let collection = quote(schedule, Operation::Collection, amount, &terms.collection)?;
    let payout = quote(
        schedule,
        Operation::Payout,
        collection.payee_gets(),
        &terms.payout,
    )?;
    Ok(EscrowQuote { collection, payout })
}

/// What the buyer must pay so that the seller gets exactly `net`, over both legs.
///
/// Each leg is solved by [`gross_up`], the payout first. If the collection's fees are not borne by
/// its payee, all that is collected is held, and this is the smallest payment of all; otherwise it
/// is the smallest for the smallest amount in escrow that does it.
///
/// # Errors
/// The [`FeeError`] of the payout, else of the collection, where the net that cannot be reached is
/// the amount in escrow.
///
/// ```
/// use amana_core::fee::*;
/// use amana_core::{Currency, Money, Timestamp};
/// let tariff = |flat| Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(flat));
/// let line = |tariff| {
///     let name = "fee".parse()?;
///     Ok::<_, ScheduleError>(FeeLine { name, tariff, bearer: BearerRule::AsAgreed })
/// };
/// let schedule = FeeSchedule::default()
///     .with(Operation::Collection, line(tariff(1_000)?)?)?
///     .with(Operation::Payout, line(tariff(500)?)?)?;
/// let at = Timestamp::from_millis(0);
/// let terms = EscrowTerms {
///     collection: Terms::new(Bearer::Payer, at),
///     payout: Terms::new(Bearer::Payee, at),
/// };
/// let price = Money::parse("1000.00", Currency::KES)?;
/// let quoted = gross_up_escrow(&schedule, price, &terms)?;
/// assert_eq!(quoted.seller_gets(), price);
/// assert_eq!(quoted.held().to_string(), "KES 1005.00");
/// assert_eq!(quoted.buyer_pays().to_string(), "KES 1015.00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn gross_up_escrow(
    schedule: &FeeSchedule,
    net: Money,
    terms: &EscrowTerms,
) -> Result<EscrowQuote, FeeError> {
    let payout = gross_up(schedule, Operation::Payout, net, &terms.payout)?;
    let collection = gross_up(
        schedule,
        Operation::Collection,
        payout.amount(),
        &terms.collection,
    )?;
    Ok(EscrowQuote { collection, payout })
}
