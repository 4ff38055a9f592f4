//! Many tests on one server with a file, and one story on two servers.

use amana_core::provider::daraja::auth::password;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

use crate::kit::{Client, Server};

const PHONE: &str = "254708374149";
const SHORTCODE: &str = "174379";
const PASSKEY: &str = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919";
const TIME: &str = "20261010143005";

/// Money asked for in a namespace of its own while half of the requests fail.
async fn tell(client: &Client) -> Value {
    let path = "/daraja/oauth/v1/generate?grant_type=client_credentials";
    let token = client.get(path).await["access_token"].clone();
    let client = client.with_token(token.as_str().unwrap());
    let fault = json!({"leg": "request", "kind": "status", "when": {"probability": 0.5}});
    client.ok("POST", "/_amana/faults", &fault).await;
    let mut refused = 0;
    for amount in 1..=4 {
        let push = json!({
            "BusinessShortCode": SHORTCODE, "Password": password(SHORTCODE, PASSKEY, TIME),
            "Timestamp": TIME, "TransactionType": "CustomerPayBillOnline", "Amount": amount,
            "PartyA": PHONE, "PartyB": SHORTCODE, "PhoneNumber": PHONE,
            "CallBackURL": "http://127.0.0.1:1/", "AccountReference": "VC-1",
            "TransactionDesc": "Maize",
        });
        let path = "/daraja/mpesa/stkpush/v1/processrequest";
        let answer = client.call("POST", path, &push).await.unwrap();
        refused += u32::from(answer.status == 503);
        let advance = json!({"by": "1m"});
        client.ok("POST", "/_amana/clock/advance", &advance).await;
    }
    client.check_invariants().await;
    let phone = client.get(&format!("/_amana/phones/{PHONE}")).await;
    let hashes = client.get("/_amana/state_hash").await;
    json!([hashes, phone["balance"], refused])
}

/// Everything in every table that speaks of a namespace.
async fn traces(file: &std::path::Path) -> Vec<String> {
    let address = format!("sqlite://{}?mode=ro", file.display());
    let mut connection = SqliteConnection::connect(&address).await.unwrap();
    let mut found = Vec::new();
    for (table, column) in [
        ("amana_namespaces", "name"),
        ("amana_batches", "namespace"),
        ("amana_snapshots", "namespace"),
    ] {
        let query = format!("SELECT {column} FROM {table}");
        let rows = sqlx::query(AssertSqlSafe(query)).fetch_all(&mut connection);
        found.extend(
            rows.await
                .unwrap()
                .iter()
                .map(|row| row.get::<String, _>(0)),
        );
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_at_a_time_see_nothing_of_each_other_and_leave_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("amana.db");
    let server = Server::start(&format!("sqlite:{}", file.display()), folder.path()).await;
    let remove = |namespace: String| {
        let client = server.client("default");
        async move {
            let path = format!("/_amana/namespaces/{namespace}");
            client.ok("DELETE", &path, &Value::Null).await;
        }
    };
    let alone = tell(&server.client("alone")).await;
    remove("alone".to_owned()).await;
    for round in 0..20 {
        let stories = (0..50).map(|number| {
            let namespace = format!("t{round}-{number}");
            let (client, removed) = (server.client(&namespace), remove(namespace));
            tokio::spawn(async move {
                let told = tell(&client).await;
                removed.await;
                told
            })
        });
        for told in stories.collect::<Vec<_>>() {
            assert_eq!(told.await.unwrap(), alone, "round {round}");
        }
    }
    server.stop().await;
    assert_eq!(traces(&file).await, Vec::<String>::new());
}

#[tokio::test]
async fn one_seed_and_one_story_give_one_log_in_every_store() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite:{}", folder.path().join("amana.db").display());
    let mut told = Vec::new();
    for store in [sqlite.as_str(), "memory"] {
        let server = Server::start(store, folder.path()).await;
        told.push(tell(&server.client("default")).await);
        told.push(tell(&server.client("again")).await);
    }
    assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
}

#[tokio::test]
async fn a_snapshot_is_the_same_on_another_machine_and_goes_on_alike() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite:{}", folder.path().join("amana.db").display());
    let here = Server::start(&sqlite, folder.path()).await;
    let there = Server::start("memory", folder.path()).await;
    let (from, to) = (here.client("default"), there.client("copy"));
    tell(&from).await;
    let snapshot = from.get("/_amana/snapshot").await;
    let restored = to.ok("PUT", "/_amana/snapshot", &snapshot).await;
    assert_eq!(restored, from.get("/_amana/state_hash").await);
    let mut ends = Vec::new();
    for client in [&from, &to] {
        let text = json!({"to": "40404", "text": "HELLO"});
        let path = format!("/_amana/phones/{PHONE}/messages");
        client.ok("POST", &path, &text).await;
        let advance = json!({"by": "30d"});
        client.ok("POST", "/_amana/clock/advance", &advance).await;
        client.check_invariants().await;
        ends.push(client.get("/_amana/state_hash").await);
    }
    assert_eq!(ends[0], ends[1]);
    // Back where it came from it is as it was, and what has happened since is gone for good.
    let back = from.ok("PUT", "/_amana/snapshot", &snapshot).await;
    assert_eq!(back, restored);
    here.kill().await;
    let again = Server::start(&sqlite, folder.path()).await;
    let hashes = again.client("default").get("/_amana/state_hash").await;
    assert_eq!(hashes, restored);
}

#[tokio::test]
async fn a_reset_leaves_nothing_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite:{}", folder.path().join("amana.db").display());
    let server = Server::start(&sqlite, folder.path()).await;
    let client = server.client("default");
    let new = client.get("/_amana/state_hash").await;
    tell(&client).await;
    client.ok("POST", "/_amana/reset", &Value::Null).await;
    assert_eq!(client.get("/_amana/state_hash").await, new);
    server.kill().await;
    let again = Server::start(&sqlite, folder.path()).await;
    let hashes = again.client("default").get("/_amana/state_hash").await;
    assert_eq!(hashes, new);
}
