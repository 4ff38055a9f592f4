//! Requests to the providers and the payments API: from the socket to data and back.

use amana_core::http as data;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};

use super::input::{BODY_MAX, read_body};
use super::line::Cutter;
use super::namespace::host;
use super::problem::Problem;
use super::reply;
use crate::App;
use crate::error::{SandboxCode, SandboxError};
use crate::host::NamespaceName;
use crate::kernel;

/// The header that names the correlation of a request, to find its events by.
const CORRELATION: HeaderName = HeaderName::from_static("x-amana-correlation");

/// Answers a request that a provider or the payments API is for.
pub async fn answer(app: &App, name: &NamespaceName, request: Request) -> Response {
    match exchange(app, name, request).await {
        Ok(response) => response,
        Err(error) => Problem(error).into_response(),
    }
}

async fn exchange(
    app: &App,
    name: &NamespaceName,
    request: Request,
) -> Result<Response, SandboxError> {
    let namespace = app.namespaces().open(name).await?;
    let line = request.extensions().get::<ConnectInfo<Cutter>>().cloned();
    let request = read(request).await?;
    let routed = kernel::route(request).ok_or(SandboxCode::RouteUnknown)?;
    let (sent, correlation) = reply::exchange(&namespace, routed).await?;
    let mut response = reply::perform(sent, line);
    if let Ok(correlation) = HeaderValue::try_from(correlation.to_string()) {
        response.headers_mut().insert(CORRELATION, correlation);
    }
    Ok(response)
}

/// A request as data. Nothing of it as it came is left, so that it takes no room while its answer is
/// waited for.
async fn read(request: Request) -> Result<data::Request, SandboxError> {
    let (parts, body) = request.into_parts();
    let headers = parts.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.as_str().to_owned(), value.into_owned())
    });
    Ok(data::Request {
        method: parts.method.as_str().to_owned(),
        host: host(&parts.headers).to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: headers.collect(),
        body: read_body(body, BODY_MAX).await?.to_vec(),
    })
}
