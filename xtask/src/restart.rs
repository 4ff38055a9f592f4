//! Starting this program again, built with optimisation and with a feature that plain
//! `cargo xtask` never pays for.

use anyhow::Result;

use crate::process;
use crate::workspace::Workspace;

/// Set for the second start.
const AGAIN: &str = "AMANA_XTASK_AGAIN";

/// How the second start is built.
pub struct Build {
    /// Cargo's profile.
    pub profile: &'static str,
    /// The feature with the code that the first start lacks.
    pub feature: &'static str,
}

/// Whether this is the second start.
pub fn is_again() -> bool {
    std::env::var_os(AGAIN).is_some()
}

/// Builds this program anew and starts it with these arguments.
///
/// # Errors
/// If it cannot be built, or fails.
pub fn again(workspace: &Workspace, build: &Build, arguments: &[String]) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo
        .args(["run", "--quiet", "--profile", build.profile])
        .args(["--package=xtask", "--no-default-features"])
        .args(["--features", build.feature, "--"])
        .args(arguments)
        .env(AGAIN, "1");
    process::run(&mut cargo)
}
