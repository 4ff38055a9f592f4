//! The npm package: one `.wasm`, hand-written loaders, one packed file.
//!
//! 1. Cargo builds `amana-wasm` for wasm32.
//! 2. wasm-bindgen writes the glue, once per module system, around the same `.wasm` ([`glue`]).
//! 3. Binaryen makes the `.wasm` smaller; without it the package works as well ([`optimise`]).
//! 4. Glue, `.wasm`, loaders and declarations are put together ([`assemble`]).
//! 5. npm packs the folder.

mod assemble;
mod glue;
mod optimise;
mod size;

use std::fmt;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::workspace::Workspace;
use crate::{node, process, rust};

pub use size::{GZIP_MAX, Size};

/// A built package.
pub struct Package {
    /// What npm publishes.
    pub packed: PathBuf,
    /// The size of its `.wasm`.
    pub size: Size,
    /// Whether Binaryen was there to make it smaller.
    pub optimised: bool,
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.packed.file_name().unwrap_or_default();
        writeln!(f, "target/npm/{}", name.to_string_lossy())?;
        write!(f, "amana_bg.wasm: {}", self.size)?;
        if !self.optimised {
            write!(f, " (not optimised)")?;
        }
        Ok(())
    }
}

/// The folder that is packed; the page takes the package from here.
pub fn folder(workspace: &Workspace) -> PathBuf {
    workspace.npm().join("package")
}

/// The size of the `.wasm` built last.
pub fn size(workspace: &Workspace) -> Result<Size> {
    let path = folder(workspace).join(assemble::WASM);
    let bytes = fs::read(&path)
        .with_context(|| format!("no {}: run `cargo xtask wasm`", path.display()))?;
    Size::of(&bytes)
}

/// Builds it from the sources.
pub fn build(workspace: &Workspace) -> Result<Package> {
    node::ensure()?;
    rust::ensure_wasm_target()?;
    process::run(workspace.cargo().args([
        "build",
        "--package=amana-wasm",
        "--profile=wasm",
        "--target",
        rust::WASM_TARGET,
    ]))?;
    let module = workspace
        .target
        .join(rust::WASM_TARGET)
        .join("wasm/amana_wasm.wasm");
    let mut glue = glue::generate(&module, &workspace.npm().join("glue"))?;
    let optimised = optimise::run(workspace, &mut glue)?;
    assemble::run(workspace, &glue)?;
    let packed = pack(workspace)?;
    let size = size(workspace)?;
    Ok(Package {
        packed,
        size,
        optimised,
    })
}

/// Packs the folder, and makes sure that all of it was packed.
fn pack(workspace: &Workspace) -> Result<PathBuf> {
    let folder = folder(workspace);
    let mut npm = node::npm(&folder);
    npm.args(["pack", "--json", "--loglevel=error", "--pack-destination"]);
    npm.arg(workspace.npm());
    let report: Value = serde_json::from_str(&process::capture(&mut npm)?)
        .context("`npm pack --json` prints no JSON")?;
    // Newer versions of npm answer an object by package name, older ones a list.
    let report = match &report {
        Value::Object(packages) => packages.values().next(),
        other => other.get(0),
    };
    let report = report.context("`npm pack` packed nothing")?;
    let packed: Vec<&str> = report["files"]
        .as_array()
        .context("`npm pack` lists no files")?
        .iter()
        .filter_map(|file| file["path"].as_str())
        .collect();
    for entry in fs::read_dir(&folder)? {
        let name = entry?.file_name();
        if !packed.iter().any(|path| name == **path) {
            bail!("npm left `{}` out of the package", name.to_string_lossy());
        }
    }
    let name = report["filename"]
        .as_str()
        .context("`npm pack` names no file")?;
    Ok(workspace.npm().join(name))
}
