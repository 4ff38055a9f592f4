//! Both published shapes, and everything that is wrong with a request.

use super::*;
use crate::kernel::Event;

#[test]
fn the_references_shape() {
    let mut bench = Bench::new();
    let mut terms = contract("contract_123456", BUYER);
    terms["total_amount"] = json!("5000.00");
    assert_eq!(bench.post("/contracts", &terms).0, 201);
    let body = json!({
        "contract_id": "contract_123456", "amount": 5000.0, "currency": "KES",
        "phone_number": BUYER, "payment_type": "escrow",
    });
    let (status, paid) = bench.post("/payments/checkout", &body);
    assert_eq!(status, 200, "{paid}");
    let members: Vec<_> = paid.as_object().unwrap().keys().cloned().collect();
    let published = [
        "amount",
        "created_at",
        "currency",
        "payment_id",
        "status",
        "transaction_id",
    ];
    assert_eq!(members, published);
    assert_eq!(paid["payment_id"], 1);
    assert_eq!(paid["status"], "PENDING");
    assert_eq!(paid["amount"].to_string(), "5000.0");
    assert_eq!(paid["created_at"], "2026-03-06T10:30:00.000000");
    assert_eq!(bench.get("/payments/1").1, paid);
    let (_, list) = bench.get("/payments/contract/contract_123456");
    assert_eq!(list["payments"][0], paid);
    bench.approve(BUYER);
    assert_eq!(bench.get("/payments/1").1["status"], "LOCKED");
    let (_, history) = bench.get("/payments/history/contract_123456");
    assert_eq!(history["transactions"][0]["status"], "locked");
}

#[test]
fn a_wrong_member_is_named_in_the_published_list() {
    let rows = [
        (
            "amount",
            json!(0),
            json!(["amount"]),
            "value_error.number.not_gt",
        ),
        (
            "amount",
            json!(-5),
            json!(["amount"]),
            "value_error.number.not_gt",
        ),
        (
            "amount",
            json!("x"),
            json!(["amount"]),
            "value_error.money.malformed",
        ),
        ("amount", json!([1]), json!(["amount"]), "type_error.float"),
        (
            "amount",
            json!(350_000.001),
            json!(["amount"]),
            "value_error.money.precision",
        ),
        (
            "amount",
            json!(349_999),
            json!(["amount"]),
            "value_error.contract.amount",
        ),
        (
            "amount",
            Value::Null,
            json!(["amount"]),
            "value_error.missing",
        ),
        (
            "currency_code",
            json!("KSH"),
            json!(["currency_code"]),
            "value_error.money.currency_unknown",
        ),
        (
            "currency_code",
            json!("USD"),
            json!(["currency_code"]),
            "value_error.contract.currency",
        ),
        (
            "phone_number",
            json!("0712"),
            json!(["phone_number"]),
            "value_error.msisdn.",
        ),
        (
            "phone_number",
            json!(712_345_678),
            json!(["phone_number"]),
            "type_error.str",
        ),
        (
            "phone_number",
            json!("+254700000009"),
            json!(["phone_number"]),
            "value_error.contract.buyer",
        ),
        (
            "contract_id",
            json!("a b"),
            json!(["contract_id"]),
            "value_error.reference.",
        ),
        (
            "metadata",
            json!("x"),
            json!(["metadata"]),
            "type_error.dict",
        ),
        (
            "metadata",
            json!({"seller_phone": "+254700000009"}),
            json!(["metadata", "seller_phone"]),
            "value_error.contract.seller",
        ),
        (
            "metadata",
            json!({"a": {"b": 1}}),
            json!(["metadata", "a"]),
            "type_error.str",
        ),
    ];
    for (member, value, path, kind) in rows {
        let mut bench = Bench::with_contract();
        let mut body = checkout(CONTRACT, BUYER);
        body[member] = value;
        let before = bench.state().payments.clone();
        let (status, answer) = bench.post("/payments/checkout", &body);
        assert_eq!(status, 422, "{body} {answer}");
        let mut loc = vec![json!("body")];
        loc.extend(path.as_array().unwrap().iter().cloned());
        assert_eq!(answer["detail"][0]["loc"], json!(loc), "{body} {answer}");
        assert!(answer["detail"][0]["msg"].is_string());
        let found = answer["detail"][0]["type"].as_str().unwrap();
        assert!(found.starts_with(kind), "{body} {answer}");
        assert_eq!(bench.state().payments, before, "{body}");
    }
}

