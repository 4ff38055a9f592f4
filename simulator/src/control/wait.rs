//! `POST /_amana/wait`: the first event that matches, or 408.

use std::time::Duration;

use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::stream::Cursor;
use super::{correlation, event_type, phone, service};
use crate::app::App;
use crate::error::{SandboxCode, SandboxError};
use crate::http::input::{Input, Json};
use crate::http::namespace::In;
use crate::http::problem::Problem;
use crate::kernel::{EventView, is_of_type};

/// How long is waited unless `timeout_ms` says otherwise, and at most.
const TIMEOUT_MS: u64 = 5_000;
const TIMEOUT_MS_MAX: u64 = 600_000;

/// What is waited for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// The type, or a group of types with `.*`.
    r#type: Option<String>,
    /// What must stand in the event: `phone`, `provider`, `correlation`, `summary`, `data`, or
    /// members of `data`. Objects match if what is given is in them.
    #[serde(default)]
    r#where: Map<String, Value>,
    /// Only events after this number; without it, any.
    #[serde(default)]
    since: u64,
    timeout_ms: Option<u64>,
}

impl Wait {
    /// Whether it can ever come.
    fn check(&self) -> Result<(), SandboxError> {
        if self.timeout_ms.is_some_and(|most| most > TIMEOUT_MS_MAX) {
            let why = "at most ten minutes, 600000";
            return Err(SandboxError::invalid("/timeout_ms", why));
        }
        if let Some(wanted) = &self.r#type {
            event_type(wanted, "/type")?;
        }
        self.check_text("phone", "/where/phone", phone)?;
        self.check_text("provider", "/where/provider", service)?;
        self.check_text("correlation", "/where/correlation", correlation)?;
        self.check_text("summary", "/where/summary", |_, _| Ok(()))?;
        match self.r#where.get("data") {
            Some(Value::Object(_)) | None => Ok(()),
            Some(_) => Err(SandboxError::invalid("/where/data", "`data` is an object")),
        }
    }

    /// Whether this member of what is wanted, if it is there, is a text that can be read.
    fn check_text<T>(
        &self,
        name: &str,
        field: &'static str,
        read: impl Fn(&str, &'static str) -> Result<T, SandboxError>,
    ) -> Result<(), SandboxError> {
        match self.r#where.get(name) {
            Some(Value::String(text)) => read(text, field).map(|_| ()),
            Some(_) => Err(SandboxError::invalid(field, format!("`{name}` is a text"))),
            None => Ok(()),
        }
    }

    fn matches(&self, event: &EventView) -> bool {
        let kind = self
            .r#type
            .as_deref()
            .is_none_or(|wanted| is_of_type(event.kind, wanted));
        kind && self
            .r#where
            .iter()
            .all(|(name, wanted)| has(event, name, wanted))
    }
}

fn has(event: &EventView, name: &str, wanted: &Value) -> bool {
    let text = |actual: &str| wanted.as_str() == Some(actual);
    match name {
        "phone" => {
            let wanted = wanted.as_str().and_then(|text| text.parse().ok());
            wanted.is_some() && event.phone == wanted
        }
        "provider" => event
            .provider
            .is_some_and(|provider| text(provider.as_str())),
        "correlation" => text(&event.correlation.to_string()),
        "summary" => text(&event.summary),
        "data" => is_part(wanted, &event.data),
        member => event
            .data
            .get(member)
            .is_some_and(|actual| is_part(wanted, actual)),
    }
}

/// Whether everything in `wanted` is in `actual`.
fn is_part(wanted: &Value, actual: &Value) -> bool {
    match (wanted, actual) {
        (Value::Object(wanted), Value::Object(actual)) => wanted.iter().all(|(name, wanted)| {
            actual
                .get(name)
                .is_some_and(|actual| is_part(wanted, actual))
        }),
        (wanted, actual) => wanted == actual,
    }
}

/// Waits for the first event that matches.
pub async fn wait(
    State(app): State<App>,
    In(namespace): In,
    Input(wait): Input<Wait>,
) -> Result<Json<EventView>, Problem> {
    wait.check()?;
    let timeout_ms = wait.timeout_ms.unwrap_or(TIMEOUT_MS);
    namespace.with(|_| ()).await?;
    let mut cursor = Cursor::new(namespace, Some(wait.since));
    let found = async {
        while let Some(recorded) = cursor.next().await? {
            let event = recorded.view();
            if wait.matches(&event) {
                return Ok(event);
            }
        }
        Err(SandboxCode::HostUnavailable.into())
    };
    tokio::select! {
        event = found => event.map(Json),
        () = tokio::time::sleep(Duration::from_millis(timeout_ms)) => {
            Err(SandboxCode::WaitTimedOut.into())
        }
        () = app.closed() => Err(SandboxCode::HostUnavailable.into()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_part_is_what_is_given_and_no_more() {
        let actual = json!({"a": {"b": 1, "c": [1, 2]}, "d": null});
        for (wanted, is) in [
            (json!({}), true),
            (json!({"a": {"b": 1}}), true),
            (json!({"a": {"c": [1, 2]}, "d": null}), true),
            (json!({"a": {"c": [1]}}), false),
            (json!({"a": {"b": 2}}), false),
            (json!({"e": null}), false),
            (json!("a"), false),
        ] {
            assert_eq!(is_part(&wanted, &actual), is, "{wanted}");
        }
    }
}
