//! Products, customers who pay by themselves, mobile data, and where each is told.

use super::*;
use crate::error::SandboxError;
use crate::kernel::phone::CustomerPayment;

const TRANSFER: &str = "/transfer/wallet";
const TOPUP: &str = "/topup/stash";
const DATA: &str = "/mobile/data/request";

fn two_products() -> Bench {
    let mut bench = Bench::new();
    bench.patch(json!({"africastalking": {"products": [
        {"name": "VoicePact", "balance": "KES 5000.0000"},
        {"name": "Reserve", "code": 7, "balance": "KES 0.0000",
         "payment_notifications": "http://127.0.0.1:9/reserve"},
    ]}}));
    bench
}

fn order(amount: u32) -> Value {
    json!({
        "username": "sandbox", "productName": "VoicePact", "currencyCode": "KES",
        "amount": amount, "metadata": {"a": "b"},
    })
}

fn pay(bench: &mut Bench, to: &str, account: &str, amount: &str) -> Result<String, SandboxError> {
    bench.sandbox.pay(&CustomerPayment {
        from: BUYER.parse().unwrap(),
        to: to.to_owned(),
        account: account.to_owned(),
        amount: kes(amount),
    })
}

#[test]
fn a_product_pays_another() {
    let mut bench = two_products();
    let mut body = order(200);
    body["targetProductCode"] = json!(7);
    let answer = bench.pay(TRANSFER, &body);
    assert_eq!(answer["status"], "Success");
    assert_eq!(
        answer["description"],
        "Transfered funds to sandbox [Reserve]"
    );
    assert_eq!(bench.wallet(), "5000.00");
    bench.settle();
    let told = &bench.notifications()[0];
    assert_eq!(told["category"], "WalletTransfer");
    assert_eq!(told["destinationType"], "Wallet");
    assert_eq!(told["transactionFee"], "KES 0.0000");
    let rows = bench.ask("/query/wallet/fetch", "pageNumber=1&count=2");
    let words: Vec<_> = rows["responses"].as_array().unwrap().iter().collect();
    assert_eq!(
        (&words[0]["category"], &words[1]["category"]),
        (&json!("Credit"), &json!("Debit"))
    );
    assert_eq!(words[1]["balance"], "KES 4800.0000");
    for (member, value) in [
        ("targetProductCode", json!(8)),
        ("productName", json!("Other")),
        ("amount", json!(6_000)),
    ] {
        let mut bad = body.clone();
        bad[member] = value;
        let refused = bench.pay(TRANSFER, &bad);
        assert_eq!(refused["status"], "Failed", "{member}");
        assert_eq!(refused.get("transactionId"), None);
        assert!(bench.explained().is_some());
    }
}

#[test]
fn a_product_pays_into_the_credit() {
    let mut bench = Bench::new();
    let answer = bench.pay(TOPUP, &order(150));
    assert_eq!(
        answer["description"],
        "Topped up user stash. New Stash Balance: KES 10150.0000"
    );
    assert_eq!(
        (bench.wallet(), bench.stash()),
        ("4850.00".to_owned(), "10150.00".to_owned())
    );
    bench.settle();
    let told = &bench.notifications()[0];
    assert_eq!(told["category"], "UserStashTopup");
    assert_eq!(told["providerChannel"], "StashTopup");
    assert_eq!(told["destinationType"], "UserStash");
    assert_eq!(told["destination"], "StashTopup");
    let mut other = order(1);
    other["currencyCode"] = json!("USD");
    assert_eq!(bench.pay(TOPUP, &other)["status"], "Failed");
    assert_eq!(
        bench.pay(TOPUP, &order(5_000))["description"],
        "Insufficient Credit"
    );
}

