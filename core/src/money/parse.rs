//! Text to amount and back, exactly.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{Currency, Money, MoneyError};

/// Digits read before a number is certainly out of range, so that hostile input stays cheap.
const DIGITS_MAX: usize = 40;

impl Money {
    /// Reads a plain decimal number of major units: `350000`, `350000.00`, `-0.5`.
    ///
    /// No exponent, no grouping, no sign `+`. Decimals beyond the currency's are accepted only if
    /// they are zero (`10.0000` KES is ten shillings).
    ///
    /// ```
    /// use amana_core::money::{Currency, Money, MoneyError};
    /// assert_eq!(Money::parse("10.0000", Currency::KES)?.minor(), 1_000);
    /// assert_eq!(Money::parse("1e3", Currency::KES), Err(MoneyError::Malformed));
    /// assert_eq!(Money::parse("0.5", Currency::UGX), Err(MoneyError::Precision));
    /// # Ok::<(), MoneyError>(())
    /// ```
    ///
    /// # Errors
    /// [`MoneyError::Malformed`], [`MoneyError::Precision`] or [`MoneyError::OutOfRange`].
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, decimals) = match digits.split_once('.') {
            Some((whole, decimals)) if !decimals.is_empty() => (whole, decimals),
            Some(_) => return Err(MoneyError::Malformed),
            None => (digits, ""),
        };
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(decimals) {
            return Err(MoneyError::Malformed);
        }
        if text.len() > DIGITS_MAX {
            return Err(MoneyError::OutOfRange);
        }
        let exponent = usize::from(currency.exponent());
        let (kept, cut) = decimals.split_at(decimals.len().min(exponent));
        if cut.bytes().any(|b| b != b'0') {
            return Err(MoneyError::Precision);
        }
        let padding = exponent - kept.len();
        let mut digits = whole
            .bytes()
            .chain(kept.bytes())
            .chain(std::iter::repeat_n(b'0', padding));
        let minor = digits
            .try_fold(0_i64, |sum, digit| {
                sum.checked_mul(10)?.checked_add(i64::from(digit - b'0'))
            })
            .ok_or(MoneyError::OutOfRange)?;
        Self::from_minor(if negative { -minor } else { minor }, currency)
    }

    /// Reads an amount behind its currency: `KES 10.0000`.
    ///
    /// ```
    /// use amana_core::Money;
    /// assert_eq!(Money::parse_with_currency("UGX 3500")?.minor(), 3_500);
    /// assert!(Money::parse_with_currency("UGX 3500.50").is_err());
    /// assert!(Money::parse_with_currency("XXX 1").is_err());
    /// # Ok::<(), amana_core::money::MoneyError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Self::parse`], and [`MoneyError::CurrencyUnknown`].
    pub fn parse_with_currency(text: &str) -> Result<Self, MoneyError> {
        let (currency, amount) = text.trim().split_once(' ').ok_or(MoneyError::Malformed)?;
        Self::parse(amount.trim_start(), currency.parse()?)
    }

    /// The number alone, with the currency's decimals: `350000.00`.
    ///
    /// ```
    /// use amana_core::{Currency, Money};
    /// assert_eq!(Money::from_minor(35_000_000, Currency::KES)?.amount(), "350000.00");
    /// # Ok::<(), amana_core::money::MoneyError>(())
    /// ```
    pub fn amount(self) -> String {
        self.number().to_string()
    }

    /// The number alone, for writing.
    pub(super) const fn number(self) -> Decimals {
        Decimals {
            money: self,
            decimals: self.currency().exponent(),
        }
    }

    /// With currency and thousands: `KES 350,000.00`.
    ///
    /// ```
    /// use amana_core::{Currency, Money};
    /// assert_eq!(Money::from_minor(35_000_000, Currency::KES)?.grouped(), "KES 350,000.00");
    /// # Ok::<(), amana_core::money::MoneyError>(())
    /// ```
    pub fn grouped(self) -> String {
        let plain = self.amount();
        let (sign, digits) = match plain.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", plain.as_str()),
        };
        let whole_len = digits.find('.').unwrap_or(digits.len());
        let mut out = format!("{} {sign}", self.currency());
        for (index, character) in digits.char_indices() {
            if index > 0 && index < whole_len && (whole_len - index) % 3 == 0 {
                out.push(',');
            }
            out.push(character);
        }
        out
    }

    /// With currency and at least this many decimals, as some providers write it: `KES 10.0000`.
    ///
    /// ```
    /// use amana_core::{Currency, Money};
    /// assert_eq!(Money::from_minor(1_000, Currency::KES)?.with_decimals(4), "KES 10.0000");
    /// # Ok::<(), amana_core::money::MoneyError>(())
    /// ```
    pub fn with_decimals(self, decimals: u8) -> String {
        let decimals = decimals.max(self.currency().exponent());
        let number = Decimals {
            money: self,
            decimals,
        };
        format!("{} {number}", self.currency())
    }
}

