//! The document says what the code says.

use super::*;
use crate::kernel::callback::NewCallback;
use crate::provider::ProviderServer;
use crate::provider::daraja::{Server, coverage};

const BEGIN: &str = "<!-- generated: coverage -->";
const END: &str = "<!-- end of the generated part -->";

/// When this fails, put in what `cargo run -p amana-simulator --example daraja_coverage` prints.
#[test]
fn the_document_has_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/providers/daraja.md");
    let document = std::fs::read_to_string(path).unwrap();
    let (_, rest) = document.split_once(BEGIN).unwrap();
    let (part, _) = rest.split_once(END).unwrap();
    assert_eq!(part.trim(), coverage::table().trim());
}

#[test]
fn faults_know_requests_and_what_answers_them_by_name() {
    let operation = |path: &str| Server.operation(&Request::new("POST", HOST, path));
    assert_eq!(operation(PUSH), Some("stk_push"));
    assert_eq!(operation("/nowhere"), None);
    let mut bench = Bench::new();
    bench.push(&push_body());
    bench.ask(B2C_V1, &b2c_body());
    bench.settle();
    let callbacks: Vec<_> = bench.sandbox.state().callbacks.iter().cloned().collect();
    let answered = callbacks.iter().map(|callback| {
        let new = NewCallback {
            service: callback.service,
            operation: match callback.operation.as_str() {
                "stk_callback" => "stk_callback",
                _ => "b2c_result",
            },
            reference: callback.reference.clone(),
            msisdn: callback.msisdn,
            target: callback.target.clone(),
            method: "POST",
            headers: Vec::new(),
            body: Vec::new(),
            after: Span::ZERO,
        };
        Server.requested_by(bench.sandbox.state(), &new)
    });
    assert_eq!(
        answered.collect::<Vec<_>>(),
        [Some("b2c"), Some("stk_push")]
    );
}
