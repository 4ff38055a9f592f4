//! Mobile checkout from request to notification.

use amana_core::provider::africastalking::AfricasTalking;
use amana_core::provider::{
    Call, Collection, Credentials, DeclineReason, Environment, Outcome, Payout, Provider,
    StatusQuery,
};

use super::*;
use crate::kernel::phone::{Hand, WhichPrompt};
use crate::provider::africastalking::books::{Books, BooksEvent, TRANSACTIONS_MAX};
use crate::provider::africastalking::order;
use crate::provider::africastalking::record::{Category, Progress};

const CHECKOUT: &str = "/mobile/checkout/request";

fn starts(value: &Value, prefix: &str) -> bool {
    let text = value.as_str().unwrap_or_default();
    text.starts_with(prefix) && text.len() == prefix.len() + 32
}

#[test]
fn an_accepted_checkout_is_pending() {
    let mut bench = Bench::new();
    let answer = bench.pay(CHECKOUT, &checkout(&json!(1500)));
    assert_eq!(answer["description"], "Waiting for user input");
    assert_eq!(answer["providerChannel"], "525900");
    assert_eq!(answer["status"], "PendingConfirmation");
    assert!(starts(&answer["transactionId"], "ATPid_"), "{answer}");
    let id = answer["transactionId"].as_str().unwrap();
    let found = bench.ask("/query/transaction/find", &format!("transactionId={id}"));
    assert_eq!(found["status"], "Success");
    assert_eq!(found["data"]["status"], "PendingConfirmation");
}

/// What the adapter was tested to read is what the twin writes, but for the id.
#[test]
fn an_answer_byte_for_byte() {
    let golden = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../core/src/provider/africastalking/fixtures/checkout_response.json"
    ));
    let response = Bench::new().send(&posted(CHECKOUT, &checkout(&json!(1500))));
    let id = read(&response)["transactionId"]
        .as_str()
        .unwrap()
        .to_owned();
    let expected = golden.replace("ATPid_00112233445566778899aabbccddeeff", &id);
    assert_eq!(text(&response), expected);
    let again = Bench::new().send(&posted(CHECKOUT, &checkout(&json!(1500))));
    assert_eq!(
        text(&again),
        text(&response),
        "the same seed gives the same bytes"
    );
}

#[test]
fn an_approved_checkout_moves_exactly_its_value() {
    let mut bench = Bench::new();
    let answer = bench.pay(CHECKOUT, &checkout(&json!(375)));
    bench.settle();
    assert_eq!(bench.phone(BUYER), "499625.00");
    assert_eq!(bench.wallet(), "5375.00");
    // One unit for the provider and one for the network, from the stash.
    assert_eq!(bench.stash(), "9998.00");
    let [notification] = &bench.notifications()[..] else {
        panic!("{:?}", bench.notifications());
    };
    let id = answer["transactionId"].as_str().unwrap();
    for (member, expected) in [
        ("transactionId", json!(id)),
        ("category", json!("MobileCheckout")),
        ("provider", json!("Athena")),
        ("productName", json!("voicepact")),
        ("source", json!(BUYER)),
        ("destination", json!("PaymentWallet")),
        ("direction", json!("Inbound")),
        ("origin", json!("ApiRequest")),
        ("value", json!("KES 375.0000")),
        ("transactionFee", json!("KES 1.0000")),
        ("providerFee", json!("KES 1.0000")),
        ("status", json!("Success")),
        ("requestMetadata", json!({"contract": "VC-1042"})),
        ("transactionDate", json!("2026-03-06 10:30:02")),
    ] {
        assert_eq!(notification[member], expected, "{member}");
    }
}

#[test]
fn queries_agree_with_the_notification() {
    let mut bench = Bench::new();
    let answer = bench.pay(CHECKOUT, &checkout(&json!(375)));
    bench.settle();
    let notification = &bench.notifications()[0];
    let id = answer["transactionId"].as_str().unwrap();
    let by_get = bench.ask("/query/transaction/find", &format!("transactionId={id}"));
    let query = json!({"username": "sandbox", "transactionId": id});
    let by_post = bench.send(&posted("/query/transaction/find", &query));
    assert_eq!(by_post.status, 200);
    assert_eq!(read(&by_post), by_get);
    assert_eq!(by_get["data"]["value"], notification["value"]);
    assert_eq!(
        by_get["data"]["providerRefId"],
        notification["providerRefId"]
    );
    let balance = bench.ask("/query/wallet/balance", "");
    assert_eq!(
        balance,
        json!({"balance": "KES 5375.0000", "status": "Success"})
    );
    let rows = bench.ask("/query/wallet/fetch", "pageNumber=1&count=10");
    assert_eq!(rows["responses"][0]["category"], "Credit");
    assert_eq!(rows["responses"][0]["transactionId"], json!(id));
    assert_eq!(rows["responses"][1]["category"], "Topup");
    let listed = bench.ask(
        "/query/transaction/fetch",
        "productName=VoicePact&pageNumber=1&count=10&status=Success",
    );
    assert_eq!(listed["responses"].as_array().map(Vec::len), Some(1));
}

