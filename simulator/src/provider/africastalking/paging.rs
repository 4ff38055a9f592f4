//! How a network shows a screen that is too long for it: in pages, which it turns by itself. The
//! application hears nothing of that.
//!
//! Source: help article on USSD durations. The sandbox's own network shows every screen whole; so does
//! the menu of the payments API, which has pages of its own.

use amana_core::Msisdn;

use super::network;
use crate::kernel::Sandbox;

/// What shows the next page.
const MORE: &str = "98";
/// What shows the page before.
const BACK: &str = "00";

/// The most characters of a screen, by the code of the network; others are not known.
const SCREENS_MAX: [(&str, usize); 2] = [("63902", 160), ("63903", 184)];

/// The most characters of an input, by the code of the network; others are not known.
const INPUTS_MAX: [(&str, usize); 2] = [("63902", 80), ("63903", 90)];

/// How many characters this phone's network takes at once, if that is known.
pub fn input_max(sandbox: &Sandbox, msisdn: Msisdn) -> Option<usize> {
    of_network(&INPUTS_MAX, sandbox, msisdn)
}

fn of_network(table: &[(&str, usize)], sandbox: &Sandbox, msisdn: Msisdn) -> Option<usize> {
    let code = network::code_of(sandbox, msisdn);
    let found = table.iter().find(|(known, _)| *known == code);
    found.map(|(_, most)| *most)
}

/// How many characters this phone's network shows at once, if that is known.
pub fn limit(sandbox: &Sandbox, msisdn: Msisdn) -> Option<usize> {
    of_network(&SCREENS_MAX, sandbox, msisdn)
}

/// The page that an input asks for, if it is one of the network's own.
pub fn turned(input: &str, page: usize, pages: usize) -> Option<usize> {
    match input {
        MORE => Some(page + 1).filter(|next| *next < pages),
        BACK => page.checked_sub(1),
        _ => None,
    }
}

/// Divides a screen into pages of at most so many characters; one that fits is one page as it is.
pub fn pages(text: &str, most: usize) -> Vec<String> {
    if text.chars().count() <= most {
        return vec![text.to_owned()];
    }
    let more = format!("\n{MORE}:MORE");
    let back = format!("\n{BACK}:BACK");
    let room = most.saturating_sub(more.len() + back.len()).max(1);
    let mut bodies = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (body, after) = split(rest, room);
        bodies.push(body);
        rest = after;
    }
    let last = bodies.len() - 1;
    let numbered = bodies.iter().enumerate();
    numbered
        .map(|(index, body)| {
            let back = if index > 0 { back.as_str() } else { "" };
            let more = if index < last { more.as_str() } else { "" };
            format!("{body}{back}{more}")
        })
        .collect()
}

/// The first so many characters, up to the end of a line or else of a word, and what follows.
fn split(text: &str, room: usize) -> (&str, &str) {
    let Some((end, _)) = text.char_indices().nth(room) else {
        return (text, "");
    };
    // The character after the page may be the blank that ends it.
    let longest = text[end..]
        .chars()
        .next()
        .map_or(end, |c| end + c.len_utf8());
    let head = &text[..longest];
    let cut = head
        .rfind('\n')
        .or(head.rfind(' '))
        .filter(|cut| *cut > 0)
        .unwrap_or(end);
    let after = &text[cut..];
    (
        &text[..cut],
        after.strip_prefix(['\n', ' ']).unwrap_or(after),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_screen_that_fits_is_as_it_is() {
        assert_eq!(pages(&"a".repeat(160), 160), ["a".repeat(160)]);
    }

    #[test]
    fn pages_end_with_lines_or_else_with_words() {
        let text = format!(
            "{}\n{}\n{}",
            "a".repeat(20),
            "b b ".repeat(4),
            "c".repeat(30)
        );
        let expected = [
            format!("{}\n98:MORE", "a".repeat(20)),
            format!("{}\n00:BACK\n98:MORE", "b b ".repeat(4)),
            format!("{}\n00:BACK\n98:MORE", "c".repeat(24)),
            format!("{}\n00:BACK", "c".repeat(6)),
        ];
        assert_eq!(pages(&text, 40), expected);
        let words = format!("{} {}", "d".repeat(20), "e".repeat(20));
        let first = format!("{}\n98:MORE", "d".repeat(20));
        assert_eq!(
            pages(&words, 40),
            [first, format!("{}\n00:BACK", "e".repeat(20))]
        );
    }

    #[test]
    fn only_pages_that_there_are_can_be_turned_to() {
        for (input, page, expected) in [
            ("98", 0, Some(1)),
            ("98", 1, None),
            ("00", 1, Some(0)),
            ("00", 0, None),
            ("1", 0, None),
        ] {
            assert_eq!(turned(input, page, 2), expected, "{input} {page}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_every_page_fits(text in "[a-zé \n]{0,600}", most in 20..200_usize) {
            let pages = pages(&text, most);
            prop_assert!(pages.iter().all(|page| page.chars().count() <= most));
            let kept = |text: &str| -> String {
                text.chars().filter(char::is_ascii_lowercase).collect()
            };
            let whole: String = pages.iter().map(|page| kept(page)).collect();
            prop_assert_eq!(whole, kept(&text));
        }
    }
}
