//! What the settings choose: payees whom no payment reaches, new keys, tokens, opting out.

use super::*;
use crate::kernel::phone::Direction;

/// An order of this amount; the path of its endpoint; and its payee in the settings.
fn orders() -> Vec<(&'static str, Value, &'static str, &'static str)> {
    let order = |members: Value| {
        let mut order = json!({
            "username": "sandbox", "productName": "VoicePact", "currencyCode": "KES",
            "amount": 100, "metadata": {"a": "b"},
        });
        let members = members.as_object().unwrap().clone();
        order.as_object_mut().unwrap().extend(members);
        order
    };
    let business = order(json!({
        "provider": "Athena", "transferType": "BusinessPayBill",
        "destinationChannel": "174379", "destinationAccount": "INV-7",
    }));
    let bank = json!({"username": "sandbox", "productName": "VoicePact", "recipients": [{
        "bankAccount": {"accountNumber": "0711000000", "bankCode": 234_001},
        "currencyCode": "KES", "amount": 100, "narration": "x", "metadata": {"a": "b"},
    }]});
    let product = order(json!({"targetProductCode": 1}));
    vec![
        (
            "/mobile/b2b/request",
            business.clone(),
            "MobileB2B",
            "inv-7",
        ),
        ("/mobile/b2b/request", business, "MobileB2B", "174379"),
        ("/bank/transfer", bank, "BankTransfer", "0711000000"),
        ("/transfer/wallet", product, "WalletTransfer", "VOICEPACT"),
        (
            "/topup/stash",
            order(json!({})),
            "UserStashTopup",
            "StashTopup",
        ),
    ]
}

#[test]
fn a_payee_whom_no_payment_reaches_is_told_of_as_failed() {
    for (path, order, category, payee) in orders() {
        let mut bench = Bench::new();
        let behaviour = json!({"payees": {payee: "The account is closed"}});
        bench.patch(json!({"africastalking": {"behaviour": behaviour}}));
        let answer = bench.pay(path, &order);
        let entry = answer.pointer("/entries/0").unwrap_or(&answer);
        let id = entry["transactionId"].as_str().unwrap().to_owned();
        // What is final at once says so at once.
        let at_once = matches!(category, "WalletTransfer" | "UserStashTopup");
        let word = if at_once { "Failed" } else { "Queued" };
        assert_eq!(entry["status"], word, "{path}: {answer}");
        bench.settle();
        let told = bench.notifications();
        assert_eq!(told.len(), 1, "{path}");
        for (member, value) in [
            ("transactionId", id.as_str()),
            ("category", category),
            ("status", "Failed"),
            ("description", "The account is closed"),
            ("providerRefId", "N/A"),
            ("transactionFee", "KES 0.0000"),
            ("providerFee", "KES 0.0000"),
            ("value", "KES 100.0000"),
        ] {
            assert_eq!(told[0][member], value, "{path} {member}");
        }
        assert_eq!(told[0]["requestMetadata"], json!({"a": "b"}), "{path}");
        for absent in ["transactionDate", "providerMetadata"] {
            assert_eq!(told[0].get(absent), None, "{path} {absent}");
        }
        assert_eq!(bench.wallet(), "5000.00", "{path}");
        assert_eq!(bench.stash(), "10000.00", "{path}");
        let found = bench.ask("/query/transaction/find", &format!("transactionId={id}"));
        assert_eq!(found["data"]["status"], "Failed", "{path}");
    }
}

#[test]
fn other_payees_are_paid() {
    for (path, order, _, _) in orders() {
        let mut bench = Bench::new();
        let behaviour = json!({"payees": {"174378": "Closed"}});
        bench.patch(json!({"africastalking": {"behaviour": behaviour}}));
        bench.pay(path, &order);
        bench.settle();
        assert_eq!(bench.notifications()[0]["status"], "Success", "{path}");
    }
}

#[test]
fn a_new_key_is_refused_for_a_while_if_that_is_chosen() {
    let mut bench = Bench::new();
    let app = |key: &str| json!({"username": "sandbox", "api_key": key, "balance": "KES 1.0000"});
    bench.patch(json!({"africastalking": {
        "accept_any_credentials": false, "apps": [app("atsk_test")],
        "behaviour": {"key_delay": "20m"},
    }}));
    let user = Request {
        query: "username=sandbox".to_owned(),
        ..keyed("GET", API, "/version1/user")
    };
    let refused = bench.send(&user);
    assert_eq!(refused.status, 401);
    assert_eq!(text(&refused), "The supplied authentication is invalid");
    assert!(
        bench
            .explained()
            .unwrap()
            .1
            .as_str()
            .unwrap()
            .contains("new")
    );
    bench.advance(Span::from_mins(20), 200, "");
    assert_eq!(bench.send(&user).status, 200);
    // Settings that keep the key do not make it new.
    bench.patch(json!({"africastalking": {"behaviour": {"enqueue": true}}}));
    assert_eq!(bench.send(&user).status, 200);
    bench.patch(json!({"africastalking": {"behaviour": {"key_delay": "0s"}, "apps": [app("b")]}}));
    let with_new = user.clone().with_header("apiKey", "b");
    let headers = with_new.headers.into_iter().skip(1).collect();
    assert_eq!(bench.send(&Request { headers, ..user }).status, 200);
}

