//! Requests per second over sockets: requests that change something in the sandbox and are
//! journaled, beside a bare handler that reads and answers the same JSON.

use std::net::SocketAddr;
use std::sync::Arc;

use amana_simulator::host::HostClock;
use amana_simulator::store::{MemoryStore, Store};
use amana_simulator::{ClockMode, Config, build, store};
use anyhow::{Context, Result, anyhow};
use axum::extract::Request;
use axum::routing::post;
use axum::{Router, ServiceExt};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::load::{self, Load};
use crate::bench::measurement::Measurement;
use crate::workspace::Workspace;

const MESSAGES: &str = "/_amana/phones/+254712345678/messages";
const PAYMENT: &str = "/daraja/mpesa/c2b/v1/simulate";
const CHECKOUT: &str = "/africastalking/payments/mobile/checkout/request";
const TOKEN: &str = "/daraja/oauth/v1/generate?grant_type=client_credentials";
/// What the peer here is called.
pub(super) const BARE_HANDLER: &str = "a bare axum handler";

/// A checkout with the journal in memory.
pub fn checkout(_: &Workspace) -> Result<Measurement> {
    let runtime = runtime()?;
    let ours = sandbox(&runtime, Arc::new(MemoryStore::default()))?;
    let answer = |axum::Json(order): axum::Json<Value>| async move {
        axum::Json(json!({
            "description": "Waiting for user input",
            "status": "PendingConfirmation",
            "transactionId": "ATPid_00112233445566778899aabbccddeeff",
            "providerChannel": order["productName"].as_str().map(|_| "525900"),
        }))
    };
    let peer = serve(&runtime, Router::new().route(CHECKOUT, post(answer)))?;
    let load = Load {
        path: CHECKOUT,
        header: "apikey: key".to_owned(),
        body: |count| {
            json!({
                "username": "sandbox", "productName": "VoicePact", "currencyCode": "KES",
                "phoneNumber": format!("+254712{:06}", count % 2_000), "amount": 10,
                "metadata": {"contract": "VC-1042"},
            })
        },
    };
    measured(&load, ours, BARE_HANDLER, peer)
}

/// A text message from a phone, with the journal in an SQLite file: the least that a request which
/// changes something brings about.
pub fn message(_: &Workspace) -> Result<Measurement> {
    let runtime = runtime()?;
    let folder = TempDir::new()?;
    let ours = journaled(&runtime, &folder)?;
    let answer = |axum::Json(message): axum::Json<Value>| async move {
        axum::Json(json!({"id": "msg_1", "to": message["to"], "text": message["text"]}))
    };
    let peer = serve(&runtime, Router::new().route(MESSAGES, post(answer)))?;
    let load = Load {
        path: MESSAGES,
        header: "accept: application/json".to_owned(),
        body: |count| json!({"to": "22384", "text": format!("CONFIRM VC-{count}")}),
    };
    measured(&load, ours, BARE_HANDLER, peer)
}

/// A payment to a paybill by one of 2,000 customers, with the journal in an SQLite file.
pub fn payment(_: &Workspace) -> Result<Measurement> {
    let runtime = runtime()?;
    let folder = TempDir::new()?;
    let ours = journaled(&runtime, &folder)?;
    let answer = |axum::Json(order): axum::Json<Value>| async move {
        axum::Json(json!({
            "OriginatorCoversationID": "53e3-4aa8-9fe0-8fb5e4092cdd3405976",
            "ResponseCode": order["Amount"].as_u64().map(|_| "0"),
            "ResponseDescription": "Accept the service request successfully.",
        }))
    };
    let peer = serve(&runtime, Router::new().route(PAYMENT, post(answer)))?;
    let load = Load {
        path: PAYMENT,
        header: authorization(ours)?,
        body: |count| {
            json!({
                "ShortCode": "600984", "CommandID": "CustomerPayBillOnline", "Amount": 10,
                "Msisdn": format!("254712{:06}", count % 2_000), "BillRefNumber": "VC-1042",
            })
        },
    };
    measured(&load, ours, BARE_HANDLER, peer)
}

/// A sandbox with its journal in an SQLite file in this folder.
fn journaled(runtime: &Runtime, folder: &TempDir) -> Result<SocketAddr> {
    sandbox(runtime, journal(runtime, folder)?)
}

pub(super) fn journal(runtime: &Runtime, folder: &TempDir) -> Result<Arc<dyn Store>> {
    let address = format!("sqlite:{}", folder.path().join("amana.db").display());
    let store = runtime.block_on(store::open(&address));
    store.map_err(|error| anyhow!("{error}"))
}

/// The header with a token of the sandbox.
pub(super) fn authorization(ours: SocketAddr) -> Result<String> {
    let bought = load::get(ours, TOKEN, "authorization: Basic a2V5OnNlY3JldA==")?;
    let bought: Value = serde_json::from_str(&bought)?;
    let token = bought["access_token"].as_str().context("no token")?;
    Ok(format!("authorization: Bearer {token}"))
}

pub(super) fn measured(
    load: &Load,
    ours: SocketAddr,
    name: &'static str,
    peer: SocketAddr,
) -> Result<Measurement> {
    let (value, of_peer) = load.rates(ours, peer)?;
    Ok(Measurement {
        value,
        unit: "requests/s",
        peer: Some((name, of_peer)),
    })
}

/// One for both, like that of the released program.
pub(super) fn runtime() -> Result<Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    Ok(builder.enable_all().build()?)
}

fn listen(runtime: &Runtime) -> Result<(TcpListener, SocketAddr)> {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

pub(super) fn serve(runtime: &Runtime, router: Router) -> Result<SocketAddr> {
    let (listener, address) = listen(runtime)?;
    runtime.spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

pub(super) fn sandbox(runtime: &Runtime, store: Arc<dyn Store>) -> Result<SocketAddr> {
    let app = runtime.block_on(async { build(&config(), HostClock::system(), store) });
    let (listener, address) = listen(runtime)?;
    let service = ServiceExt::<Request>::into_make_service(app.front());
    runtime.spawn(async move { axum::serve(listener, service).await });
    Ok(address)
}

/// Time stands still, so that it is requests that are measured and not what they lead to.
pub(super) fn config() -> Config {
    Config {
        clock: ClockMode::Frozen,
        ..Config::default()
    }
}
