//! The address of a sandbox.

use std::fmt;
use std::str::FromStr;

use axum::http::Uri;

/// `http://host:port`, perhaps with a path before everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    origin: String,
    /// Without a slash at the end; empty if there is none.
    path: String,
}

/// Why a text is no such address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaseUrlError;

impl fmt::Display for BaseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an address is like `http://127.0.0.1:4600`")
    }
}

impl std::error::Error for BaseUrlError {}

impl FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: Uri = text.parse().map_err(|_| BaseUrlError)?;
        match (uri.scheme_str(), uri.authority(), uri.query()) {
            (Some(scheme @ ("http" | "https")), Some(authority), None) => Ok(Self {
                origin: format!("{scheme}://{authority}"),
                path: uri.path().trim_end_matches('/').to_owned(),
            }),
            _ => Err(BaseUrlError),
        }
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.path)
    }
}
