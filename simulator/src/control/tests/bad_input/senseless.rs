//! Calls that are well-formed and whose members are each what they may be, and that still make no
//! sense.

use serde_json::{Value, json};

use super::super::BUYER;
use super::{INVALID, hash, stage};

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
    let waiting = |body: Value, field| row(fixed("POST /_amana/wait"), body, INVALID, field);
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
        waiting(json!({"type": "phone.promted"}), "/type"),
        waiting(json!({"type": "phones.*"}), "/type"),
        waiting(json!({"where": {"provider": "nobody"}}), "/where/provider"),
        waiting(json!({"where": {"provider": 7}}), "/where/provider"),
        waiting(
            json!({"where": {"correlation": "13"}}),
            "/where/correlation",
        ),
        waiting(json!({"where": {"summary": null}}), "/where/summary"),
        waiting(json!({"where": {"data": "x"}}), "/where/data"),
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
        (
            fixed("GET /_amana/callbacks/cb_99"),
            json!({}),
            404,
            "callback.unknown",
            "/id",
        ),
        (
            fixed("GET /_amana/certificates/nobody"),
            json!({}),
            404,
            "route.unknown",
            "/provider",
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
