//! `before_ack`: the callback arrives before the request it belongs to is answered.
//!
//! What the request set off happens at once: the phone's script answers without its delay, and the
//! callbacks that follow are made while the caller still waits. A prompt that nobody's script
//! answers (`manual`, `timeout`) is no candidate: there would be nothing to tell.

use super::{Leg, Spec};

pub(super) const SPEC: Spec = Spec {
    legs: &[Leg::Callback],
    takes: &[],
};

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::kernel::callback::Attempt;
    use crate::kernel::fault::tests::Bench;

    #[test]
    fn the_callback_is_under_way_when_the_answer_is_ready() {
        let mut bench = Bench::new();
        bench.arm(json!({
            "leg": "callback", "kind": "before_ack", "match": {"operation": "collect"},
        }));
        let reply = bench.receive();
        let deliveries = bench.sandbox.take_deliveries();
        assert_eq!(reply.response.unwrap().status, 200);
        assert_eq!(reply.after, [deliveries[0].id]);
        let attempt = Attempt::answered(200, "");
        bench.sandbox.callback_attempted(deliveries[0].id, &attempt);
        assert!(bench.settle().is_empty(), "it came twice");
        bench.check();
    }

    #[test]
    fn what_waits_for_a_hand_is_no_candidate() {
        let mut bench = Bench::new();
        let id = bench.arm(json!({"leg": "callback", "kind": "before_ack"}));
        bench.script(&json!({"collect": "manual"}));
        assert!(bench.receive().after.is_empty());
        assert_eq!(bench.sandbox.state().faults.get(id).unwrap().candidates, 0);
    }
}
