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
//!
//! ```
//! use amana_core::escrow::*;
//! use amana_core::reference::TransactionId;
//! use amana_core::{Currency, Money, Timestamp};
//!
//! let amount = Money::parse("350000.00", Currency::KES)?;
//! let terms = Terms {
//!     transaction_id: TransactionId::new("AG-2024-001234".parse()?, 1),
//!     buyer: "0712345678".parse()?,
//!     seller: "0723456789".parse()?,
//!     amount,
//! };
//! let by = |actor, intent| Command { actor, channel: Channel::App, intent };
//! let funds = Intent::FundsReceived { receipt: "UJ22RT61SV".parse()?, amount };
//! let commands = [
//!     by(Actor::Operator, Intent::Request { terms }),
//!     Command::provider(funds),
//!     by(Actor::Seller, Intent::ConfirmDelivery { portion: None }),
//!     by(Actor::Buyer, Intent::Accept),
//! ];
//!
//! let policy = Policy::default();
//! let standing = Standing::Open { outstanding: amount };
//! let ctx = Context { now: Timestamp::from_millis(1_772_793_000_000), policy: &policy, standing };
//! let mut state = State::Absent;
//! let mut outbox = Vec::new();
//! for command in &commands {
//!     let decision = decide(&ctx, &state, command)?;
//!     outbox.extend(decision.effects);
//!     for event in &decision.events {
//!         state = evolve(state, event)?;
//!     }
//! }
//! let paid = outbox.iter().find(|effect| matches!(effect.kind, EffectKind::RequestPayout { .. }));
//! assert_eq!(paid.unwrap().id.to_string(), "TXN-AG-2024-001234-001/6.0");
//! // Until the provider says that the seller has the money, it is still held.
//! assert_eq!(state.payment().unwrap().status(), Status::Locked);
//! assert!(matches!(decide(&ctx, &state, &commands[3]), Err(Rejection::PayoutInFlight { .. })));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod audit;
pub mod contract;
pub mod error;
pub mod escrow;
pub mod fee;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
pub mod http;
mod json_as_object;
mod json_as_text;
pub mod money;
pub mod party;
pub mod provider;
pub mod reference;
pub mod resilience;
pub mod signature;
pub mod sms;
mod tagged;
pub mod time;
pub mod ussd;

pub use error::{Category, Code, Coded, FieldPath};
pub use money::{Currency, Money};
pub use party::{Msisdn, Party};
pub use tagged::TAGGED;
pub use time::Timestamp;
