//! Faults: what goes wrong on purpose between a caller, a provider and a receiver.
//!
//! A [`Rule`] says on which leg, for whom, what and when. It is armed by [`Sandbox::arm_fault`]; from
//! then on everything that passes over its leg and matches is a *candidate*. Whether the fault fires
//! for a candidate is decided by count, window and seeded chance, and recorded, so that a run with
//! faults repeats like any other. A fault that can fire no more is *spent*; it stays listed.
//!
//! Each kind is a file under [`kind`](self::kind) with what it may be given and what it does.

mod body;
mod callback;
mod chance;
mod draw;
mod exchange;
mod fired;
mod kind;
mod list;
mod rule;
mod subject;
mod text;

#[cfg(test)]
mod escrow_tests;
#[cfg(test)]
mod tests;

pub use self::body::{Distortion, distort_members};
pub use self::chance::Chance;
pub use self::exchange::{Received, Reply};
pub use self::fired::FaultEvent;
pub(super) use self::kind::Plan;
pub use self::kind::{Kind, Leg};
pub use self::list::{Fault, FaultId, Faults};
pub use self::rule::{Match, Rule, When, With};
