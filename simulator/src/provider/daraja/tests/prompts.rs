//! STK push from request to callback.

use amana_core::provider::daraja::receipt;
use amana_core::provider::daraja::sms::{Confirmation, Kind};
use amana_core::provider::daraja::status::{IN_PROGRESS, PROMPT_RESULTS};

use super::*;
use crate::kernel::callback::CallbackState;
use crate::kernel::phone::{Hand, WhichPrompt};

/// What the adapter was tested to read is what the twin writes, but for what chance decides.
#[test]
fn an_answer_and_a_callback_byte_for_byte() {
    let golden = |name: &str| {
        let folder = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../core/src/provider/daraja/fixtures/"
        );
        std::fs::read_to_string(format!("{folder}{name}")).unwrap()
    };
    let run = || {
        let mut bench = Bench::new();
        let token = bench.token.clone();
        let answer = bench.send(&posted(HOST, PUSH, &token, &push_body().to_string()));
        bench.advance(Span::from_secs(17), 200, "");
        (
            text(&answer),
            String::from_utf8(bench.delivered[0].1.body.clone()).unwrap(),
            bench,
        )
    };
    let (answer, callback, bench) = run();
    let told: Value = serde_json::from_str(&answer).unwrap();
    let merchant_id = told["MerchantRequestID"].as_str().unwrap();
    let id = told["CheckoutRequestID"].as_str().unwrap();
    assert_eq!(id, "ws_CO_101020261430057708374149");
    let ids = |golden: String| golden.replace("2654-4b64-97ff-b827b542881d3130", merchant_id);
    assert_eq!(answer, ids(golden("stk_push_response.json")));
    let receipt = bench.books().movements().next().unwrap().receipt.clone();
    assert!(receipt.starts_with("UJA"), "{receipt}");
    let expected = ids(golden("stk_callback_success.json"))
        .replace("UJA7RT61SV", &receipt)
        .replace("20261010143022", "20261010143007");
    assert_eq!(callback, expected);
    assert_eq!(
        (run().0, run().1),
        (answer, callback),
        "the same seed gives the same bytes"
    );
}

#[test]
fn a_payment_moves_exactly_its_amount_and_is_told_to_everybody() {
    let mut bench = Bench::new();
    bench.configure(PHONE, &json!({"name": "Jane Wanjiku"}));
    bench.push(&push_body());
    bench.settle();
    assert_eq!(bench.wallet(PHONE), "498500.00");
    assert_eq!(bench.utility(SHORTCODE), "1001500.00");
    let receipt = bench.books().movements().next().unwrap().receipt.clone();
    assert!(receipt::date(&receipt).is_some());
    let said: Confirmation = bench.inbox(PHONE)[0].parse().unwrap();
    assert_eq!(said.kind, Kind::PaidToPaybill);
    assert_eq!(said.receipt.as_str(), receipt);
    assert_eq!(said.balance.unwrap().amount(), "498500.00");
    let (at, delivery) = &bench.delivered[0];
    assert_eq!(at.to_string(), "2026-10-10T11:30:07.700Z");
    let header = |name: &str| {
        let found = delivery.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    };
    assert_eq!(
        header("content-type"),
        Some("application/json;charset=UTF-8")
    );
    assert_eq!(header("businessshortcode"), Some(SHORTCODE));
}

#[test]
fn a_till_is_paid_itself() {
    let mut bench = Bench::new();
    let till = json!({
        "BusinessShortCode": "600100", "PartyB": "5201234",
        "Password": password("600100", "any", TIME), "TransactionType": "CustomerBuyGoodsOnline",
    });
    bench.push(&changed(push_body(), &till));
    bench.settle();
    assert_eq!(bench.utility("5201234"), "1001500.00");
    let said: Confirmation = bench.inbox(PHONE)[0].parse().unwrap();
    assert_eq!(said.kind, Kind::PaidToTill);
}

