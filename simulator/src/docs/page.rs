//! The documents as a page: every call with its parameters and the members of its body.

use std::fmt::Write;

use serde_json::Value;

use super::openapi::{Document, Operation};

const HEAD: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
    <title>Amana: what it serves</title>\n<style>\n\
    body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }\n\
    code { font-size: 0.95em; }\n\
    summary { padding: 0.2rem 0; cursor: pointer; }\n\
    dl { margin: 0.2rem 0 1rem 1.5rem; }\n\
    :root { color-scheme: light dark; }\n\
    </style>\n</head>\n<body>\n<h1>What this sandbox serves</h1>\n";

/// The page.
pub fn page(documents: &[Document]) -> String {
    let mut html = HEAD.to_owned();
    for document in documents {
        write_document(&mut html, document);
    }
    html.push_str("</body>\n</html>\n");
    html
}

// Writing to a text cannot fail.
fn write_document(html: &mut String, document: &Document) {
    let (name, title) = (document.name, escaped(&document.title));
    let _ = writeln!(html, "<h2 id=\"{name}\">{title}</h2>");
    let _ = writeln!(
        html,
        "<p><a href=\"docs/{name}.json\">OpenAPI</a>, served at <code>{}</code></p>",
        escaped(&document.servers.join(", "))
    );
    for operation in &document.operations {
        write_operation(html, operation);
    }
}

fn write_operation(html: &mut String, operation: &Operation) {
    let _ = write!(
        html,
        "<details><summary><code>{} {}</code> {}</summary><dl>",
        operation.method.to_uppercase(),
        escaped(&operation.path),
        escaped(&operation.summary)
    );
    for name in operation.variables() {
        write_member(html, name, "in the path");
    }
    for (name, summary) in &operation.query {
        write_member(html, name, &format!("in the query: {summary}"));
    }
    let members = operation
        .body
        .as_ref()
        .and_then(|body| body["properties"].as_object());
    for (name, schema) in members.into_iter().flatten() {
        let summary = schema["description"].as_str().unwrap_or_default();
        write_member(html, name, &format!("{summary} ({})", kind(schema)));
    }
    html.push_str("</dl></details>\n");
}

fn write_member(html: &mut String, name: &str, text: &str) {
    let (name, text) = (escaped(name), escaped(text));
    let _ = write!(html, "<dt><code>{name}</code></dt><dd>{text}</dd>");
}

/// What a value may be, in a word or all of its words.
fn kind(schema: &Value) -> String {
    if let Some(words) = schema["enum"].as_array() {
        let words = words.iter().filter_map(Value::as_str);
        return words.collect::<Vec<_>>().join(", ");
    }
    match &schema["type"] {
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => kinds[0].as_str().unwrap_or_default().to_owned(),
        _ => "any".to_owned(),
    }
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}