#[test]
fn a_customer_pays_unasked() {
    let mut bench = two_products();
    let id = pay(&mut bench, "525900", "reserve", "250.00").unwrap();
    assert_eq!(bench.phone(BUYER), "499750.00");
    assert_eq!(bench.wallet(), "5250.00");
    bench.settle();
    let (_, delivery) = &bench.delivered[0];
    assert_eq!(delivery.url.as_str(), "http://127.0.0.1:9/reserve");
    let told = &bench.notifications()[0];
    for (member, value) in [
        ("category", "MobileC2B"),
        ("clientAccount", "reserve"),
        ("productName", "reserve"),
        ("source", BUYER),
        ("status", "Success"),
        ("transactionId", id.as_str()),
    ] {
        assert_eq!(told[member], value, "{member}");
    }
    assert_eq!(
        (told.get("origin"), told.get("requestMetadata")),
        (None, None)
    );
    for (to, account, amount, code) in [
        ("1", "", "10", "request.field_invalid"),
        ("not a number", "", "10", "request.field_invalid"),
        ("525900", "", "0", "request.field_invalid"),
        ("525900", "", "900000", "ledger.overdrawn"),
    ] {
        let refused = pay(&mut bench, to, account, amount).unwrap_err();
        assert_eq!(refused.code(), code, "{to} {amount}");
    }
}

