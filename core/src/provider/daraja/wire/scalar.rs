use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::money::{Currency, Money};

/// A JSON string or number, as it was written.
///
/// The provider is careless with the difference: short codes, phones, amounts and result codes come
/// as either, and both directions accept either. Numbers keep their digits (`1.00`), so an amount
/// never goes through a float. Use it as a member of a plain struct read with
/// `serde_json::from_slice`; it cannot stand inside a flattened or tagged type.
///
/// `Debug` hides the middle of what looks like a phone number.
///
/// ```
/// use amana_core::provider::daraja::wire::Scalar;
/// let scalar: Scalar = serde_json::from_str("1.00")?;
/// assert_eq!((scalar.as_str(), scalar.is_text()), ("1.00", false));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Scalar {
    text: String,
    quoted: bool,
}

impl Scalar {
    /// A JSON string.
    ///
    /// ```
    /// use amana_core::provider::daraja::wire::Scalar;
    /// assert_eq!(serde_json::to_string(&Scalar::text("174379"))?, "\"174379\"");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            quoted: true,
        }
    }

    /// A JSON number without decimals.
    ///
    /// ```
    /// use amana_core::provider::daraja::wire::Scalar;
    /// assert_eq!(serde_json::to_string(&Scalar::integer(174379))?, "174379");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn integer(number: u64) -> Self {
        Self {
            text: number.to_string(),
            quoted: false,
        }
    }

    /// A JSON number with the decimals of the currency: `1.00`.
    ///
    /// ```
    /// use amana_core::provider::daraja::wire::Scalar;
    /// use amana_core::{Currency, Money};
    /// assert_eq!(Scalar::amount(Money::from_minor(100, Currency::KES)?).as_str(), "1.00");
    /// # Ok::<(), amana_core::money::MoneyError>(())
    /// ```
    pub fn amount(amount: Money) -> Self {
        Self {
            text: amount.amount(),
            quoted: false,
        }
    }

    /// A JSON number if the text is a whole number, else a JSON string: how this provider writes
    /// result codes (`1032`, but `"SFC_IC0003"`) and digits that are sometimes a number.
    ///
    /// ```
    /// use amana_core::provider::daraja::wire::Scalar;
    /// assert!(!Scalar::number_if_digits("1032").is_text());
    /// assert!(Scalar::number_if_digits("SFC_IC0003").is_text());
    /// ```
    pub fn number_if_digits(text: &str) -> Self {
        let whole = text.parse::<u64>().is_ok_and(|n| n.to_string() == text);
        Self {
            text: text.to_owned(),
            quoted: !whole,
        }
    }

    /// The characters of a JSON string or number, where they stand unless there are escapes among
    /// them; none if the value is neither.
    ///
    /// ```
    /// use amana_core::provider::daraja::wire::Scalar;
    /// use serde_json::value::RawValue;
    /// let raw: &RawValue = serde_json::from_str("1.00")?;
    /// assert_eq!(Scalar::characters(raw)?.as_deref(), Some("1.00"));
    /// assert_eq!(Scalar::characters(RawValue::NULL)?, None);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// # Errors
    /// If a string has an escape that stands for no character.
    pub fn characters(raw: &RawValue) -> Result<Option<Cow<'_, str>>, serde_json::Error> {
        let raw = raw.get();
        match raw
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
        {
            Some(text) if !text.contains('\\') => Ok(Some(text.into())),
            Some(_) => serde_json::from_str(raw).map(|text: String| Some(text.into())),
            None => {
                let number = raw.starts_with(|c: char| c == '-' || c.is_ascii_digit());
                Ok(number.then(|| raw.into()))
            }
        }
    }

    /// The characters, without quotation marks.
    ///
    /// ```
    /// use amana_core::provider::daraja::wire::Scalar;
    /// assert_eq!(Scalar::from("AG-1").as_str(), "AG-1");
    /// ```
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is a JSON string.
    ///
    /// ```
    /// use amana_core::provider::daraja::wire::Scalar;
    /// assert!(Scalar::text("10").is_text());
    /// ```
    pub const fn is_text(&self) -> bool {
        self.quoted
    }

    /// As an amount in shillings, if it is one.
    ///
    /// ```
    /// use amana_core::provider::daraja::wire::Scalar;
    /// assert_eq!(Scalar::text("10.50").to_shillings().map(|amount| amount.minor()), Some(1_050));
    /// ```
    pub fn to_shillings(&self) -> Option<Money> {
        Money::parse(&self.text, Currency::KES).ok()
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl fmt::Debug for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.text.parse::<crate::Msisdn>() {
            Ok(msisdn) if self.text.len() == 12 => fmt::Debug::fmt(&msisdn, f),
            Ok(_) | Err(_) => f.write_str(&self.text),
        }
    }
}

impl Serialize for Scalar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.quoted {
            return serializer.serialize_str(&self.text);
        }
        RawValue::from_string(self.text.clone())
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = Self::characters(&raw).map_err(serde::de::Error::custom)?;
        let text = text.ok_or_else(|| serde::de::Error::custom("expected a string or a number"))?;
        Ok(Self {
            text: text.into_owned(),
            quoted: raw.get().starts_with('"'),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_was_written() {
        for (json, text, is_text) in [
            ("1.00", "1.00", false),
            ("\"1.00\"", "1.00", true),
            ("254708374149", "254708374149", false),
            ("\"SFC_IC0003\"", "SFC_IC0003", true),
        ] {
            let scalar: Scalar = serde_json::from_str(json).unwrap();
            assert_eq!((scalar.as_str(), scalar.is_text()), (text, is_text));
            assert_eq!(serde_json::to_string(&scalar).unwrap(), json);
        }
        for bad in ["null", "true", "[]", "{}"] {
            assert!(serde_json::from_str::<Scalar>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn codes_are_numbers_when_they_can_be() {
        let json = |code| serde_json::to_string(&Scalar::number_if_digits(code)).unwrap();
        assert_eq!(json("1032"), "1032");
        assert_eq!(json("R000001"), "\"R000001\"");
        assert_eq!(json("007"), "\"007\"");
    }

    #[test]
    fn debug_hides_phones() {
        assert_eq!(
            format!("{:?}", Scalar::text("254708374149")),
            "+25470***149"
        );
        assert_eq!(format!("{:?}", Scalar::text("174379")), "174379");
    }
}
