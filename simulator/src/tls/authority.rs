//! The certificate authority of the sandbox and the certificates it gives.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use amana_core::Timestamp;
use amana_core::time::Span;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    NameConstraints, SanType,
};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::sign::CertifiedKey;

use super::error::AuthorityError;
use super::hosts::hosts;
use super::kept::{self, Kept, Place};
use super::names::{LOCAL_ADDRESSES, LOCAL_NAME, Name};
use crate::host::HostClock;

/// How long the authority is good for.
const AUTHORITY_LIFE: Span = Span::from_days(3_650);
/// How long a server's certificate is: as long as the strictest clients accept.
const SERVER_LIFE: Span = Span::from_days(397);
/// What is left of a certificate when it is replaced.
const RENEWED_BEFORE: Span = Span::from_days(30);
/// Certificates begin this much earlier, for machines whose clocks are late.
const EARLIER: time::Duration = time::Duration::DAY;

/// The certificate authority.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
    clock: HostClock,
    provider: Arc<CryptoProvider>,
    servers: Mutex<BTreeMap<Name, Server>>,
}

/// A server's certificate with its key.
#[derive(Clone)]
struct Server {
    certified: Arc<CertifiedKey>,
    expires_at: Timestamp,
}

impl std::fmt::Debug for Authority {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

impl Authority {
    /// The authority kept in this directory; made if there is none, and certified anew, with the
    /// same key, if its certificate ends soon or does not name every host of the registry.
    ///
    /// # Errors
    /// If the directory cannot be used or holds something else.
    pub fn open(directory: &Path, clock: HostClock) -> Result<Self, AuthorityError> {
        kept::prepare(directory)?;
        let kept = settle(directory, clock.now())?;
        kept::publish(directory, &kept.certificate)?;
        let key = KeyPair::from_pem(&kept.key).map_err(|error| {
            AuthorityError::Damaged(directory.to_owned(), format!("its key: {error}"))
        })?;
        let issuer = Issuer::new(authority_params(&kept.hosts), key);
        Ok(Self {
            issuer,
            certificate: kept.certificate,
            clock,
            provider: Arc::new(ring::default_provider()),
            servers: Mutex::new(BTreeMap::new()),
        })
    }

    /// Its certificate as PEM: what clients are to trust.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// The cryptography its certificates are used with.
    pub(super) fn provider(&self) -> Arc<CryptoProvider> {
        Arc::clone(&self.provider)
    }

    /// The certificate of a server of this name, made when it is first needed.
    pub(super) fn certify(&self, name: Name) -> Result<Arc<CertifiedKey>, AuthorityError> {
        let now = self.clock.now();
        // The map is whole between any two of its operations.
        let servers = self.servers.lock();
        let mut servers = servers.unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = servers.get(&name)
            && now + RENEWED_BEFORE < server.expires_at
        {
            return Ok(Arc::clone(&server.certified));
        }
        let server = self.issue(name, now)?;
        let certified = Arc::clone(&server.certified);
        servers.insert(name, server);
        Ok(certified)
    }

    fn issue(&self, name: Name, now: Timestamp) -> Result<Server, AuthorityError> {
        let key = KeyPair::generate()?;
        let expires_at = now + SERVER_LIFE;
        let mut params = CertificateParams::default();
        params.distinguished_name = named(name.as_str());
        params.subject_alt_names = subjects(name)?;
        params.not_before = now.to_utc() - EARLIER;
        params.not_after = expires_at.to_utc();
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let certificate = params.signed_by(&key, &self.issuer)?;
        let key = PrivateKeyDer::try_from(key.serialize_der())
            .map_err(|why| AuthorityError::Tls(tokio_rustls::rustls::Error::General(why.into())))?;
        let chain = vec![certificate.der().clone()];
        Ok(Server {
            certified: Arc::new(CertifiedKey::from_der(chain, key, &self.provider)?),
            expires_at,
        })
    }
}

/// What is kept in the directory once it is as it should be.
fn settle(directory: &Path, now: Timestamp) -> Result<Kept, AuthorityError> {
    let needed: BTreeSet<String> = hosts().map(str::to_owned).collect();
    let kept = match kept::read(directory)? {
        Some(kept) => kept,
        None => {
            let made = certify_anew(needed.clone(), &KeyPair::generate()?, now)?;
            if kept::write(directory, &made, Place::Empty)? {
                return Ok(made);
            }
            // Another process was first; theirs counts.
            kept::read(directory)?.unwrap_or(made)
        }
    };
    if needed.is_subset(&kept.hosts) && now + RENEWED_BEFORE < kept.expires_at {
        return Ok(kept);
    }
    let key = KeyPair::from_pem(&kept.key).map_err(|error| {
        AuthorityError::Damaged(directory.to_owned(), format!("its key: {error}"))
    })?;
    // Clients that trust the old certificate go on: the key and the name are the same.
    let renewed = certify_anew(&needed | &kept.hosts, &key, now)?;
    kept::write(directory, &renewed, Place::Any)?;
    Ok(renewed)
}

/// Signs a certificate for this key.
fn certify_anew(
    hosts: BTreeSet<String>,
    key: &KeyPair,
    now: Timestamp,
) -> Result<Kept, AuthorityError> {
    let expires_at = now + AUTHORITY_LIFE;
    let mut params = authority_params(&hosts);
    params.not_before = now.to_utc() - EARLIER;
    params.not_after = expires_at.to_utc();
    let mut serial = [0; 16];
    ring::default_provider()
        .secure_random
        .fill(&mut serial)
        .map_err(|_| tokio_rustls::rustls::Error::FailedToGetRandomBytes)?;
    params.serial_number = Some(serial.to_vec().into());
    Ok(Kept {
        certificate: params.self_signed(key)?.pem(),
        key: key.serialize_pem(),
        hosts,
        expires_at,
    })
}

/// The authority's certificate but for its dates: for servers of these hosts and of this machine
/// only, so that a key that gets lost is of no use for any other.
fn authority_params(hosts: &BTreeSet<String>) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = named("Amana sandbox");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let names = hosts.iter().cloned().chain([LOCAL_NAME.to_owned()]);
    let addresses = LOCAL_ADDRESSES.map(|address| {
        let whole = if address.is_ipv4() { 32 } else { 128 };
        GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, whole))
    });
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: names
            .map(GeneralSubtree::DnsName)
            .chain(addresses)
            .collect(),
        excluded_subtrees: Vec::new(),
    });
    params
}

fn named(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, "Amana");
    name.push(DnType::CommonName, common_name);
    name
}

/// What a client may have called the server.
fn subjects(name: Name) -> Result<Vec<SanType>, AuthorityError> {
    let dns = SanType::DnsName(name.as_str().try_into()?);
    Ok(match name {
        Name::Host(_) => vec![dns],
        Name::Local => [dns]
            .into_iter()
            .chain(LOCAL_ADDRESSES.map(SanType::IpAddress))
            .collect(),
    })
}
