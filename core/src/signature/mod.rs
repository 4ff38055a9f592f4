//! Signatures of callbacks and webhooks, checked over the raw bytes before anything is decoded.
//!
//! [`Verified`] can be made only here: by a signature that fits ([`hmac::verify`]), or explicitly
//! by [`Verified::by_query`] for what our own question to the provider confirmed. It is also the
//! only way from a callback's bytes to typed data, so code that forgets to verify does not compile.
//!
//! All comparisons of secrets and tags take constant time.

mod error;
pub mod hmac;
mod secret;
mod verified;

pub use error::SignatureError;
pub use secret::{HmacKey, Secret};
pub use verified::{BodyError, Proof, Verified};
