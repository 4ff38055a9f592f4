//! Every endpoint of the table, and everything that turns a request away before it counts.

use super::*;
use crate::provider::africastalking::coverage::{Reads, reads, required};
use crate::provider::africastalking::routes::{Endpoint, Methods, ROUTES, Route};

/// A request that the endpoint takes: its members by name. Text of a form is the member itself.
fn sample(endpoint: Endpoint) -> Value {
    let account = json!({"accountNumber": "0711000000", "bankCode": 234_001});
    let mut order = json!({
        "username": "sandbox", "productName": "VoicePact", "currencyCode": "KES", "amount": 10,
    });
    let mut with = |members: Value| {
        let members = members.as_object().unwrap().clone();
        order.as_object_mut().unwrap().extend(members);
        order.clone()
    };
    let named = json!({"username": "sandbox"});
    match endpoint {
        Endpoint::Checkout => with(json!({"phoneNumber": BUYER})),
        Endpoint::B2c => payout(&[BUYER], &json!(10)),
        Endpoint::B2b => with(json!({
            "provider": "Athena", "transferType": "BusinessPayBill",
            "destinationChannel": "174379", "destinationAccount": "A1",
        })),
        Endpoint::Transaction | Endpoint::FindAirtime => {
            json!({"username": "sandbox", "transactionId": "ATPid_0"})
        }
        Endpoint::Transactions => json!({
            "username": "sandbox", "productName": "VoicePact", "pageNumber": "1", "count": "10",
        }),
        Endpoint::FetchWallet => json!({"username": "sandbox", "pageNumber": "1", "count": "10"}),
        Endpoint::WalletBalance
        | Endpoint::User
        | Endpoint::FetchMessages
        | Endpoint::AuthToken => named,
        Endpoint::BankCharge => with(json!({"bankAccount": account, "narration": "x"})),
        Endpoint::CardCharge => with(json!({"narration": "x", "paymentCard": {
            "number": "123456789000", "cvvNumber": 123, "expiryMonth": 1, "expiryYear": 2030,
            "countryCode": "NG", "authToken": "1234",
        }})),
        Endpoint::BankValidate | Endpoint::CardValidate => {
            json!({"username": "sandbox", "transactionId": "ATPid_0", "otp": "1234"})
        }
        Endpoint::BankTransfer => json!({
            "username": "sandbox", "productName": "VoicePact", "recipients": [{
                "bankAccount": account, "currencyCode": "KES", "amount": 10, "narration": "x",
            }],
        }),
        Endpoint::WalletTransfer => with(json!({"targetProductCode": 1})),
        Endpoint::StashTopup => with(json!({})),
        Endpoint::MobileData => json!({
            "username": "sandbox", "productName": "VoicePact", "recipients": [
                {"phoneNumber": BUYER, "quantity": 10, "unit": "MB", "validity": "Day"},
            ],
        }),
        Endpoint::SendMessage => json!({"username": "sandbox", "to": BUYER, "message": "Hi"}),
        Endpoint::SendBulk => {
            json!({"username": "sandbox", "message": "Hi", "phoneNumbers": [BUYER]})
        }
        Endpoint::CreateSubscription
        | Endpoint::CarrierSubscription
        | Endpoint::DeleteSubscription
        | Endpoint::FetchSubscriptions => json!({
            "username": "sandbox", "shortCode": "28901", "keyword": "NEWS", "phoneNumber": BUYER,
            "redirectUrl": "http://127.0.0.1:9/",
        }),
        Endpoint::SendAirtime => {
            let recipients = json!([{"phoneNumber": BUYER, "amount": "KES 50"}]);
            json!({"username": "sandbox", "recipients": recipients.to_string()})
        }
        Endpoint::CheckoutToken => json!({"phoneNumber": BUYER}),
        Endpoint::UssdPush => {
            json!({"username": "sandbox", "phoneNumber": BUYER, "menu": "END Hi"})
        }
        Endpoint::SimSwap => json!({"username": "sandbox", "phoneNumbers": [BUYER]}),
        Endpoint::Call => json!({"username": "sandbox", "to": BUYER, "from": "+254711000100"}),
        Endpoint::QueueStatus => json!({"username": "sandbox", "phoneNumbers": "+254711000100"}),
        Endpoint::MediaUpload => json!({
            "username": "sandbox", "url": "http://127.0.0.1:9/a.mp3", "phoneNumber": "+254711000100",
        }),
        Endpoint::CallTransfer => json!({"sessionId": "ATVId_0", "phoneNumber": BUYER}),
        Endpoint::SendChat => json!({
            "username": "sandbox", "waNumber": "+254711000100", "phoneNumber": BUYER,
            "body": {"message": "Hi"},
        }),
        Endpoint::SendTemplate => {
            json!({"username": "sandbox", "waNumber": "+254711000100", "name": "hello"})
        }
        Endpoint::Capability => {
            json!({"username": "sandbox", "clientName": "a", "phoneNumber": "+254711000100"})
        }
        Endpoint::Publish => json!({
            "username": "sandbox", "deviceGroup": "a", "topic": "b", "payload": "c",
        }),
    }
}

