//! The audit chain: a long trail appended, exported and verified.

use std::fmt::Write;
use std::time::Instant;

use amana_core::Timestamp;
use amana_core::audit::{Chain, Record, verify};
use amana_core::signature::HmacKey;
use anyhow::{Result, ensure};
use serde_json::json;

use crate::bench::measurement::Measurement;
use crate::workspace::Workspace;

/// Entries of the trail.
const ENTRIES: u32 = 100_000;
/// The bar for all of it, in milliseconds.
const TRAIL_MS: f64 = 1_000.0;
/// How often it is done; the best time counts, as a busy machine leaves some rounds alone.
const ROUNDS: usize = 5;

/// Appending, exporting and verifying a trail, in milliseconds.
pub fn trail(_: &Workspace) -> Result<Measurement> {
    let key = HmacKey::new("the keeper's key")?;
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        best = best.min(round(&key)?);
    }
    Ok(Measurement {
        value: best,
        unit: "ms",
        peer: Some(("the bar", TRAIL_MS)),
    })
}

#[expect(clippy::float_arithmetic, reason = "a measurement is no money")]
fn round(key: &HmacKey) -> Result<f64> {
    let begin = Instant::now();
    let mut chain = Chain::new(key.clone());
    let mut export = String::new();
    for number in 0..ENTRIES {
        writeln!(export, "{}", chain.append(record(number)?)?.to_line()?)?;
    }
    let verified = verify(key, &export, Some(&chain.signed_head()))?;
    let value = begin.elapsed().as_secs_f64() * 1_000.0;
    ensure!(verified == chain.head(), "the trail ends elsewhere");
    ensure!(verified.seq == u64::from(ENTRIES), "entries are missing");
    Ok(value)
}

/// A change as the sandbox records it.
fn record(number: u32) -> Result<Record> {
    let at = Timestamp::from_millis(1_772_793_000_000 + i64::from(number));
    let (action, contract) = ("payment.locked".parse()?, "AG-2024-001234".parse()?);
    let record = Record::new(at, action, contract, "seller".parse()?);
    let amount = json!({"amount": "350000.00", "currency": "KES"});
    Ok(record.with_data(&json!({"payment": number, "held": amount}))?)
}
