//! What the tests of the running server share.

mod caller;
mod client;
mod receiver;
mod server;

pub use caller::{Ack, Caller, settings};
pub use client::{Answer, Client};
pub use receiver::Receiver;
pub use server::{Limits, Server, program};
