//! Text messages both ways.

use super::*;

const MESSAGING: &str = "/version1/messaging";

fn messages(bench: &Bench, phone: &str) -> Vec<(String, String)> {
    let phone = bench.sandbox.state().phone(phone.parse().unwrap());
    let messages = phone.map(|phone| phone.messages.iter());
    messages
        .into_iter()
        .flatten()
        .map(|message| (message.from.clone(), message.text.clone()))
        .collect()
}

#[test]
fn a_message_reaches_the_phone_and_is_charged() {
    let mut bench = Bench::new();
    bench.patch(json!({"africastalking": {"callbacks": {"delivery_reports": URL}}}));
    let body = "username=sandbox&to=%2B254712345678%2C%2B254711000000&message=Hello&from=ESCROW\
                &bulkSMSMode=1&keyword=undefined";
    let response = bench.send(&form(MESSAGING, body));
    assert_eq!(response.status, 201);
    assert_eq!(response.header("content-type"), Some("application/json"));
    let answer = &read(&response)["SMSMessageData"];
    assert_eq!(
        answer["Message"],
        "Sent to 2/2 Total Cost: KES 1.6000 Message parts: 1"
    );
    let first = &answer["Recipients"][0];
    assert_eq!(first["cost"], "KES 0.8000");
    assert_eq!(first["number"], BUYER);
    assert_eq!(first["status"], "Success");
    assert_eq!(first["statusCode"], 101);
    assert!(first["messageId"].as_str().unwrap().starts_with("ATXid_"));
    assert_eq!(
        messages(&bench, BUYER),
        [("ESCROW".to_owned(), "Hello".to_owned())]
    );
    assert_eq!(bench.stash(), "9998.40");
    bench.settle();
    let report = String::from_utf8(bench.delivered[0].1.body.clone()).unwrap();
    let id = first["messageId"].as_str().unwrap();
    assert_eq!(
        report,
        format!("id={id}&status=Success&phoneNumber=%2B254712345678&networkCode=99999")
    );
}

#[test]
fn xml_has_the_same_values() {
    let mut bench = Bench::new();
    let body = "username=sandbox&to=%2B254712345678&message=Hello";
    let type_of = "application/x-www-form-urlencoded";
    let request = keyed("POST", API, MESSAGING).with_body(type_of, body);
    let response = bench.send(&request);
    assert_eq!(response.status, 201);
    assert_eq!(response.header("content-type"), Some("application/xml"));
    let document = text(&response);
    for part in [
        "<AfricasTalkingResponse><SMSMessageData><Message>Sent to 1/1 Total Cost: KES 0.8000",
        "<Recipients><Recipient><number>+254712345678</number><cost>KES 0.8000</cost>",
        "<status>Success</status><statusCode>101</statusCode><messageId>ATXid_",
    ] {
        assert!(document.contains(part), "{document}");
    }
    assert_eq!(messages(&bench, BUYER)[0].0, "AFRICASTKNG");
}

#[test]
fn each_recipient_has_a_status_of_its_own() {
    let mut bench = Bench::new();
    bench.patch(json!({"africastalking": {"apps": [{"balance": "KES 1.0000"}]}}));
    let numbers = "%2B254712345678%2C0712345678%2C%2B254711000000";
    let body = format!("username=sandbox&to={numbers}&message=Hi&enqueue=1");
    let answer = read(&bench.send(&form(MESSAGING, &body)));
    let answer = &answer["SMSMessageData"];
    assert_eq!(
        answer["Message"],
        "Sent to 1/3 Total Cost: KES 0.8000 Message parts: 1"
    );
    let codes: Vec<_> = answer["Recipients"].as_array().unwrap().iter().collect();
    let codes: Vec<_> = codes
        .iter()
        .map(|r| r["statusCode"].as_u64().unwrap())
        .collect();
    assert_eq!(codes, [102, 403, 405]);
    let refused = &answer["Recipients"][1];
    assert_eq!(refused["status"], "InvalidPhoneNumber");
    assert_eq!(refused["cost"], "0");
    assert_eq!(refused["messageId"], "None");
}

#[test]
fn a_bad_sender_refuses_the_whole() {
    let mut bench = Bench::new();
    let body = "username=sandbox&to=%2B254712345678&message=Hi&from=NameThatIsTooLong";
    let response = bench.send(&form(MESSAGING, body));
    assert_eq!(response.status, 201);
    assert_eq!(
        text(&response),
        r#"{"SMSMessageData":{"Message":"InvalidSenderId","Recipients":[]}}"#
    );
    assert_eq!(bench.explained().unwrap().0, "/from");
}

