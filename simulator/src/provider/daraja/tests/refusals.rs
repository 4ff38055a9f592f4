//! Refusals: which, in which order, in which shape, and each explained once.

use super::*;
use crate::provider::daraja::coverage::own_refusals;
use crate::provider::daraja::routes::{Endpoint, Family, ROUTES, Required};

const SHARED: &str = "500.001.1001";

/// A body that an endpoint takes, by its operation.
fn body_of(operation: &str) -> Option<Value> {
    let body = match operation {
        "stk_push" => push_body(),
        "stk_query" => query("ws_CO_101020261430057708374149"),
        "c2b_register" => register_body(),
        "c2b_simulate" => simulate_body(),
        "b2c" => b2c_body(),
        "b2b" => b2b_body(),
        "transaction_status" => status_body(&json!({"TransactionID": "UJA7RT61SV"})),
        "account_balance" => balance_body(),
        "reversal" => reversal_body("UJA7RT61SV", 5),
        _ => return None,
    };
    Some(body)
}

#[test]
fn each_required_member_is_missed_by_name_and_the_first_wins() {
    for route in ROUTES {
        let Some(whole) = body_of(route.operation) else {
            continue;
        };
        for (index, (key, label)) in route.required.iter().enumerate() {
            for missing in [Value::Null, json!(null), json!("")] {
                let mut bench = Bench::new();
                // Later members are missing too; that must not matter.
                let mut body = changed(whole.clone(), &json!({}));
                for (later, _) in &route.required[index + 1..] {
                    body.as_object_mut().unwrap().remove(*later);
                }
                body.as_object_mut()
                    .unwrap()
                    .insert((*key).to_owned(), missing);
                bench.explained();
                let refused = bench.refused(route.path, &body);
                let text = format!("Bad Request - Invalid {label}");
                assert_eq!(
                    refused,
                    (400, "400.002.02".to_owned(), text),
                    "{} {key}",
                    route.path
                );
                assert_eq!(bench.explained(), [json!(format!("/{label}"))]);
            }
        }
    }
}

/// What goes wrong before anything is read, at each endpoint that has a body here: status and text.
#[test]
fn each_endpoint_refuses_what_it_cannot_read() {
    for route in ROUTES {
        let Some(body) = body_of(route.operation) else {
            continue;
        };
        let mut bench = Bench::new();
        let token = bench.token.clone();
        let request = |method: &str, token: &str, kind: &str, body: &str| {
            Request::new(method, HOST, route.path)
                .with_header("authorization", &format!("Bearer {token}"))
                .with_body(kind, body)
        };
        let whole = body.to_string();
        let json = "application/json";
        let (_, first) = route.required[0];
        let mistyped = format!("Bad Request - Invalid {first}");
        let is_customers = matches!(route.family, Family::Customer);
        let (by_method, method) = match is_customers {
            true => (404, "Invalid Authentication Header"),
            false => (405, "GET Method Not Allowed"),
        };
        for (request, status, text) in [
            (request("GET", &token, json, &whole), by_method, method),
            (
                request("POST", &token, "text/plain", &whole),
                400,
                &*mistyped,
            ),
            (
                request("POST", &token, "application/x-www-form-urlencoded", "a=1"),
                400,
                &*mistyped,
            ),
            (
                request("POST", &token, json, "{\"A\":"),
                400,
                "Invalid Request Payload",
            ),
            (
                request("POST", &token, json, "[]"),
                400,
                "Invalid Request Payload",
            ),
            (request("POST", &token, json, "{}"), 400, &*mistyped),
            (
                request("POST", "", json, &whole),
                404,
                "Invalid Authentication Header",
            ),
        ] {
            bench.explained();
            let response = bench.send(&request);
            let found = read(&response)["errorMessage"].clone();
            assert_eq!(
                (response.status, found),
                (status, json!(text)),
                "{request:?}"
            );
            assert_eq!(bench.explained().len(), 1, "{request:?}");
        }
    }
}

/// A member whose name has another capital, a space or a better spelling is not there.
#[test]
fn misspelt_members_are_missing_ones() {
    for route in ROUTES {
        let Some(body) = body_of(route.operation) else {
            continue;
        };
        for (key, label) in route.required {
            let mut bench = Bench::new();
            let mut body = body.clone();
            let members = body.as_object_mut().unwrap();
            let value = members.remove(*key).unwrap();
            members.insert(key.to_lowercase(), value.clone());
            members.insert(format!("{key} "), value);
            let (status, code, text) = bench.refused(route.path, &body);
            assert_eq!((status, code.as_str()), (400, "400.002.02"));
            assert_eq!(
                text,
                format!("Bad Request - Invalid {label}"),
                "{}",
                route.path
            );
        }
    }
}

