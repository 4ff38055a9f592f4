use std::fmt;
use std::str::FromStr;

use crate::error::{Code, Coded, FieldPath};
use crate::json_as_text::json_as_text;

/// Country calling code assumed for national forms (`0712…`): Kenya.
const HOME_CALLING_CODE: u64 = 254;
/// Digits of a Kenyan national number without its leading zero, and the least number of so many.
const NATIONAL_DIGITS: u32 = 9;
const NATIONAL_LEAST: u64 = 100_000_000;
/// Digits of a Kenyan number with its calling code.
const HOME_DIGITS: u32 = 3 + NATIONAL_DIGITS;
/// Calling codes of Kenya, Tanzania, Uganda and Rwanda, where a zero is dialled before the nine
/// digits of a number at home, and where no number begins with one (national numbering plans, as
/// listed by the ITU). Elsewhere it may belong to the number, as in Côte d'Ivoire and Benin.
const TRUNK_ZERO_CODES: [u64; 4] = [HOME_CALLING_CODE, 255, 256, 250];

/// The scheme of a number in a link (RFC 3966).
const TEL: &str = "tel:";
/// The most digits, signs and brackets looked at; the longest number has 15 digits.
const WRITTEN_MAX: usize = 32;

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
/// for text in ["+254 (0)712 345678", "(0712) 345-678", "tel:+254-712-345-678", "00254712345678"] {
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
    /// national forms; each also behind `tel:` (RFC 3966, without parameters). Between the digits,
    /// blanks, dots, hyphens and brackets are passed over, and so are the marks of direction that
    /// come along when a number is copied out of a contact. The zero that Kenya and its neighbours
    /// dial at home may stand behind their country code: `+254 (0)712 345678`.
    ///
    /// Refused is what can be read in two ways: extensions, two numbers at once, digits of other
    /// scripts, a bracketed zero where it may belong to the number.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let written = Written::of(text)?;
        let written = written.signs();
        let written = written.strip_prefix(b"(").unwrap_or(written);
        let (is_international, rest) = match written {
            [b'+', rest @ ..] | [b'0', b'0', rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        if rest.contains(&b'+') || !may_have_bracketed_zero(rest) {
            return Err(MsisdnError::Malformed);
        }
        let mut digits = Digits::of(rest);
        if !is_international {
            digits = digits.at_home()?;
        }
        let digits = digits.without_trunk_zero()?;
        let has_home_length = digits.count == HOME_DIGITS;
        if digits.head(3) == HOME_CALLING_CODE && !has_home_length {
            return Err(MsisdnError::Malformed);
        }
        Ok(Self(digits.value))
    }
}

/// What counts in a written number: its digits, `+` and brackets.
struct Written {
    signs: [u8; WRITTEN_MAX],
    count: usize,
}

impl Written {
    fn of(text: &str) -> Result<Self, MsisdnError> {
        let text = text.trim_matches(is_passed_over);
        let text = match text.split_at_checked(TEL.len()) {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case(TEL) => rest,
            Some(_) | None => text,
        };
        let mut written = Self {
            signs: [0; WRITTEN_MAX],
            count: 0,
        };
        for character in text.chars() {
            match (character, written.signs.get_mut(written.count)) {
                ('0'..='9' | '+' | '(' | ')', Some(place)) => {
                    *place = character as u8;
                    written.count += 1;
                }
                (passed_over, _) if is_passed_over(passed_over) => {}
                _ => return Err(MsisdnError::Malformed),
            }
        }
        Ok(written)
    }

    fn signs(&self) -> &[u8] {
        &self.signs[..self.count]
    }
}

/// A zero in brackets is right only behind the calling code of a country that dials it at home, or
/// before everything else.
fn may_have_bracketed_zero(signs: &[u8]) -> bool {
    let Some(before) = signs.windows(3).position(|three| three == b"(0)") else {
        return true;
    };
    let code = Digits::of(&signs[..before]);
    code.count == 0 || (code.count == 3 && TRUNK_ZERO_CODES.contains(&code.value))
}

/// The digits of a number, and how many there are; a zero at the front is counted.
#[derive(Clone, Copy)]
struct Digits {
    value: u64,
    count: u32,
}

impl Digits {
    fn of(signs: &[u8]) -> Self {
        let digits = signs.iter().filter(|sign| sign.is_ascii_digit());
        // Too many for the value are too many for a number as well.
        digits.fold(Self { value: 0, count: 0 }, |all, digit| Self {
            value: all
                .value
                .wrapping_mul(10)
                .wrapping_add(u64::from(digit - b'0')),
            count: all.count + 1,
        })
    }

    /// The first digits, of which there must be so many.
    fn head(self, count: u32) -> u64 {
        self.value / 10_u64.pow(self.count - count)
    }

