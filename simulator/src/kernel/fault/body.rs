//! Changing one member of a body and leaving every other byte as it is.

use std::ops::Range;

use rust_decimal::Decimal;
use serde::de::IgnoredAny;

/// What is made of the amounts in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distortion {
    /// They have another type.
    WrongType,
    /// They are this, in the currency they are in.
    WrongAmount(Decimal),
}

/// Distorts the members that `is_amount` knows by name, in JSON or a form: anywhere in it, and as
/// the value of an item that carries its name (`{"Name": "Amount", "Value": 1}`). Without such a
/// member, a wrong type befalls the first one.
///
/// None if there is nothing to distort.
pub fn distort_members(
    body: &[u8],
    is_amount: impl Fn(&str) -> bool,
    distortion: Distortion,
) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(body).ok()?;
    if serde_json::from_str::<IgnoredAny>(text).is_ok() {
        return json(text, &is_amount, distortion);
    }
    form(text, &is_amount, distortion)
}

fn json(text: &str, is_amount: &impl Fn(&str) -> bool, distortion: Distortion) -> Option<Vec<u8>> {
    let mut scan = Scan {
        text,
        at: 0,
        is_amount,
        found: Vec::new(),
        first: None,
    };
    scan.value("");
    let mut places = scan.found;
    if places.is_empty() && distortion == Distortion::WrongType {
        places.extend(scan.first);
    }
    let mut distorted = text.to_owned();
    for place in places.iter().rev() {
        distorted.replace_range(place.clone(), &token(&text[place.clone()], distortion)?);
    }
    (distorted != text).then(|| distorted.into_bytes())
}

/// A JSON token in the place of this one.
fn token(token: &str, distortion: Distortion) -> Option<String> {
    let text = serde_json::from_str::<String>(token).ok();
    Some(match (distortion, text) {
        (Distortion::WrongAmount(amount), Some(text)) => {
            serde_json::to_string(&in_its_currency(&text, amount)).ok()?
        }
        (Distortion::WrongAmount(amount), None) => amount.to_string(),
        (Distortion::WrongType, Some(text)) if text.parse::<serde_json::Number>().is_ok() => text,
        (Distortion::WrongType, Some(_)) => format!("[{token}]"),
        (Distortion::WrongType, None) => format!("\"{token}\""),
    })
}

/// `KES 1.00` where `KES 10.0000` stood.
fn in_its_currency(text: &str, amount: Decimal) -> String {
    match text.rsplit_once(' ') {
        Some((currency, _)) => format!("{currency} {amount}"),
        None => amount.to_string(),
    }
}

fn form(text: &str, is_amount: &impl Fn(&str) -> bool, distortion: Distortion) -> Option<Vec<u8>> {
    let named = |pair: &str| {
        pair.split_once('=')
            .is_some_and(|(name, _)| is_amount(name))
    };
    let by_name = text.split('&').any(named);
    if !text.contains('=') || (!by_name && distortion != Distortion::WrongType) {
        return None;
    }
    let pairs = text.split('&').enumerate().map(|(index, pair)| {
        let meant = if by_name { named(pair) } else { index == 0 };
        match (meant, pair.split_once('=')) {
            (true, Some((name, value))) => format!("{name}={}", field(value, distortion)),
            (true, None) | (false, _) => pair.to_owned(),
        }
    });
    Some(pairs.collect::<Vec<_>>().join("&").into_bytes())
}

fn field(value: &str, distortion: Distortion) -> String {
    let text: String = form_urlencoded::parse(format!("v={value}").as_bytes())
        .map(|(_, value)| value.into_owned())
        .collect();
    let text = match distortion {
        Distortion::WrongAmount(amount) => in_its_currency(&text, amount),
        // A form knows only text: an amount that is none is as wrong as can be.
        Distortion::WrongType => "not-a-number".to_owned(),
    };
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Finds the places of members in JSON that is known to be well-formed, and not deeper than the
/// reader that found so allows.
struct Scan<'a, F> {
    text: &'a str,
    at: usize,
    is_amount: &'a F,
    found: Vec<Range<usize>>,
    first: Option<Range<usize>>,
}