#[test]
fn bulk_takes_json() {
    let mut bench = Bench::new();
    let body = json!({
        "username": "sandbox", "message": "Hi", "senderId": "ESCROW", "phoneNumbers": [BUYER],
    });
    let request = keyed("POST", API, "/version1/messaging/bulk");
    let request = request.with_header("accept", "application/json");
    let response = bench.send(&request.with_body("application/json", body.to_string()));
    assert_eq!(response.status, 201);
    assert_eq!(
        read(&response)["SMSMessageData"]["Recipients"][0]["statusCode"],
        101
    );
    assert_eq!(messages(&bench, BUYER).len(), 1);
}

#[test]
fn an_unreachable_phone_is_reported_as_absent() {
    let mut bench = Bench::new();
    bench.patch(json!({"africastalking": {"callbacks": {"delivery_reports": URL}}}));
    let change = serde_json::from_value(json!({"reachable": false})).unwrap();
    bench
        .sandbox
        .configure_phone(BUYER.parse().unwrap(), change)
        .unwrap();
    let body = "username=sandbox&to=%2B254712345678&message=Hi";
    assert_eq!(bench.send(&form(MESSAGING, body)).status, 201);
    bench.settle();
    let report = String::from_utf8(bench.delivered[0].1.body.clone()).unwrap();
    assert!(report.contains("status=AbsentSubscriber"), "{report}");
    assert!(messages(&bench, BUYER).is_empty());
}

#[test]
fn a_phone_writes_to_a_short_code() {
    let mut bench = Bench::new();
    bench.patch(json!({"africastalking": {"callbacks": {"incoming_messages": URL}}}));
    let buyer: Msisdn = BUYER.parse().unwrap();
    bench
        .sandbox
        .send_sms(buyer, "40404", "ACCEPT-VC-1042")
        .unwrap();
    bench
        .sandbox
        .send_sms(buyer, "+254711000000", "not for us")
        .unwrap();
    bench.advance(Span::from_secs(90), 500, "");
    bench.advance(Span::from_mins(5), 200, "");
    assert_eq!(bench.delivered.len(), 3);
    let body = String::from_utf8(bench.delivered[0].1.body.clone()).unwrap();
    assert_eq!(
        body,
        "date=2026-03-06+10%3A30%3A00&from=%2B254712345678&id=1&networkCode=99999\
         &text=ACCEPT-VC-1042&to=40404"
    );
    let mut request = keyed("GET", API, MESSAGING).with_header("accept", "application/json");
    request.query =
        "username=sandbox&lastReceivedId=0&keyword=undefined&shortCode=undefined".to_owned();
    let response = bench.send(&request);
    assert_eq!(response.status, 200);
    let golden = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../core/src/provider/africastalking/fixtures/sms_inbox.json"
    ));
    let expected = golden
        .replace("+254711000000", BUYER)
        .replace("\"id\":7", "\"id\":1");
    assert_eq!(text(&response), expected.replace(".120Z", ".000Z"));
    request.query = "username=sandbox&lastReceivedId=1".to_owned();
    let nothing = text(&bench.send(&request));
    assert_eq!(nothing, r#"{"SMSMessageData":{"Messages":[]}}"#);
}

#[test]
fn stop_opts_out_and_start_in() {
    let mut bench = Bench::new();
    bench.patch(json!({"africastalking": {"callbacks": {"bulk_opt_out": URL}}}));
    let buyer: Msisdn = BUYER.parse().unwrap();
    bench.sandbox.send_sms(buyer, "40404", "Stop").unwrap();
    let body = "username=sandbox&to=%2B254712345678&message=Hi";
    let send = |bench: &mut Bench| read(&bench.send(&form(MESSAGING, body)));
    let answer = send(&mut bench);
    let refused = &answer["SMSMessageData"];
    assert_eq!(refused["Message"], "Sent to 0/1 Total Cost: 0");
    assert_eq!(refused["Recipients"][0]["status"], "UserInBlacklist");
    assert_eq!(refused["Recipients"][0]["statusCode"], 406);
    bench.sandbox.send_sms(buyer, "40404", "START").unwrap();
    let answer = send(&mut bench);
    assert_eq!(answer["SMSMessageData"]["Recipients"][0]["statusCode"], 101);
    bench.settle();
    let body = String::from_utf8(bench.delivered[0].1.body.clone()).unwrap();
    assert_eq!(body, "senderId=40404&phoneNumber=%2B254712345678");
}

