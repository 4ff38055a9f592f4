//! `latency`: the request arrives later, or the answer leaves later; a second unless it is said how
//! long.
//!
//! The sandbox itself never waits: how long is part of what it answers, and the host waits.

use amana_core::time::Span;

use super::{Leg, Setting, Spec};
use crate::kernel::fault::exchange::{Reply, sum};
use crate::kernel::fault::rule::Rule;

pub(super) const SPEC: Spec = Spec {
    legs: &[Leg::Request, Leg::Reply],
    takes: &[Setting::Delay],
};

const USUAL: Span = Span::from_secs(1);

pub(super) fn wait(rule: &Rule) -> Span {
    rule.with.delay_or(USUAL)
}

pub(super) fn answer(rule: &Rule, mut reply: Reply) -> Reply {
    reply.delay = sum(reply.delay, wait(rule));
    reply
}

#[cfg(test)]
mod tests {
    use amana_core::time::Span;
    use serde_json::json;

    use crate::kernel::fault::Received;
    use crate::kernel::fault::tests::Bench;
    use crate::kernel::route;

    #[test]
    fn a_late_request_takes_effect_when_it_arrives() {
        let mut bench = Bench::new();
        bench.arm(json!({"leg": "request", "kind": "latency", "with": {"delay": "3s"}}));
        let order = route(bench.order("5")).unwrap();
        let correlation = bench.sandbox.correlation();
        let Received::Deferred { delay, request } = bench.sandbox.receive(order) else {
            panic!("answered at once");
        };
        assert_eq!((delay, bench.orders()), (Span::from_secs(3), 0));
        let reply = bench.sandbox.resume(correlation, &request);
        assert_eq!((reply.response.unwrap().status, bench.orders()), (200, 1));
    }

    #[test]
    fn several_delays_add_up() {
        let mut bench = Bench::new();
        for leg in ["request", "request", "reply"] {
            bench.arm(json!({"leg": leg, "kind": "latency", "with": {"delay": "2s"}}));
        }
        let order = route(bench.order("5")).unwrap();
        let correlation = bench.sandbox.correlation();
        let Received::Deferred { delay, request } = bench.sandbox.receive(order) else {
            panic!("answered at once");
        };
        assert_eq!(delay, Span::from_secs(4));
        let reply = bench.sandbox.resume(correlation, &request);
        assert_eq!(reply.delay, Span::from_secs(2));
    }
}
