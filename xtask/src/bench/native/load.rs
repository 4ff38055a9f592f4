//! A load over sockets: some callers, each with a connection of its own, one request after another.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// Callers at a time.
const CALLERS: u32 = 64;
const ROUND: Duration = Duration::from_millis(250);
const WARM_UP: Duration = Duration::from_secs(10);
/// Ours and the peer's take turns, so that a busy moment of the machine meets both.
const ROUNDS: usize = 21;

/// What is asked for, over and over.
pub struct Load {
    /// Path.
    pub path: &'static str,
    /// A header beside the usual ones, with its name.
    pub header: String,
    /// The body of the n-th request.
    pub body: fn(count: u32) -> Value,
}

impl Load {
    /// The rates per second of the two in the round with the middle ratio: a machine that is now
    /// fast and now slow changes the rates more than how they compare.
    #[expect(clippy::float_arithmetic, reason = "a measurement is no money")]
    pub fn rates(&self, ours: SocketAddr, peer: SocketAddr) -> Result<(f64, f64)> {
        let counters = [AtomicU32::new(0), AtomicU32::new(0)];
        let mut rounds = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let of_ours = self.rate(ours, &counters[0], ROUND)?;
            rounds.push((of_ours, self.rate(peer, &counters[1], ROUND)?));
        }
        rounds.sort_by(|a, b| (a.0 * b.1).total_cmp(&(b.0 * a.1)));
        Ok(rounds.swap_remove(ROUNDS / 2))
    }

    /// Calls for a while without measuring: a program that is compiled while it runs is slow at
    /// first.
    pub fn warm_up(&self, address: SocketAddr) -> Result<()> {
        self.rate(address, &AtomicU32::new(0), WARM_UP).map(drop)
    }

    #[expect(clippy::float_arithmetic, reason = "a measurement is no money")]
    fn rate(&self, address: SocketAddr, counter: &AtomicU32, time: Duration) -> Result<f64> {
        let begin = Instant::now();
        let end = begin + time;
        let count = std::thread::scope(|scope| {
            let callers: Vec<_> = (0..CALLERS)
                .map(|_| scope.spawn(|| self.call(address, counter, end)))
                .collect();
            let mut count = 0;
            for caller in callers {
                count += caller.join().ok().context("a caller panicked")??;
            }
            anyhow::Ok(count)
        })?;
        Ok(f64::from(count) / begin.elapsed().as_secs_f64())
    }

    /// Calls until the end; answers how often.
    fn call(&self, address: SocketAddr, counter: &AtomicU32, end: Instant) -> Result<u32> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let mut answer = vec![0; 8 * 1024];
        let mut count = 0;
        while Instant::now() < end {
            let number = counter.fetch_add(1, Ordering::Relaxed);
            let body = (self.body)(number).to_string();
            let (path, header) = (self.path, &self.header);
            let request = format!(
                "POST {path} HTTP/1.1\r\nhost: {address}\r\n{header}\r\n\
                 content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(request.as_bytes())?;
            read_answer(&mut stream, &mut answer)?;
            count += 1;
        }
        Ok(count)
    }
}

/// Asks once; the body of the answer.
pub fn get(address: SocketAddr, path: &str, header: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: {address}\r\n{header}\r\n\r\n"
    )?;
    read_answer(&mut stream, &mut vec![0; 64 * 1024])
}

/// Asks once with a body of JSON; the body of the answer.
pub fn send(address: SocketAddr, method: &str, path: &str, body: &Value) -> Result<String> {
    let body = body.to_string();
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )?;
    read_answer(&mut stream, &mut vec![0; 64 * 1024])
}

/// Reads one answer and checks that it went well; its body.
fn read_answer(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<String> {
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
            .or_else(|| head.starts_with("HTTP/1.1 204").then_some(0))
            .context("an answer without a length")?;
        if body.len() >= announced {
            ensure!(head.starts_with("HTTP/1.1 20"), "{text}");
            return Ok(body.to_owned());
        }
    }
}
