//! The authority: what it keeps, and what its certificates are good for.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use amana_core::Timestamp;
use amana_core::time::Span;
use tempfile::TempDir;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::kept::{self, Kept, Place};
use super::names::Name;
use super::*;
use crate::host::HostClock;

/// A host in the registry; which one does not matter.
fn some_host() -> &'static str {
    hosts().next().unwrap()
}

fn open(directory: &TempDir) -> Arc<Authority> {
    Arc::new(Authority::open(directory.path(), HostClock::system()).unwrap())
}

fn at(millis: i64) -> HostClock {
    HostClock::new(move || Timestamp::from_millis(millis))
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Shakes hands in memory with a client that trusts this certificate only and asks for this name.
async fn shake_hands(
    config: Arc<tokio_rustls::rustls::ServerConfig>,
    trusted: &str,
    name: &'static str,
) -> Result<(), String> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(trusted.as_bytes()).unwrap())
        .unwrap();
    let provider = tokio_rustls::rustls::crypto::ring::default_provider();
    let client = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let name = ServerName::try_from(name).unwrap();
    let connector = TlsConnector::from(Arc::new(client));
    let (client, server) = tokio::join!(
        connector.connect(name, ours),
        TlsAcceptor::from(config).accept(theirs)
    );
    client.map_err(|error| error.to_string())?;
    server.map(drop).map_err(|error| error.to_string())
}

#[tokio::test]
async fn clients_accept_every_host_and_this_machine() {
    let directory = TempDir::new().unwrap();
    let authority = open(&directory);
    let trusted = authority.certificate();
    for name in hosts().chain(["localhost", "127.0.0.1", "::1"]) {
        let config = server_config(&authority).unwrap();
        assert_eq!(shake_hands(config, trusted, name).await, Ok(()), "{name}");
    }
    for host in hosts() {
        let config = server_config_for(&authority, host).unwrap();
        assert_eq!(shake_hands(config, trusted, host).await, Ok(()), "{host}");
    }
}

#[tokio::test]
async fn other_names_get_no_certificate() {
    let directory = TempDir::new().unwrap();
    let authority = open(&directory);
    let trusted = authority.certificate();
    let config = server_config(&authority).unwrap();
    assert!(shake_hands(config, trusted, "example.com").await.is_err());
    // In a tunnel to one host no other one answers, though it is in the registry.
    let config = server_config_for(&authority, some_host()).unwrap();
    let another = hosts().find(|host| *host != some_host()).unwrap();
    assert!(shake_hands(config, trusted, another).await.is_err());
}

#[tokio::test]
async fn a_stolen_key_certifies_nobody_else() {
    let directory = TempDir::new().unwrap();
    let authority = open(&directory);
    let config = server_config_for(&authority, "elsewhere.example").unwrap();
    let refused = shake_hands(config, authority.certificate(), "elsewhere.example").await;
    let why = refused.unwrap_err();
    assert!(why.contains("NameConstraintViolation"), "{why}");
}

#[tokio::test]
async fn nobody_who_does_not_trust_it_is_served() {
    let (ours, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let config = server_config(&open(&ours)).unwrap();
    let other = open(&other);
    let refused = shake_hands(config, other.certificate(), some_host()).await;
    assert!(refused.unwrap_err().contains("invalid peer certificate"));
}

#[test]
fn the_key_is_its_owners_alone() {
    let parent = TempDir::new().unwrap();
    let directory = parent.path().join("new/amana");
    let authority = Authority::open(&directory, HostClock::system()).unwrap();
    assert_eq!(mode(&directory), 0o700);
    assert_eq!(mode(&directory.join("authority.json")), 0o600);
    let public = directory.join(CERTIFICATE_FILE);
    assert_eq!(mode(&public), 0o644);
    let public = fs::read_to_string(public).unwrap();
    assert_eq!(public, authority.certificate());
    assert!(!public.contains("PRIVATE"));
    assert!(!format!("{authority:?}").contains("PRIVATE"));
    // Nothing half-written is left.
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 2);
}

