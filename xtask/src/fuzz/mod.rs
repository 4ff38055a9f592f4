//! `cargo xtask fuzz`: mutates the committed seeds and gives them to the fuzz targets of the engine.
//!
//! It needs nothing but the stable toolchain. There the code cannot be instrumented, so a target
//! tells what an input has led to, and inputs that lead to something new are mutated further. The
//! same targets run under `cargo fuzz` with instrumentation: see `fuzz/README.md`.

#[cfg(feature = "fuzz")]
mod mutation;
#[cfg(feature = "fuzz")]
mod random;
#[cfg(feature = "fuzz")]
mod session;

use anyhow::Result;

use crate::cli;
use crate::restart::{self, Build};
use crate::workspace::Workspace;

/// With debug assertions, in contrast to what is shipped.
const BUILD: Build = Build {
    profile: "fuzz",
    feature: "fuzz",
};

/// Fuzzes the target of this name, or each in turn.
///
/// # Errors
/// If there is no such target, or an input has broken a promise.
pub fn run(workspace: &Workspace, options: &cli::Fuzz) -> Result<()> {
    if restart::is_again() {
        return targets(workspace, options);
    }
    let mut arguments = vec!["fuzz".to_owned()];
    arguments.extend(options.target.clone());
    arguments.push(format!("--seconds={}", options.seconds));
    arguments.extend(options.seed.map(|seed| format!("--seed={seed}")));
    restart::again(workspace, &BUILD, &arguments)
}

#[cfg(not(feature = "fuzz"))]
fn targets(_: &Workspace, _: &cli::Fuzz) -> Result<()> {
    anyhow::bail!("built without the feature `fuzz`")
}

#[cfg(feature = "fuzz")]
fn targets(workspace: &Workspace, options: &cli::Fuzz) -> Result<()> {
    use amana_core::fuzzing::{TARGETS, Target, target};

    let names = || {
        let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        names.join(", ")
    };
    let chosen: Vec<&Target> = match &options.target {
        None => TARGETS.iter().collect(),
        Some(name) => match target(name) {
            Some(target) => vec![target],
            None => anyhow::bail!("no target `{name}`; there are {}", names()),
        },
    };
    let seed = options.seed.unwrap_or_else(random::seed);
    println!("seed {seed}: repeat with `--seed {seed}`");
    let mut broken = 0;
    for target in &chosen {
        let report = session::run(workspace, target, seed, options.seconds)?;
        println!("{report}");
        broken += usize::from(report.finding.is_some());
    }
    anyhow::ensure!(broken == 0, "{broken} of {} targets broke", chosen.len());
    Ok(())
}
