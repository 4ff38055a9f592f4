//! How many parts a text message has, which is what it is charged by.
//!
//! Source: 3GPP TS 23.038, sections 6.2.1 and 6.2.1.1. A message of one part holds 160 septets of
//! the default alphabet or 70 UCS-2 units; parts of a longer one lose room to their header.

const SEPTETS_SINGLE: usize = 160;
const SEPTETS_EACH: usize = 153;
const UNITS_SINGLE: usize = 70;
const UNITS_EACH: usize = 67;

/// The default alphabet beyond the ASCII characters that it shares.
const DEFAULT: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ ¤¡ÄÖÑÜ§¿äöñüà";
/// Characters that take two septets.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// The number of parts; an empty message is one part.
pub fn count(text: &str) -> u32 {
    let (length, single, each) = match septets(text) {
        Some(septets) => (septets, SEPTETS_SINGLE, SEPTETS_EACH),
        None => (text.encode_utf16().count(), UNITS_SINGLE, UNITS_EACH),
    };
    if length <= single {
        return 1;
    }
    u32::try_from(length.div_ceil(each)).unwrap_or(u32::MAX)
}

/// The length in septets, or nothing if a character is not in the default alphabet.
fn septets(text: &str) -> Option<usize> {
    text.chars()
        .map(|character| match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' => Some(1),
            '!'..='#' | '%'..='?' => Some(1),
            c if DEFAULT.contains(c) => Some(1),
            c if EXTENSION.contains(c) => Some(2),
            _ => None,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_by_alphabet() {
        for (text, parts) in [
            (String::new(), 1),
            ("a".repeat(160), 1),
            ("a".repeat(161), 2),
            ("a".repeat(306), 2),
            ("a".repeat(307), 3),
            ("€".repeat(80), 1),
            ("€".repeat(81), 2),
            ("ŵ".repeat(70), 1),
            ("ŵ".repeat(71), 2),
            ("😀".repeat(35), 1),
            ("😀".repeat(36), 2),
            ("`".repeat(71), 2),
        ] {
            assert_eq!(count(&text), parts, "{text}");
        }
    }
}
