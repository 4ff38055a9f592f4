//! Whatever is asked and however phones behave, money is neither made nor lost.

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone)]
enum Act {
    Checkout { phone: u8, cents: i64 },
    Payout { phone: u8, cents: i64 },
    Message { phone: u8 },
    Wait { seconds: u64 },
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (0..13_u8, 1..2_000_000_i64).prop_map(|(phone, cents)| Act::Checkout { phone, cents }),
        (0..13_u8, 1..2_000_000_i64).prop_map(|(phone, cents)| Act::Payout { phone, cents }),
        (0..13_u8).prop_map(|phone| Act::Message { phone }),
        (0..120_u64).prop_map(|seconds| Act::Wait { seconds }),
    ]
}

/// The magic numbers: each phone behaves in its own way.
fn number(phone: u8) -> String {
    format!("+254711000{phone:03}")
}

fn amount(cents: i64) -> Value {
    json!(Money::from_minor(cents, Currency::KES).unwrap().amount())
}

fn perform(bench: &mut Bench, act: &Act) {
    match act {
        Act::Checkout { phone, cents } => {
            let mut body = checkout(&amount(*cents));
            body["phoneNumber"] = json!(number(*phone));
            bench.pay("/mobile/checkout/request", &body);
        }
        Act::Payout { phone, cents } => {
            let phone = number(*phone);
            bench.pay("/mobile/b2c/request", &payout(&[&phone], &amount(*cents)));
        }
        Act::Message { phone } => {
            let to = number(*phone).replace('+', "%2B");
            let body = format!("username=sandbox&to={to}&message=Hi");
            assert_eq!(bench.send(&form("/version1/messaging", &body)).status, 201);
        }
        Act::Wait { seconds } => bench.advance(Span::from_secs(*seconds), 200, ""),
    }
    bench.check();
}

/// What the books say that the wallet must have gained by now.
fn gained(bench: &Bench) -> i64 {
    let books = &bench.sandbox.state().providers.africastalking;
    books
        .transactions()
        .map(|found| {
            let succeeded = matches!(
                found.progress,
                super::super::books::Progress::Succeeded { .. }
            );
            match (found.category.is_payout(), succeeded) {
                (_, false) => 0,
                (false, true) => found.value.minor(),
                (true, true) => -found.value.minor(),
            }
        })
        .sum()
}

proptest! {
    #![proptest_config(amana_tests::repeatable(48))]

    #[test]
    fn money_is_conserved(acts in proptest::collection::vec(act(), 1..40)) {
        let mut bench = Bench::new();
        for act in &acts {
            perform(&mut bench, act);
        }
        bench.settle();
        let wallet = accounts::wallet("sandbox");
        let ledger = &bench.sandbox.state().ledger;
        // An application that never asked for anything has no wallet yet.
        if ledger.knows(&wallet) {
            let held = ledger.balance(&wallet, Currency::KES).minor();
            prop_assert_eq!(held, 500_000 + gained(&bench));
        }
        let under_way = ledger.balance(&accounts::under_way("sandbox"), Currency::KES);
        prop_assert!(under_way.is_zero());
    }
}
