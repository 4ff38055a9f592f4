//! Amounts and rates as settings write them.

use std::fmt;
use std::str::FromStr;

use amana_core::{Currency, Money};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount in KES, written without its currency: `"1000000.00"`. Never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KesAmount(i64);

impl KesAmount {
    pub(super) const fn of_shillings(shillings: i64) -> Self {
        Self(shillings * 100)
    }

    /// The amount.
    pub const fn money(self) -> Money {
        match Money::from_minor(self.0, Currency::KES) {
            Ok(money) => money,
            Err(_) => Money::zero(Currency::KES),
        }
    }
}

impl Serialize for KesAmount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.money().amount())
    }
}

impl<'de> Deserialize<'de> for KesAmount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let money = Money::parse(&text, Currency::KES).map_err(serde::de::Error::custom)?;
        not_negative(money).map(|money| Self(money.minor()))
    }
}

/// An amount behind its currency with four decimals: `"KES 10000.0000"`. Never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongAmount(Money);

impl LongAmount {
    pub(super) const fn new(money: Money) -> Self {
        Self(money)
    }

    /// The amount.
    pub const fn money(self) -> Money {
        self.0
    }
}

impl Serialize for LongAmount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.with_decimals(4))
    }
}

impl<'de> Deserialize<'de> for LongAmount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let money = Money::parse_with_currency(&text).map_err(serde::de::Error::custom)?;
        not_negative(money).map(Self)
    }
}

fn not_negative<E: serde::de::Error>(money: Money) -> Result<Money, E> {
    if money.minor() < 0 {
        return Err(E::custom("the amount must not be negative"));
    }
    Ok(money)
}

/// Two currencies of an exchange rate: `"USD/LRD"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CurrencyPair {
    /// One of this…
    pub base: Currency,
    /// …is so many of this.
    pub quote: Currency,
}

impl fmt::Display for CurrencyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.quote)
    }
}

impl FromStr for CurrencyPair {
    type Err = amana_core::money::MoneyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (base, quote) = text.split_once('/').unwrap_or((text, ""));
        Ok(Self {
            base: base.parse()?,
            quote: quote.parse()?,
        })
    }
}

impl Serialize for CurrencyPair {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CurrencyPair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// An exchange rate as decimal text, more than zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate(Decimal);

impl Rate {
    /// The rate.
    pub const fn decimal(self) -> Decimal {
        self.0
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        match Decimal::from_str_exact(&text) {
            Ok(rate) if rate > Decimal::ZERO => Ok(Self(rate)),
            _ => Err(serde::de::Error::custom(
                "a rate is a decimal number above zero",
            )),
        }
    }
}
