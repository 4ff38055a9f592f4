//! What a twin covers, as the table in its document: one row an endpoint, counted from the tables
//! that drive the twin. One rule for all providers; each only lists its rows.

use std::fmt::{self, Write};

use super::ProviderServer;

/// How much an endpoint matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// A client that cannot do this is useless.
    Core,
    /// Many integrations use it.
    Common,
    /// Seldom used.
    Rare,
}

impl Priority {
    /// The word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Common => "common",
            Self::Rare => "rare",
        }
    }
}

/// An endpoint that a twin serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its method, or methods.
    pub method: &'static str,
    /// Its path.
    pub path: String,
    /// Its name in the event log and in fault rules.
    pub operation: &'static str,
    /// How much it matters.
    pub priority: Priority,
    /// In how many ways it refuses a request, as its document counts them.
    pub refusals: usize,
    /// How many outcomes an accepted request can have later; none if the answer is all there is.
    pub results: Option<usize>,
}

const BEGIN: &str = "<!-- generated: coverage -->";
const END: &str = "<!-- end of the generated part -->";

/// Where the document of a provider is, from the root of the repository.
pub fn document_of(provider: &dyn ProviderServer) -> String {
    format!("docs/providers/{}.md", provider.mount())
}

/// The table in Markdown, with a line end behind each row.
fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "| endpoint | operation | priority | refusals | results |\n|---|---|---|---|---|\n",
    );
    for row in rows {
        let results = row.results.map_or("at once".to_owned(), |n| n.to_string());
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "| `{} {}` | `{}` | {} | {} | {results} |",
            row.method,
            row.path,
            row.operation,
            row.priority.name(),
            row.refusals,
        );
    }
    text
}

/// The document with the provider's table as the code has it now.
///
/// # Errors
/// [`MarkersMissing`] if the document has no place for it.
pub fn updated(document: &str, provider: &dyn ProviderServer) -> Result<String, MarkersMissing> {
    let (before, after) = document.split_once(BEGIN).ok_or(MarkersMissing)?;
    let (_, after) = after.split_once(END).ok_or(MarkersMissing)?;
    let table = table(&provider.coverage());
    Ok(format!("{before}{BEGIN}\n\n{table}\n{END}{after}"))
}

/// A document has no place for the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarkersMissing;

impl fmt::Display for MarkersMissing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the document has no `{BEGIN}` with `{END}` after it")
    }
}

impl std::error::Error for MarkersMissing {}

#[cfg(test)]
mod tests {
    #[cfg(feature = "server")]
    use amana_core::http::Request;
    #[cfg(feature = "server")]
    use serde_json::Value;

    use super::*;
    use crate::provider;

    /// When this fails, `cargo xtask tidy --fix` writes the tables anew.
    #[test]
    fn every_document_has_its_table() {
        for provider in provider::ALL {
            if provider.coverage().is_empty() {
                continue;
            }
            let path = document_of(*provider);
            let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
            let document = std::fs::read_to_string(format!("{root}/{path}")).unwrap();
            assert_eq!(updated(&document, *provider).unwrap(), document, "{path}");
        }
    }

    /// The exchanges that are missing: of each endpoint that matters one that it answers with a status
    /// below 400, and one that it refuses with another.
    #[cfg(feature = "server")]
    fn missing(provider: &dyn ProviderServer, vectors: &Value) -> Vec<String> {
        let exchanges = vectors["exchanges"].as_array().unwrap();
        let mut missing = Vec::new();
        for row in provider.coverage() {
            if row.priority == Priority::Rare {
                continue;
            }
            let of_row = exchanges
                .iter()
                .filter(|exchange| is_of(provider, &row, exchange));
            let status = |exchange: &Value| exchange["response"]["status"].as_u64();
            let refused: Vec<bool> = of_row.map(|found| status(found) >= Some(400)).collect();
            for (wanted, what) in [(false, "a success"), (true, "a refusal")] {
                if !refused.contains(&wanted) {
                    missing.push(format!("{what} of {} {}", row.method, row.path));
                }
            }
        }
        missing
    }

    /// Whether an exchange is a request of this row.
    #[cfg(feature = "server")]
    fn is_of(provider: &dyn ProviderServer, row: &Row, exchange: &Value) -> bool {
        let part = |name: &str| exchange["request"][name].as_str().unwrap_or_default();
        let (path, _) = part("path").split_once('?').unwrap_or((part("path"), ""));
        let request = Request::new(part("method"), part("host"), path);
        row.path.ends_with(path)
            && row.method.contains(part("method"))
            && provider.operation(&request) == Some(row.operation)
    }

    /// When this fails, `docs/vectors/` lacks an exchange.
    #[cfg(feature = "server")]
    #[test]
    fn every_endpoint_that_matters_has_a_success_and_a_refusal_among_the_vectors() {
        for provider in provider::ALL {
            let Some(vectors) = provider.vectors() else {
                continue;
            };
            let vectors = serde_json::from_str(vectors).unwrap();
            let missing = missing(*provider, &vectors);
            assert!(missing.is_empty(), "{}: {missing:#?}", provider.mount());
        }
    }

    #[test]
    fn a_document_without_a_place_is_refused() {
        let provider = provider::ALL[0];
        for document in ["", BEGIN, END] {
            assert_eq!(updated(document, provider), Err(MarkersMissing));
        }
        let places = format!("above\n{BEGIN}\nold\n{END}\nbelow");
        let text = updated(&places, provider).unwrap();
        assert!(text.starts_with("above\n") && text.ends_with("\nbelow"));
        assert!(!text.contains("old"));
    }
}
