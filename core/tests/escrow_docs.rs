//! What is documented about the escrow payment is what the code says.
#![cfg(test)]

use std::collections::BTreeMap;

use amana_core::escrow::{EventKind, IntentKind, table};
use serde_json::Value;

const DOCUMENT: &str = include_str!("../../docs/escrow.md");
const VECTORS: &str = include_str!("../../docs/vectors/escrow_transitions.json");
/// The policy for late and contradictory events has this many rows.
const POLICY_ROWS: usize = 15;

#[test]
fn the_generated_documents_are_up_to_date() {
    let how = "run `cargo run -p amana-core --example escrow_docs`";
    assert!(table::update(DOCUMENT).unwrap() == DOCUMENT, "{how}");
    assert!(table::json() == VECTORS, "{how}");
}

#[test]
fn the_vectors_name_every_command_and_every_event() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let transitions = vectors["transitions"].as_array().unwrap();
    for intent in IntentKind::ALL {
        for phase in table::PhaseKind::ALL {
            let has = |row: &&Value| row["intent"] == intent.name() && row["from"] == phase.name();
            let rows = transitions.iter().filter(has).count();
            assert!(rows > 0, "{intent:?} in {phase:?}");
        }
    }
    for name in EventKind::NAMES {
        let recorded = |row: &Value| {
            let events = row["events"].as_array();
            events.is_some_and(|events| events.iter().any(|event| event == name))
        };
        assert!(transitions.iter().any(recorded), "{name}");
    }
}

/// The rows of the policy, by number: the last cell names the test.
fn documented() -> BTreeMap<usize, String> {
    DOCUMENT
        .lines()
        .filter_map(|line| {
            let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
            let number = cells.first()?.parse().ok()?;
            Some((number, cells.last()?.trim_matches('`').to_owned()))
        })
        .collect()
}

#[test]
fn every_row_of_the_policy_has_its_test() {
    let tests: BTreeMap<usize, String> = include_str!("../src/escrow/tests/late_events.rs")
        .lines()
        .filter_map(|line| {
            let name = line.strip_prefix("fn ")?.split('(').next()?;
            let number = name.strip_prefix("row_")?.get(..2)?.parse().ok()?;
            Some((number, name.to_owned()))
        })
        .collect();
    assert_eq!(documented(), tests);
    assert_eq!(tests.len(), POLICY_ROWS);
}
