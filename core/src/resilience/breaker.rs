use serde::{Deserialize, Serialize};

use crate::time::{Span, Timestamp};

/// When a breaker opens, and for how long.
///
/// ```
/// use amana_core::resilience::BreakerPolicy;
/// use amana_core::time::Span;
/// let policy = BreakerPolicy::default();
/// assert_eq!((policy.failures_max, policy.open_for), (5, Span::from_secs(60)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakerPolicy {
    /// Failures in a row that open it; at 0 and 1 the first failure does.
    pub failures_max: u32,
    /// How long it stays open before one call may try again.
    pub open_for: Span,
}

impl Default for BreakerPolicy {
    /// Five failures, sixty seconds.
    fn default() -> Self {
        Self {
            failures_max: 5,
            open_for: Span::from_secs(60),
        }
    }
}

/// How a call went, as far as the provider's health is concerned. A refusal in good order (an
/// invalid request, no funds) is a success here.
///
/// ```
/// use amana_core::resilience::CallResult;
/// assert_eq!(serde_json::to_string(&CallResult::Failure)?, "\"failure\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallResult {
    /// The provider answered.
    Success,
    /// It did not answer, or with an error of its own.
    Failure,
}

/// Names the period of the breaker in which a call was admitted, so that a late result from an
/// earlier period is not taken for one of the present.
///
/// ```
/// use amana_core::resilience::{Admission, Breaker, BreakerPolicy, CallResult, Ticket};
/// # let (policy, now) = (BreakerPolicy::default(), amana_core::Timestamp::from_millis(0));
/// let (breaker, Admission::Allowed(ticket)) = Breaker::default().admit(&policy, now) else {
///     unreachable!("a new breaker is closed");
/// };
/// let ticket: Ticket = ticket;
/// assert_eq!(breaker.record(&policy, ticket, CallResult::Success, now), Breaker::default());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket(u64);

/// Whether a call may be made.
///
/// ```
/// use amana_core::resilience::{Admission, Breaker, BreakerPolicy, BreakerState, CallResult};
/// # let (policy, now) = (BreakerPolicy::default(), amana_core::Timestamp::from_millis(0));
/// assert!(matches!(Breaker::default().admit(&policy, now).1, Admission::Allowed(_)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It may; the result is to be recorded with this ticket.
    Allowed(Ticket),
    /// It may not.
    Refused {
        /// When it is worth asking again.
        retry_at: Timestamp,
    },
}

/// The state of a breaker.
///
/// ```
/// use amana_core::resilience::{Breaker, BreakerState};
/// assert_eq!(Breaker::default().state(), BreakerState::Closed { failures: 0 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum BreakerState {
    /// Calls are made.
    Closed {
        /// Failures in a row so far.
        failures: u32,
    },
    /// No call is made.
    Open {
        /// Until when.
        until: Timestamp,
    },
    /// One call tries whether the provider is back; others are refused.
    HalfOpen {
        /// When its result is given up and another call may try.
        until: Timestamp,
    },
}

/// A circuit breaker.
///
/// | state | success | failure | time is up |
/// |---|---|---|---|
/// | closed | count from 0 | count; at the limit: open | |
/// | open | late, passed over | late, passed over | the next call makes it half-open |
/// | half-open | closed | open | the next call tries instead |
///
/// ```
/// use amana_core::resilience::{Admission, Breaker, BreakerPolicy, BreakerState, CallResult};
/// use amana_core::time::{Span, Timestamp};
/// let policy = BreakerPolicy { failures_max: 2, open_for: Span::from_secs(60) };
/// let now = Timestamp::from_millis(1_772_793_000_000);
/// let mut breaker = Breaker::default();
/// for _ in 0..2 {
///     let (next, admission) = breaker.admit(&policy, now);
///     let Admission::Allowed(ticket) = admission else { unreachable!() };
///     breaker = next.record(&policy, ticket, CallResult::Failure, now);
/// }
/// let retry_at = now + Span::from_secs(60);
/// assert_eq!(breaker.state(), BreakerState::Open { until: retry_at });
/// assert_eq!(breaker.admit(&policy, now).1, Admission::Refused { retry_at });
/// assert!(matches!(breaker.admit(&policy, retry_at).1, Admission::Allowed(_)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breaker {
    state: BreakerState,
    /// Counts the changes of state.
    period: u64,
}

