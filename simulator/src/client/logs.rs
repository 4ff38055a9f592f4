//! `amana logs`, and following the event log for other commands.

use std::collections::VecDeque;

use amana_core::Msisdn;
use serde_json::{Value, json};

use super::connection::Client;
use super::error::ClientError;
use super::{Remote, Verdict, print};

/// Events asked for in one go.
const PAGE: u64 = 1_000;
/// How long is waited for an event in one go.
const WAIT_MS: u64 = 30_000;

/// Which events to show.
#[derive(Debug, clap::Args)]
pub struct LogsOptions {
    #[command(flatten)]
    remote: Remote,
    /// Go on with what happens from now on
    #[arg(long, short)]
    follow: bool,
    /// Only events after this number
    #[arg(long, default_value_t = 0)]
    since: u64,
    /// Only this type, or a group of types, like `payment.*`
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Only about this phone
    #[arg(long)]
    phone: Option<Msisdn>,
    /// Only what one request caused
    #[arg(long)]
    correlation: Option<String>,
    /// Only events that contain this text
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
}

impl LogsOptions {
    /// Prints the events, one in a line.
    pub(super) async fn run(&self) -> Result<Verdict, ClientError> {
        let client = self.remote.client();
        let mut log = Log::new(client, self.since, &self.filter());
        while let Some(event) = log.next(self.follow).await? {
            match self.remote.json {
                true => print::json(&event)?,
                false => print::line(&line(&event))?,
            }
        }
        Ok(Verdict::Passed)
    }

    /// The filter as parameters of a query.
    fn filter(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let phone = self.phone.map(|phone| phone.to_string());
        for (name, value) in [
            ("type", &self.kind),
            ("phone", &phone),
            ("correlation", &self.correlation),
            ("q", &self.search),
        ] {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        query.finish()
    }
}

/// An event in a line: number, time, type, phone, and what happened.
fn line(event: &Value) -> String {
    let cells = ["seq", "at", "type", "phone", "summary"].map(|name| print::cell(&event[name]));
    let [seq, at, kind, phone, summary] = cells;
    format!("{seq:>6}  {at}  {kind:28}  {phone:13}  {summary}")
}

/// A reader of the event log.
pub(super) struct Log {
    client: Client,
    filter: String,
    /// The number of the last event that was looked at.
    after: u64,
    read: VecDeque<Value>,
}

impl Log {
    /// Reads events after this number that a filter, given as parameters of a query, lets through.
    pub(super) fn new(client: Client, after: u64, filter: &str) -> Self {
        Self {
            client,
            filter: filter.to_owned(),
            after,
            read: VecDeque::new(),
        }
    }

    /// The next event; at the end of the log waits for one if it is followed, else there is none.
    pub(super) async fn next(&mut self, follow: bool) -> Result<Option<Value>, ClientError> {
        loop {
            if let Some(event) = self.read.pop_front() {
                return Ok(Some(event));
            }
            let before = self.after;
            self.read_page().await?;
            if self.read.is_empty() && self.after == before {
                match follow {
                    true => self.wait().await?,
                    false => return Ok(None),
                }
            }
        }
    }

    async fn read_page(&mut self) -> Result<(), ClientError> {
        let (after, filter) = (self.after, &self.filter);
        let path = format!("/_amana/events?since={after}&limit={PAGE}&{filter}");
        let mut page = self.client.get(&path).await?;
        self.after = page["next"].as_u64().unwrap_or(after);
        if let Value::Array(events) = page["events"].take() {
            self.read.extend(events);
        }
        Ok(())
    }

    /// Waits until there is an event that was not looked at.
    async fn wait(&mut self) -> Result<(), ClientError> {
        let wanted = json!({"since": self.after, "timeout_ms": WAIT_MS});
        match self
            .client
            .call("POST", "/_amana/wait", Some(&wanted))
            .await
        {
            Ok(event) => {
                // After a reset numbers begin anew.
                let seq = event["seq"].as_u64().unwrap_or(0);
                self.after = self.after.min(seq.saturating_sub(1));
                Ok(())
            }
            Err(ClientError::Refused(refused)) if refused.status == 408 => Ok(()),
            Err(error) => Err(error),
        }
    }
}
