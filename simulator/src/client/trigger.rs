//! `amana trigger`: does what a published exchange does, in a namespace that stays.

use serde_json::json;

use super::error::ClientError;
use super::vectors::unknown;
use super::verify::run::{self, Done};
use super::verify::{known_provider, published};
use super::{BaseUrl, Remote, Verdict, print};

/// What to trigger.
#[derive(Debug, clap::Args)]
pub struct TriggerOptions {
    #[command(flatten)]
    remote: Remote,
    /// The name of a published exchange; `amana vectors` lists them. What it needs is done before:
    /// settings are changed, and the clock goes ahead
    #[arg(value_name = "EXCHANGE")]
    name: String,
    /// Only among those of this provider
    #[arg(long, value_name = "NAME", value_parser = known_provider)]
    provider: Option<String>,
    /// Where its callbacks go; the sandbox must reach it, or `amana listen` must run
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:9")]
    receiver: BaseUrl,
}

impl TriggerOptions {
    /// Does it and prints the answer to the request, if it is one.
    pub(super) async fn run(&self) -> Result<Verdict, ClientError> {
        let documents = published(self.provider.as_deref())?;
        let mut documents = documents.iter();
        let found =
            documents.find_map(|(_, document)| Some((document, document.find(&self.name)?)));
        let (document, exchange) = found.ok_or_else(|| unknown(&self.name))?;
        let client = self.remote.client();
        let receiver = self.receiver.to_string();
        let done = run::trigger(document, exchange, &client, &receiver).await?;
        let answer = match done {
            Done::Otherwise(found) => {
                for mismatch in &found {
                    print::line(&mismatch.to_string())?;
                }
                return Ok(Verdict::Failed);
            }
            Done::CallsBack => json!({"status": null, "body": null}),
            Done::Answered(answer) => {
                let body = String::from_utf8_lossy(&answer.body).into_owned();
                json!({"status": answer.status, "body": body})
            }
        };
        match self.remote.json {
            true => print::json(&answer)?,
            false => print::members(&answer, &["status", "body"])?,
        }
        Ok(Verdict::Passed)
    }
}
