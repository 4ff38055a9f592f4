//! Requests per second over sockets: a checkout in the sandbox, which opens a prompt on a phone,
//! moves money and is journaled, beside a bare handler that answers the same JSON.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use amana_simulator::host::HostClock;
use amana_simulator::store::MemoryStore;
use amana_simulator::{Config, build};
use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::bench::measurement::Measurement;
use crate::workspace::Workspace;

const PATH: &str = "/africastalking/payments/mobile/checkout/request";
/// Callers at a time, each with a connection of its own.
const CALLERS: usize = 4;
const ROUND: Duration = Duration::from_millis(500);
/// Ours and the peer's take turns, so that a busy moment of the machine meets both.
const ROUNDS: usize = 5;

/// Starts both servers and lets them take turns.
pub fn checkout(_: &Workspace) -> Result<Measurement> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let ours = sandbox(&runtime)?;
    let peer = bare(&runtime)?;
    let mut best = (0.0_f64, 0.0_f64);
    for _ in 0..ROUNDS {
        best.0 = best.0.max(rate(ours)?);
        best.1 = best.1.max(rate(peer)?);
    }
    Ok(Measurement {
        value: best.0,
        unit: "requests/s",
        peer: Some(("a bare axum handler", best.1)),
    })
}

fn serve(runtime: &Runtime, router: Router) -> Result<SocketAddr> {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    runtime.spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

fn sandbox(runtime: &Runtime) -> Result<SocketAddr> {
    let store = Arc::new(MemoryStore::default());
    let router = runtime
        .block_on(async { build(&Config::default(), HostClock::system(), store) })
        .router();
    serve(runtime, router)
}

/// The same JSON in and out, read and written, and nothing else.
fn bare(runtime: &Runtime) -> Result<SocketAddr> {
    let answer = |axum::Json(order): axum::Json<Value>| async move {
        axum::Json(json!({
            "description": "Waiting for user input",
            "status": "PendingConfirmation",
            "transactionId": "ATPid_00112233445566778899aabbccddeeff",
            "providerChannel": order["productName"].as_str().map(|_| "525900"),
        }))
    };
    serve(runtime, Router::new().route(PATH, post(answer)))
}

#[expect(clippy::float_arithmetic, reason = "a measurement is no money")]
fn rate(address: SocketAddr) -> Result<f64> {
    let begin = Instant::now();
    let callers: Vec<_> = (0..CALLERS)
        .map(|caller| std::thread::spawn(move || call(address, caller, begin)))
        .collect();
    let mut count = 0;
    for caller in callers {
        count += caller.join().ok().context("a caller panicked")??;
    }
    Ok(f64::from(count) / begin.elapsed().as_secs_f64())
}

/// Calls until the round is over; answers how often.
fn call(address: SocketAddr, caller: usize, begin: Instant) -> Result<u32> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut answer = vec![0; 8 * 1024];
    let mut count = 0;
    while begin.elapsed() < ROUND {
        let body = json!({
            "username": "sandbox", "productName": "VoicePact", "currencyCode": "KES",
            "phoneNumber": format!("+2547{caller}{:07}", count % 500), "amount": 10,
            "metadata": {"contract": "VC-1042"},
        })
        .to_string();
        write!(
            stream,
            "POST {PATH} HTTP/1.1\r\nhost: {address}\r\napikey: key\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )?;
        read_answer(&mut stream, &mut answer)?;
        count += 1;
    }
    Ok(count)
}

/// Reads one answer and checks that it went well.
fn read_answer(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<()> {
    let mut length = 0;
    loop {
        let read = stream.read(&mut buffer[length..])?;
        ensure!(read > 0, "the connection ended");
        length += read;
        let text = std::str::from_utf8(&buffer[..length])?;
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let announced = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse::<usize>().ok())
            .context("an answer without a length")?;
        if body.len() >= announced {
            ensure!(head.starts_with("HTTP/1.1 20"), "{text}");
            return Ok(());
        }
    }
}
