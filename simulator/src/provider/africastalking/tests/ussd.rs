//! USSD sessions served by an application outside.

use super::*;
use crate::kernel::phone::UssdInput;

fn bench() -> Bench {
    let mut bench = Bench::new();
    bench.patch(json!({"africastalking": {"callbacks": {
        "ussd": {"*384*123#": URL}, "ussd_events": "http://127.0.0.1:9/event",
    }}}));
    bench
}

fn key_in(bench: &mut Bench, input: UssdInput, status: u16, reply: &str) {
    bench.sandbox.ussd(BUYER.parse().unwrap(), input).unwrap();
    bench.advance(Span::from_secs(1), status, reply);
}

fn screen(bench: &Bench) -> (Option<String>, bool) {
    let phone = bench.sandbox.state().phone(BUYER.parse().unwrap()).unwrap();
    let session = phone.ussd.as_ref().unwrap();
    (session.screen.clone(), session.ended)
}

fn sent(bench: &Bench, index: usize) -> Vec<(String, String)> {
    form_urlencoded::parse(&bench.delivered[index].1.body)
        .into_owned()
        .collect()
}

fn value(fields: &[(String, String)], name: &str) -> String {
    let found = fields.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

#[test]
fn a_session_collects_its_inputs() {
    let mut bench = bench();
    key_in(
        &mut bench,
        UssdInput::Dial("*384*123#".to_owned()),
        200,
        "CON Menu",
    );
    assert_eq!(screen(&bench), (Some("Menu".to_owned()), false));
    key_in(
        &mut bench,
        UssdInput::Reply("1".to_owned()),
        200,
        "CON More",
    );
    key_in(&mut bench, UssdInput::Reply("2".to_owned()), 200, "END Bye");
    assert_eq!(screen(&bench), (Some("Bye".to_owned()), true));
    let first = sent(&bench, 0);
    let names: Vec<_> = first.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "sessionId",
        "phoneNumber",
        "networkCode",
        "serviceCode",
        "text",
    ];
    assert_eq!(names, expected);
    assert_eq!(value(&first, "text"), "");
    assert_eq!(value(&first, "networkCode"), "99999");
    assert_eq!(value(&sent(&bench, 1), "text"), "1");
    assert_eq!(value(&sent(&bench, 2), "text"), "1*2");
    let event = sent(&bench, 3);
    assert_eq!(value(&event, "sessionId"), value(&first, "sessionId"));
    assert_eq!(value(&event, "status"), "Success");
    assert_eq!(value(&event, "hopsCount"), "3");
    assert_eq!(value(&event, "input"), "1*2");
    assert_eq!(value(&event, "lastAppResponse"), "END Bye");
}

#[test]
fn a_longer_code_brings_inputs() {
    let mut bench = bench();
    key_in(
        &mut bench,
        UssdInput::Dial("*384*123*1*2#".to_owned()),
        200,
        "CON Menu",
    );
    key_in(
        &mut bench,
        UssdInput::Reply("3".to_owned()),
        200,
        "CON Menu",
    );
    assert_eq!(value(&sent(&bench, 1), "text"), "1*2*3");
    assert_eq!(value(&sent(&bench, 1), "serviceCode"), "*384*123#");
    bench
        .sandbox
        .ussd(BUYER.parse().unwrap(), UssdInput::HangUp)
        .unwrap();
    bench.settle();
    assert_eq!(value(&sent(&bench, 2), "status"), "Incomplete");
}

#[test]
fn a_wrong_answer_ends_the_session() {
    for (status, reply, why) in [
        (200, "Menu", "The response must begin with `CON ` or `END `"),
        (
            415,
            "CON Menu",
            "Received unexpected response code: 415 Unsupported Media Type",
        ),
    ] {
        let mut bench = bench();
        key_in(
            &mut bench,
            UssdInput::Dial("*384*123#".to_owned()),
            status,
            reply,
        );
        let (shown, ended) = screen(&bench);
        assert!(ended && shown.unwrap().contains("technical problems"));
        bench.settle();
        let event = sent(&bench, 1);
        assert_eq!(value(&event, "status"), "Failed");
        assert_eq!(value(&event, "errorMessage"), why);
        assert_eq!(bench.explained().unwrap().1, why);
    }
}
