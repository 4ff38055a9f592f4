//! One exchange, in a namespace of its own: what happens before, then what is compared.

use amana_core::http as data;
use serde_json::{Value, json};

use super::super::connection::Client;
use super::super::error::ClientError;
use super::compare::{Actual, Mismatch, compare};
use super::document::{Callback, Document, Exchange, Expected, Outgoing, Step};
use super::placeholder::Values;
use super::receiver::{Receiver, Reply};
use crate::host::NamespaceName;

/// How deep exchanges may need each other.
const DEPTH_MAX: usize = 8;

/// The name of the receiver's address in requests.
const RECEIVER: &str = "receiver";

/// Performs an exchange in a namespace of this name, which is gone afterwards.
///
/// # Errors
/// If the sandbox cannot be reached or refuses a call of its control API.
pub async fn exchange(
    document: &Document,
    exchange: &Exchange,
    client: &Client,
    receiver: &Receiver,
    name: &str,
) -> Result<Vec<Mismatch>, ClientError> {
    let namespace: NamespaceName = name
        .parse()
        .map_err(|_| ClientError::Argument(format!("`{name}` cannot be a namespace")))?;
    let path = format!("/_amana/namespaces/{name}");
    let start = json!({"seed": 1, "clock": {"mode": "frozen", "now": document.clock}});
    client.call("PUT", &path, Some(&start)).await?;
    let mut values = Values::new(&document.values);
    values.set(RECEIVER, format!("{}/{name}", receiver.url()));
    let mut run = Run {
        document,
        client: client.in_namespace(namespace),
        receiver: Some(receiver),
        prefix: format!("/{name}"),
        values,
    };
    let found = run.perform(exchange).await;
    client.call("DELETE", &path, None).await?;
    found
}

/// What came of an exchange that was only done, not compared.
#[derive(Debug)]
pub enum Done {
    /// The answer to its request.
    Answered(data::Response),
    /// It is a callback: what leads to it was done.
    CallsBack,
    /// What happens before it went otherwise.
    Otherwise(Vec<Mismatch>),
}

/// Does an exchange in the namespace of the client; callbacks go to this address, whose own answers
/// count.
///
/// # Errors
/// If the sandbox cannot be reached or refuses a call of its control API.
pub async fn trigger(
    document: &Document,
    exchange: &Exchange,
    client: &Client,
    receiver: &str,
) -> Result<Done, ClientError> {
    let mut values = Values::new(&document.values);
    values.set(RECEIVER, receiver.to_owned());
    let mut run = Run {
        document,
        client: client.clone(),
        receiver: None,
        prefix: String::new(),
        values,
    };
    let found = run.prepare(exchange, 0).await?;
    match &exchange.request {
        _ if !found.is_empty() => Ok(Done::Otherwise(found)),
        Some(request) => Ok(Done::Answered(run.send(request).await?)),
        None => Ok(Done::CallsBack),
    }
}

struct Run<'a> {
    document: &'a Document,
    client: Client,
    /// The receiver of callbacks, if it is the command's own.
    receiver: Option<&'a Receiver>,
    /// What every path of the receiver begins with in this exchange.
    prefix: String,
    values: Values,
}

