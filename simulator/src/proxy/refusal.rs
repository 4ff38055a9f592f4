//! What the proxy does not do, in words.

use std::fmt;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::credentials::PREFIX;
use crate::http::namespace::mark;
use crate::tls::hosts;

/// How much of what was asked for is said again.
const SHOWN_MAX: usize = 100;

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It was sent as to a server.
    NotForAProxy,
    /// It is for another host or port.
    Target(String),
    /// Its credentials are no namespace.
    Credentials,
    /// Too many tunnels are open.
    Busy,
}

impl Refusal {
    const fn status(&self) -> StatusCode {
        match self {
            Self::NotForAProxy | Self::Target(_) => StatusCode::FORBIDDEN,
            Self::Credentials => StatusCode::PROXY_AUTHENTICATION_REQUIRED,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotForAProxy => f.write_str(
                "this is a forward proxy: set it as `HTTPS_PROXY` instead of calling it",
            ),
            Self::Target(target) => {
                let shown: String = target.chars().take(SHOWN_MAX).collect();
                write!(f, "`{shown}` is not served here")
            }
            Self::Credentials => write!(
                f,
                "the only credentials are the user name `{PREFIX}<namespace>`, with any password"
            ),
            Self::Busy => f.write_str("too many tunnels are open"),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut text = format!("Amana: {self}.\n");
        if self.status() == StatusCode::FORBIDDEN {
            text.push_str("Served are, at their usual ports and nothing else:\n");
            for host in hosts() {
                text.push_str(&format!("  {host}\n"));
            }
            text.push_str("Keep other hosts off the proxy with `NO_PROXY`.\n");
        }
        let mut response = (self.status(), text).into_response();
        if self == Self::Credentials {
            response.headers_mut().insert(
                header::PROXY_AUTHENTICATE,
                HeaderValue::from_static("Basic realm=\"namespace of the sandbox\""),
            );
        }
        mark(&mut response);
        response
    }
}
