//! What is signed or compared: nobody without the key gets anything accepted.

use serde_json::value::RawValue;

use super::{Saw, cut, lossy};
use crate::audit::{Chain, Record, verify};
use crate::error::Coded;
use crate::reference::idempotency::{Fingerprint, IdempotencyError, first_difference};
use crate::signature::standard_webhooks::{Headers, StandardWebhooks, WebhookSecret};
use crate::signature::{HmacKey, hmac};
use crate::time::Timestamp;

const NOW: Timestamp = Timestamp::from_millis(1_772_793_000_000);

fn key() -> Option<HmacKey> {
    HmacKey::new("fuzzing").ok()
}

/// Webhook headers, a line each for id, timestamp and signature, and the body behind them.
///
/// Only what the endpoint itself would have signed is ever accepted.
pub fn webhook(input: &[u8], saw: Saw<'_>) {
    let (id, rest) = cut(input, b'\n');
    let (timestamp, rest) = cut(rest, b'\n');
    let (signature, body) = cut(rest, b'\n');
    let headers = Headers {
        id: lossy(id).into_owned(),
        timestamp: lossy(timestamp).into_owned(),
        signature: lossy(signature).into_owned(),
    };
    let endpoint = StandardWebhooks::new(WebhookSecret::from_entropy([7; 24]));
    let own = endpoint.sign(&headers.id, NOW, body);
    match endpoint.verify(&headers, body, NOW) {
        Ok(_) => {
            saw("verified");
            let own = own.as_ref().map(|own| own.signature.as_str());
            let mut signatures = headers.signature.split_ascii_whitespace();
            assert!(signatures.any(|given| Ok(given) == own), "{headers:?}");
        }
        Err(error) => saw(error.code().as_str()),
    }
    if let Ok(own) = own {
        assert!(endpoint.verify(&own, body, NOW).is_ok(), "{own:?}");
    }
    if let Ok(secret) = headers.signature.parse::<WebhookSecret>() {
        saw("secret");
        assert_eq!(secret.reveal().parse(), Ok(secret));
    }
    let Some(key) = key() else { return };
    match hmac::verify(&key, Some(&headers.signature), body) {
        Ok(_) => {
            saw("hmac verified");
            let own = hmac::sign(&key, body);
            assert!(headers.signature.trim().eq_ignore_ascii_case(&own));
        }
        Err(error) => saw(&format!("hmac {}", error.code())),
    }
}

/// An exported audit trail, or the data of a new entry.
///
/// Only the beginning of a trail that was really written is ever accepted.
pub fn audit(input: &[u8], saw: Saw<'_>) {
    let Some(key) = key() else { return };
    let text = lossy(input);
    match verify(&key, &text, None) {
        Ok(head) => {
            saw(&format!("{} entries", head.seq));
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            assert!(trail(&key).starts_with(&lines.collect::<Vec<_>>().concat()));
            let whole = chain(&key).0.signed_head();
            let reached = verify(&key, &text, Some(&whole));
            assert_eq!(reached.is_ok(), head.seq == whole.seq, "{reached:?}");
        }
        Err(bad) => saw(bad.code().as_str()),
    }
    if let Ok(data) = serde_json::from_str::<&RawValue>(&text) {
        saw("data");
        any_data_is_one_line(&key, data);
    }
}

fn any_data_is_one_line(key: &HmacKey, data: &RawValue) {
    let mut chain = Chain::new(key.clone());
    let entry = record("data.kept")
        .and_then(|record| record.with_data(data).ok())
        .and_then(|record| chain.append(record).ok());
    let line = entry.and_then(|entry| entry.to_line().ok());
    let line = line.unwrap_or_default();
    assert_eq!(line.lines().count(), 1, "{line:?}");
    let found = verify(key, &line, Some(&chain.signed_head()));
    assert_eq!(found, Ok(chain.head()), "{line:?}");
}

fn record(action: &str) -> Option<Record> {
    let (contract, actor) = ("AG-1".parse().ok()?, "buyer".parse().ok()?);
    Some(Record::new(NOW, action.parse().ok()?, contract, actor))
}

/// A trail of three entries and its lines.
fn chain(key: &HmacKey) -> (Chain, Vec<String>) {
    let mut chain = Chain::new(key.clone());
    let actions = ["payment.locked", "delivery.confirmed", "payment.released"];
    let lines = actions.into_iter().filter_map(|action| {
        let record = record(action)?.with_data(&serde_json::json!({"amount": "1000.00"}));
        chain.append(record.ok()?).ok()?.to_line().ok()
    });
    let lines = lines.collect();
    (chain, lines)
}

fn trail(key: &HmacKey) -> String {
    chain(key).1.concat()
}

/// Two JSON bodies with the record separator (RFC 7464) between them.
pub fn idempotency(input: &[u8], saw: Saw<'_>) {
    let (first, second) = cut(input, 0x1e);
    let (one, two) = (Fingerprint::of_json(first), Fingerprint::of_json(second));
    match &one {
        Ok(fingerprint) => {
            assert_eq!(fingerprint.to_string().parse(), Ok(*fingerprint));
            let spaced = spaced(first);
            assert_eq!(Fingerprint::of_json(&spaced).as_ref(), Ok(fingerprint));
            assert_eq!(first_difference(first, &spaced), Ok(None));
        }
        Err(error) => saw(error.code().as_str()),
    }
    let difference = first_difference(first, second);
    match (one, two) {
        (Ok(one), Ok(two)) => {
            let same = matches!(difference, Ok(None));
            saw(if same { "same" } else { "different" });
            assert_eq!(one == two, same, "{difference:?}");
            assert_eq!(first_difference(second, first), difference);
        }
        (Err(error), _) | (Ok(_), Err(error)) => {
            assert!(!matches!(error, IdempotencyError::Conflict(_)));
            assert_eq!(difference, Err(error));
        }
    }
}

/// The same JSON with blanks around everything that may have them.
fn spaced(json: &[u8]) -> Vec<u8> {
    let (mut in_string, mut escaped) = (false, false);
    let mut out = vec![b'\n'];
    for &byte in json {
        let structural = !in_string && b"{}[]:,".contains(&byte);
        if structural {
            out.push(b' ');
        }
        out.push(byte);
        if structural {
            out.extend_from_slice(b"\r\n\t");
        }
        if byte == b'"' && !escaped {
            in_string = !in_string;
        }
        escaped = in_string && byte == b'\\' && !escaped;
    }
    out
}
