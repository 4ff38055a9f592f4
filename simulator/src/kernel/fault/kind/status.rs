//! `status`: the caller gets an error status, 503 unless another is given.

use amana_core::http::Response;
use serde_json::json;

use super::{Leg, Setting, Spec};
use crate::kernel::fault::exchange::Reply;
use crate::kernel::fault::rule::Rule;
use crate::kernel::{ServiceName, dispatch};

pub(super) const SPEC: Spec = Spec {
    legs: &[Leg::Request, Leg::Reply],
    takes: &[Setting::Status],
};

const USUAL: u16 = 503;

pub(super) fn reply(rule: &Rule, service: ServiceName) -> Reply {
    Reply::of(response(rule.with.status.unwrap_or(USUAL), rule, service))
}

/// What the service says with this status; if its words are not known, an answer that nobody's
/// provider would give: it says that it is a fault's.
pub(super) fn response(status: u16, rule: &Rule, service: ServiceName) -> Response {
    dispatch::failing(service, status).unwrap_or_else(|| {
        let body = json!({"fault": rule.kind, "status": status});
        Response::new(status, "application/json", body.to_string())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::kernel::fault::tests::{Bench, Seen};

    #[test]
    fn the_provider_does_not_see_the_request() {
        let mut bench = Bench::new();
        bench.arm(json!({"leg": "request", "kind": "status", "with": {"status": 502}}));
        assert_eq!(bench.collect(), Seen::Status(502));
        assert_eq!(bench.orders(), 0);
    }

    #[test]
    fn on_the_reply_leg_it_has_taken_effect() {
        let mut bench = Bench::new();
        bench.arm(json!({"leg": "reply", "kind": "status"}));
        assert_eq!(bench.collect(), Seen::Status(503));
        assert_eq!(bench.orders(), 1);
    }
}
