//! `/docs`: what the sandbox serves, as OpenAPI documents and as a page for people. Both are made
//! from the tables that drive the routes, so they cannot say anything else.

mod openapi;
mod page;

#[cfg(test)]
mod tests;

use axum::http::header;
use axum::response::{Html, IntoResponse, Response};

pub(crate) use self::openapi::Document;
use crate::error::{SandboxCode, SandboxError};
use crate::http::input::Json;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// The page: no scripts, nothing from elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// All documents, readable.
pub async fn page() -> Response {
    let page = Html(page::page(&Document::all()));
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], page).into_response()
}

/// One document: `/docs/control.json`.
pub async fn document(Path(file): Path<String>) -> Result<Response, Problem> {
    let unknown = || SandboxError::from(SandboxCode::RouteUnknown);
    let name = file.strip_suffix(".json").ok_or_else(unknown)?;
    let document = Document::find(name).ok_or_else(unknown)?;
    Ok(Json(document.openapi()).into_response())
}
