//! Whatever is asked and however phones behave, money is neither made nor lost.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::provider::daraja::books::{MovementKind, Progress};

#[derive(Debug, Clone)]
enum Act {
    Push { phone: u8, shillings: u32 },
    Customer { phone: u8, shillings: u32 },
    Payout { phone: u8, shillings: u32 },
    Business { shillings: u32 },
    Reversal { nth: usize },
    Wait { seconds: u64 },
}

fn act() -> impl Strategy<Value = Act> {
    let amount = 1..300_000_u32;
    prop_oneof![
        (0..13_u8, amount.clone()).prop_map(|(phone, shillings)| Act::Push { phone, shillings }),
        (0..13_u8, amount.clone())
            .prop_map(|(phone, shillings)| Act::Customer { phone, shillings }),
        (0..13_u8, amount.clone()).prop_map(|(phone, shillings)| Act::Payout { phone, shillings }),
        amount.prop_map(|shillings| Act::Business { shillings }),
        (0..20_usize).prop_map(|nth| Act::Reversal { nth }),
        (0..60_u64).prop_map(|seconds| Act::Wait { seconds }),
    ]
}

/// The magic numbers: each phone behaves in its own way.
fn number(phone: u8) -> String {
    format!("254711000{phone:03}")
}

fn perform(bench: &mut Bench, act: &Act) {
    let own = json!({"PartyA": SHORTCODE});
    let (path, body) = match act {
        Act::Push { phone, shillings } => (
            PUSH,
            changed(push_to(&number(*phone)), &json!({"Amount": shillings})),
        ),
        Act::Customer { phone, shillings } => {
            let change =
                json!({"ShortCode": SHORTCODE, "Msisdn": number(*phone), "Amount": shillings});
            (SIMULATE, changed(simulate_body(), &change))
        }
        Act::Payout { phone, shillings } => {
            let change = json!({"PartyB": number(*phone), "Amount": shillings});
            (B2C_V1, changed(changed(b2c_body(), &own), &change))
        }
        Act::Business { shillings } => (
            B2B,
            changed(changed(b2b_body(), &own), &json!({"Amount": shillings})),
        ),
        Act::Reversal { nth } => {
            let Some(found) = bench.books().movements().nth(*nth).cloned() else {
                return;
            };
            let amount = u32::try_from(found.amount.minor() / 100).unwrap();
            (REVERSAL, reversal_body(&found.receipt, amount))
        }
        Act::Wait { seconds } => return bench.advance(Span::from_secs(*seconds), 200, "{}"),
    };
    bench.post(path, &body);
    bench.check();
}

/// What the books say that the short code's accounts must hold.
fn expected(bench: &Bench) -> (i64, i64) {
    let start = 100_000_000;
    let movements = bench.books().movements();
    movements.fold((start, start), |(utility, working), moved| {
        let minor = moved.amount.minor();
        match moved.kind {
            MovementKind::PayBill | MovementKind::BuyGoods => (utility + minor, working),
            MovementKind::Payout | MovementKind::Reversal => (utility - minor, working),
            MovementKind::Business => (utility, working - minor),
        }
    })
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
        let ledger = &bench.sandbox.state().ledger;
        if ledger.knows(&merchant::utility(SHORTCODE)) {
            let held = |account| ledger.balance(&account, Currency::KES).minor();
            let found = (held(merchant::utility(SHORTCODE)), held(merchant::working(SHORTCODE)));
            prop_assert_eq!(found, expected(&bench));
        }
        // Nobody waits for ever: every prompt and order that nobody holds back has ended.
        let open = bench.books().pushes().filter(|push| push.progress == Progress::Open);
        prop_assert_eq!(open.count(), 0);
        identifiers_are_unique(&bench);
    }
}

/// No two prompts, orders or movements share an id, also where the clock stood between them.
fn identifiers_are_unique(bench: &Bench) {
    let books = bench.books();
    let prompts = books
        .pushes()
        .flat_map(|push| [push.id.to_string(), push.merchant_id.clone()]);
    let orders = books
        .orders()
        .flat_map(|order| [order.id.clone(), order.originator_id.clone()]);
    let receipts = books.movements().map(|moved| moved.receipt.clone());
    let all: Vec<String> = prompts.chain(orders).chain(receipts).collect();
    let distinct: BTreeSet<&String> = all.iter().collect();
    assert_eq!(distinct.len(), all.len(), "{all:?}");
}

/// A phone that answers at once is asked more often, while the clock stands, than there are
/// milliseconds to tell its prompts apart by.
#[test]
fn prompts_of_one_phone_in_one_instant_have_ids_of_their_own() {
    let mut bench = Bench::new();
    bench.script(PHONE, &json!({"collect": "approve", "delay": "0s"}));
    let one = changed(push_body(), &json!({"Amount": 1}));
    let ids: BTreeSet<String> = (0..1_100)
        .map(|_| {
            let id = bench.push(&one);
            bench.advance(Span::ZERO, 200, "{}");
            id
        })
        .collect();
    assert_eq!(ids.len(), 1_100);
    identifiers_are_unique(&bench);
}
