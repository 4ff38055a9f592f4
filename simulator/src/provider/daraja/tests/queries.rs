//! The faces of a prompt that is asked about, and the rate at which it may be.

use super::*;
use crate::kernel::settings::Settings;

/// A push that waits for a hand.
fn open(behaviour: &Value) -> (Bench, String) {
    let mut bench = Bench::with(behaviour);
    bench.script(PHONE, &json!({"collect": "manual"}));
    let id = bench.push(&push_body());
    (bench, id)
}

#[test]
fn an_open_prompt_has_several_faces() {
    let code = "500.001.1001";
    for (in_flight, status, key, value) in [
        ("4999", 200, "ResultCode", "4999"),
        (
            "being_processed",
            500,
            "errorMessage",
            "The transaction is being processed",
        ),
        ("no_text", 500, "errorMessage", ""),
        ("no_text_200", 200, "errorMessage", ""),
    ] {
        let (mut bench, id) = open(&json!({"query_in_flight": in_flight}));
        let (found, answer) = bench.query(&id);
        assert_eq!(found, status, "{in_flight}");
        assert_eq!(answer[key], value, "{in_flight}");
        if key == "errorMessage" {
            assert_eq!(answer["errorCode"], code);
        }
    }
}

#[test]
fn a_prompt_may_be_unknown_in_its_first_moments() {
    let (mut bench, id) = open(&json!({"query_early": "2s"}));
    let (status, code, text) = bench.refused(QUERY, &query(&id));
    assert_eq!((status, code.as_str()), (400, "400.002.02"));
    assert_eq!(text, "Bad Request - Invalid CheckoutRequestID");
    bench.advance(Span::from_secs(2), 200, "");
    assert_eq!(bench.query(&id).1["ResultCode"], "4999");
}

#[test]
fn an_answer_is_all_text_and_worded_in_its_own_way() {
    let mut bench = Bench::new();
    bench.script(PHONE, &json!({"collect": "timeout"}));
    let id = bench.push(&push_body());
    bench.settle();
    let (status, answer) = bench.query(&id);
    assert_eq!(status, 200);
    let members = answer.as_object().unwrap();
    assert_eq!(members.len(), 6);
    assert!(members.values().all(Value::is_string), "{answer}");
    assert_eq!(answer["ResultDesc"], "DS timeout user cannot be reached.");
    let told = bench.callback();
    assert_eq!(
        told["Body"]["stkCallback"]["ResultDesc"],
        "No response from user."
    );
}

#[test]
fn unknown_and_malformed_ids_are_refused_differently() {
    let mut bench = Bench::new();
    let shared = "500.001.1001";
    for (id, status, code, text) in [
        (
            "ws_CO_101020260000000708374149",
            500,
            shared,
            "The transaction does not Exist",
        ),
        (
            "404",
            400,
            "400.002.02",
            "Bad Request - Invalid CheckoutRequestID",
        ),
    ] {
        let refused = bench.refused(QUERY, &query(id));
        assert_eq!(refused, (status, code.to_owned(), text.to_owned()), "{id}");
    }
    // Another merchant's prompt is no prompt.
    let id = bench.push(&push_body());
    let other = json!({"BusinessShortCode": "600100", "Password": password("600100", "x", TIME)});
    assert_eq!(bench.refused(QUERY, &changed(query(&id), &other)).0, 500);
}

#[test]
fn the_sixth_query_in_a_minute_is_the_gateways_affair() {
    let (mut bench, id) = open(&json!({}));
    for _ in 0..5 {
        assert_eq!(bench.query(&id).0, 200);
    }
    let (status, answer) = bench.query(&id);
    assert_eq!(status, 429);
    assert_eq!(
        answer,
        json!({"fault": {
            "faultstring": "Spike arrest violation. Allowed rate : MessageRate{messagesPerPeriod=5, periodInMicroseconds=60000000, maxBurstMessageCount=1.0}",
            "detail": {"errorcode": "policies.ratelimit.SpikeArrestViolation"},
        }})
    );
    // It counts before the body is read, and for each consumer by itself.
    assert_eq!(bench.post(QUERY, &json!({})).0, 429);
    let other = read(&bench.send(&token_request("other", "secret")));
    let mine = std::mem::replace(
        &mut bench.token,
        other["access_token"].as_str().unwrap().to_owned(),
    );
    assert_eq!(bench.query(&id).0, 200);
    bench.token = mine;
    bench.advance(Span::from_secs(60), 200, "");
    assert_eq!(bench.query(&id).0, 200);
}

#[test]
fn ended_prompts_fail_at_times_if_that_is_wanted() {
    let limit = json!({"per": "60s", "count": 1000});
    let mut bench = Bench::with(&json!({"query_flaky": true}));
    bench.patch(json!({"daraja": {"query_rate_limit": limit}}));
    let id = bench.push(&push_body());
    bench.settle();
    let failed = (0..200).filter(|_| bench.query(&id).0 == 500).count();
    assert!((20..60).contains(&failed), "{failed}");
}

#[test]
fn tokens_expire_on_the_sandbox_clock() {
    let mut bench = Bench::new();
    let answer = read(&bench.send(&token_request("key", "secret")));
    assert_eq!(answer["expires_in"], "3599");
    assert_eq!(answer["access_token"].as_str().unwrap().len(), 28);
    bench.push(&push_to("254711000000"));
    bench.advance(Span::from_secs(3_598), 200, "");
    bench.push(&push_to("254711000000"));
    bench.advance(Span::from_secs(1), 200, "");
    let (status, code, text) = bench.refused(PUSH, &push_body());
    assert_eq!(
        (status, code.as_str(), text.as_str()),
        (404, "404.001.03", "Invalid Access Token")
    );
    bench.token = bench.buy_token();
    bench.push(&push_to("254711000003"));
}

#[test]
fn tokens_can_be_numbers_of_seconds_and_single() {
    let mut bench = Bench::with(&json!({
        "token_expiry_as_number": true, "token_revokes_older": true, "token_lifetime": "10m",
    }));
    let answer = read(&bench.send(&token_request("key", "secret")));
    assert_eq!(answer["expires_in"], 600);
    assert_eq!(bench.refused(PUSH, &push_body()).0, 404);
    bench.token = answer["access_token"].as_str().unwrap().to_owned();
    bench.push(&push_body());
}

#[test]
fn the_defaults_are_what_was_recorded() {
    let daraja = serde_json::to_value(Settings::default().daraja).unwrap();
    assert_eq!(daraja["behaviour"]["query_in_flight"], "4999");
    assert_eq!(daraja["behaviour"]["prompt_timeout"], "26s");
    assert_eq!(
        daraja["query_rate_limit"],
        json!({"per": "60s", "count": 5})
    );
}
