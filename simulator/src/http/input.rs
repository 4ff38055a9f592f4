//! JSON bodies: malformed is 400, well-formed but wrong is 422 and names the field.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::problem::Problem;
use crate::error::{SandboxCode, SandboxError};
use crate::kernel::json::{parse, read_typed};

/// The largest body of a request.
pub const BODY_MAX: usize = 1024 * 1024;
/// The largest snapshot.
pub const SNAPSHOT_MAX: usize = 64 * 1024 * 1024;

/// Reads a whole body of at most this many bytes.
///
/// # Errors
/// `request.too_large`, or `request.malformed` if it breaks off.
pub async fn read_body(body: Body, most: usize) -> Result<Bytes, SandboxError> {
    match Limited::new(body, most).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(SandboxCode::BodyTooLarge.into()),
        Err(_) => Err(SandboxCode::RequestMalformed.into()),
    }
}

/// Reads a typed value from JSON; an empty body is an empty object.
///
/// # Errors
/// As [`parse`] and [`read_typed`].
pub fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, SandboxError> {
    match body.is_empty() {
        true => read_typed(Value::Object(Map::new())),
        false => read_typed(parse(body)?),
    }
}

/// A typed body of a request.
#[derive(Debug)]
pub struct Input<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Input<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let body = read_body(request.into_body(), BODY_MAX).await?;
        Ok(Self(read_json(&body)?))
    }
}

/// The body of a request that has nothing to say: none, or an object without members.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// A JSON answer.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Err(_) => Problem(SandboxCode::StoreUnavailable.into()).into_response(),
        }
    }
}
