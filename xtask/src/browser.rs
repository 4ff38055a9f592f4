//! A Chromium for the tests of the page.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{debian, process};

const WANTED: &str = "no Chromium found: install Chromium or Chrome, or set CHROME_PATH to its \
    program, or leave the page's tests out with `--skip-browser`";

/// Names it goes by on the search path.
const NAMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];

/// Where it lies when it is not on the search path.
const PLACES: &[&str] = &[
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

/// An installed Chromium; on Debian it is installed if there is none and we may.
pub fn ensure() -> Result<PathBuf> {
    if let Some(given) = env::var_os("CHROME_PATH") {
        let given = PathBuf::from(given);
        if !given.is_file() {
            bail!("CHROME_PATH names `{}`, which is no file", given.display());
        }
        return Ok(given);
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    debian::install(&["chromium"]).context(WANTED)?;
    find().context(WANTED)
}

fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .flat_map(|folder| NAMES.iter().map(move |name| executable(&folder, name)))
        .chain(PLACES.iter().map(PathBuf::from))
        .find(|program| program.is_file() && starts(program))
}

/// Some systems have a script of that name which only says how to install the real one. On Windows
/// asking for the version would open a window, and there is no such script.
fn starts(program: &Path) -> bool {
    cfg!(windows) || process::works(Command::new(program).arg("--version"))
}

fn executable(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{}", env::consts::EXE_SUFFIX))
}
