//! Quoting over a banded tariff, beside a search through the bare band table.

use std::hint::black_box;

use amana_core::fee::{Bearer, FeeSchedule, Operation, Terms, quote};
use amana_core::provider::daraja::tariff::PublishedTariff;
use amana_core::{Currency, Money, Timestamp};
use anyhow::{Result, anyhow};

use super::rate::best_of_both;
use crate::bench::measurement::Measurement;
use crate::workspace::Workspace;

/// Quotes per second over the published tariff for payouts, beside its bare table of bands.
pub fn banded_quote(_: &Workspace) -> Result<Measurement> {
    let tariff = PublishedTariff::B2c;
    let schedule = tariff.add_to(FeeSchedule::default(), Operation::Payout)?;
    let at: Timestamp = "2026-01-01T00:00:00Z".parse()?;
    let terms = Terms::new(Bearer::Payer, at);
    let bands = tariff.payee_tariff();
    let amounts = ["75", "2400", "19999", "150000"]
        .map(|text| Money::parse(text, Currency::KES).map_err(|error| anyhow!("{error}")));
    let amounts = amounts.into_iter().collect::<Result<Vec<_>>>()?;
    let (mut ours_next, mut peer_next) = (amounts.iter().cycle(), amounts.iter().cycle());
    let (ours, peer) = best_of_both(
        || {
            if let Some(amount) = ours_next.next() {
                let _ = black_box(quote(&schedule, Operation::Payout, *amount, &terms));
            }
        },
        || {
            if let Some(amount) = peer_next.next() {
                let _ = black_box(bands.fee(black_box(*amount), at));
            }
        },
    );
    Ok(Measurement {
        value: ours,
        unit: "quotes/s",
        peer: Some(("the bare band search", peer)),
    })
}
