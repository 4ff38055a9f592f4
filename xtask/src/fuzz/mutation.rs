//! Changing an input a little.

use super::random::Random;

/// No input grows beyond this, so that a run tries many rather than large ones.
pub const LEN_MAX: usize = 4_096;
/// The most changes made at once.
const CHANGES_MAX: usize = 5;

/// What means something in one format or another.
const TOKENS: &[&str] = &[
    "0",
    "00",
    "1",
    "98",
    "-",
    "+",
    ".",
    "*",
    "/",
    " ",
    "\r\n",
    "\t",
    "\0",
    "\u{1e}",
    "254",
    "+254712345678",
    "0712345678",
    "KES ",
    "Ksh",
    "Tsh",
    "USD 1",
    "UGX ",
    "9999999999999.99",
    "0.005",
    "-0",
    "1e5",
    "65535",
    "65536",
    "18446744073709551615",
    "-9223372036854775808",
    "999999999999999",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "null",
    "true",
    "{}",
    "[]",
    "\"amount\":",
    "\"currency\":\"KES\"",
    "\"status\":\"Success\"",
    "\"type\":\"accept\"",
    "&",
    "=",
    "%2B",
    "%",
    "TXN-",
    "-001",
    "AG-1",
    "YES-",
    "ACCEPT-",
    "DISPUTE-",
    "PINGA ",
    "v1,",
    "v1a,",
    "sha256=",
    "whsec_",
    " Confirmed. ",
    " on 2/10/26 at 6:05 PM",
    "\u{a0}",
    "\u{200b}",
    "\u{202e}",
    "\u{2013}",
    "\u{feff}",
    "é",
    "İ",
    "ß",
    "😀",
];

/// Another input like this one, perhaps with parts of the other.
pub fn mutate(random: &mut Random, input: &[u8], other: &[u8]) -> Vec<u8> {
    let mut output = input.to_vec();
    for _ in 0..=random.below(CHANGES_MAX) {
        change(random, &mut output, other);
    }
    output.truncate(LEN_MAX);
    output
}

fn change(random: &mut Random, output: &mut Vec<u8>, other: &[u8]) {
    let at = random.below(output.len() + 1);
    match random.below(10) {
        0 => overwrite(output, at, |byte| byte ^ 1 << (at % 8)),
        1 => {
            let byte = random.byte();
            overwrite(output, at, |_| byte);
        }
        // A digit for a digit: the format stays, the value changes.
        2 => {
            let digit = b'0' + random.byte() % 10;
            let place = output.iter().skip(at).position(u8::is_ascii_digit);
            if let Some(place) = place {
                overwrite(output, at + place, |_| digit);
            }
        }
        3 => output.insert(at, random.byte()),
        4 | 5 => {
            let token = random.choose(TOKENS).copied().unwrap_or_default();
            splice(output, at, 0, token.as_bytes());
        }
        6 => {
            let token = random.choose(TOKENS).copied().unwrap_or_default();
            let length = random.below(8);
            splice(output, at, length, token.as_bytes());
        }
        7 => {
            let length = random.below(output.len() / 4 + 2);
            splice(output, at, length, &[]);
        }
        8 => {
            let piece = piece(random, &output.clone());
            splice(output, at, 0, &piece);
        }
        _ => {
            let length = random.below(16);
            splice(output, at, length, &piece(random, other));
        }
    }
}

fn overwrite(output: &mut [u8], at: usize, change: impl Fn(u8) -> u8) {
    if let Some(byte) = output.get_mut(at) {
        *byte = change(*byte);
    }
}

/// A short run out of these bytes.
fn piece(random: &mut Random, of: &[u8]) -> Vec<u8> {
    let start = random.below(of.len() + 1);
    let length = random.below(32);
    of[start..].iter().copied().take(length).collect()
}

/// Puts these bytes in the place of that many others.
fn splice(output: &mut Vec<u8>, at: usize, length: usize, bytes: &[u8]) {
    let end = output.len().min(at + length);
    output.splice(at..end, bytes.iter().copied());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_every_change() {
        let run = |seed| {
            let mut random = Random::new(seed, "test");
            let mut input = b"KES 350000.00".to_vec();
            for _ in 0..1_000 {
                input = mutate(&mut random, &input, b"TXN-AG-1-001");
                assert!(input.len() <= LEN_MAX);
            }
            input
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
    }

    #[test]
    fn nothing_can_be_changed_too() {
        let mut random = Random::new(1, "test");
        let grown = (0..1_000).any(|_| !mutate(&mut random, &[], &[]).is_empty());
        assert!(grown);
    }
}
