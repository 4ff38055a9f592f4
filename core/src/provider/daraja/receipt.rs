//! M-Pesa receipt numbers: ten upper-case letters and digits that begin with the date.
//!
//! | place | means | coded |
//! |---|---|---|
//! | 1 | year | a letter in sequence: `L` 2017 … `T` 2025, `U` 2026 |
//! | 2 | month | `A` January … `L` December |
//! | 3 | day | `1`…`9`, then `A` for 10 … `V` for 31 |
//! | 4–10 | sequence | letters and digits |
//!
//! No official statement of the date coding is known; it was inferred from receipts whose date is
//! known. A few published samples do not fit it, so it is used to make receipts and to explain
//! them, never to refuse one. Older receipts have eight or nine characters, some of other markets
//! eleven or twelve.

use time::{Date, Month};

/// The year of receipts that begin with `A`, as the sequence runs on from the known ones.
const YEAR_OF_A: i32 = 2006;

/// Whether the text has the shape of a receipt: 8 to 12 upper-case letters and digits, among them
/// at least one letter, so that an amount or a phone number is not taken for one.
///
/// ```
/// use amana_core::provider::daraja::receipt;
/// assert!(receipt::is_receipt("UJ22RT61SV"));
/// assert!(!receipt::is_receipt("uj22rt61sv"));
/// assert!(!receipt::is_receipt("254712345678"));
/// ```
pub fn is_receipt(text: &str) -> bool {
    (8..=12).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && text.bytes().any(|b| b.is_ascii_uppercase())
}

/// The day (East Africa Time) that a receipt of ten characters tells; `None` if it tells none.
///
/// ```
/// use amana_core::provider::daraja::receipt;
/// let day = receipt::date("UJ22RT61SV").unwrap();
/// assert_eq!((day.year(), u8::from(day.month()), day.day()), (2026, 10, 2));
/// assert_eq!(receipt::date("UZ22RT61SV"), None);
/// ```
pub fn date(receipt: &str) -> Option<Date> {
    if receipt.len() != 10 || !is_receipt(receipt) {
        return None;
    }
    let [year, month, day, ..] = receipt.as_bytes() else {
        return None;
    };
    let year = YEAR_OF_A + i32::from(letter(*year)?);
    let month = Month::try_from(letter(*month)? + 1).ok()?;
    let day = match day {
        b'1'..=b'9' => day - b'0',
        _ => letter(*day)? + 10,
    };
    Date::from_calendar_date(year, month, day).ok()
}

/// The first three characters of the receipts of a day (East Africa Time); `None` if the year has
/// no letter.
///
/// ```
/// use amana_core::provider::daraja::receipt;
/// let day = time::Date::from_calendar_date(2026, time::Month::October, 2)?;
/// assert_eq!(receipt::prefix(day).as_deref(), Some("UJ2"));
/// # Ok::<(), time::error::ComponentRange>(())
/// ```
pub fn prefix(date: Date) -> Option<String> {
    let year = u8::try_from(date.year() - YEAR_OF_A).ok()?;
    let month = u8::from(date.month()) - 1;
    let day = match date.day() {
        day @ 1..=9 => char::from(b'0' + day),
        day => nth_letter(day - 10)?,
    };
    Some(
        [nth_letter(year)?, nth_letter(month)?, day]
            .iter()
            .collect(),
    )
}

fn letter(byte: u8) -> Option<u8> {
    byte.is_ascii_uppercase().then(|| byte - b'A')
}

fn nth_letter(index: u8) -> Option<char> {
    (index < 26).then(|| char::from(b'A' + index))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_of_known_receipts() {
        for (receipt, expected) in [
            ("NLJ7RT61SV", Some((2019, 12, 19))),
            ("SG632NMUAB", Some((2024, 7, 6))),
            ("RKL51ZDR4F", Some((2023, 11, 21))),
            ("QKA81LK5CY", Some((2022, 11, 10))),
            ("RDQ01NFT1Q", Some((2023, 4, 26))),
            ("LK451H35OP", Some((2017, 11, 4))),
            ("OAK0000000", Some((2020, 1, 20))),
            ("MBN0000000", Some((2018, 2, 23))),
            ("UBV0000000", None),
            ("UB00000000", None),
            ("BC12AB34", None),
        ] {
            let found = date(receipt).map(|d| (d.year(), u8::from(d.month()), d.day()));
            assert_eq!(found, expected, "{receipt}");
        }
    }

    proptest! {
        #[test]
        fn a_prefix_tells_its_day(julian in 2_453_737..2_463_232_i32) {
            let day = Date::from_julian_day(julian).unwrap();
            let receipt = format!("{}0000000", prefix(day).unwrap());
            prop_assert_eq!(date(&receipt), Some(day));
        }

        #[test]
        fn never_panics(text in ".*|[A-Z0-9]{10}") {
            let _ = date(&text);
        }
    }
}
