use std::num::NonZeroU64;

use rust_decimal::Decimal;

use super::{FeeError, Rounding, TariffError};
use crate::money::{Currency, Money};

/// A rate of exchange with its rounding: one whole unit of `from` is `rate` whole units of `to`.
///
/// Converting is exact up to the one named rounding to the minor unit of `to`. So that no
/// intermediate product can lose a digit, the rate has at most 13 significant digits and 12
/// decimals.
///
/// ```
/// use amana_core::fee::{Exchange, Rounding};
/// use amana_core::{Currency, Money};
/// let exchange = Exchange::parse(Currency::KES, Currency::UGX, "28.4519", Rounding::HalfEven)?;
/// let got = exchange.convert(Money::parse("1000.00", Currency::KES)?)?;
/// assert_eq!(got.to_string(), "UGX 28452");
/// assert!(Exchange::parse(Currency::KES, Currency::UGX, "0", Rounding::Down).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exchange {
    from: Currency,
    to: Currency,
    rate: Decimal,
    rounding: Rounding,
    /// The rate in minor units of both: `numerator / denominator`.
    numerator: NonZeroU64,
    denominator: u64,
}

/// Significant digits of a rate: times the 15 digits of an amount they fit 96 bits.
const MANTISSA_MAX: i128 = 9_999_999_999_999;
const DECIMALS_MAX: u32 = 12;

impl Exchange {
    /// An exchange at this rate.
    ///
    /// ```
    /// use amana_core::fee::{Exchange, Rounding, TariffError};
    /// use amana_core::Currency;
    /// let nothing = rust_decimal::Decimal::ZERO;
    /// let refused = Exchange::new(Currency::KES, Currency::UGX, nothing, Rounding::Down);
    /// assert_eq!(refused, Err(TariffError::ExchangeRateMalformed));
    /// ```
    ///
    /// # Errors
    /// [`TariffError::ExchangeRateMalformed`] if the rate is not positive or has too many digits.
    pub fn new(
        from: Currency,
        to: Currency,
        rate: Decimal,
        rounding: Rounding,
    ) -> Result<Self, TariffError> {
        let rate = rate.normalize();
        let mantissa = rate.mantissa();
        if !(1..=MANTISSA_MAX).contains(&mantissa) || rate.scale() > DECIMALS_MAX {
            return Err(TariffError::ExchangeRateMalformed);
        }
        // The factor between the minor units goes where it keeps the fraction whole. An exponent
        // is at most 2, so both sides stay below 10^16.
        let (from_exponent, to_exponent) = (u32::from(from.exponent()), u32::from(to.exponent()));
        let up = 10_u64.pow(to_exponent.saturating_sub(from_exponent));
        let down = 10_u64.pow(from_exponent.saturating_sub(to_exponent));
        let numerator = u64::try_from(mantissa)
            .ok()
            .and_then(|mantissa| NonZeroU64::new(mantissa * up))
            .ok_or(TariffError::ExchangeRateMalformed)?;
        let denominator = 10_u64.pow(rate.scale()) * down;
        Ok(Self {
            from,
            to,
            rate,
            rounding,
            numerator,
            denominator,
        })
    }

    /// An exchange at the rate of this plain decimal text.
    ///
    /// ```
    /// use amana_core::fee::{Exchange, Rounding};
    /// use amana_core::{Currency, Money};
    /// let exchange = Exchange::parse(Currency::KES, Currency::UGX, "28.4519", Rounding::HalfEven)?;
    /// assert!(Exchange::parse(Currency::KES, Currency::UGX, "a lot", Rounding::Down).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Self::new`], and if the text is not a decimal number.
    pub fn parse(
        from: Currency,
        to: Currency,
        rate: &str,
        rounding: Rounding,
    ) -> Result<Self, TariffError> {
        let plain = rate
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        let rate = Decimal::from_str_exact(rate).ok().filter(|_| plain);
        Self::new(
            from,
            to,
            rate.ok_or(TariffError::ExchangeRateMalformed)?,
            rounding,
        )
    }

