//! Airtime, SIM-swap checks and tokens.

use super::*;

const SEND: &str = "/version1/airtime/send";

fn airtime_form(bench: &mut Bench, recipients: &Value) -> Value {
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("recipients", &recipients.to_string())
        .append_pair("username", "sandbox")
        .finish();
    let response = bench.send(&form(SEND, &body));
    assert_eq!(response.status, 201, "{}", text(&response));
    read(&response)
}

#[test]
fn airtime_is_sent_and_reported() {
    let mut bench = Bench::new();
    bench.patch(json!({"africastalking": {"callbacks": {"airtime_status": URL}}}));
    let recipients = json!([{"phoneNumber": BUYER, "amount": "KES 50"}]);
    let answer = airtime_form(&mut bench, &recipients);
    assert_eq!(answer["errorMessage"], "None");
    assert_eq!(answer["numSent"], 1);
    assert_eq!(answer["totalAmount"], "KES 50.0000");
    assert_eq!(answer["totalDiscount"], "KES 2.0000");
    let entry = &answer["responses"][0];
    assert_eq!(entry["status"], "Sent");
    assert_eq!(entry["errorMessage"], "None");
    assert_eq!(bench.stash(), "9952.00");
    let id = entry["requestId"].as_str().unwrap().to_owned();
    let mut find = keyed("GET", API, "/query/transaction/find");
    find.query = format!("username=sandbox&transactionId={id}");
    assert_eq!(text(&bench.send(&find)), r#"{"status":"Sent"}"#);
    bench.settle();
    assert_eq!(text(&bench.send(&find)), r#"{"status":"Success"}"#);
    let status = &bench.notifications()[0];
    assert_eq!(status["requestId"], json!(id));
    assert_eq!(status["status"], "Success");
    assert_eq!(status["value"], "KES 50.0000");
}

#[test]
fn json_and_older_members_are_accepted_too() {
    let mut bench = Bench::new();
    let body = json!({"username": "sandbox", "recipients": [
        {"phoneNumber": BUYER, "currencyCode": "KES", "amount": 10},
        {"phoneNumber": BUYER, "amount": "KES 1"},
    ]});
    let request = keyed("POST", API, SEND).with_header("accept", "application/json");
    let response = bench.send(&request.with_body("application/json", body.to_string()));
    let answer = read(&response);
    assert_eq!(answer["numSent"], 1);
    assert_eq!(answer["responses"][1]["requestId"], "None");
    assert_eq!(answer["responses"][1]["status"], "Failed");
    let refused = airtime_form(
        &mut bench,
        &json!([{"phoneNumber": "1", "amount": "KES 10"}]),
    );
    assert_eq!(refused["numSent"], 0);
    assert_eq!(refused["errorMessage"], "Invalid phone number");
}

#[test]
fn refused_airtime_is_refunded() {
    let mut bench = Bench::new();
    bench.patch(json!({"africastalking": {"callbacks": {"airtime_validation": URL}}}));
    let recipients = json!([{"phoneNumber": BUYER, "amount": "KES 50"}]);
    airtime_form(&mut bench, &recipients);
    bench.advance(Span::from_mins(1), 200, r#"{"status":"Failed"}"#);
    assert_eq!(bench.stash(), "10000.00");
    airtime_form(&mut bench, &recipients);
    bench.advance(Span::from_mins(1), 200, r#"{"status":"Validated"}"#);
    assert_eq!(bench.stash(), "9952.00");
}

#[test]
fn a_sim_swap_check_is_charged() {
    let mut bench = Bench::new();
    let body = json!({"username": "sandbox", "phoneNumbers": [BUYER, "+12025550123"]});
    let request = keyed(
        "POST",
        "insights.sandbox.africastalking.com",
        "/v1/sim-swap",
    );
    let response = bench.send(&request.with_body("application/json", body.to_string()));
    assert_eq!(response.status, 200);
    let answer = read(&response);
    assert_eq!(answer["status"], "Processed");
    assert_eq!(
        answer["totalCost"],
        json!({"amount": 5, "currencyCode": "KES"})
    );
    let first = &answer["responses"][0];
    assert_eq!(first["status"], "Queued");
    assert_eq!(first["phoneNumber"]["countryCode"], 254);
    assert!(first["requestId"].as_str().unwrap().starts_with("ATXSwid_"));
    assert_eq!(answer["responses"][1]["status"], "UnsupportedPhoneNumber");
    assert_eq!(bench.stash(), "9995.00");
}

#[test]
fn a_checkout_token_needs_no_key() {
    let mut bench = Bench::new();
    let request = Request::new("POST", API, "/checkout/token/create").with_body(
        "application/x-www-form-urlencoded",
        "phoneNumber=%2B254712345678",
    );
    let response = bench.send(&request);
    assert_eq!(response.status, 201);
    assert!(
        read(&response)["token"]
            .as_str()
            .unwrap()
            .starts_with("CkTkn_")
    );
    let body = json!({"username": "sandbox"}).to_string();
    let request = keyed("POST", API, "/auth-token/generate").with_body("application/json", body);
    assert_eq!(read(&bench.send(&request))["lifetimeInSeconds"], 3600);
}

#[test]
fn a_phone_out_of_reach_is_tried_again_and_given_up() {
    for (retry, hours, back_after) in [
        ("", 0, 10),
        ("&maxNumRetry=1", 1, 10),
        ("&maxNumRetry=1", 1, 90),
    ] {
        let mut bench = Bench::new();
        bench.patch(json!({"africastalking": {"callbacks": {"airtime_status": URL}}}));
        let reach = |bench: &mut Bench, reachable: bool| {
            let change = serde_json::from_value(json!({"reachable": reachable})).unwrap();
            let phone = BUYER.parse().unwrap();
            bench.sandbox.configure_phone(phone, change).unwrap();
        };
        reach(&mut bench, false);
        let recipients = json!([{"phoneNumber": BUYER, "amount": "KES 50"}]).to_string();
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("username", "sandbox")
            .append_pair("recipients", &recipients)
            .finish();
        assert_eq!(
            bench.send(&form(SEND, &format!("{body}{retry}"))).status,
            201
        );
        bench.advance(Span::from_mins(back_after), 200, "");
        reach(&mut bench, true);
        bench.advance(Span::from_mins(120), 200, "");
        let told = bench.notifications();
        assert_eq!(told.len(), 1);
        let (status, stash) = match hours == 1 && back_after < 60 {
            true => ("Success", "9952.00"),
            false => ("Failed", "10000.00"),
        };
        assert_eq!(told[0]["status"], status, "{retry} {back_after}");
        assert_eq!(bench.stash(), stash);
    }
}

#[test]
fn airtime_sums_are_in_the_accounts_money() {
    let mut bench = Bench::new();
    bench.patch(json!({"africastalking": {
        "apps": [{"balance": "USD 50.0000"}], "behaviour": {"rates": {"USD/KES": "125"}},
        "callbacks": {"airtime_status": URL},
    }}));
    bench.patch(json!({"africastalking": {"behaviour": {"airtime_status_form": true}}}));
    let recipients = json!([{"phoneNumber": BUYER, "amount": "KES 50"}]);
    let answer = airtime_form(&mut bench, &recipients);
    assert_eq!(answer["responses"][0]["amount"], "KES 50.0000");
    assert_eq!(answer["totalAmount"], "USD 0.4000");
    assert_eq!(answer["totalDiscount"], "USD 0.0200");
    bench.settle();
    let id = answer["responses"][0]["requestId"].as_str().unwrap();
    let body = String::from_utf8(bench.delivered[0].1.body.clone()).unwrap();
    assert_eq!(body, format!("requestId={id}&status=Success"));
}

#[test]
fn a_swapped_sim_is_told() {
    let mut bench = Bench::new();
    bench.patch(json!({"africastalking": {"callbacks": {"sim_swap": URL}}}));
    let change = serde_json::from_value(json!({"sim_swapped_at": "2026-03-04T08:00:00Z"}));
    let buyer: Msisdn = BUYER.parse().unwrap();
    bench
        .sandbox
        .configure_phone(buyer, change.unwrap())
        .unwrap();
    let body = json!({"username": "sandbox", "phoneNumbers": [BUYER, "+254711000000"]});
    let request = keyed("POST", "insights.africastalking.com", "/v1/sim-swap");
    let answer = read(&bench.send(&request.with_body("application/json", body.to_string())));
    bench.settle();
    let told = bench.notifications();
    for (n, status, date) in [
        (0, "Swapped", "04-03-2026"),
        (1, "NotSwapped", "01-01-1900"),
    ] {
        assert_eq!(told[n]["status"], status);
        assert_eq!(told[n]["lastSimSwapDate"], date);
        assert_eq!(told[n]["requestId"], answer["responses"][n]["requestId"]);
        assert_eq!(told[n]["transactionId"], answer["transactionId"]);
    }
}

#[test]
fn airtime_of_another_application_is_not_found() {
    let mut bench = Bench::new();
    let recipients = json!([{"phoneNumber": BUYER, "amount": "KES 50"}]).to_string();
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("username", "sandbox")
        .append_pair("recipients", &recipients)
        .finish();
    let sent = read(&bench.send(&form("/version1/airtime/send", &body)));
    let id = sent["responses"][0]["requestId"].as_str().unwrap();
    for (username, status) in [("sandbox", "Sent"), ("other", "Failure")] {
        let request = Request {
            query: format!("username={username}&transactionId={id}"),
            ..keyed("GET", API, "/query/transaction/find")
        };
        assert_eq!(read(&bench.send(&request))["status"], status, "{username}");
    }
}
