//! Benchmarks of the engine in Rust.

mod audit;
mod escrow;
mod fee;
mod hmac;
mod load;
mod mock_server;
mod money;
mod process;
mod push;
mod rate;
mod sandbox;
mod walk;

use anyhow::Result;
use mimalloc::MiMalloc;

use super::Benchmark;
use super::measurement::Measurement;
use crate::workspace::Workspace;

/// As in the released program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const fn native(name: &'static str, run: fn(&Workspace) -> Result<Measurement>) -> Benchmark {
    Benchmark {
        name,
        needs_package: false,
        run,
    }
}

/// Every one of them.
pub const BENCHMARKS: &[Benchmark] = &[
    native("money-parse", money::parse),
    native("escrow-transitions", escrow::transitions),
    native("escrow-refusals", escrow::refusals),
    native("escrow-replay-million", escrow::replay_million),
    native("fee-banded-quote", fee::banded_quote),
    native("hmac-verify", hmac::verify),
    native("audit-trail", audit::trail),
    native("escrow-lifecycles", walk::lifecycles),
    native("sandbox-lifecycles", walk::market),
    native("sandbox-month", walk::month),
    native("sandbox-checkout", sandbox::checkout),
    native("sandbox-message", sandbox::message),
    native("sandbox-payment", sandbox::payment),
    native("sandbox-push", push::to_known),
    native("sandbox-push-to-new", push::to_new),
    native("sandbox-push-wiremock", push::beside_wiremock),
    native("sandbox-push-mockoon", push::beside_mockoon),
    native("sandbox-first-answer", process::first_answer),
    native("sandbox-memory", process::memory),
    native("sandbox-reset", process::reset),
    native("sandbox-wait", process::wait),
];
