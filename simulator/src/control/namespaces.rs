//! `/_amana/namespaces`.

use amana_core::{FieldPath, Timestamp};
use axum::extract::State;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::clock::{ClockChange, Mode, change_or_mode};
use super::schema;
use crate::app::App;
use crate::error::{SandboxCode, SandboxError};
use crate::host::NamespaceName;
use crate::http::input::{Input, Json, Nothing};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::kernel::{Clock, Start};

/// A namespace in the list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Namespace")]
pub struct Listed {
    name: String,
    seed: u64,
    #[schemars(with = "Mode")]
    clock: &'static str,
    #[schemars(with = "schema::Instant")]
    now: Timestamp,
    seq: u64,
}

/// All namespaces that were used.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Namespaces")]
pub struct List {
    namespaces: Vec<Listed>,
}

/// All namespaces that were used, by name.
pub async fn list(State(app): State<App>) -> Result<Json<List>, Problem> {
    let mut namespaces = Vec::new();
    for namespace in app.namespaces().list().await? {
        let listed = namespace
            .with(|sandbox| Listed {
                name: namespace.name().to_owned(),
                seed: sandbox.settings().seed,
                clock: sandbox.state().clock.mode(),
                now: sandbox.now(),
                seq: sandbox.state().seq,
            })
            .await?;
        namespaces.push(listed);
    }
    Ok(Json(List { namespaces }))
}

/// The name in the path.
fn named(text: &str) -> Result<NamespaceName, SandboxError> {
    text.parse()
        .map_err(|_| SandboxCode::NamespaceName.at("/name"))
}

/// That there is no room is said of the name; that nothing can be written is nobody's fault.
fn about_name(error: SandboxError) -> SandboxError {
    match error {
        SandboxError::Plain(code @ SandboxCode::NamespaceLimit) => code.at("/name"),
        other => other,
    }
}

/// What is wrong with a clock, from where the clock stands.
fn in_clock(error: SandboxError) -> SandboxError {
    let at = |field: &FieldPath| FieldPath::new("/clock").join(field.name());
    match error {
        SandboxError::Field(code, field, why) => SandboxError::Field(code, at(&field), why),
        SandboxError::Engine(code, field) => SandboxError::Engine(code, at(&field)),
        plain @ SandboxError::Plain(_) => plain,
    }
}

/// How a namespace is to begin; what is left out is as the server was told.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Create {
    seed: Option<u64>,
    #[serde(default, deserialize_with = "change_or_mode")]
    clock: Option<ClockChange>,
}

/// Makes a namespace: 201 if it is new, 200 if it is there and begins like this.
pub async fn create(
    State(app): State<App>,
    Path(name): Path<String>,
    Input(create): Input<Create>,
) -> Result<(StatusCode, Json<Created>), Problem> {
    let name = named(&name)?;
    let default = app.namespaces().start();
    let now = app.namespaces().host_now();
    let clock = match create.clock {
        // Until a namespace is used, its clock has no time of its own: a frozen one begins where
        // the server's frozen clocks do, or now.
        Some(change) => change
            .clock(default.clock.at(now), Timestamp::default())
            .map_err(in_clock)?,
        None => default.clock,
    };
    let seed = create.seed.unwrap_or(default.seed);
    let new = app
        .namespaces()
        .create(&name, Start { seed, clock })
        .await
        .map_err(about_name)?;
    let status = if new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let created = Created {
        name: name.as_str().to_owned(),
        seed,
        clock,
    };
    Ok((status, Json(created)))
}

/// How a namespace begins.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "NamespaceBeginning")]
pub struct Created {
    name: String,
    seed: u64,
    clock: Clock,
}

/// Removes a namespace without trace.
pub async fn remove(
    State(app): State<App>,
    Path(name): Path<String>,
    Input(Nothing {}): Input<Nothing>,
) -> Result<StatusCode, Problem> {
    let name = named(&name)?;
    app.namespaces().remove(&name).await?;
    Ok(StatusCode::NO_CONTENT)
}
