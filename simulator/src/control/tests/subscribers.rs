//! Webhooks of the payments API: signed, repeated, in order, and each receiver for itself.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use amana_core::Timestamp;
use amana_core::signature::standard_webhooks::{Headers, StandardWebhooks};
use axum::Router;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::IntoResponse;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{BUYER, TestApp};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const SELLER: &str = "+254700000002";

/// What a receiver was sent.
#[derive(Debug, Clone)]
struct Message {
    query: String,
    headers: HeaderMap,
    body: String,
}

impl Message {
    fn kind(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap();
        body["type"].as_str().unwrap().to_owned()
    }

    fn header(&self, name: &str) -> String {
        self.headers[name].to_str().unwrap().to_owned()
    }
}

/// What a receiver answers.
type Reply = (u16, Option<&'static str>);

/// A receiver of webhooks: answers these in turn, then 200.
#[derive(Clone)]
struct Hooks {
    url: String,
    replies: Arc<Mutex<VecDeque<Reply>>>,
    messages: Arc<Mutex<Vec<Message>>>,
}

impl Hooks {
    async fn start(replies: &[Reply]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hooks = Self {
            url: format!("http://{}/hook?team=a%20b", listener.local_addr().unwrap()),
            replies: Arc::new(Mutex::new(replies.iter().copied().collect())),
            messages: Arc::default(),
        };
        let receiver = hooks.clone();
        let take = move |uri: Uri, headers: HeaderMap, body: String| {
            let reply = receiver.take(uri.query().unwrap_or_default(), headers, body);
            async move { reply }
        };
        tokio::spawn(async { axum::serve(listener, Router::new().fallback(take)).await });
        hooks
    }

    fn take(&self, query: &str, headers: HeaderMap, body: String) -> impl IntoResponse + use<> {
        let query = query.to_owned();
        self.messages.lock().unwrap().push(Message {
            query,
            headers,
            body,
        });
        let reply = self.replies.lock().unwrap().pop_front();
        let (status, retry_after) = reply.unwrap_or((200, None));
        let mut headers = HeaderMap::new();
        if let Some(wait) = retry_after {
            headers.insert("retry-after", wait.parse().unwrap());
        }
        (StatusCode::from_u16(status).unwrap(), headers)
    }

    fn received(&self) -> Vec<Message> {
        self.messages.lock().unwrap().clone()
    }

    fn kinds(&self) -> Vec<String> {
        self.received().iter().map(Message::kind).collect()
    }
}

async fn subscribe(app: &TestApp, urls: &[&str]) {
    let subscribers: Vec<Value> = urls
        .iter()
        .map(|url| json!({"url": url, "secret": SECRET}))
        .collect();
    let patch = json!({"payments_api": {"subscribers": subscribers}});
    app.ok("PATCH", "/_amana/settings", patch).await;
}

/// Asks for the money of a new contract.
async fn checkout(app: &TestApp, contract: &str) {
    let terms = json!({
        "contract_id": contract, "buyer_phone": BUYER, "seller_phone": SELLER,
        "total_amount": "1500", "currency": "KES",
    });
    app.ok("POST", "/api/v1/contracts", terms).await;
    let wanted = json!({
        "contract_id": contract, "phone_number": BUYER, "amount": 1500, "currency_code": "KES",
    });
    app.ok("POST", "/api/v1/payments/checkout", wanted).await;
}

async fn deliveries(app: &TestApp) -> Vec<Value> {
    let list = app.get("/_amana/callbacks?provider=payments").await.json["callbacks"].clone();
    let mut list = list.as_array().unwrap().clone();
    list.reverse();
    list
}

#[tokio::test]
async fn every_change_is_told_and_signed() {
    let (app, hooks) = (TestApp::new(), Hooks::start(&[]).await);
    subscribe(&app, &[&hooks.url]).await;
    checkout(&app, "VC-1").await;
    app.advance("1m").await;
    let release = json!({"transaction_id": "TXN-VC-1-001", "confirmed_by": ["buyer", "seller"]});
    app.ok("POST", "/api/v1/payments/release", release).await;
    app.advance("1m").await;
    let told = [
        "payment.requested",
        "payment.locked",
        "payment.delivery_confirmed",
        "payment.accepted",
        "payment.released",
    ];
    assert_eq!(hooks.kinds(), told);
    let endpoint = StandardWebhooks::new(SECRET.parse().unwrap());
    for message in hooks.received() {
        let headers = Headers {
            id: message.header("webhook-id"),
            timestamp: message.header("webhook-timestamp"),
            signature: message.header("webhook-signature"),
        };
        let body: Value = serde_json::from_str(&message.body).unwrap();
        let sent_at: Timestamp = body["timestamp"].as_str().unwrap().parse().unwrap();
        assert!(
            endpoint
                .verify(&headers, message.body.as_bytes(), sent_at)
                .is_ok()
        );
        assert_eq!(message.query, "team=a%20b");
        assert_eq!(message.header("content-type"), "application/json");
        assert_eq!(body["data"]["transaction_id"], "TXN-VC-1-001");
        assert_eq!(body["data"]["amount"], 1500);
    }
}

#[tokio::test]
async fn a_failing_receiver_is_tried_again_with_growing_waits() {
    let failing = [(503, None); 40];
    let (app, hooks) = (TestApp::new(), Hooks::start(&failing).await);
    subscribe(&app, &[&hooks.url]).await;
    checkout(&app, "VC-1").await;
    let first = "payment.requested";
    app.advance("2s").await;
    app.advance("2d").await;
    let message = &deliveries(&app).await[0];
    assert_eq!(
        (&message["operation"], &message["state"]),
        (&json!(first), &json!("failed"))
    );
    let attempts = message["attempts"].as_array().unwrap();
    let at: Vec<Timestamp> = attempts
        .iter()
        .map(|attempt| attempt["at"].as_str().unwrap().parse().unwrap())
        .collect();
    assert_eq!(at.len(), 12);
    let mut least = 5_000;
    for pair in at.windows(2) {
        let wait = (pair[1] - pair[0]).as_millis();
        assert!((least..=least * 2).contains(&wait), "{wait} after {least}");
        least = (least * 2).min(21_600_000);
    }
    // All attempts of a message have one id, each its own time.
    let sent: Vec<_> = hooks.received();
    let of_first: Vec<_> = sent.iter().filter(|m| m.kind() == first).collect();
    assert!(
        of_first
            .iter()
            .all(|m| m.header("webhook-id") == of_first[0].header("webhook-id"))
    );
    assert_ne!(
        of_first[0].header("webhook-timestamp"),
        of_first[1].header("webhook-timestamp")
    );
}

#[tokio::test]
async fn the_jitter_is_seeded() {
    let run = || async {
        let (app, hooks) = (TestApp::new(), Hooks::start(&[(500, None); 3]).await);
        subscribe(&app, &[&hooks.url]).await;
        checkout(&app, "VC-1").await;
        app.advance("10m").await;
        deliveries(&app).await[0]["attempts"].clone()
    };
    let first = run().await;
    assert!(first.as_array().unwrap().len() >= 2, "{first}");
    assert_eq!(first, run().await);
}

#[tokio::test]
async fn retry_after_is_waited_for_in_both_forms() {
    for wait in ["3600", "Thu, 01 Jan 2099 00:00:00 GMT"] {
        let (app, hooks) = (TestApp::new(), Hooks::start(&[(429, Some(wait))]).await);
        subscribe(&app, &[&hooks.url]).await;
        checkout(&app, "VC-1").await;
        app.advance("1s").await;
        let message = &deliveries(&app).await[0];
        let due: Timestamp = message["due_at"].as_str().unwrap().parse().unwrap();
        let begin: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        // A date far away is waited for at most a day.
        let expected = if wait == "3600" {
            3_600_000
        } else {
            86_400_000
        };
        assert_eq!((due - begin).as_millis(), expected, "{wait}");
        app.advance("25h").await;
        assert_eq!(deliveries(&app).await[0]["state"], "delivered");
    }
}

#[tokio::test]
async fn gone_means_gone_until_the_settings_change() {
    let (app, hooks) = (TestApp::new(), Hooks::start(&[(410, None)]).await);
    subscribe(&app, &[&hooks.url]).await;
    checkout(&app, "VC-1").await;
    app.advance("10m").await;
    assert_eq!(hooks.kinds(), ["payment.requested"]);
    assert_eq!(deliveries(&app).await[0]["state"], "failed");
    let disabled = app.get("/_amana/events?type=subscriber.disabled").await;
    assert_eq!(disabled.json["events"].as_array().unwrap().len(), 1);
    subscribe(&app, &[]).await;
    subscribe(&app, &[&hooks.url]).await;
    checkout(&app, "VC-2").await;
    app.advance("10m").await;
    assert_eq!(hooks.kinds().len(), 3);
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_not_followed() {
    let (app, hooks) = (TestApp::new(), Hooks::start(&[(302, None)]).await);
    subscribe(&app, &[&hooks.url]).await;
    checkout(&app, "VC-1").await;
    app.advance("1s").await;
    let message = &deliveries(&app).await[0];
    assert_eq!(message["attempts"][0]["status"], 302);
    assert_eq!(message["state"], "scheduled");
}

#[tokio::test]
async fn messages_are_sent_again_by_id_and_by_range() {
    let (app, hooks) = (TestApp::new(), Hooks::start(&[]).await);
    subscribe(&app, &[&hooks.url]).await;
    checkout(&app, "VC-1").await;
    app.advance("1m").await;
    let sent = deliveries(&app).await;
    let (first, last) = (&sent[0]["id"], &sent[1]["id"]);
    let path = format!("/_amana/callbacks/{}/resend", first.as_str().unwrap());
    assert_eq!(app.raw("POST", &path, "").await.status, 202);
    app.advance("0s").await;
    let range = json!({"from": first, "to": last});
    app.ok("POST", "/_amana/callbacks/resend", range).await;
    app.advance("0s").await;
    let (again, all) = ("payment.requested", "payment.locked");
    assert_eq!(hooks.kinds(), [again, all, again, again, all]);
    let ids: Vec<_> = hooks
        .received()
        .iter()
        .map(|m| m.header("webhook-id"))
        .collect();
    assert!(ids[0] == ids[2] && ids[1] == ids[4]);
}

#[tokio::test]
async fn messages_to_one_receiver_go_in_order() {
    let (app, hooks) = (TestApp::new(), Hooks::start(&[]).await);
    subscribe(&app, &[&hooks.url]).await;
    for number in 0..40 {
        checkout(&app, &format!("VC-{number}")).await;
    }
    app.advance("1m").await;
    let sent: Vec<_> = hooks
        .received()
        .iter()
        .map(|m| m.header("webhook-id"))
        .collect();
    let scheduled: Vec<_> = deliveries(&app)
        .await
        .iter()
        .map(|message| format!("msg_{}", message["id"].as_str().unwrap()))
        .collect();
    assert_eq!(sent.len(), 80);
    assert_eq!(sent, scheduled);
}

#[tokio::test]
async fn a_dead_receiver_delays_nobody_else() {
    let patience = Duration::from_secs(30);
    let app = TestApp::with_timeout(patience);
    // It takes connections and never answers.
    let dead = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let dead_url = format!("http://{}/", dead.local_addr().unwrap());
    let hooks = Hooks::start(&[]).await;
    subscribe(&app, &[&dead_url, &hooks.url]).await;
    let begin = std::time::Instant::now();
    for number in 0..5 {
        checkout(&app, &format!("VC-{number}")).await;
    }
    // What is due now goes out though nobody advances the clock.
    app.ok("PUT", "/_amana/clock", json!({"mode": "frozen"}))
        .await;
    while hooks.received().len() < 5 {
        tokio::task::yield_now().await;
        // Whoever waits for the dead one waits so long.
        assert!(begin.elapsed() < patience, "{:?}", hooks.kinds());
    }
}
