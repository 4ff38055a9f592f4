//! Which namespace a request is for, and whom it is for: decided before it is routed.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt;

use super::exchange;
use super::problem::Problem;
use crate::App;
use crate::error::{SandboxCode, SandboxError};
use crate::host::{Namespace, NamespaceName};
use crate::kernel;

/// The header that names the namespace.
pub const NAMESPACE_HEADER: &str = "x-amana-namespace";
/// The header every answer carries.
pub const SIMULATOR_HEADER: &str = "x-amana-simulator";
/// The most bytes all headers of a request may have.
const HEADERS_MAX: usize = 32 * 1024;

/// Takes the namespace off the path, lets the services answer what is for them and these routes the
/// rest, and marks every answer as the simulator's.
pub async fn choose(app: &App, routes: Router, mut request: Request) -> Response {
    let line = tracing::enabled!(tracing::Level::DEBUG).then(|| Line::of(&request));
    let mut response = match take_name(&mut request) {
        Ok(name) if kernel::serves(host(request.headers()), request.uri().path()) => {
            exchange::answer(app, &name, request).await
        }
        Ok(name) => {
            request.extensions_mut().insert(name);
            let answered = routes.oneshot(request).await;
            answered.unwrap_or_else(|never| match never {})
        }
        Err(error) => Problem(error).into_response(),
    };
    mark(&mut response);
    if let Some(line) = line {
        line.log(response.status());
    }
    response
}

/// What the log says of a request.
struct Line {
    begin: Instant,
    method: Method,
    path: String,
}

impl Line {
    fn of(request: &Request) -> Self {
        Self {
            begin: Instant::now(),
            method: request.method().clone(),
            path: masked(request.uri().path()),
        }
    }

    fn log(self, status: StatusCode) {
        let Self {
            begin,
            method,
            path,
        } = self;
        let (status, micros) = (status.as_u16(), begin.elapsed().as_micros());
        tracing::debug!(%method, path, status, micros, "answered");
    }
}

/// Says that it is the simulator that answers.
pub fn mark(response: &mut Response) {
    let version = HeaderValue::from_static(env!("CARGO_PKG_VERSION"));
    response.headers_mut().insert(SIMULATOR_HEADER, version);
}

/// A path for the log: a phone number or a token in it is shown by its beginning.
fn masked(path: &str) -> String {
    /// Letters and digits in a row from which on they may be a secret.
    const LONG: usize = 20;
    /// Digits in a row from which on they may be a phone number.
    const NUMBER: usize = 7;
    let mask = |part: &str| {
        let digits = part.chars().filter(char::is_ascii_digit).count();
        match part.len() >= LONG || digits >= NUMBER {
            true => format!("{}***", part.chars().take(6).collect::<String>()),
            false => part.to_owned(),
        }
    };
    let parts: Vec<String> = path.split('/').map(mask).collect();
    parts.join("/")
}

/// The host a request was sent to, as its header says.
pub fn host(headers: &axum::http::HeaderMap) -> &str {
    headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default()
}

/// The namespace a request is for, which is taken off its path.
fn take_name(request: &mut Request) -> Result<NamespaceName, SandboxError> {
    let size =
        |(name, value): (&header::HeaderName, &HeaderValue)| name.as_str().len() + value.len();
    if request.headers().iter().map(size).sum::<usize>() > HEADERS_MAX {
        return Err(SandboxCode::HeadersTooLarge.into());
    }
    if let Some(name) = take_prefix(request.uri_mut())? {
        return Ok(name);
    }
    match request.headers().get(NAMESPACE_HEADER) {
        Some(value) => {
            let name = value.to_str().unwrap_or_default().parse();
            name.map_err(|_| SandboxCode::NamespaceName.at("/x-amana-namespace"))
        }
        None => Ok(NamespaceName::default_name()),
    }
}

/// Takes `/ns/<name>` off the path.
fn take_prefix(uri: &mut Uri) -> Result<Option<NamespaceName>, SandboxError> {
    let Some(rest) = uri.path().strip_prefix("/ns/") else {
        return Ok(None);
    };
    let (name, path) = rest
        .find('/')
        .map_or((rest, "/"), |slash| rest.split_at(slash));
    let name = name.parse()?;
    let path_and_query = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let malformed = |_| SandboxError::Plain(SandboxCode::RouteUnknown);
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(path_and_query).map_err(malformed)?);
    *uri = Uri::from_parts(parts).map_err(|_| SandboxError::Plain(SandboxCode::RouteUnknown))?;
    Ok(Some(name))
}

/// The namespace a request is for.
#[derive(Debug)]
pub struct In(pub Arc<Namespace>);

impl FromRequestParts<App> for In {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let name = parts.extensions.get::<NamespaceName>().cloned();
        let name = name.unwrap_or_else(NamespaceName::default_name);
        Ok(Self(app.namespaces().open(&name).await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_phone_number_is_in_a_path_of_the_log() {
        for (path, shown) in [
            (
                "/_amana/phones/+254712345678/prompts",
                "/_amana/phones/+25471***/prompts",
            ),
            ("/_amana/phones/0712345678", "/_amana/phones/071234***"),
            ("/_amana/phones/%2B254712345678", "/_amana/phones/%2B254***"),
            (
                "/_amana/callbacks/cb_12/resend",
                "/_amana/callbacks/cb_12/resend",
            ),
            ("/", "/"),
        ] {
            assert_eq!(masked(path), shown);
        }
    }
}
