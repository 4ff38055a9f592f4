//! Bodies of the fuzz targets (feature `fuzzing`): any bytes in, and a panic if a promise is broken.
//!
//! A body is a plain function, so one body serves every runner: `cargo xtask fuzz` mutates the
//! committed seeds on a stable toolchain, `fuzz/` holds the shims for `cargo fuzz`, and a test runs
//! each seed once. To add a target, write a body, give it a row in [`TARGETS`], a shim in
//! `fuzz/targets/` and a few seeds in `fuzz/seeds/`.

mod escrow;
mod signed;
mod text;

use std::borrow::Cow;
use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use crate::provider::fuzzing::{callback, confirmation_sms, response};
pub use escrow::{escrow_command, escrow_history};
pub use signed::{audit, idempotency, webhook};
pub use text::{contract_id, inbound_sms, money, msisdn, transaction_id, ussd};

/// Told what an input has led to: an error's code, the name of a state.
///
/// A runner without instrumented code keeps the inputs that lead to something new.
pub type Saw<'a> = &'a mut dyn FnMut(&str);

/// Something that is fuzzed.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name on the command line, and of its folder of seeds.
    pub name: &'static str,
    /// Panics if the input breaks a promise.
    pub body: fn(&[u8], Saw<'_>),
}

macro_rules! targets {
    ($($body:ident)*) => {
        /// Every target.
        pub const TARGETS: &[Target] = &[$(Target { name: stringify!($body), body: $body },)*];
    };
}

targets! {
    money
    msisdn
    contract_id
    transaction_id
    inbound_sms
    confirmation_sms
    ussd
    callback
    response
    webhook
    audit
    idempotency
    escrow_command
    escrow_history
}

/// The target of this name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

pub(crate) fn lossy(input: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(input)
}

/// The input cut at the first of this byte; all of it and nothing if there is none.
fn cut(input: &[u8], at: u8) -> (&[u8], &[u8]) {
    let mut parts = input.splitn(2, |&byte| byte == at);
    (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    )
}

/// A value is the same after its JSON was written and read.
#[track_caller]
pub(crate) fn survives_json<T>(value: &T)
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let json = serde_json::to_string(value);
    let back = json.as_deref().map(serde_json::from_str::<T>);
    assert!(
        matches!(&back, Ok(Ok(back)) if back == value),
        "{value:?} is not its JSON {json:?}"
    );
}
