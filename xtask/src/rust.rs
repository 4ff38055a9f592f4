//! Parts of the Rust toolchain that a fresh installation may lack.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// The target of the WASM package.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure that the standard library for [`WASM_TARGET`] is installed.
pub fn ensure_wasm_target() -> Result<()> {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "target-libdir", "--target", WASM_TARGET]);
    let installed = process::capture(&mut rustc).is_ok_and(|dir| Path::new(dir.trim()).is_dir());
    match installed {
        true => Ok(()),
        false => add("target", WASM_TARGET),
    }
}

/// Makes sure that `cargo <subcommand>` works.
pub fn ensure_component(subcommand: &str, component: &str) -> Result<()> {
    match process::works(Command::new("cargo").args([subcommand, "--version"])) {
        true => Ok(()),
        false => add("component", component),
    }
}

fn add(kind: &str, name: &str) -> Result<()> {
    process::run(Command::new("rustup").args([kind, "add", name])).with_context(|| {
        format!(
            "the {kind} `{name}` is missing: \
             install it with `rustup {kind} add {name}` (https://rustup.rs)"
        )
    })
}
