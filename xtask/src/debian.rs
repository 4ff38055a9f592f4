//! Packages of Debian and its relatives, for what a test needs and the machine lacks.

use std::process::Command;

use anyhow::Result;

use crate::process;

/// Whether packages can be installed without asking anybody.
pub fn may_install() -> bool {
    let root = process::capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    root && process::works(Command::new("apt-get").arg("--version"))
}

/// Installs these.
pub fn install(packages: &[&str]) -> Result<()> {
    process::run(apt_get().args(["update", "-qq"]))?;
    process::run(
        apt_get()
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(packages),
    )
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
