//! What a request to the proxy is for.

use axum::http::uri::Authority;
use axum::http::{Method, Uri};

use super::refusal::Refusal;
use crate::tls::find_host;

/// What a request is for, if it is for a host of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A tunnel to this host (`CONNECT host:443`).
    Tunnel(&'static str),
    /// An address at this host (`GET http://host/path`).
    Address(&'static str),
}

impl Target {
    /// Reads it.
    ///
    /// # Errors
    /// The refusal, if it is for anything else.
    pub fn of(method: &Method, uri: &Uri) -> Result<Self, Refusal> {
        let Some(authority) = uri.authority() else {
            return Err(Refusal::NotForAProxy);
        };
        if method == Method::CONNECT {
            return find(authority, &[443]).map(Self::Tunnel);
        }
        // Some clients ask a proxy for `https` addresses in the clear instead of opening a tunnel.
        match uri.scheme_str() {
            Some("http" | "https") => find(authority, &[80, 443]).map(Self::Address),
            _ => Err(Refusal::Target(authority.to_string())),
        }
    }
}

/// The host of the registry, at a port where it is found on the Internet, with nothing beside it.
fn find(authority: &Authority, ports: &[u16]) -> Result<&'static str, Refusal> {
    let (host, text) = (authority.host(), authority.as_str());
    let fits = match authority.port() {
        // `http://host` means the usual port; `CONNECT host` means nothing.
        None => ports.len() > 1 && text == host,
        Some(port) => ports.contains(&port.as_u16()) && !text.contains('@'),
    };
    find_host(host)
        .filter(|_| fits)
        .ok_or_else(|| Refusal::Target(text.to_owned()))
}
