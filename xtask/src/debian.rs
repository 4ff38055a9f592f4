//! Packages of Debian and its relatives, for what a test needs and the machine lacks.

use std::process::Command;

use anyhow::Result;

use crate::process;

/// Installs these, if this is Debian and we may; else does nothing, and who needs them says so.
///
/// # Errors
/// If they cannot be installed.
pub fn install(packages: &[&str]) -> Result<()> {
    if !is_root() || !process::works(Command::new("apt-get").arg("--version")) {
        return Ok(());
    }
    process::run(apt_get().args(["update", "-qq"]))?;
    let quietly = ["install", "-y", "-qq", "--no-install-recommends"];
    process::run(apt_get().args(quietly).args(packages))
}

/// Whether everything is allowed.
pub fn is_root() -> bool {
    process::capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
