//! `/_amana/faults`.

use amana_core::Timestamp;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

use super::schema;
use crate::error::SandboxCode;
use crate::http::input::{Input, Json, Nothing};
use crate::http::namespace::In;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::kernel::fault::{Fault, FaultId, Rule};

/// Whether a fault can still fire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "FaultState")]
enum Standing {
    /// It may fire, now or later.
    Armed,
    /// It has healed: by count, window or expiry.
    Spent,
}

/// A fault as it is shown: its rule, and what has become of it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Fault")]
pub struct FaultView {
    #[schemars(with = "String")]
    id: FaultId,
    #[serde(flatten)]
    rule: Rule,
    state: Standing,
    #[schemars(with = "schema::Instant")]
    armed_at: Timestamp,
    #[schemars(with = "schema::Instant")]
    begins_at: Timestamp,
    #[schemars(with = "Option<schema::Instant>")]
    ends_at: Option<Timestamp>,
    candidates: u64,
    fired: u64,
}

impl FaultView {
    fn of(fault: &Fault, now: Timestamp) -> Self {
        Self {
            id: fault.id,
            rule: fault.rule.clone(),
            state: match fault.is_spent(now) {
                true => Standing::Spent,
                false => Standing::Armed,
            },
            armed_at: fault.armed_at,
            begins_at: fault.begins_at(),
            ends_at: fault.ends_at(),
            candidates: fault.candidates,
            fired: fault.fired,
        }
    }
}

/// All faults.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Faults")]
pub struct List {
    faults: Vec<FaultView>,
}

/// Faults armed and spent, oldest first.
pub async fn list(In(namespace): In) -> Result<Json<List>, Problem> {
    let faults = namespace
        .with(|sandbox| {
            let faults = sandbox.state().faults.iter();
            faults
                .map(|fault| FaultView::of(fault, sandbox.now()))
                .collect()
        })
        .await?;
    Ok(Json(List { faults }))
}

/// Arms a fault; answers it with its id.
pub async fn arm(
    In(namespace): In,
    Input(rule): Input<Rule>,
) -> Result<(StatusCode, Json<FaultView>), Problem> {
    let armed = namespace
        .with(|sandbox| {
            let id = sandbox.arm_fault(rule)?;
            let fault = sandbox.state().faults.get(id);
            fault
                .map(|fault| FaultView::of(fault, sandbox.now()))
                .ok_or_else(|| SandboxCode::FaultUnknown.at("/id"))
        })
        .await?;
    Ok((StatusCode::CREATED, Json(armed.map_err(Problem)?)))
}

/// Takes a fault away.
pub async fn disarm(
    In(namespace): In,
    Path(id): Path<String>,
    Input(Nothing {}): Input<Nothing>,
) -> Result<StatusCode, Problem> {
    let unknown = |_| SandboxCode::FaultUnknown.at("/id");
    let id: FaultId = id.parse().map_err(unknown)?;
    namespace.with(|sandbox| sandbox.disarm_fault(id)).await??;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes all faults away.
pub async fn disarm_all(
    In(namespace): In,
    Input(Nothing {}): Input<Nothing>,
) -> Result<StatusCode, Problem> {
    namespace
        .with(crate::kernel::Sandbox::disarm_faults)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