#[test]
fn the_published_amount_error_is_exact() {
    let mut bench = Bench::with_contract();
    let mut body = checkout(CONTRACT, BUYER);
    body["amount"] = json!(0);
    let expected = json!({"detail": [{
        "loc": ["body", "amount"],
        "msg": "ensure this value is greater than 0",
        "type": "value_error.number.not_gt",
    }]});
    assert_eq!(bench.post("/payments/checkout", &body), (422, expected));
}

#[test]
fn what_is_not_there_is_not_found() {
    let mut bench = Bench::new();
    let gone = |what: &str| (404, json!({"detail": format!("{what} not found")}));
    assert_eq!(
        bench.post("/payments/checkout", &checkout(CONTRACT, BUYER)),
        gone("Contract")
    );
    assert_eq!(bench.get("/payments/7"), gone("Payment"));
    assert_eq!(bench.get("/payments/status/TXN-AG-1-001"), gone("Payment"));
    assert_eq!(bench.get("/payments/status/nonsense"), gone("Payment"));
    assert_eq!(bench.get("/payments/contract/AG-1"), gone("Contract"));
    assert_eq!(bench.get("/contracts/AG-1"), gone("Contract"));
    assert_eq!(bench.get("/nothing").0, 404);
    assert_eq!(bench.get("/payments/checkout").0, 422);
    let (status, body) = bench.get("/payments/abc");
    assert_eq!(
        (status, &body["detail"][0]["loc"]),
        (422, &json!(["path", "payment_id"]))
    );
}

#[test]
fn malformed_bodies_leave_no_trace() {
    let mut bench = Bench::with_contract();
    let before = bench.state().payments.clone();
    for body in [
        "",
        "{",
        "[]",
        "null",
        "\u{0}",
        "{\"contract_id\": \"AG-2024-001234\", \"amount\": 1e",
    ] {
        for path in [
            "/contracts",
            "/payments/checkout",
            "/payments/release",
            "/payments/refund",
        ] {
            let (status, answer) = bench.post_text(path, body);
            assert_eq!(status, 422, "{path} {body}");
            assert_eq!(answer["detail"][0]["loc"][0], "body");
        }
    }
    assert_eq!(bench.state().payments, before);
}

#[test]
fn contracts_are_checked_and_repeated_safely() {
    let mut bench = Bench::with_contract();
    assert_eq!(bench.post("/contracts", &contract(CONTRACT, BUYER)).0, 200);
    let mut other = contract(CONTRACT, BUYER);
    other["total_amount"] = json!("1.00");
    let (status, answer) = bench.post("/contracts", &other);
    assert_eq!(status, 409);
    assert!(
        answer["detail"]
            .as_str()
            .unwrap()
            .ends_with("another total_amount")
    );
    for (name, value) in [
        ("seller_phone", json!(BUYER)),
        ("total_amount", json!("0")),
        ("total_amount", json!("1.001")),
        ("currency", json!("kes")),
        ("expires_at", json!("yesterday")),
        ("expires_at", json!("2020-01-01T00:00:00Z")),
        ("contract_id", json!("")),
        ("buyer_phone", json!("12")),
    ] {
        let mut body = contract("AG-7", BUYER);
        body[name] = value;
        let (status, answer) = bench.post("/contracts", &body);
        assert_eq!(status, 422, "{body}");
        assert_eq!(
            answer["detail"][0]["loc"],
            json!(["body", name]),
            "{answer}"
        );
    }
}

#[test]
fn one_prompt_at_a_time_and_none_for_what_is_paid() {
    let mut bench = Bench::with_contract();
    bench.post("/payments/checkout", &checkout(CONTRACT, BUYER));
    let (status, answer) = bench.post("/payments/checkout", &checkout(CONTRACT, BUYER));
    assert_eq!(status, 409, "{answer}");
    bench.approve(BUYER);
    let (status, answer) = bench.post("/payments/checkout", &checkout(CONTRACT, BUYER));
    assert_eq!(
        (status, answer["detail"].as_str()),
        (409, Some("Contract AG-2024-001234 is paid already"))
    );
    let failed = {
        let mut bench = Bench::with_contract();
        bench.post("/payments/checkout", &checkout(CONTRACT, BUYER));
        bench.answer(BUYER, &Hand::Cancel);
        bench.post("/payments/checkout", &checkout(CONTRACT, BUYER))
    };
    assert_eq!(failed.1["transaction_id"], "TXN-AG-2024-001234-002");
}

