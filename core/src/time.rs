//! Instants and spans. There is no clock here: "now" is always an argument.

use std::fmt;
use std::ops::{Add, Sub};

use ::time::OffsetDateTime;
use ::time::format_description::well_known::Rfc3339;
use serde::{Deserialize, Serialize};

use crate::error::{Code, Coded};
use crate::json_as_text::json_as_text;

/// An instant: milliseconds since the Unix epoch, UTC.
///
/// Printed as RFC 3339 with exactly three decimals and `Z`, the form used on every surface of the
/// product; parsed from any RFC 3339 text, where digits beyond the millisecond are cut off.
///
/// ```
/// use amana_core::Timestamp;
/// let t: Timestamp = "2026-03-06T13:30:00.1239+03:00".parse()?;
/// assert_eq!(t.to_string(), "2026-03-06T10:30:00.123Z");
/// assert!("yesterday".parse::<Timestamp>().is_err());
/// # Ok::<(), amana_core::time::TimestampError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The first instant that can be written with four digits of the year: 0000-01-01T00:00:00Z.
    ///
    /// ```
    /// use amana_core::Timestamp;
    /// assert_eq!(Timestamp::MIN.to_string(), "0000-01-01T00:00:00.000Z");
    /// ```
    pub const MIN: Self = Self(-62_167_219_200_000);
    /// The last instant that can be written with four digits of the year.
    ///
    /// ```
    /// use amana_core::Timestamp;
    /// assert_eq!(Timestamp::MAX.to_string(), "9999-12-31T23:59:59.999Z");
    /// ```
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The instant this many milliseconds after the Unix epoch, moved into [`Self::MIN`]..=[`Self::MAX`].
    ///
    /// ```
    /// use amana_core::Timestamp;
    /// assert_eq!(Timestamp::from_millis(0).to_string(), "1970-01-01T00:00:00.000Z");
    /// assert_eq!(Timestamp::from_millis(i64::MAX), Timestamp::MAX);
    /// ```
    pub const fn from_millis(millis: i64) -> Self {
        if millis < Self::MIN.0 {
            Self::MIN
        } else if millis > Self::MAX.0 {
            Self::MAX
        } else {
            Self(millis)
        }
    }

    /// Milliseconds since the Unix epoch.
    ///
    /// ```
    /// use amana_core::Timestamp;
    /// assert_eq!("1970-01-01T00:00:01Z".parse::<Timestamp>()?.as_millis(), 1_000);
    /// # Ok::<(), amana_core::time::TimestampError>(())
    /// ```
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The same instant as a calendar date and time in UTC.
    ///
    /// ```
    /// use amana_core::Timestamp;
    /// assert_eq!(Timestamp::from_millis(0).to_utc().year(), 1970);
    /// ```
    pub fn to_utc(self) -> OffsetDateTime {
        // INVARIANT: MIN..=MAX lies within what `OffsetDateTime` can hold.
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

/// `2026-03-06T10:30:00.000Z`
const TEMPLATE: [u8; 24] = *b"0000-00-00T00:00:00.000Z";

impl Timestamp {
    /// The text. Histories are full of instants, so its digits are put in by hand, which is several
    /// times as fast as formatting seven padded numbers.
    fn text(self) -> [u8; 24] {
        let t = self.to_utc();
        let mut text = TEMPLATE;
        // INVARIANT: MIN..=MAX has years from 0 to 9999.
        digits(&mut text[0..4], t.year().unsigned_abs());
        digits(&mut text[5..7], u8::from(t.month()).into());
        digits(&mut text[8..10], t.day().into());
        digits(&mut text[11..13], t.hour().into());
        digits(&mut text[14..16], t.minute().into());
        digits(&mut text[17..19], t.second().into());
        digits(&mut text[20..23], t.millisecond().into());
        text
    }
}

/// Fills the place with the number's last digits.
fn digits(place: &mut [u8], mut number: u32) {
    for digit in place.iter_mut().rev() {
        *digit += (number % 10) as u8;
        number /= 10;
    }
}

/// Digits and signs of ASCII are always a text.
fn ascii(text: &[u8; 24]) -> &str {
    str::from_utf8(text).unwrap_or_default()
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(ascii(&self.text()))
    }
}

impl std::str::FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| TimestampError)?;
        let millis = parsed.unix_timestamp_nanos().div_euclid(1_000_000);
        i64::try_from(millis)
            .map(Self::from_millis)
            .map_err(|_| TimestampError)
    }
}

