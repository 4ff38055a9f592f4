//! The only rounding of the fee engine: every quotient of money goes through here.

use serde::{Deserialize, Serialize};

use crate::money::{Currency, Money};

/// How a quotient that does not divide evenly becomes a whole number.
///
/// All four treat a negative number as the mirror image of the positive one.
///
/// ```
/// use amana_core::fee::{Exchange, Rounding};
/// use amana_core::{Currency, Money};
/// let shillings = |cents, rounding| {
///     let exchange = Exchange::parse(Currency::USD, Currency::KES, "129.5", rounding)?;
///     Ok::<_, Box<dyn std::error::Error>>(
///         exchange.convert(Money::from_minor(cents, Currency::USD)?)?.minor(),
///     )
/// };
/// // 1 cent is 129.5 cents of KES, 3 cents are 388.5.
/// assert_eq!(shillings(1, Rounding::HalfUp)?, 130);
/// assert_eq!(shillings(3, Rounding::HalfEven)?, 388);
/// assert_eq!(shillings(1, Rounding::Up)?, 130);
/// assert_eq!(shillings(1, Rounding::Down)?, 129);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the nearest; a half goes away from zero.
    HalfUp,
    /// To the nearest; a half goes to the even neighbour (banker's rounding).
    HalfEven,
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
}

impl Rounding {
    /// Every way of rounding.
    ///
    /// ```
    /// use amana_core::fee::Rounding;
    /// assert!(Rounding::ALL.contains(&Rounding::HalfEven));
    /// ```
    pub const ALL: [Self; 4] = [Self::HalfUp, Self::HalfEven, Self::Up, Self::Down];

    /// The rounded quotient.
    // INVARIANT: the denominator is not 0: it is a power of ten times a unit everywhere.
    pub(super) fn quotient(self, numerator: i128, denominator: u64) -> i128 {
        // Division of 64 bits is several times as fast, and nearly all quotients fit.
        let (whole, rest) = match (i64::try_from(numerator), i64::try_from(denominator)) {
            (Ok(n), Ok(d)) => (i128::from(n / d), i128::from(n % d)),
            _ => {
                let d = i128::from(denominator);
                (numerator / d, numerator % d)
            }
        };
        let twice = rest.unsigned_abs() * 2;
        let denominator = u128::from(denominator);
        let away = match self {
            Self::HalfUp => twice >= denominator,
            Self::HalfEven => twice > denominator || (twice == denominator && whole % 2 != 0),
            Self::Up => rest != 0,
            Self::Down => false,
        };
        if away { whole + rest.signum() } else { whole }
    }
}

/// What amounts are counted in.
///
/// ```
/// use amana_core::{Currency, fee::Unit};
/// assert_eq!(Unit::Minor.minor(Currency::KES), 1);
/// assert_eq!(Unit::Whole.minor(Currency::KES), 100);
/// assert_eq!(Unit::Whole.minor(Currency::UGX), 1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// The minor unit: cents of KES.
    Minor,
    /// The whole unit: shillings of KES, without cents.
    Whole,
}

impl Unit {
    /// How many minor units of the currency it is.
    ///
    /// ```
    /// use amana_core::{Currency, fee::Unit};
    /// assert_eq!(Unit::Whole.minor(Currency::KES), 100);
    /// assert_eq!(Unit::Whole.minor(Currency::UGX), 1);
    /// ```
    pub const fn minor(self, currency: Currency) -> i64 {
        match self {
            Self::Minor => 1,
            Self::Whole => 10_i64.pow(currency.exponent() as u32),
        }
    }

    /// The largest amount that can be held and is a multiple of it, in minor units.
    ///
    /// ```
    /// use amana_core::{Currency, Money, fee::Unit};
    /// assert_eq!(Unit::Minor.largest_minor(Currency::KES), Money::MINOR_MAX);
    /// assert_eq!(Unit::Whole.largest_minor(Currency::KES), 999_999_999_999_900);
    /// ```
    pub const fn largest_minor(self, currency: Currency) -> i64 {
        Money::MINOR_MAX - Money::MINOR_MAX % self.minor(currency)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_way_at_every_kind_of_rest() {
        // Numerators over 4; columns: half up, half even, up, down.
        for (numerator, rounded) in [
            (0, [0, 0, 0, 0]),
            (1, [0, 0, 1, 0]),
            (2, [1, 0, 1, 0]),
            (3, [1, 1, 1, 0]),
            (4, [1, 1, 1, 1]),
            (6, [2, 2, 2, 1]),
            (10, [3, 2, 3, 2]),
        ] {
            for (rounding, expected) in Rounding::ALL.into_iter().zip(rounded) {
                assert_eq!(rounding.quotient(numerator, 4), expected, "{rounding:?}");
                assert_eq!(rounding.quotient(-numerator, 4), -expected, "{rounding:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn symmetric_monotone_and_less_than_one_away(
            numerator in -(1_i128 << 100)..(1_i128 << 100),
            more in 0_i128..(1 << 100),
            denominator in 1..u64::MAX,
        ) {
            for rounding in Rounding::ALL {
                let rounded = rounding.quotient(numerator, denominator);
                prop_assert_eq!(rounding.quotient(-numerator, denominator), -rounded);
                let off = (rounded * i128::from(denominator) - numerator).unsigned_abs();
                prop_assert!(off < u128::from(denominator));
                prop_assert!(rounding.quotient(numerator + more, denominator) >= rounded);
            }
        }

        #[test]
        fn small_and_large_numbers_take_the_same_way(
            numerator in any::<i32>(),
            denominator in 1..u64::from(u32::MAX),
        ) {
            let scale = 1_u64 << 31;
            for rounding in Rounding::ALL {
                let plain = rounding.quotient(i128::from(numerator), denominator);
                let wide = i128::from(numerator) * i128::from(scale) * 2;
                prop_assert_eq!(rounding.quotient(wide, denominator * scale * 2), plain);
            }
        }
    }
}
