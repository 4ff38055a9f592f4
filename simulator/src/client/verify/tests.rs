//! The comparison, and the published files themselves.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::compare::{Actual, Mismatch, compare};
use super::document::{Document, Expected};
use super::pattern;
use super::placeholder::Values;
use crate::provider;

/// The published files, by provider.
fn published() -> impl Iterator<Item = (&'static str, &'static str)> {
    provider::ALL
        .iter()
        .filter_map(|provider| Some((provider.name().as_str(), provider.vectors()?)))
}

fn differences(expected: Value, status: u16, kind: &str, body: &str) -> Vec<String> {
    let expected: Expected = serde_json::from_value(expected).unwrap();
    let header = |name: &str| (name == "content-type").then(|| kind.to_owned());
    let actual = Actual {
        status: Some(status),
        header: &header,
        body: body.as_bytes(),
    };
    let found = compare(&expected, &actual);
    found.iter().map(Mismatch::to_string).collect()
}

#[test]
fn what_is_as_published_passes() {
    let expected = json!({
        "status": 200, "content_type": "application/json",
        "json": {"id": "ws_{{*}}_9", "code": "0", "amount": 1.0, "list": [{"a": "x"}]},
        "exact": ["/code"],
    });
    let body = r#"{"list":[{"a":"y"}],"amount":25,"code":"0","id":"ws_123_9"}"#;
    assert!(differences(expected, 200, "application/json", body).is_empty());
}

#[test]
fn every_kind_of_difference_is_named() {
    let expected = json!({
        "status": 200, "content_type": "application/json",
        "json": {"id": "ws_{{*}}", "code": "0", "kept": 1, "gone": "x", "list": [1]},
        "exact": ["/code"],
    });
    let body = r#"{"id":"AG_1","code":"1","kept":"1","list":[1,2],"new":true}"#;
    let found = differences(expected, 500, "text/plain", body);
    for difference in [
        "status: expected 200, got 500",
        "content-type: expected application/json, got text/plain",
        "/id: expected `ws_{{*}}`, got `AG_1`",
        "/code: expected \"0\", got \"1\"",
        "/kept: expected a number, got a text \"1\"",
        "/gone: expected a text, got nothing",
        "/list: expected 1 entries, got 2 entries",
        "/new: expected nothing, got true",
    ] {
        assert!(
            found.iter().any(|found| found == difference),
            "{difference}: {found:#?}"
        );
    }
    assert_eq!(found.len(), 8, "{found:#?}");
}

#[test]
fn exact_numbers_have_their_kind() {
    let expected = json!({"status": 200, "json": {"a": 1.0}, "exact": ["/a"]});
    assert!(differences(expected.clone(), 200, "", r#"{"a":1.00}"#).is_empty());
    assert_eq!(differences(expected, 200, "", r#"{"a":1}"#).len(), 1);
}

#[test]
fn texts_and_forms_are_compared() {
    let text = json!({"status": 401, "text": "The supplied authentication is invalid"});
    assert_eq!(
        differences(
            text.clone(),
            401,
            "",
            "The supplied authentication is invalid"
        ),
        [""; 0]
    );
    assert_eq!(
        differences(text, 401, "", "The supplied authentication is invalid\n").len(),
        1
    );
    let form = json!({"form": {"id": "ATXid_{{*}}", "status": "Success"}, "exact": ["status"], "status": 200});
    assert_eq!(
        differences(form.clone(), 200, "", "status=Success&id=ATXid_1"),
        [""; 0]
    );
    assert_eq!(
        differences(form.clone(), 200, "", "status=Failed&id=1&more=x").len(),
        3
    );
    assert_eq!(differences(form, 200, "", "").len(), 2);
    let json = json!({"status": 200, "json": {}});
    assert_eq!(differences(json, 200, "", "no JSON").len(), 1);
}

#[test]
fn gaps_stand_for_any_text() {
    for (pattern, text, fits) in [
        ("", "", true),
        ("", "a", false),
        ("a", "a", true),
        ("{{*}}", "", true),
        ("a{{*}}", "abc", true),
        ("{{*}}c", "abc", true),
        ("a{{*}}b{{*}}c", "a1b2c", true),
        ("a{{*}}b{{*}}c", "a1c2b", false),
        ("a{{*}}a", "a", false),
    ] {
        assert_eq!(pattern::matches(pattern, text), fits, "{pattern} {text}");
    }
}

#[test]
fn names_are_filled_in() {
    let mut values = Values::default();
    values.set("token", "abc".to_owned());
    assert_eq!(
        values.fill("Bearer {{token}}, {{other}}"),
        "Bearer abc, {{other}}"
    );
    let filled = values.fill_json(&json!({"a": ["{{token}}", 1, null]}));
    assert_eq!(filled, json!({"a": ["abc", 1, null]}));
}

#[test]
fn a_file_that_makes_no_sense_is_refused_where_it_does_not() {
    let with = |exchange: Value| json!({"about": "x", "clock": "2026-10-10T11:30:05.000Z", "sources": {"a": "b"}, "exchanges": [exchange]});
    let request = json!({"method": "GET", "host": "h", "path": "/"});
    for (exchange, named) in [
        (json!({"name": "n"}), "source"),
        (
            json!({"name": "n", "source": ["a"], "evidence": "guessed"}),
            "evidence",
        ),
        (
            json!({"name": "n", "source": ["a"], "evidence": "observed"}),
            "neither",
        ),
        (
            json!({"name": "n", "source": ["z: 1"], "evidence": "observed", "request": request, "response": {"status": 200}}),
            "not listed",
        ),
        (
            json!({"name": "n", "source": [], "evidence": "observed", "request": request, "response": {"status": 200}}),
            "no source",
        ),
        (
            json!({"name": "n", "source": ["a"], "evidence": "observed", "request": request, "response": {}}),
            "without status",
        ),
        (
            json!({"name": "n", "source": ["a"], "evidence": "observed", "request": request, "response": {"status": 200}, "setup": [{"send": "m"}]}),
            "not there",
        ),
        (json!({"name": "n", "sources": []}), "sources"),
    ] {
        let error = Document::read("f", &with(exchange).to_string()).unwrap_err();
        assert!(error.to_string().contains(named), "{named}: {error}");
    }
}

/// The members that stand in an object of a published file; a misspelt one would check nothing.
#[test]
fn published_files_have_no_unknown_members() {
    let known: BTreeSet<&str> = [
        "method",
        "host",
        "path",
        "headers",
        "json",
        "form",
        "text",
        "content_type",
        "status",
        "exact",
        "times",
        "index",
    ]
    .into();
    for (provider, text) in published() {
        Document::read(provider, text).unwrap();
        let document: Value = serde_json::from_str(text).unwrap();
        let exchanges = document["exchanges"].as_array().unwrap();
        assert!(exchanges.len() > 30, "{provider}");
        for exchange in exchanges {
            for part in ["request", "response", "callback"] {
                let members = exchange[part].as_object().into_iter().flatten();
                for (member, _) in members {
                    assert!(
                        known.contains(member.as_str()),
                        "{}: {member}",
                        exchange["name"]
                    );
                }
            }
        }
    }
}
