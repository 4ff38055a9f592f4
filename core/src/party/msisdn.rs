use std::fmt;
use std::str::FromStr;

use crate::error::{Code, Coded, FieldPath};
use crate::json_as_text::json_as_text;

/// Country calling code assumed for national forms (`0712…`): Kenya.
const HOME_CALLING_CODE: &str = "254";
/// Digits of a Kenyan national number without its leading zero.
const HOME_NATIONAL_DIGITS: usize = 9;

/// Digits shown at the beginning of a masked number, at most.
const MASKED_HEAD: usize = 5;
/// Digits hidden in a masked number, at least.
const MASKED_LEAST: usize = 4;
/// Digits shown at the end of a masked number.
const MASKED_TAIL: usize = 3;

/// A phone number in E.164 (ITU-T E.164, at most 15 digits), the identity of a mobile-money wallet.
///
/// Held as a number, so that it is `Copy` and never allocates. `Debug` shows it masked, because a
/// full number must never reach a log; `Display` and JSON show it whole.
///
/// ```
/// use amana_core::Msisdn;
/// for text in ["+254712345678", "254712345678", "0712345678", "712345678", "+254 712-345 678"] {
///     assert_eq!(text.parse::<Msisdn>()?.to_string(), "+254712345678");
/// }
/// assert_eq!(format!("{:?}", "0712345678".parse::<Msisdn>()?), "+25471***678");
/// assert!("12345".parse::<Msisdn>().is_err());
/// # Ok::<(), amana_core::party::MsisdnError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Msisdn(u64);

impl Msisdn {
    /// Its first digits, country code included; the whole number if it is shorter.
    pub(super) fn leading_digits(self, count: u32) -> u64 {
        let length = self.0.checked_ilog10().unwrap_or(0) + 1;
        self.0 / 10_u64.pow(length.saturating_sub(count))
    }

    /// The digits without `+`: `254712345678`, the form some providers use.
    ///
    /// ```
    /// use amana_core::Msisdn;
    /// assert_eq!("0712345678".parse::<Msisdn>()?.digits(), "254712345678");
    /// # Ok::<(), amana_core::party::MsisdnError>(())
    /// ```
    pub fn digits(self) -> String {
        self.0.to_string()
    }

    /// The number with its middle hidden: `+25471***678`. Of a short number less is shown, so that
    /// at least four digits are always hidden.
    ///
    /// ```
    /// use amana_core::Msisdn;
    /// assert_eq!("0712345678".parse::<Msisdn>()?.masked(), "+25471***678");
    /// # Ok::<(), amana_core::party::MsisdnError>(())
    /// ```
    pub fn masked(self) -> String {
        let digits = self.digits();
        let tail = digits.len().saturating_sub(MASKED_TAIL);
        let head = tail.saturating_sub(MASKED_LEAST).min(MASKED_HEAD);
        format!("+{}***{}", &digits[..head], &digits[tail..])
    }
}

impl FromStr for Msisdn {
    type Err = MsisdnError;

    /// Reads the usual forms: E.164 with `+` or `00`, digits with the country code, and Kenyan
    /// national forms. Blanks, dots, hyphens and brackets between digits are passed over.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let (international, rest) = match text.strip_prefix('+').or_else(|| text.strip_prefix("00"))
        {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut digits = String::with_capacity(15);
        for character in rest.chars() {
            match character {
                '0'..='9' if digits.len() < 16 => digits.push(character),
                ' ' | '-' | '.' | '(' | ')' => {}
                _ => return Err(MsisdnError::Malformed),
            }
        }
        if !international {
            let national = digits.strip_prefix('0').unwrap_or(&digits);
            if national.len() == HOME_NATIONAL_DIGITS && national.starts_with(['1', '7']) {
                digits = format!("{HOME_CALLING_CODE}{national}");
            } else if digits.starts_with('0') {
                return Err(MsisdnError::UnknownCountry);
            }
        }
        let kenyan = digits.starts_with(HOME_CALLING_CODE);
        let kenyan_length = HOME_CALLING_CODE.len() + HOME_NATIONAL_DIGITS;
        if digits.starts_with('0')
            || !(8..=15).contains(&digits.len())
            || (kenyan && digits.len() != kenyan_length)
        {
            return Err(MsisdnError::Malformed);
        }
        digits.parse().map(Self).map_err(|_| MsisdnError::Malformed)
    }
}

impl fmt::Display for Msisdn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.0)
    }
}

impl fmt::Debug for Msisdn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

json_as_text!(Msisdn, "a phone number as text");

/// Why a text is not a phone number.
///
/// ```
/// use amana_core::{Msisdn, party::MsisdnError};
/// assert_eq!("0712".parse::<Msisdn>(), Err(MsisdnError::UnknownCountry));
/// assert_eq!("+25471234567".parse::<Msisdn>(), Err(MsisdnError::Malformed));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MsisdnError {
    /// Not a phone number in a known format.
    Malformed,
    /// A national number of an unknown country.
    UnknownCountry,
}

impl Coded for MsisdnError {
    fn code(&self) -> Code {
        match self {
            Self::Malformed => Code::MsisdnMalformed,
            Self::UnknownCountry => Code::MsisdnUnknownCountry,
        }
    }

    fn field(&self) -> Option<FieldPath> {
        Some(FieldPath::new("/phone_number"))
    }
}

impl fmt::Display for MsisdnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().sentence())
    }
}

impl std::error::Error for MsisdnError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn refuses_what_is_no_number() {
        for (text, error) in [
            ("", MsisdnError::Malformed),
            ("+", MsisdnError::Malformed),
            ("+0712345678", MsisdnError::Malformed),
            ("+2547123456789", MsisdnError::Malformed),
            ("+25471234567", MsisdnError::Malformed),
            ("+1234567890123456", MsisdnError::Malformed),
            ("07123x5678", MsisdnError::Malformed),
            ("+254712345678; DROP", MsisdnError::Malformed),
            ("0201234567890", MsisdnError::UnknownCountry),
        ] {
            assert_eq!(text.parse::<Msisdn>(), Err(error), "{text}");
        }
    }

    #[test]
    fn debug_hides_the_middle() {
        for (text, masked) in [
            ("+254712345678", "+25471***678"),
            ("+123456789012345", "+12345***345"),
            ("+1234567890", "+123***890"),
            ("+12345678", "+1***678"),
        ] {
            let msisdn: Msisdn = text.parse().unwrap();
            assert_eq!(format!("{msisdn:?}"), masked);
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".*") {
            if let Ok(msisdn) = text.parse::<Msisdn>() {
                prop_assert_eq!(msisdn.to_string().parse(), Ok(msisdn));
            }
        }
    }
}