#[test]
fn a_contract_can_be_paid_in_parts() {
    let mut bench = Bench::with_contract();
    for (amount, attempt) in [("100000", "001"), ("250000", "002")] {
        let mut body = checkout(CONTRACT, BUYER);
        body["amount"] = json!(amount);
        body["payment_type"] = json!("deposit");
        let (status, answer) = bench.post("/payments/checkout", &body);
        assert_eq!(status, 200, "{answer}");
        bench.approve(BUYER);
        let path = format!("/payments/status/TXN-{CONTRACT}-{attempt}");
        assert_eq!(bench.get(&path).1["status"], "locked");
    }
    assert_eq!(bench.balance(BUYER), "150000.00");
    assert_eq!(
        kes("350000"),
        bench
            .state()
            .payments
            .contract(CONTRACT.parse().unwrap())
            .unwrap()
            .terms
            .total
    );
}

#[test]
fn a_key_is_asked_for_if_one_is_set() {
    let mut bench = Bench::with_contract();
    bench.patch(json!({"payments_api": {"api_key": "k-1"}}));
    let path = format!("/api/v1/contracts/{CONTRACT}");
    let request = Request::new("GET", "127.0.0.1:4600", &path);
    let refused = bench.send(&request);
    assert_eq!(
        (refused.status, read(&refused)),
        (401, json!({"detail": "Not authenticated"}))
    );
    for (name, value) in [("x-api-key", "k-1"), ("authorization", "Bearer k-1")] {
        assert_eq!(
            bench.send(&request.clone().with_header(name, value)).status,
            200
        );
    }
}

#[test]
fn an_unavailable_channel_is_said_and_nothing_is_opened() {
    let mut bench = Bench::with_contract();
    // As a journal of an older version may have it; nobody can set it now.
    let mut settings = bench.sandbox.settings().clone();
    "carrier-pigeon".clone_into(&mut settings.payments_api.channel);
    bench
        .sandbox
        .emit(Event::SettingsChanged(Box::new(settings)));
    let (status, answer) = bench.post("/payments/checkout", &checkout(CONTRACT, BUYER));
    assert_eq!(status, 503, "{answer}");
    assert_eq!(bench.get(&format!("/payments/status/{TRANSACTION}")).0, 404);
}

#[test]
fn a_refusal_of_the_provider_is_402() {
    let mut bench = Bench::new();
    let abroad = "+14155550123";
    bench.post("/contracts", &contract(CONTRACT, abroad));
    let (status, answer) = bench.post("/payments/checkout", &checkout(CONTRACT, abroad));
    assert_eq!(status, 402, "{answer}");
    assert!(
        answer["detail"]
            .as_str()
            .unwrap()
            .starts_with("Payment TXN-AG-2024-001234-001 failed")
    );
    assert_eq!(bench.status(), "failed");
}

#[test]
fn a_key_makes_a_repeated_request_harmless() {
    let mut bench = Bench::with_contract();
    let send = |bench: &mut Bench, path: &str, body: &Value, key: &str| {
        let request = Request::new("POST", "127.0.0.1:4600", &format!("/api/v1{path}"))
            .with_body("application/json", body.to_string())
            .with_header("Idempotency-Key", key);
        let response = bench.send(&request);
        (
            response.status,
            read(&response),
            response.header("idempotency-replayed").is_some(),
        )
    };
    let body = checkout(CONTRACT, BUYER);
    let first = send(&mut bench, "/payments/checkout", &body, "k-1");
    assert_eq!((first.0, first.2), (200, false));
    bench.approve(BUYER);
    for _ in 0..3 {
        let again = send(&mut bench, "/payments/checkout", &body, "k-1");
        assert_eq!((again.0, &again.1, again.2), (200, &first.1, true));
    }
    assert_eq!(bench.balance(BUYER), "150000.00");
    let mut other = body.clone();
    other["metadata"]["product"] = json!("Beans");
    let (status, answer, _) = send(&mut bench, "/payments/checkout", &other, "k-1");
    let expected = "Idempotency-Key was used before with another /metadata/product";
    assert_eq!((status, answer["detail"].as_str()), (409, Some(expected)));
    let (status, answer, _) = send(&mut bench, "/payments/release", &body, "k-1");
    assert_eq!(status, 409, "{answer}");
    let (status, answer, _) = send(&mut bench, "/payments/checkout", &body, "two words");
    assert_eq!(
        (status, &answer["detail"][0]["loc"][0]),
        (422, &json!("header"))
    );
    bench.advance(Span::from_days(1));
    assert_eq!(
        send(&mut bench, "/payments/checkout", &body, "k-1").0,
        409,
        "paid already"
    );
}
