//! The schemas of the documents cannot lie: every answer to a call of these tests is held against the
//! schema that its route has in the document, and may have no member that the schema does not know.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use super::Answer;
use super::routes::find_route;
use crate::control::route;
use crate::control::routes::ROUTES;
use crate::docs::Document;

/// What is answered in JSON, by operation and by whether it went well.
static VALIDATORS: LazyLock<BTreeMap<(&str, bool), Validator>> = LazyLock::new(|| {
    let mut document = Document::find("control").unwrap().openapi();
    close(&mut document);
    let mut validators = BTreeMap::new();
    for route in ROUTES {
        let responses = &document["paths"][route.path][route.method]["responses"];
        let problem = &responses["default"]["content"]["application/problem+json"]["schema"];
        let refused = validator(&document, problem);
        validators.insert((route.operation, false), refused);
        if route.answer == route::Answer::Json {
            for status in route.statuses {
                let answer = &responses[status.to_string()]["content"]["application/json"];
                let done = validator(&document, &answer["schema"]);
                validators.insert((route.operation, true), done);
            }
        }
    }
    validators
});

fn validator(document: &Value, schema: &Value) -> Validator {
    assert!(schema.is_object(), "no schema");
    let schema = json!({"components": document["components"], "allOf": [schema]});
    let options = jsonschema::options().should_validate_formats(true);
    options.build(&schema).unwrap()
}

/// Forbids members that are not told, where others are.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.contains_key("properties") {
                let closed = members.entry("additionalProperties");
                closed.or_insert(json!(false));
            }
            members.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// Checks that an answer is as the document says, if the call is of the control API.
#[track_caller]
pub(super) fn check(method: &str, path: &str, answer: &Answer) {
    let rest = path.strip_prefix("/ns/").and_then(|rest| rest.find('/'));
    let path = rest.map_or(path, |slash| &path["/ns/".len() + slash..]);
    let Some(route) = find_route(method, path) else {
        return;
    };
    let done = answer.status < 400;
    assert_eq!(done, route.statuses.contains(&answer.status), "{path}");
    if let Some(validator) = VALIDATORS.get(&(route.operation, done)) {
        let errors: Vec<_> = validator
            .iter_errors(&answer.json)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{path}: {errors:#?} in {}", answer.json);
    }
}

#[test]
fn every_json_answer_has_a_schema_that_says_something() {
    let document = Document::find("control").unwrap().openapi();
    for route in ROUTES {
        let responses = &document["paths"][route.path][route.method]["responses"];
        for status in route.statuses {
            let content = &responses[status.to_string()]["content"];
            let schema = &content["application/json"]["schema"];
            let says = schema["$ref"].is_string() || schema["items"]["$ref"].is_string();
            assert_eq!(
                says,
                route.answer == route::Answer::Json,
                "{}: {schema}",
                route.operation
            );
        }
    }
}

#[test]
fn what_a_schema_does_not_know_is_found() {
    let wrong = |operation: &str, answer: Value| {
        let validator = &VALIDATORS[&(operation, true)];
        assert!(!validator.is_valid(&answer), "{operation}: {answer}");
    };
    let clock = json!({
        "mode": "real", "now": "2026-01-01T00:00:00.000Z", "scale": null, "next_due_at": null,
        "pending": 0,
    });
    assert!(VALIDATORS[&("show_clock", true)].is_valid(&clock));
    for (member, value) in [
        ("mode", json!("slow")),
        ("now", json!("today")),
        ("scale", json!(-1)),
        ("next_due_at", json!(7)),
        ("luck", json!(1)),
    ] {
        let mut clock = clock.clone();
        clock[member] = value;
        wrong("show_clock", clock);
    }
    wrong("list_phones", json!({}));
    wrong("list_events", json!({"events": [], "next": null}));
    let problem = json!({
        "type": "urn:amana:error:a", "title": "a", "status": 422, "code": "a", "detail": "a",
    });
    let refused = &VALIDATORS[&("show_clock", false)];
    assert!(refused.is_valid(&problem));
    for (member, value) in [
        ("field", json!(null)),
        ("field", json!("a")),
        ("status", json!("422")),
    ] {
        let mut problem = problem.clone();
        problem[member] = value;
        assert!(!refused.is_valid(&problem), "{problem}");
    }
    wrong("list_magic", json!([{}]));
    wrong("show_settings", json!({"seed": "1"}));
}
