//! Orders of initiators, from acknowledgement to result.

use amana_core::provider::daraja::status::ORDER_RESULTS;

use super::*;
use crate::kernel::settings::Settings;

fn facts(result: &Value) -> Value {
    let facts = &result["ResultParameters"]["ResultParameter"];
    facts
        .as_array()
        .unwrap()
        .iter()
        .map(|fact| {
            (
                fact["Key"].as_str().unwrap().to_owned(),
                fact["Value"].clone(),
            )
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn keys(result: &Value) -> Vec<&str> {
    let facts = result["ResultParameters"]["ResultParameter"]
        .as_array()
        .unwrap();
    facts
        .iter()
        .map(|fact| fact["Key"].as_str().unwrap())
        .collect()
}

#[test]
fn a_payout_is_acknowledged_and_then_told() {
    let mut bench = Bench::new();
    bench.configure(PHONE, &json!({"name": "Jane Wanjiku"}));
    let answer = bench.ask(B2C_V3, &b2c_body());
    assert_eq!(answer["OriginatorConversationID"], "order-1");
    assert!(
        answer["ConversationID"]
            .as_str()
            .unwrap()
            .starts_with("AG_20261010_2010")
    );
    assert!(answer.as_object().unwrap().values().all(Value::is_string));
    assert!(
        bench.delivered.is_empty(),
        "the acknowledgement comes first"
    );
    bench.settle();
    let result = bench.callback()["Result"].clone();
    assert_eq!(
        (&result["ResultType"], &result["ResultCode"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(result["OriginatorConversationID"], "order-1");
    assert_eq!(result["ConversationID"], answer["ConversationID"]);
    let known = facts(&result);
    assert_eq!(
        keys(&result),
        [
            "TransactionAmount",
            "TransactionReceipt",
            "ReceiverPartyPublicName",
            "TransactionCompletedDateTime",
            "B2CUtilityAccountAvailableFunds",
            "B2CWorkingAccountAvailableFunds",
            "B2CRecipientIsRegisteredCustomer",
            "B2CChargesPaidAccountAvailableFunds",
        ]
    );
    assert_eq!(known["TransactionAmount"], 100);
    assert_eq!(known["TransactionReceipt"], result["TransactionID"]);
    assert_eq!(
        known["ReceiverPartyPublicName"],
        "254708374149 - JANE WANJIKU"
    );
    assert_eq!(known["TransactionCompletedDateTime"], "10.10.2026 14:30:05");
    let raw = String::from_utf8_lossy(&bench.delivered[0].1.body);
    assert!(raw.contains(r#""B2CUtilityAccountAvailableFunds","Value":999900.00}"#));
    let reference = &result["ReferenceData"]["ReferenceItem"];
    assert_eq!(
        reference["Key"], "QueueTimeoutURL",
        "one entry stands alone"
    );
    assert!(
        reference["Value"]
            .as_str()
            .unwrap()
            .contains("internalsandbox")
    );
    assert_eq!(bench.wallet(PHONE), "500100.00");
    assert_eq!(bench.utility("600997"), "999900.00");
    assert!(bench.inbox(PHONE)[0].contains("You have received Ksh100.00"));
}

#[test]
fn version_3_knows_its_orders_and_version_1_does_not() {
    let mut bench = Bench::new();
    bench.ask(B2C_V3, &b2c_body());
    let duplicate = "Duplicate OriginatorConversationID.".to_owned();
    let refused = (500, "500.002.1001".to_owned(), duplicate);
    assert_eq!(bench.refused(B2C_V3, &b2c_body()), refused);
    for _ in 0..2 {
        let answer = bench.ask(B2C_V1, &changed(b2c_body(), &json!({"Occasion": "x"})));
        assert_ne!(answer["OriginatorConversationID"], "order-1");
    }
    bench.settle();
    assert_eq!(bench.wallet(PHONE), "500300.00");
    bench.patch(json!({"daraja": {"shortcodes": [{"shortcode": "600997", "b2c_v3": false}]}}));
    let other = changed(b2c_body(), &json!({"OriginatorConversationID": "order-2"}));
    let (status, code, _) = bench.refused(B2C_V3, &other);
    assert_eq!((status, code.as_str()), (403, "403.002.1001"));
    bench.ask(B2C_V1, &other);
}

#[test]
fn payouts_that_fail_say_so_with_a_placeholder_and_no_facts() {
    for (phone, change, code) in [
        (PHONE, json!({"Amount": 9}), 2),
        (PHONE, json!({"Amount": 250_001}), 3),
        ("254711000001", json!({}), 8),
        ("254711000006", json!({}), 17),
        ("254711000007", json!({}), 2006),
    ] {
        let mut bench = Bench::new();
        let body = changed(changed(b2c_body(), &json!({"PartyB": phone})), &change);
        let result = bench.result(B2C_V1, &body);
        assert_eq!(result["ResultCode"], code);
        assert_eq!(result["TransactionID"], "UJA0000000");
        assert!(result.get("ResultParameters").is_none());
        assert_eq!(
            bench.wallet(phone),
            if code < 4 { "0.00" } else { "500000.00" }
        );
    }
}

#[test]
fn a_payout_beyond_the_utility_account_has_insufficient_funds() {
    let mut bench = Bench::new();
    let codes = (0..5).map(|n| {
        let change = json!({"OriginatorConversationID": format!("o{n}"), "Amount": 250_000});
        bench.result(B2C_V3, &changed(b2c_body(), &change))["ResultCode"].clone()
    });
    assert_eq!(codes.collect::<Vec<_>>(), [0, 0, 0, 0, 1]);
    assert_eq!(bench.utility("600997"), "0.00");
}

#[test]
fn an_order_that_waits_too_long_is_told_elsewhere() {
    let mut bench = Bench::new();
    bench.ask(
        B2C_V1,
        &changed(b2c_body(), &json!({"PartyB": "254711000002"})),
    );
    bench.settle();
    let (_, delivery) = &bench.delivered[0];
    assert!(delivery.url.as_str().ends_with("/timeout"));
    let result = &bench.callback()["Result"];
    assert_eq!(result["ResultType"], 1);
    assert_eq!(result.as_object().unwrap().len(), 5);
    // It may turn out to have been made after all.
    let mut bench = Bench::new();
    bench.ask(
        B2C_V1,
        &changed(b2c_body(), &json!({"PartyB": "254711000009"})),
    );
    bench.settle();
    assert_eq!(bench.callbacks().len(), 2);
    assert_eq!(bench.callbacks()[1]["Result"]["ResultCode"], 0);
}

#[test]
fn the_settings_lead_to_every_documented_result() {
    for row in ORDER_RESULTS.iter().filter(|row| row.code != "0") {
        let mut bench = Bench::with(&json!({"results": {
            PHONE: row.code, "600000": row.code, "600996": row.code, "600997": row.code,
            SHORTCODE: row.code,
        }}));
        let number: Result<u64, _> = row.code.parse();
        let expected = number.map_or_else(|_| json!(row.code), |code| json!(code));
        let payout = bench.result(B2C_V1, &b2c_body());
        assert_eq!(payout["ResultCode"], expected);
        assert_eq!(payout["ResultDesc"], row.text);
        let business = bench.result(B2B, &b2b_body());
        assert_eq!(business["ResultCode"], expected);
        let balance = bench.result(BALANCE, &balance_body());
        assert_eq!(balance["ResultCode"], row.code, "always text");
        let asked = status_body(&json!({"TransactionID": "UJA7RT61SV"}));
        assert_eq!(bench.result(STATUS, &asked)["ResultCode"], expected);
        let undone = reversal_body("UJA7RT61SV", 5);
        assert_eq!(bench.result(REVERSAL, &undone)["ResultCode"], expected);
        assert_eq!(bench.utility("600997"), "1000000.00");
        assert_eq!(bench.working("600996"), "1000000.00");
    }
}

#[test]
fn a_payment_to_a_business_comes_from_the_working_account() {
    let mut bench = Bench::new();
    let result = bench.result(B2B, &b2b_body());
    assert_eq!(
        (&result["ResultType"], &result["ResultCode"]),
        (&json!("0"), &json!("0"))
    );
    let known = facts(&result);
    let balance = "{Amount={CurrencyCode=KES, MinimumAmount=99981000, BasicAmount=999810.00}}";
    assert_eq!(known["DebitAccountBalance"], balance);
    assert_eq!(known["Amount"], "190.00");
    let line = "Working Account|KES|999810.00|999810.00|0.00|0.00";
    assert_eq!(known["DebitPartyAffectedAccountBalance"], line);
    assert_eq!(known["ReceiverPartyPublicName"], "600000 - TEST ORG");
    let items = result["ReferenceData"]["ReferenceItem"].as_array().unwrap();
    assert_eq!(
        items[0],
        json!({"Key": "BillReferenceNumber", "Value": "353353"})
    );
    assert_eq!(items.len(), 2, "no occasion was named");
    assert_eq!(bench.working("600996"), "999810.00");
    assert_eq!(bench.utility("600000"), "1000190.00");
    let mut bench = Bench::with(&json!({"transaction_max": "2000000.00"}));
    let failed = bench.result(B2B, &changed(b2b_body(), &json!({"Amount": 1_000_001})));
    assert_eq!(failed["ResultCode"], 1);
    let fact = &failed["ResultParameters"]["ResultParameter"];
    assert_eq!(fact["Key"], "BOCompletedTime");
    assert!(fact["Value"].is_number());
}

#[test]
fn an_occasion_is_repeated_as_it_was_named() {
    for (named, told) in [
        (
            json!("March"),
            json!({"Key": "Occassion", "Value": "March"}),
        ),
        (json!(""), json!({"Key": "Occassion"})),
    ] {
        let mut bench = Bench::new();
        let body = changed(b2b_body(), &json!({"Occassion": named}));
        let result = bench.result(B2B, &body);
        assert_eq!(result["ReferenceData"]["ReferenceItem"][2], told);
    }
}

#[test]
fn a_till_is_found_by_its_own_type() {
    let mut bench = Bench::new();
    let till = json!({"shortcode": "600000", "kind": "till"});
    bench.patch(json!({"daraja": {"shortcodes": [till]}}));
    let goods = json!({"CommandID": "BusinessBuyGoods", "AccountReference": null});
    let body = changed(b2b_body(), &goods);
    assert_eq!(bench.result(B2B, &body)["ResultCode"], "SFC_IC0003");
    let right = changed(body, &json!({"RecieverIdentifierType": "2"}));
    assert_eq!(bench.result(B2B, &right)["ResultCode"], "0");
}

#[test]
fn money_moves_between_the_own_accounts() {
    let mut bench = Bench::new();
    for (command, working, utility) in [
        (
            "BusinessTransferFromMMFToUtility",
            "999810.00",
            "1000190.00",
        ),
        (
            "BusinessTransferFromUtilityToMMF",
            "1000000.00",
            "1000000.00",
        ),
    ] {
        let change = json!({"CommandID": command, "PartyB": "600996"});
        assert_eq!(
            bench.result(B2B, &changed(b2b_body(), &change))["ResultCode"],
            "0"
        );
        assert_eq!(bench.working("600996"), working);
        assert_eq!(bench.utility("600996"), utility);
    }
}

#[test]
fn a_balance_is_one_text_of_five_accounts() {
    let mut bench = Bench::new();
    let answer = bench.ask(BALANCE, &balance_body());
    assert_eq!(
        answer["ResponseDescription"],
        "Accept the service request successfully"
    );
    bench.settle();
    let result = bench.callback()["Result"].clone();
    assert_eq!(
        (&result["ResultType"], &result["ResultCode"]),
        (&json!("0"), &json!("0"))
    );
    assert_eq!(
        facts(&result)["AccountBalance"],
        "Working Account|KES|1000000.00|1000000.00|0.00|0.00&\
         Float Account|KES|0.00|0.00|0.00|0.00&\
         Utility Account|KES|1000000.00|1000000.00|0.00|0.00&\
         Charges Paid Account|KES|0.00|0.00|0.00|0.00&\
         Organization Settlement Account|KES|0.00|0.00|0.00|0.00"
    );
}

#[test]
fn a_transaction_is_found_by_receipt_and_by_either_name_of_its_order() {
    let mut bench = Bench::new();
    let receipt = bench.result(B2C_V3, &b2c_body())["TransactionID"].clone();
    for subject in [
        json!({"TransactionID": receipt}),
        json!({"OriginalConversationID": "order-1"}),
        json!({"OriginatorConversationID": "order-1"}),
    ] {
        let result = bench.result(STATUS, &status_body(&subject));
        assert_eq!(result["ResultCode"], 0, "{subject}");
        assert_eq!(result["TransactionID"], "UJA0000000");
        let known = facts(&result);
        for (key, expected) in [
            ("DebitPartyName", json!("600997 - TEST ORG")),
            ("CreditPartyName", json!("254708374149 - TEST CUSTOMER")),
            ("OriginatorConversationID", json!("order-1")),
            ("InitiatedTime", json!("20261010143005")),
            ("TransactionReason", Value::Null),
            ("TransactionStatus", json!("Completed")),
            ("Amount", json!("100.00")),
            ("ReceiptNo", receipt.clone()),
        ] {
            assert_eq!(known[key], expected, "{key}");
        }
        assert_eq!(
            result["ReferenceData"]["ReferenceItem"],
            json!({"Key": "Occasion"})
        );
    }
    bench.behave(&json!({"status_names_as_documented": true}));
    let result = bench.result(STATUS, &status_body(&json!({"TransactionID": receipt})));
    let names = keys(&result)
        .iter()
        .filter(|key| **key == "DebitPartyName")
        .count();
    assert_eq!(names, 2);
}

#[test]
fn a_transaction_that_is_not_there_or_not_ours() {
    let mut bench = Bench::new();
    bench.push(&push_body());
    bench.settle();
    let foreign = bench.books().movements().next().unwrap().receipt.clone();
    for (subject, code) in [
        (json!({}), 25),
        (json!({"TransactionID": "x"}), 25),
        (json!({"TransactionID": "UJA7RT61SV"}), 2033),
        (json!({"TransactionID": foreign}), 2033),
        (
            json!({"OriginalConversationID": "AG_20261010_20100000000000000000"}),
            2033,
        ),
    ] {
        let result = bench.result(STATUS, &status_body(&subject));
        assert_eq!(result["ResultCode"], code, "{subject}");
    }
    // The same receipt is known to who was paid.
    let own = json!({"TransactionID": foreign, "PartyA": SHORTCODE});
    let result = bench.result(STATUS, &status_body(&own));
    assert_eq!(facts(&result)["CreditPartyName"], "174379 - Daraja-Sandbox");
}

#[test]
fn an_order_that_failed_is_declined() {
    let mut bench = Bench::new();
    bench.ask(
        B2C_V3,
        &changed(b2c_body(), &json!({"PartyB": "254711000007"})),
    );
    bench.settle();
    let subject = json!({"OriginalConversationID": "order-1"});
    let result = bench.result(STATUS, &status_body(&subject));
    assert_eq!(facts(&result)["TransactionStatus"], "Declined");
}

/// A push that is paid: its receipt.
fn received(bench: &mut Bench) -> String {
    bench.push(&push_body());
    bench.settle();
    bench
        .books()
        .movements()
        .next_back()
        .unwrap()
        .receipt
        .clone()
}

#[test]
fn a_reversal_gives_everything_back_once() {
    let mut bench = Bench::new();
    let receipt = received(&mut bench);
    let result = bench.result(REVERSAL, &reversal_body(&receipt, 1500));
    assert_eq!(result["ResultCode"], 0);
    assert_ne!(result["TransactionID"], json!(receipt));
    let known = facts(&result);
    for (key, expected) in [
        (
            "DebitAccountBalance",
            json!("Utility Account|KES|1000000.00|1000000.00|0.00|0.00"),
        ),
        ("TransCompletedTime", json!(20_261_010_143_506_u64)),
        ("OriginalTransactionID", json!(receipt)),
        (
            "CreditPartyPublicName",
            json!("254708374149 - TEST CUSTOMER"),
        ),
        ("DebitPartyPublicName", json!("174379 - Daraja-Sandbox")),
    ] {
        assert_eq!(known[key], expected, "{key}");
    }
    let raw = String::from_utf8_lossy(&bench.delivered[0].1.body);
    assert!(raw.contains(r#""Amount","Value":1500.00}"#), "{raw}");
    assert!(raw.contains(r#""Charge","Value":0.00}"#), "{raw}");
    assert_eq!(bench.wallet(PHONE), "500000.00");
    assert!(bench.inbox(PHONE)[1].contains(&format!("Reversal of transaction {receipt}")));
    let again = bench.result(REVERSAL, &reversal_body(&receipt, 1500));
    assert_eq!(again["ResultCode"], "R000001");
    assert!(again.get("ResultParameters").is_none());
}

#[test]
fn what_cannot_be_reversed() {
    let mut bench = Bench::new();
    let receipt = received(&mut bench);
    let body = changed(b2c_body(), &json!({"PartyA": SHORTCODE}));
    let payout = bench.result(B2C_V1, &body)["TransactionID"].clone();
    let payout = payout.as_str().unwrap().to_owned();
    for (receipt, amount, party, code) in [
        ("UJA7RT61SV", 1500, SHORTCODE, json!("R000002")),
        (receipt.as_str(), 1499, SHORTCODE, json!(2020)),
        (receipt.as_str(), 1500, "600000", json!(2028)),
        (payout.as_str(), 100, SHORTCODE, json!(2028)),
    ] {
        let change = json!({"ReceiverParty": party});
        let result = bench.result(REVERSAL, &changed(reversal_body(receipt, amount), &change));
        assert_eq!(result["ResultCode"], code, "{receipt} {amount}");
    }
    let undone = bench.result(REVERSAL, &reversal_body(&receipt, 1500));
    let undone = undone["TransactionID"].as_str().unwrap().to_owned();
    assert_eq!(
        bench.result(REVERSAL, &reversal_body(&undone, 1500))["ResultCode"],
        2028
    );
}

#[test]
fn a_reversal_needs_the_money() {
    let mut bench = Bench::with(&json!({"transaction_max": "2000000.00"}));
    let receipt = received(&mut bench);
    let all = json!({"PartyA": SHORTCODE, "Amount": 1_001_500});
    assert_eq!(
        bench.result(B2C_V1, &changed(b2c_body(), &all))["ResultCode"],
        0
    );
    assert_eq!(
        bench.result(REVERSAL, &reversal_body(&receipt, 1500))["ResultCode"],
        1
    );
}

#[test]
fn nothing_is_delivered_twice() {
    let mut bench = Bench::new();
    for (path, body) in [
        (B2C_V1, b2c_body()),
        (B2B, b2b_body()),
        (BALANCE, balance_body()),
    ] {
        bench.ask(path, &body);
    }
    bench.advance(Span::from_days(1), 500, "");
    assert_eq!(bench.delivered.len(), 3);
    assert!(Settings::default().daraja.accept_any_credentials);
}
