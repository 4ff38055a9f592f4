//! The server as its users have it: the real program, started as a process, spoken to over sockets,
//! ended by force, by a full disk or in order.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says why and fails"
)]

mod commands;
mod disk;
mod kit;
mod restart;
mod side_by_side;
