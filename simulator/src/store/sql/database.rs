//! Which database it is, and how it is connected to.

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions, Executor, Row};

use super::schema;
use crate::store::StoreError;

/// How long a database may take to answer before it counts as gone.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// How long the journal may be held by a process that is just ending.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);
/// Connections that read at the same time, and how long an unused one is kept.
const READERS_MAX: u32 = 4;
const READER_IDLE: Duration = Duration::from_secs(60);
/// Four times the usual: what is written is long, and each page is a call of its own.
const PAGE_SIZE: &str = "PRAGMA page_size = 16384";
/// Pages of SQLite's log, 128 MB, from which on the connection that writes empties it in a commit,
/// because [`Checkpoints`](super::checkpoint::Checkpoints) do not keep up.
const LOG_MAX: &str = "PRAGMA wal_autocheckpoint = 8192";
/// What PostgreSQL's advisory lock is taken on, beside the schema: "amana" in ASCII.
const LOCK_KEY: i64 = 0x61_6d_61_6e_61;
/// PostgreSQL's code for a function it does not have.
const NO_SUCH_FUNCTION: &str = "42883";

/// A database; cheap to clone.
#[derive(Clone)]
pub(super) struct Database {
    engine: Engine,
    options: AnyConnectOptions,
}

#[derive(Debug, Clone)]
enum Engine {
    Sqlite {
        file: String,
        synchronous: Synchronous,
        /// Asked for: it is only looked at.
        read_only: bool,
        /// Held as long as the store is open; none if the file cannot be written anyway.
        _lock: Option<Arc<File>>,
    },
    Postgres,
}

/// When SQLite waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Synchronous {
    /// At checkpoints: what is committed survives the end of the process, not of the power.
    Normal,
    /// At every commit.
    Full,
}

impl fmt::Debug for Database {
    /// Without the address, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Database").field(&self.engine).finish()
    }
}

impl Database {
    /// Reads an address. A SQLite file is locked against other processes from here on.
    pub(super) fn parse(address: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let (engine, address) = match address.strip_prefix("sqlite:") {
            Some(file) => sqlite(file)?,
            None => (Engine::Postgres, address.to_owned()),
        };
        let options = AnyConnectOptions::from_str(&address)
            .map_err(|_| StoreError::new("the address of the database cannot be read"))?;
        Ok(Self { engine, options })
    }

    /// What it is called in `health`.
    pub(super) const fn kind(&self) -> &'static str {
        match self.engine {
            Engine::Sqlite { .. } => "sqlite",
            Engine::Postgres => "postgres",
        }
    }

    /// Whether what is committed first goes to a log that somebody must empty.
    pub(super) const fn has_log(&self) -> bool {
        matches!(self.engine, Engine::Sqlite { .. })
    }

    /// The connection that writes. There is one at a time, in all processes.
    pub(super) async fn connect(&self) -> Result<AnyConnection, StoreError> {
        let connected = tokio::time::timeout(PATIENCE, self.prepare()).await;
        let late = |_| Err(StoreError::new("the database did not answer in time"));
        match (connected.unwrap_or_else(late), &self.engine) {
            (Err(error), Engine::Sqlite { file, .. }) => Err(error.about(file)),
            (connected, Engine::Sqlite { .. } | Engine::Postgres) => connected,
        }
    }

    async fn prepare(&self) -> Result<AnyConnection, StoreError> {
        let mut connection = self.options.connect().await?;
        match &self.engine {
            Engine::Sqlite { synchronous, .. } => {
                // Of a file that is there already, neither is changed.
                connection.execute(PAGE_SIZE).await?;
                connection.execute("PRAGMA journal_mode = WAL").await?;
                connection.execute(synchronous.pragma()).await?;
                connection.execute(LOG_MAX).await?;
            }
            Engine::Postgres => lock(&mut connection).await?,
        }
        schema::migrate(&mut connection).await?;
        if let Engine::Sqlite { read_only, .. } = self.engine
            && !read_only
        {
            // A file that cannot be written is found out now, not by the first request.
            connection.execute("BEGIN IMMEDIATE").await?;
            connection.execute("ROLLBACK").await?;
        }
        Ok(connection)
    }

    /// Connections that read, made when they are needed.
    pub(super) fn pool(&self) -> AnyPool {
        AnyPoolOptions::new()
            .max_connections(READERS_MAX)
            .acquire_timeout(PATIENCE)
            .idle_timeout(READER_IDLE)
            .connect_lazy_with(self.options.clone())
    }
}

impl Synchronous {
    const fn pragma(self) -> &'static str {
        match self {
            Self::Normal => "PRAGMA synchronous = NORMAL",
            Self::Full => "PRAGMA synchronous = FULL",
        }
    }
}