/// What the callback says of a push to this phone, and what the query says afterwards.
fn told(bench: &mut Bench, phone: &str) -> (Vec<Value>, Value) {
    let id = bench.push(&push_to(phone));
    bench.settle();
    let callbacks = bench.callbacks();
    let codes = callbacks.iter().map(|callback| {
        let told = &callback["Body"]["stkCallback"];
        let paid = told["ResultCode"] == 0;
        assert_eq!(
            told.get("CallbackMetadata").is_some(),
            paid,
            "absent, not null"
        );
        told["ResultCode"].clone()
    });
    let codes = codes.collect();
    let (status, answer) = bench.query(&id);
    assert_eq!(status, 200, "{answer}");
    (codes, answer["ResultCode"].clone())
}

#[test]
fn magic_numbers_lead_to_every_outcome() {
    for (suffix, codes, queried) in [
        ("000", vec![json!(0)], "0"),
        ("001", vec![json!(1)], "1"),
        ("002", vec![json!(1037)], "1037"),
        ("003", vec![json!(1032)], "1032"),
        ("004", vec![json!(2001)], "2001"),
        ("005", vec![json!(1)], "1"),
        ("006", vec![json!(1037)], "1037"),
        ("007", vec![json!(8006)], "8006"),
        ("008", vec![json!(4)], "4"),
        ("009", vec![json!(1037), json!(0)], "0"),
        ("010", vec![json!(0), json!(0)], "0"),
        ("011", vec![], "0"),
        ("012", vec![json!(1037)], "1037"),
    ] {
        let phone = format!("254711000{suffix}");
        let mut bench = Bench::new();
        assert_eq!(told(&mut bench, &phone), (codes, json!(queried)), "{phone}");
        let wallet = bench.wallet(&phone);
        let expected = if queried == "0" {
            "498500.00"
        } else {
            "500000.00"
        };
        assert_eq!(wallet, expected, "{phone}");
    }
}

#[test]
fn scripts_lead_to_the_same_outcomes_one_after_the_other() {
    let mut bench = Bench::with(&json!({"prompt_timeout": "10s"}));
    bench.script(
        PHONE,
        &json!({"collect": "cancel", "then": ["wrong_pin", "timeout", "approve"]}),
    );
    for expected in [1032, 2001, 1037, 0] {
        bench.delivered.clear();
        bench.push(&push_body());
        bench.settle();
        let told = bench.callback();
        assert_eq!(told["Body"]["stkCallback"]["ResultCode"], expected);
    }
}

#[test]
fn a_hand_answers_as_a_person_would() {
    let hands = [
        (Hand::Approve { pin: None }, 0),
        (
            Hand::Approve {
                pin: Some("9999".to_owned()),
            },
            2001,
        ),
        (Hand::Cancel, 1032),
        (Hand::Ignore, 1037),
    ];
    for (hand, expected) in hands {
        let mut bench = Bench::new();
        bench.script(PHONE, &json!({"collect": "manual"}));
        bench.push(&push_body());
        bench
            .sandbox
            .answer_prompt(msisdn(PHONE), WhichPrompt::Current, &hand)
            .unwrap();
        bench.settle();
        assert_eq!(
            bench.callback()["Body"]["stkCallback"]["ResultCode"],
            expected,
            "{hand:?}"
        );
    }
}

#[test]
fn the_settings_lead_to_every_documented_result() {
    for row in PROMPT_RESULTS {
        if matches!(row.code, "0" | IN_PROGRESS) {
            continue;
        }
        let mut bench = Bench::with(&json!({"results": {PHONE: row.code}}));
        let (codes, queried) = told(&mut bench, PHONE);
        let number: Result<u64, _> = row.code.parse();
        let expected = number.map_or_else(|_| json!(row.code), |code| json!(code));
        assert_eq!((codes, queried), (vec![expected], json!(row.code)));
        assert_eq!(bench.wallet(PHONE), "0.00", "the phone was never asked");
    }
}

