//! Fees as recorded; the provider published no table for the sandbox.
//!
//! Source: two recorded sandbox notifications, 2020-03-17 and 2020-07-29: a value of KES 10 with a
//! fee of KES 0.1000, and a value of KES 375 with a fee of KES 1.0000. One per cent, at most one
//! unit of the currency, is the simplest rule that gives both.

use crate::money::{Money, MoneyError};

/// Hundredths of the value that the fee is.
const FEE_PERCENT: i64 = 1;

/// What one part of a text message costs in Kenya, in cents: the documents' sample price, KES 0.80.
///
/// ```
/// use amana_core::provider::africastalking::tariff::SMS_PART_CENTS;
/// assert_eq!(SMS_PART_CENTS, 80);
/// ```
pub const SMS_PART_CENTS: i64 = 80;

/// The provider's fee on a transaction of this value: one per cent, rounded half up to the minor
/// unit, at most one unit of the currency; nothing on a value that is not positive.
///
/// # Errors
/// [`MoneyError::OutOfRange`], which no value that is an amount can cause.
///
/// ```
/// use amana_core::{Currency, Money, provider::africastalking::tariff::transaction_fee};
/// let fee = |value| transaction_fee(Money::parse(value, Currency::KES)?);
/// assert_eq!(fee("10")?.with_decimals(4), "KES 0.1000");
/// assert_eq!(fee("375")?.with_decimals(4), "KES 1.0000");
/// # Ok::<(), amana_core::money::MoneyError>(())
/// ```
pub fn transaction_fee(value: Money) -> Result<Money, MoneyError> {
    let most = 10_i64.pow(u32::from(value.currency().exponent()));
    let fee = (value.minor().max(0) * FEE_PERCENT + 50) / 100;
    Money::from_minor(fee.min(most), value.currency())
}
