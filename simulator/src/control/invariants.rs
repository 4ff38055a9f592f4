//! `GET /_amana/invariants`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::http::input::Json;
use crate::http::namespace::In;
use crate::http::problem::Problem;
use crate::kernel::invariant::{Check, check_all};

/// Whether everything holds that must.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Invariants {
    ok: bool,
    checks: Vec<Check>,
}

/// Checks the live state, now.
pub async fn show(In(namespace): In) -> Result<Json<Invariants>, Problem> {
    let checks = namespace.with(|sandbox| check_all(sandbox.state())).await?;
    Ok(Json(Invariants {
        ok: checks.iter().all(|check| check.ok),
        checks,
    }))
}