impl Default for Breaker {
    /// Closed, without failures.
    fn default() -> Self {
        Self {
            state: BreakerState::Closed { failures: 0 },
            period: 0,
        }
    }
}

impl Breaker {
    /// Its state.
    ///
    /// ```
    /// use amana_core::resilience::{Breaker, BreakerState};
    /// assert!(matches!(Breaker::default().state(), BreakerState::Closed { .. }));
    /// ```
    pub const fn state(self) -> BreakerState {
        self.state
    }

    /// Asks to make a call now.
    ///
    /// ```
    /// use amana_core::resilience::{Admission, Breaker, BreakerPolicy};
    /// # let now = amana_core::Timestamp::from_millis(0);
    /// let (breaker, admission) = Breaker::default().admit(&BreakerPolicy::default(), now);
    /// assert!(matches!(admission, Admission::Allowed(_)));
    /// ```
    #[must_use]
    pub fn admit(self, policy: &BreakerPolicy, now: Timestamp) -> (Self, Admission) {
        match self.state {
            BreakerState::Closed { .. } => (self, Admission::Allowed(Ticket(self.period))),
            BreakerState::Open { until } | BreakerState::HalfOpen { until } if now < until => {
                (self, Admission::Refused { retry_at: until })
            }
            BreakerState::Open { .. } | BreakerState::HalfOpen { .. } => {
                let until = now + policy.open_for;
                let next = self.change(BreakerState::HalfOpen { until });
                (next, Admission::Allowed(Ticket(next.period)))
            }
        }
    }

    /// Records how an admitted call went. A ticket of an earlier period changes nothing.
    ///
    /// ```
    /// use amana_core::resilience::{Admission, Breaker, BreakerPolicy, BreakerState, CallResult};
    /// # let (policy, now) = (BreakerPolicy::default(), amana_core::Timestamp::from_millis(0));
    /// let (breaker, Admission::Allowed(ticket)) = Breaker::default().admit(&policy, now) else {
    ///     unreachable!("a new breaker is closed");
    /// };
    /// let breaker = breaker.record(&policy, ticket, CallResult::Failure, now);
    /// assert_eq!(breaker.state(), BreakerState::Closed { failures: 1 });
    /// ```
    #[must_use]
    pub fn record(
        self,
        policy: &BreakerPolicy,
        ticket: Ticket,
        result: CallResult,
        now: Timestamp,
    ) -> Self {
        if ticket.0 != self.period {
            return self;
        }
        match (self.state, result) {
            // No ticket is given out in an open period.
            (BreakerState::Open { .. }, _) => self,
            (BreakerState::Closed { .. }, CallResult::Success) => Self {
                state: BreakerState::Closed { failures: 0 },
                ..self
            },
            (BreakerState::HalfOpen { .. }, CallResult::Success) => {
                self.change(BreakerState::Closed { failures: 0 })
            }
            (BreakerState::Closed { failures }, CallResult::Failure)
                if failures.saturating_add(1) < policy.failures_max =>
            {
                let failures = failures + 1;
                Self {
                    state: BreakerState::Closed { failures },
                    ..self
                }
            }
            (BreakerState::Closed { .. } | BreakerState::HalfOpen { .. }, CallResult::Failure) => {
                self.change(BreakerState::Open {
                    until: now + policy.open_for,
                })
            }
        }
    }