#[test]
fn two_tokens_in_five_minutes_if_that_is_chosen() {
    let mut bench = Bench::new();
    let token = |bench: &mut Bench| {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("phoneNumber", BUYER)
            .finish();
        let response = bench.send(&form("/checkout/token/create", &body));
        assert_eq!(response.status, 201);
        read(&response)["token"].as_str().unwrap().to_owned()
    };
    for _ in 0..3 {
        assert!(token(&mut bench).starts_with("CkTkn_"));
    }
    bench.patch(json!({"africastalking": {"behaviour": {"checkout_token_limit": true}}}));
    assert_eq!(token(&mut bench), "None");
    assert!(bench.explained().is_some());
    bench.advance(Span::from_mins(5), 200, "");
    assert!(token(&mut bench).starts_with("CkTkn_"));
    assert!(token(&mut bench).starts_with("CkTkn_"));
    assert_eq!(token(&mut bench), "None");
}

#[test]
fn the_first_message_of_a_name_says_how_to_opt_out_if_a_text_is_chosen() {
    let mut bench = Bench::new();
    let send = |bench: &mut Bench, from: &str| {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("username", "sandbox")
            .append_pair("to", BUYER)
            .append_pair("message", "Hi")
            .append_pair("from", from)
            .finish();
        assert_eq!(bench.send(&form("/version1/messaging", &body)).status, 201);
    };
    send(&mut bench, "SHOP");
    let told = json!({"opt_out_text": "STOP? *456*9*5#"});
    bench.patch(json!({"africastalking": {"behaviour": told}}));
    for sender in ["SHOP", "SHOP", "OTHER", "28901"] {
        send(&mut bench, sender);
    }
    let phone = bench.sandbox.state().phone(BUYER.parse().unwrap()).unwrap();
    let got = phone
        .messages
        .iter()
        .filter(|m| m.direction == Direction::In);
    let texts: Vec<_> = got.map(|m| m.text.as_str()).collect();
    let first = "Hi\nSTOP? *456*9*5#";
    assert_eq!(texts, ["Hi", first, "Hi", first, "Hi"]);
}

#[test]
fn the_newer_endpoint_counts_the_parts_for_each_recipient() {
    let mut bench = Bench::new();
    let body = json!({
        "username": "sandbox", "message": "a".repeat(161), "phoneNumbers": [BUYER, "0711"],
    });
    let request = keyed("POST", API, "/version1/messaging/bulk");
    let request = request.with_header("accept", "application/json");
    let sent = bench.send(&request.with_body("application/json", body.to_string()));
    let recipients = &read(&sent)["SMSMessageData"]["Recipients"];
    assert_eq!(recipients[0]["messageParts"], 2);
    assert_eq!(recipients[1]["messageParts"], 0);
    // Like the rest of the version, it is answered in XML unless JSON is asked for.
    let request = keyed("POST", API, "/version1/messaging/bulk");
    let xml = bench.send(&request.with_body("application/json", body.to_string()));
    assert_eq!(xml.header("content-type"), Some("application/xml"));
    let form = form(
        "/version1/messaging",
        "username=sandbox&message=Hi&to=%2B254712345678",
    );
    let sent = bench.send(&form);
    let recipient = &read(&sent)["SMSMessageData"]["Recipients"][0];
    assert_eq!(recipient.get("messageParts"), None);
}

#[test]
fn fees_are_as_chosen() {
    for (behaviour, provider, network, stash) in [
        (json!({}), "KES 1.0000", "KES 1.0000", "9998.00"),
        // As recorded with a value of 375.
        (
            json!({"provider_fee": {"percent": "0", "least": "25", "most": "25"}}),
            "KES 1.0000",
            "KES 25.0000",
            "9974.00",
        ),
        (
            json!({"transaction_fee": {"percent": "2", "most": "100"}}),
            "KES 7.5000",
            "KES 7.5000",
            "9985.00",
        ),
    ] {
        let mut bench = Bench::new();
        bench.patch(json!({"africastalking": {"behaviour": behaviour}}));
        bench.pay("/mobile/checkout/request", &checkout(&json!(375)));
        bench.settle();
        let told = &bench.notifications()[0];
        assert_eq!(told["transactionFee"], provider, "{behaviour}");
        assert_eq!(told["providerFee"], network, "{behaviour}");
        assert_eq!(bench.stash(), stash, "{behaviour}");
        let answer = bench.pay("/mobile/b2c/request", &payout(&[BUYER], &json!(375)));
        assert_eq!(answer["totalTransactionFee"], provider, "{behaviour}");
        bench.settle();
        assert_eq!(bench.notifications()[1]["providerFee"], network);
    }
}

