//! `amana verify vectors`: sends the published exchanges of the providers to a sandbox and compares
//! what it answers, and what it calls back, with what is published.

mod compare;
pub mod document;
mod pattern;
mod placeholder;
mod receiver;
mod report;
pub mod run;

#[cfg(test)]
mod tests;

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;

use self::document::Document;
use self::receiver::Receiver;
use self::report::{Outcome, Report};
use super::error::ClientError;
use super::{Remote, Verdict};
use crate::host::HostClock;
use crate::provider;

/// What to verify.
#[derive(Debug, clap::Args)]
pub struct VerifyOptions {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Compare a sandbox with the published exchanges of the providers
    Vectors(VectorsOptions),
}

/// Which exchanges, and where answers to callbacks come from.
#[derive(Debug, clap::Args)]
struct VectorsOptions {
    #[command(flatten)]
    remote: Remote,
    /// Only this provider
    #[arg(long, value_name = "NAME", value_parser = known_provider)]
    provider: Option<String>,
    /// A file of exchanges instead of the published ones
    #[arg(long, value_name = "FILE", conflicts_with = "provider")]
    file: Option<PathBuf>,
    /// Only exchanges whose name contains this
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Address to receive callbacks at; the sandbox must reach it
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    receiver: SocketAddr,
}

/// Reads the name of a provider.
pub fn known_provider(name: &str) -> Result<String, String> {
    let names = || provider::ALL.iter().map(|provider| provider.name());
    match names().any(|known| known.as_str() == name) {
        true => Ok(name.to_owned()),
        false => {
            let names: Vec<_> = names().map(|name| format!("`{}`", name.as_str())).collect();
            Err(format!("the providers are {}", names.join(", ")))
        }
    }
}

impl VerifyOptions {
    pub(super) async fn run(&self) -> Result<Verdict, ClientError> {
        match &self.what {
            What::Vectors(options) => options.run().await,
        }
    }
}

impl VectorsOptions {
    async fn run(&self) -> Result<Verdict, ClientError> {
        let documents = self.documents()?;
        let client = self.remote.client();
        // Says at once if nobody is there.
        client.get("/_amana/health").await?;
        let receiver = Receiver::start(self.receiver).await?;
        let begun = HostClock::system().now().as_millis();
        let mut report = Report::default();
        for (provider, document) in &documents {
            let wanted = document.exchanges.iter().filter(|exchange| {
                let only = self.only.as_ref();
                only.is_none_or(|only| exchange.name.contains(only.as_str()))
            });
            for (number, exchange) in wanted.enumerate() {
                let name = format!("vectors-{begun}-{provider}-{number}");
                let mismatches =
                    run::exchange(document, exchange, &client, &receiver, &name).await?;
                report.add(Outcome {
                    provider: provider.clone(),
                    name: exchange.name.clone(),
                    source: exchange.source.clone(),
                    evidence: exchange.evidence,
                    note: exchange.note.clone(),
                    mismatches,
                });
            }
        }
        report.print(self.remote.json)?;
        Ok(report.verdict())
    }

    /// The documents, each with the name of its provider.
    fn documents(&self) -> Result<Vec<(String, Document)>, ClientError> {
        if let Some(path) = &self.file {
            let text = fs::read_to_string(path);
            let text = text.map_err(|error| ClientError::File(path.clone(), error))?;
            let named = path.display().to_string();
            return Ok(vec![("file".to_owned(), Document::read(&named, &text)?)]);
        }
        published(self.provider.as_deref())
    }
}

/// The published exchanges of this provider, or of all, each document with the name of its provider.
///
/// # Errors
/// If a document makes no sense.
pub fn published(wanted: Option<&str>) -> Result<Vec<(String, Document)>, ClientError> {
    provider::ALL
        .iter()
        .filter(|provider| wanted.is_none_or(|name| provider.name().as_str() == name))
        .filter_map(|provider| Some((provider.name().as_str(), provider.vectors()?)))
        .map(|(name, text)| Ok((name.to_owned(), Document::read(name, text)?)))
        .collect()
}
