//! What to do when a provider fails: stop asking for a while ([`Breaker`]), and ask again
//! ([`Retry`]). Both are pure: the time and the entropy are arguments.
//!
//! Asking again is right for a status query, or for a request with a key by which the provider
//! recognises it. A payout whose outcome is unknown is never sent again: its status is queried.

mod breaker;
mod retry;

pub use breaker::{Admission, Breaker, BreakerPolicy, BreakerState, CallResult, Ticket};
pub use retry::{Failure, NextTry, Retry, RetryPolicy};
