//! `amana vectors`: the published exchanges that this program knows.

use serde_json::{Value, json};

use super::error::ClientError;
use super::verify::{known_provider, published};
use super::{Verdict, print};
use crate::provider;

/// Which exchanges to show.
#[derive(Debug, clap::Args)]
pub struct VectorsOptions {
    /// The name of an exchange, to show it whole; without it they are listed
    name: Option<String>,
    /// Only this provider
    #[arg(long, value_name = "NAME", value_parser = known_provider)]
    provider: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl VectorsOptions {
    /// Prints them.
    pub(super) fn run(&self) -> Result<Verdict, ClientError> {
        let wanted = self.provider.as_deref();
        match &self.name {
            None => {
                let list = list(wanted)?;
                match self.json {
                    true => print::json(&list)?,
                    false => print::table(&list, &["provider", "name", "evidence"])?,
                }
            }
            Some(name) => {
                let exchange = find(wanted, name)?;
                match self.json {
                    true => print::json(&exchange)?,
                    false => print::line(&format!("{exchange:#}"))?,
                }
            }
        }
        Ok(Verdict::Passed)
    }
}

/// All exchanges, each with its provider.
pub(super) fn list(wanted: Option<&str>) -> Result<Value, ClientError> {
    let mut all = Vec::new();
    for (provider, document) in published(wanted)? {
        for exchange in &document.exchanges {
            all.push(json!({
                "provider": provider, "name": exchange.name, "evidence": exchange.evidence,
                "source": exchange.source, "note": exchange.note,
            }));
        }
    }
    Ok(Value::Array(all))
}

/// An exchange as it is published.
pub(super) fn find(wanted: Option<&str>, name: &str) -> Result<Value, ClientError> {
    let texts = provider::ALL
        .iter()
        .filter(|provider| wanted.is_none_or(|name| provider.name().as_str() == name))
        .filter_map(|provider| provider.vectors());
    let documents = texts.filter_map(|text| serde_json::from_str::<Value>(text).ok());
    let mut exchanges = documents.flat_map(|mut document| match document["exchanges"].take() {
        Value::Array(exchanges) => exchanges,
        _ => Vec::new(),
    });
    let found = exchanges.find(|exchange| exchange["name"] == name);
    found.ok_or_else(|| unknown(name))
}

/// There is no exchange of this name.
pub(super) fn unknown(name: &str) -> ClientError {
    let why = format!("no exchange is called `{name}`: `amana vectors` lists them");
    ClientError::Argument(why)
}
