//! Phones, prompts, messages, USSD, wallets and magic numbers.

use serde_json::json;

use super::{BUYER, TestApp};

const PHONE: &str = "/_amana/phones/+254712345678";

#[tokio::test]
async fn a_phone_is_configured_and_shown_under_any_form_of_its_number() {
    let app = TestApp::new();
    let change = json!({
        "name": "Wanjiku", "pin": "4321", "balance": "350000.00", "operator": "Airtel",
        "reachable": false, "script": {"collect": "cancel", "then": ["approve"]},
        "sim_swapped_at": "2026-03-04T08:00:00Z",
    });
    let phone = app.ok("PUT", "/_amana/phones/0712345678", change).await;
    let shown = json!({
        "msisdn": BUYER, "name": "Wanjiku", "operator": "Airtel", "currency": "KES",
        "balance": "350000.00", "reachable": false, "locked": false,
        "sim_swapped_at": "2026-03-04T08:00:00.000Z",
        "script": {"collect": "cancel", "then": [{"collect": "approve"}]},
        "prompt": null, "unread": 0,
    });
    assert_eq!(phone, shown);
    assert_eq!(
        app.ok("GET", "/_amana/phones/254712345678", json!({}))
            .await,
        shown
    );
    assert_eq!(
        app.ok("GET", "/_amana/phones", json!({})).await,
        json!({"phones": [shown]})
    );
    let never = json!({"script": null, "sim_swapped_at": null});
    let plain = app.ok("PUT", PHONE, never).await;
    assert_eq!(plain["sim_swapped_at"], json!(null));
    assert_eq!(plain["script"]["collect"], "approve");
    let ugandan = json!({"currency": "UGX", "balance": "2500"});
    let ugandan = app.ok("PUT", PHONE, ugandan).await;
    assert_eq!(
        (&ugandan["currency"], &ugandan["balance"]),
        (&json!("UGX"), &json!("2500"))
    );
    assert_eq!(
        app.ok("GET", "/_amana/invariants", json!({})).await["ok"],
        true
    );
}

#[tokio::test]
async fn a_wrong_configuration_changes_nothing() {
    let app = TestApp::new();
    for (body, code, field) in [
        (json!({"balance": "1.005"}), "money.precision", "/balance"),
        (
            json!({"balance": "-1"}),
            "request.field_invalid",
            "/balance",
        ),
        (json!({"balance": 5}), "request.field_invalid", "/balance"),
        (
            json!({"currency": "XXX"}),
            "request.field_invalid",
            "/currency",
        ),
        (json!({"pin": "12"}), "request.field_invalid", "/pin"),
        (
            json!({"script": {"collect": "maybe"}}),
            "request.field_invalid",
            "/script/collect",
        ),
        (
            json!({"script": {"delay": "soon"}}),
            "request.field_invalid",
            "/script/delay",
        ),
        (
            json!({"script": {"colect": "approve"}}),
            "request.field_unknown",
            "/script/colect",
        ),
        (
            json!({"name": "x".repeat(101)}),
            "request.field_invalid",
            "/name",
        ),
        (json!({"nme": "x"}), "request.field_unknown", "/nme"),
    ] {
        app.call("PUT", PHONE, body)
            .await
            .is_problem(422, code, Some(field));
    }
    for path in [
        "/_amana/phones/12",
        "/_amana/phones/x",
        "/_amana/phones/+2547123456789",
    ] {
        app.get(path)
            .await
            .is_problem(422, "msisdn.malformed", Some("/msisdn"));
    }
    assert_eq!(
        app.ok("GET", "/_amana/phones", json!({})).await,
        json!({"phones": []})
    );
}

#[tokio::test]
async fn a_prompt_is_shown_and_answered_by_hand() {
    let app = TestApp::new();
    app.ok("PUT", PHONE, json!({"script": {"collect": "manual"}}))
        .await;
    let current = format!("{PHONE}/prompts/current");
    let none = app
        .call("POST", &current, json!({"action": "approve"}))
        .await;
    none.is_problem(404, "prompt.unknown", Some("/id"));
    app.collect("250.50").await;
    let prompts = app.ok("GET", &format!("{PHONE}/prompts"), json!({})).await;
    let prompt = &prompts["prompts"][0];
    assert_eq!(
        (&prompt["provider"], &prompt["kind"]),
        (&json!("till"), &json!("collect"))
    );
    assert_eq!(
        (&prompt["amount"], &prompt["outcome"]),
        (&json!("250.50"), &json!(null))
    );
    assert_eq!(app.ok("GET", PHONE, json!({})).await["prompt"], *prompt);
    let wrong = json!({"action": "approve", "pin": "9999"});
    let answered = app.ok("POST", &current, wrong).await;
    assert_eq!(answered["outcome"], "wrong_pin");
    app.collect("250.50").await;
    let right = json!({"action": "approve", "pin": "1234"});
    let answered = app.ok("POST", &current, right.clone()).await;
    assert_eq!(answered["outcome"], "approved");
    assert_eq!(app.ok("POST", &current, right).await, answered);
    let id = answered["id"].as_str().unwrap();
    let by_id = format!("{PHONE}/prompts/{id}");
    let other = app.call("POST", &by_id, json!({"action": "cancel"})).await;
    other.is_problem(409, "prompt.already_answered", Some("/id"));
    assert_eq!(app.ok("GET", PHONE, json!({})).await["prompt"], json!(null));
}

