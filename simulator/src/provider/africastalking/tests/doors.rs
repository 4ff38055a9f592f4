//! What is refused at the door: routing, method, authentication, the shape of the body.

use super::*;

fn strict() -> Bench {
    let mut bench = Bench::new();
    bench.patch(json!({"africastalking": {"accept_any_credentials": false}}));
    bench
}

#[test]
fn a_wrong_key_is_answered_alike_on_every_host() {
    let mut bench = strict();
    for (method, host, path) in [
        ("POST", API, "/version1/messaging"),
        ("GET", API, "/version1/user"),
        ("POST", PAYMENTS, "/mobile/checkout/request"),
        ("POST", "payments.africastalking.com", "/mobile/b2c/request"),
        ("POST", "insights.africastalking.com", "/v1/sim-swap"),
    ] {
        let response = bench.send(&keyed(method, host, path));
        assert_eq!(response.status, 401, "{host}");
        assert_eq!(response.body, b"The supplied authentication is invalid");
        assert_eq!(
            response.header("content-type"),
            Some("text/plain; charset=UTF-8")
        );
        assert!(response.header("www-authenticate").is_some());
        let (field, _) = bench.explained().unwrap();
        assert_eq!(field, "/apiKey");
    }
}

#[test]
fn the_key_must_be_that_of_the_username() {
    let mut bench = strict();
    bench.patch(json!({"africastalking": {"apps": [
        {"username": "sandbox", "api_key": "one"}, {"username": "shop", "api_key": "two"},
    ]}}));
    for (key, status) in [("one", 201), ("two", 401)] {
        let request = Request::new("POST", PAYMENTS, "/mobile/checkout/request")
            .with_header("apikey", key)
            .with_body("application/json", checkout(&json!(10)).to_string());
        assert_eq!(bench.send(&request).status, status, "{key}");
    }
}

#[test]
fn routing_then_method_then_key_then_body() {
    let mut bench = strict();
    let unknown = bench.send(&keyed("POST", PAYMENTS, "/mobile/nothing"));
    assert_eq!(unknown.status, 404);
    let method = bench.send(&keyed("GET", PAYMENTS, "/mobile/checkout/request"));
    assert_eq!(method.status, 405);
    assert_eq!(method.header("allow"), Some("POST"));
    assert_eq!(
        text(&method),
        "HTTP method not allowed, supported methods: POST"
    );
    // A missing field with a wrong key is a wrong key.
    let body = posted("/mobile/checkout/request", &json!({}));
    assert_eq!(bench.send(&body).status, 401);
}

#[test]
fn the_shape_of_the_body_is_told_in_text() {
    let mut bench = Bench::new();
    let mut metadata = checkout(&json!(10));
    metadata["metadata"] = json!("x");
    let rows = [
        (
            posted("/mobile/checkout/request", &metadata),
            400,
            "The request content was malformed:\nExpected Map as JsObject, but got \"x\"",
        ),
        (
            posted("/mobile/checkout/request", &json!({"username": "sandbox"})),
            400,
            "The request content was malformed:\n\
             Object is missing required member 'productName'",
        ),
        (
            form("/version1/messaging", "username=sandbox&message=Hi"),
            400,
            "Request is missing required form field 'to'",
        ),
        (
            keyed("GET", API, "/version1/user"),
            404,
            "Request is missing required query parameter 'username'",
        ),
        (
            keyed("POST", PAYMENTS, "/mobile/checkout/request")
                .with_body("application/x-www-form-urlencoded", "username=sandbox"),
            415,
            "The request's Content-Type is not supported. Expected:\napplication/json",
        ),
    ];
    for (request, status, body) in rows {
        let response = bench.send(&request);
        assert_eq!(response.status, status, "{}", request.path);
        assert_eq!(text(&response), body);
        assert!(bench.explained().is_some());
    }
}

#[test]
fn one_address_serves_all_hosts() {
    let mut bench = Bench::new();
    for path in [
        "/africastalking/payments/mobile/checkout/request",
        "/africastalking/mobile/checkout/request",
    ] {
        let request = Request::new("POST", "127.0.0.1:4600", path)
            .with_header("apiKey", "atsk_test")
            .with_body(
                "application/json; charset=utf-8",
                checkout(&json!(10)).to_string(),
            );
        assert_eq!(bench.send(&request).status, 201, "{path}");
    }
    let request = keyed("GET", "127.0.0.1:4600", "/api/query/transaction/find");
    assert_eq!(super::super::operation(&request), Some("find_airtime"));
}

