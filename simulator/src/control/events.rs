//! `GET /_amana/events`.
//!
//! The log of a namespace is a ring: where the store has let go of the oldest events, the answer is
//! what is left, and `missed` says how many are not.

use amana_core::Msisdn;
use schemars::JsonSchema;
use serde::Serialize;

use super::{correlation, event_type, phone};
use crate::error::SandboxError;
use crate::host::Namespace;
use crate::http::input::Json;
use crate::http::namespace::In;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::kernel::{Correlation, EventView, is_of_type};

/// Events answered unless `limit` says otherwise, and at most.
const LIMIT: usize = 100;
const LIMIT_MAX: usize = 1_000;
/// Events looked at in one go.
const CHUNK: usize = 500;

/// Which events are wanted.
#[derive(Debug, Default)]
pub struct Filter {
    kind: Option<String>,
    correlation: Option<Correlation>,
    phone: Option<Msisdn>,
    text: Option<String>,
}

impl Filter {
    fn read(query: &mut Query) -> Result<Self, SandboxError> {
        let kind = query.take::<String>("type")?;
        if let Some(kind) = &kind {
            event_type(kind, "/type")?;
        }
        let cause = query.take::<String>("correlation")?;
        let number = query.take::<String>("phone")?;
        Ok(Self {
            kind,
            correlation: cause
                .map(|text| correlation(&text, "/correlation"))
                .transpose()?,
            phone: number.map(|text| phone(&text, "/phone")).transpose()?,
            text: query.take::<String>("q")?.map(|text| text.to_lowercase()),
        })
    }

    /// Whether the event is wanted. A type that ends in `.*` means all types of that group.
    fn matches(&self, event: &EventView) -> bool {
        let kind = self
            .kind
            .as_deref()
            .is_none_or(|kind| is_of_type(event.kind, kind));
        kind && self
            .correlation
            .is_none_or(|correlation| event.correlation == correlation)
            && self.phone.is_none_or(|phone| event.phone == Some(phone))
            && self.text.as_ref().is_none_or(|text| contains(event, text))
    }
}

fn contains(event: &EventView, text: &str) -> bool {
    event.summary.to_lowercase().contains(text)
        || event.data.to_string().to_lowercase().contains(text)
}

/// A page of events.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Events")]
pub struct Page {
    events: Vec<EventView>,
    /// What to pass as `since` for what follows.
    next: u64,
    /// Events after `since` that are no longer kept: the log of a namespace is a ring.
    #[serde(skip_serializing_if = "is_zero")]
    missed: u64,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature is serde's"
)]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// Events after `since` that match, oldest first.
pub async fn list(In(namespace): In, mut query: Query) -> Result<Json<Page>, Problem> {
    let since = query.take("since")?.unwrap_or(0);
    let limit = query.take("limit")?.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(SandboxError::invalid("/limit", "a limit is from 1 to 1000").into());
    }
    let filter = Filter::read(&mut query)?;
    query.finish()?;
    // What fell due by now has happened.
    namespace.with(|_| ()).await?;
    Ok(Json(page(&namespace, since, limit, &filter).await?))
}

async fn page(
    namespace: &Namespace,
    since: u64,
    limit: usize,
    filter: &Filter,
) -> Result<Page, SandboxError> {
    let mut page = Page {
        events: Vec::new(),
        next: since,
        missed: 0,
    };
    if let Some(first) = namespace.events(since, 1).await?.first() {
        page.missed = first.seq - since - 1;
    }
    loop {
        let chunk = namespace.events(page.next, CHUNK).await?;
        for recorded in &chunk {
            page.next = recorded.seq;
            let event = recorded.view();
            if filter.matches(&event) {
                page.events.push(event);
                if page.events.len() == limit {
                    return Ok(page);
                }
            }
        }
        if chunk.len() < CHUNK {
            return Ok(page);
        }
    }
}
