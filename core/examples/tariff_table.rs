//! Prints `core/src/provider/daraja/tariff_table.rs` from `core/data/mpesa/*.csv`.
#![allow(clippy::expect_used, reason = "a generator stops at bad data")]
#![allow(
    dead_code,
    reason = "a test includes this file for `render` and `read`"
)]

use std::collections::BTreeMap;
use std::fmt::Write;

use amana_core::Timestamp;
use amana_core::fee::Percentage;

/// Name of the table and its data.
pub const FILES: &[(&str, &str)] = &[
    ("P2P_SEND", include_str!("../data/mpesa/p2p_send.csv")),
    (
        "P2P_UNREGISTERED",
        include_str!("../data/mpesa/p2p_unregistered.csv"),
    ),
    (
        "WITHDRAW_AGENT",
        include_str!("../data/mpesa/withdraw_agent.csv"),
    ),
    (
        "WITHDRAW_ATM",
        include_str!("../data/mpesa/withdraw_atm.csv"),
    ),
    (
        "PAYBILL_CUSTOMER_BOUQUET",
        include_str!("../data/mpesa/paybill_customer_bouquet.csv"),
    ),
    (
        "PAYBILL_BUSINESS_BOUQUET",
        include_str!("../data/mpesa/paybill_business_bouquet.csv"),
    ),
    (
        "PAYBILL_MGAO",
        include_str!("../data/mpesa/paybill_mgao.csv"),
    ),
    (
        "BUY_GOODS_TILL",
        include_str!("../data/mpesa/buy_goods_till.csv"),
    ),
    ("B2C", include_str!("../data/mpesa/b2c.csv")),
    (
        "B2C_WITHDRAWAL_PAID",
        include_str!("../data/mpesa/b2c_withdrawal_paid.csv"),
    ),
    (
        "B2C_UNREGISTERED",
        include_str!("../data/mpesa/b2c_unregistered.csv"),
    ),
    ("B2B", include_str!("../data/mpesa/b2b.csv")),
];

/// A row of the data by column name.
pub type Row = BTreeMap<String, String>;

fn main() {
    print!("{}", render());
}

/// The rows of a file; each must have a source.
pub fn read(csv: &str) -> Vec<Row> {
    let rows: Result<Vec<Row>, _> = csv::Reader::from_reader(csv.as_bytes())
        .deserialize()
        .collect();
    let rows = rows.expect("the data is well-formed CSV");
    assert!(
        rows.iter().all(|row| !row["source"].is_empty()),
        "a band without a source"
    );
    rows
}

/// The instant a date of the data begins in Nairobi.
pub fn effective_at(date: &str) -> Timestamp {
    format!("{date}T00:00:00+03:00")
        .parse()
        .expect("a date is YYYY-MM-DD")
}

/// The source text of the table.
pub fn render() -> String {
    let mut out = String::from(HEADER);
    for (name, csv) in FILES {
        let mut versions: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for row in read(csv) {
            versions
                .entry(row["effective_from"].clone())
                .or_default()
                .push(row);
        }
        write!(
            out,
            "\n#[rustfmt::skip]\npub(super) static {name}: &[Dated] = &[\n"
        )
        .expect(INFALLIBLE);
        for (date, rows) in &versions {
            version(&mut out, date, rows);
        }
        out.push_str("];\n");
    }
    out
}

const INFALLIBLE: &str = "writing to a string cannot fail";

const HEADER: &str = "\
//! The published tariffs. Generated from `core/data/mpesa`, where each band has its source; do not
//! edit: change the data and run
//! `cargo run --example tariff_table > core/src/provider/daraja/tariff_table.rs`.
//!
//! `flat(through, payer, payee)` and `rate(through, payee millionths, payee at most)` in KES.

use super::tariff::{Dated, flat, rate};
use crate::time::Timestamp;
";

fn version(out: &mut String, date: &str, rows: &[Row]) {
    let millis = effective_at(date).as_millis();
    let from = &rows[0]["min_kes"];
    writeln!(out, "    Dated {{ // {date}").expect(INFALLIBLE);
    writeln!(
        out,
        "        effective_at: Timestamp::from_millis({millis}), from_kes: {from},"
    )
    .expect(INFALLIBLE);
    out.push_str("        rows: &[\n");
    let mut next: u32 = from.parse().expect("a number");
    for row in rows {
        assert_eq!(
            row["min_kes"],
            next.to_string(),
            "a gap or an overlap in the data"
        );
        next = row["max_kes"].parse::<u32>().expect("a number") + 1;
        writeln!(out, "            {},", band(row)).expect(INFALLIBLE);
    }
    out.push_str("        ],\n    },\n");
}

fn band(row: &Row) -> String {
    let column = |name: &str| row.get(name).filter(|text| !text.is_empty());
    let through = &row["max_kes"];
    if let Some(fee) = column("fee_kes") {
        return format!("flat({through}, {fee}, 0)");
    }
    let payer = &row["payer_fee_kes"];
    if let Some(payee) = column("receiver_fee_kes") {
        return format!("flat({through}, {payer}, {payee})");
    }
    assert_eq!(payer, "0", "a percentage is borne by the payee alone");
    let percent: Percentage = row["receiver_fee_percent"].parse().expect("a percentage");
    format!(
        "rate({through}, {}, {})",
        percent.millionths(),
        row["receiver_fee_cap_kes"]
    )
}
