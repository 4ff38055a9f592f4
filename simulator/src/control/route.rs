//! What the table of routes says of each: enough to serve it, to describe it and to try it.

use axum::routing::MethodRouter;
use schemars::{Schema, SchemaGenerator};
use serde::Serialize;

use crate::app::App;

/// A route of the control API.
pub struct Route {
    /// The method, in lower case.
    pub method: &'static str,
    /// The path, its variable parts in braces.
    pub path: &'static str,
    /// Its name, unique among all.
    pub operation: &'static str,
    /// What it does.
    pub summary: &'static str,
    /// The parameters its query may have.
    pub query: &'static [Parameter],
    /// What its body may be.
    pub body: Body,
    /// The statuses of an answer that went well, the usual one first.
    pub statuses: &'static [u16],
    /// What such an answer is.
    pub answer: Answer,
    /// The schema of such an answer, if it is JSON.
    pub schema: fn(&mut SchemaGenerator) -> Option<Schema>,
    /// Who answers.
    pub handler: fn() -> MethodRouter<App>,
}

/// A parameter of a query.
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub summary: &'static str,
}

/// What a body may be.
#[derive(Clone, Copy)]
pub enum Body {
    /// No body, or an object without members.
    Nothing,
    /// An object with these members.
    Object(&'static [Member]),
    /// A part of the settings.
    Settings,
    /// A whole namespace, as the sandbox wrote it.
    Snapshot,
}

/// A member of an object.
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub form: Form,
    /// Whether it must be there.
    pub required: bool,
    /// What it means.
    pub summary: &'static str,
}

/// What a member is.
#[derive(Clone, Copy)]
pub enum Form {
    /// Text.
    Text,
    /// Yes or no.
    Truth,
    /// A whole number, not negative.
    Count,
    /// A number from 0 to 1.
    Chance,
    /// Text like `26s`, `5m` or `30d`.
    Duration,
    /// An instant, RFC 3339.
    Instant,
    /// An amount as decimal text.
    Amount,
    /// A phone number in any common form.
    Phone,
    /// One of these words.
    Word(fn() -> Vec<String>),
    /// An object with these members.
    Object(&'static [Member]),
    /// An object with any members.
    AnyObject,
    /// A list.
    List,
}

/// What an answer is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// JSON.
    Json,
    /// Nothing: the status says it.
    Nothing,
    /// A certificate.
    Pem,
    /// Server-sent events, without end.
    Stream,
}

/// The words that these values are written as.
pub(super) fn words<T: Serialize>(values: &[T]) -> Vec<String> {
    let texts = values.iter().map(serde_json::to_value);
    texts
        .filter_map(|text| text.ok()?.as_str().map(str::to_owned))
        .collect()
}
