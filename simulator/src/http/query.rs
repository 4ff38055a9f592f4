//! Query strings, read strictly: an unknown parameter is refused by its name.

use std::collections::BTreeMap;
use std::str::FromStr;

use amana_core::FieldPath;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::problem::Problem;
use crate::error::{SandboxCode, SandboxError};

/// The parameters of a query that were not taken yet; none of them stood twice.
#[derive(Debug, Default)]
pub struct Query(BTreeMap<String, String>);

impl Query {
    /// Takes a parameter.
    ///
    /// # Errors
    /// `request.field_invalid` naming it, if its value cannot be read.
    pub fn take<T: FromStr>(&mut self, name: &'static str) -> Result<Option<T>, SandboxError> {
        let Some(text) = self.0.remove(name) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| {
            let field = FieldPath::new("").join(name);
            let why = format!("`{name}` has a value that is not allowed");
            SandboxError::Field(SandboxCode::FieldInvalid, field, why)
        })
    }

    /// Ends reading.
    ///
    /// # Errors
    /// `request.field_unknown` if a parameter is left.
    pub fn finish(self) -> Result<(), SandboxError> {
        match self.0.into_keys().next() {
            None => Ok(()),
            Some(name) => Err(SandboxError::Field(
                SandboxCode::FieldUnknown,
                FieldPath::new("").join(&name),
                format!("unknown parameter `{name}`"),
            )),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let mut parameters = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()).into_owned() {
            let field = FieldPath::new("").join(&name);
            if parameters.insert(name, value).is_some() {
                let why = "the parameter stands twice".to_owned();
                return Err(SandboxError::Field(SandboxCode::FieldInvalid, field, why).into());
            }
        }
        Ok(Self(parameters))
    }
}
