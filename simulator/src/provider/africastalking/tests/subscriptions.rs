//! Premium messages and subscriptions to them.

use super::*;

const CREATE: &str = "/version1/subscription/create";
const DELETE: &str = "/version1/subscription/delete";
const WANTED: &str = "username=sandbox&shortCode=28901&keyword=NEWS&phoneNumber=%2B254712345678";

fn bench() -> Bench {
    let mut bench = Bench::new();
    bench.patch(json!({"africastalking": {"callbacks": {"subscriptions": URL}}}));
    bench
}

fn post(bench: &mut Bench, path: &str, body: &str) -> Value {
    let response = bench.send(&form(path, body));
    assert_eq!(response.status, 201, "{}", text(&response));
    read(&response)
}

fn subscribers(bench: &mut Bench, last: u64) -> Value {
    let mut request = keyed("GET", API, "/version1/subscription");
    request = request.with_header("accept", "application/json");
    request.query = format!("username=sandbox&shortCode=28901&keyword=news&lastReceivedId={last}");
    read(&bench.send(&request))["responses"].clone()
}

#[test]
fn a_subscriber_agrees_and_leaves() {
    let mut bench = bench();
    let answer = post(&mut bench, CREATE, WANTED);
    assert_eq!(
        answer,
        json!({"description": "Waiting for user input", "status": "Success"})
    );
    assert_eq!(subscribers(&mut bench, 0), json!([]));
    bench.advance(Span::from_secs(5), 200, "");
    assert_eq!(
        subscribers(&mut bench, 0),
        json!([{"date": "2026-03-06T10:30:02.000Z", "id": 1, "phoneNumber": BUYER}])
    );
    assert_eq!(subscribers(&mut bench, 1), json!([]));
    let again = post(&mut bench, CREATE, WANTED);
    assert_eq!(again["status"], "Failed");
    let answer = post(&mut bench, DELETE, WANTED);
    assert_eq!(
        answer,
        json!({"description": "Succeeded", "status": "Success"})
    );
    assert_eq!(post(&mut bench, DELETE, WANTED)["status"], "Failed");
    bench.settle();
    let told: Vec<String> = bench
        .delivered
        .iter()
        .map(|(_, delivery)| String::from_utf8(delivery.body.clone()).unwrap())
        .collect();
    let notice = |word: &str| {
        format!("phoneNumber=%2B254712345678&shortCode=28901&keyword=NEWS&updateType={word}")
    };
    assert_eq!(told, [notice("addition"), notice("deletion")]);
}

#[test]
fn who_declines_or_waits_does_not_subscribe() {
    for script in [
        "cancel",
        "wrong_pin",
        "insufficient_funds",
        "timeout",
        "unreachable",
        "locked",
        "limit_exceeded",
        "late_success",
    ] {
        let mut bench = bench();
        bench.script(BUYER, &json!({"collect": script}));
        post(&mut bench, CREATE, WANTED);
        bench.settle();
        assert_eq!(subscribers(&mut bench, 0), json!([]), "{script}");
        assert!(bench.delivered.is_empty());
        assert_eq!(bench.phone(BUYER), "500000.00");
    }
}

#[test]
fn a_premium_message_needs_a_subscription_or_an_answer() {
    let mut bench = bench();
    let buyer: Msisdn = BUYER.parse().unwrap();
    bench.patch(json!({"africastalking": {
        "callbacks": {"delivery_reports": URL}, "behaviour": {"premium_codes": ["28901"]},
    }}));
    bench.sandbox.send_sms(buyer, "28901", "QUOTE").unwrap();
    let mut inbox = keyed("GET", API, "/version1/messaging");
    inbox = inbox.with_header("accept", "application/json");
    inbox.query = "username=sandbox&lastReceivedId=0".to_owned();
    let message = read(&bench.send(&inbox))["SMSMessageData"]["Messages"][0].clone();
    let link = message["linkId"].as_str().unwrap().to_owned();
    let base = "username=sandbox&to=%2B254712345678&message=Hi&from=28901&bulkSMSMode=0";
    let report = |bench: &mut Bench, more: &str| {
        bench.delivered.clear();
        let answer = post(bench, "/version1/messaging", &format!("{base}{more}"));
        let data = &answer["SMSMessageData"];
        assert_eq!(data["Message"], "Sent to 1/1");
        assert_eq!(data["Recipients"][0]["cost"], "0");
        assert_eq!(data["Recipients"][0]["statusCode"], 102);
        bench.settle();
        let (_, last) = bench.delivered.last().unwrap();
        String::from_utf8(last.body.clone()).unwrap()
    };
    let none = report(&mut bench, "&keyword=NEWS&linkId=undefined");
    assert!(
        none.contains("failureReason=UserNotSubscribedToProduct"),
        "{none}"
    );
    assert!(none.ends_with("&retryCount=0"), "{none}");
    let wrong = report(&mut bench, "&keyword=NEWS&linkId=x");
    assert!(wrong.contains("status=Rejected") && wrong.contains("failureReason=InvalidLinkId"));
    let answer = report(&mut bench, &format!("&keyword=NEWS&linkId={link}"));
    assert!(answer.contains("status=Success"), "{answer}");
    post(&mut bench, CREATE, WANTED);
    bench.settle();
    let subscribed = report(&mut bench, "&keyword=NEWS");
    assert!(subscribed.contains("status=Success"), "{subscribed}");
    assert_eq!(bench.stash(), "10000.00");
}

#[test]
fn the_network_may_do_it_on_a_page_of_its_own() {
    let mut bench = bench();
    let body = "username=sandbox&shortCode=28901&keyword=NEWS&redirectUrl=http%3A%2F%2Fa%2F";
    let path = "/version1/subscription/safaricom";
    assert_eq!(post(&mut bench, path, body)["status"], "Success");
    let body = format!("{body}&phoneNumber=%2B254712345678");
    assert_eq!(post(&mut bench, path, &body)["status"], "Success");
    bench.settle();
    assert_eq!(subscribers(&mut bench, 0)[0]["phoneNumber"], BUYER);
}
