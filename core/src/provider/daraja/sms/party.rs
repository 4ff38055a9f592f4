use serde::{Deserialize, Serialize};

use crate::money::Currency;
use crate::party::Msisdn;

/// The other side of a transaction, as far as the message tells.
///
/// ```
/// use amana_core::provider::daraja::sms::Counterparty;
/// let party: Counterparty = serde_json::from_str(r#"{"name":"JANE WANJIKU"}"#)?;
/// assert_eq!(party.phone, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counterparty {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The phone, if it is told in full; newer messages mask it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Msisdn>,
    /// The number of an agent, a till or a pay bill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_code: Option<String>,
    /// The account at a pay bill or in another wallet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

impl Counterparty {
    /// Takes apart what stands where a name is expected: `JANE WANJIKU 0712345678`,
    /// `255754000111 - JUMA SHABANI`, `123456 - DUKA LA MAMA`, `JANE WANJIKU 0712***678`.
    ///
    /// National phone numbers are those of the country whose currency it is.
    pub(super) fn read(text: &str, account: Option<&str>, currency: Option<Currency>) -> Self {
        let mut party = Self {
            account: account.map(|text| trim(text).to_owned()),
            ..Self::default()
        };
        let mut text = trim(text);
        if let Some((first, rest)) = text.split_once(" - ")
            && party.read_number(first, currency)
        {
            text = trim(rest);
        }
        while let Some((rest, last)) = split_last(text) {
            if !is_masked(last) && !party.read_number(last, currency) {
                break;
            }
            text = trim(rest);
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        party.name = (!words.is_empty()).then(|| words.join(" "));
        party
    }

    /// Takes a phone or a short code that has not been told yet.
    fn read_number(&mut self, text: &str, currency: Option<Currency>) -> bool {
        let digits = trim(text);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return false;
        }
        match (digits.len(), self.phone, &self.short_code) {
            (9.., None, _) => match phone(digits, currency) {
                Some(phone) => self.phone = Some(phone),
                None => return false,
            },
            (5..=7, _, None) => self.short_code = Some(digits.to_owned()),
            _ => return false,
        }
        true
    }
}

fn phone(digits: &str, currency: Option<Currency>) -> Option<Msisdn> {
    let international = match (digits.strip_prefix('0'), currency) {
        (Some(national), Some(Currency::TZS)) => format!("+255{national}"),
        (Some(national), _) => format!("+254{national}"),
        (None, _) => format!("+{digits}"),
    };
    international.parse().ok()
}

/// The last word, or the whole text if it is one word of digits.
fn split_last(text: &str) -> Option<(&str, &str)> {
    match text.rsplit_once(' ') {
        Some(split) => Some(split),
        None if !text.is_empty() => Some(("", text)),
        None => None,
    }
}

/// `0712***678` tells no phone.
fn is_masked(text: &str) -> bool {
    text.contains("**") && text.chars().all(|c| c.is_ascii_digit() || c == '*')
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | '(' | ')' | '-'))
}
