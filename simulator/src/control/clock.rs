//! `/_amana/clock`.

use std::fmt;

use amana_core::Timestamp;
use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::{instant, schema};
use crate::error::SandboxError;
use crate::host::{Advanced, Goal};
use crate::http::input::{Input, Json};
use crate::http::namespace::In;
use crate::http::problem::Problem;
use crate::kernel::{Clock, Duration, Sandbox};

/// The clock as it is shown.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Clock")]
pub struct ClockView {
    #[schemars(with = "Mode")]
    mode: &'static str,
    #[schemars(with = "schema::Instant")]
    now: Timestamp,
    scale: Option<u32>,
    #[schemars(with = "Option<schema::Instant>")]
    next_due_at: Option<Timestamp>,
    pending: usize,
}

impl ClockView {
    fn of(sandbox: &Sandbox) -> Self {
        let state = sandbox.state();
        Self {
            mode: state.clock.mode(),
            now: sandbox.now(),
            scale: match state.clock {
                Clock::Scaled { scale, .. } => Some(scale),
                Clock::Real { .. } | Clock::Frozen { .. } => None,
            },
            next_due_at: state.timers.first().map(|timer| timer.due_at),
            pending: state.timers.len(),
        }
    }
}

/// What the clock is to be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockChange {
    mode: Mode,
    now: Option<String>,
    scale: Option<u32>,
}

/// How the time goes.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Mode {
    Real,
    Frozen,
    Scaled,
}

impl Mode {
    pub(super) const ALL: [Self; 3] = [Self::Real, Self::Frozen, Self::Scaled];
}

/// Reads a clock as `PUT /_amana/clock` takes it, or as its mode alone: `"frozen"`.
pub(super) fn change_or_mode<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<ClockChange>, D::Error> {
    struct Either;

    impl<'de> Visitor<'de> for Either {
        type Value = Option<ClockChange>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a clock or its mode")
        }

        fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
            Ok(Some(ClockChange {
                mode: Mode::deserialize(text.into_deserializer())?,
                now: None,
                scale: None,
            }))
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            ClockChange::deserialize(MapAccessDeserializer::new(map)).map(Some)
        }
    }

    from.deserialize_any(Either)
}

impl ClockChange {
    /// The clock that is meant, where it now shows `now` and the host's clock `host_now`.
    pub(super) fn clock(&self, now: Timestamp, host: Timestamp) -> Result<Clock, SandboxError> {
        let given = match &self.now {
            Some(text) => Some(instant(text, "/now")?),
            None => None,
        };
        let refuse = |field, why| Err(SandboxError::invalid(field, why));
        match (self.mode, self.scale) {
            (Mode::Real, _) if given.is_some() => {
                refuse("/now", "mode `real` shows the time of the machine")
            }
            (Mode::Real | Mode::Frozen, Some(_)) => {
                refuse("/scale", "only mode `scaled` has a scale")
            }
            (Mode::Real, None) => Ok(Clock::REAL),
            (Mode::Frozen, None) => Ok(Clock::Frozen {
                now: given.unwrap_or(now),
            }),
            (Mode::Scaled, Some(scale @ 1..=Clock::SCALE_MAX)) => Ok(Clock::Scaled {
                scale,
                host,
                now: given.unwrap_or(now),
            }),
            (Mode::Scaled, _) => refuse("/scale", "a scale is a whole number from 1 to 100000"),
        }
    }
}

/// The clock.
pub async fn show(In(namespace): In) -> Result<Json<ClockView>, Problem> {
    Ok(Json(
        namespace.with(|sandbox| ClockView::of(sandbox)).await?,
    ))
}

/// Gives the clock another mode or time.
pub async fn set(
    In(namespace): In,
    Input(change): Input<ClockChange>,
) -> Result<Json<ClockView>, Problem> {
    let view = namespace
        .with(|sandbox| {
            let clock = change.clock(sandbox.now(), sandbox.host_now())?;
            sandbox.set_clock(clock);
            Ok::<_, Problem>(ClockView::of(sandbox))
        })
        .await??;
    Ok(Json(view))
}

/// How far to go: one of the two.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advance {
    by: Option<Duration>,
    to: Option<String>,
}

impl Advance {
    fn goal(&self) -> Result<Goal, SandboxError> {
        match (self.by, self.to.as_deref()) {
            (Some(by), None) => Ok(Goal::By(by.span())),
            (None, Some("next")) => Ok(Goal::Next),
            (None, Some(text)) => Ok(Goal::To(instant(text, "/to")?)),
            (None, None) | (Some(_), Some(_)) => {
                Err(SandboxError::invalid("/by", "give one of `by` and `to`"))
            }
        }
    }
}

/// Moves the clock ahead; answers when everything due has happened.
pub async fn advance(
    In(namespace): In,
    Input(advance): Input<Advance>,
) -> Result<Json<Advanced>, Problem> {
    Ok(Json(namespace.advance(advance.goal()?).await?))
}
