//! `cargo xtask soak`: random walks over the sandbox, far more than the tests have time for.
//!
//! Starts itself again in release with the feature `bench`, as the benchmarks do.

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{cli, process};

/// Set for the second start.
const INNER: &str = "AMANA_SOAK_INNER";

/// Walks as far as the options say.
pub fn run(workspace: &Workspace, options: &cli::Soak) -> Result<()> {
    if std::env::var_os(INNER).is_some() {
        return walk(options);
    }
    let mut cargo = workspace.cargo();
    cargo
        .args(["run", "--quiet", "--release", "--package=xtask"])
        .args(["--no-default-features", "--features=bench", "--", "soak"])
        .arg(format!("--seed={}", options.first))
        .arg(format!("--seeds={}", options.seeds))
        .arg(format!("--steps={}", options.steps))
        .env(INNER, "1");
    process::run(&mut cargo)
}

#[cfg(not(feature = "bench"))]
fn walk(_: &cli::Soak) -> Result<()> {
    anyhow::bail!("the walks are built with the feature `bench`: run `cargo xtask soak`")
}

#[cfg(feature = "bench")]
fn walk(options: &cli::Soak) -> Result<()> {
    use amana_simulator::walk::market::Market;

    /// Seeds between two signs of life.
    const SIGN_EACH: u64 = 50;

    let begin = std::time::Instant::now();
    let (mut contracts, mut events) = (0, 0);
    let last = options.first.saturating_add(options.seeds);
    for seed in options.first..last {
        let mut market = Market::new(seed)?;
        market.walk(options.steps)?;
        contracts += market.contracts();
        let (logged, hash) = market.log();
        events += logged;
        if options.seeds == 1 {
            println!("seed {seed}: {logged} events, SHA-256 {hash}");
        } else if (seed + 1 - options.first).is_multiple_of(SIGN_EACH) {
            let done = seed + 1 - options.first;
            let seconds = begin.elapsed().as_secs();
            eprintln!("{done} seeds, {events} events, {seconds} s");
        }
    }
    let steps = options.seeds.saturating_mul(options.steps);
    let seconds = begin.elapsed().as_secs();
    println!(
        "{steps} steps over {} seeds: {contracts} contracts, {events} events, no violation, {seconds} s",
        options.seeds
    );
    Ok(())
}
