//! Clients reach the providers by their own host names: over TLS with the sandbox's certificate, and
//! through its forward proxy. The real binary, real sockets, and a client that trusts nothing else.

#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says why and fails"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use amana_simulator::provider;
use tempfile::TempDir;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto};

/// The sandbox as a process of its own, at three doors; ended when dropped.
struct Server {
    child: Child,
    directory: TempDir,
    plain: SocketAddr,
    secure: SocketAddr,
    proxy: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn amana() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_amana"));
    command.stderr(Stdio::null()).stdout(Stdio::piped());
    command
}

impl Server {
    fn start() -> Self {
        let directory = TempDir::new().expect("a directory");
        let config = directory.path().join("amana.toml");
        let text = "listen = \"127.0.0.1:0\"\nstore = \"memory\"\nclock = \"frozen\"\n";
        std::fs::write(&config, text).expect("a file");
        let mut child = amana()
            .arg("serve")
            .args(["--tls-listen", "127.0.0.1:0"])
            .args(["--proxy-listen", "127.0.0.1:0"])
            .arg("--config")
            .arg(config)
            .env("AMANA_CA_DIR", directory.path().join("ca"))
            .spawn()
            .expect("the sandbox starts");
        let output = child.stdout.take().expect("its output is read");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let mut address = |before: &str| {
            let line = lines.next().expect("a line for each door");
            let rest = line.strip_prefix(before).expect(&line);
            rest.parse().expect("an address")
        };
        Self {
            plain: address("listening on http://"),
            secure: address("listening on https://"),
            proxy: address("proxy on http://"),
            directory,
            child,
        }
    }

    /// What `amana ca` prints for the directory of this server.
    fn certificate(&self) -> String {
        let output = amana()
            .args(["ca", "--ca-dir"])
            .arg(self.directory.path().join("ca"))
            .output()
            .expect("the certificate is printed");
        assert!(output.status.success());
        String::from_utf8(output.stdout).expect("PEM")
    }

    /// A handshake over this stream with somebody who should have this name.
    fn secured(&self, stream: TcpStream, name: &str) -> Tls {
        let pem = self.certificate();
        let mut roots = RootCertStore::empty();
        let trusted = CertificateDer::from_pem_slice(pem.as_bytes()).expect("PEM");
        roots.add(trusted).expect("an authority");
        let provider = Arc::new(crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from(name.to_owned()).expect("a name");
        let client = ClientConnection::new(Arc::new(config), name).expect("a client");
        StreamOwned::new(client, stream)
    }

    /// A tunnel to this host: what the proxy said, and the line.
    fn tunnel(&self, target: &str, more: &str) -> (String, TcpStream) {
        let mut stream = TcpStream::connect(self.proxy).expect("the proxy");
        let request = format!("CONNECT {target} HTTP/1.1\r\nhost: {target}\r\n{more}\r\n");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).expect("an answer");
            head.push(byte[0]);
        }
        (String::from_utf8(head).expect("text"), stream)
    }
}

type Tls = StreamOwned<ClientConnection, TcpStream>;

/// Asks and reads the whole answer.
fn ask(stream: &mut (impl Read + Write), request: &str) -> std::io::Result<String> {
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn get(path: &str, host: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")
}

fn hosts() -> impl Iterator<Item = &'static str> {
    provider::ALL.iter().flat_map(|p| p.hosts()).copied()
}

/// A path at which nothing is served: each provider says so in its own words, unlike the sandbox.
const NOWHERE: &str = "/nothing/here";

#[test]
fn every_host_answers_over_tls_and_through_the_proxy() {
    let server = Server::start();
    for host in hosts() {
        let plain = TcpStream::connect(server.plain).map(|mut s| ask(&mut s, &get(NOWHERE, host)));
        let plain = plain.expect("a connection").expect("an answer");
        let expected = status_and_type(&plain);

        let stream = TcpStream::connect(server.secure).expect("a connection");
        let answer = ask(&mut server.secured(stream, host), &get(NOWHERE, host));
        assert_eq!(
            status_and_type(&answer.expect("an answer")),
            expected,
            "{host}"
        );

        let (head, stream) = server.tunnel(&format!("{host}:443"), "");
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        // Whatever host the request names: the tunnel leads to this one.
        let answer = ask(
            &mut server.secured(stream, host),
            &get(NOWHERE, "127.0.0.1"),
        );
        assert_eq!(
            status_and_type(&answer.expect("an answer")),
            expected,
            "{host}"
        );

        for scheme in ["http", "https"] {
            let mut stream = TcpStream::connect(server.proxy).expect("the proxy");
            let address = format!("{scheme}://{host}{NOWHERE}");
            let answer = ask(&mut stream, &get(&address, host)).expect("an answer");
            assert_eq!(status_and_type(&answer), expected, "{address}");
        }
    }
}

