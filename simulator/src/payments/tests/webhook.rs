//! Reports of a provider: signed, unsigned, forged.

use amana_core::signature::{HmacKey, hmac};

use super::*;

const SECRET: &str = "amana-sandbox-webhook-secret";

fn pending() -> (Bench, String) {
    let mut bench = Bench::with_contract();
    let (_, asked) = bench.post("/payments/checkout", &checkout(CONTRACT, BUYER));
    let reference = asked["external_transaction_id"]
        .as_str()
        .unwrap()
        .to_owned();
    (bench, reference)
}

fn report(body: &str, content_type: &str, signature: Option<&str>) -> Request {
    let request = Request::new("POST", "127.0.0.1:4600", "/api/v1/payments/webhook");
    let request = request.with_body(content_type, body);
    match signature {
        Some(signature) => request.with_header("X-Webhook-Signature", signature),
        None => request,
    }
}

fn sign(secret: &str, body: &str) -> String {
    hmac::sign(&HmacKey::new(secret).unwrap(), body.as_bytes())
}

#[test]
fn a_signed_report_is_proof_as_json_and_as_form() {
    for (content_type, body) in [
        (
            "application/json",
            r#"{"transactionId":"ID","status":"Success","value":"KES 350000.0000"}"#,
        ),
        (
            "application/x-www-form-urlencoded",
            "transactionId=ID&status=Success&phoneNumber=%2B254712345678&amount=350000",
        ),
    ] {
        let (mut bench, reference) = pending();
        let body = body.replace("ID", &reference);
        let signature = sign(SECRET, &body);
        let response = bench
            .sandbox
            .exchange(&report(&body, content_type, Some(&signature)))
            .unwrap();
        assert_eq!(response.status, 200);
        let expected = json!({"status": "webhook_processed", "transaction_id": reference});
        assert_eq!(read(&response), expected);
        assert_eq!(
            bench
                .state()
                .payments
                .payment(TRANSACTION.parse().unwrap())
                .unwrap()
                .1
                .status()
                .name(),
            "locked"
        );
    }
}

#[test]
fn an_unsigned_report_only_asks_the_provider() {
    let (mut bench, reference) = pending();
    let forged = format!("transactionId={reference}&status=Success&amount=350000");
    let request = report(&forged, "application/x-www-form-urlencoded", None);
    assert_eq!(bench.send(&request).status, 200);
    assert_eq!(bench.status(), "pending", "nobody has paid");
    bench.approve(BUYER);
    assert_eq!(bench.send(&request).status, 200);
    assert_eq!(bench.status(), "locked");
}

#[test]
fn a_signature_that_does_not_fit_is_refused_without_a_trace() {
    let (mut bench, reference) = pending();
    let body = format!(r#"{{"transactionId":"{reference}","status":"Success"}}"#);
    let before = bench.state().payments.clone();
    let good = sign(SECRET, &body);
    for bad in [
        sign("guess", &body),
        sign(SECRET, "other"),
        "sha256=00".into(),
        "x".into(),
        good[..20].into(),
    ] {
        let response = bench.send(&report(&body, "application/json", Some(&bad)));
        assert_eq!(response.status, 401, "{bad}");
        assert_eq!(
            read(&response),
            json!({"detail": "Invalid webhook signature"})
        );
    }
    assert_eq!(bench.state().payments, before);
    assert_eq!(bench.count("callback.refused"), 5);
}

#[test]
fn the_same_report_a_hundred_times_has_one_effect() {
    let (mut bench, reference) = pending();
    bench.approve(BUYER);
    let body = format!(r#"{{"transactionId":"{reference}","status":"Success"}}"#);
    for _ in 0..100 {
        assert_eq!(
            bench.send(&report(&body, "application/json", None)).status,
            200
        );
    }
    assert_eq!(bench.status(), "locked");
    assert_eq!(bench.inbox(SELLER).len(), 1);
    assert_eq!(bench.balance(BUYER), "150000.00");
}

#[test]
fn a_report_of_an_unknown_order_is_an_orphan() {
    let mut bench = Bench::with_contract();
    let body = r#"{"transactionId":"ATPid_unknown","status":"Success","value":"KES 1.0000"}"#;
    let before = bench.state().payments.clone();
    assert_eq!(
        bench.send(&report(body, "application/json", None)).status,
        200
    );
    assert_eq!(bench.state().payments, before);
    assert_eq!(bench.count("callback.orphaned"), 1);
}

#[test]
fn what_is_no_report_is_refused() {
    let mut bench = Bench::with_contract();
    for (content_type, body) in [
        ("application/json", "{"),
        ("application/json", "{}"),
        ("application/json", r#"{"transactionId":""}"#),
        ("application/x-www-form-urlencoded", "status=Success"),
        ("text/plain", "\u{feff}"),
    ] {
        assert_eq!(
            bench.send(&report(body, content_type, None)).status,
            422,
            "{body}"
        );
    }
}
