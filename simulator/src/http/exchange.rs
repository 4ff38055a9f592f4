//! Requests to the providers and the payments API: from the socket to data and back.

use amana_core::http as data;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::input::{BODY_MAX, read_body};
use super::namespace::{host, name_of};
use super::problem::Problem;
use crate::App;
use crate::error::{SandboxCode, SandboxError};
use crate::kernel;

/// The header that names the correlation of a request, to find its events by.
const CORRELATION: HeaderName = HeaderName::from_static("x-amana-correlation");

/// Answers a request that no route of the control API is for.
pub async fn handle(State(app): State<App>, request: Request) -> Response {
    let served = kernel::dispatch::serves(host(request.headers()), request.uri().path());
    if !served {
        return app.page(request).await;
    }
    match exchange(&app, request).await {
        Ok(response) => response,
        Err(error) => Problem(error).into_response(),
    }
}

async fn exchange(app: &App, request: Request) -> Result<Response, SandboxError> {
    let (parts, body) = request.into_parts();
    let namespace = app.namespaces().open(&name_of(&parts.extensions)).await?;
    let headers = parts.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.as_str().to_owned(), value.into_owned())
    });
    let request = data::Request {
        method: parts.method.as_str().to_owned(),
        host: host(&parts.headers).to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: headers.collect(),
        body: read_body(body, BODY_MAX).await?.to_vec(),
    };
    let (response, correlation) = namespace
        .with(|sandbox| {
            let correlation = sandbox.correlation().to_owned();
            (sandbox.exchange(&request), correlation)
        })
        .await?;
    let response = response.ok_or(SandboxCode::RouteUnknown)?;
    let mut response = to_http(response);
    if let Ok(correlation) = HeaderValue::from_str(&correlation) {
        response.headers_mut().insert(CORRELATION, correlation);
    }
    Ok(response)
}

fn to_http(from: data::Response) -> Response {
    let mut response = Response::new(Body::from(from.body));
    *response.status_mut() =
        StatusCode::from_u16(from.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in from.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
