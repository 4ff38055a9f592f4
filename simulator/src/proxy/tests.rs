//! What the proxy takes for whom, and what it refuses.

use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::credentials::namespace;
use super::refusal::Refusal;
use super::target::Target;
use crate::tls::hosts;

fn target(method: Method, uri: &str) -> Result<Target, Refusal> {
    Target::of(&method, &uri.parse::<Uri>().unwrap())
}

fn with_credentials(text: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(
        header::PROXY_AUTHORIZATION,
        HeaderValue::from_str(text).unwrap(),
    );
    headers
}

#[test]
fn hosts_of_the_registry_are_served_at_their_usual_ports() {
    for host in hosts() {
        let connect = |uri: &str| target(Method::CONNECT, uri);
        assert_eq!(connect(&format!("{host}:443")), Ok(Target::Tunnel(host)));
        let upper = host.to_ascii_uppercase();
        assert_eq!(connect(&format!("{upper}:443")), Ok(Target::Tunnel(host)));
        for uri in [
            format!("http://{host}/a?b=c"),
            format!("http://{host}:80/a"),
            format!("https://{host}/a"),
            format!("https://{host}:443/a"),
        ] {
            assert_eq!(
                target(Method::POST, &uri),
                Ok(Target::Address(host)),
                "{uri}"
            );
        }
    }
}

#[test]
fn everything_else_is_refused() {
    let host = hosts().next().unwrap();
    for uri in [
        "example.com:443".to_owned(),
        "127.0.0.1:4600".to_owned(),
        "[::1]:443".to_owned(),
        format!("{host}:80"),
        format!("{host}:22"),
        format!("{host}:4430"),
        host.to_owned(),
        format!("x.{host}:443"),
        format!("{host}.example.com:443"),
        format!("example.com@{host}:443"),
    ] {
        let refused = target(Method::CONNECT, &uri);
        assert!(
            matches!(refused, Err(Refusal::Target(_))),
            "{uri}: {refused:?}"
        );
    }
    for uri in [
        "http://example.com/".to_owned(),
        "http://127.0.0.1:4600/_amana/health".to_owned(),
        format!("http://{host}:8080/"),
        format!("ftp://{host}/"),
        format!("http://{host}:/"),
        format!("http://user@{host}/"),
        format!("http://example.com/?host={host}"),
    ] {
        let refused = target(Method::GET, &uri);
        assert!(
            matches!(refused, Err(Refusal::Target(_))),
            "{uri}: {refused:?}"
        );
    }
    assert_eq!(target(Method::GET, "/"), Err(Refusal::NotForAProxy));
    assert_eq!(target(Method::OPTIONS, "*"), Err(Refusal::NotForAProxy));
}

#[test]
fn the_user_name_is_the_namespace() {
    let basic = |text: &str| {
        namespace(&with_credentials(&format!(
            "Basic {}",
            STANDARD.encode(text)
        )))
    };
    assert_eq!(namespace(&HeaderMap::new()), Ok(None));
    for (credentials, name) in [("ns-ci-7:x", "ci-7"), ("ns-a:", "a"), ("ns-a:b:c", "a")] {
        let read = basic(credentials).unwrap().unwrap();
        assert_eq!(read.as_str(), name);
    }
    for credentials in [
        "", "ns-a", "ci-7:x", "ns-:x", "ns-a/b:x", "ns-a b:x", ":ns-a",
    ] {
        assert_eq!(
            basic(credentials),
            Err(Refusal::Credentials),
            "{credentials}"
        );
    }
    for header in ["Basic", "Basic ?", "Bearer bnMtYTp4", ""] {
        let refused = namespace(&with_credentials(header));
        assert_eq!(refused, Err(Refusal::Credentials), "{header}");
    }
    assert_eq!(
        namespace(&with_credentials("basic bnMtYTp4"))
            .unwrap()
            .unwrap()
            .as_str(),
        "a"
    );
}

#[test]
fn a_refusal_shows_little_of_a_long_target() {
    let refusal = Refusal::Target("x".repeat(10_000));
    assert!(refusal.to_string().len() < 200);
}
