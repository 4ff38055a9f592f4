//! Tests that cross the crates are in `tests/it/`. Here is what tests of several crates share: the
//! one line that repeats a random run that failed, and databases.

mod postgres;

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use proptest::test_runner::{Config, RngSeed};

pub use self::postgres::postgres;

/// Repeats a run of a random test; the name is that of proptest's own.
const VARIABLE: &str = "PROPTEST_RNG_SEED";

/// A configuration of so many cases whose seed is printed, so that a test that fails shows the line
/// that repeats it.
pub fn repeatable(cases: u32) -> Config {
    Config {
        cases,
        rng_seed: RngSeed::Fixed(seed()),
        ..Config::default()
    }
}

/// The seed of a random test: the one asked for, or a new one. Printed with the line that repeats
/// the run; the harness shows that of tests that fail.
pub fn seed() -> u64 {
    let asked = std::env::var(VARIABLE)
        .ok()
        .and_then(|text| text.parse().ok());
    let seed = asked.unwrap_or_else(|| RandomState::new().hash_one(VARIABLE));
    let thread = std::thread::current();
    let test = thread.name().unwrap_or_default();
    println!("again: {VARIABLE}={seed} cargo test --workspace -- --include-ignored --exact {test}");
    seed
}
