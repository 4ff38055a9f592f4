use serde::{Deserialize, Serialize};

use crate::time::{Span, Timestamp};

/// How often and how soon a call is made again.
///
/// ```
/// use amana_core::resilience::RetryPolicy;
/// use amana_core::time::Span;
/// let policy = RetryPolicy::default();
/// assert_eq!((policy.tries_max, policy.wait_max), (3, Span::from_secs(10)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetryPolicy {
    /// Calls in all, the first one included.
    pub tries_max: u32,
    /// The shortest wait; it doubles with each try.
    pub wait_min: Span,
    /// The longest wait.
    pub wait_max: Span,
}

impl Default for RetryPolicy {
    /// Three tries, waits from one to ten seconds.
    fn default() -> Self {
        Self {
            tries_max: 3,
            wait_min: Span::from_secs(1),
            wait_max: Span::from_secs(10),
        }
    }
}

/// Why a call failed, as far as trying again is concerned.
///
/// ```
/// use amana_core::resilience::{Failure, NextTry, Retry, RetryPolicy};
/// # let now = amana_core::Timestamp::from_millis(0);
/// let (_, next) = Retry::default().failed(&RetryPolicy::default(), Failure::Permanent, now, 0);
/// assert_eq!(next, NextTry::GiveUp);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// It may work next time: no connection, an error of the provider.
    Transient,
    /// The provider asked to wait this long (`Retry-After`). It is waited for, even beyond the
    /// longest wait.
    Throttled(Span),
    /// It will not work next time either: the request is refused.
    Permanent,
}

/// What to do after a failed call.
///
/// ```
/// use amana_core::resilience::{Failure, NextTry, Retry, RetryPolicy};
/// use amana_core::time::Span;
/// # let now = amana_core::Timestamp::from_millis(0);
/// let asked_to_wait = Failure::Throttled(Span::from_secs(30));
/// let (_, next) = Retry::default().failed(&RetryPolicy::default(), asked_to_wait, now, 0);
/// assert_eq!(next, NextTry::At(now + Span::from_secs(30)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextTry {
    /// Call again.
    At(Timestamp),
    /// Do not: the failure is permanent, or there were enough tries.
    GiveUp,
}

/// The tries of one call.
///
/// Before try *n* + 1 the wait is drawn evenly between half its ceiling and the ceiling, which is
/// `wait_min * 2^n`, at most `wait_max`: with the default policy 1 to 2 s, then 2 to 4 s, and never
/// more than 5 to 10 s. The draw keeps callers that failed together from coming back together, also
/// when they have failed so often that the ceiling no longer grows.
///
/// ```
/// use amana_core::resilience::{Failure, NextTry, Retry, RetryPolicy};
/// use amana_core::time::{Span, Timestamp};
/// let policy = RetryPolicy::default();
/// let now = Timestamp::from_millis(1_772_793_000_000);
/// let (retry, next) = Retry::default().failed(&policy, Failure::Transient, now, 0);
/// assert_eq!(next, NextTry::At(now + Span::from_secs(1)));
/// let (retry, next) = retry.failed(&policy, Failure::Transient, now, u64::MAX);
/// assert_eq!(next, NextTry::At(now + Span::from_secs(4)));
/// let (_, next) = retry.failed(&policy, Failure::Transient, now, 0);
/// assert_eq!(next, NextTry::GiveUp);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Retry {
    failures: u32,
}

impl Retry {
    /// How many tries have failed.
    ///
    /// ```
    /// use amana_core::resilience::Retry;
    /// assert_eq!(Retry::default().failures(), 0);
    /// ```
    pub const fn failures(self) -> u32 {
        self.failures
    }

    /// Records a failed try. The entropy is the caller's: 64 even bits, used once.
    ///
    /// ```
    /// use amana_core::resilience::{Failure, Retry, RetryPolicy};
    /// # let now = amana_core::Timestamp::from_millis(0);
    /// let (retry, _) = Retry::default().failed(&RetryPolicy::default(), Failure::Transient, now, 0);
    /// assert_eq!(retry.failures(), 1);
    /// ```
    #[must_use]
    pub fn failed(
        self,
        policy: &RetryPolicy,
        failure: Failure,
        now: Timestamp,
        entropy: u64,
    ) -> (Self, NextTry) {
        let next = Self {
            failures: self.failures.saturating_add(1),
        };
        let asked_for = match failure {
            Failure::Transient => Span::ZERO,
            Failure::Throttled(span) => span,
            Failure::Permanent => return (next, NextTry::GiveUp),
        };
        if next.failures >= policy.tries_max {
            return (next, NextTry::GiveUp);
        }
        let wait = next.wait(policy, entropy).max(asked_for);
        (next, NextTry::At(now + wait))
    }

