//! Benchmarks of the engine in Rust.

mod money;
mod rate;

use super::Benchmark;

/// Every one of them.
pub const BENCHMARKS: &[Benchmark] = &[Benchmark {
    name: "money-parse",
    needs_package: false,
    run: money::parse,
}];
