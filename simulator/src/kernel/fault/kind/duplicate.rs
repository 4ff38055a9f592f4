//! `duplicate`: the callback is made several times, two in all unless it is said how many.

use super::{Leg, Plan, Setting, Spec};
use crate::kernel::fault::rule::Rule;

pub(super) const SPEC: Spec = Spec {
    legs: &[Leg::Callback],
    takes: &[Setting::Copies],
};

const USUAL: u32 = 2;

pub(super) fn change(rule: &Rule, plan: &mut Plan) {
    plan.copies = plan.copies.max(rule.with.copies.unwrap_or(USUAL));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::kernel::fault::tests::Bench;

    #[test]
    fn as_many_arrive_as_were_asked_for() {
        for (with, arrived) in [(json!({}), 2), (json!({"copies": 4}), 4)] {
            let mut bench = Bench::new();
            bench.arm(json!({"leg": "callback", "kind": "duplicate", "with": with}));
            bench.collect();
            let bodies = bench.settle();
            assert_eq!(bodies.len(), arrived);
            assert!(bodies.iter().all(|body| *body == bodies[0]));
        }
    }
}
