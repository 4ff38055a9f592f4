//! STK pushes per second over sockets, with the journal in an SQLite file, beside those who answer
//! the same JSON and remember nothing: a bare handler, and stubs in mock servers.

use std::net::SocketAddr;

use amana_core::provider::daraja::auth::password;
use amana_simulator::host::{HostClock, NamespaceName};
use amana_simulator::kernel::Sandbox;
use amana_simulator::store::{Beginning, EventsHash};
use anyhow::{Result, anyhow};
use axum::Router;
use axum::routing::post;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::load::Load;
use super::mock_server::{MockServer, Stub};
use super::sandbox::{self, authorization};
use crate::bench::measurement::Measurement;
use crate::workspace::Workspace;

const PUSH: &str = "/daraja/mpesa/stkpush/v1/processrequest";
/// The public values of the provider's own sandbox.
const SHORTCODE: &str = "174379";
const PASSKEY: &str = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919";
/// More than there are pushes in a measurement.
const PHONES_KNOWN: u32 = 400_000;
const TIME: &str = "20261010143005";
const SUCCESS: &str = "Success. Request accepted for processing";

/// A push to a phone that is known.
pub fn to_known(_: &Workspace) -> Result<Measurement> {
    let ours = Pushed::start(PHONES_KNOWN)?;
    ours.beside_bare_handler()
}

/// A push to a phone that nobody used before: the phone and its wallet come into being too.
pub fn to_new(_: &Workspace) -> Result<Measurement> {
    let ours = Pushed::start(0)?;
    ours.beside_bare_handler()
}

/// A push to a phone that is known, beside WireMock; the bar is 3 times its rate.
pub fn beside_wiremock(workspace: &Workspace) -> Result<Measurement> {
    let peer = MockServer::wiremock(workspace, &stub())?;
    Pushed::start(PHONES_KNOWN)?.beside_mock_server("a stub in WireMock", &peer)
}

/// A push to a phone that is known, beside Mockoon; the bar is 25 times its rate.
pub fn beside_mockoon(workspace: &Workspace) -> Result<Measurement> {
    let peer = MockServer::mockoon(workspace, &stub())?;
    Pushed::start(PHONES_KNOWN)?.beside_mock_server("a stub in Mockoon", &peer)
}

/// A sandbox that is asked for pushes.
struct Pushed {
    address: SocketAddr,
    load: Load,
    runtime: Runtime,
    _folder: TempDir,
}

impl Pushed {
    /// One in which so many phones are known.
    fn start(known: u32) -> Result<Self> {
        let runtime = sandbox::runtime()?;
        let folder = TempDir::new()?;
        let store = sandbox::journal(&runtime, &folder)?;
        let begun = store.begin(
            NamespaceName::default_name().as_str(),
            Beginning {
                start: sandbox::config().start(),
                state: with_phones(known)?.state(),
                events_hash: EventsHash::EMPTY,
            },
        );
        let begun = runtime.block_on(begun.wait());
        begun.map_err(|error| anyhow!("{error}"))?;
        let address = sandbox::sandbox(&runtime, store)?;
        Ok(Self {
            address,
            load: Load {
                path: PUSH,
                header: authorization(address)?,
                body: order,
            },
            runtime,
            _folder: folder,
        })
    }

    fn beside_bare_handler(&self) -> Result<Measurement> {
        let handler = |axum::Json(order): axum::Json<Value>| async move {
            axum::Json(answer(order["Amount"].as_u64().map(|_| SUCCESS)))
        };
        let router = Router::new().route(PUSH, post(handler));
        let peer = sandbox::serve(&self.runtime, router)?;
        sandbox::measured(&self.load, self.address, sandbox::BARE_HANDLER, peer)
    }

    fn beside_mock_server(&self, name: &'static str, peer: &MockServer) -> Result<Measurement> {
        self.load.warm_up(peer.address())?;
        sandbox::measured(&self.load, self.address, name, peer.address())
    }
}

fn order(count: u32) -> Value {
    // No phone is asked twice, because none has answered yet.
    let phone = phone(count);
    json!({
        "BusinessShortCode": SHORTCODE, "Password": password(SHORTCODE, PASSKEY, TIME),
        "Timestamp": TIME, "TransactionType": "CustomerPayBillOnline", "Amount": 10,
        "PartyA": phone, "PartyB": SHORTCODE, "PhoneNumber": phone,
        "CallBackURL": "http://127.0.0.1:9/callback", "AccountReference": "VC-1042",
        "TransactionDesc": "Maize",
    })
}

fn stub() -> Stub {
    Stub {
        path: PUSH,
        answer: answer(Some(SUCCESS)),
    }
}

fn answer(message: Option<&str>) -> Value {
    json!({
        "MerchantRequestID": "29115-34620561-1",
        "CheckoutRequestID": "ws_CO_191220191020363925",
        "ResponseCode": "0",
        "ResponseDescription": SUCCESS,
        "CustomerMessage": message,
    })
}

/// A namespace in which so many phones are known.
fn with_phones(known: u32) -> Result<Sandbox> {
    let now = HostClock::system().now();
    let mut sandbox = Sandbox::new(sandbox::config().start(), now);
    sandbox.enter(now);
    for count in 0..known {
        sandbox.ensure_phone(phone(count).parse()?);
    }
    sandbox.take_batch();
    Ok(sandbox)
}

fn phone(count: u32) -> String {
    format!("2547{:08}", 10_000_000 + count)
}
