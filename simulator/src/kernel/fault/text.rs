//! Phone numbers in requests of any provider, without knowing the provider.

use amana_core::Msisdn;
use amana_core::http::Request;
use serde_json::Value;

/// Whether the request speaks of this phone: in its query, or as a member of its body, alone or in
/// a list.
pub(super) fn mentions(request: &Request, wanted: Msisdn) -> bool {
    let in_pairs =
        |bytes: &[u8]| form_urlencoded::parse(bytes).any(|(_, value)| has(&value, wanted));
    in_pairs(request.query.as_bytes())
        || match serde_json::from_slice::<Value>(&request.body) {
            Ok(value) => is_in(&value, wanted),
            Err(_) => in_pairs(&request.body),
        }
}

fn is_in(value: &Value, wanted: Msisdn) -> bool {
    match value {
        Value::String(text) => has(text, wanted),
        Value::Number(number) => has(&number.to_string(), wanted),
        Value::Array(items) => items.iter().any(|item| is_in(item, wanted)),
        Value::Object(members) => members.values().any(|member| is_in(member, wanted)),
        Value::Null | Value::Bool(_) => false,
    }
}

fn has(text: &str, wanted: Msisdn) -> bool {
    text.split(',')
        .any(|part| part.trim().parse() == Ok(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_phone_in_every_form() {
        let wanted: Msisdn = "+254712345678".parse().unwrap();
        let post = |body: &str| Request::new("POST", "h", "/p").with_body("x", body);
        for (body, found) in [
            (r#"{"PhoneNumber": 254712345678}"#, true),
            (r#"{"a": [{"b": "0712345678"}]}"#, true),
            ("username=sandbox&to=%2B254711000000,%2B254712345678", true),
            (r#"{"PhoneNumber": 254712345679}"#, false),
            ("to=", false),
            ("", false),
        ] {
            assert_eq!(mentions(&post(body), wanted), found, "{body}");
        }
        let mut get = Request::new("GET", "h", "/p");
        get.query = "phoneNumber=%2B254712345678".to_owned();
        assert!(mentions(&get, wanted));
    }
}
