//! `drop`: the callback is never made. It is listed as failed, without an attempt, and may be made
//! by hand.

use super::{Leg, Plan, Spec};

pub(super) const SPEC: Spec = Spec {
    legs: &[Leg::Callback],
    takes: &[],
};

pub(super) const fn change(plan: &mut Plan) {
    plan.dropped = true;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::kernel::callback::CallbackState;
    use crate::kernel::fault::tests::Bench;

    #[test]
    fn nothing_arrives_until_it_is_made_by_hand() {
        let mut bench = Bench::new();
        bench.arm(json!({"leg": "callback", "kind": "drop", "when": {"first": 1}}));
        bench.collect();
        assert!(bench.settle().is_empty());
        let callback = bench.sandbox.state().callbacks.iter().next().unwrap();
        assert_eq!(callback.state, CallbackState::Failed);
        assert!(callback.attempts.is_empty());
        let id = callback.id;
        bench.sandbox.resend_callback(id).unwrap();
        assert_eq!(bench.settle().len(), 1);
        bench.collect();
        assert_eq!(bench.settle().len(), 1);
    }
}
