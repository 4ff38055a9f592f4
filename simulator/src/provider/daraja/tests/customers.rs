//! Payments that customers make by themselves.

use std::collections::BTreeSet;

use amana_core::provider::daraja::status::VALIDATION_CODES;

use super::*;
use crate::kernel::callback::DeliveryError;

const ACCEPTED: &str = r#"{"ResultCode":"0","ResultDesc":"Accepted","ThirdPartyTransID":"ours-1"}"#;

/// What is delivered when a customer pays and the merchant answers so.
fn paid(bench: &mut Bench, body: &Value, attempt: &Attempt) -> Vec<(String, Value)> {
    let answer = bench.ask(SIMULATE, body);
    assert_eq!(answer.as_object().unwrap().len(), 3);
    assert!(answer["OriginatorCoversationID"].is_string(), "misspelt");
    assert_eq!(
        answer["ResponseDescription"],
        "Accept the service request successfully."
    );
    bench.advance_with(Span::from_secs(30), attempt);
    let urls = bench
        .delivered
        .iter()
        .map(|(_, delivery)| delivery.url.as_str().to_owned());
    urls.zip(bench.callbacks()).collect()
}

fn registered(changes: &Value) -> Bench {
    let mut bench = Bench::new();
    let answer = bench.ask(REGISTER_V2, &changed(register_body(), changes));
    assert_eq!(answer["ResponseCode"], "0");
    assert_eq!(answer["ResponseDescription"], "Success");
    bench
}

#[test]
fn an_accepted_payment_is_confirmed_with_what_the_merchant_said() {
    let mut bench = registered(&json!({}));
    bench.configure(PHONE, &json!({"name": "Jane Wanjiku"}));
    let told = paid(
        &mut bench,
        &simulate_body(),
        &Attempt::answered(200, ACCEPTED),
    );
    let [(asked_at, asked), (told_at, told)] = &told[..] else {
        panic!("{told:?}");
    };
    assert!(asked_at.ends_with("/validate") && told_at.ends_with("/confirm"));
    let receipt = asked["TransID"].as_str().unwrap();
    for (member, in_question, in_confirmation) in [
        ("TransactionType", "Pay Bill", "Pay Bill"),
        ("TransID", receipt, receipt),
        ("TransTime", "20261010143005", "20261010143006"),
        ("TransAmount", "5.00", "5.00"),
        ("BusinessShortCode", "600966", "600966"),
        ("BillRefNumber", "INV-1", "INV-1"),
        ("InvoiceNumber", "", ""),
        ("OrgAccountBalance", "", "1000005.00"),
        ("ThirdPartyTransID", "", "ours-1"),
        ("MSISDN", "2547 ***** 149", "2547 ***** 149"),
        ("FirstName", "JANE", "JANE"),
        ("MiddleName", "", ""),
        ("LastName", "", ""),
    ] {
        assert_eq!(asked[member], in_question, "{member}");
        assert_eq!(told[member], in_confirmation, "{member}");
    }
    assert_eq!(asked.as_object().unwrap().len(), 13);
    assert_eq!(bench.wallet(PHONE), "499995.00");
}

#[test]
fn each_code_rejects_and_nothing_is_confirmed() {
    let codes = VALIDATION_CODES.iter().map(|row| row.code);
    for code in codes.chain(["1", "anything"]) {
        let mut bench = registered(&json!({}));
        let answer = json!({"ResultCode": code, "ResultDesc": "Rejected"}).to_string();
        let told = paid(
            &mut bench,
            &simulate_body(),
            &Attempt::answered(200, answer),
        );
        assert_eq!(told.len(), 1, "{code}");
        assert_eq!(bench.wallet(PHONE), "500000.00", "{code}");
    }
}

