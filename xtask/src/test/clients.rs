//! Client libraries that others wrote, unmodified, against the sandbox: `tests/conformance/`.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::steps::{counted, test_files};
use super::{Context, Outcome};
use crate::{debian, demo, node, process, python};

/// How the tests are told which program is the sandbox.
const SANDBOX: &str = "AMANA_BIN";
const WANTED: &str = "OpenSSL with its headers is needed to build a client library: \
    on Debian the packages `libssl-dev` and `pkg-config`";

/// Libraries from npm.
pub fn in_node(context: &Context<'_>) -> Result<Outcome> {
    node::ensure()?;
    let folder = context.workspace.clients().join("node");
    node::install(&folder)?;
    demo::build_sandbox(context.workspace)?;
    let files = test_files(&folder)?;
    let mut node = Command::new("node");
    node.current_dir(&folder)
        .args(["--test", "--test-reporter=spec"])
        .args(files)
        .env(SANDBOX, context.workspace.sandbox());
    counted(&mut node)
}

/// Libraries from PyPI.
pub fn in_python(context: &Context<'_>) -> Result<Outcome> {
    let folder = context.workspace.clients().join("python");
    let environment = context.workspace.target.join("conformance/python");
    let python = python::environment(&environment, &folder.join("requirements.txt"))?;
    demo::build_sandbox(context.workspace)?;
    let mut tests = Command::new(python);
    tests
        .current_dir(&folder)
        // Nothing is left between the sources.
        .args(["-B", "-m", "pytest", "-p", "no:cacheprovider"])
        .env(SANDBOX, context.workspace.sandbox());
    counted(&mut tests)
}

/// Libraries from crates.io: a package of its own, because of what they need.
pub fn in_rust(context: &Context<'_>) -> Result<Outcome> {
    ensure_openssl()?;
    demo::build_sandbox(context.workspace)?;
    let target = context.workspace.target.join("conformance/rust");
    let mut cargo = context.workspace.cargo();
    cargo
        .current_dir(context.workspace.clients().join("rust"))
        .args(["test", "--locked", "--no-fail-fast", "--target-dir"])
        .arg(target)
        .env(SANDBOX, context.workspace.sandbox());
    counted(&mut cargo).context("cannot build the client libraries: is crates.io reachable?")
}

fn ensure_openssl() -> Result<()> {
    let found = || {
        std::env::var_os("OPENSSL_DIR").is_some()
            || process::works(Command::new("pkg-config").args(["--exists", "openssl"]))
    };
    if !found() {
        debian::install(&["libssl-dev", "pkg-config"]).context(WANTED)?;
    }
    ensure!(found(), "{WANTED}");
    Ok(())
}