fn host(route: &Route) -> String {
    format!("{}.africastalking.com", route.service.label())
}

fn method(route: &Route) -> &'static str {
    match route.methods {
        Methods::Post => "POST",
        Methods::Get | Methods::Both => "GET",
    }
}

fn encoded(members: &Value) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in members.as_object().unwrap() {
        form.append_pair(name, value.as_str().unwrap());
    }
    form.finish()
}

/// The request of a row with these members, written as the row reads them.
fn request(route: &Route, members: &Value) -> Request {
    let request = keyed(method(route), &host(route), route.path);
    let request = request.with_header("accept", "application/json");
    match reads(route.endpoint) {
        Reads::Json => request.with_body("application/json", members.to_string()),
        Reads::Form => request.with_body("application/x-www-form-urlencoded", encoded(members)),
        Reads::Query => Request {
            query: encoded(members),
            ..request
        },
    }
}

#[test]
fn every_endpoint_takes_its_sample() {
    for route in ROUTES {
        let mut bench = Bench::new();
        bench.patch(json!({"africastalking": {"callbacks": {"ussd": {"*384*1#": URL}}}}));
        let response = bench.send(&request(route, &sample(route.endpoint)));
        let status = match (route.methods, route.endpoint) {
            (Methods::Get | Methods::Both, _)
            | (_, Endpoint::SimSwap | Endpoint::Call)
            | (_, Endpoint::QueueStatus | Endpoint::CallTransfer) => 200,
            (Methods::Post, _) => 201,
        };
        assert_eq!(
            response.status,
            status,
            "{}: {}",
            route.path,
            text(&response)
        );
        let type_of = match route.endpoint {
            Endpoint::MediaUpload => "text/plain; charset=UTF-8",
            _ => "application/json",
        };
        assert_eq!(
            response.header("content-type"),
            Some(type_of),
            "{}",
            route.path
        );
        bench.settle();
    }
}

#[test]
fn every_missing_member_is_named() {
    for route in ROUTES {
        for name in required(route.endpoint) {
            let mut members = sample(route.endpoint);
            members.as_object_mut().unwrap().remove(*name).unwrap();
            let mut bench = Bench::new();
            let response = bench.send(&request(route, &members));
            let (status, body) = match reads(route.endpoint) {
                Reads::Json => (
                    400,
                    format!(
                        "The request content was malformed:\n\
                         Object is missing required member '{name}'"
                    ),
                ),
                Reads::Form => (
                    400,
                    format!("Request is missing required form field '{name}'"),
                ),
                Reads::Query => (
                    404,
                    format!("Request is missing required query parameter '{name}'"),
                ),
            };
            assert_eq!(
                (response.status, text(&response)),
                (status, body),
                "{}",
                route.path
            );
            assert_eq!(
                response.header("content-type"),
                Some("text/plain; charset=UTF-8")
            );
            assert_eq!(bench.explained().unwrap().0, json!(format!("/{name}")));
        }
    }
}

