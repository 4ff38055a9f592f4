//! `amana listen`: brings the callbacks of a sandbox to an application that it cannot reach, by
//! following its log and making each attempt once more from here.

use amana_core::http as data;
use serde_json::{Value, json};

use super::connection::Client;
use super::error::ClientError;
use super::logs::Log;
use super::verify::known_provider;
use super::{BaseUrl, Remote, Verdict, print};

/// What to forward, and where to.
#[derive(Debug, clap::Args)]
pub struct ListenOptions {
    #[command(flatten)]
    remote: Remote,
    /// Where to forward callbacks to; each keeps its own path behind this address
    #[arg(long, value_name = "URL")]
    forward_to: BaseUrl,
    /// Only callbacks of this provider, or `payments`
    #[arg(long, value_name = "NAME", value_parser = service)]
    provider: Option<String>,
    /// Also those since this event, not only those from now on
    #[arg(long, value_name = "NUMBER")]
    since: Option<u64>,
}

fn service(name: &str) -> Result<String, String> {
    match name {
        "payments" => Ok(name.to_owned()),
        provider => known_provider(provider),
    }
}

impl ListenOptions {
    /// Forwards until it is stopped.
    pub(super) async fn run(&self) -> Result<Verdict, ClientError> {
        let client = self.remote.client();
        let receiver = Client::new(self.forward_to.clone(), None);
        let now = client.get("/_amana/state_hash").await?;
        let since = self.since.or(now["seq"].as_u64()).unwrap_or(0);
        eprintln!("forwarding callbacks to {}", self.forward_to);
        let mut log = Log::new(client.clone(), since, "type=callback.attempted");
        while let Some(event) = log.next(true).await? {
            let Some(forwarded) = self.forward(&client, &receiver, &event).await? else {
                continue;
            };
            match self.remote.json {
                true => print::json(&forwarded)?,
                false => {
                    let cells = ["id", "operation", "path", "status", "error"];
                    let cells = cells.map(|name| print::cell(&forwarded[name]));
                    print::line(cells.join("  ").trim_end())?;
                }
            }
        }
        Ok(Verdict::Passed)
    }

    /// Forwards the callback of which an attempt was made; none if it is not wanted.
    async fn forward(
        &self,
        client: &Client,
        receiver: &Client,
        event: &Value,
    ) -> Result<Option<Value>, ClientError> {
        let wanted = |name: &String| event["provider"] == name.as_str();
        let id = event["data"]["callback"].as_str().unwrap_or_default();
        if id.is_empty() || !self.provider.as_ref().is_none_or(wanted) {
            return Ok(None);
        }
        let callback = match client.get(&format!("/_amana/callbacks/{id}")).await {
            Ok(callback) => callback,
            // It is no longer remembered.
            Err(ClientError::Refused(refused)) if refused.status == 404 => return Ok(None),
            Err(error) => return Err(error),
        };
        let Some(request) = request(&callback) else {
            return Ok(None);
        };
        let mut forwarded = json!({
            "id": id, "operation": callback["operation"], "path": request.path,
        });
        match receiver.exchange(&request).await {
            Ok(answer) => forwarded["status"] = json!(answer.status),
            Err(error) => forwarded["error"] = json!(error.receiver_said()),
        }
        Ok(Some(forwarded))
    }
}

/// The request that a callback makes; none if it is made within the sandbox.
fn request(callback: &Value) -> Option<data::Request> {
    let (_, rest) = callback["url"].as_str()?.split_once("://")?;
    let path = rest.find('/').map_or("", |slash| &rest[slash..]);
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut request = data::Request::new(callback["method"].as_str()?, "", path);
    query.clone_into(&mut request.query);
    request.body = callback["body"].as_str()?.as_bytes().to_vec();
    for header in callback["headers"].as_array()? {
        request = request.with_header(header[0].as_str()?, header[1].as_str()?);
    }
    Some(request)
}