    const fn change(self, state: BreakerState) -> Self {
        Self {
            state,
            period: self.period.wrapping_add(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const POLICY: BreakerPolicy = BreakerPolicy {
        failures_max: 5,
        open_for: Span::from_secs(60),
    };

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_millis(1_772_793_000_000 + secs * 1_000)
    }

    fn call(breaker: Breaker, result: CallResult, secs: i64) -> Breaker {
        match breaker.admit(&POLICY, at(secs)) {
            (next, Admission::Allowed(ticket)) => next.record(&POLICY, ticket, result, at(secs)),
            (next, Admission::Refused { .. }) => next,
        }
    }

    #[test]
    fn rows() {
        use BreakerState::{Closed, Open};
        use CallResult::{Failure as F, Success as S};
        let rows: &[(&[(CallResult, i64)], BreakerState)] = &[
            (&[], Closed { failures: 0 }),
            (&[(F, 0); 4], Closed { failures: 4 }),
            (&[(F, 0); 5], Open { until: at(60) }),
            (
                &[(F, 0), (F, 0), (F, 0), (F, 0), (S, 1)],
                Closed { failures: 0 },
            ),
            (
                &[(F, 0), (F, 0), (F, 0), (S, 1), (F, 2)],
                Closed { failures: 1 },
            ),
            // Refused calls change nothing.
            (
                &[(F, 0), (F, 0), (F, 0), (F, 0), (F, 0), (S, 59)],
                Open { until: at(60) },
            ),
            (
                &[(F, 0), (F, 0), (F, 0), (F, 0), (F, 0), (S, 60)],
                Closed { failures: 0 },
            ),
            (
                &[(F, 0), (F, 0), (F, 0), (F, 0), (F, 0), (F, 60)],
                Open { until: at(120) },
            ),
        ];
        for (calls, expected) in rows {
            let start = Breaker::default();
            let end = calls
                .iter()
                .fold(start, |b, &(result, secs)| call(b, result, secs));
            assert_eq!(end.state(), *expected, "{calls:?}");
        }
    }

    fn opened() -> (Breaker, Ticket) {
        let Admission::Allowed(early) = Breaker::default().admit(&POLICY, at(0)).1 else {
            panic!("a closed breaker allows");
        };
        let start = Breaker::default();
        let open = (0..5).fold(start, |breaker, _| call(breaker, CallResult::Failure, 0));
        (open, early)
    }

    #[test]
    fn one_call_tries_at_a_time() {
        let (open, _) = opened();
        let (half, first) = open.admit(&POLICY, at(60));
        assert!(matches!(first, Admission::Allowed(_)));
        let refused = Admission::Refused { retry_at: at(120) };
        assert_eq!(half.admit(&POLICY, at(61)), (half, refused));
        // The first never reported back.
        let (again, second) = half.admit(&POLICY, at(120));
        assert!(matches!(second, Admission::Allowed(_)));
        assert_ne!(again, half);
    }

    #[test]
    fn late_results_change_nothing() {
        let (open, early) = opened();
        for result in [CallResult::Success, CallResult::Failure] {
            assert_eq!(open.record(&POLICY, early, result, at(30)), open);
            let (half, _) = open.admit(&POLICY, at(60));
            assert_eq!(half.record(&POLICY, early, result, at(61)), half);
        }
    }

    proptest! {
        #[test]
        fn open_breaker_refuses_until_its_time(
            calls in prop::collection::vec((any::<bool>(), 0_i64..40), 0..60),
        ) {
            let (mut breaker, mut secs, mut in_a_row) = (Breaker::default(), 0, 0);
            for (fails, wait) in calls {
                secs += wait;
                let before = breaker.state();
                let (next, admission) = breaker.admit(&POLICY, at(secs));
                let expected = match before {
                    BreakerState::Closed { .. } => true,
                    BreakerState::Open { until } | BreakerState::HalfOpen { until } => {
                        at(secs) >= until
                    }
                };
                prop_assert_eq!(matches!(admission, Admission::Allowed(_)), expected);
                breaker = next;
                if let Admission::Allowed(ticket) = admission {
                    let result = if fails { CallResult::Failure } else { CallResult::Success };
                    in_a_row = if fails { in_a_row + 1 } else { 0 };
                    breaker = breaker.record(&POLICY, ticket, result, at(secs));
                    let is_closed = matches!(breaker.state(), BreakerState::Closed { .. });
                    prop_assert_eq!(is_closed, in_a_row < POLICY.failures_max);
                }
            }
        }
    }
}
