//! Random lifecycles and virtual time.

use std::time::{Duration, Instant};

use amana_core::time::Span;
use amana_simulator::kernel::Random;
use amana_simulator::walk::{lifecycle, market, month};
use anyhow::{Result, ensure};

use crate::bench::measurement::Measurement;
use crate::workspace::Workspace;

/// How long is measured.
const ROUND: Duration = Duration::from_secs(2);
/// Lifecycles between two looks at the clock.
const BATCH: u32 = 500;
/// The bar for lifecycles of the engine.
const LIFECYCLES: f64 = 50_000.0;
/// The bar for a month with many escrows, in milliseconds.
const MONTH_MS: f64 = 2_000.0;
/// Escrows of that month.
const ESCROWS: u32 = 10_000;

#[expect(clippy::float_arithmetic, reason = "a measurement is no money")]
fn per_second(count: u32, since: Instant) -> f64 {
    f64::from(count) / since.elapsed().as_secs_f64()
}

/// Lifecycles of the engine with a provider that fails, all invariants checked after each command.
pub fn lifecycles(_: &Workspace) -> Result<Measurement> {
    let setting = lifecycle::Setting::new()?;
    let mut random = Random::at(1, 0);
    let begin = Instant::now();
    let mut count = 0;
    while begin.elapsed() < ROUND {
        for _ in 0..BATCH {
            lifecycle::run(&setting, &mut random)?;
        }
        count += BATCH;
    }
    Ok(Measurement {
        value: per_second(count, begin),
        unit: "lifecycles/s",
        peer: Some(("the bar", LIFECYCLES)),
    })
}

/// Lifecycles in whole sandboxes: HTTP requests, providers, phones, ledger, faults, callbacks, the
/// log hashed, and every invariant checked each 25 steps.
pub fn market(_: &Workspace) -> Result<Measurement> {
    let begin = Instant::now();
    let mut contracts = 0;
    let mut seed = 0;
    while begin.elapsed() < ROUND {
        let mut market = market::Market::new(seed)?;
        market.walk(500)?;
        contracts += u32::try_from(market.contracts())?;
        seed += 1;
    }
    Ok(Measurement {
        value: per_second(contracts, begin),
        unit: "lifecycles/s",
        peer: None,
    })
}

/// 30 days of virtual time with 10,000 open escrows, in milliseconds.
#[expect(clippy::float_arithmetic, reason = "a measurement is no money")]
pub fn month(_: &Workspace) -> Result<Measurement> {
    let mut sandbox = month::open_escrows(ESCROWS)?;
    let begin = Instant::now();
    let (fired, events) = month::pass(&mut sandbox, Span::from_days(30));
    let value = begin.elapsed().as_secs_f64() * 1_000.0;
    let (refunded, holds) = month::standing(&sandbox, "refunded");
    eprintln!("sandbox-month: {fired} timers, {events} events, {refunded} refunded");
    ensure!(holds, "an invariant does not hold after a month");
    ensure!(
        refunded == ESCROWS as usize,
        "only {refunded} were refunded"
    );
    Ok(Measurement {
        value,
        unit: "ms",
        peer: Some(("the bar", MONTH_MS)),
    })
}
