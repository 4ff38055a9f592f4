//! `reorder`: the callback is overtaken by the next one of the same service to the same receiver. If
//! none comes within a minute, or the time given, it is made alone.

use amana_core::time::Span;

use super::{Leg, Plan, Setting, Spec};
use crate::kernel::fault::exchange::sum;
use crate::kernel::fault::rule::Rule;

pub(super) const SPEC: Spec = Spec {
    legs: &[Leg::Callback],
    takes: &[Setting::Delay],
};

const USUAL: Span = Span::from_mins(1);

pub(super) fn change(rule: &Rule, plan: &mut Plan) {
    plan.new.after = sum(plan.new.after, rule.with.delay_or(USUAL));
    plan.held = true;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::kernel::fault::tests::{Bench, start};

    #[test]
    fn the_second_arrives_first() {
        let mut bench = Bench::new();
        bench.arm(json!({"leg": "callback", "kind": "reorder", "when": {"first": 1}}));
        bench.collect_amount("1");
        bench.collect_amount("2");
        let bodies = bench.settle();
        assert!(
            bodies[0].contains("2.00") && bodies[1].contains("1.00"),
            "{bodies:?}"
        );
        let callbacks: Vec<_> = bench.sandbox.state().callbacks.iter().collect();
        assert_eq!(callbacks[0].attempts[0].at, callbacks[1].attempts[0].at);
    }

    #[test]
    fn alone_it_comes_in_the_end() {
        let mut bench = Bench::new();
        bench.arm(json!({"leg": "callback", "kind": "reorder", "with": {"delay": "10s"}}));
        bench.collect();
        assert_eq!(bench.settle().len(), 1);
        let callback = bench.sandbox.state().callbacks.iter().next().unwrap();
        assert_eq!((callback.attempts[0].at - start()).as_millis(), 12_500);
    }
}
