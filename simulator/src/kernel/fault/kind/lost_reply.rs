//! `lost_reply`: the request takes effect, but the caller sees a broken connection, or the status
//! given.

use super::{Leg, Setting, Spec, status};
use crate::kernel::ServiceName;
use crate::kernel::fault::exchange::Reply;
use crate::kernel::fault::rule::Rule;

pub(super) const SPEC: Spec = Spec {
    legs: &[Leg::Reply],
    takes: &[Setting::Status],
};

pub(super) fn reply(rule: &Rule, service: ServiceName) -> Reply {
    match rule.with.status {
        Some(code) => Reply::of(status::response(code, rule, service)),
        None => Reply::lost(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::kernel::fault::tests::{Bench, Seen};

    #[test]
    fn the_request_takes_effect() {
        for (with, seen) in [
            (json!({}), Seen::Nothing),
            (json!({"status": 504}), Seen::Status(504)),
        ] {
            let mut bench = Bench::new();
            bench.arm(json!({"leg": "reply", "kind": "lost_reply", "with": with}));
            assert_eq!(bench.collect(), seen);
            assert_eq!(bench.orders(), 1);
            assert_eq!(bench.settle().len(), 1);
        }
    }
}
