//! Durations as text: `26s`, `5m`, `1h30m`, `30d`, `250ms`.

use std::cmp::Ordering;

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

/// The place of seconds among them.
const SECONDS: usize = 3;

/// The longest duration accepted: ten years, so that no sum of instants overflows.
const MILLIS_MAX: u64 = 3_650 * 86_400_000;

/// A span that reads and writes as text. It is written with the unit it was read with as its
/// largest: `60s` stays `60s`. Two durations are equal if they are equally long.
///
/// ```
/// use amana_simulator::kernel::Duration;
/// let delay: Duration = "1h30m".parse()?;
/// assert_eq!(delay.span().as_millis(), 5_400_000);
/// assert_eq!(delay.to_string(), "1h30m");
/// assert_eq!("90s".parse::<Duration>()?.to_string(), "90s");
/// assert!("5 minutes".parse::<Duration>().is_err());
/// # Ok::<(), amana_simulator::SandboxError>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Duration {
    span: Span,
    /// The place in the table of the largest unit it is written with.
    largest: usize,
}

impl Duration {
    /// The text form of a span, in the largest units it has.
    pub const fn new(span: Span) -> Self {
        Self { span, largest: 0 }
    }

    /// So many seconds, written in seconds.
    pub const fn of_seconds(seconds: u64) -> Self {
        Self {
            span: Span::from_secs(seconds),
            largest: SECONDS,
        }
    }

    /// Its length.
    pub const fn span(self) -> Span {
        self.span
    }
}

impl PartialEq for Duration {
    fn eq(&self, other: &Self) -> bool {
        self.span == other.span
    }
}

impl Eq for Duration {}

impl PartialOrd for Duration {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Duration {
    fn cmp(&self, other: &Self) -> Ordering {
        self.span.cmp(&other.span)
    }
}

impl std::str::FromStr for Duration {
    type Err = SandboxError;

    /// Numbers with their unit, larger units first, each unit at most once.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text)
            .filter(|(millis, _)| *millis <= MILLIS_MAX)
            .map(|(millis, largest)| Self {
                span: Span::from_millis(millis),
                largest,
            })
            .ok_or(SandboxError::Plain(SandboxCode::DurationMalformed))
    }
}

/// The milliseconds, and the place of the first unit.
fn parse(text: &str) -> Option<(u64, usize)> {
    let mut rest = text;
    let mut total = 0_u64;
    let mut largest = None;
    let mut units = UNITS.iter().enumerate();
    if text == "0" {
        return Some((0, SECONDS));
    }
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = rest.split_at(digits);
        let letters = tail.len() - tail.trim_start_matches(|c: char| c.is_alphabetic()).len();
        let (unit, tail) = tail.split_at(letters);
        let (place, (_, length)) = units.find(|(_, (name, _))| *name == unit)?;
        largest.get_or_insert(place);
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(*length)?)?;
        rest = tail;
    }
    Some((total, largest?))
}

impl std::fmt::Display for Duration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut left = self.span.as_millis();
        if left == 0 {
            return f.write_str("0s");
        }
        for (unit, length) in UNITS.into_iter().skip(self.largest) {
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
            ("60s", 60_000, "60s"),
            ("90s", 90_000, "90s"),
            ("1m30s", 90_000, "1m30s"),
            ("1500ms", 1_500, "1500ms"),
            ("1m90s", 150_000, "2m30s"),
            ("1d2h3m4s5ms", 93_784_005, "1d2h3m4s5ms"),
        ] {
            let duration: Duration = text.parse().unwrap();
            assert_eq!(duration.span().as_millis(), millis, "{text}");
            assert_eq!(duration.to_string(), printed);
        }
    }

    #[test]
    fn is_as_long_as_it_is_however_it_is_written() {
        let read = |text: &str| text.parse::<Duration>().unwrap();
        assert_eq!(read("60s"), read("1m"));
        assert_eq!(read("60s"), Duration::of_seconds(60));
        assert!(read("61s") > read("1m"));
        let minute = Duration::new(Span::from_secs(60));
        assert_eq!(minute.to_string(), "1m");
        assert_eq!(Duration::of_seconds(60).to_string(), "60s");
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
