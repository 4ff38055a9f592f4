//! Making the `.wasm` smaller with Binaryen, from npm.

use std::fs;
use std::process::Command;

use anyhow::Result;

use super::glue::Glue;
use crate::workspace::Workspace;
use crate::{node, process};

/// What every host since 2023 understands, and what rustc makes use of.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// A function with one caller is not made a part of it. That would save a few bytes of the module,
/// but the large functions it gives have so many locals that the module compresses worse, by 10 %.
const NO_LARGE_FUNCTIONS: &str = "--one-caller-inline-max-function-size=0";

/// Replaces the module by a smaller one. Answers whether it could: without Binaryen the module
/// stays as it is, and a warning says so.
pub fn run(workspace: &Workspace, glue: &mut Glue) -> Result<bool> {
    if let Err(error) = node::install(&workspace.wasm()) {
        eprintln!("warning: the .wasm is not optimised, Binaryen is missing: {error:#}");
        return Ok(false);
    }
    let input = workspace.npm().join("glue/unoptimised.wasm");
    let output = workspace.npm().join("glue/optimised.wasm");
    fs::write(&input, &glue.wasm)?;
    // Its programs are JavaScript: called through Node they run on every system alike.
    let program = workspace.wasm().join("node_modules/binaryen/bin/wasm-opt");
    process::run(
        Command::new("node")
            .arg(program)
            .args(["-Oz", "--converge", "--strip-target-features"])
            .arg(NO_LARGE_FUNCTIONS)
            .args(FEATURES)
            .arg(&input)
            .arg("-o")
            .arg(&output),
    )?;
    glue.wasm = fs::read(output)?;
    Ok(true)
}
