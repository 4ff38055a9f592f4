//! The main job, from contract to release, and the three phones that always behave the same.

use super::*;

const RECEIVED: &str = "VoicePact Payment Received:\nContract: AG-2024-001234\n\
    Amount: KES 350,000.00\nStatus: Processing\nYou will receive confirmation shortly.";
const DELIVERY: &str = "VoicePact Delivery Alert:\nContract: AG-2024-001234\n\
    Type: Full delivery claimed\nPlease inspect and reply:\n\
    ACCEPT-AG-2024-001234 or DISPUTE-AG-2024-001234";

#[test]
fn from_contract_to_release() {
    let mut bench = Bench::with_contract();
    let (status, asked) = bench.post("/payments/checkout", &checkout(CONTRACT, BUYER));
    assert_eq!(status, 200, "{asked}");
    assert!(
        asked["external_transaction_id"]
            .as_str()
            .unwrap()
            .starts_with("ATPid_")
    );
    let members: Vec<_> = asked.as_object().unwrap().keys().cloned().collect();
    let published = [
        "amount",
        "created_at",
        "currency",
        "description",
        "external_transaction_id",
        "phone_number",
        "status",
        "transaction_id",
    ];
    assert_eq!(members, published);
    assert_eq!(asked["transaction_id"], TRANSACTION);
    assert_eq!(asked["status"], "pending");
    assert_eq!(asked["description"], "Waiting for user to confirm payment");
    assert_eq!(asked["amount"].to_string(), "350000");
    assert_eq!(asked["phone_number"], BUYER);
    assert!(asked["created_at"].as_str().unwrap().ends_with('Z'));

    bench.approve(BUYER);
    assert_eq!(bench.status(), "locked");
    assert_eq!(bench.inbox(BUYER), [RECEIVED]);
    assert_eq!(bench.inbox(SELLER), [RECEIVED]);
    assert_eq!(bench.balance(BUYER), "150000.00");

    bench.text(SELLER, "CONFIRM-AG-2024-001234");
    assert_eq!(bench.status(), "locked");
    assert_eq!(bench.inbox(BUYER).last().unwrap(), DELIVERY);
    bench.text(BUYER, "accept ag-2024-001234.");

    let (_, released) = bench.get(&format!("/payments/status/{TRANSACTION}"));
    assert_eq!(released["status"], "released");
    assert_eq!(released["recipient_phone"], SELLER);
    assert!(released["released_at"].is_string());
    assert_eq!(bench.balance(SELLER), "850000.00");
    assert_eq!(bench.balance(BUYER), "150000.00");
    let (_, contract) = bench.get(&format!("/contracts/{CONTRACT}"));
    assert_eq!(contract["status"], "completed");
    bench.check();
}

#[test]
fn the_three_phones_of_the_guide() {
    for (phone, contract_id, first, after_five_minutes) in [
        ("+254711000000", "AG-1", "locked", "locked"),
        ("+254711000001", "AG-2", "failed", "failed"),
        ("+254711000002", "AG-3", "pending", "failed"),
    ] {
        let mut bench = Bench::new();
        bench.post("/contracts", &contract(contract_id, phone));
        let (status, asked) = bench.post("/payments/checkout", &checkout(contract_id, phone));
        assert_eq!(status, 200, "{asked}");
        let path = format!("/payments/status/TXN-{contract_id}-001");
        bench.advance(Span::from_secs(10));
        assert_eq!(bench.get(&path).1["status"], first, "{phone}");
        bench.advance(Span::from_mins(5));
        assert_eq!(bench.get(&path).1["status"], after_five_minutes, "{phone}");
    }
}

