//! The contract: buyer and seller, what is to be paid, and how its payments stand together.
//!
//! A contract can have several payments. It holds what each of them holds and has paid, so that it
//! can say what it still wants ([`Contract::standing`]); a late or repeated payment is measured by
//! that. Its status is computed, never set:
//!
//! | status | when |
//! |---|---|
//! | `cancelled` | a party declined it before money was locked, or both agreed to cancel it |
//! | `expired` | it was not confirmed or paid in time and nothing is held |
//! | `completed` | the seller has been paid the total |
//! | `disputed` | one of its payments is contested |
//! | `payment_locked` | money is held |
//! | `active` | a payment was requested or a part was paid |
//! | `confirmed` | both parties have confirmed it |
//! | `pending` | none of these |
//!
//! As for the payment, [`decide`] holds the rules and [`evolve`] the change.

mod decide;
mod state;

#[cfg(test)]
mod tests;

pub use decide::{ContractCommand, ContractRejection, decide};
pub use state::{
    Contract, ContractEvent, ContractEventKind, ContractStatus, ContractTerms, PaymentShare, evolve,
};
