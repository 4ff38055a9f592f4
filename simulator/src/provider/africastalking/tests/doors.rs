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
