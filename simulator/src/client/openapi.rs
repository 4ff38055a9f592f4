//! `amana openapi`.

use super::error::ClientError;
use super::{Remote, Verdict, print};

/// Which document to print.
#[derive(Debug, clap::Args)]
pub struct OpenapiOptions {
    #[command(flatten)]
    remote: Remote,
    /// `control`, `payments`, or the first part of a provider's paths
    #[arg(default_value = "control")]
    document: String,
}

impl OpenapiOptions {
    /// Prints it: in lines for people, in one line for programs.
    pub(super) async fn run(&self) -> Result<Verdict, ClientError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if !self.document.chars().all(plain) {
            let why = format!("`{}` is not the name of a document", self.document);
            return Err(ClientError::Argument(why));
        }
        let path = format!("/docs/{}.json", self.document);
        let document = self.remote.client().get(&path).await?;
        match self.remote.json {
            true => print::json(&document)?,
            false => print::line(&format!("{document:#}"))?,
        }
        Ok(Verdict::Passed)
    }
}
