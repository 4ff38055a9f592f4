//! Every route of the control API, in one place: each is called and must do what it is for.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{BUYER, TestApp, config_now};
use crate::control::route::{Answer, Route};
use crate::control::routes::ROUTES;
use crate::host::HostClock;
use crate::tls::Authority;

/// The calls of the contract, in an order in which each can go well: method, path, body, status.
pub(super) fn calls() -> Vec<(&'static str, String, Value, u16)> {
    let phone = |rest: &str| format!("/_amana/phones/{BUYER}{rest}");
    let path = |text: &str| text.to_owned();
    let none = Value::Null;
    let fault = json!({"leg": "callback", "kind": "drop"});
    let call = |method, path: String, body: &Value, status| (method, path, body.clone(), status);
    vec![
        call("GET", path("/_amana/health"), &none, 200),
        call("GET", path("/_amana/settings"), &none, 200),
        call("PATCH", path("/_amana/settings"), &json!({"seed": 3}), 200),
        call("GET", path("/_amana/invariants"), &none, 200),
        call("GET", path("/_amana/state_hash"), &none, 200),
        call("GET", path("/_amana/namespaces"), &none, 200),
        call(
            "PUT",
            path("/_amana/namespaces/a"),
            &json!({"seed": 2}),
            201,
        ),
        call("DELETE", path("/_amana/namespaces/a"), &none, 204),
        call("GET", path("/_amana/clock"), &none, 200),
        call(
            "PUT",
            path("/_amana/clock"),
            &json!({"mode": "frozen"}),
            200,
        ),
        call(
            "POST",
            path("/_amana/clock/advance"),
            &json!({"by": "1s"}),
            200,
        ),
        call(
            "PUT",
            phone(""),
            &json!({"script": {"collect": "manual"}}),
            200,
        ),
        call("GET", path("/_amana/phones"), &none, 200),
        call("GET", phone(""), &none, 200),
        call("GET", phone("/prompts"), &none, 200),
        call(
            "POST",
            phone("/prompts/current"),
            &json!({"action": "approve"}),
            200,
        ),
        call(
            "POST",
            phone("/messages"),
            &json!({"to": "40404", "text": "HELP"}),
            201,
        ),
        call("GET", phone("/messages"), &none, 200),
        call("POST", phone("/messages/read"), &none, 204),
        call(
            "POST",
            phone("/payments"),
            &json!({"to": "525900", "amount": "10", "account": "A1"}),
            200,
        ),
        call("POST", phone("/ussd"), &json!({"dial": "*999#"}), 200),
        call("GET", phone("/ledger"), &none, 200),
        call("GET", path("/_amana/magic"), &none, 200),
        call("GET", path("/_amana/certificates/ca"), &none, 200),
        call("GET", path("/_amana/certificates/daraja"), &none, 200),
        call("POST", path("/_amana/faults"), &fault, 201),
        call("GET", path("/_amana/faults"), &none, 200),
        call("DELETE", path("/_amana/faults/flt_1"), &none, 204),
        call("DELETE", path("/_amana/faults"), &none, 204),
        call("GET", path("/_amana/events"), &none, 200),
        call(
            "POST",
            path("/_amana/wait"),
            &json!({"type": "phone.*"}),
            200,
        ),
        call("GET", path("/_amana/callbacks"), &none, 200),
        call("GET", path("/_amana/callbacks/cb_1"), &none, 200),
        call("POST", path("/_amana/callbacks/cb_1/resend"), &none, 202),
        call(
            "POST",
            path("/_amana/callbacks/resend"),
            &json!({"from": "cb_1", "to": "cb_1"}),
            202,
        ),
        call("GET", path("/_amana/snapshot"), &none, 200),
        call("POST", path("/_amana/reset"), &none, 204),
    ]
}

