//! East Africa Time, in which every timestamp of this provider is written.
//!
//! It is three hours ahead of UTC, all year. Each kind of message has its own layout; the id of a
//! prompt even begins with the day.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use super::receipt;
use crate::time::{Span, Timestamp};

const AHEAD: Span = Span::from_mins(180);
const OFFSET_SECONDS: i32 = 3 * 3_600;

/// An instant as a clock in Nairobi shows it.
///
/// ```
/// use amana_core::provider::daraja::eat::Eat;
/// let eat = Eat::from("2026-10-10T11:30:05.700Z".parse::<amana_core::Timestamp>()?);
/// assert_eq!(eat.compact(), "20261010143005");
/// assert_eq!(eat.day_first(), "10102026143005");
/// assert_eq!(eat.dotted(), "10.10.2026 14:30:05");
/// assert_eq!(eat.date(), "20261010");
/// # Ok::<(), amana_core::time::TimestampError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Eat(OffsetDateTime);

impl From<Timestamp> for Eat {
    fn from(at: Timestamp) -> Self {
        Self((at + AHEAD).to_utc())
    }
}

impl Eat {
    /// `YYYYMMDDHHmmss`: requests, prompts and results.
    ///
    /// ```
    /// use amana_core::provider::daraja::eat::Eat;
    /// let eat = Eat::from("2026-10-10T11:30:05Z".parse::<amana_core::Timestamp>()?);
    /// assert_eq!(eat.compact(), "20261010143005");
    /// # Ok::<(), amana_core::time::TimestampError>(())
    /// ```
    pub fn compact(self) -> String {
        format!("{}{}", self.date(), self.clock())
    }

    /// `YYYYMMDD`: ids of conversations, standing orders.
    ///
    /// ```
    /// use amana_core::provider::daraja::eat::Eat;
    /// let eat = Eat::from("2026-10-10T11:30:05Z".parse::<amana_core::Timestamp>()?);
    /// assert_eq!(eat.date(), "20261010");
    /// # Ok::<(), amana_core::time::TimestampError>(())
    /// ```
    pub fn date(self) -> String {
        let t = self.0;
        format!("{:04}{:02}{:02}", t.year(), u8::from(t.month()), t.day())
    }

    /// `DDMMYYYYHHmmss`: ids of prompts.
    ///
    /// ```
    /// use amana_core::provider::daraja::eat::Eat;
    /// let eat = Eat::from("2026-10-10T11:30:05Z".parse::<amana_core::Timestamp>()?);
    /// assert_eq!(eat.day_first(), "10102026143005");
    /// # Ok::<(), amana_core::time::TimestampError>(())
    /// ```
    pub fn day_first(self) -> String {
        let t = self.0;
        let month = u8::from(t.month());
        format!("{:02}{month:02}{:04}{}", t.day(), t.year(), self.clock())
    }

    /// `DD.MM.YYYY HH:mm:ss`: results of payouts.
    ///
    /// ```
    /// use amana_core::provider::daraja::eat::Eat;
    /// let eat = Eat::from("2026-10-10T11:30:05Z".parse::<amana_core::Timestamp>()?);
    /// assert_eq!(eat.dotted(), "10.10.2026 14:30:05");
    /// # Ok::<(), amana_core::time::TimestampError>(())
    /// ```
    pub fn dotted(self) -> String {
        let t = self.0;
        format!(
            "{:02}.{:02}.{:04} {:02}:{:02}:{:02}",
            t.day(),
            u8::from(t.month()),
            t.year(),
            t.hour(),
            t.minute(),
            t.second()
        )
    }

    /// The first three characters of the receipts of this day; `AAA` for a year without a letter.
    ///
    /// ```
    /// use amana_core::provider::daraja::eat::Eat;
    /// let eat = Eat::from("2026-10-10T11:30:05Z".parse::<amana_core::Timestamp>()?);
    /// assert_eq!(eat.receipt_prefix(), "UJA");
    /// # Ok::<(), amana_core::time::TimestampError>(())
    /// ```
    pub fn receipt_prefix(self) -> String {
        receipt::prefix(self.0.date()).unwrap_or_else(|| "AAA".to_owned())
    }

