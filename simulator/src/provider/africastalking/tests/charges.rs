//! Bank accounts and cards.

use super::*;

const BANK: &str = "/bank/checkout/charge";
const BANK_VALIDATE: &str = "/bank/checkout/validate";
const CARD: &str = "/card/checkout/charge";
const CARD_VALIDATE: &str = "/card/checkout/validate";

fn bank_charge() -> Value {
    json!({
        "username": "sandbox", "productName": "VoicePact", "currencyCode": "KES", "amount": 100,
        "narration": "Order 1042", "metadata": {"order": "1042"},
        "bankAccount": {"accountName": "A", "accountNumber": "0711000000", "bankCode": 254_001},
    })
}

fn card_charge() -> Value {
    json!({
        "username": "sandbox", "productName": "VoicePact", "currencyCode": "KES", "amount": 100,
        "narration": "Order 1042", "metadata": {}, "checkoutToken": "", "paymentCard": {
            "number": "4999888877776666", "cvvNumber": 987, "expiryMonth": 9, "expiryYear": 2031,
            "countryCode": "NG", "authToken": "7654",
        },
    })
}

fn validate(id: &Value, otp: &str) -> Value {
    json!({"username": "sandbox", "transactionId": id, "otp": otp})
}

#[test]
fn a_bank_charge_waits_for_its_password() {
    let mut bench = Bench::new();
    let answer = bench.pay(BANK, &bank_charge());
    assert_eq!(answer["status"], "PendingValidation");
    assert_eq!(
        answer["description"],
        "Payment is pending validation by the user"
    );
    let id = answer["transactionId"].clone();
    let query = format!("transactionId={}", id.as_str().unwrap());
    let found = bench.ask("/query/transaction/find", &query);
    assert_eq!(found["data"]["status"], "PendingValidation");
    let answer = bench.pay(BANK_VALIDATE, &validate(&id, "1234"));
    assert_eq!(
        answer,
        json!({"description": "Payment completed successfully", "status": "Success"})
    );
    let held = (bench.wallet(), bench.stash());
    assert_eq!(held, ("5100.00".to_owned(), "9998.00".to_owned()));
    bench.settle();
    let told = bench.notifications();
    assert_eq!(told.len(), 1);
    for (member, value) in [
        ("category", "BankCheckout"),
        ("status", "Success"),
        ("sourceType", "BankAccount"),
        ("source", "0711000000"),
        ("destination", "PaymentWallet"),
        ("direction", "Inbound"),
        ("value", "KES 100.0000"),
    ] {
        assert_eq!(told[0][member], value, "{member}");
    }
    assert_eq!(told[0]["requestMetadata"], json!({"order": "1042"}));
    // It is over, so the password is for nothing.
    let again = bench.pay(BANK_VALIDATE, &validate(&id, "1234"));
    assert_eq!(again["status"], "InvalidRequest");
    assert_eq!(bench.wallet(), "5100.00");
}

#[test]
fn a_charge_fails_with_a_wrong_password_and_without_one() {
    for wrong in [true, false] {
        let mut bench = Bench::new();
        let id = bench.pay(BANK, &bank_charge())["transactionId"].clone();
        if wrong {
            let answer = bench.pay(BANK_VALIDATE, &validate(&id, "0000"));
            assert_eq!(answer["status"], "Failed");
            assert_eq!(bench.explained().unwrap().0, "/otp");
        }
        bench.advance(Span::from_mins(11), 200, "");
        let told = bench.notifications();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0]["status"], "Failed");
        assert_eq!(told[0]["transactionFee"], "KES 0.0000");
        let held = (bench.wallet(), bench.stash());
        assert_eq!(held, ("5000.00".to_owned(), "10000.00".to_owned()));
    }
}

#[test]
fn what_a_bank_would_not_take_is_refused() {
    let mut bench = Bench::new();
    let rows = [
        ("/productName", json!("Other"), "/productName"),
        ("/amount", json!(0), "/amount"),
        ("/currencyCode", json!("XXY"), "/currencyCode"),
        ("/bankAccount/bankCode", json!(1), "/bankAccount/bankCode"),
        (
            "/bankAccount/bankCode",
            json!(234_002),
            "/bankAccount/dateOfBirth",
        ),
        (
            "/bankAccount/accountNumber",
            json!("A-1"),
            "/bankAccount/accountNumber",
        ),
        (
            "/bankAccount/dateOfBirth",
            json!("1/2/1990"),
            "/bankAccount/dateOfBirth",
        ),
    ];
    for (pointer, value, field) in rows {
        let mut body = bank_charge();
        body["bankAccount"]["dateOfBirth"] = json!(null);
        *body.pointer_mut(pointer).unwrap() = value;
        let answer = bench.pay(BANK, &body);
        assert_eq!(answer["status"], "InvalidRequest", "{pointer}");
        assert_eq!(answer.get("transactionId"), None);
        assert_eq!(bench.explained().unwrap().0, field, "{pointer}");
    }
    let mut zenith = bank_charge();
    zenith["bankAccount"] = json!({
        "accountNumber": "0711000000", "bankCode": 234_002, "dateOfBirth": "1990-02-01",
    });
    assert_eq!(bench.pay(BANK, &zenith)["status"], "PendingValidation");
    // An id of the other kind, of nobody, and of another application.
    let id = bench.pay(BANK, &bank_charge())["transactionId"].clone();
    for (path, id, username) in [
        (CARD_VALIDATE, id.clone(), "sandbox"),
        (BANK_VALIDATE, json!("ATPid_0"), "sandbox"),
        (BANK_VALIDATE, id, "other"),
    ] {
        let mut body = validate(&id, "1234");
        body["username"] = json!(username);
        assert_eq!(bench.pay(path, &body)["status"], "InvalidRequest");
    }
}

