//! OpenAPI 3.1 documents from the tables of routes.

use std::collections::BTreeSet;

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use crate::control::route::{Answer, Body, Route};
use crate::control::routes::ROUTES;
use crate::control::schema;
use crate::http::namespace::NAMESPACE_HEADER;
use crate::http::problem::Problem;
use crate::kernel::Snapshot;
use crate::kernel::settings::Settings;
use crate::payments;
use crate::provider::{self, ProviderServer};

/// A document: everything under one mount.
pub struct Document {
    /// Its name in paths: `control`.
    pub name: &'static str,
    /// Its title.
    pub title: String,
    /// Where it is served.
    pub servers: Vec<String>,
    /// What can be called there.
    pub operations: Vec<Operation>,
    /// The schemas that its operations refer to, by name.
    pub schemas: Map<String, Value>,
}

/// A call that can be made.
pub struct Operation {
    /// Its method, in lower case.
    pub method: String,
    /// Its path, its variable parts in braces.
    pub path: String,
    /// Its name, unique in its document.
    pub id: String,
    /// What it does.
    pub summary: String,
    /// Parameters of its query, each with its meaning.
    pub query: Vec<(&'static str, &'static str)>,
    /// The schema of its body, if it has one.
    pub body: Option<Value>,
    /// Its answers, by status.
    responses: Value,
}

impl Document {
    /// Every document.
    pub fn all() -> Vec<Self> {
        let providers = provider::ALL.iter().map(|provider| of_provider(*provider));
        [control(), payments_api()]
            .into_iter()
            .chain(providers)
            .collect()
    }

    /// The document of this name, if there is one.
    pub fn find(name: &str) -> Option<Self> {
        Self::all()
            .into_iter()
            .find(|document| document.name == name)
    }

    /// The document as OpenAPI has it.
    pub fn openapi(&self) -> Value {
        let mut paths = Map::new();
        for operation in &self.operations {
            let path = paths.entry(&operation.path).or_insert_with(|| json!({}));
            path[&operation.method] = operation.openapi();
        }
        let servers = self.servers.iter().map(|url| json!({"url": url}));
        json!({
            "openapi": "3.1.0",
            "info": {"title": self.title, "version": env!("CARGO_PKG_VERSION")},
            "servers": servers.collect::<Vec<_>>(),
            "paths": paths,
            "components": {
                "parameters": {"Namespace": {
                    "name": NAMESPACE_HEADER, "in": "header", "required": false,
                    "description": "the namespace, if not the default one; `/ns/<name>` before the path does the same",
                    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
                }},
                "schemas": self.schemas,
            },
        })
    }
}

impl Operation {
    /// A call of somebody else's API: only its name and its place are told.
    fn foreign(method: &str, path: &str, id: &str, summary: &str) -> Self {
        Self {
            method: method.to_lowercase(),
            path: path.to_owned(),
            id: id.to_owned(),
            summary: summary.to_owned(),
            query: Vec::new(),
            body: None,
            responses: json!({"default": {"description": "as published"}}),
        }
    }

    /// The names of the variable parts of its path.
    pub fn variables(&self) -> Vec<&str> {
        let parts = self.path.split('/');
        parts
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .collect()
    }

    fn openapi(&self) -> Value {
        let text = json!({"type": "string"});
        let variables = self.variables();
        let in_path = variables
            .iter()
            .map(|name| json!({"name": name, "in": "path", "required": true, "schema": text}));
        let in_query = self.query.iter().map(|(name, summary)| {
            json!({"name": name, "in": "query", "description": summary, "schema": text})
        });
        let namespace = json!({"$ref": "#/components/parameters/Namespace"});
        let parameters: Vec<_> = in_path.chain(in_query).chain([namespace]).collect();
        let mut operation = json!({
            "operationId": self.id,
            "summary": self.summary,
            "parameters": parameters,
            "responses": self.responses,
        });
        if let Some(schema) = &self.body {
            operation["requestBody"] = json!({
                "required": schema.get("required").or(schema.get("$ref")).is_some(),
                "content": {"application/json": {"schema": schema}},
            });
        }
        operation
    }
}

/// The control API.
fn control() -> Document {
    let mut generator = schema::generator();
    let operations = ROUTES.iter().map(|route| Operation {
        method: route.method.to_owned(),
        path: route.path.to_owned(),
        id: route.operation.to_owned(),
        summary: route.summary.to_owned(),
        query: route
            .query
            .iter()
            .map(|parameter| (parameter.name, parameter.summary))
            .collect(),
        body: body(route.body, &mut generator),
        responses: responses(route, &mut generator),
    });
    Document {
        name: "control",
        title: "Amana: the control API".to_owned(),
        servers: vec!["/".to_owned()],
        operations: operations.collect(),
        schemas: generator.take_definitions(true),
    }
}

/// The escrow payments API.
fn payments_api() -> Document {
    let mut ids = Ids::default();
    let operations = payments::routes().map(|(method, path, operation, summary)| {
        Operation::foreign(method, path, &ids.unique(operation), summary)
    });
    Document {
        name: "payments",
        title: "Amana: the escrow payments API".to_owned(),
        servers: vec!["/api/v1".to_owned()],
        operations: operations.collect(),
        schemas: Map::new(),
    }
}

/// A provider, as far as it is covered.
fn of_provider(provider: &dyn ProviderServer) -> Document {
    let mut ids = Ids::default();
    let mut operations = Vec::new();
    for row in provider.coverage() {
        for method in row.method.split(", ") {
            let id = ids.unique(row.operation);
            operations.push(Operation::foreign(method, &row.path, &id, row.operation));
        }
    }
    Document {
        name: provider.mount(),
        title: format!("Amana: what is covered of `{}`", provider.name()),
        servers: vec![format!("/{}", provider.mount())],
        operations,
        schemas: Map::new(),
    }
}

/// Names that are given out once; the second of a name is numbered.
#[derive(Default)]
struct Ids(BTreeSet<String>);

impl Ids {
    fn unique(&mut self, name: &str) -> String {
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        let free = names.find(|name| !self.0.contains(name));
        let id = free.unwrap_or_default();
        self.0.insert(id.clone());
        id
    }
}

fn responses(route: &Route, generator: &mut SchemaGenerator) -> Value {
    let text = || json!({"type": "string"});
    let content = match route.answer {
        Answer::Json => json!({"application/json": {"schema": (route.schema)(generator)}}),
        Answer::Pem => json!({"application/x-pem-file": {"schema": text()}}),
        Answer::Stream => json!({"text/event-stream": {"schema": text()}}),
        Answer::Nothing => Value::Null,
    };
    let mut success = json!({"description": "done"});
    if !content.is_null() {
        success["content"] = content;
    }
    let mut responses = json!({"default": {
        "description": "refused; the document says why and names the field",
        "content": {"application/problem+json": {"schema": Problem::schema(generator)}},
    }});
    for status in route.statuses {
        responses[status.to_string()] = success.clone();
    }
    responses
}

fn body(body: Body, generator: &mut SchemaGenerator) -> Option<Value> {
    match body {
        Body::Nothing => None,
        Body::Object(members) => Some(schema::object(members)),
        // A merge patch has any part of it; its defaults show what there is.
        Body::Settings => Some(schema::like(&json!(Settings::default()), true)),
        Body::Snapshot => Some(generator.subschema_for::<Snapshot>().to_value()),
    }
}