    fn clock(self) -> String {
        let t = self.0;
        format!("{:02}{:02}{:02}", t.hour(), t.minute(), t.second())
    }
}

/// Reads `YYYYMMDDHHmmss` in East Africa Time.
///
/// ```
/// use amana_core::provider::daraja::eat::parse_compact;
/// assert_eq!(parse_compact("20261010143005"), Some("2026-10-10T11:30:05Z".parse()?));
/// assert_eq!(parse_compact("20261310143005"), None);
/// # Ok::<(), amana_core::time::TimestampError>(())
/// ```
pub fn parse_compact(text: &str) -> Option<Timestamp> {
    let digits = text.len() == 14 && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| instant(text)).flatten()
}

/// Reads `YYYY-MM-DD HH:mm:ss` in East Africa Time.
///
/// ```
/// use amana_core::provider::daraja::eat::parse_spaced;
/// assert_eq!(parse_spaced("2026-10-10 14:30:05"), Some("2026-10-10T11:30:05Z".parse()?));
/// # Ok::<(), amana_core::time::TimestampError>(())
/// ```
pub fn parse_spaced(text: &str) -> Option<Timestamp> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let layout: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '9' } else { c })
        .collect();
    (layout == "9999-99-99 99:99:99")
        .then(|| parse_compact(&digits))
        .flatten()
}

/// From fourteen digits.
fn instant(digits: &str) -> Option<Timestamp> {
    let part = |from: usize, to: usize| digits.get(from..to)?.parse::<u16>().ok();
    let small = |from: usize, to: usize| u8::try_from(part(from, to)?).ok();
    let month = Month::try_from(small(4, 6)?).ok()?;
    let date = Date::from_calendar_date(i32::from(part(0, 4)?), month, small(6, 8)?).ok()?;
    let time = Time::from_hms(small(8, 10)?, small(10, 12)?, small(12, 14)?).ok()?;
    let offset = UtcOffset::from_whole_seconds(OFFSET_SECONDS).ok()?;
    let at = PrimitiveDateTime::new(date, time).assume_offset(offset);
    at.unix_timestamp()
        .checked_mul(1_000)
        .map(Timestamp::from_millis)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_day_begins_in_nairobi() {
        let late: Timestamp = "2026-10-09T21:00:00Z".parse().unwrap();
        assert_eq!(Eat::from(late).date(), "20261010");
        assert_eq!(Eat::from(late).receipt_prefix(), "UJA");
        let old: Timestamp = "1999-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(Eat::from(old).receipt_prefix(), "AAA");
    }

    #[test]
    fn refuses_what_is_no_instant() {
        for bad in ["", "2026101014300", "20261310143005", "2026101014300x"] {
            assert_eq!(parse_compact(bad), None, "{bad}");
        }
        for bad in [
            "20261010143005",
            "2026-10-10T14:30:05",
            "2026-10-10 25:00:00",
        ] {
            assert_eq!(parse_spaced(bad), None, "{bad}");
        }
        let noon: Timestamp = "2026-10-10T09:00:00Z".parse().unwrap();
        assert_eq!(parse_spaced("2026-10-10 12:00:00"), Some(noon));
    }

    proptest! {
        #[test]
        fn reads_back_what_it_writes(seconds in 0..4_102_444_800_i64) {
            let at = Timestamp::from_millis(seconds * 1_000);
            prop_assert_eq!(parse_compact(&Eat::from(at).compact()), Some(at));
        }

        #[test]
        fn never_panics(text in ".*") {
            let _ = (parse_compact(&text), parse_spaced(&text));
        }
    }
}
