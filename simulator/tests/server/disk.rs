//! A disk that is full, a file that cannot be written: said clearly, and nothing is lost.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sqlx::{Connection, Row, SqliteConnection};
use tempfile::TempDir;
use tokio::process::Command;

use crate::kit::{Client, Limits, Server, program};

/// The user who may do nothing, on every Linux.
const NOBODY: &str = "65534";

/// A file for the journal in a folder of its own.
struct Place {
    folder: TempDir,
    file: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("amana.db");
        Self { folder, file }
    }

    fn store(&self) -> String {
        format!("sqlite:{}", self.file.display())
    }

    async fn start(&self, limits: Limits) -> Server {
        let clock = ["--clock", "frozen"];
        Server::start_with(&self.store(), self.folder.path(), &clock, limits).await
    }
}

async fn name(client: &Client, phone: u32) -> Option<Value> {
    let path = format!("/_amana/phones/+254712{phone:06}");
    let change = json!({"name": format!("Nafula {phone}")});
    let answer = client.call("PUT", &path, &change).await.unwrap();
    match answer.status {
        200 => None,
        503 => Some(answer.json),
        status => panic!("{status} {}", answer.json),
    }
}

/// The phones there are.
async fn phones(client: &Client) -> usize {
    let list = client.get("/_amana/phones").await;
    list["phones"].as_array().unwrap().len()
}

/// The most bytes a file of the process may have from now on.
async fn limit(server: &Server, bytes: &str) {
    let mut prlimit = Command::new("prlimit");
    let (process, size) = (server.id().to_string(), format!("--fsize={bytes}:"));
    let limited = prlimit.args(["--pid", &process, &size]).status().await;
    assert!(limited.unwrap().success());
}

async fn check_file(file: &Path) {
    let address = format!("sqlite://{}", file.display());
    let mut connection = SqliteConnection::connect(&address).await.unwrap();
    let row = sqlx::query("PRAGMA integrity_check").fetch_one(&mut connection);
    assert_eq!(row.await.unwrap().get::<String, _>(0), "ok");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_refuses_changes_and_loses_none() {
    let place = Place::new();
    let server = place.start(Limits::Files).await;
    let client = server.client("default");
    let mut taken = 0;
    while taken < 5 {
        assert_eq!(name(&client, taken).await, None);
        taken += 1;
    }
    let log = place.file.with_extension("db-wal");
    let room = log.metadata().unwrap().len() + 64 * 1024;
    limit(&server, &room.to_string()).await;
    let refused = loop {
        match name(&client, taken).await {
            None => taken += 1,
            Some(problem) => break problem,
        }
        assert!(taken < 1_000, "the disk is never full");
    };
    assert_eq!(refused["code"], "store.unavailable");
    assert!(
        server.log().contains("the journal failed"),
        "{}",
        server.log()
    );
    // What is there can be seen, and is what was acknowledged.
    assert_eq!(phones(&client).await, taken as usize);
    client.check_invariants().await;
    let before = client.get("/_amana/state_hash").await;
    assert!(name(&client, taken).await.is_some());
    assert_eq!(client.get("/_amana/state_hash").await, before);
    // With room again everything goes on, and survives.
    limit(&server, "unlimited").await;
    assert_eq!(name(&client, taken).await, None);
    let after = client.get("/_amana/state_hash").await;
    server.kill().await;
    let server = place.start(Limits::None).await;
    let client = server.client("default");
    assert_eq!(client.get("/_amana/state_hash").await, after);
    assert_eq!(phones(&client).await, taken as usize + 1);
    client.check_invariants().await;
    server.stop().await;
    check_file(&place.file).await;
}

/// The program as somebody who may not write the file: as root one may write everything.
async fn as_reader(folder: &Path) -> Command {
    let id = Command::new("id").arg("-u").output().await.unwrap();
    if id.stdout != b"0\n" {
        return program(Limits::None);
    }
    let copy = folder.join("amana");
    std::fs::copy(program(Limits::None).as_std().get_program(), &copy).unwrap();
    let mut command = Command::new("setpriv");
    command.args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"]);
    command.arg(copy);
    command
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_file_that_cannot_be_written_is_named_and_not_served() {
    let place = Place::new();
    let folder = place.folder.path();
    let server = place.start(Limits::None).await;
    assert_eq!(name(&server.client("default"), 1).await, None);
    server.stop().await;
    let command = as_reader(folder).await;
    std::fs::set_permissions(folder, Permissions::from_mode(0o555)).unwrap();
    std::fs::set_permissions(&place.file, Permissions::from_mode(0o444)).unwrap();
    let before = std::fs::read(&place.file).unwrap();
    let log = tempfile::NamedTempFile::new().unwrap();
    let started = Server::launch(command, &place.store(), log.path(), &[]).await;
    let said = started.err().expect("it must not be served");
    assert!(said.contains(&place.file.display().to_string()), "{said}");
    assert!(said.contains("readonly"), "{said}");
    std::fs::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
    assert_eq!(std::fs::read(&place.file).unwrap(), before);
}

#[tokio::test]
async fn a_journal_can_be_looked_at_without_writing_to_it() {
    let place = Place::new();
    let server = place.start(Limits::None).await;
    assert_eq!(name(&server.client("default"), 1).await, None);
    server.stop().await;
    let before = std::fs::read(&place.file).unwrap();
    let store = format!("{}?mode=ro", place.store());
    let server = Server::start(&store, place.folder.path()).await;
    let client = server.client("default");
    assert_eq!(phones(&client).await, 1);
    let refused = name(&client, 2).await.unwrap();
    assert_eq!(refused["code"], "store.unavailable");
    assert_eq!(phones(&client).await, 1);
    server.stop().await;
    assert_eq!(std::fs::read(&place.file).unwrap(), before);
}

#[tokio::test]
async fn what_is_no_journal_is_named_and_left_alone() {
    let place = Place::new();
    let text = "This is no database.\n".repeat(1_000);
    std::fs::write(&place.file, &text).unwrap();
    let log = place.folder.path().join("log");
    let started = Server::launch(program(Limits::None), &place.store(), &log, &[]).await;
    let said = started.err().expect("it must not be served");
    assert!(said.contains(&place.file.display().to_string()), "{said}");
    assert!(said.contains("not a database"), "{said}");
    assert_eq!(std::fs::read_to_string(&place.file).unwrap(), text);
}
