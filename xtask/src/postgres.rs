//! A PostgreSQL for the tests: a cluster in a folder that is thrown away.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::{debian, process};

const WANTED: &str = "no PostgreSQL found: install it (on Debian the package `postgresql`), or put \
    its `initdb` and `pg_ctl` on the search path, or leave its tests out with `--skip-postgres`";

/// The package of Debian, and where it keeps the programs: in `<version>/bin` of this folder.
const PACKAGE: &str = "postgresql";
const PACKAGED: &str = "/usr/lib/postgresql";

/// What is used of it.
const PROGRAMS: [&str; 4] = ["initdb", "pg_ctl", "pg_isready", "postgres"];

/// Who runs it when we are root, which it refuses to be.
const USER: &str = "postgres";
/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running cluster; it is stopped and removed when it is dropped. It also stops when this program
/// ends in another way, by Ctrl-C or killed.
pub struct Cluster {
    server: Option<Child>,
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
        let mut cluster = Self {
            server: None,
            programs: ensure_installed()?,
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
        cluster
            .start_server()
            .context("PostgreSQL does not start")?;
        Ok(cluster)
    }

    fn start_server(&mut self) -> Result<()> {
        let socket = self.folder.path().display().to_string();
        let log = File::create(self.folder.path().join("log"))?;
        // Nothing in it need survive the machine.
        let mut server = self.program("postgres");
        server.args(["-F", "-c", "listen_addresses=", "-k", &socket]);
        server.stdin(Stdio::null()).stdout(log.try_clone()?);
        self.server = Some(server.stderr(log).spawn()?);
        let begin = Instant::now();
        let mut ready = self.program("pg_isready");
        ready.args(["--quiet", "--host", &socket]);
        while !process::works(&mut ready) {
            let ended = self.server.as_mut().map(Child::try_wait).transpose()?;
            if ended.flatten().is_some() || begin.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.folder.path().join("log"))?;
                bail!("it says: {log}");
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Its address, without a database.
    pub fn address(&self) -> String {
        let socket = self.folder.path().display();
        format!("postgres://{USER}@localhost/?host={socket}")
    }

    /// A program of PostgreSQL, which is not root and is interrupted when this program is no more.
    fn program(&self, name: &str) -> Command {
        let user: &[&str] = match self.is_root {
            true => &["--reuid", USER, "--regid", USER, "--init-groups"],
            false => &[],
        };
        let mut command = process::tied(self.programs.join(name), "INT", user);
        let folder = self.folder.path();
        command
            .current_dir(folder)
            .env("PGDATA", folder.join("data"));
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let Some(mut server) = self.server.take() else {
            return;
        };
        let mut stop = self.program("pg_ctl");
        let stopped = process::run(stop.args(["stop", "--mode=immediate", "--silent"]));
        if let Err(error) = stopped.and_then(|()| Ok(server.wait()?)) {
            eprintln!("PostgreSQL was not stopped: {error:#}");
        }
    }
}

fn ensure_installed() -> Result<PathBuf> {
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
    PROGRAMS.iter().all(|name| folder.join(name).is_file())
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
            for program in PROGRAMS {
                if (version, program) != ("16", "initdb") {
                    fs::write(programs.join(program), "").unwrap();
                }
            }
        }
        let found = newest(folder.path()).unwrap();
        assert!(found.ends_with("15/bin"), "{}", found.display());
        assert_eq!(newest(&folder.path().join("none")), None);
    }
}
