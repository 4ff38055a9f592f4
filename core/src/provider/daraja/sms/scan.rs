//! Reads the small pieces of a message: words, amounts, dates and times.

use time::{Date, Month, PrimitiveDateTime, Time, UtcOffset};

use crate::money::{Currency, Money};
use crate::time::Timestamp;

/// How the currencies are written, the longer ones first. Compared without case.
const CURRENCIES: [(&str, Currency); 5] = [
    ("Ksh", Currency::KES),
    ("KES", Currency::KES),
    ("Tshs", Currency::TZS),
    ("Tsh", Currency::TZS),
    ("TZS", Currency::TZS),
];

/// A place in a text. What cannot be read there leaves the place where it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    pub(super) const fn new(rest: &'a str) -> Self {
        Self { rest }
    }

    pub(super) const fn rest(&self) -> &'a str {
        self.rest
    }

    fn skip(&mut self, skipped: fn(char) -> bool) {
        self.rest = self.rest.trim_start_matches(skipped);
    }

    pub(super) fn skip_blanks(&mut self) {
        self.skip(|c| c == ' ');
    }

    pub(super) fn skip_blanks_and_points(&mut self) {
        self.skip(|c| matches!(c, ' ' | '.' | ','));
    }

    /// Takes this word or text; a blank in it stands for any number of blanks, also none.
    pub(super) fn take_literal(&mut self, literal: &str) -> bool {
        let mut ahead = *self;
        for expected in literal.chars() {
            if expected == ' ' {
                ahead.skip_blanks();
                continue;
            }
            let mut characters = ahead.rest.chars();
            match characters.next() {
                Some(found) if found.eq_ignore_ascii_case(&expected) => {
                    ahead.rest = characters.as_str();
                }
                _ => return false,
            }
        }
        *self = ahead;
        true
    }

    /// Takes letters and digits.
    pub(super) fn take_word(&mut self) -> Option<&'a str> {
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }

    /// Takes an amount: `Ksh1,500.00`, `TZS 40000`, `Tsh5,000.00 Tsh.`, `Tsh 500/=`.
    pub(super) fn take_amount(&mut self) -> Option<Money> {
        let mut ahead = *self;
        let currency = ahead.take_currency()?;
        ahead.skip(|c| matches!(c, ' ' | '.'));
        let whole = ahead.rest.find(|c: char| !c.is_ascii_digit() && c != ',');
        let (whole, after) = ahead.rest.split_at(whole.unwrap_or(ahead.rest.len()));
        // A comma or point without digits behind it belongs to the sentence.
        let kept = whole.trim_end_matches(',');
        let decimals = after.strip_prefix('.').filter(|_| kept == whole);
        let decimals = decimals.map_or(0, |text| {
            text.bytes().take_while(u8::is_ascii_digit).count()
        });
        let length = match decimals {
            0 => kept.len(),
            count => kept.len() + 1 + count,
        };
        let (number, rest) = ahead.rest.split_at(length);
        let plain: String = number.chars().filter(|c| *c != ',').collect();
        let amount = Money::parse(&plain, currency).ok()?;
        ahead.rest = rest;
        ahead.take_literal("/=");
        ahead.skip_repeated(currency);
        *self = ahead;
        Some(amount)
    }

    /// Passes over the currency when it stands behind the number again, as in `Tsh5.00 Tsh.`, but
    /// not when it begins the next amount.
    fn skip_repeated(&mut self, currency: Currency) {
        let mut ahead = *self;
        ahead.skip_blanks();
        if ahead.take_currency() == Some(currency) && ahead.rest.starts_with('.') {
            ahead.rest = &ahead.rest[1..];
            *self = ahead;
        }
    }

    fn take_currency(&mut self) -> Option<Currency> {
        let found = CURRENCIES
            .into_iter()
            .find(|(word, _)| self.take_literal(word));
        found.map(|(_, currency)| currency)
    }

    /// Takes a date and a time of East Africa: `2/10/26 at 6:05 PM`, `13/01/2025 saa 11:12:05`,
    /// `2025-05-12 at 11:45 AM`, `8/8/26, 8:41 pm`.
    pub(super) fn take_instant(&mut self) -> Option<Timestamp> {
        let mut ahead = *self;
        let date = ahead.take_date()?;
        ahead.skip_blanks_and_points();
        if !ahead.take_literal("at ") {
            ahead.take_literal("saa ");
        }
        let time = ahead.take_time()?;
        let zone = UtcOffset::from_hms(3, 0, 0).ok()?;
        let instant = PrimitiveDateTime::new(date, time).assume_offset(zone);
        *self = ahead;
        Some(Timestamp::from_millis(
            instant.unix_timestamp().saturating_mul(1_000),
        ))
    }

    fn take_date(&mut self) -> Option<Date> {
        let first = self.take_number(4)?;
        let separator = self
            .rest
            .chars()
            .next()
            .filter(|c| matches!(c, '/' | '-'))?;
        let next = |scanner: &mut Self| {
            scanner.rest = scanner.rest.strip_prefix(separator)?;
            scanner.take_number(4)
        };
        let (second, third) = (next(self)?, next(self)?);
        let (year, month, day) = match separator {
            '-' => (first, second, third),
            _ if third < 100 => (2_000 + third, second, first),
            _ => (third, second, first),
        };
        let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
        Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok()
    }

    fn take_time(&mut self) -> Option<Time> {
        let part = |scanner: &mut Self| {
            let number = scanner.take_number(2)?;
            u8::try_from(number).ok()
        };
        let hour = part(self)?;
        self.rest = self.rest.strip_prefix([':', '.'])?;
        let minute = part(self)?;
        let second = match self.rest.strip_prefix(':') {
            Some(rest) => {
                self.rest = rest;
                part(self)?
            }
            None => 0,
        };
        let hour = match (self.take_literal(" am"), hour) {
            (true, 12) => 0,
            (true, 1..=11) => hour,
            (true, _) => return None,
            (false, _) => match (self.take_literal(" pm"), hour) {
                (true, 12) => 12,
                (true, 1..=11) => hour + 12,
                (true, _) => return None,
                (false, _) => hour,
            },
        };
        Time::from_hms(hour, minute, second).ok()
    }

    /// Takes a number of at most this many digits.
    fn take_number(&mut self, digits_max: usize) -> Option<u16> {
        let count = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        if count > digits_max {
            return None;
        }
        let (digits, rest) = self.rest.split_at(count);
        self.rest = rest;
        digits.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts() {
        for (text, amount, rest) in [
            ("Ksh1,500.00 sent", "KES 1500.00", " sent"),
            ("Ksh 500.", "KES 500.00", "."),
            ("KES 7, then", "KES 7.00", ", then"),
            ("Tsh5,000.00 Tsh. has", "TZS 5000.00", " has"),
            ("Tsh5,000.00 Tsh1.00", "TZS 5000.00", " Tsh1.00"),
            ("Tshs 4,000.00 kutoka", "TZS 4000.00", " kutoka"),
            ("TZS 40000/=.", "TZS 40000.00", "."),
            ("tsh0.36.", "TZS 0.36", "."),
        ] {
            let mut scanner = Scanner::new(text);
            let found = scanner.take_amount().map(|amount| amount.to_string());
            assert_eq!((found.as_deref(), scanner.rest()), (Some(amount), rest));
        }
        for text in ["", "Ksh", "Ksh.", "500", "USD 5", "Ksh5.001", "Ksh-5"] {
            assert_eq!(Scanner::new(text).take_amount(), None, "{text}");
        }
    }

    #[test]
    fn instants() {
        for (text, expected) in [
            ("2/10/26 at 6:05 PM", "2026-10-02T15:05:00.000Z"),
            ("2/10/26 at 12:05 AM", "2026-10-01T21:05:00.000Z"),
            ("2/10/26 at 12:05 pm", "2026-10-02T09:05:00.000Z"),
            ("8/8/26, 8:41 pm", "2026-08-08T17:41:00.000Z"),
            ("24/3/25 at 8.02AM", "2025-03-24T05:02:00.000Z"),
            ("13/01/2025 saa 11:12:05", "2025-01-13T08:12:05.000Z"),
            ("2026-06-14 19:20:55", "2026-06-14T16:20:55.000Z"),
            ("04/03/26 14:30", "2026-03-04T11:30:00.000Z"),
        ] {
            let found = Scanner::new(text).take_instant().map(|at| at.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{text}");
        }
        for text in ["", "2/10/26", "31/2/26 at 1:00 PM", "2/13/26 at 1:00 PM"] {
            assert_eq!(Scanner::new(text).take_instant(), None, "{text}");
        }
        for text in [
            "2/10/26 at 13:00 PM",
            "2/10/26 at 0:10 AM",
            "2-10/26 at 1:00 PM",
        ] {
            assert_eq!(Scanner::new(text).take_instant(), None, "{text}");
        }
    }
}
