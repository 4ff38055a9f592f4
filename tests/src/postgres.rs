//! Databases in the PostgreSQL that `cargo xtask test` has started.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

/// Names the server: its address without a database, `postgres://…/?host=…`.
const VARIABLE: &str = "AMANA_TEST_POSTGRES";

/// Makes an empty database; its address. The server is thrown away after the tests, and with it
/// what they leave.
///
/// # Panics
/// If there is no server, or it makes none.
#[expect(
    clippy::expect_used,
    reason = "a test that has no database says so and fails"
)]
pub async fn postgres() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var(VARIABLE)
        .expect("AMANA_TEST_POSTGRES is set by `cargo xtask test`, which starts PostgreSQL");
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("amana_{}_{number}", std::process::id());
    let mut connection = PgConnection::connect(&server)
        .await
        .expect("PostgreSQL answers");
    let create = format!("CREATE DATABASE {name}");
    connection
        .execute(AssertSqlSafe(create))
        .await
        .expect("a database is made");
    server.replacen("/?", &format!("/{name}?"), 1)
}
