//! Calls, chat, browser calls and devices.

use super::*;

const VOICE: &str = "voice.sandbox.africastalking.com";
const DESK: &str = "+254711000100";

fn voice(bench: &mut Bench, path: &str, body: &str) -> Response {
    let type_of = "application/x-www-form-urlencoded";
    bench.send(&keyed("POST", VOICE, path).with_body(type_of, body))
}

fn fields(bench: &Bench, index: usize) -> std::collections::BTreeMap<String, String> {
    form_urlencoded::parse(&bench.delivered[index].1.body)
        .into_owned()
        .collect()
}

#[test]
fn a_call_is_answered_and_ends() {
    let mut bench = Bench::new();
    bench.patch(json!({"africastalking": {"callbacks": {"voice": {DESK: URL}}}}));
    let to = "%2B254712345678%2C0712%2C%2B12025550123";
    let body = format!("username=sandbox&from=%2B254711000100&to={to}");
    let response = voice(&mut bench, "/call", &body);
    assert_eq!(response.status, 200);
    let answer = read(&response);
    assert_eq!(answer["errorMessage"], "None");
    let entries = answer["entries"].as_array().unwrap();
    let statuses: Vec<_> = entries.iter().map(|entry| &entry["status"]).collect();
    assert_eq!(
        statuses,
        ["Queued", "InvalidPhoneNumber", "DestinationNotSupported"]
    );
    assert!(
        entries[0]["sessionId"]
            .as_str()
            .unwrap()
            .starts_with("ATVId_")
    );
    assert_eq!(entries[1]["sessionId"], "None");
    let session = entries[0]["sessionId"].as_str().unwrap().to_owned();
    bench.advance(
        Span::from_secs(3),
        200,
        "<Response><Say>Hi</Say></Response>",
    );
    let asked = fields(&bench, 0);
    assert_eq!(
        (asked["isActive"].as_str(), &asked["sessionId"]),
        ("1", &session)
    );
    let transfer = format!("sessionId={session}&phoneNumber=%2B254712345678");
    let moved = read(&voice(&mut bench, "/callTransfer", &transfer));
    assert_eq!(
        moved,
        json!({"callTransferResponse": {"errorMessage": "None", "status": "Success"}})
    );
    bench.settle();
    let told = fields(&bench, 1);
    for (name, value) in [
        ("isActive", "0"),
        ("callSessionState", "Completed"),
        ("durationInSeconds", "5"),
        ("hangupCause", "NORMAL_CLEARING"),
        ("callerCountryCode", "254"),
    ] {
        assert_eq!(told[name], value, "{name}");
    }
    let moved = read(&voice(&mut bench, "/callTransfer", &transfer));
    assert_eq!(moved["callTransferResponse"]["status"], "Failed");
}

#[test]
fn a_call_fails_without_a_phone_or_an_answer() {
    for (reachable, answer, cause) in [
        (false, "<Response/>", "SUBSCRIBER_ABSENT"),
        (true, "{}", "NORMAL_TEMPORARY_FAILURE"),
    ] {
        let mut bench = Bench::new();
        bench.patch(json!({"africastalking": {"callbacks": {"voice": {DESK: URL}}}}));
        let change = serde_json::from_value(json!({"reachable": reachable})).unwrap();
        bench
            .sandbox
            .configure_phone(BUYER.parse().unwrap(), change)
            .unwrap();
        let body = json!({"username": "sandbox", "from": DESK, "to": [BUYER]});
        let request = keyed("POST", VOICE, "/call");
        bench.send(&request.with_body("application/json", body.to_string()));
        bench.advance(Span::from_mins(1), 200, answer);
        let last = fields(&bench, bench.delivered.len() - 1);
        assert_eq!(last["hangupCause"], cause);
    }
}

#[test]
fn what_is_beside_answers_as_its_clients_expect() {
    let mut bench = Bench::new();
    let queue = "username=sandbox&phoneNumbers=%2B254711000100";
    assert_eq!(
        text(&voice(&mut bench, "/queueStatus", queue)),
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../core/src/provider/africastalking/fixtures/queue_status.json"
        ))
    );
    let media = "username=sandbox&url=http%3A%2F%2Fa%2Fb.mp3&phoneNumber=%2B254711000100";
    let response = voice(&mut bench, "/mediaUpload", media);
    assert_eq!(response.status, 201);
    assert_eq!(
        text(&response),
        "The request has been fulfilled and resulted in a new resource being created."
    );
    let chat = json!({
        "username": "sandbox", "waNumber": DESK, "phoneNumber": BUYER, "body": {"message": "Hi"},
    });
    let request = keyed("POST", "chat.africastalking.com", "/whatsapp/message/send");
    let sent = read(&bench.send(&request.with_body("application/json", chat.to_string())));
    assert_eq!(sent["status"], "SENT");
    let phone = bench.sandbox.state().phone(BUYER.parse().unwrap()).unwrap();
    assert_eq!(phone.messages[0].text, "Hi");
    let token = json!({"username": "sandbox", "clientName": "desk", "phoneNumber": DESK});
    let request = keyed(
        "POST",
        "webrtc.africastalking.com",
        "/capability-token/request",
    );
    let token = read(&bench.send(&request.with_body("application/json", token.to_string())));
    assert_eq!(token["lifeTimeSec"], "86400");
    assert!(token["token"].as_str().unwrap().starts_with("ATCAPtkn_"));
}
