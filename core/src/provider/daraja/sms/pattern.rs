//! Wordings as patterns: a text with named places, like `{amount} sent to {name} on {at}`.
//!
//! Words match without regard to case. A blank matches any number of blanks, also none. `{name}`,
//! `{account}` and `{any}` take as little as they can; at the end of a pattern they take all up to
//! the end of the sentence or the first of [`TAILS`]. Text behind the pattern is left over.

use super::scan::Scanner;
use crate::money::Money;
use crate::reference::Receipt;
use crate::time::Timestamp;

/// What may follow a name that is not followed by a date.
///
/// Each is more than one word, for `123456 - NEW LIFE SHOP` and `ADA STORES` are names.
const TAILS: [&str; 13] = [
    "new m-pesa",
    "new balance",
    "total fee",
    "balance is",
    "your account",
    "your balance",
    "your m-pesa",
    "transaction cost",
    "salio lako",
    "salio jipya",
    "jumla ya makato",
    "makato tsh",
    "ada ya huduma",
];

/// The longest text taken for a name or an account, in bytes; it may have more blanks and signs
/// around it than what is kept of it.
const TAKEN_LEN_MAX: usize = 200;

/// What stood in the places of a pattern.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Captures<'a> {
    pub(super) amount: Option<Money>,
    pub(super) balance: Option<Money>,
    pub(super) name: Option<&'a str>,
    pub(super) account: Option<&'a str>,
    pub(super) at: Option<Timestamp>,
    pub(super) receipt: Option<Receipt>,
}

/// Matches a pattern at the start of a text; answers what stood in its places, and what follows.
pub(super) fn matches<'a>(pattern: &str, text: &'a str) -> Option<(Captures<'a>, &'a str)> {
    step(pattern, Scanner::new(text), Captures::default())
}

fn step<'a>(
    pattern: &str,
    mut text: Scanner<'a>,
    mut found: Captures<'a>,
) -> Option<(Captures<'a>, &'a str)> {
    let Some((literal, rest)) = pattern.split_once('{') else {
        let is_match = text.take_literal(pattern);
        return is_match.then_some((found, text.rest()));
    };
    if !text.take_literal(literal) {
        return None;
    }
    let (place, rest) = rest.split_once('}')?;
    match place {
        "amount" => found.amount = Some(text.take_amount()?),
        "balance" => found.balance = Some(text.take_amount()?),
        "at" => found.at = Some(text.take_instant()?),
        "receipt" => found.receipt = Some(text.take_word()?.parse().ok()?),
        _ => return lazy(place, rest, text.rest(), found),
    }
    step(rest, text, found)
}

/// Tries ever longer names until the rest of the pattern matches behind one.
fn lazy<'a>(
    place: &str,
    pattern: &str,
    text: &'a str,
    found: Captures<'a>,
) -> Option<(Captures<'a>, &'a str)> {
    let ends = text.char_indices().map(|(index, _)| index);
    let mut ends = ends
        .chain([text.len()])
        .take_while(|end| *end <= TAKEN_LEN_MAX);
    ends.find_map(|end| {
        let (taken, after) = text.split_at(end);
        let mut found = found;
        match place {
            "name" => found.name = Some(taken),
            "account" => found.account = Some(taken),
            _ => {}
        }
        if pattern.is_empty() {
            return is_end(after).then_some((found, after));
        }
        step(pattern, Scanner::new(after), found)
    })
}

/// Whether a name ends here: at the end of the text or of a sentence, or before a tail.
fn is_end(text: &str) -> bool {
    if text.is_empty() || text == "." || text.starts_with(". ") {
        return true;
    }
    let words = text.trim_start_matches(['.', ' ']);
    let is_here = |tail: &str| {
        let start = words.as_bytes().get(..tail.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(tail.as_bytes()))
    };
    words.len() < text.len() && TAILS.iter().any(|tail| is_here(tail))
}

/// The first place in a text where a pattern matches.
pub(super) fn search<'a>(pattern: &str, text: &'a str) -> Option<Captures<'a>> {
    let starts = text.char_indices().map(|(index, _)| index);
    let mut starts = starts.filter(|&start| {
        let before = text[..start].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric())
    });
    starts.find_map(|start| matches(pattern, &text[start..]).map(|(found, _)| found))
}
