//! Fees: what an operation costs, who bears it, and what each side pays and gets. Exact to the
//! minor unit, with every rounding named.
//!
//! A [`FeeSchedule`] says which fees an [`Operation`] has. Each is a named [`FeeLine`]: a
//! [`Tariff`] (bands with validity dates; flat, percentage, both, with minimum and maximum) and
//! who bears it. [`quote`] answers what a movement of an amount costs; [`gross_up`] answers the
//! reverse: what has to be paid so that the payee gets exactly this much.
//!
//! # Who pays what
//!
//! Every fee is computed from the operation's *amount* and divided among its bearers. Let `a` be
//! what is moved: the amount of a collection or payout, nothing for a balance inquiry or a failed
//! operation, which move no money but may still cost. Then
//!
//! | | is |
//! |---|---|
//! | `payer_pays` | `a` + the payer's parts of the fees |
//! | `merchant_pays` | the merchant's parts |
//! | `payee_gets` = `net` | `a` − the payee's parts |
//! | `gross` | `payer_pays` + `merchant_pays` |
//!
//! so that always `gross = net + fees`, the law of conservation that the tests hold. The merchant
//! is the business that runs the escrow. A payee cannot bear more than it gets.
//!
//! # What is left out
//!
//! Published tariffs of a provider are that provider's data and stand in its folder. Taxes on fees
//! are part of the fee, as providers publish them. The default schedule charges nothing: Amana
//! takes no escrow fee of its own, and which published costs apply, and who bears them, is the
//! host's choice.

mod bearer;
mod error;
mod escrow;
mod exchange;
mod gross_up;
mod json;
mod percentage;
mod quote;
mod rounding;
mod schedule;
mod tariff;
#[cfg(test)]
mod tests;

pub use bearer::{Bearer, BearerRule, Shares};
pub use error::{FeeError, ScheduleError, TariffError};
pub use escrow::{EscrowQuote, EscrowTerms, gross_up_escrow, quote_escrow};
pub use exchange::Exchange;
pub use gross_up::gross_up;
pub use percentage::Percentage;
pub use quote::{Fee, Quote, Terms, quote};
pub use rounding::{Rounding, Unit};
pub use schedule::{FeeLine, FeeName, FeeSchedule, Operation};
pub use tariff::{Band, Charge, Precision, Tariff, Version};
