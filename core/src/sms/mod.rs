//! Text messages to the parties, and what they answer. English and Swahili.
//!
//! A message is data ([`Message`]) and is put into words only when it is sent. The English wording
//! is fixed to the byte, because other programs recognise it.

mod inbound;
mod language;
mod template;

pub use inbound::{Inbound, InboundError};
pub use language::Language;
pub use template::{Brand, DeliveryExtent, HoldReason, Message, PaymentAction, Quantity};
