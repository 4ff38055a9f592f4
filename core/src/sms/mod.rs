//! Text messages: what the parties are told, and what they say.

mod inbound;
mod template;

pub use inbound::{Inbound, InboundError, Word};
pub use template::{Message, PaymentAction, Portion};
