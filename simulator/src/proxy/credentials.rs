//! The namespace in the credentials for the proxy.

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::refusal::Refusal;
use crate::host::NamespaceName;

/// What a user name that is a namespace begins with.
pub const PREFIX: &str = "ns-";

/// The namespace that the user name says; the password does not matter.
///
/// # Errors
/// [`Refusal::Credentials`] if there are credentials and they say none.
pub fn namespace(headers: &HeaderMap) -> Result<Option<NamespaceName>, Refusal> {
    let Some(credentials) = headers.get(header::PROXY_AUTHORIZATION) else {
        return Ok(None);
    };
    let user = credentials.to_str().ok().and_then(user_of);
    let name = user
        .as_deref()
        .and_then(|user| user.strip_prefix(PREFIX))
        .and_then(|name| name.parse().ok());
    name.map(Some).ok_or(Refusal::Credentials)
}

/// The user name in `Basic <user:password>`.
fn user_of(credentials: &str) -> Option<String> {
    let (scheme, encoded) = credentials.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    Some(text.split_once(':')?.0.to_owned())
}
