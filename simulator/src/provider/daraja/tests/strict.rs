//! Where credentials are checked.

use super::*;

const CREDENTIAL: &str = include_str!("../fixtures/security_credential.txt");

fn strict() -> Bench {
    let mut bench = Bench::new();
    bench.patch(json!({"daraja": {
        "accept_any_credentials": false, "consumers": [{"key": "key", "secret": "secret"}],
    }}));
    bench.token = bench.buy_token();
    bench
}

fn payout(changes: &Value) -> Value {
    let own = json!({"PartyA": SHORTCODE, "SecurityCredential": CREDENTIAL.trim()});
    changed(changed(b2c_body(), &own), changes)
}

#[test]
fn the_right_password_pays() {
    let mut bench = strict();
    assert_eq!(bench.result(B2C_V1, &payout(&json!({})))["ResultCode"], 0);
}

#[test]
fn a_wrong_password_is_taken_and_fails_and_three_lock() {
    let mut bench = strict();
    let wrong = payout(&json!({"SecurityCredential": "b3BhcXVl"}));
    for _ in 0..3 {
        assert_eq!(bench.result(B2C_V1, &wrong)["ResultCode"], 2001);
    }
    assert_eq!(
        bench.result(B2C_V1, &payout(&json!({})))["ResultCode"],
        8006
    );
    // A new password unlocks; the old credential is then wrong.
    bench.patch(json!({"daraja": {"shortcodes": [{"initiator_password": "another"}]}}));
    assert_eq!(
        bench.result(B2C_V1, &payout(&json!({})))["ResultCode"],
        2001
    );
}

#[test]
fn a_right_password_forgives_wrong_ones() {
    let mut bench = strict();
    let wrong = payout(&json!({"InitiatorName": "somebody"}));
    for _ in 0..2 {
        for _ in 0..2 {
            assert_eq!(bench.result(B2C_V1, &wrong)["ResultCode"], 2001);
        }
        assert_eq!(bench.result(B2C_V1, &payout(&json!({})))["ResultCode"], 0);
    }
}

#[test]
fn other_short_codes_do_not_exist() {
    let mut bench = strict();
    let other = payout(&json!({"PartyA": "600997"}));
    assert_eq!(bench.result(B2C_V1, &other)["ResultCode"], "SFC_IC0003");
    let (_, _, text) = bench.refused(REGISTER_V2, &register_body());
    assert_eq!(text, "Bad Request - Invalid ShortCode");
    let body = changed(register_body(), &json!({"ShortCode": SHORTCODE}));
    bench.ask(REGISTER_V2, &body);
}
