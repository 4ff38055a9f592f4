//! How notifications are repeated, and where those of the payments API go.

use super::*;
use crate::kernel::callback::{CallbackState, Target};

const CHECKOUT: &str = "/mobile/checkout/request";

#[test]
fn a_refused_notification_is_repeated_each_minute() {
    let mut bench = Bench::new();
    bench.pay(CHECKOUT, &checkout(&json!(100)));
    bench.advance(Span::from_secs(2 + 60 + 60), 500, "");
    bench.advance(Span::from_mins(30), 302, "");
    let times: Vec<i64> = bench
        .delivered
        .iter()
        .map(|(at, _)| at.as_millis())
        .collect();
    assert_eq!(times.len(), 4, "{times:?}");
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] == 60_000));
    let first = &bench.delivered[0].1.body;
    assert!(
        bench
            .delivered
            .iter()
            .all(|(_, delivery)| delivery.body == *first)
    );
}

#[test]
fn a_notification_is_given_up_after_six_hours() {
    let mut bench = Bench::new();
    bench.pay(CHECKOUT, &checkout(&json!(100)));
    bench.advance(Span::from_mins(60 * 24), 500, "");
    assert_eq!(bench.delivered.len(), 360);
    let callback = bench.sandbox.state().callbacks.iter().next().unwrap();
    assert_eq!(callback.state, CallbackState::Failed);
}

#[test]
fn without_an_address_nobody_is_told() {
    let mut bench = Bench::new();
    let callbacks = json!({"payment_notifications": null});
    bench.patch(json!({"africastalking": {"callbacks": callbacks}}));
    bench.pay(CHECKOUT, &checkout(&json!(100)));
    bench.settle();
    assert!(bench.delivered.is_empty());
    assert_eq!(bench.wallet(), "5100.00");
}

#[test]
fn the_payments_api_is_told_in_process() {
    let mut bench = Bench::new();
    let request = posted(CHECKOUT, &checkout(&json!(100)));
    let response = bench.sandbox.call(&request).unwrap();
    assert_eq!(response.status, 201);
    bench.settle();
    let targets: Vec<Target> = bench
        .sandbox
        .state()
        .callbacks
        .iter()
        .map(|callback| callback.target.clone())
        .collect();
    let inside = Target::Internal("africastalking.payment_notification".to_owned());
    assert_eq!(targets, [Target::Url(URL.parse().unwrap()), inside]);
}
