//! `GET /_amana/certificates/ca`: what clients trust, and
//! `GET /_amana/certificates/{provider}`: what clients of a provider encrypt secrets with.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::error::SandboxCode;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::provider;

/// The certificate of a provider that has one, as PEM.
pub async fn show(Path(name): Path<String>) -> Result<Response, Problem> {
    let pem = provider::ALL
        .iter()
        .find(|provider| provider.name().as_str() == name)
        .and_then(|provider| provider.certificate())
        .ok_or_else(|| SandboxCode::RouteUnknown.at("/provider"))?;
    Ok(answer(pem))
}

/// The certificate of the sandbox's own authority, where it serves TLS, as PEM.
pub async fn authority(State(app): State<App>) -> Result<Response, Problem> {
    let authority = app
        .authority()
        .ok_or_else(|| Problem(SandboxCode::CertificateNone.into()))?;
    Ok(answer(authority.certificate().to_owned()))
}

fn answer(pem: impl IntoResponse) -> Response {
    ([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response()
}
