//! Writes the coverage tables into the providers' documents, as the code has them now.
//! `cargo xtask tidy --fix` runs it.

use std::error::Error;
use std::fs;
use std::path::Path;

use amana_simulator::provider::{ALL, coverage};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for provider in ALL {
        if provider.coverage().is_empty() {
            continue;
        }
        let path = root.join(coverage::document_of(*provider));
        let document = fs::read_to_string(&path)?;
        fs::write(&path, coverage::updated(&document, *provider)?)?;
    }
    Ok(())
}
