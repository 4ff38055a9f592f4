//! `GET /_amana/health`.

use amana_core::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::schema;
use crate::http::input::Json;
use crate::http::namespace::In;
use crate::http::problem::Problem;

/// That the sandbox answers, and as what.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Health {
    status: &'static str,
    version: &'static str,
    namespace: String,
    #[schemars(with = "schema::Instant")]
    now: Timestamp,
    store: &'static str,
}

/// That the sandbox answers.
pub async fn show(In(namespace): In) -> Result<Json<Health>, Problem> {
    Ok(Json(Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        now: namespace.with(|sandbox| sandbox.now()).await?,
        namespace: namespace.name().to_owned(),
        store: namespace.store().kind(),
    }))
}
