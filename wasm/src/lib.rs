//! The engine for JavaScript hosts.
//!
//! Nothing is decided here: each export turns JavaScript values into the types of [`amana_core`],
//! calls it, and turns the answer back. Text that the core would refuse is refused by the core, and
//! its error crosses as one JavaScript `Error` with `code` and `field` (see [`error`]).
//!
//! The declarations for TypeScript are written by hand in `wasm/npm/index.d.ts`, because the
//! generated ones can express neither unions nor the shape of errors. The tests of the package hold
//! them to what is exported here.

mod engine;
mod error;
mod fee;
mod input;
mod money;
mod output;
mod phone;
mod reference;
mod sms;
mod webhook;

use amana_core::Code;
use wasm_bindgen::prelude::*;

/// The version of the package, as in its `package.json`.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Every code an error can carry, in the order of the core's table.
///
/// The `ErrorCode` union of the declarations is generated from it when the package is built.
#[wasm_bindgen(js_name = errorCodes)]
pub fn error_codes() -> Vec<String> {
    Code::ALL
        .iter()
        .map(|code| code.as_str().to_owned())
        .collect()
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(message: &str);
}

/// Runs once, when the module is instantiated: a broken invariant names its place on the console.
///
/// The panic's message is left out, since it may hold what a caller passed in.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        let place = match panic.location() {
            Some(location) => format!("{}:{}", location.file(), location.line()),
            None => "an unknown place".to_owned(),
        };
        console_error(&format!(
            "amana-wasm: internal error at {place}; reload the module before using it again"
        ));
    }));
}
