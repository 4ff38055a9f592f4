//! What the payments API holds with its channel, in both shapes.

use super::*;

#[test]
fn the_balance_is_what_the_channel_says() {
    let mut bench = Bench::new();
    let (status, before) = bench.get("/payments/balance");
    assert_eq!((status, &before["currency"]), (200, &json!("KES")));
    let mut bench = Bench::locked();
    let (_, after) = bench.get("/payments/balance");
    let number = |answer: &Value| answer["balance"].as_f64().unwrap();
    assert_eq!(number(&after) - number(&before), 350_000.0);
    let (status, answer) = bench.get("/payments/wallet/balance");
    assert_eq!(
        (status, &answer["wallet_balance"]["status"]),
        (200, &json!("Success"))
    );
}
