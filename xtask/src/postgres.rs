//! A PostgreSQL for the tests: a cluster in a folder that is thrown away.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::{debian, process};

const WANTED: &str = "no PostgreSQL found: install it (on Debian the package `postgresql`), or put \
    its `initdb` and `pg_ctl` on the search path, or leave its tests out with `--skip-postgres`";

/// The package of Debian, and where it keeps the programs: in `<version>/bin` of this folder.
const PACKAGE: &str = "postgresql";
const PACKAGED: &str = "/usr/lib/postgresql";

/// Who runs it when we are root, which it refuses to be.
const USER: &str = "postgres";

/// A running cluster; it is stopped and removed when it is dropped.
pub struct Cluster {
    /// Where the programs are.
    programs: PathBuf,
    /// Holds the data and the socket. Nothing listens on the network.
    folder: TempDir,
    is_root: bool,
}

impl Cluster {
    /// Starts one; PostgreSQL is installed if there is none and we may.
    ///
    /// # Errors
    /// If there is none, or it does not start.
    pub fn start() -> Result<Self> {
        let cluster = Self {
            programs: ensure()?,
            folder: tempfile::Builder::new().prefix("amana-pg-").tempdir()?,
            is_root: debian::is_root(),
        };
        if cluster.is_root {
            let owner = format!("{USER}:");
            process::run(Command::new("chown").arg(owner).arg(cluster.folder.path()))?;
        }
        let mut initdb = cluster.program("initdb");
        initdb.args(["--auth=trust", "--encoding=UTF8", "--locale=C"]);
        process::capture(initdb.args(["--no-sync", "--username", USER]))?;
        // Nothing in it need survive the machine.
        let socket = cluster.folder.path().display();
        let options = format!("-F -c listen_addresses= -c unix_socket_directories={socket}");
        let mut start = cluster.program("pg_ctl");
        start.args(["start", "--wait", "--silent", "--log", "log", "--options"]);
        process::run(start.arg(options)).context("PostgreSQL does not start")?;
        Ok(cluster)
    }

    /// Its address, without a database.
    pub fn address(&self) -> String {
        let socket = self.folder.path().display();
        format!("postgres://{USER}@localhost/?host={socket}")
    }

    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = match self.is_root {
            true => {
                let mut command = Command::new("runuser");
                command.args(["-u", USER, "--"]).arg(path);
                command
            }
            false => Command::new(path),
        };
        let folder = self.folder.path();
        command
            .current_dir(folder)
            .env("PGDATA", folder.join("data"));
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = self.program("pg_ctl");
        if let Err(error) = process::run(stop.args(["stop", "--mode=immediate", "--silent"])) {
            eprintln!("PostgreSQL was not stopped: {error:#}");
        }
    }
}

fn ensure() -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    debian::install(&[PACKAGE]).context(WANTED)?;
    find().context(WANTED)
}

/// The folder with the programs: on the search path, or the newest of Debian's.
fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path).find(|folder| has_programs(folder));
    on_path.or_else(|| newest(Path::new(PACKAGED)))
}

fn has_programs(folder: &Path) -> bool {
    ["initdb", "pg_ctl"]
        .iter()
        .all(|name| folder.join(name).is_file())
}

fn newest(packaged: &Path) -> Option<PathBuf> {
    let versions = fs::read_dir(packaged).ok()?.filter_map(|entry| {
        let name = entry.ok()?.file_name();
        let version: u32 = name.to_str()?.parse().ok()?;
        let programs = packaged.join(name).join("bin");
        has_programs(&programs).then_some((version, programs))
    });
    versions.max().map(|(_, programs)| programs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_counts() {
        let folder = tempfile::tempdir().unwrap();
        for version in ["9", "15", "16", "common"] {
            let programs = folder.path().join(version).join("bin");
            fs::create_dir_all(&programs).unwrap();
            if version != "16" {
                fs::write(programs.join("initdb"), "").unwrap();
            }
            fs::write(programs.join("pg_ctl"), "").unwrap();
        }
        let found = newest(folder.path()).unwrap();
        assert!(found.ends_with("15/bin"), "{}", found.display());
        assert_eq!(newest(&folder.path().join("none")), None);
    }
}
