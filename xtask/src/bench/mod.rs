//! `cargo xtask bench`: measurements beside a peer, taken in the same run.
//!
//! The command builds what is measured, then starts itself again in release with the feature
//! `bench`, so that plain `cargo xtask` never pays for it. To add a benchmark, write a function and
//! give it a row in [`BENCHMARKS`] or, if it measures Rust, in `native::BENCHMARKS`.

mod in_node;
mod measurement;
#[cfg(feature = "bench")]
mod native;
mod wasm_size;

use anyhow::{Result, ensure};

use crate::restart::{self, Build};
use crate::workspace::Workspace;
use crate::{cli, package};
use measurement::Measurement;

/// As it is shipped.
const BUILD: Build = Build {
    profile: "release",
    feature: "bench",
};

/// A benchmark.
pub struct Benchmark {
    /// What the filter looks at; also the name in the output.
    pub name: &'static str,
    /// Whether the npm package must have been built.
    pub needs_package: bool,
    /// Measures.
    pub run: fn(&Workspace) -> Result<Measurement>,
}

/// Those that need nothing but the built package, and Node.
const BENCHMARKS: &[Benchmark] = &[
    Benchmark {
        name: "wasm-size",
        needs_package: true,
        run: wasm_size::run,
    },
    Benchmark {
        name: "wasm-lifecycle",
        needs_package: true,
        run: in_node::lifecycle,
    },
    Benchmark {
        name: "wasm-webhook-noble",
        needs_package: true,
        run: in_node::webhook_noble,
    },
    Benchmark {
        name: "wasm-webhook-node",
        needs_package: true,
        run: in_node::webhook_node,
    },
];

#[cfg(feature = "bench")]
const NATIVE: &[Benchmark] = native::BENCHMARKS;
#[cfg(not(feature = "bench"))]
const NATIVE: &[Benchmark] = &[];

/// Measures what the filter selects.
pub fn run(workspace: &Workspace, options: &cli::Bench) -> Result<()> {
    if !restart::is_again() {
        return build_and_start_again(workspace, options);
    }
    let selected: Vec<&Benchmark> = selected(&options.filter).collect();
    ensure!(
        !selected.is_empty(),
        "no benchmark has `{}` in its name",
        options.filter
    );
    let mut unmeasured = Vec::new();
    for benchmark in selected {
        let name = benchmark.name;
        match (benchmark.run)(workspace) {
            Ok(measurement) if options.json => println!("{}", measurement.to_json(name)),
            Ok(measurement) => println!("{}", measurement.to_line(name)),
            // A peer that cannot be had is no reason to leave the others out.
            Err(error) => {
                eprintln!("{name}: not measured: {error:#}");
                unmeasured.push(name);
            }
        }
    }
    ensure!(
        unmeasured.is_empty(),
        "not measured: {}",
        unmeasured.join(", ")
    );
    Ok(())
}

/// The benchmark of this name, or else all whose names have it in them.
fn selected(filter: &str) -> impl Iterator<Item = &'static Benchmark> {
    let all = || BENCHMARKS.iter().chain(NATIVE);
    let whole = all().any(|benchmark| benchmark.name == filter);
    all().filter(move |benchmark| match whole {
        true => benchmark.name == filter,
        false => benchmark.name.contains(filter),
    })
}

fn build_and_start_again(workspace: &Workspace, options: &cli::Bench) -> Result<()> {
    if selected(&options.filter).any(|benchmark| benchmark.needs_package) {
        // The lines on the output are for programs.
        eprintln!("{}", package::build(workspace)?);
    }
    let mut arguments = vec!["bench".to_owned(), options.filter.clone()];
    arguments.extend(options.json.then(|| "--json".to_owned()));
    restart::again(workspace, &BUILD, &arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_is_a_part_of_the_name() {
        assert_eq!(selected("wasm-size").count(), 1);
        assert_eq!(selected("wasm-webhook").count(), 2);
        assert_eq!(selected("no such thing").count(), 0);
    }
}