impl Run<'_> {
    async fn perform(&mut self, exchange: &Exchange) -> Result<Vec<Mismatch>, ClientError> {
        let found = self.prepare(exchange, 0).await?;
        if !found.is_empty() {
            return Ok(found);
        }
        match (&exchange.request, &exchange.response, &exchange.callback) {
            (Some(request), Some(expected), _) => {
                let answer = self.send(request).await?;
                Ok(self.compare(expected, &answer))
            }
            (_, _, Some(callback)) => Ok(self.called_back(callback)),
            // A document with such an exchange is not read.
            _ => Ok(Vec::new()),
        }
    }

    /// Does what happens before an exchange.
    async fn prepare(
        &mut self,
        exchange: &Exchange,
        depth: usize,
    ) -> Result<Vec<Mismatch>, ClientError> {
        for step in &exchange.setup {
            let found = match step {
                Step::Send(name) => Box::pin(self.repeat(name, depth)).await?,
                Step::Advance(by) => {
                    let body = json!({"by": by});
                    let path = "/_amana/clock/advance";
                    self.client.call("POST", path, Some(&body)).await?;
                    Vec::new()
                }
                Step::Control(call) => {
                    let body = call.body.as_ref().map(|body| self.values.fill_json(body));
                    let path = self.values.fill(&call.path);
                    let client = &self.client;
                    match client.call(&call.method, &path, body.as_ref()).await {
                        Ok(_) => Vec::new(),
                        Err(ClientError::Refused(refused)) => {
                            let place = format!("before: {} {path}", call.method);
                            let got = ClientError::Refused(refused);
                            vec![Mismatch::new(&place, "it is done", got)]
                        }
                        Err(error) => return Err(error),
                    }
                }
                Step::Answer(answer) => {
                    let reply = Reply {
                        status: answer.status,
                        body: self.values.fill_body(&answer.body).encode(),
                    };
                    let path = format!("{}{}", self.prefix, answer.path);
                    if let Some(receiver) = self.receiver {
                        receiver.answer(path, reply);
                    }
                    Vec::new()
                }
            };
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    /// Sends another exchange and keeps of its answer what is needed later.
    async fn repeat(&mut self, name: &str, depth: usize) -> Result<Vec<Mismatch>, ClientError> {
        let document = self.document;
        let found = document.find(name).filter(|_| depth < DEPTH_MAX);
        let Some((exchange, request)) = found.and_then(|e| Some((e, e.request.as_ref()?))) else {
            let place = format!("before: {name}");
            return Ok(vec![Mismatch::new(
                &place,
                "a request",
                "none, or a circle",
            )]);
        };
        let before = self.prepare(exchange, depth + 1).await?;
        if !before.is_empty() {
            return Ok(before);
        }
        let answer = self.send(request).await?;
        let expected = exchange.response.as_ref().and_then(|r| r.status);
        if expected != Some(answer.status) {
            let body = String::from_utf8_lossy(&answer.body);
            let got = format!("{} `{body}`", answer.status);
            let expected = expected.unwrap_or_default();
            return Ok(vec![Mismatch::new(
                &format!("before: {name}"),
                expected,
                got,
            )]);
        }
        let json: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        for (name, place) in &exchange.keep {
            match json.pointer(place) {
                Some(Value::String(text)) => self.values.set(name, text.clone()),
                Some(other) => self.values.set(name, other.to_string()),
                None => return Ok(vec![Mismatch::new(place, "a value to keep", "nothing")]),
            }
        }
        Ok(Vec::new())
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<data::Response, ClientError> {
        let path = self.values.fill(&outgoing.path);
        let (path, query) = path.split_once('?').unwrap_or((&path, ""));
        let mut request = data::Request::new(&outgoing.method, &outgoing.host, path);
        query.clone_into(&mut request.query);
        for (name, value) in &outgoing.headers {
            request = request.with_header(name, &self.values.fill(value));
        }
        if let Some((kind, body)) = self.values.fill_body(&outgoing.body).encode() {
            request = request.with_body(&kind, body);
        }
        self.client.exchange(&request).await
    }

    fn compare(&self, expected: &Expected, answer: &data::Response) -> Vec<Mismatch> {
        let actual = Actual {
            status: Some(answer.status),
            header: &|name| answer.header(name).map(str::to_owned),
            body: &answer.body,
        };
        compare(&self.filled(expected), &actual)
    }

    fn filled(&self, expected: &Expected) -> Expected {
        Expected {
            status: expected.status,
            headers: expected.headers.clone(),
            body: self.values.fill_body(&expected.body),
            exact: expected.exact.clone(),
        }
    }

    fn called_back(&self, callback: &Callback) -> Vec<Mismatch> {
        let path = format!("{}{}", self.prefix, callback.path);
        let received = self.receiver.map(|receiver| receiver.received(&path));
        let received = received.unwrap_or_default();
        if received.len() != callback.times {
            let place = format!("callbacks to {}", callback.path);
            return vec![Mismatch::new(&place, callback.times, received.len())];
        }
        let Some(received) = received.get(callback.index) else {
            return Vec::new();
        };
        let header = |name: &str| {
            let value = received.headers.get(name)?;
            Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let actual = Actual {
            status: None,
            header: &header,
            body: &received.body,
        };
        compare(&self.filled(&callback.expected), &actual)
    }
}
