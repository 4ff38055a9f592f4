//! Bad input: every call that changes something refuses what it does not understand with a problem
//! document that names the field, and leaves the state as it was.

use serde_json::{Value, json};

use super::routes::{calls, route_of};
use super::{BUYER, TestApp};
use crate::control::route::{Body, Form, Member, Route};
use crate::control::routes::ROUTES;

/// A sandbox in which there is something to change: a phone with an open prompt, a callback that
/// was made, a fault.
async fn stage() -> TestApp {
    let app = TestApp::new();
    let phone = format!("/_amana/phones/{BUYER}");
    app.collect("5").await;
    app.advance("1m").await;
    app.ok("PUT", &phone, json!({"script": {"collect": "manual"}}))
        .await;
    app.collect("6").await;
    let fault = json!({"leg": "callback", "kind": "drop"});
    app.ok("POST", "/_amana/faults", fault).await;
    app
}

async fn hash(app: &TestApp) -> Value {
    app.ok("GET", "/_amana/state_hash", json!({})).await
}

/// The calls that change something: method, path, and a body that goes well.
fn changes() -> Vec<(&'static str, String, Value)> {
    let changes = calls().into_iter().filter(|(method, ..)| *method != "GET");
    let changes = changes.map(|(method, path, body, _)| (method, path, body));
    let restore = ("PUT", "/_amana/snapshot".to_owned(), json!({}));
    changes.chain([restore]).collect()
}

#[test]
fn every_route_that_changes_something_is_tried() {
    let changes = changes();
    let tried = |route: &&Route| {
        let mut changes = changes.iter();
        changes.any(|(method, path, _)| route_of(method, path).operation == route.operation)
    };
    for route in ROUTES.iter().filter(|route| route.method != "get") {
        assert!(tried(&route), "{}", route.operation);
    }
}

/// A value that no member of this form is.
fn wrong(form: Form) -> Value {
    match form {
        Form::Text | Form::Duration | Form::Instant | Form::Amount | Form::Phone => json!(7),
        Form::Truth | Form::Object(_) | Form::AnyObject | Form::List => json!(7),
        Form::Word(_) => json!("no such word"),
        Form::Count | Form::Chance => json!("x"),
    }
}

/// Bodies in which one member of an object is wrong, each with the code and the field expected.
fn with_one_wrong(members: &[Member]) -> Vec<(Value, &'static str, String)> {
    const INVALID: &str = "request.field_invalid";
    let mut bodies = vec![(
        json!({"luck": 1}),
        "request.field_unknown",
        "/luck".to_owned(),
    )];
    for member in members {
        let name = member.name;
        bodies.push((
            json!({name: wrong(member.form)}),
            INVALID,
            format!("/{name}"),
        ));
        let inner: &[Member] = match member.form {
            Form::Object(inner) => inner,
            _ => continue,
        };
        bodies.push((json!({name: [1]}), INVALID, format!("/{name}")));
        for (body, code, field) in with_one_wrong(inner) {
            bodies.push((json!({name: body}), code, format!("/{name}{field}")));
        }
    }
    bodies
}

#[tokio::test]
async fn every_member_of_every_body_is_checked() {
    let app = stage().await;
    let before = hash(&app).await;
    for (method, path, good) in changes() {
        let members = match route_of(method, &path).body {
            Body::Nothing => &[],
            Body::Object(members) => members,
            // Their members are in tables of their own below.
            Body::Settings | Body::Snapshot => continue,
        };
        for (body, code, field) in with_one_wrong(members) {
            let answer = app.call(method, &path, body).await;
            answer.is_problem(422, code, Some(&field));
        }
        for member in members.iter().filter(|member| member.required) {
            let mut body = good.clone();
            body.as_object_mut().unwrap().remove(member.name);
            let answer = app.call(method, &path, body).await;
            let field = format!("/{}", member.name);
            answer.is_problem(422, "request.field_missing", Some(&field));
        }
    }
    assert_eq!(hash(&app).await, before);
}

