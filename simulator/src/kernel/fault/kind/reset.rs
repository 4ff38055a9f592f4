//! `reset`: the connection breaks before any answer.

use super::{Leg, Spec};
use crate::kernel::fault::exchange::Reply;

pub(super) const SPEC: Spec = Spec {
    legs: &[Leg::Request, Leg::Reply],
    takes: &[],
};

pub(super) fn reply() -> Reply {
    Reply::lost()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::kernel::fault::tests::{Bench, Seen};

    #[test]
    fn nobody_answers_and_nothing_happened() {
        let mut bench = Bench::new();
        bench.arm(json!({"leg": "request", "kind": "reset"}));
        assert_eq!(bench.collect(), Seen::Nothing);
        assert_eq!(bench.orders(), 0);
    }
}