json_as_text!(Timestamp, "an instant as text");

/// A span of time in milliseconds, never negative.
///
/// ```
/// use amana_core::Timestamp;
/// use amana_core::time::Span;
/// let sent_at = Timestamp::from_millis(0);
/// let due_at = sent_at + Span::from_mins(5);
/// assert_eq!(due_at - sent_at, Span::from_secs(300));
/// assert_eq!(sent_at - due_at, Span::ZERO);
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Span(u64);

impl Span {
    /// No time at all.
    ///
    /// ```
    /// use amana_core::time::Span;
    /// assert_eq!(Span::ZERO, Span::from_millis(0));
    /// ```
    pub const ZERO: Self = Self(0);

    /// A span of this many milliseconds.
    ///
    /// ```
    /// use amana_core::time::Span;
    /// assert_eq!(Span::from_millis(1_500).as_millis(), 1_500);
    /// ```
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// A span of this many seconds.
    ///
    /// ```
    /// use amana_core::time::Span;
    /// assert_eq!(Span::from_secs(2), Span::from_millis(2_000));
    /// ```
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs.saturating_mul(1_000))
    }

    /// A span of this many minutes.
    ///
    /// ```
    /// use amana_core::time::Span;
    /// assert_eq!(Span::from_mins(5), Span::from_secs(300));
    /// ```
    pub const fn from_mins(mins: u64) -> Self {
        Self::from_secs(mins.saturating_mul(60))
    }

    /// A span of this many days of 24 hours.
    ///
    /// ```
    /// use amana_core::time::Span;
    /// assert_eq!(Span::from_days(1), Span::from_mins(24 * 60));
    /// ```
    pub const fn from_days(days: u64) -> Self {
        Self::from_mins(days.saturating_mul(24 * 60))
    }

    /// Its length in milliseconds.
    ///
    /// ```
    /// use amana_core::time::Span;
    /// assert_eq!(Span::from_secs(1).as_millis(), 1_000);
    /// ```
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// The span this many times as long; stays at the longest span rather than overflow.
    ///
    /// ```
    /// use amana_core::time::Span;
    /// assert_eq!(Span::from_secs(10).saturating_mul(3), Span::from_secs(30));
    /// assert_eq!(Span::from_secs(10).saturating_mul(u64::MAX).as_millis(), u64::MAX);
    /// ```
    pub const fn saturating_mul(self, factor: u64) -> Self {
        Self(self.0.saturating_mul(factor))
    }
}

impl Add<Span> for Timestamp {
    type Output = Self;

    /// Saturates at [`Timestamp::MAX`].
    fn add(self, span: Span) -> Self {
        let span = i64::try_from(span.0).unwrap_or(i64::MAX);
        Self::from_millis(self.0.saturating_add(span))
    }
}

impl Sub for Timestamp {
    type Output = Span;

    /// The span from the earlier to the later instant; zero if they are the other way round.
    fn sub(self, earlier: Self) -> Span {
        Span(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// The text is not an RFC 3339 instant.
///
/// ```
/// use amana_core::{Timestamp, time::TimestampError};
/// assert_eq!("yesterday".parse::<Timestamp>(), Err(TimestampError));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimestampError;

impl fmt::Display for TimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().sentence())
    }
}

impl std::error::Error for TimestampError {}

impl Coded for TimestampError {
    fn code(&self) -> Code {
        Code::TimestampMalformed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_and_parses() {
        for (text, millis) in [
            ("1970-01-01T00:00:00.000Z", 0),
            ("2026-03-06T10:30:00.000Z", 1_772_793_000_000),
            ("1969-12-31T23:59:59.999Z", -1),
        ] {
            assert_eq!(Timestamp::from_millis(millis).to_string(), text);
            assert_eq!(text.parse(), Ok(Timestamp::from_millis(millis)));
        }
    }

    #[test]
    fn limits_print_and_parse() {
        for limit in [Timestamp::MIN, Timestamp::MAX] {
            assert_eq!(limit.to_string().parse(), Ok(limit));
        }
        assert_eq!(Timestamp::MAX + Span::from_days(1), Timestamp::MAX);
        assert_eq!(
            Timestamp::from_millis(1) - Timestamp::from_millis(5),
            Span::ZERO
        );
    }
}
