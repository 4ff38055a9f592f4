//! A sandbox of its own and a receiver of callbacks for each test; both end with it.
//!
//! The clock of the sandbox stands still: a test moves it, and when the move is answered, every
//! callback that fell due has been received.

use std::process::Stdio;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

const START_MAX: Duration = Duration::from_secs(30);
const ANNOUNCED: &str = "listening on ";

/// A sandbox, and what it told the addresses it was given.
pub struct Stage {
    address: String,
    receiver: MockServer,
    http: reqwest::Client,
    // Ends the sandbox when it is dropped.
    _sandbox: Child,
}

impl Stage {
    /// Starts the `amana` that `AMANA_BIN` names, on a free port, in memory, with seed 1.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn open() -> Self {
        let binary = std::env::var_os("AMANA_BIN").expect("AMANA_BIN names the amana binary");
        let mut sandbox = Command::new(binary)
            .args(["serve", "--listen", "127.0.0.1:0", "--store", "memory"])
            .args(["--seed", "1", "--clock", "frozen"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("the sandbox starts");
        let address = timeout(START_MAX, announced(&mut sandbox)).await;
        Self {
            address: address.expect("the sandbox says where it listens"),
            receiver: receiver().await,
            http: reqwest::Client::new(),
            _sandbox: sandbox,
        }
    }

    /// The address of the sandbox, or of a provider mounted in it.
    pub fn address(&self, mount: &str) -> String {
        format!("{}{mount}", self.address)
    }

    /// An address that tests can be told things at.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.receiver.uri())
    }

    /// From now on this is what a path of the receiver answers.
    pub async fn answer(&self, at: &str, status: u16, body: Value) {
        Mock::given(path(at))
            .respond_with(ResponseTemplate::new(status).set_body_json(body))
            .with_priority(1)
            .mount(&self.receiver)
            .await;
    }

    /// Calls the control API.
    ///
    /// # Panics
    /// If it refuses.
    pub async fn control(&self, method: Method, path: &str, body: &Value) -> String {
        let url = format!("{}/_amana/{path}", self.address);
        let request = self.http.request(method, url).json(body);
        let response = request.send().await.expect("the sandbox answers");
        let status = response.status();
        let text = response.text().await.expect("an answer is text");
        assert!(status.is_success(), "{path}: {status} {text}");
        text
    }

    /// Changes settings.
    pub async fn settings(&self, patch: Value) {
        self.control(Method::PATCH, "settings", &patch).await;
    }

    /// Moves the clock; what falls due has happened when this returns.
    pub async fn advance(&self, by: &str) {
        let body = json!({"by": by});
        self.control(Method::POST, "clock/advance", &body).await;
    }

    /// Runs until everything that was begun has ended.
    pub async fn settle(&self) {
        self.advance("5m").await;
    }

    /// Sets up a phone.
    pub async fn phone(&self, msisdn: &str, change: Value) {
        let path = format!("phones/{msisdn}");
        self.control(Method::PUT, &path, &change).await;
    }

    /// What a wallet holds, as the sandbox writes it.
    pub async fn balance(&self, msisdn: &str) -> String {
        let path = format!("phones/{msisdn}");
        let phone = self.control(Method::GET, &path, &json!({})).await;
        let phone: Value = serde_json::from_str(&phone).expect("a phone is JSON");
        phone["balance"].as_str().unwrap_or_default().to_owned()
    }

    /// How many refusals were explained so far.
    pub async fn explained(&self) -> usize {
        let path = "events?type=refusal.explained&limit=1000";
        let events = self.control(Method::GET, path, &json!({})).await;
        let events: Value = serde_json::from_str(&events).expect("events are JSON");
        events["events"].as_array().map_or(0, Vec::len)
    }

    /// The bodies of the callbacks that came to this path, the oldest first.
    pub async fn received(&self, path: &str) -> Vec<Value> {
        let requests = self.receiver.received_requests().await.unwrap_or_default();
        let here = requests.iter().filter(|request| request.url.path() == path);
        here.map(|request| serde_json::from_slice(&request.body).expect("callbacks are JSON"))
            .collect()
    }

    /// The body of the only callback that came to this path.
    pub async fn only(&self, path: &str) -> Value {
        let mut bodies = self.received(path).await;
        assert_eq!(bodies.len(), 1, "callbacks to {path}: {bodies:?}");
        bodies.remove(0)
    }
}

/// Everything is accepted, unless a test says otherwise.
async fn receiver() -> MockServer {
    let receiver = MockServer::start().await;
    let accepted = json!({"ResultCode": 0, "ResultDesc": "Accepted"});
    Mock::given(wiremock::matchers::any())
        .respond_with(ResponseTemplate::new(200).set_body_json(accepted))
        .mount(&receiver)
        .await;
    receiver
}

/// The address from the line `listening on http://…`. The rest of the output is read and dropped, so
/// that the sandbox never waits for a reader.
async fn announced(sandbox: &mut Child) -> String {
    let output = sandbox.stdout.take().expect("the output is piped");
    let mut lines = BufReader::new(output).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(address) = line.strip_prefix(ANNOUNCED) {
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return address.to_owned();
        }
    }
    panic!("the sandbox ended before it listened");
}
