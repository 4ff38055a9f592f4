//! A probability as an exact decimal: no float decides whether a fault fires.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Chances in a million.
///
/// ```
/// use amana_simulator::kernel::fault::Chance;
/// assert_eq!("0.3".parse(), Ok(Chance::per_million(300_000)));
/// assert!("1.5".parse::<Chance>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chance(u32);

/// The text is not a decimal from 0 to 1 with at most six decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAChance;

impl std::fmt::Display for NotAChance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a probability is a decimal from 0 to 1 with at most six decimals")
    }
}

impl std::error::Error for NotAChance {}

impl Chance {
    const ONE: u32 = 1_000_000;

    /// So many chances in a million; more than a million are a million.
    pub const fn per_million(chances: u32) -> Self {
        Self(if chances > Self::ONE {
            Self::ONE
        } else {
            chances
        })
    }

    /// How many in a million.
    pub const fn as_per_million(self) -> u32 {
        self.0
    }
}

impl std::str::FromStr for Chance {
    type Err = NotAChance;

    fn from_str(text: &str) -> Result<Self, NotAChance> {
        let decimal = Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text));
        let decimal = decimal.map_err(|_| NotAChance)?;
        let millionths = decimal.checked_mul(Decimal::from(Self::ONE));
        millionths
            .filter(|chances| chances.fract().is_zero() && !chances.is_sign_negative())
            .and_then(|chances| chances.to_u32())
            .filter(|chances| *chances <= Self::ONE)
            .map(Self)
            .ok_or(NotAChance)
    }
}

impl std::fmt::Display for Chance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let decimals = format!("{:06}", self.0 % Self::ONE);
        let decimals = match decimals.trim_end_matches('0') {
            "" => "0",
            significant => significant,
        };
        write!(f, "{}.{decimals}", self.0 / Self::ONE)
    }
}

impl Serialize for Chance {
    /// As a JSON number.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number: serde_json::Number = self
            .to_string()
            .parse()
            .map_err(serde::ser::Error::custom)?;
        number.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Chance {
    /// A JSON number, or its text.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::Number(number) => number.to_string(),
            serde_json::Value::String(text) => text,
            _ => return Err(serde::de::Error::custom(NotAChance)),
        };
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_exactly_and_prints() {
        for (text, chances, printed) in [
            ("0", 0, "0.0"),
            ("0.0", 0, "0.0"),
            ("0.3", 300_000, "0.3"),
            ("0.000001", 1, "0.000001"),
            ("1e-6", 1, "0.000001"),
            ("0.30000000", 300_000, "0.3"),
            ("1", 1_000_000, "1.0"),
            ("1.0", 1_000_000, "1.0"),
        ] {
            let chance: Chance = text.parse().unwrap();
            assert_eq!(chance.as_per_million(), chances, "{text}");
            assert_eq!(chance.to_string(), printed);
            let json = serde_json::to_string(&chance).unwrap();
            assert_eq!(serde_json::from_str::<Chance>(&json).unwrap(), chance);
        }
    }

    #[test]
    fn refuses_what_is_no_probability() {
        for text in [
            "",
            ".",
            "-0.1",
            "1.000001",
            "2",
            "0.0000001",
            "abc",
            "5000000000",
            "1e9",
        ] {
            assert_eq!(text.parse::<Chance>(), Err(NotAChance), "{text}");
        }
        for json in ["1.5", "-1", "true", "null", "\"2\"", "1e-9"] {
            assert!(serde_json::from_str::<Chance>(json).is_err(), "{json}");
        }
    }
}
