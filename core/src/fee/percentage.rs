use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use super::TariffError;
use crate::json_as_text::json_as_text;

/// A percentage from 0 to 100 with at most four decimals, held exactly as millionths.
///
/// Printed and parsed without the sign: `0.55` is 0.55 %.
///
/// ```
/// use amana_core::fee::Percentage;
/// let rate: Percentage = "0.55".parse()?;
/// assert_eq!(rate.millionths(), 5_500);
/// assert_eq!(rate.to_string(), "0.55");
/// assert!("0.00001".parse::<Percentage>().is_err());
/// assert!("101".parse::<Percentage>().is_err());
/// assert!("-1".parse::<Percentage>().is_err());
/// # Ok::<(), amana_core::fee::TariffError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Percentage(u32);

impl Percentage {
    /// Nothing.
    ///
    /// ```
    /// use amana_core::fee::Percentage;
    /// assert_eq!(Percentage::ZERO.millionths(), 0);
    /// ```
    pub const ZERO: Self = Self(0);
    /// The whole, in millionths.
    pub(super) const WHOLE_MILLIONTHS: u32 = 1_000_000;
    /// Decimals of a percentage: a millionth is 0.0001 %.
    const DECIMALS: u32 = 4;

    /// A rate of this many millionths: 5,500 is 0.55 %. More than the whole is the whole.
    ///
    /// ```
    /// use amana_core::fee::Percentage;
    /// const HALF_A_PERCENT: Percentage = Percentage::from_millionths(5_000);
    /// assert_eq!(HALF_A_PERCENT.to_string(), "0.5");
    /// ```
    pub const fn from_millionths(millionths: u32) -> Self {
        if millionths > Self::WHOLE_MILLIONTHS {
            Self(Self::WHOLE_MILLIONTHS)
        } else {
            Self(millionths)
        }
    }

    /// The percentage of this decimal number: 0.55 is 0.55 %.
    ///
    /// # Errors
    /// [`TariffError::PercentageMalformed`] outside 0 to 100 or with more than four decimals.
    ///
    /// ```
    /// use amana_core::fee::Percentage;
    /// use rust_decimal::Decimal;
    /// assert_eq!(Percentage::from_decimal(Decimal::new(55, 2))?.millionths(), 5_500);
    /// assert!(Percentage::from_decimal(Decimal::new(55, 5)).is_err());
    /// # Ok::<(), amana_core::fee::TariffError>(())
    /// ```
    pub fn from_decimal(percent: Decimal) -> Result<Self, TariffError> {
        let percent = percent.normalize();
        let wanted = Self::DECIMALS
            .checked_sub(percent.scale())
            .and_then(|missing| percent.mantissa().checked_mul(10_i128.pow(missing)))
            .and_then(|millionths| u32::try_from(millionths).ok())
            .filter(|millionths| *millionths <= Self::WHOLE_MILLIONTHS);
        wanted.map(Self).ok_or(TariffError::PercentageMalformed)
    }

    /// Millionths of the whole.
    ///
    /// ```
    /// use amana_core::fee::Percentage;
    /// assert_eq!("1.5".parse::<Percentage>()?.millionths(), 15_000);
    /// # Ok::<(), amana_core::fee::TariffError>(())
    /// ```
    pub const fn millionths(self) -> u32 {
        self.0
    }

    /// The same as a decimal number of per cent.
    ///
    /// ```
    /// use amana_core::fee::Percentage;
    /// assert_eq!("1.5".parse::<Percentage>()?.to_decimal().normalize().to_string(), "1.5");
    /// # Ok::<(), amana_core::fee::TariffError>(())
    /// ```
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(i64::from(self.0), Self::DECIMALS).normalize()
    }
}

impl FromStr for Percentage {
    type Err = TariffError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        if !plain {
            return Err(TariffError::PercentageMalformed);
        }
        let percent =
            Decimal::from_str_exact(text).map_err(|_| TariffError::PercentageMalformed)?;
        Self::from_decimal(percent)
    }
}

impl fmt::Display for Percentage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_decimal().fmt(f)
    }
}

json_as_text!(Percentage, "a percentage as text");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn refuses() {
        for text in [
            "",
            ".",
            "-0.5",
            "+1",
            "1e1",
            "1_0",
            "100.0001",
            "0.00005",
            "9".repeat(60).as_str(),
        ] {
            assert_eq!(
                text.parse::<Percentage>(),
                Err(TariffError::PercentageMalformed),
                "{text}"
            );
        }
        assert_eq!("0.500000".parse(), Ok(Percentage(5_000)));
    }

    proptest! {
        #[test]
        fn prints_and_parses(millionths in 0..=Percentage::WHOLE_MILLIONTHS) {
            let rate = Percentage::from_millionths(millionths);
            prop_assert_eq!(rate.to_string().parse(), Ok(rate));
        }
    }
}
