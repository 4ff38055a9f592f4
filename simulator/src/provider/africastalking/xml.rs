//! The XML form of an answer: what `/version1` gives to a client that does not ask for JSON.
//!
//! Recorded for a sent message; the same convention is assumed for the rest: JSON names become
//! elements, and a list holds elements named in the singular.

use serde_json::Value;

const ROOT: &str = "AfricasTalkingResponse";

/// Elements in the order in which they were recorded; those not listed follow by name.
const ORDER: [&str; 5] = ["number", "cost", "status", "statusCode", "messageId"];

/// The document for this JSON.
pub fn document(value: &Value) -> String {
    let mut out = String::new();
    element(&mut out, ROOT, value);
    out
}

fn element(out: &mut String, name: &str, value: &Value) {
    out.push('<');
    out.push_str(name);
    out.push('>');
    match value {
        Value::Null => {}
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => escape(out, text),
        Value::Array(items) => {
            for item in items {
                element(out, singular(name), item);
            }
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            let rank = |name: &str| ORDER.iter().position(|n| *n == name).unwrap_or(ORDER.len());
            members.sort_by_key(|(name, _)| (rank(name), (*name).clone()));
            for (name, value) in members {
                element(out, name, value);
            }
        }
    }
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

fn singular(plural: &str) -> &str {
    plural.strip_suffix('s').unwrap_or(plural)
}

fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // Not allowed in XML 1.0, not even as a reference.
            '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_sent_message_as_recorded() {
        let value = json!({"SMSMessageData": {
            "Message": "Sent to 1/1 Total Cost: KES 0.8000",
            "Recipients": [{
                "cost": "KES 0.8000", "messageId": "ATXid_0a1b2c3d4e5f60718293a4b5c6d7e8f9",
                "number": "+254711000000", "status": "Success", "statusCode": 101,
            }],
        }});
        assert_eq!(
            document(&value),
            "<AfricasTalkingResponse><SMSMessageData>\
             <Message>Sent to 1/1 Total Cost: KES 0.8000</Message>\
             <Recipients><Recipient><number>+254711000000</number><cost>KES 0.8000</cost>\
             <status>Success</status><statusCode>101</statusCode>\
             <messageId>ATXid_0a1b2c3d4e5f60718293a4b5c6d7e8f9</messageId></Recipient></Recipients>\
             </SMSMessageData></AfricasTalkingResponse>"
        );
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(
            document(&json!({"text": "a<b>&\"'\u{1}"})),
            "<AfricasTalkingResponse><text>a&lt;b&gt;&amp;&quot;&apos;\u{fffd}</text>\
             </AfricasTalkingResponse>"
        );
    }
}
