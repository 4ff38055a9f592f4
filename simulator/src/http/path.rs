//! Parameters of a path; one that cannot be read is a problem document like any other.

use amana_core::FieldPath;
use axum::extract::FromRequestParts;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::PathRejection;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::problem::Problem;
use crate::error::{SandboxCode, SandboxError};

/// The parameters of the path of a route.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = axum::extract::Path::from_request_parts(parts, state).await;
        match read {
            Ok(axum::extract::Path(parameters)) => Ok(Self(parameters)),
            Err(rejection) => Err(refusal(&rejection).into()),
        }
    }
}

fn refusal(rejection: &PathRejection) -> SandboxError {
    if let PathRejection::FailedToDeserializePathParams(failure) = rejection
        && let ErrorKind::InvalidUtf8InPathParam { key } = failure.kind()
    {
        let why = format!("`{key}` in the path is not UTF-8");
        return SandboxError::Field(SandboxCode::FieldInvalid, FieldPath::new("").join(key), why);
    }
    SandboxCode::RouteUnknown.into()
}
