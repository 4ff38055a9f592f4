//! The document says what the code says.

use crate::provider::daraja::coverage;

const BEGIN: &str = "<!-- generated: coverage -->";
const END: &str = "<!-- end of the generated part -->";

/// When this fails, put in what `cargo run -p amana-simulator --example daraja_coverage` prints.
#[test]
fn the_document_has_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/providers/daraja.md");
    let document = std::fs::read_to_string(path).unwrap();
    let (_, rest) = document.split_once(BEGIN).unwrap();
    let (part, _) = rest.split_once(END).unwrap();
    assert_eq!(part.trim(), coverage::table().trim());
}
