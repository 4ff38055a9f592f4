//! `after_final`: the callback comes again when everything is over: a minute after it was delivered
//! or given up, unless it is said how long.

use amana_core::time::Span;

use super::{Leg, Plan, Setting, Spec};
use crate::kernel::fault::rule::Rule;

pub(super) const SPEC: Spec = Spec {
    legs: &[Leg::Callback],
    takes: &[Setting::Delay],
};

const USUAL: Span = Span::from_mins(1);

pub(super) fn change(rule: &Rule, plan: &mut Plan) {
    plan.echo_after = Some(rule.with.delay_or(USUAL));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::kernel::fault::tests::{Bench, start};

    #[test]
    fn it_comes_once_more() {
        let mut bench = Bench::new();
        bench.arm(json!({"leg": "callback", "kind": "after_final", "with": {"delay": "1h"}}));
        bench.collect();
        let bodies = bench.settle_for(amana_core::time::Span::from_days(1));
        assert_eq!(bodies.len(), 2);
        assert_eq!(bodies[0], bodies[1]);
        let times: Vec<_> = bench.sandbox.state().callbacks.iter().collect();
        let second = (times[1].attempts[0].at - start()).as_millis();
        assert_eq!(second, 2_500 + 3_600_000);
    }
}
