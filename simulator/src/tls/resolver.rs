//! Which certificate a client is shown.

use std::sync::Arc;

use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;

use super::authority::Authority;
use super::error::AuthorityError;
use super::names::Name;

/// What the server speaks once the line is safe.
const PROTOCOL: &[u8] = b"http/1.1";

/// Chooses by the name the client asks for.
#[derive(Debug)]
struct Resolver {
    authority: Arc<Authority>,
    /// The one host that may be asked for, where it is known beforehand.
    only: Option<&'static str>,
}

impl ResolvesServerCert for Resolver {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let asked = hello.server_name();
        let name = match self.only {
            None => Name::asked_for(asked)?,
            Some(host) if asked.is_none_or(|asked| host.eq_ignore_ascii_case(asked)) => {
                Name::Host(host)
            }
            Some(_) => return None,
        };
        let certified = self.authority.certify(name);
        certified
            .inspect_err(|error| tracing::error!("{error}"))
            .ok()
    }
}

/// Serves every host of the registry, and this machine's own name.
///
/// # Errors
/// If the TLS library refuses its settings.
pub fn server_config(authority: &Arc<Authority>) -> Result<Arc<ServerConfig>, AuthorityError> {
    config(authority, None)
}

/// Serves one host; whoever asks for another one is refused.
///
/// # Errors
/// If the TLS library refuses its settings.
pub fn server_config_for(
    authority: &Arc<Authority>,
    host: &'static str,
) -> Result<Arc<ServerConfig>, AuthorityError> {
    config(authority, Some(host))
}

fn config(
    authority: &Arc<Authority>,
    only: Option<&'static str>,
) -> Result<Arc<ServerConfig>, AuthorityError> {
    let authority = Arc::clone(authority);
    let mut config = ServerConfig::builder_with_provider(authority.provider())
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(Resolver { authority, only }));
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    Ok(Arc::new(config))
}
