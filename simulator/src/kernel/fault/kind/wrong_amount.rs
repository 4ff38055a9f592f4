//! `wrong_amount`: the callback speaks of another amount, 1.00 unless it is said which. A provider
//! that signs its callbacks signs the wrong amount.

use super::{Leg, Setting, Spec};

pub(super) const SPEC: Spec = Spec {
    legs: &[Leg::Callback],
    takes: &[Setting::Amount],
};

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::kernel::fault::tests::Bench;

    #[test]
    fn only_the_amount_changes() {
        for (with, amount) in [(json!({}), "1.00"), (json!({"amount": "7.5"}), "7.5")] {
            let mut bench = Bench::new();
            bench.arm(json!({"leg": "callback", "kind": "wrong_amount", "with": with}));
            bench.collect();
            let wrong = format!(r#"{{"amount":{amount},"outcome":"approved"}}"#);
            assert_eq!(bench.settle(), [wrong]);
        }
    }
}
