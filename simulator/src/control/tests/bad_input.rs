//! Bad input: every call that changes something refuses what it does not understand with a problem
//! document that names the field, and leaves the state as it was.

mod senseless;
mod settings;

use serde_json::{Value, json};

use super::routes::{calls, route_of};
use super::{BUYER, TestApp};
use crate::control::route::{Body, Form, Member, Route};
use crate::control::routes::ROUTES;

const INVALID: &str = "request.field_invalid";

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
