//! Node and npm.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;

/// The oldest major version the package and the page are tested on.
const MAJOR_MIN: u32 = 20;
const WANTED: &str = "Node 20 or newer is needed: https://nodejs.org";

/// Makes sure that Node is there and new enough.
pub fn ensure() -> Result<()> {
    let version = process::capture(Command::new("node").arg("--version")).context(WANTED)?;
    match major(&version) {
        Some(major) if major >= MAJOR_MIN => {}
        _ => bail!("{WANTED} (found {})", version.trim()),
    }
    if !process::works(npm(Path::new(".")).arg("--version")) {
        bail!("npm is needed, it comes with Node: https://nodejs.org");
    }
    Ok(())
}

/// npm, run in this folder.
pub fn npm(folder: &Path) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(folder);
    command
}

/// Installs what the folder's lock file names, unless that is what was installed last.
pub fn install(folder: &Path) -> Result<()> {
    let lock = fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("{} has no package-lock.json", folder.display()))?;
    let stamp = folder.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    process::run(npm(folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))
        .context("cannot install the npm packages: is the npm registry reachable?")?;
    // A folder without dependencies gets no `node_modules`.
    fs::create_dir_all(folder.join("node_modules"))?;
    Ok(fs::write(stamp, lock)?)
}

/// The major version in `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    let number = version.trim().strip_prefix('v')?;
    number.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_major_version() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("v8.0"), Some(8));
        assert_eq!(major("20.1.0"), None);
        assert_eq!(major("vnext"), None);
    }
}