#[test]
fn what_a_text_message_cannot_do_is_said() {
    let mut bench = Bench::locked();
    for (phone, text, reply) in [
        (
            BUYER,
            "CONFIRM-AG-2024-001234",
            "VoicePact: the buyer may not `confirm_delivery`.",
        ),
        (
            SELLER,
            "ACCEPT-AG-2024-001234",
            "VoicePact: the seller may not `accept`.",
        ),
        (
            "+254700000001",
            "ACCEPT-AG-2024-001234",
            "VoicePact: you have no contract AG-2024-001234.",
        ),
        (
            "+254700000001",
            "ACCEPT-AG-9",
            "VoicePact: you have no contract AG-9.",
        ),
    ] {
        bench.text(phone, text);
        assert_eq!(bench.inbox(phone).last().unwrap(), reply);
        assert_eq!(bench.status(), "locked");
    }
    bench.text(SELLER, "what is this");
    assert!(
        bench
            .inbox(SELLER)
            .last()
            .unwrap()
            .starts_with("VoicePact: ")
    );
}

#[test]
fn a_dispute_by_text_blocks_the_release() {
    let mut bench = Bench::locked();
    bench.text(SELLER, "CONFIRM-AG-2024-001234");
    bench.text(BUYER, "DISPUTE-AG-2024-001234 ten bags are missing");
    bench.text(BUYER, "ACCEPT-AG-2024-001234");
    assert_eq!(bench.status(), "locked");
    assert_eq!(bench.balance(SELLER), "500000.00");
    let (_, contract) = bench.get(&format!("/contracts/{CONTRACT}"));
    assert_eq!(contract["status"], "disputed");
}

#[test]
fn both_agree_to_the_contract_by_text() {
    let mut bench = Bench::with_contract();
    bench.text(BUYER, "YES-AG-2024-001234");
    bench.text(SELLER, "ndiyo AG-2024-001234");
    assert_eq!(
        bench.get(&format!("/contracts/{CONTRACT}")).1["status"],
        "confirmed"
    );
    bench.text(BUYER, "NO-AG-2024-001234");
    assert_eq!(
        bench.get(&format!("/contracts/{CONTRACT}")).1["status"],
        "cancelled"
    );
    let (status, refused) = bench.post("/payments/checkout", &checkout(CONTRACT, BUYER));
    assert_eq!(
        (status, &refused["detail"]),
        (
            409,
            &json!("the contract is cancelled, completed or expired")
        )
    );
}

#[test]
fn nothing_confirmed_for_a_week_refunds() {
    let mut bench = Bench::locked();
    bench.advance(Span::from_days(7));
    assert_eq!(bench.status(), "refunded");
    assert_eq!(bench.balance(BUYER), "500000.00");
    assert!(
        bench
            .inbox(BUYER)
            .last()
            .unwrap()
            .starts_with("VoicePact Payment Refunded:")
    );
    bench.check();
}

#[test]
fn every_way_a_buyer_does_not_pay() {
    for (action, reason) in [
        ("cancel", "cancelled_by_payer"),
        ("wrong_pin", "wrong_pin"),
        ("insufficient_funds", "insufficient_funds"),
        ("timeout", "expired"),
        ("unreachable", "payer_unreachable"),
        ("limit_exceeded", "limit_exceeded"),
        ("never_calls_back", "none"),
    ] {
        let mut bench = Bench::with_contract();
        bench.script(BUYER, &json!({"collect": action, "delay": "1s"}));
        bench.post("/payments/checkout", &checkout(CONTRACT, BUYER));
        bench.advance(Span::from_mins(4));
        let (_, payment) = bench.get(&format!("/payments/status/{TRANSACTION}"));
        if action == "never_calls_back" {
            // The callback is lost, but the question finds the money.
            assert_eq!(payment["status"], "locked", "{action}");
        } else {
            assert_eq!(payment["failure_reason"], reason, "{action}");
            assert_eq!(bench.balance(BUYER), "500000.00");
        }
        bench.check();
    }
}

#[test]
fn a_payment_that_succeeds_late_is_locked_and_one_too_many_comes_back() {
    let mut bench = Bench::with_contract();
    bench.script(
        BUYER,
        &json!({"collect": "late_success", "then": ["approve"], "delay": "0s"}),
    );
    bench.post("/payments/checkout", &checkout(CONTRACT, BUYER));
    bench.advance(Span::from_mins(30));
    assert_eq!(bench.status(), "locked");
    assert_eq!(bench.balance(BUYER), "150000.00");
}
