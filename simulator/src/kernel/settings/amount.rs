//! Amounts and rates as settings write them.

use std::fmt;
use std::str::FromStr;

use amana_core::{Currency, Money};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
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

/// How a fee follows from a value: so many per cent of it, within two bounds in units of its currency.
/// All three are decimal text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FeeRule {
    /// Hundredths of the value.
    #[serde(with = "decimal")]
    percent: Decimal,
    /// The least fee.
    #[serde(with = "decimal")]
    least: Decimal,
    /// The most; more than the least, or it is the fee.
    #[serde(with = "decimal")]
    most: Decimal,
}

impl Default for FeeRule {
    /// One per cent, at most one unit: what two recorded fees have in common.
    fn default() -> Self {
        Self {
            percent: Decimal::ONE,
            least: Decimal::ZERO,
            most: Decimal::ONE,
        }
    }
}

impl FeeRule {
    /// The fee on a value, rounded half up to the minor unit.
    pub fn on(&self, value: Money) -> Money {
        let currency = value.currency();
        let exponent = u32::from(currency.exponent());
        let minor = Decimal::new(value.minor().max(0), exponent)
            .checked_mul(self.percent)
            .and_then(|fee| fee.checked_div(Decimal::ONE_HUNDRED))
            .map_or(self.most, |fee| fee.max(self.least).min(self.most))
            .round_dp_with_strategy(exponent, RoundingStrategy::MidpointAwayFromZero)
            .checked_mul(Decimal::from(10_u64.pow(exponent)))
            .and_then(|minor| minor.to_i64());
        let money = minor.and_then(|minor| Money::from_minor(minor, currency).ok());
        money.unwrap_or(Money::zero(currency))
    }
}

/// Decimal text that is not negative.
mod decimal {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serializer};

    /// The most that is taken, far above any fee.
    const MOST: i64 = 1_000_000_000;

    pub(super) fn serialize<S: Serializer>(value: &Decimal, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Decimal, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        match Decimal::from_str_exact(&text) {
            Ok(value) if !value.is_sign_negative() && value <= Decimal::from(MOST) => Ok(value),
            _ => Err(serde::de::Error::custom(
                "a fee is described by decimal numbers that are not negative",
            )),
        }
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

#[cfg(test)]
mod tests {
    use amana_core::provider::africastalking::tariff;
    use serde_json::json;

    use super::*;

    fn fee(rule: serde_json::Value, value: &str) -> Option<String> {
        let rule: FeeRule = serde_json::from_value(rule).ok()?;
        let value = Money::parse_with_currency(value).unwrap();
        Some(rule.on(value).with_decimals(4))
    }

    #[test]
    fn fees_are_within_their_bounds() {
        for (rule, value, expected) in [
            (json!({}), "KES 10", Some("KES 0.1000")),
            (json!({}), "KES 375", Some("KES 1.0000")),
            (json!({}), "UGX 49", Some("UGX 0.0000")),
            (json!({}), "UGX 50", Some("UGX 1.0000")),
            (
                json!({"percent": "2.5", "most": "100"}),
                "KES 375",
                Some("KES 9.3800"),
            ),
            (
                json!({"percent": "0", "least": "25", "most": "25"}),
                "KES 375",
                Some("KES 25.0000"),
            ),
            (json!({"percent": "-1"}), "KES 1", None),
            (json!({"percent": 1}), "KES 1", None),
            (json!({"percent": "10000000000"}), "KES 1", None),
        ] {
            assert_eq!(
                fee(rule.clone(), value).as_deref(),
                expected,
                "{rule} {value}"
            );
        }
    }

    #[test]
    fn the_usual_fee_is_the_recorded_one() {
        for minor in [0, 1, 49, 50, 51, 149, 1_000, 37_500, 9_999_999] {
            let value = Money::from_minor(minor, Currency::KES).unwrap();
            let recorded = tariff::transaction_fee(value).unwrap();
            assert_eq!(FeeRule::default().on(value), recorded, "{minor}");
        }
    }
}
