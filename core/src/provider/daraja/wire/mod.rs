//! Structs exactly as on the wire, both directions; the twin in the sandbox speaks them too.
//!
//! Members stand in the order of the published samples. Misspelt keys
//! (`OriginatorCoversationID`, `RecieverIdentifierType`, `Occassion`) are the provider's, and a
//! client that spells them right is refused.

pub mod bill;
pub mod c2b;
pub mod error;
mod list;
pub mod lookup;
pub mod order;
pub mod pull;
pub mod qr;
pub mod result;
mod scalar;
pub mod standing;
pub mod stk;
pub mod token;

pub use list::Collapsing;
pub use scalar::Scalar;