#[test]
fn members_are_missed_in_the_order_of_the_table() {
    for route in ROUTES {
        let mut bench = Bench::new();
        let mut members = json!({});
        let whole = sample(route.endpoint);
        for name in required(route.endpoint) {
            let response = bench.send(&request(route, &members));
            let missed = text(&response).contains(&format!("'{name}'"));
            assert!(missed, "{} {name}: {}", route.path, text(&response));
            members[*name] = whole[*name].clone();
        }
    }
}

#[test]
fn every_door_is_shut_in_the_same_words() {
    for route in ROUTES {
        let mut bench = Bench::new();
        bench.patch(json!({"africastalking": {"accept_any_credentials": false}}));
        let good = request(route, &sample(route.endpoint));
        let keyless = Request {
            headers: Vec::new(),
            ..good.clone()
        };
        let deleted = Request {
            method: "DELETE".to_owned(),
            ..good.clone()
        };
        if route.endpoint != Endpoint::CheckoutToken {
            let response = bench.send(&good);
            assert_eq!(response.status, 401, "{}", route.path);
            assert_eq!(text(&response), "The supplied authentication is invalid");
            let response = bench.send(&keyless);
            assert_eq!(response.status, 401, "{}", route.path);
            assert!(text(&response).starts_with("The resource requires authentication"));
        }
        let response = bench.send(&deleted);
        assert_eq!(response.status, 405, "{}", route.path);
        assert!(response.header("allow").is_some());
    }
}

#[test]
fn json_is_asked_for_and_must_be_json() {
    for route in ROUTES {
        // The bulk endpoint also reads the form of one client.
        if reads(route.endpoint) != Reads::Json {
            continue;
        }
        let mut bench = Bench::new();
        let bare = keyed("POST", &host(route), route.path);
        let broken = bare.clone().with_body("application/json", "{\"username\":");
        let response = bench.send(&broken);
        assert_eq!(response.status, 400, "{}", route.path);
        assert!(text(&response).starts_with("The request content was malformed:\n"));
        assert!(bench.explained().is_some());
        let other = bench.send(&bare.with_body("text/xml", "<a/>"));
        assert_eq!(other.status, 415, "{}", route.path);
        assert_eq!(
            text(&other),
            "The request's Content-Type is not supported. Expected:\napplication/json"
        );
    }
}