#[test]
fn the_application_may_refuse_a_customer() {
    for (answer, status, wallet) in [
        (r#"{"status":"Validated"}"#, "Success", "5010.00"),
        (r#"{"status":"Failed"}"#, "Failed", "5000.00"),
        ("yes", "Failed", "5000.00"),
    ] {
        let mut bench = Bench::new();
        bench.patch(json!({"africastalking": {"callbacks": {"customer_validation": URL}}}));
        pay(&mut bench, "525900", "A1", "10").unwrap();
        bench.advance(Span::from_mins(1), 200, answer);
        let callbacks = bench.notifications();
        assert_eq!(
            callbacks[0],
            json!({
                "clientAccount": "A1", "phoneNumber": BUYER, "productName": "voicepact",
                "provider": "Athena", "providerMetadata": {}, "value": "KES 10.0000",
            })
        );
        assert_eq!(callbacks[1]["status"], status, "{answer}");
        assert_eq!(bench.wallet(), wallet, "{answer}");
    }
}

#[test]
fn a_product_may_have_its_own_validation() {
    let own = "http://127.0.0.1:9/own";
    let mut bench = Bench::new();
    bench.patch(json!({"africastalking": {
        "products": [
            {"name": "VoicePact", "balance": "KES 5000.0000", "payment_validation": own,
             "customer_validation": own},
            {"name": "Other"},
        ],
        "callbacks": {"payment_validation": URL, "customer_validation": URL},
    }}));
    for product in ["VoicePact", "Other"] {
        let mut body = payout(&[BUYER], &json!(100));
        body["productName"] = json!(product);
        bench.pay("/mobile/b2c/request", &body);
        pay(&mut bench, "525900", product, "10").unwrap();
    }
    bench.advance(Span::from_secs(1), 200, r#"{"status":"Validated"}"#);
    let asked: Vec<String> = bench
        .delivered
        .iter()
        .filter(|(_, delivery)| !String::from_utf8_lossy(&delivery.body).contains("transactionFee"))
        .map(|(_, delivery)| delivery.url.to_string())
        .collect();
    assert_eq!(asked, [own, own, URL, URL]);
}

#[test]
fn mobile_data_is_sent_to_phones_in_reach() {
    let mut bench = Bench::new();
    let change = serde_json::from_value(json!({"reachable": false})).unwrap();
    let off: Msisdn = "+254712345679".parse().unwrap();
    bench.sandbox.configure_phone(off, change).unwrap();
    let recipient = |phone: &str, quantity: u32, unit: &str, validity: &str| {
        json!({
            "phoneNumber": phone, "quantity": quantity, "unit": unit, "validity": validity,
            "metadata": {},
        })
    };
    let body = json!({"username": "sandbox", "productName": "VoicePact", "recipients": [
        recipient(BUYER, 10, "MB", "Day"), recipient("+254712345679", 1, "GB", "Month"),
        recipient("+12025550123", 10, "MB", "Day"), recipient(BUYER, 10, "KB", "Day"),
        recipient(BUYER, 10, "MB", "Hour"), recipient(BUYER, 0, "MB", "Day"),
    ]});
    let host = "bundles.sandbox.africastalking.com";
    let request = keyed("POST", host, DATA).with_body("application/json", body.to_string());
    let answer = read(&bench.send(&request));
    let entries = answer["entries"].as_array().unwrap();
    assert_eq!(entries[0]["value"], "KES 5.0000");
    assert_eq!(entries[0]["status"], "Queued");
    assert_eq!(
        entries[2],
        json!({
            "errorMessage": "Destination not supported", "phoneNumber": "+12025550123",
            "status": "NotSupported",
        })
    );
    for refused in &entries[3..] {
        assert_eq!(refused["status"], "InvalidRequest");
    }
    assert_eq!(bench.wallet(), "4495.00");
    bench.settle();
    let told = bench.notifications();
    let statuses: Vec<_> = told.iter().map(|told| &told["status"]).collect();
    assert_eq!(statuses, ["Success", "Failed"]);
    assert_eq!(told[0]["category"], "MobileData");
    assert_eq!(bench.wallet(), "4995.00");
}

#[test]
fn strict_payments_know_channel_and_money() {
    let mut bench = Bench::new();
    let mut body = checkout(&json!(10));
    body["providerChannel"] = json!("1234");
    let path = "/mobile/checkout/request";
    assert_eq!(bench.pay(path, &body)["status"], "PendingConfirmation");
    bench.patch(json!({"africastalking": {"behaviour": {"strict_payments": true}}}));
    assert_eq!(bench.pay(path, &body)["status"], "InvalidRequest");
    body["providerChannel"] = json!("525900");
    body["currencyCode"] = json!("USD");
    assert_eq!(bench.pay(path, &body)["status"], "NotSupported");
    body["currencyCode"] = json!("KES");
    assert_eq!(bench.pay(path, &body)["status"], "PendingConfirmation");
}

#[test]
fn the_withdrawn_product_answers_as_it_does_today() {
    let mut bench = Bench::new();
    let mut ask = keyed("GET", PAYMENTS, "/query/wallet/balance");
    ask.query = "username=sandbox".to_owned();
    bench.patch(json!({"africastalking": {"behaviour": {"payments_host": "not_available"}}}));
    let response = bench.send(&ask);
    assert_eq!(
        (response.status, text(&response)),
        (200, r#"{"status":"NotAvailable"}"#.into())
    );
    bench.patch(json!({"africastalking": {"behaviour": {"payments_host": "not_found"}}}));
    let response = bench.send(&ask);
    assert_eq!(response.status, 404);
    assert_eq!(
        text(&response),
        "The requested resource could not be found."
    );
}

#[test]
fn queries_can_be_throttled_and_fail_in_the_other_word() {
    let mut bench = Bench::new();
    bench.patch(json!({"africastalking": {"behaviour": {
        "query_interval": "5s", "failed_query": "Failed",
    }}}));
    let path = "/query/transaction/find";
    assert_eq!(bench.ask(path, "transactionId=ATPid_0")["status"], "Failed");
    assert_eq!(
        bench.ask(path, "transactionId=ATPid_0")["status"],
        "Throttled"
    );
    bench.advance(Span::from_secs(6), 200, "");
    assert_eq!(bench.ask(path, "transactionId=ATPid_0")["status"], "Failed");
}

#[test]
fn a_seed_that_comes_again_brings_no_id_again() {
    let mut bench = Bench::new();
    let mut seen = std::collections::BTreeSet::new();
    for seed in [5, 6, 5, 6, 5] {
        bench.patch(json!({"seed": seed}));
        let answer = bench.pay("/mobile/checkout/request", &checkout(&json!(10)));
        assert!(seen.insert(answer["transactionId"].as_str().unwrap().to_owned()));
        bench.settle();
    }
    let receipts: std::collections::BTreeSet<_> = bench
        .notifications()
        .iter()
        .map(|told| told["providerRefId"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(receipts.len(), 5);
}
