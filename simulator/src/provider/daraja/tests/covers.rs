//! What faults and documents know its requests by.

use super::*;
use crate::kernel::callback::NewCallback;
use crate::provider::ProviderServer;
use crate::provider::daraja::Server;

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
