//! `delay`: the callback is made later, by 30 seconds unless it is said by how much.

use amana_core::time::Span;

use super::{Leg, Plan, Setting, Spec};
use crate::kernel::fault::exchange::sum;
use crate::kernel::fault::rule::Rule;

pub(super) const SPEC: Spec = Spec {
    legs: &[Leg::Callback],
    takes: &[Setting::Delay],
};

const USUAL: Span = Span::from_secs(30);

pub(super) fn change(rule: &Rule, plan: &mut Plan) {
    plan.new.after = sum(plan.new.after, rule.with.delay_or(USUAL));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::kernel::fault::tests::{Bench, start};

    #[test]
    fn it_comes_so_much_later() {
        for (with, millis) in [(json!({}), 32_500), (json!({"delay": "1m"}), 62_500)] {
            let mut bench = Bench::new();
            bench.arm(json!({"leg": "callback", "kind": "delay", "with": with}));
            bench.collect();
            bench.settle();
            let callback = bench.sandbox.state().callbacks.iter().next().unwrap();
            assert_eq!((callback.attempts[0].at - start()).as_millis(), millis);
        }
    }
}