impl<F: Fn(&str) -> bool> Scan<'_, F> {
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(b'}')
    }

    /// Passes over blanks and commas.
    fn blanks(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r' | b',' | b':') {
            self.at += 1;
        }
    }

    fn value(&mut self, name: &str) {
        self.blanks();
        match self.peek() {
            b'{' => self.object(),
            b'[' => self.array(name),
            _ => {
                let place = self.scalar();
                if (self.is_amount)(name) {
                    self.found.push(place.clone());
                }
                self.first.get_or_insert(place);
            }
        }
    }

    fn array(&mut self, name: &str) {
        self.at += 1;
        self.blanks();
        while self.peek() != b']' && self.at < self.text.len() {
            self.value(name);
            self.blanks();
        }
        self.at += 1;
    }

    fn object(&mut self) {
        self.at += 1;
        let mut label = None;
        self.blanks();
        while self.peek() != b'}' && self.at < self.text.len() {
            let key = self.scalar();
            let key = self.string(key);
            self.blanks();
            if self.peek() == b'"' && matches!(key.as_str(), "Name" | "Key" | "name" | "key") {
                let begin = self.at;
                let place = self.scalar();
                label = Some(self.string(place));
                self.at = begin;
            }
            match &label {
                Some(label) if key.eq_ignore_ascii_case("value") => self.value(label),
                Some(_) | None => self.value(&key),
            }
            self.blanks();
        }
        self.at += 1;
    }

    fn string(&self, place: Range<usize>) -> String {
        serde_json::from_str(&self.text[place]).unwrap_or_default()
    }

    /// Passes over a string, a number or a word.
    fn scalar(&mut self) -> Range<usize> {
        let begin = self.at;
        let bytes = self.text.as_bytes();
        if self.peek() == b'"' {
            self.at += 1;
            while self.at < bytes.len() && bytes[self.at] != b'"' {
                self.at += if bytes[self.at] == b'\\' { 2 } else { 1 };
            }
            self.at += 1;
        } else {
            let ends = |b: u8| matches!(b, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
            while self.at < bytes.len() && !ends(bytes[self.at]) {
                self.at += 1;
            }
        }
        begin..self.at
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_amount(name: &str) -> bool {
        matches!(name, "Amount" | "value")
    }

    fn distorted(body: &str, distortion: Distortion) -> Option<String> {
        distort_members(body.as_bytes(), is_amount, distortion)
            .map(|body| String::from_utf8(body).unwrap())
    }

    #[test]
    fn only_the_amount_changes() {
        let wrong = Distortion::WrongAmount(Decimal::new(750, 2));
        for (body, expected) in [
            (
                r#"{ "a": [1, {"b\"": "x"}], "value" : "KES 10.0000", "c": null}"#,
                Some(r#"{ "a": [1, {"b\"": "x"}], "value" : "KES 7.50", "c": null}"#),
            ),
            (
                r#"{"Item":[{"Name":"Amount","Value":1.00},{"Name":"Balance"},{"Name":"X","Value":2}]}"#,
                Some(
                    r#"{"Item":[{"Name":"Amount","Value":7.50},{"Name":"Balance"},{"Name":"X","Value":2}]}"#,
                ),
            ),
            ("a=b%20c&value=KES+10&x", Some("a=b%20c&value=KES+7.50&x")),
            (r#"{"other": 1}"#, None),
            ("a=b", None),
            ("", None),
        ] {
            assert_eq!(distorted(body, wrong).as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn types_are_swapped() {
        for (body, expected) in [
            (r#"{"value": 1.50}"#, Some(r#"{"value": "1.50"}"#)),
            (r#"{"value": "1.50"}"#, Some(r#"{"value": 1.50}"#)),
            (r#"{"value": "KES 1"}"#, Some(r#"{"value": ["KES 1"]}"#)),
            (r#"{"code": 0, "x": 1}"#, Some(r#"{"code": "0", "x": 1}"#)),
            ("value=1&b=2", Some("value=not-a-number&b=2")),
            ("a=1&b=2", Some("a=not-a-number&b=2")),
            ("{}", None),
            ("plain", None),
        ] {
            assert_eq!(
                distorted(body, Distortion::WrongType).as_deref(),
                expected,
                "{body}"
            );
        }
    }

    proptest! {
        #![proptest_config(amana_tests::repeatable(256))]

        #[test]
        fn never_panics(body in ".*") {
            let _ = distorted(&body, Distortion::WrongType);
            let _ = distorted(&body, Distortion::WrongAmount(Decimal::ONE));
        }

        #[test]
        fn json_stays_json(
            members in prop::collection::btree_map("[a-zA-Z\"\\\\]{0,6}|value", any::<i32>(), 1..6),
        ) {
            let body = serde_json::to_string(&members).unwrap();
            let after = distorted(&body, Distortion::WrongType).unwrap();
            let after: serde_json::Value = serde_json::from_str(&after).unwrap();
            prop_assert_eq!(after.as_object().unwrap().len(), members.len());
        }
    }
}
