//! Reading amounts, beside the general decimal reader of `rust_decimal`.

use std::hint::black_box;

use amana_core::{Currency, Money};
use anyhow::Result;
use rust_decimal::Decimal;

use super::rate::best_of_both;
use crate::bench::measurement::Measurement;
use crate::workspace::Workspace;

/// Measures.
pub fn parse(_: &Workspace) -> Result<Measurement> {
    let text = "350000.00";
    let (ours, peer) = best_of_both(
        || {
            let _ = black_box(Money::parse(black_box(text), Currency::KES));
        },
        || {
            let _ = black_box(black_box(text).parse::<Decimal>());
        },
    );
    Ok(Measurement {
        value: ours,
        unit: "operations/s",
        peer: Some(("rust_decimal", peer)),
    })
}