/// The members that the contract names for an answer; a path of names leads into it, `0` to the
/// first of a list.
const MEMBERS: &[(&str, &str, &str)] = &[
    (
        "GET /_amana/health",
        "",
        "status version namespace now store",
    ),
    (
        "GET /_amana/settings",
        "",
        "seed daraja africastalking gateway payments_api phones",
    ),
    (
        "GET /_amana/settings",
        "daraja",
        "consumers shortcodes accept_any_credentials query_rate_limit",
    ),
    (
        "GET /_amana/settings",
        "daraja shortcodes 0",
        "shortcode kind passkey initiator initiator_password balance",
    ),
    (
        "GET /_amana/settings",
        "daraja query_rate_limit",
        "per count",
    ),
    (
        "GET /_amana/settings",
        "africastalking",
        "apps accept_any_credentials products callbacks",
    ),
    (
        "GET /_amana/settings",
        "africastalking apps 0",
        "username api_key balance",
    ),
    (
        "GET /_amana/settings",
        "africastalking products 0",
        "name balance",
    ),
    (
        "GET /_amana/settings",
        "africastalking callbacks",
        "payment_notifications payment_validation delivery_reports incoming_messages \
         bulk_opt_out subscriptions ussd ussd_events airtime_status airtime_validation",
    ),
    (
        "GET /_amana/settings",
        "gateway",
        "clients accept_any_credentials passcode fx",
    ),
    (
        "GET /_amana/settings",
        "payments_api",
        "brand channel sms_code ussd_code api_key webhook_secret subscribers",
    ),
    (
        "GET /_amana/settings",
        "phones",
        "default_script default_balance",
    ),
    (
        "GET /_amana/settings",
        "phones default_script",
        "collect delay",
    ),
    ("GET /_amana/invariants", "", "ok checks"),
    ("GET /_amana/invariants", "checks 0", "name ok detail"),
    ("GET /_amana/state_hash", "", "state_hash events_hash seq"),
    ("PUT /_amana/snapshot", "", "state_hash events_hash seq"),
    ("GET /_amana/namespaces", "namespaces 0", "name seed"),
    (
        "GET /_amana/clock",
        "",
        "mode now scale next_due_at pending",
    ),
    (
        "PUT /_amana/clock",
        "",
        "mode now scale next_due_at pending",
    ),
    ("POST /_amana/clock/advance", "", "now ran"),
    ("GET /_amana/phones", "phones 0", PHONE),
    ("GET /_amana/phones/{phone}", "", PHONE),
    ("PUT /_amana/phones/{phone}", "", PHONE),
    ("GET /_amana/phones/{phone}", "prompt", PROMPT),
    ("GET /_amana/phones/{phone}/prompts", "prompts 0", PROMPT),
    ("POST /_amana/phones/{phone}/prompts/current", "", PROMPT),
    (
        "GET /_amana/phones/{phone}/messages",
        "messages 0",
        "id at direction from to text provider",
    ),
    ("POST /_amana/phones/{phone}/messages", "", "id"),
    (
        "POST /_amana/phones/{phone}/ussd",
        "",
        "session_id text ended",
    ),
    (
        "GET /_amana/phones/{phone}/ledger",
        "entries 0",
        "at amount balance",
    ),
    (
        "GET /_amana/magic",
        "0",
        "msisdn operation behaviour outcome_codes description",
    ),
    ("POST /_amana/faults", "", "id"),
    (
        "GET /_amana/faults",
        "faults 0",
        "id leg match kind with when state candidates fired",
    ),
    ("GET /_amana/events", "", "events next"),
    (
        "GET /_amana/events",
        "events 0",
        "seq at type correlation summary data",
    ),
    (
        "POST /_amana/wait",
        "",
        "seq at type correlation phone summary data",
    ),
    (
        "GET /_amana/callbacks",
        "callbacks 0",
        "id provider url due_at attempts state body",
    ),
    (
        "GET /_amana/callbacks",
        "callbacks 0 attempts 0",
        "at status error ms",
    ),
    ("POST /_amana/callbacks/cb_1/resend", "", "id state"),
    ("POST /_amana/callbacks/resend", "", "resent"),
];

const PHONE: &str = "msisdn name operator currency balance reachable locked script prompt unread";
const PROMPT: &str = "id provider kind amount text opened_at expires_at outcome";

/// The row of the table that a call is of.
pub(super) fn route_of(method: &str, path: &str) -> &'static Route {
    find_route(method, path).unwrap_or_else(|| panic!("{method} {path}"))
}

/// The row of the table that a call is of, if it is of one: that whose path fits with the most fixed
/// parts.
pub(super) fn find_route(method: &str, path: &str) -> Option<&'static Route> {
    let path = path.split('?').next().unwrap_or_default();
    let fixed = |route: &Route| {
        let parts = route.path.split('/').zip(path.split('/'));
        parts.filter(|(own, given)| own == given).count()
    };
    let fits = |route: &Route| {
        route.method.eq_ignore_ascii_case(method)
            && route.path.split('/').count() == path.split('/').count()
            && route
                .path
                .split('/')
                .zip(path.split('/'))
                .all(|(own, given)| own == given || own.starts_with('{'))
    };
    let fitting = ROUTES.iter().filter(|route| fits(route));
    fitting.max_by_key(|route| fixed(route))
}

/// The value in an answer at the end of a path of names.
fn inside<'a>(answer: &'a Value, path: &str) -> &'a Value {
    path.split_whitespace()
        .fold(answer, |value, name| match name.parse::<usize>() {
            Ok(place) => &value[place],
            Err(_) => &value[name],
        })
}

/// Checks that an answer has every member the contract names for it.
fn check_members(call: &str, answer: &Value) {
    let call = call.replace(BUYER, "{phone}");
    for (_, path, members) in MEMBERS.iter().filter(|(of, ..)| *of == call) {
        let object = inside(answer, path);
        for member in members.split_whitespace() {
            let found = object.get(member);
            assert!(
                found.is_some(),
                "{call}: no `{member}` at `{path}` of {answer}"
            );
        }
    }
}

