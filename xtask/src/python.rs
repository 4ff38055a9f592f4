//! Python, and environments of its packages.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{debian, process};

/// The oldest version that the tests run on.
const VERSION_MIN: (u32, u32) = (3, 11);
const WANTED: &str = "Python 3.11 or newer with `venv` is needed: https://www.python.org";
const PACKAGES: &[&str] = &["python3", "python3-venv"];

/// The interpreter of an environment in `folder` with what `requirements` names, made anew when that
/// has changed.
///
/// # Errors
/// If there is no Python and none can be installed, or a package cannot be had.
pub fn environment(folder: &Path, requirements: &Path) -> Result<PathBuf> {
    let wanted = fs::read(requirements)
        .with_context(|| format!("there is no {}", requirements.display()))?;
    let python = interpreter(folder);
    let stamp = folder.join("installed-requirements.txt");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) && works(&python) {
        return Ok(python);
    }
    ensure()?;
    process::run(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(folder),
    )?;
    process::run(
        Command::new(&python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args(["--require-hashes", "--requirement"])
            .arg(requirements),
    )
    .context("cannot install the Python packages: is PyPI reachable?")?;
    fs::write(stamp, wanted)?;
    Ok(python)
}

/// Makes sure that there is a Python that makes environments; on Debian it is installed if we may.
fn ensure() -> Result<()> {
    if makes_environments() {
        return Ok(());
    }
    debian::install(PACKAGES).context(WANTED)?;
    match makes_environments() {
        true => Ok(()),
        false => bail!("{WANTED}"),
    }
}

/// Debian splits what an environment needs from the interpreter.
fn makes_environments() -> bool {
    let (major, minor) = VERSION_MIN;
    let check =
        format!("import ensurepip, sys, venv; assert sys.version_info >= ({major}, {minor})");
    process::works(Command::new("python3").args(["-c", &check]))
}

fn works(python: &Path) -> bool {
    process::works(Command::new(python).arg("--version"))
}

fn interpreter(folder: &Path) -> PathBuf {
    match cfg!(windows) {
        true => folder.join("Scripts").join("python.exe"),
        false => folder.join("bin").join("python"),
    }
}