#[test]
fn every_phone_ends_a_checkout_in_its_own_way() {
    for (action, description) in [
        ("cancel", "Request cancelled by user."),
        ("wrong_pin", "The initiator information is invalid."),
        (
            "insufficient_funds",
            "The balance is insufficient for the transaction.",
        ),
        ("timeout", "No response from user."),
        ("unreachable", "The user is not within network coverage."),
        ("locked", "The wallet of the user is locked."),
        (
            "limit_exceeded",
            "Declined due to limit rule: greater than the maximum transaction amount.",
        ),
    ] {
        let mut bench = Bench::new();
        bench.script(BUYER, &json!({"collect": action}));
        bench.pay(CHECKOUT, &checkout(&json!(100)));
        bench.settle();
        let [notification] = &bench.notifications()[..] else {
            panic!("{action}");
        };
        assert_eq!(notification["status"], "Failed", "{action}");
        assert_eq!(notification["description"], description);
        assert_eq!(notification["providerRefId"], "N/A");
        assert_eq!(notification["transactionFee"], "KES 0.0000");
        assert_eq!(notification.get("transactionDate"), None);
        assert_eq!(bench.phone(BUYER), "500000.00", "{action}");
        assert_eq!(bench.wallet(), "5000.00", "{action}");
        assert_eq!(bench.stash(), "10000.00", "{action}");
    }
}

#[test]
fn notifications_come_never_twice_or_late() {
    for (action, statuses) in [
        ("never_calls_back", &[][..]),
        ("duplicate", &["Success", "Success"]),
        ("late_success", &["Failed", "Success"]),
    ] {
        let mut bench = Bench::new();
        bench.script(BUYER, &json!({"collect": action}));
        bench.pay(CHECKOUT, &checkout(&json!(100)));
        bench.settle();
        let told: Vec<Value> = bench.notifications();
        let told: Vec<_> = told.iter().map(|n| n["status"].as_str().unwrap()).collect();
        assert_eq!(told, statuses, "{action}");
        assert_eq!(bench.wallet(), "5100.00", "{action}");
        assert_eq!(bench.phone(BUYER), "499900.00", "{action}");
    }
}

#[test]
fn a_hand_answers_too() {
    let mut bench = Bench::new();
    bench.script(BUYER, &json!({"collect": "manual"}));
    bench.pay(CHECKOUT, &checkout(&json!(100)));
    let wrong = Hand::Approve {
        pin: Some("9999".to_owned()),
    };
    let buyer: Msisdn = BUYER.parse().unwrap();
    let sandbox = &mut bench.sandbox;
    let prompt = sandbox
        .answer_prompt(buyer, WhichPrompt::Current, &wrong)
        .unwrap();
    assert_eq!(prompt.text, "Pay KES 100.00 to VoicePact? Enter PIN");
    bench.settle();
    assert_eq!(bench.notifications()[0]["status"], "Failed");
}

#[test]
fn business_refusals_are_answers() {
    let rows = [
        ("productName", json!("Other"), "InvalidRequest"),
        ("phoneNumber", json!("0712345678"), "InvalidRequest"),
        ("phoneNumber", json!("+12025550123"), "NotSupported"),
        ("currencyCode", json!("XYZ"), "InvalidRequest"),
        ("amount", json!(0), "InvalidRequest"),
        ("amount", json!(-1), "InvalidRequest"),
        ("amount", json!(0.001), "InvalidRequest"),
    ];
    for (member, value, status) in rows {
        let mut bench = Bench::new();
        let mut body = checkout(&json!(10));
        body[member] = value.clone();
        let answer = bench.pay(CHECKOUT, &body);
        assert_eq!(answer["status"], status, "{member} {value}");
        assert!(answer.get("transactionId").is_none());
        let (field, _) = bench.explained().unwrap();
        assert_eq!(field, format!("/{member}"));
    }
    // Lenient, as the hosted sandbox: any channel, any currency, amounts as text.
    let mut bench = Bench::new();
    let mut body = checkout(&json!("10.50"));
    body["providerChannel"] = json!("1234");
    body["currencyCode"] = json!("USD");
    let answer = bench.pay(CHECKOUT, &body);
    assert_eq!(answer["status"], "PendingConfirmation");
    assert_eq!(answer["providerChannel"], "1234");
}

#[test]
fn a_repeated_key_gets_the_first_answer() {
    let mut bench = Bench::new();
    let request = posted(CHECKOUT, &checkout(&json!(100))).with_header("Idempotency-Key", "k1");
    let first = bench.send(&request);
    let second = bench.send(&request);
    assert_eq!(first, second);
    let other = posted(CHECKOUT, &checkout(&json!(100))).with_header("Idempotency-Key", "k2");
    assert_ne!(bench.send(&other).body, first.body);
    bench.settle();
    assert_eq!(bench.wallet(), "5200.00");
    bench.advance(Span::from_days(1), 200, "");
    assert_ne!(bench.send(&request).body, first.body);
}

fn credentials() -> Credentials {
    Credentials::new(Environment::Sandbox)
        .with("username", "sandbox")
        .with("api_key", "atsk_test")
        .with("product", "VoicePact")
}

