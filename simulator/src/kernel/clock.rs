//! The sandbox clock. All timestamps, expiries and waits go by it, in every mode.
//!
//! The kernel never reads the host's clock: the host says what time it has, and the mode decides
//! what time that is in the sandbox.

use amana_core::Timestamp;
use amana_core::time::Span;
use serde::{Deserialize, Serialize};

/// How the sandbox's time follows from the host's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
#[cfg_attr(
    feature = "server",
    derive(schemars::JsonSchema),
    schemars(rename = "ClockBeginning")
)]
pub enum Clock {
    /// The host's time, ahead by what was advanced so far.
    Real {
        /// Milliseconds ahead of the host.
        #[cfg_attr(feature = "server", schemars(with = "u64"))]
        ahead: Span,
    },
    /// Stands still until it is advanced.
    Frozen {
        /// The instant it stands at.
        #[cfg_attr(feature = "server", schemars(with = "String", extend("format" = "date-time")))]
        now: Timestamp,
    },
    /// Runs faster than the host.
    Scaled {
        /// Sandbox seconds per host second.
        scale: u32,
        /// What the host's clock showed when this mode began.
        #[cfg_attr(feature = "server", schemars(with = "String", extend("format" = "date-time")))]
        host: Timestamp,
        /// What the sandbox's clock showed then.
        #[cfg_attr(feature = "server", schemars(with = "String", extend("format" = "date-time")))]
        now: Timestamp,
    },
}

impl Clock {
    /// The fastest scale: a day of the sandbox in less than a second.
    pub const SCALE_MAX: u32 = 100_000;

    /// A clock that shows the host's time.
    pub const REAL: Self = Self::Real { ahead: Span::ZERO };

    /// The sandbox's time when the host's clock shows `host_now`.
    pub fn at(self, host_now: Timestamp) -> Timestamp {
        match self {
            Self::Real { ahead } => host_now + ahead,
            Self::Frozen { now } => now,
            Self::Scaled { scale, host, now } => {
                now + (host_now - host).saturating_mul(u64::from(scale))
            }
        }
    }

    /// The same clock, ahead by this much from now on.
    #[must_use]
    pub fn advanced(self, by: Span) -> Self {
        match self {
            Self::Real { ahead } => Self::Real {
                ahead: Span::from_millis(ahead.as_millis().saturating_add(by.as_millis())),
            },
            Self::Frozen { now } => Self::Frozen { now: now + by },
            Self::Scaled { scale, host, now } => Self::Scaled {
                scale,
                host,
                now: now + by,
            },
        }
    }

    /// What the host's clock will show when the sandbox's reaches `due_at`; none if it stands.
    pub fn host_time_of(self, due_at: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Real { ahead } => {
                let ahead = i64::try_from(ahead.as_millis()).unwrap_or(i64::MAX);
                Some(Timestamp::from_millis(
                    due_at.as_millis().saturating_sub(ahead),
                ))
            }
            Self::Frozen { .. } => None,
            Self::Scaled { scale, host, now } => {
                let wait = (due_at - now).as_millis().div_ceil(u64::from(scale.max(1)));
                Some(host + Span::from_millis(wait))
            }
        }
    }

    /// Its mode as the control API calls it.
    pub const fn mode(self) -> &'static str {
        match self {
            Self::Real { .. } => "real",
            Self::Frozen { .. } => "frozen",
            Self::Scaled { .. } => "scaled",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn each_mode_follows_the_host_its_own_way() {
        let frozen = Clock::Frozen { now: at(500) };
        let scaled = Clock::Scaled {
            scale: 60,
            host: at(1_000),
            now: at(0),
        };
        let real = Clock::REAL.advanced(Span::from_millis(50));
        for (clock, host, sandbox) in [
            (real, 1_000, 1_050),
            (frozen, 1_000, 500),
            (frozen.advanced(Span::from_millis(9)), 7, 509),
            (scaled, 1_000, 0),
            (scaled, 1_500, 30_000),
            (scaled.advanced(Span::from_millis(1)), 1_500, 30_001),
        ] {
            assert_eq!(clock.at(at(host)), at(sandbox), "{clock:?} at {host}");
        }
    }

    #[test]
    fn waking_is_never_too_early() {
        let scaled = Clock::Scaled {
            scale: 7,
            host: at(0),
            now: at(0),
        };
        for due in [0, 1, 6, 7, 8, 100] {
            let wake = scaled.host_time_of(at(due)).unwrap();
            assert!(scaled.at(wake) >= at(due), "due at {due}");
        }
        let real = Clock::REAL.advanced(Span::from_secs(1));
        assert_eq!(real.host_time_of(at(5_000)), Some(at(4_000)));
        assert_eq!(Clock::Frozen { now: at(0) }.host_time_of(at(1)), None);
    }
}