    fn wait(self, policy: &RetryPolicy, entropy: u64) -> Span {
        let factor = 1_u64.checked_shl(self.failures).unwrap_or(u64::MAX);
        let ceiling = policy.wait_min.saturating_mul(factor).min(policy.wait_max);
        let most = ceiling.as_millis();
        let least = (most / 2).max(policy.wait_min.as_millis()).min(most);
        let width = most - least;
        // The high half of the product is even over 0..=width, without the bias of a remainder.
        let product = u128::from(entropy) * (u128::from(width) + 1);
        let drawn = u64::try_from(product >> 64).unwrap_or(width);
        Span::from_millis(least.saturating_add(drawn))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_772_793_000_000);

    fn waits(policy: &RetryPolicy, entropy: u64) -> Vec<u64> {
        let mut retry = Retry::default();
        let mut waits = Vec::new();
        loop {
            let (next, answer) = retry.failed(policy, Failure::Transient, NOW, entropy);
            match answer {
                NextTry::At(at) => waits.push((at - NOW).as_millis()),
                NextTry::GiveUp => return waits,
            }
            retry = next;
        }
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let policy = RetryPolicy {
            tries_max: 7,
            ..RetryPolicy::default()
        };
        assert_eq!(
            waits(&policy, 0),
            [1_000, 2_000, 4_000, 5_000, 5_000, 5_000]
        );
        assert_eq!(
            waits(&policy, u64::MAX),
            [2_000, 4_000, 8_000, 10_000, 10_000, 10_000]
        );
        assert_eq!(waits(&policy, 1 << 63)[0], 1_500);
    }

    #[test]
    fn callers_part_even_at_the_longest_wait() {
        let policy = RetryPolicy {
            tries_max: 100,
            ..RetryPolicy::default()
        };
        let draws = (0..64).map(|n| waits(&policy, n << 58)[98]);
        let distinct: std::collections::BTreeSet<_> = draws.collect();
        assert_eq!(distinct.len(), 64);
        assert_eq!(distinct.first(), Some(&5_000));
    }

    #[test]
    fn without_room_to_wait_nothing_is_drawn() {
        let wait = |wait_min, wait_max| {
            let policy = RetryPolicy {
                tries_max: 2,
                wait_min: Span::from_millis(wait_min),
                wait_max: Span::from_millis(wait_max),
            };
            waits(&policy, u64::MAX)[0]
        };
        assert_eq!(wait(10, 10), 10);
        assert_eq!(wait(0, 10), 0);
        // The longest wait is the stronger promise.
        assert_eq!(wait(20, 10), 10);
    }

    #[test]
    fn tries_are_counted() {
        for (tries_max, expected) in [(0, 0), (1, 0), (2, 1), (3, 2)] {
            let policy = RetryPolicy {
                tries_max,
                ..RetryPolicy::default()
            };
            assert_eq!(waits(&policy, 0).len(), expected);
        }
    }

    #[test]
    fn failures_differ() {
        let policy = RetryPolicy::default();
        let next = |failure| Retry::default().failed(&policy, failure, NOW, 0).1;
        let in_secs = |secs| NextTry::At(NOW + Span::from_secs(secs));
        assert_eq!(next(Failure::Permanent), NextTry::GiveUp);
        assert_eq!(next(Failure::Throttled(Span::from_secs(30))), in_secs(30));
        assert_eq!(next(Failure::Throttled(Span::ZERO)), in_secs(1));
    }

    proptest! {
        #[test]
        fn every_wait_is_within_bounds(
            tries_max in 0_u32..100,
            (low, high) in (0_u64..100_000, 0_u64..100_000),
            entropy: u64,
        ) {
            let policy = RetryPolicy {
                tries_max,
                wait_min: Span::from_millis(low.min(high)),
                wait_max: Span::from_millis(low.max(high)),
            };
            for wait in waits(&policy, entropy) {
                prop_assert!((low.min(high)..=low.max(high)).contains(&wait));
            }
        }

        #[test]
        fn never_panics(failures: u32, tries_max: u32, low: u64, high: u64, entropy: u64) {
            let policy = RetryPolicy {
                tries_max,
                wait_min: Span::from_millis(low),
                wait_max: Span::from_millis(high),
            };
            let _ = Retry { failures }.failed(&policy, Failure::Transient, NOW, entropy);
        }
    }
}
