use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use super::{parse, read_typed};
use crate::error::SandboxError;

#[derive(Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Outer {
    inner: Inner,
    list: Vec<Inner>,
    by_number: BTreeMap<u64, Word>,
    by_word: BTreeMap<Word, u64>,
    maybe: Option<Inner>,
}

#[derive(Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Inner {
    inner: u64,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    One,
    Two,
}

/// The code and the field of a refusal.
fn refused(error: &SandboxError) -> (&'static str, &str) {
    (
        error.code(),
        error.field().map_or("", |field| field.as_str()),
    )
}

#[test]
fn what_is_well_formed_is_read() {
    let text = r#"{"inner": {"inner": 1}, "list": [{"inner": 2}], "by_number": {"7": "one"},
        "by_word": {"two": 3}, "maybe": null}"#;
    let value = parse(text.as_bytes()).unwrap();
    assert_eq!(
        value,
        serde_json::from_str::<serde_json::Value>(text).unwrap()
    );
    let read: Outer = read_typed(value).unwrap();
    assert_eq!(read.inner, Inner { inner: 1 });
    assert_eq!(read.list, [Inner { inner: 2 }]);
    assert_eq!(read.by_number, BTreeMap::from([(7, Word::One)]));
    assert_eq!(read.by_word, BTreeMap::from([(Word::Two, 3)]));
    assert_eq!(read.maybe, None);
}

#[test]
fn every_value_survives_being_parsed() {
    for text in [
        "null",
        "true",
        "-1",
        "18446744073709551615",
        "-9223372036854775808",
        "1.5",
        "1e3",
        "\"\\u00fc\\\"\"",
        "[]",
        "[1,[2],{}]",
        "{\"\":{\"a/b\":1}}",
    ] {
        let expected: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(parse(text.as_bytes()).unwrap(), expected, "{text}");
    }
}

#[test]
fn what_is_no_json_is_malformed() {
    let deep = "[".repeat(100_000);
    for text in [
        "",
        "{",
        "{\"a\":}",
        "{} {}",
        "nul",
        "1e999",
        "{\"a\":1,}",
        "\u{feff}{}",
        &deep,
    ] {
        let error = parse(text.as_bytes()).unwrap_err();
        assert_eq!(refused(&error), ("request.malformed", ""));
    }
    assert!(parse(b"\"\xff\"").is_err());
}

#[test]
fn a_member_that_stands_twice_is_named() {
    for (text, field) in [
        (r#"{"a": 1, "a": 1}"#, "/a"),
        (r#"{"a": 1, "\u0061": {"b": 1}}"#, "/a"),
        (r#"{"a": [{"b": 1}, {"b": 1, "c": 2, "b": 3}]}"#, "/a/1/b"),
        (r#"{"x/y": {"~": 0, "~": 0}}"#, "/x~1y/~0"),
    ] {
        let error = parse(text.as_bytes()).unwrap_err();
        assert_eq!(refused(&error), ("request.field_invalid", field));
        assert_eq!(error.to_string(), "the field stands twice");
    }
}

#[test]
fn what_does_not_fit_is_named() {
    for (value, code, field) in [
        (json!([]), "request.field_invalid", ""),
        (json!(null), "request.field_invalid", ""),
        (json!("inner"), "request.field_invalid", ""),
        (json!({"inner": [1]}), "request.field_invalid", "/inner"),
        (json!({"inner": null}), "request.field_invalid", "/inner"),
        (json!({"maybe": [1]}), "request.field_invalid", "/maybe"),
        (json!({"list": {}}), "request.field_invalid", "/list"),
        (json!({"list": [[1]]}), "request.field_invalid", "/list/0"),
        (
            json!({"list": [{"inner": "1"}]}),
            "request.field_invalid",
            "/list/0/inner",
        ),
        (
            json!({"inner": {"inner": -1}}),
            "request.field_invalid",
            "/inner/inner",
        ),
        (
            json!({"inner": {"inner": 1.5}}),
            "request.field_invalid",
            "/inner/inner",
        ),
        (
            json!({"inner": {}}),
            "request.field_missing",
            "/inner/inner",
        ),
        (json!({"outer": 1}), "request.field_unknown", "/outer"),
        (
            json!({"inner": {"inner": 1, "list": 1}}),
            "request.field_unknown",
            "/inner/list",
        ),
        (
            json!({"maybe": {"maybe": 1}}),
            "request.field_unknown",
            "/maybe/maybe",
        ),
        (
            json!({"list": [{"a`b/c": 1}]}),
            "request.field_unknown",
            "/list/0/a`b~1c",
        ),
        (
            json!({"by_number": {"x": "one"}}),
            "request.field_invalid",
            "/by_number/x",
        ),
        (
            json!({"by_number": {"1": "three"}}),
            "request.field_invalid",
            "/by_number/1",
        ),
        (
            json!({"by_word": {"three": 1}}),
            "request.field_invalid",
            "/by_word",
        ),
    ] {
        let error = read_typed::<Outer>(value.clone()).unwrap_err();
        assert_eq!(refused(&error), (code, field), "{value}");
    }
}

#[test]
fn an_explanation_stays_short() {
    let long = "x".repeat(100_000);
    let error = read_typed::<Outer>(json!({"inner": {"inner": long}})).unwrap_err();
    assert!(error.to_string().chars().count() < 310);
}