/// The first line, and the header that says whose words the body is in.
fn status_and_type(answer: &str) -> (String, String) {
    let mut lines = answer.lines();
    let status = lines.next().unwrap_or_default().to_owned();
    let kind = lines.find(|line| line.to_lowercase().starts_with("content-type:"));
    let kind = kind.unwrap_or_default().to_lowercase();
    assert!(
        !kind.contains("problem"),
        "not the provider's answer: {answer}"
    );
    (status, kind)
}

#[test]
fn the_sandbox_itself_answers_over_tls() {
    let server = Server::start();
    for name in ["localhost", "127.0.0.1"] {
        let stream = TcpStream::connect(server.secure).expect("a connection");
        let mut stream = server.secured(stream, name);
        let answer = ask(&mut stream, &get("/_amana/certificates/ca", name)).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(answer.ends_with(&server.certificate()), "{answer}");
    }
}

#[test]
fn other_hosts_are_refused_in_words() {
    let server = Server::start();
    let host = hosts().next().expect("a host");
    for target in ["example.com:443", "127.0.0.1:4600", &format!("{host}:80")] {
        let (head, mut stream) = server.tunnel(target, "connection: close\r\n");
        assert!(head.starts_with("HTTP/1.1 403 "), "{head}");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("text");
        assert!(text.contains(target), "{text}");
        assert!(hosts().all(|host| text.contains(host)), "{text}");
    }
    for request in [
        get("http://example.com/", "example.com"),
        get(&format!("http://{}/_amana/health", server.plain), "x"),
        get("/_amana/health", host),
    ] {
        let mut stream = TcpStream::connect(server.proxy).expect("the proxy");
        let answer = ask(&mut stream, &request).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    }
}

#[test]
fn another_name_in_the_tunnel_is_refused() {
    let server = Server::start();
    let mut both = hosts();
    let (host, other) = (both.next().expect("a host"), both.next().expect("another"));
    for name in [other, "example.com"] {
        let (_, stream) = server.tunnel(&format!("{host}:443"), "");
        assert!(ask(&mut server.secured(stream, name), &get("/", name)).is_err());
    }
    let stream = TcpStream::connect(server.secure).expect("a connection");
    let mut stream = server.secured(stream, "example.com");
    assert!(ask(&mut stream, &get("/", "example.com")).is_err());
}

#[test]
fn the_user_name_of_the_proxy_is_the_namespace() {
    let server = Server::start();
    let host = hosts().next().expect("a host");
    // `ns-ci-7:x` and `ns-ci-8:x`
    for (credentials, secure) in [("bnMtY2ktNzp4", true), ("bnMtY2ktODp4", false)] {
        let header = format!("proxy-authorization: Basic {credentials}\r\n");
        if secure {
            let (_, stream) = server.tunnel(&format!("{host}:443"), &header);
            ask(&mut server.secured(stream, host), &get(NOWHERE, host)).expect("an answer");
        } else {
            let request = get(&format!("http://{host}{NOWHERE}"), host);
            let request = request.replace("connection:", &format!("{header}connection:"));
            let mut stream = TcpStream::connect(server.proxy).expect("the proxy");
            ask(&mut stream, &request).expect("an answer");
        }
    }
    let mut stream = TcpStream::connect(server.plain).expect("a connection");
    let namespaces = ask(&mut stream, &get("/_amana/namespaces", "localhost")).expect("an answer");
    for name in ["ci-7", "ci-8"] {
        assert!(namespaces.contains(&format!("\"{name}\"")), "{namespaces}");
    }
    let header = "proxy-authorization: Basic dXNlcjpwYXNz\r\n";
    let (head, _) = server.tunnel(&format!("{host}:443"), header);
    assert!(head.starts_with("HTTP/1.1 407 "), "{head}");
    assert!(head.contains("proxy-authenticate: Basic "), "{head}");
}

#[test]
fn a_lost_reply_is_lost_in_a_tunnel_too() {
    let server = Server::start();
    let host = hosts().next().expect("a host");
    let fault = r#"{"leg":"reply","kind":"lost_reply"}"#;
    let arm = format!(
        "POST /_amana/faults HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{fault}",
        fault.len()
    );
    let mut stream = TcpStream::connect(server.plain).expect("a connection");
    assert!(
        ask(&mut stream, &arm)
            .expect("an answer")
            .starts_with("HTTP/1.1 201 ")
    );
    let (_, stream) = server.tunnel(&format!("{host}:443"), "");
    assert!(ask(&mut server.secured(stream, host), &get(NOWHERE, host)).is_err());
}

#[test]
fn a_door_without_certificates_is_not_opened() {
    let directory = TempDir::new().expect("a directory");
    let file = directory.path().join("file");
    std::fs::write(&file, "").expect("a file");
    let output = amana()
        .args(["serve", "--listen", "127.0.0.1:0", "--store", "memory"])
        .args(["--tls-listen", "127.0.0.1:0", "--ca-dir"])
        .arg(&file)
        .stderr(Stdio::piped())
        .output()
        .expect("it ends");
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(log.contains(&file.display().to_string()), "{log}");
}
