//! Reading requests as leniently as the provider does: numbers and text alike, the members that
//! must be there in the order of the documents, and everything else ignored.

use std::borrow::Cow;
use std::fmt;

use amana_core::http::Request;
use amana_core::provider::daraja::wire::Scalar;
use amana_core::{Currency, Money, Msisdn};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::rejection::Rejection;
use super::routes::Required;
use crate::kernel::callback::CallbackUrl;

/// A JSON object, read in place.
#[derive(Debug)]
pub struct Object<'a> {
    /// As they stand there; of two with the same name the latter counts.
    members: Vec<(Name<'a>, Member<'a>)>,
}

/// The name of a member.
#[derive(Debug, Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// A value as it is looked at.
#[derive(Debug)]
enum Member<'a> {
    /// The characters of a text or a number, and not only blanks.
    Scalar(Cow<'a, str>),
    /// Anything else.
    Other(&'a RawValue),
}

impl<'a> From<&'a RawValue> for Member<'a> {
    fn from(raw: &'a RawValue) -> Self {
        match Scalar::characters(raw) {
            Ok(Some(text)) if !text.trim().is_empty() => Self::Scalar(text),
            Ok(_) | Err(_) => Self::Other(raw),
        }
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some((name, raw)) = map.next_entry::<Name<'de>, &RawValue>()? {
                    members.push((name, raw.into()));
                }
                Ok(Object { members })
            }
        }

        deserializer.deserialize_map(Members)
    }
}

impl<'a> Object<'a> {
    /// The object in the body, with all required members.
    ///
    /// A request without the right content type is refused as if its first member were missing.
    pub fn read(request: &'a Request, required: &[Required]) -> Result<Self, Rejection> {
        let content_type = request.header("content-type").unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        if let Some((_, first)) = required.first()
            && !essence.eq_ignore_ascii_case("application/json")
        {
            return Err(Rejection::field(first, "the content type must be JSON"));
        }
        let object = Self::parse(&request.body)?;
        object.require(required)?;
        Ok(object)
    }

    /// The object in these bytes.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Rejection> {
        serde_json::from_slice(bytes).map_err(|_| Rejection::payload())
    }

    /// The objects in the array in these bytes.
    pub fn parse_all(bytes: &'a [u8]) -> Result<Vec<Self>, Rejection> {
        serde_json::from_slice(bytes).map_err(|_| Rejection::payload())
    }

    /// Refuses the first member that is missing.
    pub fn require(&self, required: &[Required]) -> Result<(), Rejection> {
        match required
            .iter()
            .find(|(key, _)| self.characters(key).is_empty())
        {
            Some((_, label)) => Err(Rejection::field(label, "the member is required")),
            None => Ok(()),
        }
    }

    fn member(&self, key: &str) -> Option<&Member<'a>> {
        let mut latter = self.members.iter().rev();
        let (_, member) = latter.find(|(Name(name), _)| name == key)?;
        Some(member)
    }

    /// Whether a member is there at all, be it null or empty.
    pub fn names(&self, key: &str) -> bool {
        self.member(key).is_some()
    }

    /// A member that is an object.
    pub fn object(&self, key: &str) -> Option<Self> {
        match *self.member(key)? {
            Member::Scalar(_) => None,
            Member::Other(raw) => Self::parse(raw.get().as_bytes()).ok(),
        }
    }

    /// A member's characters, without blanks around them; empty if it is missing, or neither text
    /// nor a number.
    pub fn characters(&self, key: &str) -> &str {
        match self.member(key) {
            Some(Member::Scalar(text)) => text.trim(),
            Some(Member::Other(_)) | None => "",
        }
    }

    /// The same, to keep.
    pub fn text(&self, key: &str) -> String {
        self.characters(key).to_owned()
    }

    /// A member's characters, if it is there.
    pub fn optional(&self, key: &str) -> Option<String> {
        Some(self.text(key)).filter(|text| !text.is_empty())
    }

    /// A member that is one of these words.
    pub fn word(&self, key: &'static str, words: &[&str]) -> Result<String, Rejection> {
        let text = self.characters(key);
        match words.contains(&text) {
            true => Ok(text.to_owned()),
            false => Err(Rejection::field(
                key,
                "the value is not one of the documented words",
            )),
        }
    }

    /// A member that is a short code: five to seven digits.
    pub fn shortcode(&self, key: &'static str) -> Result<String, Rejection> {
        let text = self.characters(key);
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        match digits && (5..=7).contains(&text.len()) {
            true => Ok(text.to_owned()),
            false => Err(Rejection::field(
                key,
                "a short code has five to seven digits",
            )),
        }
    }

    /// A member that is a Kenyan mobile number in twelve digits.
    pub fn phone(&self, key: &'static str) -> Result<Msisdn, Rejection> {
        let rule = "a phone is twelve digits, 2547… or 2541…, of a number range in use";
        let text = self.characters(key);
        let phone = is_kenyan_mobile(text).then(|| text.parse().ok()).flatten();
        phone.ok_or_else(|| Rejection::field(key, rule))
    }

    /// A member that is an amount of whole shillings, at least 1: `1`, `"1"`, `1.0`, `1000.00`.
    pub fn shillings(&self, key: &'static str) -> Result<Money, Rejection> {
        let rule = "an amount is whole shillings, at least 1";
        let text = self.characters(key);
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let is_whole = fraction.bytes().all(|b| b == b'0') && !text.ends_with('.');
        let amount = is_whole
            .then(|| Money::parse(whole, Currency::KES).ok())
            .flatten();
        amount
            .filter(|amount| amount.is_positive())
            .ok_or_else(|| Rejection::field(key, rule))
    }

    /// A member that is a callback address. The host need not exist.
    pub fn url(&self, key: &'static str, strict: Strict) -> Result<CallbackUrl, Rejection> {
        let text = self.characters(key);
        let url = text
            .parse::<CallbackUrl>()
            .map_err(|_| Rejection::field(key, "an address is absolute, with `http` or `https`"))?;
        if text.contains(['<', '>']) {
            return Err(Rejection::field(key, "an address has no `<` and no `>`"));
        }
        match strict.objection(text) {
            Some(rule) => Err(Rejection::field(key, rule)),
            None => Ok(url),
        }
    }
}

