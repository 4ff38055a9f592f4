//! The namespace as a whole: `/_amana/snapshot`, `/_amana/state_hash`, `/_amana/reset`.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::SandboxError;
use crate::host::Namespace;
use crate::http::input::{Input, Json, Nothing, SNAPSHOT_MAX, read_body};
use crate::http::namespace::In;
use crate::http::problem::Problem;
use crate::kernel::Snapshot;

/// What the namespace is, in two hashes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Hashes {
    /// Of the state: equal states have equal hashes.
    state_hash: String,
    /// Of all events that led to it.
    events_hash: String,
    /// The number of the last event.
    seq: u64,
}

async fn hashes(namespace: &Arc<Namespace>) -> Result<Hashes, SandboxError> {
    let snapshot = namespace.snapshot().await?;
    Ok(Hashes {
        state_hash: snapshot.state_hash,
        events_hash: snapshot.events_hash,
        seq: snapshot.state.seq,
    })
}

/// The two hashes.
pub async fn hash(In(namespace): In) -> Result<Json<Hashes>, Problem> {
    Ok(Json(hashes(&namespace).await?))
}

/// The whole namespace as one document.
pub async fn show(In(namespace): In) -> Result<Json<Snapshot>, Problem> {
    Ok(Json(namespace.snapshot().await?))
}

/// Puts the namespace to a snapshot; answers its hashes.
pub async fn restore(In(namespace): In, request: Request) -> Result<Json<Hashes>, Problem> {
    let body = read_body(request.into_body(), SNAPSHOT_MAX).await?;
    let snapshot = Snapshot::read(&body)?;
    namespace.restore(&snapshot).await?;
    Ok(Json(hashes(&namespace).await?))
}

/// Makes the namespace as new.
pub async fn reset(
    In(namespace): In,
    Input(Nothing {}): Input<Nothing>,
) -> Result<StatusCode, Problem> {
    namespace.reset().await?;
    Ok(StatusCode::NO_CONTENT)
}
