//! `wrong_type`: the amount in the callback, or its first member if it has none, has another type:
//! a number becomes text and the other way round.

use super::{Leg, Spec};

pub(super) const SPEC: Spec = Spec {
    legs: &[Leg::Callback],
    takes: &[],
};

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::kernel::fault::tests::Bench;

    #[test]
    fn a_number_arrives_as_text() {
        let mut bench = Bench::new();
        bench.arm(json!({"leg": "callback", "kind": "wrong_type"}));
        bench.collect();
        assert_eq!(
            bench.settle(),
            [r#"{"amount":"5.00","outcome":"approved"}"#]
        );
    }
}
