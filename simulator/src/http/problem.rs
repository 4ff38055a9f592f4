//! Errors as RFC 9457 problem documents: the single mapping.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;

use crate::error::SandboxError;

/// What a code is named by; the documentation lists them all.
const TYPE_BASE: &str = "urn:amana:error:";

/// An error as the control API shows it.
#[derive(Debug)]
pub struct Problem(pub SandboxError);

/// A problem document (RFC 9457).
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
struct Document<'a> {
    #[schemars(extend("format" = "uri"))]
    r#type: String,
    title: &'a str,
    status: u16,
    /// Stable, for programs.
    code: &'a str,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// The field that is wrong, if it is one.
    #[schemars(with = "String", extend("format" = "json-pointer"))]
    field: Option<&'a str>,
}

impl Problem {
    /// The schema of the document.
    pub fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Document<'static>>()
    }
}

impl<E: Into<SandboxError>> From<E> for Problem {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let error = &self.0;
        let document = Document {
            r#type: format!("{TYPE_BASE}{}", error.code()),
            title: error.sentence(),
            status: error.status(),
            code: error.code(),
            detail: error.to_string(),
            // The empty pointer is the whole body: then there is no one field that is wrong.
            field: error
                .field()
                .map(amana_core::FieldPath::as_str)
                .filter(|field| !field.is_empty()),
        };
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
        let content_type = [(header::CONTENT_TYPE, "application/problem+json")];
        // INVARIANT: a document of texts and a number can always be written.
        let body = serde_json::to_vec(&document).unwrap_or_default();
        (status, content_type, body).into_response()
    }
}

#[cfg(test)]
mod tests {
    use amana_core::Code;

    use super::*;
    use crate::error::SandboxCode;

    #[test]
    fn every_code_has_a_status_of_an_error() {
        let own = SandboxCode::ALL
            .iter()
            .map(|code| SandboxError::Plain(*code));
        let engine = Code::ALL
            .iter()
            .map(|code| SandboxError::Engine(*code, amana_core::FieldPath::new("/a")));
        for error in own.chain(engine) {
            let status = error.status();
            let response = Problem(error).into_response();
            assert_eq!(response.status().as_u16(), status);
            assert!(response.status().is_client_error() || response.status().is_server_error());
        }
    }
}