#[tokio::test]
async fn every_body_is_one_object_with_each_member_once() {
    let app = stage().await;
    let before = hash(&app).await;
    for (method, path, _) in changes() {
        let snapshot = path.ends_with("/snapshot");
        let code = match snapshot {
            true => "snapshot.damaged",
            false => "request.field_invalid",
        };
        for body in ["[]", "[{}]", "null", "7", "\"text\"", "true"] {
            let answer = app.raw(method, &path, body).await;
            answer.is_problem(422, code, None);
        }
        for body in ["{", "{}{}", "{\"a\":}", "a", "\u{feff}{}"] {
            let answer = app.raw(method, &path, body).await;
            answer.is_problem(400, "request.malformed", None);
        }
        let answer = app.raw(method, &path, vec![b'"', 0xff, b'"']).await;
        answer.is_problem(400, "request.malformed", None);
        let twice = r#"{"to": "a", "to": "a"}"#;
        app.raw(method, &path, twice)
            .await
            .is_problem(422, code, Some("/to"));
        let deep = r#"{"a": [{"b": {"c": 1, "d": 2, "c": 1}}]}"#;
        app.raw(method, &path, deep)
            .await
            .is_problem(422, code, Some("/a/0/b/c"));
        let answer = app.raw(method, &format!("{path}?luck=1"), "").await;
        answer.is_problem(422, "request.field_unknown", Some("/luck"));
    }
    assert_eq!(hash(&app).await, before);
}

#[tokio::test]
async fn every_phone_in_a_path_is_a_number() {
    let app = stage().await;
    let before = hash(&app).await;
    for (method, path, good) in calls()
        .into_iter()
        .map(|(method, path, good, _)| (method, path, good))
    {
        if !path.contains(BUYER) {
            continue;
        }
        let body = match good {
            Value::Null => String::new(),
            good => good.to_string(),
        };
        for (number, code) in [
            ("nobody", "msisdn.malformed"),
            ("+25471", "msisdn.malformed"),
            ("%20", "msisdn.malformed"),
            ("%FF", "request.field_invalid"),
        ] {
            let path = path.replace(BUYER, number);
            let answer = app.raw(method, &path, body.clone()).await;
            answer.is_problem(422, code, Some("/msisdn"));
        }
    }
    assert_eq!(hash(&app).await, before);
}

const INVALID: &str = "request.field_invalid";

