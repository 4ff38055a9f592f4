//! The connection, against a sandbox on a socket.

use std::net::SocketAddr;
use std::sync::Arc;

use amana_core::http as data;
use serde_json::json;
use tokio::net::TcpListener;

use super::{BaseUrl, Client, ClientError};
use crate::app::build;
use crate::config::{ClockMode, Config};
use crate::host::HostClock;
use crate::serve::Doors;
use crate::store::MemoryStore;

/// A sandbox with a frozen clock; it ends with the test's runtime.
pub(super) async fn start() -> SocketAddr {
    let config = Config {
        clock: ClockMode::Frozen,
        ..Config::default()
    };
    let app = build(
        &config,
        HostClock::system(),
        Arc::new(MemoryStore::default()),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { Doors::plain(listener).serve(&app).await });
    address
}

fn client(url: &str) -> Client {
    Client::new(url.parse().unwrap(), None)
}

#[tokio::test]
async fn the_control_api_is_called_in_the_namespace() {
    let address = start().await;
    let default = client(&format!("http://{address}/"));
    let other = default.in_namespace("ci-7".parse().unwrap());
    let by_path = client(&format!("http://{address}/ns/ci-7"));
    let advance = json!({"by": "5m"});
    let path = "/_amana/clock/advance";
    other.call("POST", path, Some(&advance)).await.unwrap();
    let now =
        |client: Client| async move { client.get("/_amana/clock").await.unwrap()["now"].clone() };
    assert_eq!(now(default).await, "2026-01-01T00:00:00.000Z");
    assert_eq!(now(other).await, "2026-01-01T00:05:00.000Z");
    assert_eq!(now(by_path).await, "2026-01-01T00:05:00.000Z");
}

#[tokio::test]
async fn a_refusal_is_told_in_its_words() {
    let address = start().await;
    let client = client(&format!("http://{address}"));
    let soon = json!({"by": "soon"});
    let refused = client.call("POST", "/_amana/clock/advance", Some(&soon));
    let error = refused.await.unwrap_err();
    let ClientError::Refused(refused) = &error else {
        panic!("{error}");
    };
    assert_eq!(
        (refused.status, refused.field.as_deref()),
        (422, Some("/by"))
    );
    assert!(error.to_string().contains("/by"), "{error}");
    // Nothing is answered with nothing.
    let nothing = client.call("DELETE", "/_amana/faults", None).await.unwrap();
    assert!(nothing.is_null());
}

#[tokio::test]
async fn a_provider_is_reached_by_its_host() {
    let address = start().await;
    let client = client(&format!("http://{address}"));
    let host = crate::tls::hosts().next().unwrap();
    let request = data::Request::new("GET", host, "/nothing/here");
    let answer = client.exchange(&request).await.unwrap();
    assert_eq!(answer.status, 404);
    assert_ne!(
        answer.header("content-type"),
        Some("application/problem+json")
    );
}

#[tokio::test]
async fn who_is_not_there_is_named() {
    // Nobody listens at a port that was just given back.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = client(&format!("http://{address}"))
        .get("/_amana/health")
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(text.contains(&address.to_string()), "{text}");
    assert!(text.contains("amana serve"), "{text}");
}

#[test]
fn addresses_are_read() {
    for (text, shown) in [
        ("http://127.0.0.1:4600", "http://127.0.0.1:4600"),
        ("http://127.0.0.1:4600/", "http://127.0.0.1:4600"),
        (
            "https://sandbox.example/ns/a/",
            "https://sandbox.example/ns/a",
        ),
    ] {
        assert_eq!(text.parse::<BaseUrl>().unwrap().to_string(), shown);
    }
    for text in [
        "",
        "127.0.0.1:4600",
        "ftp://a",
        "http://",
        "http://a?b=c",
        "/path",
    ] {
        assert!(text.parse::<BaseUrl>().is_err(), "{text}");
    }
}
