//! Which namespace a request is for, and whom it is for: decided before it is routed.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

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

/// Takes the namespace off the path, lets requests to a provider's own host name go to that
/// provider whatever their path is, and marks every answer as the simulator's.
pub async fn choose(State(app): State<App>, request: Request, next: Next) -> Response {
    let line = tracing::enabled!(tracing::Level::DEBUG).then(|| Line::of(&request));
    let mut response = match prepare(request) {
        // What is not for the control API needs no routing here.
        Ok(request) if kernel::serves(host(request.headers()), request.uri().path()) => {
            Box::pin(exchange::answer(&app, request)).await
        }
        Ok(request) => next.run(request).await,
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

fn prepare(mut request: Request) -> Result<Request, SandboxError> {
    let size =
        |(name, value): (&header::HeaderName, &HeaderValue)| name.as_str().len() + value.len();
    if request.headers().iter().map(size).sum::<usize>() > HEADERS_MAX {
        return Err(SandboxCode::HeadersTooLarge.into());
    }
    let name = match take_prefix(request.uri_mut())? {
        Some(name) => name,
        None => match request.headers().get(NAMESPACE_HEADER) {
            Some(value) => {
                let refuse = |_| SandboxCode::NamespaceName.at("/x-amana-namespace");
                let name = value.to_str().unwrap_or_default().parse();
                name.map_err(refuse)?
            }
            None => NamespaceName::default_name(),
        },
    };
    request.extensions_mut().insert(name);
    Ok(request)
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

/// The name of the namespace a request is for.
pub fn name_of(extensions: &axum::http::Extensions) -> NamespaceName {
    extensions
        .get()
        .cloned()
        .unwrap_or_else(NamespaceName::default_name)
}

/// The namespace a request is for.
#[derive(Debug)]
pub struct In(pub Arc<Namespace>);

impl FromRequestParts<App> for In {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let name = name_of(&parts.extensions);
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