/// Reads what follows `sqlite:`: a file, and after `?` options of SQLite and `synchronous`.
fn sqlite(rest: &str) -> Result<(Engine, String), StoreError> {
    let (file, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = file.strip_prefix("//").unwrap_or(file);
    if path.is_empty() || path == ":memory:" {
        return Err(StoreError::new(
            "`sqlite:` needs a file; `memory` keeps the journal in memory",
        ));
    }
    let mut synchronous = Synchronous::Normal;
    let mut options = vec![];
    for option in query.split('&').filter(|option| !option.is_empty()) {
        match option.split_once('=') {
            Some(("synchronous", "normal")) => synchronous = Synchronous::Normal,
            Some(("synchronous", "full")) => synchronous = Synchronous::Full,
            Some(("synchronous", _)) => {
                return Err(StoreError::new("`synchronous` is `normal` or `full`"));
            }
            Some(_) | None => options.push(option),
        }
    }
    let read_only = options.contains(&"mode=ro");
    if !options.iter().any(|option| option.starts_with("mode=")) {
        options.push("mode=rwc");
    }
    let lock = if read_only { None } else { lock_file(path)? };
    let engine = Engine::Sqlite {
        file: path.to_owned(),
        synchronous,
        read_only,
        _lock: lock,
    };
    Ok((engine, format!("sqlite://{path}?{}", options.join("&"))))
}

/// Locks `<file>-lock`. Not the file itself: closing it once more would end SQLite's own locks.
fn lock_file(path: &str) -> Result<Option<Arc<File>>, StoreError> {
    let path = PathBuf::from(format!("{path}-lock"));
    let file = File::options().create(true).append(true).open(&path);
    let Ok(file) = file else {
        // Where no file can be made, SQLite says what is wrong in better words.
        return Ok(None);
    };
    match file.try_lock() {
        Ok(()) => Ok(Some(Arc::new(file))),
        Err(std::fs::TryLockError::WouldBlock) => Err(in_use(&path)),
        Err(std::fs::TryLockError::Error(error)) => Err(StoreError::new(error)),
    }
}

fn in_use(path: &Path) -> StoreError {
    StoreError::new(format_args!(
        "another sandbox uses this journal (it holds {})",
        path.display()
    ))
}

/// Takes the advisory lock of the schema, which ends with the connection.
async fn lock(connection: &mut AnyConnection) -> Result<(), StoreError> {
    let start = tokio::time::Instant::now();
    loop {
        let query = sqlx::query("SELECT pg_try_advisory_lock($1 # hashtext(current_schema()))");
        let taken = match query.bind(LOCK_KEY).fetch_one(&mut *connection).await {
            Ok(row) => row.try_get(0)?,
            // A database that only speaks the protocol need not have such locks.
            Err(sqlx::Error::Database(error))
                if error.code().as_deref() == Some(NO_SUCH_FUNCTION) =>
            {
                true
            }
            Err(error) => return Err(error.into()),
        };
        if taken {
            return Ok(());
        }
        if start.elapsed() > LOCK_PATIENCE {
            return Err(StoreError::new("another sandbox uses this journal"));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_files_are_read_with_their_options() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a b.db");
        let file = file.to_str().unwrap();
        for (options, synchronous, passed_on) in [
            ("", Synchronous::Normal, "mode=rwc"),
            ("?synchronous=normal", Synchronous::Normal, "mode=rwc"),
            ("?synchronous=full", Synchronous::Full, "mode=rwc"),
            ("?mode=ro&synchronous=full", Synchronous::Full, "mode=ro"),
            ("?mode=rw", Synchronous::Normal, "mode=rw"),
        ] {
            for slashes in ["", "//"] {
                let (engine, address) = sqlite(&format!("{slashes}{file}{options}")).unwrap();
                assert_eq!(address, format!("sqlite://{file}?{passed_on}"));
                let Engine::Sqlite { synchronous: s, .. } = engine else {
                    panic!("{engine:?}");
                };
                assert_eq!(s, synchronous, "{options}");
            }
        }
    }

    #[test]
    fn an_address_without_a_file_or_with_a_wrong_option_is_refused() {
        for wrong in ["", "//", ":memory:", "a.db?synchronous=off"] {
            assert!(sqlite(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn two_cannot_hold_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let first = sqlite(file.to_str().unwrap()).unwrap();
        let error = sqlite(file.to_str().unwrap()).unwrap_err();
        assert!(error.to_string().contains("another sandbox"), "{error}");
        drop(first);
        sqlite(file.to_str().unwrap()).unwrap();
    }

    #[test]
    fn a_password_is_not_shown() {
        let database = Database::parse("postgres://me:hunter2@localhost/amana").unwrap();
        assert!(!format!("{database:?}").contains("hunter2"));
        let error = Database::parse("postgres://me:hunter2@[/amana").unwrap_err();
        assert!(!error.to_string().contains("hunter2"));
    }
}
