//! Performing what faults made of an answer: waiting, breaking off, hanging up.

use std::io;
use std::sync::Arc;

use amana_core::http as data;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::stream;

use super::line::Cutter;
use crate::error::SandboxError;
use crate::host::Namespace;
use crate::kernel::fault::{Received, Reply};
use crate::kernel::{Correlation, Routed};

/// Sends a request to the namespace and waits as long as faults want; the correlation comes with
/// the reply.
///
/// # Errors
/// `store.unavailable`.
pub async fn exchange(
    namespace: &Arc<Namespace>,
    request: Routed,
) -> Result<(Reply, Correlation), SandboxError> {
    let (received, correlation) = namespace
        .with(|sandbox| {
            let correlation = sandbox.correlation();
            (sandbox.receive(request), correlation)
        })
        .await?;
    let reply = match received {
        Received::Answered(reply) => reply,
        Received::Deferred { delay, request } => {
            namespace.pause(delay).await?;
            namespace
                .with(|sandbox| sandbox.resume(correlation, &request))
                .await?
        }
    };
    namespace.attempted(&reply.after).await?;
    namespace.pause(reply.delay).await?;
    Ok((reply, correlation))
}

/// The reply for the socket the request came over.
pub fn perform(reply: Reply, line: Option<ConnectInfo<Cutter>>) -> Response {
    match (reply.response, reply.truncate_to) {
        (None, _) => hang_up(line),
        (Some(response), None) => whole(response),
        (Some(response), Some(length)) => part(response, length),
    }
}

fn whole(from: data::Response) -> Response {
    let (mut response, body) = head(from);
    *response.body_mut() = Body::from(body);
    response
}

/// An answer without its body, and the body.
fn head(from: data::Response) -> (Response, Vec<u8>) {
    let mut response = Response::new(Body::empty());
    *response.status_mut() =
        StatusCode::from_u16(from.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in from.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    (response, from.body)
}

/// Announces the whole body, sends its beginning and breaks the connection.
fn part(from: data::Response, length: usize) -> Response {
    let (mut response, mut beginning) = head(from);
    // A body that is empty has no beginning: then the connection breaks after the head.
    let announced = beginning.len().max(1);
    response
        .headers_mut()
        .insert(header::CONTENT_LENGTH, HeaderValue::from(announced));
    beginning.truncate(length);
    let parts = stream::unfold(Some(Bytes::from(beginning)), |beginning| async move {
        match beginning {
            Some(beginning) => Some((Ok(beginning), None)),
            None => {
                // Lets the beginning out before the connection breaks.
                tokio::task::yield_now().await;
                Some((Err(io::Error::from(io::ErrorKind::ConnectionReset)), None))
            }
        }
    });
    *response.body_mut() = Body::from_stream(parts);
    response
}

/// Breaks the connection before any answer. Where the line cannot be cut, the answer is an error
/// from its first byte.
fn hang_up(line: Option<ConnectInfo<Cutter>>) -> Response {
    if let Some(ConnectInfo(cutter)) = line {
        cutter.cut();
    }
    let nothing = stream::once(async { Err::<Bytes, _>(io::Error::other("cut by a fault")) });
    let mut response = Response::new(Body::from_stream(nothing));
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response
}
