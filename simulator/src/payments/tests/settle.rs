//! Release and refund by attestation of the caller.

use super::*;

fn release(confirmed_by: Value) -> Value {
    json!({"transaction_id": TRANSACTION, "recipient_phone": SELLER, "confirmed_by": confirmed_by})
}

#[test]
fn release_needs_both_and_names_who_is_missing() {
    for (parties, missing) in [
        (
            json!([]),
            "the seller's delivery confirmation and the buyer's acceptance",
        ),
        (json!(["buyer"]), "the seller's delivery confirmation"),
        (json!([SELLER]), "the buyer's acceptance"),
    ] {
        let mut bench = Bench::locked();
        let (status, answer) = bench.post("/payments/release", &release(parties));
        assert_eq!(status, 409);
        assert_eq!(
            answer["detail"],
            format!("Release refused: missing {missing}")
        );
        assert_eq!(bench.status(), "locked");
        assert_eq!(bench.balance(SELLER), "500000.00");
    }
    for parties in [
        json!(["buyer", "seller"]),
        json!([BUYER, SELLER]),
        json!(["Seller", BUYER]),
    ] {
        let mut bench = Bench::locked();
        let (status, answer) = bench.post("/payments/release", &release(parties));
        assert_eq!(
            (status, &answer["recipient_phone"]),
            (200, &json!(SELLER)),
            "{answer}"
        );
        assert_eq!(bench.status(), "released");
        assert_eq!(bench.balance(SELLER), "850000.00");
    }
}

#[test]
fn a_text_message_counts_as_much_as_the_callers_word() {
    let mut bench = Bench::locked();
    bench.text(SELLER, "CONFIRM-AG-2024-001234");
    let (status, _) = bench.post("/payments/release", &release(json!(["buyer"])));
    assert_eq!((status, bench.status().as_str()), (200, "released"));
}

#[test]
fn release_is_refused_in_every_other_state() {
    let both = json!(["buyer", "seller"]);
    let mut pending = Bench::with_contract();
    pending.post("/payments/checkout", &checkout(CONTRACT, BUYER));
    let (status, answer) = pending.post("/payments/release", &release(both.clone()));
    assert_eq!(status, 409);
    assert_eq!(
        answer["detail"],
        "the money is not locked: the payment is pending"
    );
    let mut done = Bench::locked();
    done.post("/payments/release", &release(both.clone()));
    let (status, answer) = done.post("/payments/release", &release(both.clone()));
    assert_eq!(
        (status, &answer["detail"]),
        (409, &json!("the payment is final: it is released"))
    );
    let mut disputed = Bench::locked();
    disputed.text(BUYER, "DISPUTE-AG-2024-001234 broken");
    let (status, answer) = disputed.post("/payments/release", &release(both));
    assert_eq!(
        (status, &answer["detail"]),
        (409, &json!("a dispute is open"))
    );
}

#[test]
fn a_wrong_recipient_or_party_is_named() {
    let mut bench = Bench::locked();
    let mut body = release(json!(["buyer", "seller"]));
    body["recipient_phone"] = json!("+254700000009");
    let (status, answer) = bench.post("/payments/release", &body);
    assert_eq!(
        (status, &answer["detail"][0]["loc"][1]),
        (422, &json!("recipient_phone"))
    );
    let (status, answer) = bench.post("/payments/release", &release(json!(["mother"])));
    assert_eq!(
        (status, &answer["detail"][0]["loc"][1]),
        (422, &json!("confirmed_by"))
    );
    assert_eq!(bench.post("/payments/release", &json!({})).0, 422);
    let unknown = json!({"transaction_id": "TXN-AG-9-001", "confirmed_by": ["buyer"]});
    assert_eq!(bench.post("/payments/release", &unknown).0, 404);
    assert_eq!(bench.status(), "locked");
}

#[test]
fn refund_by_agreement() {
    let body = |agreed: Option<Value>| {
        let mut body = json!({"transaction_id": TRANSACTION, "reason": "contract cancelled"});
        if let Some(agreed) = agreed {
            body["agreed_by"] = agreed;
        }
        body
    };
    for agreed in [
        None,
        Some(json!(["seller"])),
        Some(json!(["buyer", "seller"])),
    ] {
        let mut bench = Bench::locked();
        let (status, answer) = bench.post("/payments/refund", &body(agreed));
        assert_eq!(status, 200, "{answer}");
        assert_eq!(bench.status(), "refunded");
        assert_eq!(bench.balance(BUYER), "500000.00");
        assert_eq!(bench.balance(SELLER), "500000.00");
    }
    let mut bench = Bench::locked();
    let (status, answer) = bench.post("/payments/refund", &body(Some(json!(["buyer"]))));
    assert_eq!(
        (status, &answer["detail"]),
        (
            409,
            &json!("Refund refused: missing the seller's agreement")
        )
    );
    assert_eq!(bench.status(), "locked");
}

#[test]
fn a_declined_payout_is_tried_again_by_itself() {
    let mut bench = Bench::locked();
    bench.script(
        SELLER,
        &json!({"pay_out": "unreachable", "then": [{"pay_out": "approve"}], "delay": "0s"}),
    );
    bench.post("/payments/release", &release(json!(["buyer", "seller"])));
    let (_, waiting) = bench.get(&format!("/payments/status/{TRANSACTION}"));
    assert_eq!(
        (&waiting["status"], &waiting["waiting_for"]),
        (&json!("locked"), &json!(["payout"]))
    );
    bench.advance(Span::from_mins(5));
    assert_eq!(bench.status(), "released");
    assert_eq!(bench.balance(SELLER), "850000.00");
    bench.check();
}

#[test]
fn a_dispute_is_opened_and_ruled_on() {
    let dispute =
        json!({"transaction_id": TRANSACTION, "opened_by": "buyer", "reason": "wet bags"});
    let rule = |ruling: &str| json!({"transaction_id": TRANSACTION, "ruling": ruling});
    let mut bench = Bench::locked();
    let (status, answer) = bench.post("/payments/rule", &rule("release"));
    assert_eq!(
        (status, &answer["detail"]),
        (409, &json!("no dispute is open"))
    );
    assert_eq!(bench.post("/payments/dispute", &dispute).0, 200);
    assert_eq!(bench.post("/payments/dispute", &dispute).0, 409);
    let (status, answer) = bench.post("/payments/rule", &rule("keep it"));
    assert_eq!(
        (status, &answer["detail"][0]["loc"][1]),
        (422, &json!("ruling"))
    );
    assert_eq!(bench.post("/payments/rule", &rule("split")).0, 422);
    let mut split = rule("split");
    split["seller_amount"] = json!("100000.00");
    assert_eq!(bench.post("/payments/rule", &split).0, 200);
    assert_eq!(bench.status(), "released");
    assert_eq!(bench.balance(SELLER), "600000.00");
    assert_eq!(bench.balance(BUYER), "400000.00");
}