#[test]
fn a_failed_payment_of_a_phone_is_described_as_chosen() {
    let mut bench = Bench::new();
    let text = "Request cancelled by user";
    bench.patch(json!({"africastalking": {"behaviour": {"descriptions": {BUYER: text}}}}));
    bench.script(BUYER, &json!({"collect": "wrong_pin", "pay_out": "locked"}));
    bench.pay("/mobile/checkout/request", &checkout(&json!(100)));
    bench.pay("/mobile/b2c/request", &payout(&[BUYER], &json!(100)));
    bench.settle();
    let told = bench.notifications();
    assert_eq!(told.len(), 2);
    for notification in told {
        assert_eq!(notification["status"], "Failed");
        assert_eq!(notification["description"], text);
    }
    assert_eq!(bench.wallet(), "5000.00");
}

#[test]
fn airtime_of_a_phone_is_refused_as_chosen() {
    let mut bench = Bench::new();
    let text = "A duplicate request was received within the last 5 minutes";
    bench.patch(json!({"africastalking": {"behaviour": {"airtime_refusals": {BUYER: text}}}}));
    let recipients = json!([{"phoneNumber": BUYER, "amount": "KES 50"}]).to_string();
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("username", "sandbox")
        .append_pair("recipients", &recipients)
        .finish();
    let answer = read(&bench.send(&form("/version1/airtime/send", &body)));
    assert_eq!(answer["errorMessage"], text);
    assert_eq!(answer["numSent"], 0);
    assert_eq!(answer["responses"][0]["status"], "Failed");
    assert_eq!(answer["responses"][0]["requestId"], "None");
    assert_eq!(answer["responses"][0]["errorMessage"], text);
    assert!(bench.explained().is_some());
}

#[test]
fn a_message_is_brought_again_for_as_long_as_chosen() {
    for (chosen, times) in [(json!({}), 720), (json!({"incoming_retries": "10m"}), 10)] {
        let mut bench = Bench::new();
        bench.patch(json!({"africastalking": {
            "callbacks": {"incoming_messages": URL}, "behaviour": chosen,
        }}));
        let from: Msisdn = BUYER.parse().unwrap();
        bench.sandbox.send_sms(from, "28901", "PAY").unwrap();
        // Nothing but 200 will do.
        bench.advance(Span::from_mins(24 * 60), 201, "");
        assert_eq!(bench.delivered.len(), times);
    }
}

#[test]
fn the_word_for_no_swap_is_as_chosen() {
    let mut bench = Bench::new();
    bench.patch(json!({"africastalking": {
        "callbacks": {"sim_swap": URL}, "behaviour": {"sim_not_swapped": "NotFound"},
    }}));
    let check = keyed("POST", "insights.africastalking.com", "/v1/sim-swap");
    let body = json!({"username": "sandbox", "phoneNumbers": [BUYER]});
    let checked = bench.send(&check.with_body("application/json", body.to_string()));
    assert_eq!(checked.status, 200);
    bench.settle();
    assert_eq!(bench.notifications()[0]["status"], "NotFound");
}

#[test]
fn since_2023_the_wallet_is_not_available_on_either_host() {
    for (chosen, path, answers) in [
        ("not_found", "/query/wallet/balance", [404, 200]),
        ("not_available", "/query/wallet/balance", [200, 200]),
    ] {
        let mut bench = Bench::new();
        bench.patch(json!({"africastalking": {"behaviour": {"payments_host": chosen}}}));
        for (host, status) in [PAYMENTS, "bundles.sandbox.africastalking.com"]
            .into_iter()
            .zip(answers)
        {
            let mut request = keyed("GET", host, path);
            request.query = "username=sandbox".to_owned();
            let response = bench.send(&request);
            assert_eq!(response.status, status, "{chosen} {host}");
            if chosen == "not_available" {
                assert_eq!(text(&response), r#"{"status":"NotAvailable"}"#);
            }
        }
        // Mobile data itself is sold as ever.
        let data = json!({"username": "sandbox", "productName": "VoicePact", "recipients": [
            {"phoneNumber": BUYER, "quantity": 10, "unit": "MB", "validity": "Day"},
        ]});
        let request = keyed("POST", "bundles.africastalking.com", "/mobile/data/request");
        let sold = bench.send(&request.with_body("application/json", data.to_string()));
        assert_eq!(sold.status, 201);
    }
}
