//! The audit trail: a signed hash chain, one entry for each change of state.
//!
//! Each entry holds the hash of the one before, so no entry can be changed, removed, inserted or
//! moved without breaking the chain; and each hash is signed with a key that only the keeper of the
//! trail has, so the chain cannot be rebuilt after a change. [`verify`] names the first bad entry
//! and what is wrong with it.
//!
//! The chain alone cannot tell that entries are missing at its end. For that, keep the
//! [`SignedHead`] somewhere else from time to time and give it to [`verify`].
//!
//! # Format
//!
//! An exported trail is JSON lines. Each line holds, without blanks and in this order, `seq`, `at`,
//! `action`, `contract`, `actor`, `data`, `previous`, `hash`, `signature`. The hash is the SHA-256
//! of the same object without its last two members; the signature is the HMAC-SHA256 of the 32
//! bytes of the hash. Both are lower-case hex. `previous` of the first entry is all zeros. There is
//! one spelling of an entry, so two exports of one trail are equal to the byte.
//!
//! A signed head is `{"seq":…,"hash":…,"signature":…}`; signed is the text `audit-head:<seq>:<hash>`
//! with HMAC-SHA256.

mod chain;
mod entry;
mod head;
mod verify;

pub use chain::Chain;
pub use entry::{AuditError, Entry, Hash, Label, Record};
pub use head::{Head, SignedHead};
pub use verify::{BadEntry, Fault, verify, verify_entries};