/// Bodies that are well-formed and whose members are each what they may be, and that still make no
/// sense: call, body, status, code, field.
fn senseless() -> Vec<(String, Value, u16, &'static str, &'static str)> {
    let phone = |rest: &str| format!("/_amana/phones/+254799999999{rest}");
    let buyer = |rest: &str| format!("/_amana/phones/{BUYER}{rest}");
    let row = |call: String, body: Value, code, field| (call, body, 422, code, field);
    let fixed = |text: &str| text.to_owned();
    let fault = |rest: Value| {
        let mut rule = json!({"leg": "request", "kind": "status"});
        rule.as_object_mut()
            .unwrap()
            .append(&mut rest.as_object().unwrap().clone());
        row(fixed("POST /_amana/faults"), rule, INVALID, "")
    };
    let named = |(call, body, status, code, _): (_, _, _, _, &str), field| {
        (call, body, status, code, field)
    };
    let clock = || fixed("PUT /_amana/clock");
    let advance = || fixed("POST /_amana/clock/advance");
    let put = |path: String| format!("PUT {path}");
    let post = |path: String| format!("POST {path}");
    let long = "1".repeat(5_000);
    vec![
        row(advance(), json!({}), INVALID, "/by"),
        row(advance(), json!({"by": "1s", "to": "next"}), INVALID, "/by"),
        row(advance(), json!({"by": "soon"}), INVALID, "/by"),
        row(advance(), json!({"by": "-1s"}), INVALID, "/by"),
        row(
            advance(),
            json!({"to": "2020-01-01T00:00:00Z"}),
            "clock.not_ahead",
            "/to",
        ),
        row(
            advance(),
            json!({"to": "tomorrow"}),
            "time.malformed",
            "/to",
        ),
        row(
            clock(),
            json!({"mode": "real", "scale": 2}),
            INVALID,
            "/scale",
        ),
        row(
            clock(),
            json!({"mode": "frozen", "scale": 2}),
            INVALID,
            "/scale",
        ),
        row(clock(), json!({"mode": "scaled"}), INVALID, "/scale"),
        row(
            clock(),
            json!({"mode": "scaled", "scale": 0}),
            INVALID,
            "/scale",
        ),
        row(
            clock(),
            json!({"mode": "real", "now": "2026-03-06T10:30:00Z"}),
            INVALID,
            "/now",
        ),
        row(
            clock(),
            json!({"mode": "frozen", "now": "now"}),
            "time.malformed",
            "/now",
        ),
        row(
            fixed("PUT /_amana/namespaces/n"),
            json!({"clock": {"mode": "frozen", "now": "now"}}),
            "time.malformed",
            "/clock/now",
        ),
        row(
            fixed("PUT /_amana/namespaces/n"),
            json!({"clock": {"mode": "real", "scale": 2}}),
            INVALID,
            "/clock/scale",
        ),
        row(
            fixed("PUT /_amana/namespaces/a%20b"),
            json!({}),
            "namespace.name_invalid",
            "/name",
        ),
        (
            fixed("DELETE /_amana/namespaces/n"),
            json!({}),
            404,
            "namespace.unknown",
            "/name",
        ),
        row(
            put(phone("")),
            json!({"operator": ""}),
            INVALID,
            "/operator",
        ),
        row(
            put(phone("")),
            json!({"operator": " "}),
            INVALID,
            "/operator",
        ),
        row(put(phone("")), json!({"name": long}), INVALID, "/name"),
        row(
            put(phone("")),
            json!({"balance": "-1"}),
            INVALID,
            "/balance",
        ),
        row(
            put(phone("")),
            json!({"balance": "1.001"}),
            "money.precision",
            "/balance",
        ),
        row(
            put(phone("")),
            json!({"balance": "much"}),
            "money.malformed",
            "/balance",
        ),
        row(
            put(phone("")),
            json!({"currency": "XXX"}),
            INVALID,
            "/currency",
        ),
        row(put(phone("")), json!({"pin": "12"}), INVALID, "/pin"),
        row(
            put(phone("")),
            json!({"sim_swapped_at": "now"}),
            INVALID,
            "/sim_swapped_at",
        ),
        row(
            put(phone("")),
            json!({"script": {"then": ["no"]}}),
            INVALID,
            "/script/then/0",
        ),
        row(
            put(phone("")),
            json!({"script": {"then": [{"luck": 1}]}}),
            "request.field_unknown",
            "/script/then/0/luck",
        ),
        row(
            put(phone("")),
            json!({"script": {"then": [[1]]}}),
            INVALID,
            "/script/then/0",
        ),
        (
            post(phone("/prompts/current")),
            json!({"action": "approve"}),
            404,
            "prompt.unknown",
            "/id",
        ),
        (
            post(phone("/prompts/prm_9")),
            json!({"action": "cancel"}),
            404,
            "prompt.unknown",
            "/id",
        ),
        (
            post(phone("/prompts/x")),
            json!({"action": "cancel"}),
            404,
            "prompt.unknown",
            "/id",
        ),
        row(
            post(buyer("/prompts/current")),
            json!({"action": "cancel", "pin": "1234"}),
            INVALID,
            "/pin",
        ),
        row(
            post(phone("/messages")),
            json!({"to": "40404", "text": ""}),
            INVALID,
            "/text",
        ),
        row(
            post(phone("/messages")),
            json!({"to": "a b", "text": "x"}),
            INVALID,
            "/to",
        ),
        row(
            post(phone("/messages")),
            json!({"to": "", "text": "x"}),
            INVALID,
            "/to",
        ),
        row(
            post(phone("/payments")),
            json!({"to": "x", "amount": "1"}),
            INVALID,
            "/to",
        ),
        row(
            post(phone("/payments")),
            json!({"to": "1", "amount": "0"}),
            INVALID,
            "/amount",
        ),
        row(
            post(phone("/payments")),
            json!({"to": "1", "amount": "x"}),
            "money.malformed",
            "/amount",
        ),
        row(
            post(phone("/payments")),
            json!({"to": "1", "amount": "1"}),
            INVALID,
            "/to",
        ),
        row(
            post(phone("/payments")),
            json!({"to": "1", "amount": "1", "account": long}),
            INVALID,
            "/account",
        ),
        (
            post(phone("/payments")),
            json!({"to": "525900", "amount": "9000000"}),
            409,
            "ledger.overdrawn",
            "/amount",
        ),
        row(post(phone("/ussd")), json!({}), INVALID, "/dial"),
        row(
            post(phone("/ussd")),
            json!({"dial": "*1#", "reply": "1"}),
            INVALID,
            "/dial",
        ),
        row(
            post(phone("/ussd")),
            json!({"dial": "0700"}),
            INVALID,
            "/dial",
        ),
        row(
            post(phone("/ussd")),
            json!({"dial": "*#"}),
            INVALID,
            "/dial",
        ),
        row(
            post(phone("/ussd")),
            json!({"dial": format!("*{long}#")}),
            INVALID,
            "/dial",
        ),
        (
            post(phone("/ussd")),
            json!({"reply": "1"}),
            409,
            "ussd.no_session",
            "/reply",
        ),
        (
            post(phone("/ussd")),
            json!({"hang_up": true}),
            409,
            "ussd.no_session",
            "/hang_up",
        ),
        row(
            fixed("POST /_amana/wait"),
            json!({"timeout_ms": 600_001}),
            INVALID,
            "/timeout_ms",
        ),
        row(
            fixed("POST /_amana/wait"),
            json!({"where": {"phone": "nobody"}}),
            "msisdn.malformed",
            "/where/phone",
        ),
        row(
            fixed("POST /_amana/wait"),
            json!({"where": {"phone": 7}}),
            INVALID,
            "/where/phone",
        ),
        row(
            fixed("POST /_amana/faults"),
            json!({"leg": "request", "kind": "drop"}),
            INVALID,
            "/kind",
        ),
        named(fault(json!({"with": {"copies": 2}})), "/with/copies"),
        named(fault(json!({"with": {"status": 99}})), "/with/status"),
        named(fault(json!({"with": {"delay": "1s"}})), "/with/delay"),
        named(fault(json!({"when": {"first": 0}})), "/when/first"),
        named(
            fault(json!({"when": {"probability": 1.5}})),
            "/when/probability",
        ),
        named(fault(json!({"when": {"for": "0"}})), "/when/for"),
        named(
            fault(json!({"when": {"after": "5m"}, "expires": "5m"})),
            "/when/after",
        ),
        named(fault(json!({"expires": "0"})), "/expires"),
        named(
            fault(json!({"match": {"path": "till/collect"}})),
            "/match/path",
        ),
        named(fault(json!({"match": {"path": ""}})), "/match/path"),
        named(
            fault(json!({"match": {"operation": "dance"}})),
            "/match/operation",
        ),
        named(
            fault(json!({"match": {"provider": "till", "operation": "checkout"}})),
            "/match/operation",
        ),
        named(
            fault(json!({"match": {"provider": "nobody"}})),
            "/match/provider",
        ),
        named(
            fault(json!({"match": {"msisdn": "nobody"}})),
            "/match/msisdn",
        ),
        (
            fixed("DELETE /_amana/faults/flt_99"),
            json!({}),
            404,
            "fault.unknown",
            "/id",
        ),
        (
            fixed("DELETE /_amana/faults/x"),
            json!({}),
            404,
            "fault.unknown",
            "/id",
        ),
        (
            fixed("POST /_amana/callbacks/cb_99/resend"),
            json!({}),
            404,
            "callback.unknown",
            "/id",
        ),
        row(
            fixed("POST /_amana/callbacks/resend"),
            json!({"from": "cb_2", "to": "cb_1"}),
            INVALID,
            "/to",
        ),
        row(
            fixed("POST /_amana/callbacks/resend"),
            json!({"from": "2026-03-06T10:30:00Z", "to": "2026-03-06T10:29:59Z"}),
            INVALID,
            "/to",
        ),
        row(
            fixed("POST /_amana/callbacks/resend"),
            json!({"from": "cb_1", "to": "2026-03-06T10:30:00Z"}),
            "time.malformed",
            "/from",
        ),
    ]
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_its_field() {
    let app = stage().await;
    let before = hash(&app).await;
    for (call, body, status, code, field) in senseless() {
        let (method, path) = call.split_once(' ').unwrap();
        let answer = app.call(method, path, body).await;
        answer.is_problem(status, code, Some(field));
        assert_eq!(hash(&app).await, before, "{call}: {}", answer.json);
    }
}

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

#[tokio::test]
async fn looking_changes_nothing() {
    let app = TestApp::new();
    let before = hash(&app).await;
    for (method, path, _, status) in calls() {
        // A certificate needs TLS, and a callback that somebody was called.
        let is_there = !path.ends_with("/ca") && !path.ends_with("/cb_1");
        if method == "GET" && is_there {
            let answer = app.get(&path).await;
            assert_eq!(answer.status, status, "{path}: {}", answer.json);
        }
    }
    assert_eq!(hash(&app).await, before);
    // A phone that was never used is shown as it would come into being.
    let path = format!("/_amana/phones/{BUYER}");
    let shown = app.ok("GET", &path, json!({})).await;
    assert_eq!(app.ok("PUT", &path, json!({})).await, shown);
    assert_ne!(hash(&app).await, before);
}
