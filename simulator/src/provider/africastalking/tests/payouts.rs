//! Payouts: the wallet is debited at once, and refunded if they fail.

use super::*;

const B2C: &str = "/mobile/b2c/request";

#[test]
fn a_payout_debits_at_once_and_arrives() {
    let mut bench = Bench::new();
    let mut body = payout(&[BUYER], &json!(10));
    body["recipients"][0]["metadata"] = json!({"reference": "TXN-VC-1042-002"});
    body["recipients"][0]["reason"] = json!("BusinessPayment");
    let answer = bench.pay(B2C, &body);
    let entry = &answer["entries"][0];
    assert_eq!(entry["phoneNumber"], BUYER);
    assert_eq!(entry["provider"], "Athena");
    assert_eq!(entry["status"], "Queued");
    assert_eq!(entry["transactionFee"], "KES 0.1000");
    assert_eq!(entry["value"], "KES 10.0000");
    assert_eq!(answer["numQueued"], 1);
    assert_eq!(answer["totalTransactionFee"], "KES 0.1000");
    assert_eq!(answer["totalValue"], "KES 10.0000");
    assert_eq!(bench.wallet(), "4990.00");
    assert_eq!(bench.stash(), "9999.80");
    bench.check();
    bench.settle();
    assert_eq!(bench.phone(BUYER), "500010.00");
    let notification = &bench.notifications()[0];
    assert_eq!(notification["category"], "MobileB2C");
    assert_eq!(notification["status"], "Success");
    assert_eq!(notification["sourceType"], "Wallet");
    assert_eq!(notification["destination"], BUYER);
    assert_eq!(
        notification["requestMetadata"]["reference"],
        "TXN-VC-1042-002"
    );
}

#[test]
fn ten_recipients_and_not_eleven() {
    let mut bench = Bench::new();
    let phones: Vec<String> = (0..11).map(|n| format!("+2547123456{n:02}")).collect();
    let phones: Vec<&str> = phones.iter().map(String::as_str).collect();
    let refused = bench.pay(B2C, &payout(&phones, &json!(10)));
    assert_eq!(refused["entries"], json!([]));
    assert!(refused["errorMessage"].is_string());
    assert_eq!(bench.wallet(), "0.00");
    let none = bench.pay(B2C, &payout(&[], &json!(10)));
    assert_eq!(none["entries"], json!([]));
    let answer = bench.pay(B2C, &payout(&phones[..10], &json!(10)));
    assert_eq!(answer["numQueued"], 10);
    assert_eq!(answer["totalValue"], "KES 100.0000");
    assert_eq!(bench.wallet(), "4900.00");
    assert_eq!(bench.stash(), "9998.00");
    bench.settle();
    assert_eq!(bench.notifications().len(), 10);
}

#[test]
fn a_failed_payout_gives_everything_back() {
    let mut bench = Bench::new();
    bench.script(BUYER, &json!({"pay_out": "limit_exceeded"}));
    bench.pay(B2C, &payout(&[BUYER], &json!(100)));
    assert_eq!(bench.wallet(), "4900.00");
    bench.settle();
    assert_eq!(bench.notifications()[0]["status"], "Failed");
    assert_eq!(bench.wallet(), "5000.00");
    assert_eq!(bench.stash(), "10000.00");
    let query = "pageNumber=1&count=10&categories=Refund,Debit";
    let rows = bench.ask("/query/wallet/fetch", query);
    let categories: Vec<_> = rows["responses"].as_array().unwrap().iter().collect();
    assert_eq!(categories[0]["category"], "Refund");
    assert_eq!(categories[1]["category"], "Debit");
}

#[test]
fn a_late_payout_is_debited_anew() {
    let mut bench = Bench::new();
    bench.script(BUYER, &json!({"pay_out": "late_success"}));
    bench.pay(B2C, &payout(&[BUYER], &json!(100)));
    bench.settle();
    let notifications = bench.notifications();
    assert_eq!(notifications[0]["status"], "Failed");
    assert_eq!(notifications[1]["status"], "Success");
    assert_eq!(bench.wallet(), "4900.00");
    assert_eq!(bench.stash(), "9998.00");
    assert_eq!(bench.phone(BUYER), "500100.00");
}

#[test]
fn one_bad_entry_does_not_spoil_the_others() {
    let mut bench = Bench::new();
    let mut body = payout(&[BUYER, "+12025550123", BUYER, BUYER], &json!(100));
    body["recipients"][2]["amount"] = json!(9000);
    body["recipients"][3]["reason"] = json!("Fun");
    let answer = bench.pay(B2C, &body);
    let statuses: Vec<_> = answer["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["status"].as_str().unwrap())
        .collect();
    assert_eq!(
        statuses,
        ["Queued", "NotSupported", "Failed", "InvalidRequest"]
    );
    assert_eq!(answer["entries"][2]["errorMessage"], "Insufficient Credit");
    assert_eq!(answer["numQueued"], 1);
    assert_eq!(answer["totalValue"], "KES 100.0000");
}

#[test]
fn validation_decides() {
    for (answer, wallet, status) in [
        (r#"{"status":"Validated"}"#, "4900.00", "Success"),
        (r#"{"status":"Failed"}"#, "5000.00", "Failed"),
        ("ok", "5000.00", "Failed"),
    ] {
        let mut bench = Bench::new();
        bench.patch(json!({"africastalking": {"callbacks": {"payment_validation": URL}}}));
        bench.pay(B2C, &payout(&[BUYER], &json!(100)));
        bench.advance(Span::from_mins(5), 200, answer);
        let callbacks = bench.notifications();
        assert_eq!(callbacks[0]["amount"], 100);
        assert_eq!(callbacks[0]["category"], "MobileB2C");
        assert_eq!(callbacks[1]["status"], status, "{answer}");
        assert_eq!(bench.wallet(), wallet, "{answer}");
    }
}

#[test]
fn a_business_is_paid() {
    let mut bench = Bench::new();
    let mut body = json!({
        "username": "sandbox", "productName": "VoicePact", "provider": "Athena",
        "transferType": "BusinessToBusinessTransfer", "currencyCode": "KES", "amount": 10,
        "destinationChannel": "174379", "destinationAccount": "A1", "metadata": {"a": "b"},
    });
    let answer = bench.pay("/mobile/b2b/request", &body);
    assert_eq!(answer["status"], "Queued");
    assert_eq!(answer["transactionFee"], "KES 0.1000");
    bench.settle();
    let notification = &bench.notifications()[0];
    assert_eq!(notification["category"], "MobileB2B");
    assert_eq!(notification["status"], "Success");
    assert_eq!(bench.wallet(), "4990.00");
    body["provider"] = json!("Other");
    let refused = bench.pay("/mobile/b2b/request", &body);
    assert_eq!(refused["status"], "InvalidRequest");
}
