//! `rate_limit`: the caller is told to slow down, by 429 and `Retry-After`.

use amana_core::time::Span;

use super::{Leg, Setting, Spec, status};
use crate::kernel::ServiceName;
use crate::kernel::fault::exchange::Reply;
use crate::kernel::fault::rule::Rule;

pub(super) const SPEC: Spec = Spec {
    legs: &[Leg::Request],
    takes: &[Setting::Status, Setting::Delay],
};

const USUAL_STATUS: u16 = 429;
const USUAL_WAIT: Span = Span::from_secs(1);

pub(super) fn reply(rule: &Rule, service: ServiceName) -> Reply {
    let wait = rule.with.delay_or(USUAL_WAIT).as_millis().div_ceil(1_000);
    let status = rule.with.status.unwrap_or(USUAL_STATUS);
    let response = status::response(status, rule, service);
    Reply::of(response.with_header("retry-after", &wait.to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::kernel::fault::tests::{Bench, Seen};

    #[test]
    fn says_how_long_to_wait_and_heals() {
        let mut bench = Bench::new();
        bench.arm(json!({
            "leg": "request", "kind": "rate_limit", "with": {"delay": "1m30s"},
            "when": {"first": 1},
        }));
        let response = bench.receive().response.unwrap();
        assert_eq!(response.status, 429);
        assert_eq!(response.header("retry-after"), Some("90"));
        assert_eq!(bench.orders(), 0);
        assert_eq!(bench.collect(), Seen::Status(200));
    }
}
