//! Amounts of money: integer minor units with their currency, exact in both directions.
//!
//! There is no float anywhere near an amount. Sums are checked; text is read digit by digit; JSON
//! numbers of a provider's wire format are read from their decimal text (see [`wire`]).

mod currency;
mod parse;
mod split;
pub mod wire;

use std::fmt;

use rust_decimal::Decimal;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use currency::Currency;
pub use split::split_by_weight;

use crate::error::{Code, Coded, FieldPath};
use crate::json_as_object::Objects;

/// An amount of money: minor units (cents) of one currency.
///
/// The range is that of `NUMERIC(15,2)`: up to 9,999,999,999,999.99 either way, for every currency
/// counted in its own minor units. Amounts may be negative, as differences and ledger entries are.
///
/// JSON form: `{"amount": "350000.00", "currency": "KES"}`, always with the currency's decimals.
///
/// ```
/// use amana_core::{Currency, Money};
/// let price = Money::parse("350000.00", Currency::KES)?;
/// assert_eq!(price.minor(), 35_000_000);
/// assert_eq!(price.to_string(), "KES 350000.00");
/// assert_eq!(price.grouped(), "KES 350,000.00");
/// assert_eq!(price.with_decimals(4), "KES 350000.0000");
/// assert!(Money::parse("0.005", Currency::KES).is_err());
/// # Ok::<(), amana_core::money::MoneyError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// The most minor units an amount can have: 15 nines.
    ///
    /// ```
    /// use amana_core::{Currency, Money};
    /// let most = Money::from_minor(Money::MINOR_MAX, Currency::KES)?;
    /// assert_eq!(most.to_string(), "KES 9999999999999.99");
    /// # Ok::<(), amana_core::money::MoneyError>(())
    /// ```
    pub const MINOR_MAX: i64 = 999_999_999_999_999;

    /// An amount of this many minor units.
    ///
    /// ```
    /// use amana_core::{Currency, Money};
    /// assert_eq!(Money::from_minor(1_050, Currency::KES)?.to_string(), "KES 10.50");
    /// assert!(Money::from_minor(i64::MAX, Currency::KES).is_err());
    /// # Ok::<(), amana_core::money::MoneyError>(())
    /// ```
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] beyond [`Self::MINOR_MAX`] either way.
    pub const fn from_minor(minor: i64, currency: Currency) -> Result<Self, MoneyError> {
        if minor > Self::MINOR_MAX || minor < -Self::MINOR_MAX {
            return Err(MoneyError::OutOfRange);
        }
        Ok(Self { minor, currency })
    }

    /// Nothing, in this currency.
    ///
    /// ```
    /// use amana_core::{Currency, Money};
    /// assert_eq!(Money::zero(Currency::UGX).to_string(), "UGX 0");
    /// ```
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// Minor units: cents for KES, whole shillings for UGX.
    ///
    /// ```
    /// use amana_core::{Currency, Money};
    /// assert_eq!(Money::parse("10.50", Currency::KES)?.minor(), 1_050);
    /// assert_eq!(Money::parse("10", Currency::UGX)?.minor(), 10);
    /// # Ok::<(), amana_core::money::MoneyError>(())
    /// ```
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    ///
    /// ```
    /// use amana_core::{Currency, Money};
    /// assert_eq!(Money::zero(Currency::UGX).currency(), Currency::UGX);
    /// ```
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether it is exactly nothing.
    ///
    /// ```
    /// use amana_core::{Currency, Money};
    /// assert!(Money::zero(Currency::KES).is_zero());
    /// ```
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether it is more than nothing.
    ///
    /// ```
    /// use amana_core::{Currency, Money};
    /// assert!(Money::from_minor(1, Currency::KES)?.is_positive());
    /// assert!(!Money::zero(Currency::KES).is_positive());
    /// # Ok::<(), amana_core::money::MoneyError>(())
    /// ```
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// The sum.
    ///
    /// ```
    /// use amana_core::money::{Currency, Money, MoneyError};
    /// let (kes, usd) = (Money::parse("0.50", Currency::KES)?, Money::zero(Currency::USD));
    /// assert_eq!(kes.checked_add(kes)?.to_string(), "KES 1.00");
    /// assert_eq!(kes.checked_add(usd), Err(MoneyError::CurrencyMismatch));
    /// let most = Money::from_minor(Money::MINOR_MAX, Currency::KES)?;
    /// assert_eq!(most.checked_add(kes), Err(MoneyError::OutOfRange));
    /// # Ok::<(), MoneyError>(())
    /// ```
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] or [`MoneyError::OutOfRange`].
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        // Both are within ±10^15, so the sum is far from the end of `i64`.
        Self::from_minor(self.minor + other.minor, self.currency)
    }

    /// The difference.
    ///
    /// ```
    /// use amana_core::{Currency, Money};
    /// let (price, fee) = (Money::parse("100", Currency::KES)?, Money::parse("0.50", Currency::KES)?);
    /// assert_eq!(price.checked_sub(fee)?.to_string(), "KES 99.50");
    /// # Ok::<(), amana_core::money::MoneyError>(())
    /// ```
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] or [`MoneyError::OutOfRange`].
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        Self::from_minor(self.minor - other.minor, self.currency)
    }

    /// The same amount with the sign turned.
    ///
    /// ```
    /// use amana_core::{Currency, Money};
    /// assert_eq!(Money::from_minor(5, Currency::KES)?.negated().to_string(), "KES -0.05");
    /// # Ok::<(), amana_core::money::MoneyError>(())
    /// ```
    #[must_use]
    pub const fn negated(self) -> Self {
        Self {
            minor: -self.minor,
            currency: self.currency,
        }
    }

    /// Which of the two is more.
    ///
    /// ```
    /// use amana_core::{Currency, Money};
    /// let (less, more) = (Money::from_minor(1, Currency::KES)?, Money::from_minor(2, Currency::KES)?);
    /// assert!(less.compare(more)?.is_lt());
    /// assert!(less.compare(Money::zero(Currency::USD)).is_err());
    /// # Ok::<(), amana_core::money::MoneyError>(())
    /// ```
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`].
    pub fn compare(self, other: Self) -> Result<std::cmp::Ordering, MoneyError> {
        self.same_currency(other)?;
        Ok(self.minor.cmp(&other.minor))
    }

    /// The exact decimal value in major units.
    ///
    /// ```
    /// use amana_core::{Currency, Money};
    /// assert_eq!(Money::parse("10.50", Currency::KES)?.to_decimal().to_string(), "10.50");
    /// # Ok::<(), amana_core::money::MoneyError>(())
    /// ```
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, u32::from(self.currency.exponent()))
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::CurrencyMismatch)
        }
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Money", 2)?;
        object.serialize_field("amount", &self.number())?;
        object.serialize_field("currency", &self.currency)?;
        object.end()
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields, rename = "Money")]
        struct Object<'a> {
            #[serde(borrow)]
            amount: std::borrow::Cow<'a, str>,
            currency: Currency,
        }
        let object = Object::deserialize(Objects(deserializer))?;
        Self::parse(&object.amount, object.currency).map_err(serde::de::Error::custom)
    }
}