#[test]
fn what_is_wrong_with_a_push_can_come_with_its_callback() {
    let long = "x".repeat(150);
    let rows = [
        (
            json!({"TransactionType": "CustomerBuyGoodsOnline"}),
            json!({}),
            json!(2028),
        ),
        (json!({"PartyB": "600000"}), json!({}), json!("SFC_IC0003")),
        (json!({"AccountReference": long}), json!({}), json!(1025)),
        (
            json!({"Amount": 250_001}),
            json!({"limits_in_results": true}),
            json!(3),
        ),
        (
            json!({"Amount": 500}),
            json!({"transaction_max": "400.00", "limits_in_results": true}),
            json!(3),
        ),
    ];
    for (change, behaviour, code) in rows {
        let mut bench = Bench::with(&behaviour);
        bench.push(&changed(push_body(), &change));
        bench.settle();
        assert_eq!(
            bench.callback()["Body"]["stkCallback"]["ResultCode"],
            code,
            "{change}"
        );
    }
}

#[test]
fn limits_of_wallets_and_of_repetition_count_if_they_are_switched_on() {
    let mut bench = Bench::with(&json!({"wallet_limits": true, "rule_limit": "2m"}));
    bench.configure(PHONE, &json!({"balance": "900000"}));
    let codes: Vec<Value> = [250_000, 250_000, 249_999, 2]
        .into_iter()
        .map(|amount| {
            bench.delivered.clear();
            bench.push(&changed(push_body(), &json!({"Amount": amount})));
            bench.advance(Span::from_secs(5), 200, "");
            bench.callback()["Body"]["stkCallback"]["ResultCode"].clone()
        })
        .collect();
    assert_eq!(codes, [json!(0), json!(17), json!(0), json!(4)]);
}

#[test]
fn nobody_answers_within_26_seconds_and_the_callback_comes_once() {
    for answer in [200, 500, 404] {
        let mut bench = Bench::new();
        bench.script(PHONE, &json!({"collect": "timeout"}));
        bench.push(&push_body());
        bench.advance(Span::from_millis(25_999), answer, "");
        assert!(bench.delivered.is_empty());
        bench.advance(Span::from_mins(60), answer, "");
        assert_eq!(bench.delivered.len(), 1, "{answer}");
        assert_eq!(bench.delivered[0].0.to_string(), "2026-10-10T11:30:31.700Z");
        let callback = bench.sandbox.state().callbacks.iter().next().unwrap();
        let ended = matches!(
            callback.state,
            CallbackState::Delivered | CallbackState::Failed
        );
        assert!(ended && callback.attempt_count == 1);
    }
}

#[test]
fn two_equal_pushes_are_two_transactions() {
    let mut bench = Bench::new();
    let first = bench.push(&push_body());
    bench.settle();
    let second = bench.push(&push_body());
    bench.settle();
    assert_ne!(first, second);
    assert_eq!(bench.wallet(PHONE), "497000.00");
    // Even within the same tenth of a second.
    bench.script(PHONE, &json!({"collect": "manual"}));
    let third = bench.push(&push_body());
    bench
        .sandbox
        .answer_prompt(msisdn(PHONE), WhichPrompt::Current, &Hand::Cancel)
        .unwrap();
    assert_ne!(bench.push(&push_body()), third);
}

#[test]
fn amounts_phones_and_codes_come_as_text_or_number() {
    for amount in [json!("1500"), json!(1500), json!(1500.0), json!("1500.00")] {
        let mut bench = Bench::new();
        let change = json!({
            "Amount": amount, "BusinessShortCode": 174_379, "PartyA": 254_708_374_149_u64,
            "PhoneNumber": 254_708_374_149_u64, "PartyB": 174_379, "Extra": {"ignored": true},
        });
        bench.push(&changed(push_body(), &change));
        bench.settle();
        assert_eq!(bench.wallet(PHONE), "498500.00");
    }
}

#[test]
fn the_item_balance_can_be_left_out() {
    let mut bench = Bench::with(&json!({"balance_item": false}));
    bench.push(&push_body());
    bench.settle();
    let told = bench.callback();
    let items = told["Body"]["stkCallback"]["CallbackMetadata"]["Item"]
        .as_array()
        .unwrap();
    assert!(items.iter().all(|item| item["Name"] != "Balance"));
}
