//! Settings that make no sense, and durations, which are kept as they were given.

use serde_json::{Value, json};

use super::super::TestApp;
use super::{INVALID, hash, stage};

/// Patches of the settings that are refused, each with its field.
fn bad_settings() -> Vec<(Value, &'static str)> {
    let callbacks = |name: &str, url: &str| json!({"africastalking": {"callbacks": {name: url}}});
    let subscriber = |url: &str| {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        json!({"payments_api": {"subscribers": [{"url": url, "secret": secret}]}})
    };
    let menu = |code: &str| json!({"africastalking": {"callbacks": {"ussd": {code: "http://a"}}}});
    let short = |codes: Value| json!({"daraja": {"shortcodes": codes}});
    let limit = |limit: Value| json!({"daraja": {"query_rate_limit": limit}});
    vec![
        (json!({"seed": -1}), "/seed"),
        (json!({"daraja": []}), "/daraja"),
        (
            json!({"phones": {"default_script": ["approve"]}}),
            "/phones/default_script",
        ),
        (short(json!({"shortcode": "1"})), "/daraja/shortcodes"),
        (short(json!([["1"]])), "/daraja/shortcodes/0"),
        (
            short(json!([{"shortcode": "600000"}, {"shortcode": "600000"}])),
            "/daraja/shortcodes/1/shortcode",
        ),
        (
            short(json!([{"shortcode": "6000x"}])),
            "/daraja/shortcodes/0/shortcode",
        ),
        (
            short(json!([{"shortcode": ""}])),
            "/daraja/shortcodes/0/shortcode",
        ),
        (limit(json!({"count": 0})), "/daraja/query_rate_limit/count"),
        (limit(json!({"per": "0s"})), "/daraja/query_rate_limit/per"),
        (
            json!({"daraja": {"consumers": [{"key": "k", "secret": "1"}, {"key": "k", "secret": "2"}]}}),
            "/daraja/consumers/1/key",
        ),
        (
            json!({"africastalking": {"apps": [{"username": "a"}, {"username": "A"}]}}),
            "/africastalking/apps/1/username",
        ),
        (
            json!({"africastalking": {"products": [{"name": "a"}, {"name": "a"}]}}),
            "/africastalking/products/1/name",
        ),
        (
            json!({"africastalking": {"products": [{"payment_notifications": "http://169.254.169.254"}]}}),
            "/africastalking/products/0/payment_notifications",
        ),
        (
            callbacks("delivery_reports", "http://169.254.169.254/latest"),
            "/africastalking/callbacks/delivery_reports",
        ),
        (
            callbacks("payment_validation", "http://user@[fe80::1]:80/"),
            "/africastalking/callbacks/payment_validation",
        ),
        (
            callbacks("sim_swap", "ftp://a"),
            "/africastalking/callbacks/sim_swap",
        ),
        (menu("384"), "/africastalking/callbacks/ussd/384"),
        (menu("*384*x#"), "/africastalking/callbacks/ussd/*384*x#"),
        (menu("a/b"), "/africastalking/callbacks/ussd/a~1b"),
        (
            json!({"africastalking": {"callbacks": {"voice": {"+254711082000": "http://100.100.100.200"}}}}),
            "/africastalking/callbacks/voice/+254711082000",
        ),
        (
            json!({"gateway": {"clients": [
                {"client_id": "a", "client_secret": "1"}, {"client_id": "a", "client_secret": "2"},
            ]}}),
            "/gateway/clients/1/client_id",
        ),
        (
            json!({"payments_api": {"channel": "pigeon"}}),
            "/payments_api/channel",
        ),
        (
            json!({"payments_api": {"channel": "payments"}}),
            "/payments_api/channel",
        ),
        (
            json!({"payments_api": {"ussd_code": "483"}}),
            "/payments_api/ussd_code",
        ),
        (
            subscriber("http://[::ffff:169.254.169.254]/"),
            "/payments_api/subscribers/0/url",
        ),
        (subscriber("http://"), "/payments_api/subscribers/0/url"),
    ]
}

#[tokio::test]
async fn settings_that_make_no_sense_are_not_kept() {
    let app = stage().await;
    let before = hash(&app).await;
    for (patch, field) in bad_settings() {
        let answer = app.call("PATCH", "/_amana/settings", patch).await;
        answer.is_problem(422, INVALID, Some(field));
    }
    for (patch, field) in [
        (json!({"luck": 1}), "/luck"),
        (json!({"phones": {"phones": 1}}), "/phones/phones"),
        (
            json!({"daraja": {"behaviour": {"luck": 1}}}),
            "/daraja/behaviour/luck",
        ),
    ] {
        let answer = app.call("PATCH", "/_amana/settings", patch).await;
        answer.is_problem(422, "request.field_unknown", Some(field));
    }
    assert_eq!(hash(&app).await, before);
}

#[tokio::test]
async fn durations_come_back_as_they_were_given() {
    let app = TestApp::new();
    let settings = app.ok("GET", "/_amana/settings", json!({})).await;
    assert_eq!(settings["daraja"]["query_rate_limit"]["per"], "60s");
    for text in ["90s", "1m30s", "1500ms", "2h", "30d"] {
        let patch = json!({"daraja": {"query_rate_limit": {"per": text}}});
        let settings = app.ok("PATCH", "/_amana/settings", patch).await;
        let per = &settings["daraja"]["query_rate_limit"]["per"];
        // Equally long is no change.
        let expected = if text == "1m30s" { "90s" } else { text };
        assert_eq!(per, expected);
    }
}