#[test]
fn a_validated_card_is_charged_again_with_its_token() {
    let mut bench = Bench::new();
    let id = bench.pay(CARD, &card_charge())["transactionId"].clone();
    let answer = bench.pay(CARD_VALIDATE, &validate(&id, "1234"));
    assert_eq!(answer["status"], "Success");
    let token = answer["checkoutToken"].as_str().unwrap().to_owned();
    assert!(token.starts_with("ATCdTkn_"));
    let mut again = card_charge();
    again.as_object_mut().unwrap().remove("paymentCard");
    again["checkoutToken"] = json!(token);
    let answer = bench.pay(CARD, &again);
    assert_eq!(answer["status"], "Success");
    assert_eq!(bench.wallet(), "5200.00");
    bench.settle();
    let told = bench.notifications();
    assert_eq!(told.len(), 2);
    assert_eq!(told[1]["category"], "CardCheckout");
    assert_eq!(told[1]["sourceType"], "Card");
    again["checkoutToken"] = json!("ATCdTkn_0");
    assert_eq!(bench.pay(CARD, &again)["status"], "InvalidRequest");
}

#[test]
fn of_a_card_nothing_is_kept() {
    let mut bench = Bench::new();
    let id = bench.pay(CARD, &card_charge())["transactionId"].clone();
    bench.pay(CARD_VALIDATE, &validate(&id, "1234"));
    let batch = serde_json::to_string(&bench.sandbox.take_batch()).unwrap();
    let state = serde_json::to_string(bench.sandbox.state()).unwrap();
    for secret in ["4999888877776666", "7654", "\"987\"", ":987,"] {
        assert!(!batch.contains(secret), "{secret}");
        assert!(!state.contains(secret), "{secret}");
    }
}

#[test]
fn a_card_must_have_the_shape_of_one() {
    let mut bench = Bench::new();
    for (member, value) in [
        ("number", json!("123")),
        ("cvvNumber", json!(12)),
        ("expiryMonth", json!(13)),
        ("expiryYear", json!(1)),
        ("countryCode", json!("KE")),
        ("authToken", json!("")),
    ] {
        let mut body = card_charge();
        body["paymentCard"][member] = value;
        assert_eq!(
            bench.pay(CARD, &body)["status"],
            "InvalidRequest",
            "{member}"
        );
        let (field, _) = bench.explained().unwrap();
        assert_eq!(field, json!(format!("/paymentCard/{member}")));
    }
    let mut neither = card_charge();
    neither.as_object_mut().unwrap().remove("paymentCard");
    assert_eq!(bench.pay(CARD, &neither)["status"], "InvalidRequest");
    let mut both = card_charge();
    both["checkoutToken"] = json!("ATCdTkn_0");
    assert_eq!(bench.pay(CARD, &both)["status"], "InvalidRequest");
}

#[test]
fn bank_accounts_are_paid() {
    let mut bench = Bench::new();
    let recipient = |number: &str, bank: u32, amount: u32| {
        json!({
            "bankAccount": {"accountNumber": number, "bankCode": bank}, "currencyCode": "KES",
            "amount": amount, "narration": "x", "metadata": {"n": number},
        })
    };
    let mut body = json!({
        "username": "sandbox", "productName": "voicepact", "recipients": [
            recipient("0711000000", 254_001, 100), recipient("0711000001", 1, 100),
            recipient("0711000002", 254_001, 9_000),
        ],
    });
    let answer = bench.pay("/bank/transfer", &body);
    let entries = answer["entries"].as_array().unwrap();
    let statuses: Vec<_> = entries.iter().map(|entry| &entry["status"]).collect();
    assert_eq!(statuses, ["Queued", "InvalidRequest", "Failed"]);
    assert_eq!(entries[0]["transactionFee"], "KES 1.0000");
    assert_eq!(entries[2]["errorMessage"], "Insufficient Credit");
    assert_eq!(bench.wallet(), "4900.00");
    bench.settle();
    let told = &bench.notifications()[0];
    assert_eq!(told["category"], "BankTransfer");
    assert_eq!(told["destinationType"], "BankAccount");
    assert_eq!(told["destination"], "0711000000");
    assert_eq!(bench.held(&accounts::bank("254001 0711000000")), "100.00");
    body["productName"] = json!("Other");
    let refused = bench.pay("/bank/transfer", &body);
    assert_eq!(refused["entries"], json!([]));
    assert!(refused["errorMessage"].is_string());
}
