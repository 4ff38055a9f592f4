//! Names in requests: `{{token}}` stands for what an earlier answer said.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::Body;

/// What names stand for.
#[derive(Debug, Clone, Default)]
pub struct Values(BTreeMap<String, String>);

impl Values {
    /// Those of a file.
    pub fn new(values: &BTreeMap<String, String>) -> Self {
        Self(values.clone())
    }

    /// Gives a name a meaning.
    pub fn set(&mut self, name: &str, value: String) {
        self.0.insert(name.to_owned(), value);
    }

    /// The text with every name replaced; one without a meaning stays as it is.
    pub fn fill(&self, text: &str) -> String {
        let mut filled = text.to_owned();
        // A value may itself hold names, but not without end.
        for _ in 0..2 {
            for (name, value) in &self.0 {
                filled = filled.replace(&format!("{{{{{name}}}}}"), value);
            }
        }
        filled
    }

    /// The value with every name in its texts replaced.
    pub fn fill_json(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.fill(text)),
            Value::Array(values) => values.iter().map(|value| self.fill_json(value)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(key, value)| (key.clone(), self.fill_json(value)))
                .collect(),
            other => other.clone(),
        }
    }

    /// The body with every name replaced.
    pub fn fill_body(&self, body: &Body) -> Body {
        let filled = |form: &BTreeMap<String, String>| {
            let pairs = form.iter();
            pairs
                .map(|(key, text)| (key.clone(), self.fill(text)))
                .collect()
        };
        Body {
            json: body.json.as_ref().map(|json| self.fill_json(json)),
            form: body.form.as_ref().map(filled),
            text: body.text.as_ref().map(|text| self.fill(text)),
            content_type: body.content_type.clone(),
        }
    }
}

impl Body {
    /// The bytes and their content type, if there is a body.
    pub fn encode(&self) -> Option<(String, Vec<u8>)> {
        let (kind, bytes) = if let Some(json) = &self.json {
            ("application/json", json.to_string())
        } else if let Some(form) = &self.form {
            let mut text = form_urlencoded::Serializer::new(String::new());
            text.extend_pairs(form);
            ("application/x-www-form-urlencoded", text.finish())
        } else {
            ("text/plain", self.text.clone()?)
        };
        let kind = self.content_type.as_deref().unwrap_or(kind);
        Some((kind.to_owned(), bytes.into_bytes()))
    }
}