    /// The currency that is given.
    ///
    /// ```
    /// use amana_core::fee::{Exchange, Rounding};
    /// use amana_core::{Currency, Money};
    /// let exchange = Exchange::parse(Currency::KES, Currency::UGX, "28.4519", Rounding::HalfEven)?;
    /// assert_eq!(exchange.from(), Currency::KES);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn from(&self) -> Currency {
        self.from
    }

    /// The currency that is got.
    ///
    /// ```
    /// use amana_core::fee::{Exchange, Rounding};
    /// use amana_core::{Currency, Money};
    /// let exchange = Exchange::parse(Currency::KES, Currency::UGX, "28.4519", Rounding::HalfEven)?;
    /// assert_eq!(exchange.to(), Currency::UGX);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn to(&self) -> Currency {
        self.to
    }

    /// Whole units of `to` for one whole unit of `from`.
    ///
    /// ```
    /// use amana_core::fee::{Exchange, Rounding};
    /// use amana_core::{Currency, Money};
    /// let exchange = Exchange::parse(Currency::KES, Currency::UGX, "28.4519", Rounding::HalfEven)?;
    /// assert_eq!(exchange.rate().to_string(), "28.4519");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn rate(&self) -> Decimal {
        self.rate
    }

    /// How the result is rounded to the minor unit of `to`.
    ///
    /// ```
    /// use amana_core::fee::{Exchange, Rounding};
    /// use amana_core::{Currency, Money};
    /// let exchange = Exchange::parse(Currency::KES, Currency::UGX, "28.4519", Rounding::HalfEven)?;
    /// assert_eq!(exchange.rounding(), Rounding::HalfEven);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn rounding(&self) -> Rounding {
        self.rounding
    }

    /// What this amount is in the other currency, rounded once.
    ///
    /// ```
    /// use amana_core::fee::{Exchange, Rounding};
    /// use amana_core::{Currency, Money};
    /// let exchange = Exchange::parse(Currency::KES, Currency::UGX, "28.4519", Rounding::HalfEven)?;
    /// assert_eq!(exchange.convert(Money::parse("10", Currency::KES)?)?.to_string(), "UGX 285");
    /// assert!(exchange.convert(Money::zero(Currency::USD)).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`FeeError::ExchangeMismatch`] if the amount is not in `from`, [`FeeError::OutOfRange`].
    pub fn convert(&self, amount: Money) -> Result<Money, FeeError> {
        if amount.currency() != self.from {
            return Err(FeeError::ExchangeMismatch);
        }
        let minor = i64::try_from(self.convert_minor(amount.minor()));
        let minor = minor.map_err(|_| FeeError::OutOfRange)?;
        Money::from_minor(minor, self.to).map_err(|_| FeeError::OutOfRange)
    }

    /// Never falls as the amount rises.
    pub(super) fn convert_minor(&self, minor: i64) -> i128 {
        let product = i128::from(minor) * i128::from(self.numerator.get());
        self.rounding.quotient(product, self.denominator)
    }

    /// The smallest amount of `from` that converts to at least this much, in minor units; one
    /// more than the largest amount if none does.
    pub(super) fn least_minor_giving(&self, wanted_minor: i64) -> i64 {
        let (mut low, mut high) = (0, Money::MINOR_MAX + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.convert_minor(middle) >= i128::from(wanted_minor) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::RoundingStrategy;

    use super::*;

    #[test]
    fn refuses_rates_that_cannot_be_exact() {
        for rate in [
            "",
            "0",
            "-1",
            "1e3",
            "0.0000000000001",
            "99999999999999",
            "abc",
            "1_0",
        ] {
            let parsed = Exchange::parse(Currency::USD, Currency::KES, rate, Rounding::Down);
            assert_eq!(parsed, Err(TariffError::ExchangeRateMalformed), "{rate}");
        }
        let exchange = Exchange::parse(Currency::USD, Currency::KES, "1", Rounding::Down).unwrap();
        let shilling = Money::from_minor(100, Currency::KES).unwrap();
        assert_eq!(exchange.convert(shilling), Err(FeeError::ExchangeMismatch));
    }

    proptest! {
        /// The reference model is the decimal library's own product and rounding.
        #[test]
        fn agrees_with_decimal_arithmetic(
            minor in 0..=99_999_999_999_i64,
            mantissa in 1..=99_999_999_i64,
            scale in 0..=8_u32,
            pair in (0..Currency::ALL.len(), 0..Currency::ALL.len()),
        ) {
            let (from, to) = (Currency::ALL[pair.0], Currency::ALL[pair.1]);
            let rate = Decimal::new(mantissa, scale);
            for (rounding, strategy) in [
                (Rounding::HalfUp, RoundingStrategy::MidpointAwayFromZero),
                (Rounding::HalfEven, RoundingStrategy::MidpointNearestEven),
                (Rounding::Up, RoundingStrategy::AwayFromZero),
                (Rounding::Down, RoundingStrategy::ToZero),
            ] {
                let amount = Money::from_minor(minor, from).unwrap();
                let exact = amount.to_decimal() * rate;
                let expected = exact.round_dp_with_strategy(u32::from(to.exponent()), strategy);
                match Exchange::new(from, to, rate, rounding).unwrap().convert(amount) {
                    Ok(got) => prop_assert_eq!(got.to_decimal(), expected),
                    Err(error) => {
                        prop_assert_eq!(error, FeeError::OutOfRange);
                        let scale = Decimal::from(10_u64.pow(u32::from(to.exponent())));
                        prop_assert!(expected * scale > Decimal::from(Money::MINOR_MAX));
                    }
                }
            }
        }

        #[test]
        fn the_least_amount_giving_is_the_least(
            wanted in 1..=9_999_999_i64,
            mantissa in 1..=99_999_i64,
            scale in 0..=4_u32,
        ) {
            for rounding in Rounding::ALL {
                let rate = Decimal::new(mantissa, scale);
                let exchange = Exchange::new(Currency::KES, Currency::UGX, rate, rounding).unwrap();
                let least = exchange.least_minor_giving(wanted);
                prop_assert!(exchange.convert_minor(least) >= i128::from(wanted));
                prop_assert!(exchange.convert_minor(least - 1) < i128::from(wanted));
            }
        }
    }
}