#[test]
fn correctly_spelt_keys_are_missing_ones() {
    let mut bench = Bench::new();
    let spelt = json!({"RecieverIdentifierType": null, "ReceiverIdentifierType": "4"});
    for (path, body) in [
        (B2B, b2b_body()),
        (REVERSAL, reversal_body("UJA7RT61SV", 5)),
    ] {
        let (_, _, text) = bench.refused(path, &changed(body, &spelt));
        assert_eq!(text, "Bad Request - Invalid RecieverIdentifierType");
    }
}

#[test]
fn values_are_refused_by_name() {
    let rows: &[(&str, Value, &str, Value, &str)] = &[
        (
            PUSH,
            push_body(),
            "BusinessShortCode",
            json!("1234"),
            "BusinessShortCode",
        ),
        (PUSH, push_body(), "Timestamp", json!("2026"), "Timestamp"),
        (
            PUSH,
            push_body(),
            "TransactionType",
            json!("PayBill"),
            "TransactionType",
        ),
        (PUSH, push_body(), "Amount", json!(0), "Amount"),
        (PUSH, push_body(), "Amount", json!(1.5), "Amount"),
        (PUSH, push_body(), "Amount", json!("one"), "Amount"),
        (PUSH, push_body(), "Amount", json!(250_001), "Amount"),
        (PUSH, push_body(), "PartyA", json!("0708374149"), "PartyA"),
        (PUSH, push_body(), "PartyB", json!("x"), "PartyB"),
        (
            PUSH,
            push_body(),
            "PhoneNumber",
            json!("+254708374149"),
            "PhoneNumber",
        ),
        (
            PUSH,
            push_body(),
            "CallBackURL",
            json!("example.com/cb"),
            "CallBackURL",
        ),
        (
            PUSH,
            push_body(),
            "CallBackURL",
            json!("https://a.example/<x>"),
            "CallBackURL",
        ),
        (
            REGISTER_V2,
            register_body(),
            "ResponseType",
            json!("completed"),
            "ResponseType",
        ),
        (
            SIMULATE,
            simulate_body(),
            "CommandID",
            json!("Pay"),
            "CommandID",
        ),
        (
            SIMULATE,
            simulate_body(),
            "BillRefNumber",
            json!(null),
            "BillRefNumber",
        ),
        (
            SIMULATE,
            simulate_body(),
            "BillRefNumber",
            json!("x".repeat(21)),
            "BillRefNumber",
        ),
        (B2C_V3, b2c_body(), "CommandID", json!("Pay"), "CommandID"),
        (B2C_V3, b2c_body(), "Amount", json!(-5), "Amount"),
        (B2C_V3, b2c_body(), "PartyB", json!("600000"), "PartyB"),
        (
            B2C_V3,
            b2c_body(),
            "Remarks",
            json!("x".repeat(101)),
            "Remarks",
        ),
        (
            B2C_V3,
            b2c_body(),
            "ResultURL",
            json!("nowhere"),
            "ResultURL",
        ),
        (
            B2C_V3,
            b2c_body(),
            "QueueTimeOutURL",
            json!("nowhere"),
            "QueueTimeOutURL",
        ),
        (B2B, b2b_body(), "CommandID", json!("Pay"), "CommandID"),
        (
            B2B,
            b2b_body(),
            "RecieverIdentifierType",
            json!(11),
            "RecieverIdentifierType",
        ),
        (
            B2B,
            b2b_body(),
            "AccountReference",
            json!(null),
            "AccountReference",
        ),
        (
            BALANCE,
            balance_body(),
            "IdentifierType",
            json!("9"),
            "IdentifierType",
        ),
        (
            REVERSAL,
            reversal_body("UJA7RT61SV", 5),
            "TransactionID",
            json!("uja"),
            "TransactionID",
        ),
    ];
    for (path, body, key, value, label) in rows {
        let mut bench = Bench::new();
        bench.explained();
        let change = json!({*key: value});
        let refused = bench.refused(path, &changed(body.clone(), &change));
        let text = format!("Bad Request - Invalid {label}");
        assert_eq!(
            refused,
            (400, "400.002.02".to_owned(), text),
            "{key} {value}"
        );
        assert_eq!(bench.explained().len(), 1, "{key} {value}");
    }
}

