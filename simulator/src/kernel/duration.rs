//! Durations as text: `26s`, `5m`, `1h30m`, `30d`, `250ms`.

use amana_core::time::Span;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{SandboxCode, SandboxError};

/// Units from the largest to the smallest, with their length in milliseconds.
const UNITS: [(&str, u64); 5] = [
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// The longest duration accepted: ten years, so that no sum of instants overflows.
const MILLIS_MAX: u64 = 3_650 * 86_400_000;

/// A span that reads and writes as text.
///
/// ```
/// use amana_simulator::kernel::Duration;
/// let delay: Duration = "1h30m".parse()?;
/// assert_eq!(delay.span().as_millis(), 5_400_000);
/// assert_eq!(delay.to_string(), "1h30m");
/// assert!("5 minutes".parse::<Duration>().is_err());
/// # Ok::<(), amana_simulator::SandboxError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Duration(Span);

impl Duration {
    /// The text form of a span.
    pub const fn new(span: Span) -> Self {
        Self(span)
    }

    /// Its length.
    pub const fn span(self) -> Span {
        self.0
    }
}

impl std::str::FromStr for Duration {
    type Err = SandboxError;

    /// Numbers with their unit, larger units first, each unit at most once.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text)
            .filter(|millis| *millis <= MILLIS_MAX)
            .map(|millis| Self(Span::from_millis(millis)))
            .ok_or(SandboxError::Plain(SandboxCode::DurationMalformed))
    }
}

fn parse(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut total = 0_u64;
    let mut units = UNITS.iter();
    if text == "0" {
        return Some(0);
    }
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = rest.split_at(digits);
        let letters = tail.len() - tail.trim_start_matches(|c: char| c.is_alphabetic()).len();
        let (unit, tail) = tail.split_at(letters);
        let (_, length) = units.find(|(name, _)| *name == unit)?;
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(*length)?)?;
        rest = tail;
    }
    (!text.is_empty()).then_some(total)
}

impl std::fmt::Display for Duration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut left = self.0.as_millis();
        if left == 0 {
            return f.write_str("0s");
        }
        for (unit, length) in UNITS {
            if left >= length {
                write!(f, "{}{unit}", left / length)?;
                left %= length;
            }
        }
        Ok(())
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        for (text, millis, printed) in [
            ("2s", 2_000, "2s"),
            ("0", 0, "0s"),
            ("250ms", 250, "250ms"),
            ("90s", 90_000, "1m30s"),
            ("1d2h3m4s5ms", 93_784_005, "1d2h3m4s5ms"),
        ] {
            let duration: Duration = text.parse().unwrap();
            assert_eq!(duration.span().as_millis(), millis, "{text}");
            assert_eq!(duration.to_string(), printed);
        }
    }

    #[test]
    fn refuses_what_is_no_duration() {
        for text in [
            "",
            "s",
            "5",
            "5x",
            "-5s",
            "1.5s",
            "5s5m",
            "5s5s",
            "5 s",
            "99999999999d",
        ] {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
    }
}