#[test]
fn whoever_opens_it_finds_the_same() {
    let directory = TempDir::new().unwrap();
    let certificates: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| open(&directory).certificate().to_owned()))
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    let last = open(&directory).certificate().to_owned();
    assert!(certificates.iter().all(|certificate| *certificate == last));
    assert_eq!(
        last,
        fs::read_to_string(directory.path().join(CERTIFICATE_FILE)).unwrap()
    );
}

#[test]
fn the_public_file_is_put_right() {
    let directory = TempDir::new().unwrap();
    let certificate = open(&directory).certificate().to_owned();
    let public = directory.path().join(CERTIFICATE_FILE);
    fs::write(&public, "something else").unwrap();
    open(&directory);
    assert_eq!(fs::read_to_string(public).unwrap(), certificate);
}

#[tokio::test]
async fn a_new_host_renews_the_certificate_and_the_old_one_goes_on() {
    let directory = TempDir::new().unwrap();
    let old = open(&directory).certificate().to_owned();
    let kept = kept::read(directory.path()).unwrap().unwrap();
    let without: BTreeSet<String> = kept.hosts.iter().skip(1).cloned().collect();
    let fewer = Kept {
        hosts: without,
        ..kept.clone()
    };
    kept::write(directory.path(), &fewer, Place::Any).unwrap();
    let authority = open(&directory);
    let renewed = kept::read(directory.path()).unwrap().unwrap();
    assert_eq!(renewed.hosts, kept.hosts);
    assert_eq!(renewed.key, kept.key);
    assert_ne!(authority.certificate(), old);
    let config = server_config(&authority).unwrap();
    for trusted in [&old, authority.certificate()] {
        let shaken = shake_hands(Arc::clone(&config), trusted, some_host()).await;
        assert_eq!(shaken, Ok(()));
    }
    // A program that knows fewer hosts does not take any away.
    let more = Kept {
        hosts: &kept.hosts | &BTreeSet::from(["later.example".to_owned()]),
        ..renewed
    };
    kept::write(directory.path(), &more, Place::Any).unwrap();
    open(&directory);
    let now = kept::read(directory.path()).unwrap().unwrap();
    assert!(now.hosts.contains("later.example"));
}

#[test]
fn certificates_are_renewed_before_they_end() {
    let directory = TempDir::new().unwrap();
    let begin = Timestamp::from_millis(1_772_793_000_000);
    let open = |days| {
        let now = begin + Span::from_days(days);
        Authority::open(directory.path(), at(now.as_millis())).unwrap()
    };
    let first = open(0).certificate().to_owned();
    assert_eq!(open(3_600).certificate(), first);
    let renewed = open(3_640);
    assert_ne!(renewed.certificate(), first);

    let now = Arc::new(std::sync::Mutex::new(begin));
    let clock = {
        let now = Arc::clone(&now);
        HostClock::new(move || *now.lock().unwrap())
    };
    let authority = Authority::open(directory.path(), clock).unwrap();
    let name = Name::Host(some_host());
    let server = authority.certify(name).unwrap();
    assert!(Arc::ptr_eq(&server, &authority.certify(name).unwrap()));
    *now.lock().unwrap() = begin + Span::from_days(380);
    assert!(!Arc::ptr_eq(&server, &authority.certify(name).unwrap()));
}

#[test]
fn what_is_no_authority_is_named_without_its_content() {
    for content in ["", "{", "{\"key\": \"SECRET\"}", "-----BEGIN SECRET"] {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("authority.json");
        fs::write(&path, content).unwrap();
        let error = Authority::open(directory.path(), HostClock::system()).unwrap_err();
        let text = error.to_string();
        assert!(text.contains(&path.display().to_string()), "{text}");
        assert!(!text.contains("SECRET"), "{text}");
        // It is left as it is, for whoever put it there.
        assert_eq!(fs::read_to_string(path).unwrap(), content);
    }
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let error = Authority::open(&file, HostClock::system()).unwrap_err();
    assert!(error.to_string().contains("file"), "{error}");
}
