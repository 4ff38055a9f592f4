//! One type for each kind of reference, so that none can stand where another belongs.
//!
//! | type | whose | example |
//! |---|---|---|
//! | [`ContractId`] | the caller's | `AG-2024-001234` |
//! | [`TransactionId`] | ours, the same through the whole chain | `TXN-AG-2024-001234-001` |
//! | [`PaymentReference`] | ours, short enough for every provider | `6DF1309B7BDA` |
//! | [`ProviderReference`] | the provider's id of a request | `ws_CO_0210202618050691` |
//! | [`Receipt`] | the provider's proof that money has moved | `UJ22RT61SV` |
//! | [`IdempotencyKey`] | the caller's key for one intent | `3f0b9c1e-…` |
//!
//! The short ones are held inline: they are `Copy` and never allocate. How a particular provider
//! builds its references is known in that provider's folder only.

mod canonical;
mod code;
mod contract_id;
mod error;
pub mod idempotency;
mod payment;
mod provider;
mod text;
mod transaction_id;

pub use code::{CodeError, CodePolicy, ConfirmationChallenge, ConfirmationCode};
pub use contract_id::ContractId;
pub use error::{Fault, ReferenceError, ReferenceKind};
pub use idempotency::{Fingerprint, IdempotencyError, IdempotencyKey};
pub use payment::PaymentReference;
pub use provider::{ProviderReference, Receipt};
pub use transaction_id::TransactionId;
