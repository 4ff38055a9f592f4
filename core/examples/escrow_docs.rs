//! Writes the generated parts of `docs/escrow.md`, and `docs/vectors/escrow_transitions.json`, from
//! the transition table.

use std::error::Error;
use std::fs;
use std::path::Path;

use amana_core::escrow::table;

fn main() -> Result<(), Box<dyn Error>> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let document = docs.join("escrow.md");
    fs::write(&document, table::update(&fs::read_to_string(&document)?)?)?;
    fs::write(docs.join("vectors/escrow_transitions.json"), table::json())?;
    Ok(())
}