#[tokio::test]
async fn every_route_answers_as_the_contract_says() {
    let directory = tempfile::tempdir().unwrap();
    let authority = Authority::open(directory.path(), HostClock::new(config_now)).unwrap();
    let app = TestApp::of(TestApp::new().app.with_authority(Some(Arc::new(authority))));
    let change = json!({"script": {"collect": "manual"}});
    app.ok("PUT", &format!("/_amana/phones/{BUYER}"), change)
        .await;
    app.collect("5").await;
    let mut snapshot = Value::Null;
    let mut called = Vec::new();
    let mut walked = BTreeSet::new();
    for (method, path, body, status) in calls() {
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        let answer = app.raw(method, &path, body).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.json);
        let route = route_of(method, &path);
        check_answer(route, &answer);
        walked.insert(route.operation);
        let call = format!("{method} {path}");
        check_members(&call, &answer.json);
        called.push(call.replace(BUYER, "{phone}"));
        if path == "/_amana/snapshot" {
            snapshot = answer.json;
        }
        if path.ends_with("/current") {
            // So that there is a callback to make again.
            app.advance("5s").await;
        }
    }
    let before = snapshot["state_hash"].clone();
    let restored = app.call("PUT", "/_amana/snapshot", snapshot).await;
    assert_eq!(
        (restored.status, &restored.json["state_hash"]),
        (200, &before)
    );
    check_members("PUT /_amana/snapshot", &restored.json);
    called.push("PUT /_amana/snapshot".to_owned());
    walked.insert("restore_snapshot");
    for (call, ..) in MEMBERS {
        assert!(called.iter().any(|called| called == call), "{call}");
    }
    let request = axum::http::Request::get("/_amana/events/stream?since=0");
    let stream = app
        .send(request.body(axum::body::Body::empty()).unwrap())
        .await;
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    walked.insert("stream_events");
    // A route that is served is in the table, and one that is in the table is walked.
    let all: BTreeSet<_> = ROUTES.iter().map(|route| route.operation).collect();
    assert_eq!(all.len(), ROUTES.len(), "names of routes are unique");
    assert_eq!(walked, all);
}

/// Checks that an answer is what the table says.
fn check_answer(route: &Route, answer: &super::Answer) {
    assert_eq!(answer.status, route.statuses[0], "{}", route.operation);
    let content_type = answer.headers.get("content-type");
    let expected = match route.answer {
        Answer::Json => Some("application/json"),
        Answer::Pem => Some("application/x-pem-file"),
        Answer::Stream => Some("text/event-stream"),
        Answer::Nothing => None,
    };
    let content_type = content_type.map(|value| value.to_str().unwrap());
    assert_eq!(content_type, expected, "{}", route.operation);
}

#[tokio::test]
async fn what_a_route_does_not_know_is_refused_by_its_name() {
    let app = TestApp::new();
    for route in ROUTES {
        let path = route
            .path
            .replace("{msisdn}", BUYER)
            .replace(['{', '}'], "");
        let method = route.method.to_uppercase();
        let answer = app.raw(&method, &format!("{path}?luck=1"), "").await;
        answer.is_problem(422, "request.field_unknown", Some("/luck"));
        if let [parameter, ..] = route.query {
            let twice = format!("{path}?{0}=1&{0}=2", parameter.name);
            let answer = app.raw(&method, &twice, "").await;
            let field = format!("/{}", parameter.name);
            answer.is_problem(422, "request.field_invalid", Some(&field));
        }
    }
}

#[tokio::test]
async fn a_path_that_is_no_text_is_a_problem_document() {
    let app = TestApp::new();
    for route in ROUTES {
        let Some(variable) = route.path.split('/').find(|part| part.starts_with('{')) else {
            continue;
        };
        let path = route.path.replace(variable, "%FF").replace(['{', '}'], "");
        let answer = app.raw(&route.method.to_uppercase(), &path, "").await;
        let field = variable.replace('{', "/").replace('}', "");
        answer.is_problem(422, "request.field_invalid", Some(&field));
    }
    let answer = app.get("/_amana/%FF").await;
    answer.is_problem(404, "route.unknown", None);
    let answer = app.get("/ns/%FF/_amana/health").await;
    answer.is_problem(422, "namespace.name_invalid", Some("/namespace"));
}

#[tokio::test]
async fn every_route_acts_on_the_namespace_of_the_path() {
    let app = TestApp::new();
    for (method, path, _, _) in calls() {
        // Whatever it answers to nonsense, it is served and leaves `default` alone.
        let answer = app
            .raw(method, &format!("/ns/other{path}"), "{\"x\": 1}")
            .await;
        assert_ne!(answer.json["code"], "route.unknown", "{method} {path}");
        assert_ne!(answer.status, 405, "{method} {path}");
    }
    let hashes = app.ok("GET", "/_amana/state_hash", json!({})).await;
    assert_eq!(hashes["seq"], 0);
}