#[test]
fn without_a_proper_answer_the_registered_default_decides() {
    let late = Attempt {
        millis: 8_001,
        ..Attempt::answered(200, r#"{"ResultCode":"C2B00011","ResultDesc":"Rejected"}"#)
    };
    let improper = [
        Attempt::failed(DeliveryError::ConnectionRefused),
        Attempt::failed(DeliveryError::TimedOut),
        Attempt::answered(500, ACCEPTED),
        Attempt::answered(200, "ok"),
        Attempt::answered(200, "{}"),
        late,
    ];
    for (response_type, callbacks, held) in [
        ("Completed", 2, "499995.00"),
        ("Cancelled", 1, "500000.00"),
        ("Canceled", 1, "500000.00"),
    ] {
        for attempt in &improper {
            let mut bench = registered(&json!({"ResponseType": response_type}));
            let told = paid(&mut bench, &simulate_body(), attempt);
            assert_eq!(told.len(), callbacks, "{response_type} {attempt:?}");
            assert_eq!(bench.wallet(PHONE), held, "{response_type} {attempt:?}");
        }
    }
}

#[test]
fn the_question_is_not_asked_where_it_is_not_enabled() {
    let mut bench = registered(&json!({"ShortCode": SHORTCODE}));
    bench.patch(json!({"daraja": {"shortcodes": [{"external_validation": false}]}}));
    let body = changed(simulate_body(), &json!({"ShortCode": SHORTCODE}));
    let told = paid(&mut bench, &body, &Attempt::answered(500, ""));
    assert_eq!(told.len(), 1);
    assert!(told[0].0.ends_with("/confirm"));
}

#[test]
fn a_confirmation_is_not_repeated() {
    let mut bench = registered(&json!({}));
    paid(&mut bench, &simulate_body(), &Attempt::answered(500, ""));
    bench.advance(Span::from_days(1), 500, "");
    assert_eq!(bench.delivered.len(), 2);
}

#[test]
fn version_1_hashes_the_phone_and_drops_the_cents() {
    let mut bench = Bench::new();
    let answer = bench.ask(REGISTER_V1, &register_body());
    assert_eq!(answer["ResponseDescription"], "success");
    let told = paid(
        &mut bench,
        &simulate_body(),
        &Attempt::answered(200, ACCEPTED),
    );
    let confirmation = &told[1].1;
    assert_eq!(confirmation["TransAmount"], "5");
    // printf 254708374149 | sha256sum
    let hash = "bbff37cea44ac0b2d964ee0dfb8d2df8513dc7ba1b36129a929fc3fbd6dd4af4";
    assert_eq!(confirmation["MSISDN"], hash);
}

#[test]
fn without_addresses_the_payment_is_made_and_nobody_is_told() {
    let mut bench = Bench::new();
    assert!(paid(&mut bench, &simulate_body(), &Attempt::answered(200, "")).is_empty());
    assert_eq!(bench.utility("600966"), "1000005.00");
}

#[test]
fn a_till_needs_no_account() {
    let mut bench = registered(&json!({}));
    let till = json!({"CommandID": "CustomerBuyGoodsOnline", "BillRefNumber": null});
    let body = changed(simulate_body(), &till);
    let told = paid(&mut bench, &body, &Attempt::answered(200, ACCEPTED));
    assert_eq!(told[1].1["TransactionType"], "Buy Goods");
    assert_eq!(told[1].1["BillRefNumber"], "");
}

#[test]
fn an_empty_wallet_pays_nothing() {
    let mut bench = registered(&json!({}));
    bench.configure(PHONE, &json!({"balance": "4.00"}));
    let told = paid(
        &mut bench,
        &simulate_body(),
        &Attempt::answered(200, ACCEPTED),
    );
    assert_eq!(told.len(), 1, "asked, but not confirmed");
    assert_eq!(bench.wallet(PHONE), "4.00");
}

#[test]
fn addresses_are_registered_once_where_money_is_real() {
    let mut bench = registered(&json!({}));
    bench.ask(REGISTER_V2, &register_body());
    let token = bench.token.clone();
    let live = |path: &str, body: &Value| posted(LIVE, path, &token, &body.to_string());
    let again = read(&bench.send(&live(REGISTER_V2, &register_body())));
    assert_eq!(again["errorCode"], "500.003.1001");
    assert_eq!(again["errorMessage"], "Urls are already registered.");
    // And there is no simulation there.
    assert_eq!(bench.send(&live(SIMULATE, &simulate_body())).status, 404);
}

#[test]
fn a_paid_prompt_is_confirmed_too_under_the_same_receipt() {
    for (confirms, callbacks) in [(true, 2), (false, 1)] {
        let mut bench = registered(&json!({"ShortCode": SHORTCODE}));
        bench.behave(&json!({"prompts_confirm": confirms}));
        bench.push(&push_body());
        bench.settle();
        let told = bench.callbacks();
        assert_eq!(told.len(), callbacks);
        if confirms {
            let items = &told[0]["Body"]["stkCallback"]["CallbackMetadata"]["Item"];
            assert_eq!(told[1]["TransID"], items[1]["Value"]);
            assert_eq!(told[1]["BillRefNumber"], "VC-1042");
        }
    }
}

/// Payments that wait for the merchant's word hold their receipts while others are made.
#[test]
fn no_two_payments_of_one_millisecond_share_a_receipt() {
    let mut bench = Bench::new();
    let own = json!({"PartyA": SHORTCODE, "Amount": 10});
    for nth in 0..1_000 {
        let payer = json!({"ShortCode": SHORTCODE, "Msisdn": format!("2547220{nth:05}")});
        bench.ask(SIMULATE, &changed(simulate_body(), &payer));
        bench.ask(B2C_V1, &changed(b2c_body(), &own));
    }
    bench.settle();
    let receipts: BTreeSet<&str> = bench
        .books()
        .movements()
        .map(|moved| moved.receipt.as_str())
        .collect();
    assert_eq!(receipts.len(), 2_000);
}