#[test]
fn checks_have_an_order() {
    let mut bench = Bench::new();
    let everything_wrong = json!({
        "BusinessShortCode": "999", "Timestamp": "x", "CallBackURL": null, "Password": "x",
    });
    let body = changed(push_body(), &everything_wrong);
    let raw = body.to_string();
    // The path, then the method, then the token.
    let no_path = Request::new("POST", HOST, "/mpesa/stkpush/v2/processrequest");
    assert_eq!(code(&mut bench, &no_path), (404, "404.001.01".to_owned()));
    assert_eq!(
        code(&mut bench, &Request::new("GET", HOST, PUSH)),
        (405, "405.001".to_owned())
    );
    let no_token = Request::new("POST", HOST, PUSH).with_body("text/plain", "{");
    assert_eq!(code(&mut bench, &no_token), (404, "404.001.04".to_owned()));
    let bad_token = posted(HOST, PUSH, "nonsense", "{");
    assert_eq!(code(&mut bench, &bad_token), (404, "404.001.03".to_owned()));
    // Then JSON, members, their form, the short code, the password, the subscriber.
    let token = bench.token.clone();
    assert_eq!(
        code(&mut bench, &posted(HOST, PUSH, &token, "{")),
        (400, "400.002.05".to_owned())
    );
    let untyped = Request::new("POST", HOST, PUSH)
        .with_header("authorization", &format!("Bearer {token}"))
        .with_body("text/plain", raw);
    assert_eq!(
        message(&mut bench, &untyped),
        "Bad Request - Invalid BusinessShortCode"
    );
    for (change, expected) in [
        (json!({}), "Bad Request - Invalid CallBackURL"),
        (
            json!({"CallBackURL": URL}),
            "Bad Request - Invalid BusinessShortCode",
        ),
        (
            json!({"CallBackURL": URL, "BusinessShortCode": "999999"}),
            "Bad Request - Invalid Timestamp",
        ),
        (
            json!({"CallBackURL": URL, "BusinessShortCode": "999999", "Timestamp": TIME}),
            "Merchant does not exist",
        ),
        (
            json!({"CallBackURL": URL, "BusinessShortCode": SHORTCODE, "Timestamp": TIME}),
            "Wrong credentials",
        ),
    ] {
        bench.patch(json!({"daraja": {"accept_any_credentials": false}}));
        let (_, _, text) = bench.refused(PUSH, &changed(body.clone(), &change));
        assert_eq!(text, expected);
    }
    bench.script(PHONE, &json!({"collect": "manual"}));
    bench.push(&push_body());
    let locked = bench.refused(PUSH, &push_body());
    let text = own_refusals(Endpoint::Push)[2].to_owned();
    assert_eq!(locked, (500, SHARED.to_owned(), text));
}

fn code(bench: &mut Bench, request: &Request) -> (u16, String) {
    let response = bench.send(request);
    let body = read(&response);
    let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["errorCode", "errorMessage", "requestId"],
        "exactly three"
    );
    assert!(body["requestId"].as_str().unwrap().len() > 28);
    (
        response.status,
        body["errorCode"].as_str().unwrap().to_owned(),
    )
}

fn message(bench: &mut Bench, request: &Request) -> String {
    let response = bench.send(request);
    read(&response)["errorMessage"].as_str().unwrap().to_owned()
}

#[test]
fn the_password_is_looked_at_even_where_any_will_do() {
    let mut bench = Bench::new();
    let wrong = (500, SHARED.to_owned(), "Wrong credentials".to_owned());
    for password in [
        json!(null),
        json!("d3Jvbmc="),
        json!("???"),
        json!(password(SHORTCODE, PASSKEY, "20261010143006")),
        json!(password("600000", PASSKEY, TIME)),
    ] {
        let body = changed(push_body(), &json!({"Password": password}));
        assert_eq!(bench.refused(PUSH, &body), wrong, "{password}");
    }
    // Another pass key of the same form is another credential.
    let other = json!({"Password": password(SHORTCODE, "another", TIME)});
    bench.push(&changed(push_body(), &other));
    bench.patch(json!({"daraja": {"accept_any_credentials": false}}));
    let body = changed(push_to("254711000000"), &other);
    assert_eq!(bench.refused(PUSH, &body), wrong);
}