/// A wrong value of a member, where the answer says so, and in which words.
fn wrong_values() -> Vec<(Endpoint, &'static str, Value, &'static str, &'static str)> {
    const LIST: &str = "A request has recipients";
    const TEN: &str = "A request has 1 to 10 recipients";
    const PRODUCT: &str = "Unknown payment product";
    const NUMBER: &str = "Invalid phone number";
    const PAGE: &str = "Invalid page number";
    const COUNT: &str = "Invalid count";
    const ONE: &str = "/entries/0/errorMessage";
    const ALL: &str = "/errorMessage";
    const TEXT: &str = "/description";
    const MESSAGE: &str = "/SMSMessageData/Recipients/0/status";
    const BAD: &str = "InvalidPhoneNumber";
    let one = json!({"phoneNumber": BUYER, "currencyCode": "KES", "amount": 1});
    let eleven = json!(vec![one; 11]);
    let no = json!("No");
    let short = json!("0711");
    let first = "/recipients/0/phoneNumber";
    vec![
        (
            Endpoint::Checkout,
            "/productName",
            no.clone(),
            TEXT,
            PRODUCT,
        ),
        (
            Endpoint::Checkout,
            "/phoneNumber",
            short.clone(),
            TEXT,
            NUMBER,
        ),
        (Endpoint::B2c, "/productName", no.clone(), ALL, PRODUCT),
        (Endpoint::B2c, first, short.clone(), ONE, NUMBER),
        (Endpoint::B2c, "/recipients", eleven, ALL, TEN),
        (Endpoint::B2c, "/recipients", json!([]), ALL, TEN),
        (Endpoint::B2b, "/productName", no.clone(), ALL, PRODUCT),
        (Endpoint::B2b, "/requester", short.clone(), ALL, NUMBER),
        (
            Endpoint::BankCharge,
            "/productName",
            no.clone(),
            TEXT,
            PRODUCT,
        ),
        (
            Endpoint::CardCharge,
            "/productName",
            no.clone(),
            TEXT,
            PRODUCT,
        ),
        (
            Endpoint::BankTransfer,
            "/productName",
            no.clone(),
            ALL,
            PRODUCT,
        ),
        (Endpoint::BankTransfer, "/recipients", json!([]), ALL, LIST),
        (
            Endpoint::WalletTransfer,
            "/productName",
            no.clone(),
            TEXT,
            PRODUCT,
        ),
        (
            Endpoint::StashTopup,
            "/productName",
            no.clone(),
            TEXT,
            PRODUCT,
        ),
        (
            Endpoint::MobileData,
            "/productName",
            no.clone(),
            ALL,
            PRODUCT,
        ),
        (Endpoint::MobileData, first, short.clone(), ONE, NUMBER),
        (Endpoint::MobileData, "/recipients", json!([]), ALL, LIST),
        (
            Endpoint::Transactions,
            "/productName",
            no.clone(),
            ALL,
            PRODUCT,
        ),
        (Endpoint::Transactions, "/pageNumber", json!("0"), ALL, PAGE),
        (Endpoint::Transactions, "/count", json!("1"), ALL, COUNT),
        (Endpoint::Transactions, "/count", json!("1000"), ALL, COUNT),
        (Endpoint::FetchWallet, "/pageNumber", no, ALL, PAGE),
        (Endpoint::FetchWallet, "/count", json!("-2"), ALL, COUNT),
        (
            Endpoint::CheckoutToken,
            "/phoneNumber",
            short.clone(),
            TEXT,
            NUMBER,
        ),
        (
            Endpoint::UssdPush,
            "/phoneNumber",
            short.clone(),
            ALL,
            NUMBER,
        ),
        (Endpoint::SendMessage, "/to", short.clone(), MESSAGE, BAD),
        (
            Endpoint::SendBulk,
            "/phoneNumbers",
            json!(["0711"]),
            MESSAGE,
            BAD,
        ),
        (Endpoint::Call, "/to", short, "/entries/0/status", BAD),
        (
            Endpoint::SimSwap,
            "/phoneNumbers",
            json!(["0711"]),
            "/responses/0/status",
            "UnsupportedPhoneNumber",
        ),
    ]
}

#[test]
fn a_wrong_value_is_refused_in_the_body_and_changes_nothing() {
    for (endpoint, member, value, place, expected) in wrong_values() {
        let mut members = sample(endpoint);
        match members.pointer_mut(member) {
            Some(found) => *found = value,
            None => members[&member[1..]] = value,
        }
        for route in ROUTES.iter().filter(|route| route.endpoint == endpoint) {
            let about = format!("{} {member}", route.path);
            let mut bench = Bench::new();
            let response = bench.send(&request(route, &members));
            assert!(matches!(response.status, 200 | 201), "{about}");
            assert_eq!(response.header("content-type"), Some("application/json"));
            let found = read(&response).pointer(place).cloned();
            assert_eq!(found, Some(json!(expected)), "{about}: {}", text(&response));
            assert!(bench.explained().is_some(), "{about}");
            bench.settle();
            assert!(bench.notifications().is_empty(), "{about}");
            // All that may have happened is that the accounts were opened.
            let held = (bench.wallet(), bench.stash());
            let held = (held.0.as_str(), held.1.as_str());
            let before = [("0.00", "0.00"), ("5000.00", "10000.00")];
            assert!(before.contains(&held), "{about} {held:?}");
        }
    }
}