#[test]
fn the_credit_is_the_stash() {
    let mut bench = Bench::new();
    let mut request = keyed("GET", API, "/version1/user").with_header("accept", "application/json");
    request.query = "username=sandbox".to_owned();
    let response = bench.send(&request);
    assert_eq!(response.status, 200);
    assert_eq!(
        text(&response),
        r#"{"UserData":{"balance":"KES 10000.0000"}}"#
    );
}

#[test]
fn reports_say_why_and_on_the_way() {
    for (word, status, reason) in [
        ("DeliveryFailure", "Failed", Some("DeliveryFailure")),
        ("UserInBlackList", "Rejected", Some("UserInBlackList")),
        ("Expired", "Expired", None),
        ("Failed", "Failed", Some("DeliveryFailure")),
    ] {
        let mut bench = Bench::new();
        bench.patch(json!({"africastalking": {
            "callbacks": {"delivery_reports": URL},
            "behaviour": {
                "deliveries": {BUYER: word}, "intermediate_reports": true, "delivery_delay": "10s",
            },
        }}));
        let body = "username=sandbox&to=%2B254712345678&message=Hi";
        assert_eq!(bench.send(&form(MESSAGING, body)).status, 201);
        bench.advance(Span::from_secs(6), 200, "");
        assert_eq!(bench.delivered.len(), 2);
        bench.settle();
        let reports: Vec<std::collections::BTreeMap<String, String>> = bench
            .delivered
            .iter()
            .map(|(_, report)| form_urlencoded::parse(&report.body).into_owned().collect())
            .collect();
        let words: Vec<_> = reports
            .iter()
            .map(|report| report["status"].as_str())
            .collect();
        assert_eq!(words, ["Sent", "Buffered", status]);
        assert_eq!(reports[2].get("failureReason").map(String::as_str), reason);
        assert!(messages(&bench, BUYER).is_empty());
    }
}

#[test]
fn every_refusal_of_a_recipient_has_its_number() {
    for (word, code) in [
        ("RiskHold", 401),
        ("InvalidSenderId", 402),
        ("InvalidPhoneNumber", 403),
        ("UnsupportedNumberType", 404),
        ("InsufficientBalance", 405),
        ("UserInBlacklist", 406),
        ("CouldNotRoute", 407),
        ("DoNotDisturbRejection", 409),
        ("InternalServerError", 500),
        ("GatewayError", 501),
        ("RejectedByGateway", 502),
    ] {
        let mut bench = Bench::new();
        bench.patch(json!({"africastalking": {"behaviour": {"recipients": {BUYER: word}}}}));
        let body = "username=sandbox&to=%2B254712345678&message=Hi";
        let response = bench.send(&form(MESSAGING, body));
        assert_eq!(response.status, 201, "{word}");
        let expected = json!({"SMSMessageData": {
            "Message": "Sent to 0/1 Total Cost: 0",
            "Recipients": [{
                "cost": "0", "messageId": "None", "number": BUYER, "status": word,
                "statusCode": code,
            }],
        }});
        assert_eq!(text(&response), expected.to_string(), "{word}");
        bench.settle();
        assert!(messages(&bench, BUYER).is_empty(), "{word}");
    }
}

#[test]
fn every_end_of_a_message_is_reported() {
    for (word, status, reason) in [
        ("AbsentSubscriber", "AbsentSubscriber", None),
        ("Expired", "Expired", None),
        ("Failed", "Failed", Some("DeliveryFailure")),
        ("Rejected", "Rejected", Some("DeliveryFailure")),
        ("InsufficientCredit", "Rejected", Some("InsufficientCredit")),
        ("InvalidLinkId", "Rejected", Some("InvalidLinkId")),
        ("UserIsInactive", "Failed", Some("UserIsInactive")),
        ("UserInBlackList", "Rejected", Some("UserInBlackList")),
        (
            "UserAccountSuspended",
            "Failed",
            Some("UserAccountSuspended"),
        ),
        (
            "NotNetworkSubcriber",
            "Rejected",
            Some("NotNetworkSubcriber"),
        ),
        (
            "UserNotSubscribedToProduct",
            "Rejected",
            Some("UserNotSubscribedToProduct"),
        ),
        ("UserDoesNotExist", "Failed", Some("UserDoesNotExist")),
        ("DeliveryFailure", "Failed", Some("DeliveryFailure")),
        (
            "DoNotDisturbRejection",
            "Rejected",
            Some("DoNotDisturbRejection"),
        ),
    ] {
        let mut bench = Bench::new();
        bench.patch(json!({"africastalking": {
            "callbacks": {"delivery_reports": URL}, "behaviour": {"deliveries": {BUYER: word}},
        }}));
        let body = "username=sandbox&to=%2B254712345678&message=Hi";
        let sent = read(&bench.send(&form(MESSAGING, body)));
        let id = &sent["SMSMessageData"]["Recipients"][0]["messageId"];
        bench.settle();
        let [(_, report)] = &bench.delivered[..] else {
            panic!("{word}");
        };
        let mut expected = vec![
            ("id", id.as_str().unwrap()),
            ("status", status),
            ("phoneNumber", BUYER),
            ("networkCode", "99999"),
        ];
        expected.extend(reason.map(|reason| ("failureReason", reason)));
        let fields: Vec<(String, String)> =
            form_urlencoded::parse(&report.body).into_owned().collect();
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(fields, expected, "{word}");
    }
}

