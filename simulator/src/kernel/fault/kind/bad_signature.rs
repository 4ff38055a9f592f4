//! `bad_signature`: the callback's signature is wrong. A provider that does not sign gets one that
//! is wrong, so that a receiver which checks what it is given can be tested with any of them.

use super::{Leg, Spec};

pub(super) const SPEC: Spec = Spec {
    legs: &[Leg::Callback],
    takes: &[],
};

/// The header put on what is not signed, in the form of a signed callback of the payments API.
const HEADER: &str = "x-webhook-signature";

/// Makes the signatures among these headers wrong, or adds a wrong one.
pub(in crate::kernel::fault) fn spoil(headers: &mut Vec<(String, String)>) {
    let mut signed = false;
    for (name, value) in &mut *headers {
        if name.to_ascii_lowercase().contains("signature") {
            *value = spoiled(value);
            signed = true;
        }
    }
    if !signed {
        let wrong = format!("sha256={}", "0".repeat(64));
        headers.push((HEADER.to_owned(), wrong));
    }
}

/// The same text with the last of its letters and digits changed: it still looks like a signature.
fn spoiled(value: &str) -> String {
    let Some(last) = value.rfind(|c: char| c.is_ascii_alphanumeric()) else {
        return "0".to_owned();
    };
    // In base64 the very last character may have bits that do not count.
    let place = last.saturating_sub(3);
    let changed = value.char_indices().map(|(index, c)| match c {
        'a' if index == place => 'b',
        _ if index == place => 'a',
        other => other,
    });
    changed.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kernel::fault::tests::Bench;

    #[test]
    fn what_is_signed_is_signed_wrongly() {
        let mut headers = vec![
            ("content-type".to_owned(), "a".to_owned()),
            ("X-Signature".to_owned(), "sha256=00aa11".to_owned()),
            ("webhook-signature".to_owned(), "v1,abcd==".to_owned()),
        ];
        let before = headers.clone();
        spoil(&mut headers);
        assert_eq!(headers.len(), 3);
        assert_eq!(headers[0], before[0]);
        for (after, before) in headers.iter().zip(&before).skip(1) {
            assert_ne!(after.1, before.1);
            assert_eq!(after.1.len(), before.1.len());
        }
    }

    #[test]
    fn what_is_not_signed_is_given_a_wrong_signature() {
        let mut bench = Bench::new();
        bench.arm(json!({"leg": "callback", "kind": "bad_signature"}));
        bench.collect();
        bench.settle();
        let headers = &bench.delivered[0].headers;
        assert!(headers.iter().any(|(name, _)| name == HEADER));
    }
}
