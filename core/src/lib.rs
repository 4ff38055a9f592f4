//! The payment-state engine of Amana: the rules of mobile-money escrow as pure data and functions.
//!
//! The engine does no I/O. It reads no clock, no entropy and no environment: the time, the policy
//! and every fact from outside are arguments, and everything it wants done is an effect, returned
//! as data. A host drives it like this:
//!
//! 1. Turn an input (a party's message, a timer, a verified callback, a provider's answer) into an
//!    [`escrow::Command`].
//! 2. Call [`escrow::decide`]. It answers events and effects, or a typed rejection, and changes
//!    nothing.
//! 3. Append the events *and* the effects to the journal in one write, before anything else.
//! 4. Apply each event with [`escrow::evolve`]. Replay is only this step, so it can never pay twice.
//! 5. Perform the open effects. Each id is derived from the payment and the event that caused it,
//!    and is the idempotency key towards the provider. The answer is a new command: go to 1.

pub mod audit;
pub mod contract;
pub mod error;
pub mod escrow;
pub mod fee;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
pub mod http;
mod json_as_text;
pub mod money;
pub mod party;
pub mod provider;
pub mod reference;
pub mod resilience;
pub mod signature;
pub mod sms;
pub mod time;
pub mod ussd;

pub use error::{Category, Code, Coded, FieldPath};
pub use money::{Currency, Money};
pub use party::{Msisdn, Party};
pub use time::Timestamp;
