//! Amounts on a provider's wire: JSON numbers read and written by their decimal text.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::{Currency, Money, MoneyError};

/// A decimal number as it stood in the JSON: `350000`, `10.50` or `"10.50"`, never through a float.
///
/// Use it as a field of a plain struct read with `serde_json::from_slice`; it cannot stand inside a
/// flattened or tagged type.
///
/// ```
/// use amana_core::{Currency, money::wire::WireDecimal};
/// #[derive(serde::Deserialize)]
/// struct Order { amount: WireDecimal }
/// let order: Order = serde_json::from_str(r#"{"amount": 350000.10}"#)?;
/// assert_eq!(order.amount.to_money(Currency::KES)?.to_string(), "KES 350000.10");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct WireDecimal {
    text: String,
    quoted: bool,
}

impl WireDecimal {
    /// The number of an amount, written as a JSON number without trailing zeros: `350000`, `10.5`.
    ///
    /// ```
    /// use amana_core::{Currency, Money, money::wire::WireDecimal};
    /// let number = WireDecimal::number(Money::parse("10.50", Currency::KES)?);
    /// assert_eq!(serde_json::to_string(&number)?, "10.5");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn number(amount: Money) -> Self {
        let text = amount.amount();
        let text = match text.contains('.') {
            true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
            false => text,
        };
        Self {
            text,
            quoted: false,
        }
    }

    /// The digits as they were written.
    ///
    /// ```
    /// use amana_core::money::wire::WireDecimal;
    /// let number: WireDecimal = serde_json::from_str("10.50")?;
    /// assert_eq!(number.as_str(), "10.50");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it was written as a JSON string.
    ///
    /// ```
    /// use amana_core::money::wire::WireDecimal;
    /// assert!(serde_json::from_str::<WireDecimal>("\"10.50\"")?.is_quoted());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn is_quoted(&self) -> bool {
        self.quoted
    }

    /// Reads it as an amount of this currency. An exponent (`3.5e5`) is refused as malformed.
    ///
    /// ```
    /// use amana_core::{Currency, money::wire::WireDecimal};
    /// let number: WireDecimal = serde_json::from_str("10.5")?;
    /// assert_eq!(number.to_money(Currency::KES)?.minor(), 1_050);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Money::parse`].
    pub fn to_money(&self, currency: Currency) -> Result<Money, MoneyError> {
        Money::parse(&self.text, currency)
    }
}

impl fmt::Debug for WireDecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for WireDecimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.quoted {
            return serializer.serialize_str(&self.text);
        }
        RawValue::from_string(self.text.clone())
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for WireDecimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let raw = raw.get();
        if raw.starts_with('"') {
            let text: String = serde_json::from_str(raw).map_err(serde::de::Error::custom)?;
            return Ok(Self { text, quoted: true });
        }
        if raw.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
            return Ok(Self {
                text: raw.to_owned(),
                quoted: false,
            });
        }
        Err(serde::de::Error::custom("expected a number"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_text() {
        for (json, text) in [("350000", "350000"), ("10.10", "10.10"), ("\"7.5\"", "7.5")] {
            let number: WireDecimal = serde_json::from_str(json).unwrap();
            assert_eq!(number.as_str(), text);
            assert_eq!(serde_json::to_string(&number).unwrap(), json);
        }
        // A float could not hold this.
        let exact: WireDecimal = serde_json::from_str("9007199254740993.01").unwrap();
        assert_eq!(exact.as_str(), "9007199254740993.01");
        for bad in ["null", "true", "[1]", "{}", ""] {
            assert!(serde_json::from_str::<WireDecimal>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn writes_short_numbers() {
        let number = |text| WireDecimal::number(Money::parse(text, Currency::KES).unwrap());
        assert_eq!(number("350000.00").as_str(), "350000");
        assert_eq!(number("10.50").as_str(), "10.5");
        assert_eq!(number("0").as_str(), "0");
    }
}
