//! What the core answers natively, for the test that compares it with the package byte by byte.
//!
//! Prints one JSON object a line: `call`, `arguments`, and either `answer`, which is the exact JSON
//! text, or `error` with code, field and message. Calls of the engine go to the one made by the last
//! `new`. The commands are drawn at random, with a fixed seed.

mod functions;
mod sessions;

use amana_core::Coded;
use serde::Serialize;
use serde_json::{Value, json};

type Done = Result<(), Box<dyn std::error::Error>>;

fn main() -> Done {
    sessions::run()?;
    functions::run()
}

/// Prints a call with what the core answered.
fn report<T: Serialize>(call: &str, arguments: &Value, answer: Result<T, &dyn Coded>) -> Done {
    let line = match answer {
        Ok(answer) => {
            let text = serde_json::to_string(&answer)?;
            json!({"call": call, "arguments": arguments, "answer": text})
        }
        Err(error) => json!({"call": call, "arguments": arguments, "error": {
            "code": error.code(),
            "field": error.field(),
            "message": error.to_string(),
        }}),
    };
    println!("{line}");
    Ok(())
}