#[test]
fn whose_key_it_is_comes_before_every_other_field() {
    let mut bench = strict();
    bench.patch(json!({"africastalking": {"apps": [
        {"username": "sandbox", "api_key": "atsk_test"}, {"username": "shop", "api_key": "two"},
    ]}}));
    let json = ("application/json", r#"{"username":"shop"}"#);
    let form = ("application/x-www-form-urlencoded", "username=shop");
    for (host, path, (type_of, body)) in [
        (API, "/version1/messaging", form),
        (API, "/version1/messaging/bulk", json),
        (API, "/version1/messaging/bulk", form),
        (API, "/version1/subscription/create", form),
        (API, "/version1/airtime/send", form),
        (API, "/version1/airtime/send", json),
        (API, "/ussd/push/request", form),
        (PAYMENTS, "/mobile/checkout/request", json),
        (PAYMENTS, "/mobile/b2c/request", json),
        (PAYMENTS, "/bank/checkout/charge", json),
        (PAYMENTS, "/query/transaction/fetch", json),
        ("insights.africastalking.com", "/v1/sim-swap", json),
        ("voice.africastalking.com", "/call", form),
        ("voice.africastalking.com", "/call", json),
    ] {
        let request = keyed("POST", host, path).with_body(type_of, body);
        let response = bench.send(&request);
        assert_eq!(response.status, 401, "{path} {type_of}");
        assert_eq!(text(&response), "The supplied authentication is invalid");
    }
}

#[test]
fn every_answer_names_the_software() {
    let mut bench = Bench::new();
    for (request, status) in [
        (keyed("GET", API, "/version1/user"), 404),
        (keyed("POST", PAYMENTS, "/nothing"), 404),
        (
            posted("/mobile/checkout/request", &checkout(&json!(10))),
            201,
        ),
    ] {
        let response = bench.send(&request);
        assert_eq!(response.status, status);
        assert_eq!(response.header("server"), Some("akka-http/10.2.10"));
    }
}

#[test]
fn a_fault_is_worded_as_the_provider_words_it() {
    for (kind, with, status, body) in [
        (
            "status",
            json!({"status": 500}),
            500,
            "There was an internal server error.",
        ),
        (
            "status",
            json!({}),
            503,
            "The server is currently unavailable (because it is overloaded or down for maintenance).",
        ),
        (
            "status",
            json!({"status": 400}),
            400,
            "The request contains bad syntax or cannot be fulfilled.",
        ),
        (
            "rate_limit",
            json!({}),
            429,
            "The user has sent too many requests in a given amount of time.",
        ),
        // A status that nobody has words for says that it is a fault's.
        (
            "status",
            json!({"status": 599}),
            599,
            r#"{"fault":"status","status":599}"#,
        ),
    ] {
        let mut bench = Bench::new();
        let rule = json!({
            "leg": "request", "kind": kind, "match": {"provider": "africastalking"}, "with": with,
        });
        let rule = serde_json::from_value(rule).unwrap();
        bench.sandbox.arm_fault(rule).unwrap();
        let response = bench.send(&posted("/mobile/checkout/request", &checkout(&json!(10))));
        assert_eq!(
            (response.status, text(&response)),
            (status, body.to_owned())
        );
        let type_of = match status {
            599 => "application/json",
            _ => "text/plain; charset=UTF-8",
        };
        assert_eq!(response.header("content-type"), Some(type_of));
        assert_eq!(
            response.header("retry-after").is_some(),
            kind == "rate_limit"
        );
    }
}

#[test]
fn each_host_finds_its_own_transactions() {
    const FIND: &str = "/query/transaction/find";
    const BUNDLES: &str = "bundles.sandbox.africastalking.com";
    let mut bench = Bench::new();
    let paid = bench.pay("/mobile/checkout/request", &checkout(&json!(10)));
    let data = json!({"username": "sandbox", "productName": "VoicePact", "recipients": [
        {"phoneNumber": BUYER, "quantity": 10, "unit": "MB", "validity": "Day"},
    ]});
    let request = keyed("POST", BUNDLES, "/mobile/data/request");
    let sold = read(&bench.send(&request.with_body("application/json", data.to_string())));
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("username", "sandbox")
        .append_pair(
            "recipients",
            &json!([{"phoneNumber": BUYER, "amount": "KES 50"}]).to_string(),
        )
        .finish();
    let sent = read(&bench.send(&form("/version1/airtime/send", &body)));
    let ids = [
        &paid["transactionId"],
        &sold["entries"][0]["transactionId"],
        &sent["responses"][0]["requestId"],
    ];
    for (host, path, found) in [
        (PAYMENTS, FIND.to_owned(), [true, true, false]),
        (BUNDLES, FIND.to_owned(), [false, true, false]),
        (API, FIND.to_owned(), [false, false, true]),
        (
            "127.0.0.1:4600",
            format!("/africastalking{FIND}"),
            [true, true, true],
        ),
        (
            "127.0.0.1:4600",
            format!("/africastalking/payments{FIND}"),
            [true, true, false],
        ),
    ] {
        for (id, found) in ids.into_iter().zip(found) {
            let mut request = keyed("GET", host, &path);
            request.query = format!("username=sandbox&transactionId={}", id.as_str().unwrap());
            let answer = read(&bench.send(&request));
            assert_eq!(answer["status"] != "Failure", found, "{host} {path} {id}");
        }
    }
}

#[test]
fn keys_of_the_sandbox_and_live_ones_are_no_substitute_for_each_other() {
    const LIVE: &str = "api.africastalking.com";
    let mut bench = strict();
    bench.patch(json!({"africastalking": {"apps": [
        {"username": "sandbox", "api_key": "one"}, {"username": "shop", "api_key": "two"},
    ]}}));
    for (host, username, key, status) in [
        (API, "sandbox", "one", 200),
        (API, "shop", "two", 401),
        (LIVE, "shop", "two", 200),
        (LIVE, "sandbox", "one", 401),
        // One address is all hosts.
        ("127.0.0.1:4600", "sandbox", "one", 200),
        ("127.0.0.1:4600", "shop", "two", 200),
    ] {
        let path = match host {
            API | LIVE => "/version1/user",
            _ => "/africastalking/api/version1/user",
        };
        let mut request = Request::new("GET", host, path).with_header("apiKey", key);
        request.query = format!("username={username}");
        let response = bench.send(&request);
        assert_eq!(response.status, status, "{host} {username}");
        if status == 401 {
            // Without the name the key alone says so.
            let nameless = Request::new("POST", host, "/version1/messaging");
            let response = bench.send(&nameless.with_header("apiKey", key));
            assert_eq!(response.status, 401, "{host} {username}");
            assert_eq!(text(&response), "The supplied authentication is invalid");
        }
    }
}
