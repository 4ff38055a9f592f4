//! `/_amana/callbacks`.

use amana_core::{Msisdn, Timestamp};
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{instant, schema, service};
use crate::error::{SandboxCode, SandboxError};
use crate::http::input::{Input, Json, Nothing};
use crate::http::namespace::In;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::kernel::Correlation;
use crate::kernel::callback::{AttemptRecord, Callback, CallbackId, CallbackState};
use crate::kernel::fault::Kind;
use crate::kernel::{Sandbox, ServiceName};

/// Callbacks answered unless `limit` says otherwise.
const LIMIT: usize = 1_000;

/// A callback as it is shown.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Callback")]
pub struct CallbackView {
    #[schemars(with = "String")]
    id: CallbackId,
    provider: ServiceName,
    operation: String,
    reference: String,
    #[schemars(with = "Option<schema::Phone>")]
    phone: Option<Msisdn>,
    #[schemars(with = "String")]
    correlation: Correlation,
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: String,
    #[schemars(with = "schema::Instant")]
    scheduled_at: Timestamp,
    #[schemars(with = "schema::Instant")]
    due_at: Timestamp,
    attempts: Vec<AttemptRecord>,
    state: CallbackState,
    faults: Vec<Kind>,
}

impl CallbackView {
    fn of(callback: &Callback) -> Self {
        Self {
            id: callback.id,
            provider: callback.service,
            operation: callback.operation.clone(),
            reference: callback.reference.clone(),
            phone: callback.msisdn,
            correlation: callback.correlation,
            method: callback.method.clone(),
            url: callback.target.to_string(),
            headers: callback.headers.clone(),
            body: callback.body.text().into_owned(),
            scheduled_at: callback.scheduled_at,
            due_at: callback.due_at,
            attempts: callback.attempts.clone(),
            state: callback.state,
            faults: callback.faults.clone(),
        }
    }
}

/// All callbacks that are remembered.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Callbacks")]
pub struct List {
    callbacks: Vec<CallbackView>,
}

/// Callbacks, newest first; `?provider=` and `?limit=` narrow them.
pub async fn list(In(namespace): In, mut query: Query) -> Result<Json<List>, Problem> {
    let provider = query.take::<String>("provider")?;
    let provider = provider
        .map(|name| service(&name, "/provider"))
        .transpose()?;
    let limit = query.take("limit")?.unwrap_or(LIMIT);
    if limit == 0 {
        return Err(SandboxError::invalid("/limit", "a limit is at least 1").into());
    }
    query.finish()?;
    let wanted =
        |callback: &&Callback| provider.is_none_or(|provider| provider == callback.service);
    let callbacks = namespace
        .with(|sandbox| {
            let newest_first = sandbox.state().callbacks.iter().rev();
            newest_first
                .filter(wanted)
                .take(limit)
                .map(CallbackView::of)
                .collect()
        })
        .await?;
    Ok(Json(List { callbacks }))
}

/// A callback with the headers that it would have if it were made now, the signature among them.
pub async fn show(
    In(namespace): In,
    Path(id): Path<String>,
) -> Result<Json<CallbackView>, Problem> {
    let unknown = || SandboxCode::CallbackUnknown.at("/id");
    let id: CallbackId = id.parse().map_err(|_| unknown())?;
    let view = namespace
        .with(|sandbox| {
            let callback = sandbox.state().callbacks.get(id)?;
            Some(CallbackView {
                headers: sandbox.signed_headers(callback),
                ..CallbackView::of(callback)
            })
        })
        .await?;
    Ok(Json(view.ok_or_else(unknown)?))
}

/// Makes a callback again, now.
pub async fn resend(
    In(namespace): In,
    Path(id): Path<String>,
    Input(Nothing {}): Input<Nothing>,
) -> Result<(StatusCode, Json<CallbackView>), Problem> {
    let unknown = || SandboxCode::CallbackUnknown.at("/id");
    let id: CallbackId = id.parse().map_err(|_| unknown())?;
    let view = namespace
        .with(|sandbox| {
            sandbox.resend_callback(id)?;
            let callback = sandbox.state().callbacks.get(id);
            callback.map(CallbackView::of).ok_or_else(unknown)
        })
        .await?
        .map_err(|error: SandboxError| error)?;
    Ok((StatusCode::ACCEPTED, Json(view)))
}

/// From and to, both included: two instants (when they were scheduled), or two ids.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    from: String,
    to: String,
}

enum Bounds {
    Ids(CallbackId, CallbackId),
    Times(Timestamp, Timestamp),
}

impl Range {
    fn bounds(&self) -> Result<Bounds, SandboxError> {
        let bounds = match (self.from.parse(), self.to.parse()) {
            (Ok(from), Ok(to)) => Bounds::Ids(from, to),
            _ => {
                let from = instant(&self.from, "/from")?;
                Bounds::Times(from, instant(&self.to, "/to")?)
            }
        };
        match bounds.are_reversed() {
            false => Ok(bounds),
            true => Err(SandboxError::invalid("/to", "`to` lies before `from`")),
        }
    }
}

impl Bounds {
    fn are_reversed(&self) -> bool {
        match self {
            Self::Ids(from, to) => to < from,
            Self::Times(from, to) => to < from,
        }
    }

    fn contain(&self, callback: &Callback) -> bool {
        match self {
            Self::Ids(from, to) => (*from..=*to).contains(&callback.id),
            Self::Times(from, to) => (*from..=*to).contains(&callback.scheduled_at),
        }
    }
}

/// The callbacks that are made again.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Resent {
    #[schemars(with = "Vec<String>")]
    resent: Vec<CallbackId>,
}

/// Makes all callbacks of a range again that are over.
pub async fn resend_range(
    In(namespace): In,
    Input(range): Input<Range>,
) -> Result<(StatusCode, Json<Resent>), Problem> {
    let bounds = range.bounds()?;
    let resent = namespace
        .with(|sandbox| {
            let ids = over(sandbox, &bounds);
            for id in &ids {
                sandbox.resend_callback(*id)?;
            }
            Ok::<_, SandboxError>(ids)
        })
        .await??;
    Ok((StatusCode::ACCEPTED, Json(Resent { resent })))
}

fn over(sandbox: &Sandbox, bounds: &Bounds) -> Vec<CallbackId> {
    let callbacks = sandbox.state().callbacks.iter();
    let over = callbacks.filter(|callback| match callback.state {
        CallbackState::Delivered | CallbackState::Failed => bounds.contain(callback),
        CallbackState::Scheduled | CallbackState::InFlight => false,
    });
    over.map(|callback| callback.id).collect()
}
