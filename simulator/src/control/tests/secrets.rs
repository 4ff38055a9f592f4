//! Nothing secret in the log of the process, at its most talkative.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::callbacks::Receiver;
use super::{BUYER, TestApp};

/// What must never be seen.
const SECRETS: [&str; 12] = [
    "+254712345678",
    "254712345678",
    "0712345678",
    "+254700000002",
    // With a zero in front, as no port and no measured time has it.
    "0642",
    "atsk_secret_key",
    "consumer-secret-1",
    "passkey-secret-1",
    "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "webhook-secret-1",
    "payments-api-key-1",
    "initiator-password-1",
];

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn settings(url: &str) -> Value {
    json!({
        "daraja": {
            "consumers": [{"key": "key-1", "secret": "consumer-secret-1"}],
            "shortcodes": [{
                "shortcode": "600000", "passkey": "passkey-secret-1",
                "initiator_password": "initiator-password-1",
            }],
        },
        "africastalking": {
            "apps": [{"username": "sandbox", "api_key": "atsk_secret_key"}],
            "accept_any_credentials": false,
            "callbacks": {"payment_notifications": url},
        },
        "payments_api": {
            "api_key": "payments-api-key-1", "webhook_secret": "webhook-secret-1",
            "subscribers": [{"url": url, "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}],
        },
    })
}

async fn post(app: &TestApp, path: &str, body: Value) -> u16 {
    let request = Request::post(path)
        .header("x-api-key", "payments-api-key-1")
        .header("apiKey", "atsk_secret_key")
        .header("authorization", "Bearer payments-api-key-1")
        .header("content-type", "application/json");
    let request = request.body(Body::from(body.to_string())).unwrap();
    app.send(request).await.status().as_u16()
}

/// Money locked, disputed by text message, faults, wrong requests and a release.
async fn story(app: &TestApp, receiver: &Receiver) {
    app.ok("PATCH", "/_amana/settings", settings(&receiver.url))
        .await;
    let phone = format!("/_amana/phones/{BUYER}");
    app.ok(
        "PUT",
        &phone,
        json!({"pin": "0642", "script": {"collect": "manual"}}),
    )
    .await;
    let fault = json!({"leg": "callback", "kind": "duplicate", "match": {"msisdn": BUYER}});
    app.ok("POST", "/_amana/faults", fault).await;
    let terms = json!({
        "contract_id": "VC-1", "buyer_phone": BUYER, "seller_phone": "+254700000002",
        "total_amount": "1500", "currency": "KES",
    });
    assert_eq!(post(app, "/api/v1/contracts", terms).await, 201);
    let wanted = json!({
        "contract_id": "VC-1", "phone_number": BUYER, "amount": 1500, "currency_code": "KES",
    });
    assert_eq!(
        post(app, "/api/v1/payments/checkout", wanted.clone()).await,
        200
    );
    assert_eq!(post(app, "/api/v1/payments/checkout", wanted).await, 409);
    let approve = json!({"action": "approve", "pin": "0642"});
    app.ok("POST", &format!("{phone}/prompts/current"), approve)
        .await;
    app.advance("1m").await;
    let text = json!({"to": "40404", "text": "DISPUTE-VC-1 broken"});
    app.ok("POST", &format!("{phone}/messages"), text).await;
    let release = json!({"transaction_id": "TXN-VC-1-001", "confirmed_by": ["buyer", "seller"]});
    post(app, "/api/v1/payments/release", release).await;
    let wrong = json!({"phone_number": BUYER, "pin": "8642", "secret": "webhook-secret-1"});
    assert_eq!(post(app, "/api/v1/payments/checkout", wrong).await, 422);
    app.get(&format!(
        "/_amana/events?phone={}",
        BUYER.replace('+', "%2B")
    ))
    .await;
    app.get("/_amana/snapshot").await;
    app.advance("1h").await;
    assert!(!receiver.received().is_empty());
}

/// Whether the line has the secret, and not merely its digits within a longer number such as a port.
fn tells(line: &str, secret: &str) -> bool {
    let is_digit = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_digit());
    line.match_indices(secret).any(|(at, _)| {
        let (before, after) = (
            &line.as_bytes()[..at],
            &line.as_bytes()[at + secret.len()..],
        );
        !is_digit(before.last().copied()) && !is_digit(after.first().copied())
    })
}

#[test]
fn a_secret_is_told_from_digits_of_a_port() {
    assert!(tells("pin=8642 ok", "8642") && tells("8642", "8642"));
    assert!(!tells("port 38642, took 86421 ms", "8642"));
}

#[tokio::test]
async fn a_whole_story_leaves_no_secret_in_the_log() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .without_time()
        .with_writer(move || writer.clone())
        .finish();
    // With a second one, whether a line is wanted is asked of all there are, whichever thread it is
    // that first comes by it; a single one is asked only by its own thread.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::new());
    // This test and all its tasks run on one thread.
    let _guard = tracing::subscriber::set_default(subscriber);
    // Tests on other threads may first have met our log lines when nobody listened.
    tracing::callsite::rebuild_interest_cache();
    story(&TestApp::new(), &Receiver::start().await).await;
    tracing::callsite::rebuild_interest_cache();
    story(&TestApp::new(), &Receiver::start().await).await;
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        log.contains("answered") && log.contains("called back"),
        "{log}"
    );
    for secret in SECRETS {
        let line = log.lines().find(|line| tells(line, secret));
        assert_eq!(line, None, "`{secret}` is in the log");
    }
}

/// What is printed of a value by mistake shows nothing either.
#[test]
fn masked_where_a_value_is_printed() {
    let buyer: amana_core::Msisdn = BUYER.parse().unwrap();
    assert!(!format!("{buyer:?}").contains("712345678"));
}