#[test]
fn a_bad_token_is_refused_in_the_words_of_each_page() {
    let mut bench = Bench::new();
    for (path, status, code, text) in [
        (PUSH, 404, "404.001.03", "Invalid Access Token"),
        (REVERSAL, 404, "404.001.03", "Invalid Access Token"),
        (
            B2C_V1,
            401,
            "401.002.01",
            "Error Occurred - Invalid Access Token - stale",
        ),
        (
            BALANCE,
            401,
            "401.002.01",
            "Error Occurred - Invalid Access Token - stale",
        ),
        (REGISTER_V1, 400, "400.003.01", "Invalid Access Token"),
        (STATUS, 400, "400.003.01", "Invalid Access Token"),
        (
            "/pulltransactions/v1/query",
            401,
            "401.001",
            "Invalid Access Token",
        ),
        (
            "/v1/billmanager-invoice/optin",
            401,
            "401",
            "Unauthorized - Invalid Access Token",
        ),
    ] {
        let response = bench.send(&posted(HOST, path, "stale", "{}"));
        let body = read(&response);
        assert_eq!(response.status, status, "{path}");
        assert_eq!(
            (&body["errorCode"], &body["errorMessage"]),
            (&json!(code), &json!(text))
        );
        assert_eq!(body.get("requestId").is_none(), code == "401");
    }
}

#[test]
fn tokens_are_refused_in_four_ways() {
    let mut bench = Bench::new();
    bench.patch(json!({"daraja": {
        "accept_any_credentials": false, "consumers": [{"key": "key", "secret": "secret"}],
    }}));
    let plain = Request::new("GET", HOST, "/oauth/v1/generate");
    assert_eq!(code(&mut bench, &plain), (400, "400.008.01".to_owned()));
    let bearer = plain.clone().with_header("authorization", "Bearer x");
    assert_eq!(code(&mut bench, &bearer), (400, "400.008.01".to_owned()));
    let mut ungranted = token_request("key", "secret");
    ungranted.query = "grant_type=password".to_owned();
    assert_eq!(code(&mut bench, &ungranted), (400, "400.008.02".to_owned()));
    let wrong = bench.send(&token_request("key", "other"));
    assert_eq!((wrong.status, wrong.body.len()), (400, 0), "nothing at all");
    let posted = Request::new("POST", HOST, "/oauth/v1/generate");
    assert_eq!(code(&mut bench, &posted), (405, "405.001".to_owned()));
    assert_eq!(bench.send(&token_request("key", "secret")).status, 200);
}

#[test]
fn paths_that_are_served_nowhere_are_refused_like_their_neighbours() {
    let mut bench = Bench::new();
    for (path, expected) in [
        ("/mpesa/stkpush/v9/x", "404.001.01"),
        ("/mpesa/b2c/v9/x", "404.002.01"),
        ("/mpesa/c2b/v9/x", "404.003.01"),
        ("/", "404.001.01"),
    ] {
        let request = Request::new("POST", HOST, path);
        assert_eq!(
            code(&mut bench, &request),
            (404, expected.to_owned()),
            "{path}"
        );
    }
    let get = Request::new("GET", HOST, REGISTER_V1);
    assert_eq!(code(&mut bench, &get), (404, "404.001.04".to_owned()));
}

#[test]
fn addresses_can_be_held_to_the_documents() {
    let mut bench = Bench::with(&json!({"strict_callback_urls": true}));
    let with = |url: &str| changed(push_body(), &json!({"CallBackURL": url}));
    for url in [
        "https://a.example/mpesa/cb",
        "https://x.ngrok.io/cb",
        "https://a.example/query",
    ] {
        assert_eq!(
            bench.refused(PUSH, &with(url)).2,
            "Bad Request - Invalid CallBackURL",
            "{url}"
        );
    }
    let token = bench.token.clone();
    let insecure = posted(LIVE, PUSH, &token, &with("http://a.example/cb").to_string());
    assert_eq!(
        message(&mut bench, &insecure),
        "Bad Request - Invalid CallBackURL"
    );
    bench.push(&with("http://a.example/cb"));
}

/// A label differs from its key in one place only.
#[test]
fn a_missing_description_is_called_remarks() {
    let labels = ROUTES.iter().flat_map(|route| route.required);
    let odd: Vec<&Required> = labels.filter(|(key, label)| key != label).collect();
    assert_eq!(odd, [&("TransactionDesc", "Remarks")]);
}