/// Why a text or a sum is not an amount.
///
/// ```
/// use amana_core::error::Coded;
/// use amana_core::money::{Currency, Money, MoneyError};
/// let error = Money::parse("1.005", Currency::KES).unwrap_err();
/// assert_eq!(error, MoneyError::Precision);
/// assert_eq!(error.code().as_str(), "money.precision");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyError {
    /// Not a supported ISO 4217 code.
    CurrencyUnknown,
    /// Not a plain decimal number.
    Malformed,
    /// More decimals than the currency has.
    Precision,
    /// Beyond [`Money::MINOR_MAX`].
    OutOfRange,
    /// Two amounts in different currencies.
    CurrencyMismatch,
}

impl Coded for MoneyError {
    fn code(&self) -> Code {
        match self {
            Self::CurrencyUnknown => Code::CurrencyUnknown,
            Self::Malformed => Code::AmountMalformed,
            Self::Precision => Code::AmountPrecision,
            Self::OutOfRange => Code::AmountOutOfRange,
            Self::CurrencyMismatch => Code::CurrencyMismatch,
        }
    }

    fn field(&self) -> Option<FieldPath> {
        match self {
            Self::CurrencyUnknown | Self::CurrencyMismatch => Some(FieldPath::new("/currency")),
            Self::Malformed | Self::Precision | Self::OutOfRange => Some(FieldPath::new("/amount")),
        }
    }
}

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().sentence())
    }
}

impl std::error::Error for MoneyError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_checked() {
        let one = Money::from_minor(1, Currency::KES).unwrap();
        let most = Money::from_minor(Money::MINOR_MAX, Currency::KES).unwrap();
        assert_eq!(most.checked_add(one), Err(MoneyError::OutOfRange));
        assert_eq!(most.negated().checked_sub(one), Err(MoneyError::OutOfRange));
        let dollar = Money::from_minor(1, Currency::USD).unwrap();
        assert_eq!(one.checked_add(dollar), Err(MoneyError::CurrencyMismatch));
        assert_eq!(
            Money::from_minor(i64::MIN, Currency::KES),
            Err(MoneyError::OutOfRange)
        );
    }

    #[test]
    fn json_is_exact() {
        let amount = Money::parse("350000.5", Currency::KES).unwrap();
        let json = serde_json::to_string(&amount).unwrap();
        assert_eq!(json, r#"{"amount":"350000.50","currency":"KES"}"#);
        assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), amount);
        for bad in [
            r#"{"amount":350000.50,"currency":"KES"}"#,
            r#"{"amount":"1","currency":"kes"}"#,
            r#"{"amount":"1","currency":"KES","extra":1}"#,
        ] {
            assert!(serde_json::from_str::<Money>(bad).is_err(), "{bad}");
        }
    }
}
