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
//!
//! ```
//! use amana_core::contract::*;
//! use amana_core::{Currency, Money, Party, Timestamp};
//! let terms = ContractTerms {
//!     contract_id: "AG-2024-001234".parse()?,
//!     buyer: "0712345678".parse()?,
//!     seller: "0723456789".parse()?,
//!     mediator: None,
//!     total: Money::parse("350000.00", Currency::KES)?,
//!     expires_at: None,
//! };
//! let now = Timestamp::from_millis(1_772_793_000_000);
//! let mut contract = None;
//! for command in [
//!     ContractCommand::Create { terms },
//!     ContractCommand::Confirm { by: Party::Buyer },
//!     ContractCommand::Confirm { by: Party::Seller },
//! ] {
//!     for event in decide(now, contract.as_ref(), &command)? {
//!         contract = evolve(contract, &event);
//!     }
//! }
//! assert_eq!(contract.as_ref().unwrap().status(), ContractStatus::Confirmed);
//! let again = ContractCommand::Confirm { by: Party::Seller };
//! let refused = decide(now, contract.as_ref(), &again);
//! let by = Party::Seller;
//! assert_eq!(refused, Err(ContractRejection::AlreadyConfirmed { by }));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod decide;
mod state;

#[cfg(test)]
mod tests;

pub use decide::{ContractCommand, ContractRejection, decide};
pub use state::{
    Contract, ContractEvent, ContractEventKind, ContractStatus, ContractTerms, PaymentShare, evolve,
};