/// An amount as digits with a point, padded with zeros to so many decimals.
pub(super) struct Decimals {
    money: Money,
    decimals: u8,
}

impl fmt::Display for Decimals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exponent = self.money.currency().exponent();
        let minor = self.money.minor().unsigned_abs();
        let unit = 10_u64.pow(u32::from(exponent));
        let sign = if self.money.minor() < 0 { "-" } else { "" };
        let (whole, fraction) = (minor / unit, minor % unit);
        let padding = usize::from(self.decimals.saturating_sub(exponent));
        let exponent = usize::from(exponent);
        match (self.decimals, exponent) {
            (0, _) => write!(f, "{sign}{whole}"),
            (_, 0) => write!(f, "{sign}{whole}.{:0<padding$}", ""),
            _ => write!(f, "{sign}{whole}.{fraction:0exponent$}{:0<padding$}", ""),
        }
    }
}

impl Serialize for Decimals {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Money {
    /// Currency and amount with the currency's decimals: `KES 350000.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency(), self.number())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_and_refuses() {
        let kes = |text| Money::parse(text, Currency::KES).map(Money::minor);
        let rows: &[(&str, Result<i64, MoneyError>)] = &[
            ("0", Ok(0)),
            ("1", Ok(100)),
            ("350000.00", Ok(35_000_000)),
            ("0.5", Ok(50)),
            ("10.0000", Ok(1_000)),
            ("-0.01", Ok(-1)),
            ("9999999999999.99", Ok(Money::MINOR_MAX)),
            ("10000000000000.00", Err(MoneyError::OutOfRange)),
            (
                "99999999999999999999999999999999999999999999",
                Err(MoneyError::OutOfRange),
            ),
            ("0.001", Err(MoneyError::Precision)),
            ("", Err(MoneyError::Malformed)),
            ("-", Err(MoneyError::Malformed)),
            (".5", Err(MoneyError::Malformed)),
            ("5.", Err(MoneyError::Malformed)),
            ("+5", Err(MoneyError::Malformed)),
            ("1e3", Err(MoneyError::Malformed)),
            ("1,000", Err(MoneyError::Malformed)),
            (" 1", Err(MoneyError::Malformed)),
            ("NaN", Err(MoneyError::Malformed)),
            ("٣", Err(MoneyError::Malformed)),
        ];
        for (text, expected) in rows {
            assert_eq!(kes(text), *expected, "{text}");
        }
        assert_eq!(Money::parse("1.0", Currency::UGX).map(Money::minor), Ok(1));
        assert_eq!(
            Money::parse("1.5", Currency::UGX),
            Err(MoneyError::Precision)
        );
    }

    #[test]
    fn prints() {
        let money = |minor, currency| Money::from_minor(minor, currency).unwrap();
        assert_eq!(money(35_000_000, Currency::KES).grouped(), "KES 350,000.00");
        assert_eq!(money(99_900, Currency::KES).grouped(), "KES 999.00");
        assert_eq!(
            money(-123_456_789, Currency::KES).grouped(),
            "KES -1,234,567.89"
        );
        assert_eq!(money(1_234_567, Currency::UGX).grouped(), "UGX 1,234,567");
        assert_eq!(money(5, Currency::KES).to_string(), "KES 0.05");
        assert_eq!(money(5, Currency::UGX).with_decimals(4), "UGX 5.0000");
        assert_eq!(money(1_000, Currency::KES).with_decimals(4), "KES 10.0000");
    }

    proptest! {
        #[test]
        fn round_trips(
            minor in -Money::MINOR_MAX..=Money::MINOR_MAX,
            index in 0..Currency::ALL.len(),
        ) {
            let money = Money::from_minor(minor, Currency::ALL[index]).unwrap();
            prop_assert_eq!(Money::parse(&money.amount(), money.currency()), Ok(money));
            prop_assert_eq!(Money::parse_with_currency(&money.to_string()), Ok(money));
            prop_assert_eq!(Money::parse_with_currency(&money.with_decimals(4)), Ok(money));
        }

        #[test]
        fn never_panics(text in ".*") {
            let _ = Money::parse(&text, Currency::KES);
            let _ = Money::parse_with_currency(&text);
        }
    }
}
