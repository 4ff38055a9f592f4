//! How often something can be done in a second.

use std::time::{Duration, Instant};

/// Long enough that the clock's resolution does not matter, short enough that a busy machine leaves
/// some rounds alone.
const ROUND: Duration = Duration::from_millis(10);
/// Our rounds and the peer's take turns, so that a busy moment of the machine meets both.
const ROUNDS: usize = 100;
/// Calls between two looks at the clock.
const BATCH: u32 = 500;

/// The best rate per second of each of the two, in turns.
pub fn best_of_both(mut ours: impl FnMut(), mut peer: impl FnMut()) -> (f64, f64) {
    let mut best = (0.0_f64, 0.0_f64);
    for _ in 0..ROUNDS {
        best.0 = best.0.max(rate(&mut ours));
        best.1 = best.1.max(rate(&mut peer));
    }
    best
}

#[expect(clippy::float_arithmetic, reason = "a measurement is no money")]
fn rate(work: &mut impl FnMut()) -> f64 {
    let start = Instant::now();
    let mut calls = 0_u32;
    while start.elapsed() < ROUND {
        for _ in 0..BATCH {
            work();
        }
        calls = calls.saturating_add(BATCH);
    }
    f64::from(calls) / start.elapsed().as_secs_f64()
}