#[tokio::test]
async fn an_ignored_prompt_expires() {
    let app = TestApp::new();
    app.collect("1").await;
    let current = format!("{PHONE}/prompts/current");
    for _ in 0..2 {
        let ignored = app.ok("POST", &current, json!({"action": "ignore"})).await;
        assert_eq!(ignored["outcome"], json!(null));
    }
    app.advance("2m").await;
    let prompts = app.ok("GET", &format!("{PHONE}/prompts"), json!({})).await;
    assert_eq!(prompts["prompts"][0]["outcome"], "expired");
}

#[tokio::test]
async fn a_wrong_answer_to_a_prompt_is_refused() {
    let app = TestApp::new();
    app.collect("1").await;
    let current = format!("{PHONE}/prompts/current");
    for (body, code, field) in [
        (json!({}), "request.field_missing", "/action"),
        (json!({"action": "pay"}), "request.field_invalid", "/action"),
        (
            json!({"action": "cancel", "pin": "1234"}),
            "request.field_invalid",
            "/pin",
        ),
        (
            json!({"action": "approve", "pn": "1"}),
            "request.field_unknown",
            "/pn",
        ),
    ] {
        app.call("POST", &current, body)
            .await
            .is_problem(422, code, Some(field));
    }
    for id in ["prm_99", "x"] {
        let path = format!("{PHONE}/prompts/{id}");
        let answer = app.call("POST", &path, json!({"action": "cancel"})).await;
        answer.is_problem(404, "prompt.unknown", Some("/id"));
    }
    let path = "/_amana/phones/1/prompts";
    app.get(path)
        .await
        .is_problem(422, "msisdn.malformed", Some("/msisdn"));
}

#[tokio::test]
async fn messages_are_sent_found_and_refused() {
    let app = TestApp::new();
    let path = format!("{PHONE}/messages");
    for text in ["YES-AC1", "Accept-AC2"] {
        let sent = app
            .call("POST", &path, json!({"to": "20880", "text": text}))
            .await;
        assert_eq!(sent.status, 201);
    }
    let all = app.ok("GET", &path, json!({})).await;
    assert_eq!(all["messages"][0]["text"], "Accept-AC2");
    assert_eq!(all["messages"][0]["direction"], "out");
    assert_eq!(all["messages"][1]["from"], BUYER);
    let found = app.ok("GET", &format!("{path}?q=yes"), json!({})).await;
    assert_eq!(found["messages"].as_array().unwrap().len(), 1);
    for (body, field) in [
        (json!({"to": "40404", "text": ""}), "/text"),
        (json!({"to": "a b", "text": "x"}), "/to"),
    ] {
        let answer = app.call("POST", &path, body).await;
        answer.is_problem(422, "request.field_invalid", Some(field));
    }
    let missing = app.call("POST", &path, json!({"to": "40404"})).await;
    missing.is_problem(422, "request.field_missing", Some("/text"));
    let unknown = app.get(&format!("{path}?find=x")).await;
    unknown.is_problem(422, "request.field_unknown", Some("/find"));
    assert_eq!(
        app.raw("POST", &format!("{path}/read"), "").await.status,
        204
    );
}

#[tokio::test]
async fn ussd_without_anybody_serving_it_ends() {
    let app = TestApp::new();
    let path = format!("{PHONE}/ussd");
    let screen = app.ok("POST", &path, json!({"dial": "*1#"})).await;
    assert_eq!(
        (&screen["session_id"], &screen["ended"]),
        (&json!("ussd_1"), &json!(true))
    );
    let over = app.call("POST", &path, json!({"reply": "1"})).await;
    over.is_problem(409, "ussd.no_session", Some("/reply"));
    for (body, field) in [
        (json!({"dial": "123"}), "/dial"),
        (json!({}), "/dial"),
        (json!({"dial": "*1#", "hang_up": true}), "/dial"),
    ] {
        let answer = app.call("POST", &path, body).await;
        answer.is_problem(422, "request.field_invalid", Some(field));
    }
}

#[tokio::test]
async fn the_wallet_statement_shows_every_movement() {
    let app = TestApp::new();
    app.collect("100").await;
    app.advance("10s").await;
    let statement = app.ok("GET", &format!("{PHONE}/ledger"), json!({})).await;
    let entries = statement["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0]["amount"], "-100.00");
    assert_eq!(entries[0]["balance"], "499900.00");
    assert_eq!(entries[0]["provider"], "till");
    assert_eq!(entries[1]["amount"], "500000.00");
    let wrong = app.get("/_amana/phones/abc/ledger").await;
    wrong.is_problem(422, "msisdn.malformed", Some("/msisdn"));
}

#[tokio::test]
async fn magic_numbers_are_listed() {
    let app = TestApp::new();
    let table = app.ok("GET", "/_amana/magic", json!({})).await;
    let first = &table[0];
    assert_eq!(first["msisdn"], "+254711000000");
    assert_eq!(
        (&first["operation"], &first["behaviour"]),
        (&json!("collect"), &json!("approve"))
    );
    assert!(
        table
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["description"].is_string())
    );
    app.call("POST", "/_amana/magic", json!({}))
        .await
        .is_problem(405, "route.method_not_allowed", None);
}
