//! Where things are.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// The folders of the project.
pub struct Workspace {
    /// The root of the repository.
    pub root: PathBuf,
    /// Cargo's target folder, wherever it was set to be.
    pub target: PathBuf,
}

impl Workspace {
    /// Asks Cargo.
    pub fn find() -> Result<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut command = cargo(here);
        command.args(["metadata", "--no-deps", "--format-version=1"]);
        let metadata: serde_json::Value = serde_json::from_str(&process::capture(&mut command)?)?;
        let folder = |key: &str| {
            metadata[key]
                .as_str()
                .map(PathBuf::from)
                .with_context(|| format!("`cargo metadata` names no `{key}`"))
        };
        Ok(Self {
            root: folder("workspace_root")?,
            target: folder("target_directory")?,
        })
    }

    /// Where the npm package is put together. Always below the root, because the page names it by
    /// a relative path.
    pub fn npm(&self) -> PathBuf {
        self.root.join("target/npm")
    }

    /// The folder of the WASM crate and of the tools that build and test its package.
    pub fn wasm(&self) -> PathBuf {
        self.root.join("wasm")
    }

    /// The folder of the page.
    pub fn page(&self) -> PathBuf {
        self.root.join("web-demo")
    }

    /// The folder of the tests with client libraries of others.
    pub fn clients(&self) -> PathBuf {
        self.root.join("tests/conformance")
    }

    /// The program `amana` of a development build.
    pub fn sandbox(&self) -> PathBuf {
        let name = format!("amana{}", std::env::consts::EXE_SUFFIX);
        self.target.join("debug").join(name)
    }

    /// Cargo, run in the root.
    pub fn cargo(&self) -> Command {
        cargo(&self.root)
    }
}

fn cargo(folder: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(folder);
    command
}
