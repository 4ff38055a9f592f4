//! Prints `core/src/party/operator_table.rs` from `core/data/msisdn_prefixes.csv`.
//!
//! Prefixes of different lengths become disjoint ranges of seven-digit prefixes, the longest
//! prefix winning, so that a look-up is one binary search in a small table.
#![allow(clippy::expect_used, reason = "a generator stops at bad data")]
#![allow(
    dead_code,
    reason = "a test includes this file for `render` and `read`"
)]

use std::collections::BTreeMap;
use std::fmt::Write;

const PREFIX_DIGITS: usize = 7;

/// A row of the data, without its source.
#[derive(Debug, Clone)]
pub struct Row {
    /// ISO 3166-1 alpha-2 code.
    pub country: String,
    /// Leading digits, calling code included.
    pub prefix: String,
    /// The operator's name.
    pub operator: String,
    /// The mobile-money brand, or nothing.
    pub brand: String,
}

fn main() {
    print!("{}", render(include_str!("../data/msisdn_prefixes.csv")));
}

/// The rows of the data; each must have a source.
pub fn read(csv: &str) -> Vec<Row> {
    csv::Reader::from_reader(csv.as_bytes())
        .records()
        .map(|record| {
            let record = record.expect("the data is well-formed CSV");
            assert!(!record[4].is_empty(), "a prefix without a source");
            Row {
                country: record[0].to_owned(),
                prefix: record[1].to_owned(),
                operator: record[2].to_owned(),
                brand: record[3].to_owned(),
            }
        })
        .collect()
}

/// The source text of the table.
pub fn render(csv: &str) -> String {
    let rows = read(csv);
    let mut operators: Vec<_> = rows.iter().map(key).collect();
    operators.sort();
    operators.dedup();
    let mut out = String::from(HEADER);
    writeln!(
        out,
        "pub(super) const PREFIX_DIGITS: u32 = {PREFIX_DIGITS};\n"
    )
    .expect(INFALLIBLE);
    out.push_str("/// Every operator, by country.\n#[rustfmt::skip]\n");
    out.push_str("pub(super) static OPERATORS: &[Operator] = &[\n");
    for (country, name, brand) in &operators {
        let brand = if brand.is_empty() {
            "None".to_owned()
        } else {
            format!("Some({brand:?})")
        };
        writeln!(
            out,
            "    Operator {{ country: Country::{country}, name: {name:?}, brand: {brand} }},"
        )
        .expect(INFALLIBLE);
    }
    out.push_str("];\n\n/// First prefix of each range and its operator; a range ends where the next begins.\n");
    out.push_str("#[rustfmt::skip]\npub(super) static RANGES: &[(u32, Option<u8>)] = &[\n");
    for (first, operator) in ranges(&rows, &operators) {
        writeln!(out, "    ({first}, {operator:?}),").expect(INFALLIBLE);
    }
    out.push_str("];\n");
    out
}

const INFALLIBLE: &str = "writing to a string cannot fail";

const HEADER: &str = "\
//! The prefix table. Generated from `core/data/msisdn_prefixes.csv`; do not edit: change the data
//! and run `cargo run --example operator_table > core/src/party/operator_table.rs`.

use super::{Country, Operator};

/// How many leading digits of a number the ranges are made of.
";

type Key<'a> = (&'a str, &'a str, &'a str);

fn key(row: &Row) -> Key<'_> {
    (&row.country, &row.operator, &row.brand)
}

fn ranges(rows: &[Row], operators: &[Key<'_>]) -> Vec<(u32, Option<u8>)> {
    let mut by_length: Vec<&Row> = rows.iter().collect();
    by_length.sort_by_key(|row| row.prefix.len());
    let mut assigned = BTreeMap::new();
    for row in by_length {
        let free = 10_u32.pow(u32::try_from(PREFIX_DIGITS - row.prefix.len()).expect("short"));
        let first = row.prefix.parse::<u32>().expect("a prefix is digits") * free;
        let index = operators.binary_search(&key(row)).expect("collected above");
        let index = u8::try_from(index).expect("fewer than 256 operators");
        // Shorter prefixes were written before, so the longest one stays.
        assigned.extend((first..first + free).map(|prefix| (prefix, index)));
    }
    let mut ranges: Vec<(u32, Option<u8>)> = Vec::new();
    let mut end = 0;
    for (prefix, index) in assigned {
        if prefix != end && end != 0 {
            ranges.push((end, None));
        }
        if prefix != end || ranges.last().is_some_and(|(_, last)| *last != Some(index)) {
            ranges.push((prefix, Some(index)));
        }
        end = prefix + 1;
    }
    ranges.push((end, None));
    ranges
}
