//! The tables, and how older ones become the present ones.

use sqlx::{AnyConnection, Executor, Row};

use crate::store::StoreError;

/// What brings the tables from each version to the next, from none at all to the first. Steps are
/// never changed, only added.
const MIGRATIONS: &[&[&str]] = &[&[
    "CREATE TABLE amana_schema (version BIGINT NOT NULL)",
    "INSERT INTO amana_schema (version) VALUES (1)",
    "CREATE TABLE amana_namespaces (name TEXT PRIMARY KEY, start TEXT NOT NULL)",
    "CREATE TABLE amana_batches (
        namespace TEXT NOT NULL,
        seq BIGINT NOT NULL,
        events_hash TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (namespace, seq)
    )",
    "CREATE TABLE amana_snapshots (
        namespace TEXT PRIMARY KEY,
        seq BIGINT NOT NULL,
        events_hash TEXT NOT NULL,
        body TEXT NOT NULL
    )",
]];

/// Brings the tables up to date. Writes nothing if they are.
pub(super) async fn migrate(connection: &mut AnyConnection) -> Result<(), StoreError> {
    migrate_by(MIGRATIONS, connection).await
}

async fn migrate_by(
    migrations: &'static [&'static [&'static str]],
    connection: &mut AnyConnection,
) -> Result<(), StoreError> {
    let version = version(connection).await?;
    let known = migrations.len();
    if version > known {
        return Err(StoreError::new(format_args!(
            "its tables have version {version}, this program knows {known}: use a newer one"
        )));
    }
    for (from, steps) in migrations.iter().enumerate().skip(version) {
        connection.execute("BEGIN").await?;
        let migrated = async {
            for step in *steps {
                connection.execute(*step).await?;
            }
            let to = i64::try_from(from + 1).map_err(StoreError::new)?;
            let update = sqlx::query("UPDATE amana_schema SET version = $1").bind(to);
            update.execute(&mut *connection).await?;
            connection.execute("COMMIT").await?;
            Ok::<_, StoreError>(())
        };
        if let Err(error) = migrated.await {
            // The first error says more than whether this one worked.
            let _ = connection.execute("ROLLBACK").await;
            return Err(error);
        }
    }
    Ok(())
}

/// The version of the tables; 0 if there are none.
async fn version(connection: &mut AnyConnection) -> Result<usize, StoreError> {
    let query = sqlx::query("SELECT version FROM amana_schema");
    let version: i64 = match query.fetch_optional(connection).await {
        Ok(Some(row)) => row.try_get(0)?,
        Ok(None) => 0,
        // There is no such table, which both engines say in their own way. If it is something else
        // that is wrong, making the tables fails with that.
        Err(sqlx::Error::Database(_)) => 0,
        Err(error) => return Err(error.into()),
    };
    usize::try_from(version).map_err(StoreError::new)
}

#[cfg(test)]
mod tests {
    use sqlx::Connection;

    use super::*;

    async fn file(folder: &tempfile::TempDir) -> AnyConnection {
        sqlx::any::install_default_drivers();
        let path = folder.path().join("a.db");
        let address = format!("sqlite://{}?mode=rwc", path.display());
        AnyConnection::connect(&address).await.unwrap()
    }

    #[tokio::test]
    async fn older_tables_keep_what_is_in_them() {
        const LATER: &[&[&str]] = &[
            MIGRATIONS[0],
            &["ALTER TABLE amana_namespaces ADD COLUMN note TEXT NOT NULL DEFAULT 'none'"],
        ];
        let folder = tempfile::tempdir().unwrap();
        let mut connection = file(&folder).await;
        migrate(&mut connection).await.unwrap();
        let insert = "INSERT INTO amana_namespaces (name, start) VALUES ('a', '{}')";
        connection.execute(insert).await.unwrap();
        for _ in 0..2 {
            migrate_by(LATER, &mut connection).await.unwrap();
            assert_eq!(version(&mut connection).await.unwrap(), 2);
        }
        let query = sqlx::query("SELECT name, note FROM amana_namespaces");
        let row = query.fetch_one(&mut connection).await.unwrap();
        assert_eq!(row.get::<String, _>(0), "a");
        assert_eq!(row.get::<String, _>(1), "none");
        let error = migrate(&mut connection).await.unwrap_err();
        assert!(error.to_string().contains("version 2"), "{error}");
    }

    #[tokio::test]
    async fn a_step_that_fails_leaves_the_tables_as_they_were() {
        const BROKEN: &[&[&str]] = &[
            MIGRATIONS[0],
            &["CREATE TABLE amana_more (a TEXT)", "CREATE NONSENSE"],
        ];
        let folder = tempfile::tempdir().unwrap();
        let mut connection = file(&folder).await;
        migrate_by(BROKEN, &mut connection).await.unwrap_err();
        assert_eq!(version(&mut connection).await.unwrap(), 1);
        connection
            .execute("SELECT a FROM amana_more")
            .await
            .unwrap_err();
        migrate(&mut connection).await.unwrap();
    }
}
