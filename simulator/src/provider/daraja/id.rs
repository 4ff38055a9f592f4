//! Identifiers as the provider makes them.

use amana_core::provider::daraja::PROMPT_PREFIX;
use amana_core::provider::daraja::eat::Eat;
use amana_core::{Msisdn, Timestamp};

use crate::kernel::Sandbox;

const DAY_MILLIS: u64 = 86_400_000;
const EAT_AHEAD_MILLIS: i64 = 3 * 3_600_000;
/// Receipts of one millisecond: seven digits to the base of 36 over the milliseconds of a day.
const PER_MILLISECOND: u64 = 906;
/// Characters of a receipt after its date.
const SEQUENCE_LENGTH: usize = 7;

/// `6e86-45dd-91ac-fd5d4178ab523792718`: of a refusal, a prompt, an order.
pub fn gateway(sandbox: &mut Sandbox) -> String {
    let random = sandbox.random();
    let hex = random.hex(24);
    let count = random.below(9_000_000) + 1_000;
    let (a, rest) = hex.split_at(4);
    let (b, rest) = rest.split_at(4);
    let (c, d) = rest.split_at(4);
    [a, "-", b, "-", c, "-", d, &count.to_string()].concat()
}

/// `AG_20261010_20106e9209f64bebd05b`: of an order.
pub fn conversation(sandbox: &mut Sandbox) -> String {
    let date = Eat::from(sandbox.now()).date();
    format!("AG_{date}_2010{}", sandbox.random().hex(16))
}

/// `ws_CO_101020261430057708374149`: the day first, then the tenth of a second, then the end of the
/// phone's number. If that is taken, three digits stand for the fraction, as in older ids; and more
/// where a clock stands for that many prompts of one phone.
pub fn prompt(sandbox: &Sandbox, phone: Msisdn) -> String {
    let now = sandbox.now();
    let digits = phone.digits();
    let end = digits
        .get(digits.len().saturating_sub(9)..)
        .unwrap_or(&digits);
    let millis = now.as_millis().rem_euclid(1_000);
    let second = Eat::from(now).day_first();
    let with_fraction = |fraction: &str| [PROMPT_PREFIX, &second, fraction, end].concat();
    let books = &sandbox.state().providers.daraja;
    let mut id = with_fraction(&(millis / 100).to_string());
    let mut fraction = millis;
    while books.push(&id).is_some() {
        id = with_fraction(&format!("{fraction:03}"));
        fraction += 1;
    }
    id
}

/// Whether a text can be the id of a prompt.
pub fn is_prompt(text: &str) -> bool {
    text.strip_prefix(PROMPT_PREFIX).is_some_and(|rest| {
        let shape = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        rest.len() >= 10 && rest.bytes().all(shape)
    })
}

/// A new receipt: the date, then a number that grows through the day, also while the clock stands.
pub fn receipt(sandbox: &mut Sandbox) -> String {
    let draw = sandbox.random().below(PER_MILLISECOND);
    let now = sandbox.now();
    let books = &sandbox.state().providers.daraja;
    let prefix = Eat::from(now).receipt_prefix();
    let last = books.last_receipt().strip_prefix(&prefix).and_then(number);
    let mut next = drawn(now, draw).max(last.map_or(0, |last| last + 1));
    loop {
        let receipt = format!("{prefix}{}", digits(next));
        // Only a clock that was set back comes upon receipts that are taken.
        if !books.has_receipt(&receipt) {
            return receipt;
        }
        next += 1;
    }
}

/// The number that this draw gives in this millisecond of the day.
fn drawn(now: Timestamp, draw: u64) -> u64 {
    let day = i64::try_from(DAY_MILLIS).unwrap_or(i64::MAX);
    let millis = (now.as_millis() + EAT_AHEAD_MILLIS).rem_euclid(day);
    u64::try_from(millis).unwrap_or(0) * PER_MILLISECOND + draw
}

/// A number as the seven characters at the end of a receipt.
fn digits(mut number: u64) -> String {
    const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut digits = [b'0'; SEQUENCE_LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[usize::try_from(number % 36).unwrap_or(0)];
        number /= 36;
    }
    digits.iter().copied().map(char::from).collect()
}

fn number(digits: &str) -> Option<u64> {
    u64::from_str_radix(digits, 36).ok()
}

/// What stands for a receipt where no money moved: `UJA0000000`.
pub fn placeholder(sandbox: &Sandbox) -> String {
    format!("{}0000000", Eat::from(sandbox.now()).receipt_prefix())
}

#[cfg(test)]
mod tests {
    use amana_core::provider::daraja::receipt;

    use super::*;

    #[test]
    fn receipts_tell_the_day_and_grow_through_it() {
        let morning: Timestamp = "2026-10-10T05:00:00Z".parse().unwrap();
        let evening: Timestamp = "2026-10-10T20:59:59.999Z".parse().unwrap();
        let first = drawn(morning, 0);
        let last = drawn(evening, PER_MILLISECOND - 1);
        assert!(first < last && last < 36_u64.pow(7), "{first} {last}");
        for drawn in [first, last] {
            let text = format!("{}{}", Eat::from(morning).receipt_prefix(), digits(drawn));
            assert!(text.starts_with("UJA"), "{text}");
            assert!(receipt::date(&text).is_some());
            assert_eq!(text.strip_prefix("UJA").and_then(number), Some(drawn));
        }
    }

    #[test]
    fn ids_of_prompts_have_a_shape() {
        for good in [
            "ws_CO_101020261430057708374149",
            "ws_CO_DMZ_123212312_2342347678234",
        ] {
            assert!(is_prompt(good), "{good}");
        }
        for bad in ["", "ws_CO_", "AG_20261010_2010", "ws_CO_10102026 143005"] {
            assert!(!is_prompt(bad), "{bad}");
        }
    }
}