/// How strictly addresses are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strict {
    /// As recorded.
    No,
    /// As documented for the sandbox.
    Sandbox,
    /// As documented for real money.
    Live,
}

impl Strict {
    /// The rule that this address breaks, if it breaks one.
    fn objection(self, address: &str) -> Option<&'static str> {
        if self == Self::No {
            return None;
        }
        let lower = address.to_ascii_lowercase();
        if FORBIDDEN.iter().any(|word| lower.contains(word)) {
            return Some("the documents forbid a word in it, or a public tunnel");
        }
        let insecure = self == Self::Live && !lower.starts_with("https://");
        insecure.then_some("on the host of real money an address is secure")
    }
}

/// Words that the documents forbid in an address, in lower case, and tunnels.
const FORBIDDEN: [&str; 10] = [
    "m-pesa",
    "mpesa",
    "safaricom",
    // And with it `exec`.
    "exe",
    "cmd",
    "sql",
    "query",
    "ngrok",
    "mockbin",
    "requestbin",
];

/// Whether these are twelve digits of a mobile number range in use in Kenya.
///
/// Source: the carrier data of libphonenumber, July 2026.
fn is_kenyan_mobile(text: &str) -> bool {
    let digits = text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    let block = text.strip_prefix("254").and_then(|rest| rest.get(..3));
    let block = block.and_then(|block| block.parse::<u16>().ok());
    digits
        && matches!(
            block,
            Some(100..=108 | 110..=119 | 120 | 121 | 124 | 130 | 140..=145 | 180..=189 | 700..=799)
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(json: &str) -> Object<'_> {
        Object::parse(json.as_bytes()).unwrap()
    }

    #[test]
    fn amounts_are_whole_shillings_in_any_dress() {
        for good in ["1", "\"1\"", "1.0", "1000.00", "250000", "\"7.0\""] {
            let json = format!(r#"{{"Amount":{good}}}"#);
            let body = object(&json);
            assert!(body.shillings("Amount").is_ok(), "{good}");
        }
        for bad in [
            "0", "-1", "1.5", "\"ten\"", "\"\"", "null", "1e3", "true", "\"1.\"",
        ] {
            let json = format!(r#"{{"Amount":{bad}}}"#);
            let body = object(&json);
            let refused = body.shillings("Amount").unwrap_err();
            assert_eq!(refused.wrong_field(), Some("Amount"), "{bad}");
        }
    }

    #[test]
    fn phones_are_kenyan_and_whole() {
        for good in [
            "254708374149",
            "254711000000",
            "254110000000",
            "254145000000",
        ] {
            assert!(is_kenyan_mobile(good), "{good}");
        }
        for bad in [
            "0708374149",
            "+254708374149",
            "25470837414",
            "254201234567",
            "254109000000",
        ] {
            assert!(!is_kenyan_mobile(bad), "{bad}");
        }
    }

    #[test]
    fn addresses_need_no_host_that_exists() {
        let of = |url: &str, strict| {
            object(&format!(r#"{{"CallBackURL":"{url}"}}"#)).url("CallBackURL", strict)
        };
        assert!(of("https://example.invalid/a/b?c=d", Strict::No).is_ok());
        assert!(of("http://127.0.0.1:9/mpesa", Strict::No).is_ok());
        assert!(of("http://127.0.0.1:9/mpesa", Strict::Sandbox).is_err());
        assert!(of("http://example.com/cb", Strict::Sandbox).is_ok());
        assert!(of("http://example.com/cb", Strict::Live).is_err());
        for bad in ["", "example.com/a", "https://", "https://a/<b>"] {
            assert!(of(bad, Strict::No).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_first_missing_member_is_named() {
        let request =
            |kind: &str, body: &str| Request::new("POST", "", "/").with_body(kind, body.as_bytes());
        let required: &[Required] = &[("A", "A"), ("B", "Bee")];
        let refused = |kind, body| Object::read(&request(kind, body), required).unwrap_err();
        let json = "application/json;charset=UTF-8";
        assert_eq!(refused(json, r#"{"A":1}"#).wrong_field(), Some("Bee"));
        assert_eq!(
            refused(json, r#"{"A":null,"B":""}"#).wrong_field(),
            Some("A")
        );
        assert_eq!(
            refused("text/plain", r#"{"A":1,"B":2}"#).wrong_field(),
            Some("A")
        );
        assert_eq!(refused(json, "[]"), Rejection::payload());
        assert!(Object::read(&request(json, r#"{"A":1,"B":"x","C":[]}"#), required).is_ok());
    }
}
