//! The escrow payment: money of a buyer, held until the seller has delivered and the buyer
//! accepted.
//!
//! One state machine, without I/O. [`decide`] holds all rules and changes nothing; [`evolve`] holds
//! all change and knows no rules; everything the host has to do is an [`Effect`].
//!
//! Five statuses are shown to callers: `pending`, `locked`, `released`, `refunded`, `failed`.
//! Inside there are two more phases, `releasing` and `refunding`, while a payout is under way;
//! callers see them as `locked`.
//!
//! The rules:
//!
//! - Release needs the seller's delivery confirmation *and* the buyer's acceptance, no open
//!   dispute, and a contract that is not cancelled. Never one party alone, never a timer alone.
//! - Refund needs one of: the seller gives it back, both parties agree, a mediator's ruling, the
//!   contract cancelled, or the escrow timeout with nothing confirmed by anyone. If something was
//!   confirmed by then, a dispute is opened instead.
//! - A payout whose outcome is unknown is queried until it is known, never sent again.
//! - Money that arrives is real whenever it arrives: it is locked if it is what was asked for and
//!   the contract still wants it, and returned to the payer otherwise.
//!
//! What is unproved, or about an order that nobody knows, stops at the door: [`intake`].
//!
//! What every command does in every phase is also data: [`table`]. The tests walk every sequence of
//! commands to depth five and hold it against that table, and compare random histories with a
//! ledger.

mod command;
mod decide;
mod effect;
mod event;
mod evolve;
pub mod intake;
mod policy;
mod rejection;
mod state;
pub mod table;
mod view;

#[cfg(test)]
mod tests;

pub use command::{Actor, Channel, Command, Intent, IntentKind, Ruling};
pub use decide::{Context, Decision, Standing, decide};
pub use effect::{Alarm, Effect, EffectId, EffectKind, Notice};
pub use event::{Cause, Contradiction, Event, EventKind, FailureReason, ReturnReason};
pub use evolve::{CorruptHistory, evolve, replay};
pub use policy::{Policy, PolicyError};
pub use rejection::Rejection;
pub use state::{
    Collected, Confirmation, Dispute, Due, Failed, Hold, Payment, Payout, PayoutId, PayoutStatus,
    Pending, Phase, Purpose, Query, State, Status, Terms,
};
pub use view::{PaymentView, WaitingFor};