/// The adapter of the engine and this twin understand each other, whatever the phone does.
#[test]
fn the_adapter_reads_what_the_twin_says() {
    let credentials = credentials();
    for (action, reason) in [
        ("approve", None),
        ("cancel", Some(DeclineReason::CancelledByPayer)),
        ("wrong_pin", Some(DeclineReason::WrongPin)),
        ("insufficient_funds", Some(DeclineReason::InsufficientFunds)),
        ("timeout", Some(DeclineReason::Timeout)),
        ("unreachable", Some(DeclineReason::Unreachable)),
        ("locked", Some(DeclineReason::WalletLocked)),
        ("limit_exceeded", Some(DeclineReason::LimitExceeded)),
    ] {
        let mut bench = Bench::new();
        bench.script(BUYER, &json!({"collect": action}));
        let call = Call::new(&credentials, bench.sandbox.now());
        let order = Collection {
            reference: "TXN-VC-1042-001".to_owned(),
            payer: BUYER.parse().unwrap(),
            amount: kes("1485.50"),
            description: "Maize".to_owned(),
            metadata: Default::default(),
        };
        let request = AfricasTalking.encode_collection(&call, &order).unwrap();
        let response = bench.send(&request);
        let accepted = AfricasTalking.decode_collection(&response);
        let Outcome::Accepted { provider_reference } = accepted else {
            panic!("{action}: {accepted:?}");
        };
        let query = StatusQuery { provider_reference };
        let query = AfricasTalking.encode_status_query(&call, &query).unwrap();
        let response = bench.send(&query);
        assert_eq!(
            AfricasTalking.decode_status_query(&response),
            Outcome::Pending
        );
        bench.settle();
        let response = bench.send(&query);
        match (AfricasTalking.decode_status_query(&response), reason) {
            (Outcome::Completed { amount, .. }, None) => assert_eq!(amount, Some(order.amount)),
            (Outcome::Declined { reason, .. }, Some(expected)) => assert_eq!(reason, expected),
            (other, _) => panic!("{action}: {other:?}"),
        }
    }
}

#[test]
fn the_adapter_pays_out_and_reads_balances() {
    let credentials = credentials();
    let mut bench = Bench::new();
    let call = Call::new(&credentials, bench.sandbox.now());
    let order = Payout {
        reference: "TXN-VC-1042-002".to_owned(),
        payee: BUYER.parse().unwrap(),
        amount: kes("4000"),
        reason: "Maize".to_owned(),
        metadata: Default::default(),
    };
    let request = AfricasTalking.encode_payout(&call, &order).unwrap();
    let response = bench.send(&request);
    assert!(matches!(
        AfricasTalking.decode_payout(&response),
        Outcome::Accepted { .. }
    ));
    let balance = AfricasTalking.encode_balance(&call).unwrap();
    let response = bench.send(&balance);
    assert_eq!(AfricasTalking.decode_balance(&response), Ok(kes("1000")));
    let order = Payout {
        reference: "TXN-VC-1042-003".to_owned(),
        ..order
    };
    let request = AfricasTalking.encode_payout(&call, &order).unwrap();
    let response = bench.send(&request);
    assert_eq!(
        AfricasTalking.decode_payout(&response),
        Outcome::Declined {
            reason: DeclineReason::InsufficientFunds,
            text: "Insufficient Credit".to_owned(),
        }
    );
}

#[test]
fn the_payment_that_ended_first_makes_room_and_no_open_one_does() {
    let mut bench = Bench::new();
    let value = Money::parse("10", Currency::KES).unwrap();
    let mut books = Books::default();
    let mut open = |books: &mut Books| {
        let (category, product) = (Category::MobileCheckout, "VoicePact".to_owned());
        let payment = order::opened(&mut bench.sandbox, category, "sandbox", product, value);
        let id = payment.id.clone();
        let opened = BooksEvent::TransactionOpened(Box::new(payment));
        books.apply(Timestamp::default(), &opened);
        id
    };
    let ids: Vec<String> = (0..TRANSACTIONS_MAX).map(|_| open(&mut books)).collect();
    for id in [&ids[7], &ids[3]] {
        let settled = BooksEvent::TransactionSettled {
            id: id.clone(),
            progress: Progress::Succeeded {
                receipt: format!("of {id}"),
                at: Timestamp::default(),
            },
            fee: value,
            provider_fee: value,
        };
        books.apply(Timestamp::default(), &settled);
    }
    assert!(books.knows(&ids[7]) && books.knows(&format!("of {}", ids[7])));
    open(&mut books);
    assert!(!books.knows(&ids[7]) && !books.knows(&format!("of {}", ids[7])));
    assert!(books.knows(&ids[3]));
    for _ in 0..5 {
        open(&mut books);
    }
    assert!(!books.knows(&ids[3]));
    let listed: Vec<&str> = books.transactions().map(|payment| &*payment.id).collect();
    assert_eq!(listed.len(), TRANSACTIONS_MAX + 4);
    assert_eq!(&listed[..3], &ids[..3]);
}