#[test]
fn recipients_and_senders_are_refused_by_the_settings() {
    let mut bench = Bench::new();
    bench.patch(json!({"africastalking": {"behaviour": {
        "recipients": {BUYER: "CouldNotRoute"}, "senders": ["ESCROW"], "message_parts": false,
        "enqueue": true,
    }}}));
    let body = "username=sandbox&to=%2B254712345678%2C%2B254711000000&message=Hi&from=ESCROW";
    let answer = read(&bench.send(&form(MESSAGING, body)));
    let data = &answer["SMSMessageData"];
    assert_eq!(data["Message"], "Sent to 1/2 Total Cost: KES 0.8000");
    assert_eq!(data["Recipients"][0]["statusCode"], 407);
    assert_eq!(data["Recipients"][0]["status"], "CouldNotRoute");
    assert_eq!(data["Recipients"][1]["statusCode"], 102);
    assert_eq!(bench.explained().unwrap().0, "/to");
    let answer = read(&bench.send(&form(MESSAGING, &body.replace("ESCROW", "OTHER"))));
    assert_eq!(answer["SMSMessageData"]["Message"], "InvalidSenderId");
}

#[test]
fn costs_are_the_phones_money_and_the_sum_is_the_accounts() {
    let mut bench = Bench::new();
    bench.patch(json!({"africastalking": {
        "apps": [{"balance": "USD 50.0000"}],
        "behaviour": {"rates": {"USD/KES": "129.00", "UGX/KES": "0.0355"}},
    }}));
    let text = "a".repeat(1_000);
    let to = "%2B254712345678%2C%2B256712345678%2C%2B250788123456";
    let body = format!("username=sandbox&to={to}&message={text}");
    let answer = read(&bench.send(&form(MESSAGING, &body)));
    let data = &answer["SMSMessageData"];
    // Seven parts at KES 0.80 are USD 0.04, three times.
    assert_eq!(
        data["Message"],
        "Sent to 3/3 Total Cost: USD 0.1200 Message parts: 7"
    );
    let costs: Vec<_> = (0..3).map(|n| &data["Recipients"][n]["cost"]).collect();
    assert_eq!(costs, ["KES 5.6000", "UGX 158.0000", "USD 0.0400"]);
}

#[test]
fn a_masked_number_is_the_phone_with_that_hash() {
    use sha2::{Digest, Sha256};
    let mut bench = Bench::new();
    let buyer: Msisdn = BUYER.parse().unwrap();
    bench.sandbox.ensure_phone(buyer);
    let masked = hex::encode(Sha256::digest(buyer.digits()));
    let body = format!("username=sandbox&message=Hi&maskedNumber={masked}&telco=Safaricom");
    let response = bench.send(&form("/version1/messaging/bulk", &body));
    let answer = read(&response);
    assert_eq!(answer["SMSMessageData"]["Recipients"][0]["statusCode"], 101);
    assert_eq!(answer["SMSMessageData"]["Recipients"][0]["number"], masked);
    assert_eq!(messages(&bench, BUYER).len(), 1);
    let unknown = body.replace(&masked, &"0".repeat(64));
    let answer = read(&bench.send(&form("/version1/messaging/bulk", &unknown)));
    assert_eq!(answer["SMSMessageData"]["Recipients"][0]["statusCode"], 403);
}

#[test]
fn the_network_of_live_applications_is_the_phones() {
    let mut bench = Bench::new();
    bench.patch(json!({"africastalking": {
        "apps": [{"username": "shop", "api_key": "k"}], "callbacks": {"incoming_messages": URL},
    }}));
    bench
        .sandbox
        .send_sms(BUYER.parse().unwrap(), "40404", "Hi")
        .unwrap();
    bench.settle();
    let body = String::from_utf8(bench.delivered[0].1.body.clone()).unwrap();
    assert!(body.contains("networkCode=63902"), "{body}");
}
