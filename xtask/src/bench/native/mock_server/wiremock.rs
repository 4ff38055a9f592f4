//! WireMock: a Java program, which comes as an npm package.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::{Place, Stub};
use crate::{debian, process};

const WANTED: &str = "Java 11 or newer is needed: install it (on Debian the package \
    `default-jre-headless`), so that there is `java` on the search path";

/// The package of Debian.
const PACKAGE: &str = "default-jre-headless";

/// All that it can do without is off: the journal of requests, logs, compression, HTTP/2, the
/// search for extensions. Bodies have a length and come in one piece.
const OPTIONS: &[&str] = &[
    "--no-request-journal",
    "--disable-request-logging",
    "--disable-banner",
    "--disable-gzip",
    "--disable-http2-plain",
    "--disable-extensions-scanning",
    "--disable-response-templating",
    "--use-chunked-encoding=never",
];

/// A thread for every caller, and some for itself.
const THREADS: &str = "--container-threads=100";

/// A stub mapping.
pub fn prepare(stub: &Stub, place: &Place<'_>) -> Result<Command> {
    ensure_java()?;
    let mapping = json!({
        "request": {"method": "POST", "urlPath": stub.path},
        "response": {
            "status": 200,
            "headers": {"content-type": "application/json"},
            "body": stub.answer.to_string(),
        },
    });
    let mappings = place.folder.join("mappings");
    fs::create_dir(&mappings)?;
    fs::write(mappings.join("stub.json"), mapping.to_string())?;
    let mut command = process::tied("java", "KILL", &[]);
    command
        .arg("-jar")
        .arg(jar(&place.packages.join("wiremock/build"))?)
        .arg(format!("--bind-address={}", place.address.ip()))
        .arg(format!("--port={}", place.address.port()))
        .arg("--root-dir=.")
        .arg(THREADS)
        .args(OPTIONS);
    Ok(command)
}

/// The program is the only one of its kind in the folder.
fn jar(folder: &Path) -> Result<PathBuf> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot look into {}", folder.display()))?;
    let mut files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    files
        .find(|file| file.extension().is_some_and(|extension| extension == "jar"))
        .with_context(|| format!("there is no Java program in {}", folder.display()))
}

/// Makes sure that there is Java; on Debian it is installed if we may.
fn ensure_java() -> Result<()> {
    if has_java() {
        return Ok(());
    }
    debian::install(&[PACKAGE]).context(WANTED)?;
    match has_java() {
        true => Ok(()),
        false => bail!("{WANTED}"),
    }
}

fn has_java() -> bool {
    process::works(Command::new("java").arg("-version"))
}