    /// With the calling code of home, if it is a number as it is dialled at home.
    fn at_home(self) -> Result<Self, MsisdnError> {
        let begins_with_zero = self.count > 0 && self.count <= 19 && self.head(1) == 0;
        let national = self.count - u32::from(begins_with_zero);
        if national == NATIONAL_DIGITS && matches!(self.value / NATIONAL_LEAST, 1 | 7) {
            return Ok(Self {
                value: HOME_CALLING_CODE * 10 * NATIONAL_LEAST + self.value,
                count: HOME_DIGITS,
            });
        }
        match begins_with_zero {
            true => Err(MsisdnError::UnknownCountry),
            false => Ok(self),
        }
    }

    /// An international number without the zero that is dialled at home only. One that begins with
    /// it and has another length is none.
    fn without_trunk_zero(self) -> Result<Self, MsisdnError> {
        if !(8..=15).contains(&self.count) || self.head(1) == 0 {
            return Err(MsisdnError::Malformed);
        }
        let (code, next) = (self.head(3), self.head(4) % 10);
        if next != 0 || !TRUNK_ZERO_CODES.contains(&code) {
            return Ok(self);
        }
        let national = self.value % (10 * NATIONAL_LEAST);
        if self.count != HOME_DIGITS + 1 || national < NATIONAL_LEAST {
            return Err(MsisdnError::Malformed);
        }
        Ok(Self {
            value: code * 10 * NATIONAL_LEAST + national,
            count: HOME_DIGITS,
        })
    }
}

