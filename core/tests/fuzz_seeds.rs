//! Every committed seed of the fuzz targets, once. An input that has broken a promise becomes one.
#![cfg(test)]

use std::fs;
use std::io::Result;
use std::path::Path;

use amana_core::fuzzing::{TARGETS, Target, target};

/// What each seed of the target leads to, step by step, in the order of their names.
fn ends(target: &Target) -> Result<Vec<Vec<String>>> {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds");
    let mut paths = Vec::new();
    for entry in fs::read_dir(seeds.join(target.name))? {
        paths.push(entry?.path());
    }
    paths.sort();
    let mut ends = Vec::new();
    for path in paths {
        // Shown only if the seed breaks a promise.
        println!("{}", path.display());
        let mut seen = Vec::new();
        (target.body)(&fs::read(path)?, &mut |what| seen.push(what.to_owned()));
        ends.push(seen);
    }
    Ok(ends)
}

#[test]
fn every_target_has_its_shim_for_libfuzzer() -> Result<()> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
    let manifest = fs::read_to_string(fuzz.join("Cargo.toml"))?;
    for Target { name, .. } in TARGETS {
        let shim = fs::read_to_string(fuzz.join(format!("targets/{name}.rs")))?;
        assert!(shim.contains(&format!("fuzzing::{name}(")), "{name}");
        assert!(
            manifest.contains(&format!("path = \"targets/{name}.rs\"")),
            "{name}"
        );
    }
    assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
    Ok(())
}

/// Mutating seeds that all end alike finds nothing.
#[test]
fn every_seed_keeps_every_promise_and_they_end_differently() -> Result<()> {
    for target in TARGETS {
        let mut ends = ends(target)?;
        ends.sort();
        ends.dedup();
        assert!(ends.len() > 1, "{}: {ends:?}", target.name);
    }
    Ok(())
}

#[test]
fn what_needs_a_signature_has_a_seed_with_one() -> Result<()> {
    for (name, wanted) in [
        ("webhook", "verified"),
        ("webhook", "hmac verified"),
        ("audit", "3 entries"),
    ] {
        let ends = ends(target(name).unwrap())?;
        let is_wanted = ends.iter().flatten().any(|end| end == wanted);
        assert!(is_wanted, "{name}: {wanted}");
    }
    Ok(())
}
