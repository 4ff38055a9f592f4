//! The guard that looks at the seller's SIM before a release.

use super::*;

const DAY: u64 = 24 * 60;

/// With the money locked, the guard on for three days, and the seller's number moved at this time.
fn guarded(swapped_at: Option<&str>) -> Bench {
    let mut bench = Bench::locked();
    bench.patch(json!({"payments_api": {"sim_swap_guard": "72h"}}));
    let change = serde_json::from_value(json!({"sim_swapped_at": swapped_at})).unwrap();
    bench
        .sandbox
        .configure_phone(msisdn(SELLER), change)
        .unwrap();
    bench.sandbox.take_batch();
    bench
}

fn confirm_and_accept(bench: &mut Bench) {
    bench.text(SELLER, "CONFIRM-AG-2024-001234");
    bench.text(BUYER, "ACCEPT-AG-2024-001234");
    bench.advance(Span::from_secs(10));
}

fn payment(bench: &mut Bench) -> Value {
    bench.get(&format!("/payments/status/{TRANSACTION}")).1
}

#[test]
fn a_number_that_was_never_moved_is_paid() {
    let mut bench = guarded(None);
    confirm_and_accept(&mut bench);
    assert_eq!(bench.status(), "released");
    assert_eq!(bench.balance(SELLER), "850000.00");
    assert_eq!(bench.count("payment.sim_checked"), 1);
}

#[test]
fn a_number_moved_long_ago_is_paid() {
    let mut bench = guarded(Some("2026-03-02T08:00:00Z"));
    confirm_and_accept(&mut bench);
    assert_eq!(bench.status(), "released");
}

#[test]
fn a_number_moved_recently_is_refused_until_the_time_has_passed() {
    // The clock stands at 2026-03-06T10:30; the day of the move counts to its end.
    let mut bench = guarded(Some("2026-03-04T08:00:00Z"));
    confirm_and_accept(&mut bench);
    let refused = payment(&mut bench);
    assert_eq!(
        (&refused["status"], &refused["phase"]),
        (&json!("locked"), &json!("locked"))
    );
    let until = "2026-03-07T23:59:59.999Z";
    assert_eq!(refused["release_refused"]["code"], "release.sim_swapped");
    assert_eq!(refused["release_refused"]["until"], until);
    assert_eq!(bench.balance(SELLER), "500000.00");
    assert_eq!(bench.count("payment.release_refused"), 1);

    let again = json!({"transaction_id": TRANSACTION});
    let (status, problem) = bench.post("/payments/release", &again);
    assert_eq!(status, 409, "{problem}");
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.starts_with("Release refused: ") && detail.contains(until),
        "{detail}"
    );

    bench.advance(Span::from_mins(DAY));
    assert_eq!(bench.status(), "locked");
    bench.advance(Span::from_mins(DAY));
    assert_eq!(bench.status(), "released");
    assert_eq!(bench.balance(SELLER), "850000.00");
    assert!(payment(&mut bench).get("release_refused").is_none());
    bench.check();
}

#[test]
fn both_parties_are_told_once_in_their_languages() {
    let mut bench = guarded(Some("2026-03-04T08:00:00Z"));
    bench.text(SELLER, "THIBITISHA-AG-2024-001234");
    bench.text(BUYER, "ACCEPT-AG-2024-001234");
    bench.advance(Span::from_mins(30));
    for (phone, heading) in [
        (BUYER, "VoicePact Payment On Hold:"),
        (SELLER, "VoicePact Malipo Yamesitishwa:"),
    ] {
        let texts = bench.inbox(phone);
        let held = texts.iter().filter(|text| text.starts_with(heading));
        assert_eq!(held.count(), 1, "{texts:?}");
    }
    // The menu too goes on in the language that the seller used.
    assert!(bench.dial(SELLER, "*483#").contains("Mikataba yangu"));
}

#[test]
fn a_refused_release_can_be_disputed_and_given_back() {
    let mut bench = guarded(Some("2026-03-06T08:00:00Z"));
    confirm_and_accept(&mut bench);
    bench.text(
        BUYER,
        "DISPUTE-AG-2024-001234 the seller's phone was stolen",
    );
    let ruling = json!({"transaction_id": TRANSACTION, "ruling": "refund"});
    let (status, ruled) = bench.post("/payments/rule", &ruling);
    assert_eq!(status, 200, "{ruled}");
    bench.advance(Span::from_days(10));
    assert_eq!(bench.status(), "refunded");
    assert_eq!(bench.balance(BUYER), "500000.00");
    assert_eq!(bench.balance(SELLER), "500000.00");
}

#[test]
fn money_that_goes_back_is_not_held_up() {
    let mut bench = guarded(Some("2026-03-06T08:00:00Z"));
    let (status, _) = bench.post("/payments/refund", &json!({"transaction_id": TRANSACTION}));
    assert_eq!(status, 200);
    bench.settle();
    assert_eq!(bench.status(), "refunded");
    assert_eq!(bench.count("payment.sim_asked"), 0);
}

#[test]
fn nothing_known_is_a_refusal_too() {
    let mut bench = guarded(None);
    let rule = json!({
        "leg": "callback", "kind": "drop", "match": {"operation": "sim_swap_result"},
        "when": {"first": 1},
    });
    let rule = serde_json::from_value(rule).unwrap();
    bench.sandbox.arm_fault(rule).unwrap();
    confirm_and_accept(&mut bench);
    assert_eq!(payment(&mut bench)["phase"], "releasing");
    bench.advance(Span::from_mins(2));
    let refused = payment(&mut bench);
    assert_eq!(refused["release_refused"]["code"], "release.sim_unverified");
    // The engine tries declined payouts again, and this time the answer comes.
    bench.advance(Span::from_mins(6));
    assert_eq!(bench.status(), "released");
    bench.check();
}

#[test]
fn it_is_off_unless_it_is_asked_for() {
    let mut bench = Bench::locked();
    let change = serde_json::from_value(json!({"sim_swapped_at": "2026-03-06T08:00:00Z"}));
    bench
        .sandbox
        .configure_phone(msisdn(SELLER), change.unwrap())
        .unwrap();
    confirm_and_accept(&mut bench);
    assert_eq!(bench.status(), "released");
    assert_eq!(bench.count("payment.sim_asked"), 0);
}