/// What stands between the digits of a number, or around it, and means nothing.
fn is_passed_over(character: char) -> bool {
    match character {
        // Blanks of every width, and those that don't break a line.
        character if character.is_whitespace() => true,
        // Hyphens and dashes, and the minus that some keyboards put for them.
        '-' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}' => true,
        // The marks of direction (the property Bidi_Control of Unicode).
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' => true,
        '\u{2066}'..='\u{2069}' => true,
        _ => false,
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
    fn reads_the_usual_spellings() {
        for text in [
            "+254712345678",
            "254712345678",
            "00254712345678",
            "0712345678",
            "712345678",
            "+254 712 345 678",
            "+254-712-345-678",
            "+254.712.345.678",
            "(0712) 345-678",
            "(0712)345678",
            "0712 345-678",
            "07 12 34 56 78",
            "+254 (0)712 345 678",
            "+254(0)712345678",
            "+254 ( 0 ) 712 345 678",
            "+254 0712 345 678",
            "(+254) 712 345 678",
            "(+254) (0)712 345 678",
            "+(254) 712 345678",
            "00 254 (0) 712 345678",
            "254 (0)712345678",
            "(0)712 345 678",
            "tel:+254712345678",
            "tel:+254-712-345-678",
            "TEL:0712345678",
            "tel: +254 712 345678",
            " +254712345678\n",
            "0712\t345678",
            "\u{202A}+254 712 345678\u{202C}",
            "\u{2066}+254712345678\u{2069}",
            "\u{200E}0712345678\u{200F}",
            "\u{202A}tel:+254712345678\u{202C}",
            "+254\u{A0}712\u{A0}345\u{A0}678",
            "+254\u{202F}712\u{202F}345678",
            "+254\u{2009}712\u{2007}345678",
            "0712\u{2010}345\u{2011}678",
            "0712\u{2012}345\u{2013}678",
            "0712\u{2014}345\u{2015}678",
            "0712\u{2212}345678",
        ] {
            let read = text.parse::<Msisdn>().map(|phone| phone.to_string());
            assert_eq!(read.as_deref(), Ok("+254712345678"), "{text:?}");
        }
        for (text, number) in [
            ("+255 (0)754 123 456", "+255754123456"),
            ("+255 0754 123 456", "+255754123456"),
            ("255 754 (123) 456", "+255754123456"),
            ("+256 (0) 772 123456", "+256772123456"),
            ("+250 (0)788 123 456", "+250788123456"),
            ("0110 123 456", "+254110123456"),
            ("+254 (0)20 1234567", "+254201234567"),
            ("+225 07 12 34 56 78", "+2250712345678"),
            ("+1 (202) 555-0123", "+12025550123"),
        ] {
            let read = text.parse::<Msisdn>().map(|phone| phone.to_string());
            assert_eq!(read.as_deref(), Ok(number), "{text:?}");
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        for (text, error) in [
            ("", MsisdnError::Malformed),
            ("+", MsisdnError::Malformed),
            ("()", MsisdnError::Malformed),
            ("tel:", MsisdnError::Malformed),
            ("+0712345678", MsisdnError::Malformed),
            ("+(0)712345678", MsisdnError::Malformed),
            ("+2547123456789", MsisdnError::Malformed),
            ("+25471234567", MsisdnError::Malformed),
            ("+1234567890123456", MsisdnError::Malformed),
            ("07123x5678", MsisdnError::Malformed),
            ("O712345678", MsisdnError::Malformed),
            ("+254712345678; DROP", MsisdnError::Malformed),
            ("0201234567890", MsisdnError::UnknownCountry),
            ("0754123456789", MsisdnError::UnknownCountry),
            // The zero of home, with a digit too many or too few behind it.
            ("+254 (0)71234567", MsisdnError::Malformed),
            ("+254 (0)7123456789", MsisdnError::Malformed),
            ("+254012345678", MsisdnError::Malformed),
            ("+255 (0)75412345", MsisdnError::Malformed),
            ("+255 (0)054123456", MsisdnError::Malformed),
            ("+255 0054 123 456", MsisdnError::Malformed),
            // A zero in brackets that may belong to the number, or is somewhere inside it.
            ("+225 (0)712345678", MsisdnError::Malformed),
            ("+229 (0)197123456", MsisdnError::Malformed),
            ("+25 (0)4712345678", MsisdnError::Malformed),
            ("712 (0)345678", MsisdnError::Malformed),
            ("0712 (0)345678", MsisdnError::Malformed),
            // Two numbers, extensions, parameters, escapes.
            ("0712345678/0733123456", MsisdnError::Malformed),
            ("0712345678, 0733123456", MsisdnError::Malformed),
            ("0712345678 0733123456", MsisdnError::Malformed),
            ("+254712345678+254733123456", MsisdnError::Malformed),
            ("0712345678 ext 5", MsisdnError::Malformed),
            ("0712345678#5", MsisdnError::Malformed),
            ("tel:+254712345678;ext=5", MsisdnError::Malformed),
            ("tel:tel:+254712345678", MsisdnError::Malformed),
            ("tel:%2B254712345678", MsisdnError::Malformed),
            ("sms:+254712345678", MsisdnError::Malformed),
            ("++254712345678", MsisdnError::Malformed),
            ("0+254712345678", MsisdnError::Malformed),
            // Digits of other scripts and of other widths.
            ("٠٧١٢٣٤٥٦٧٨", MsisdnError::Malformed),
            ("０７１２３４５６７８", MsisdnError::Malformed),
            ("0712345678\0", MsisdnError::Malformed),
            ("0712\u{200B}345678", MsisdnError::Malformed),
        ] {
            assert_eq!(text.parse::<Msisdn>(), Err(error), "{text:?}");
        }
        let long = format!("0712345678{}", "(".repeat(1_000));
        assert_eq!(long.parse::<Msisdn>(), Err(MsisdnError::Malformed));
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

    /// What may stand around a number and between its digits.
    fn passed_over() -> impl Strategy<Value = String> {
        let marks = prop::sample::select(vec![
            ' ', '-', '.', '\t', '\u{A0}', '\u{202F}', '\u{2009}', '\u{2010}', '\u{2011}',
            '\u{2013}', '\u{2015}', '\u{2212}', '\u{61C}', '\u{200E}', '\u{200F}', '\u{202A}',
            '\u{202C}', '\u{2066}', '\u{2069}',
        ]);
        prop::collection::vec(marks, 0..3).prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn any_spelling_is_the_same_number(
            code in prop::sample::select(TRUNK_ZERO_CODES.to_vec()),
            head in prop::sample::select(vec!['1', '7']),
            tail in "[0-9]{8}",
            scheme in prop::sample::select(vec!["", "tel:", "TEL:"]),
            start in 0..7_usize,
            between in prop::collection::vec(passed_over(), 10),
        ) {
            // Home alone is read without its country code.
            prop_assume!(code == HOME_CALLING_CODE || start < 5);
            let start = match start {
                0 => format!("+{code}"),
                1 => format!("00{code}"),
                2 => code.to_string(),
                3 => format!("+{code}(0)"),
                4 => format!("(+{code})0"),
                5 => "0".to_owned(),
                _ => String::new(),
            };
            let digits = format!("{head}{tail}");
            let spaced = digits.chars().zip(&between).map(|(digit, gap)| format!("{gap}{digit}"));
            let text = format!("{scheme}{start}{}{}", spaced.collect::<String>(), between[9]);
            let phone = text.parse::<Msisdn>().map(Msisdn::digits);
            prop_assert_eq!(phone, Ok(format!("{code}{digits}")), "{:?}", text);
        }

        #[test]
        fn what_is_read_is_read_again(
            text in ".*|[+0-9() \u{202A}-]*|([+]|00)?25[0456]([(]0[)])?0{0,3}[0-9]{6,11}",
        ) {
            match text.parse::<Msisdn>() {
                Ok(msisdn) => prop_assert_eq!(msisdn.to_string().parse(), Ok(msisdn)),
                // Nothing of what was typed is said again.
                Err(error) => prop_assert_eq!(error.to_string(), error.code().sentence()),
            }
        }
    }
}
