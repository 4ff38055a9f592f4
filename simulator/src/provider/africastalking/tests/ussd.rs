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
    // Nothing waits for a session that is over.
    assert!(bench.sandbox.state().timers.first().is_none());
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

fn dial(bench: &mut Bench, reply: &str) {
    key_in(bench, UssdInput::Dial("*384*123#".to_owned()), 200, reply);
}

#[test]
fn a_screen_waits_as_long_as_the_network_lets_it() {
    for (operator, waits) in [("Safaricom", 30), ("Airtel Kenya", 60)] {
        let mut bench = bench();
        let change = serde_json::from_value(json!({"operator": operator})).unwrap();
        bench
            .sandbox
            .configure_phone(BUYER.parse().unwrap(), change)
            .unwrap();
        dial(&mut bench, "CON Menu");
        bench.advance(Span::from_secs(waits - 2), 200, "");
        assert!(!screen(&bench).1, "{operator}");
        // An answer gives the next screen its own time.
        key_in(
            &mut bench,
            UssdInput::Reply("1".to_owned()),
            200,
            "CON More",
        );
        bench.advance(Span::from_secs(waits - 2), 200, "");
        assert!(!screen(&bench).1, "{operator}");
        bench.advance(Span::from_secs(2), 200, "");
        assert!(screen(&bench).1, "{operator}");
        bench.settle();
        let event = sent(&bench, 2);
        assert_eq!(value(&event, "status"), "Incomplete");
        assert_eq!(value(&event, "hopsCount"), "2");
        assert_eq!(value(&event, "input"), "1");
        assert_eq!(bench.delivered.len(), 3);
    }
}

#[test]
fn a_session_lasts_three_minutes() {
    let mut bench = bench();
    bench.patch(json!({"africastalking": {"behaviour": {"ussd_idle": "10m"}}}));
    dial(&mut bench, "CON Menu");
    bench.advance(Span::from_secs(178), 200, "");
    assert!(!screen(&bench).1);
    bench.advance(Span::from_secs(2), 200, "");
    assert!(screen(&bench).1);
    let duration = value(&sent(&bench, 1), "durationInMillis");
    assert_eq!(duration, "180000");
}

#[test]
fn an_application_that_is_silent_ends_the_session() {
    use crate::kernel::callback::DeliveryError;
    let mut bench = bench();
    bench
        .sandbox
        .ussd(
            BUYER.parse().unwrap(),
            UssdInput::Dial("*384*123#".to_owned()),
        )
        .unwrap();
    bench.sandbox.begin_advance();
    let now = bench.sandbox.now();
    bench.sandbox.run_until(now + Span::from_secs(1));
    for delivery in bench.sandbox.take_deliveries() {
        let attempt = Attempt::failed(DeliveryError::TimedOut);
        bench.sandbox.callback_attempted(delivery.id, &attempt);
    }
    bench.sandbox.end_advance(now, 0);
    bench.settle();
    let event = sent(&bench, 0);
    assert_eq!(value(&event, "status"), "Failed");
    assert_eq!(
        value(&event, "errorMessage"),
        "The application did not respond in time"
    );
}

#[test]
fn the_end_need_not_be_told() {
    let mut bench = bench();
    bench.patch(json!({"africastalking": {"behaviour": {"ussd_end_events": false}}}));
    dial(&mut bench, "END Bye");
    bench.settle();
    assert_eq!(bench.delivered.len(), 1);
}

#[test]
fn an_application_opens_a_session() {
    let mut bench = bench();
    let push = |menu: &str| {
        let menu = menu.replace(' ', "+");
        let body = format!("username=sandbox&phoneNumber=%2B254712345678&menu={menu}");
        form("/ussd/push/request", &body)
    };
    let refused = read(&bench.send(&push("Hello")));
    assert_eq!(refused["status"], "Failed");
    assert_eq!(refused["sessionId"], "None");
    assert_eq!(bench.explained().unwrap().0, "/menu");
    let answer = read(&bench.send(&push("CON Pay?")));
    assert_eq!(answer["status"], "Queued");
    assert_eq!(screen(&bench), (Some("Pay?".to_owned()), false));
    key_in(
        &mut bench,
        UssdInput::Reply("1".to_owned()),
        200,
        "END Done",
    );
    let asked = sent(&bench, 0);
    assert_eq!(
        value(&asked, "sessionId"),
        answer["sessionId"].as_str().unwrap()
    );
    assert_eq!(value(&asked, "text"), "1");
    assert_eq!(screen(&bench), (Some("Done".to_owned()), true));
    let last = read(&bench.send(&push("END Bye")));
    assert_eq!(last["errorMessage"], "None");
    assert_eq!(screen(&bench), (Some("Bye".to_owned()), true));
}

/// The same for a live user name, whose phones have real networks.
fn live() -> Bench {
    let mut bench = bench();
    let app = json!({"username": "shop", "api_key": "atsk_shop", "balance": "KES 100.0000"});
    bench.patch(json!({"africastalking": {"apps": [app]}}));
    bench
}

#[test]
fn a_long_screen_is_turned_by_the_network_and_not_by_the_application() {
    let mut bench = live();
    let lines: Vec<String> = (1..=9)
        .map(|n| format!("{n}. {}", "x".repeat(40)))
        .collect();
    let menu = format!("CON {}", lines.join("\n"));
    dial(&mut bench, &menu);
    let page = |bench: &Bench| screen(bench).0.unwrap();
    let first = page(&bench);
    assert!(first.ends_with("\n98:MORE") && first.chars().count() <= 160);
    for input in ["98", "98", "00"] {
        key_in(&mut bench, UssdInput::Reply(input.to_owned()), 500, "");
    }
    let second = page(&bench);
    assert!(second.ends_with("\n00:BACK\n98:MORE"), "{second}");
    key_in(
        &mut bench,
        UssdInput::Reply("4".to_owned()),
        200,
        "CON Short",
    );
    assert_eq!(page(&bench), "Short");
    // Now the numbers are the application's.
    key_in(
        &mut bench,
        UssdInput::Reply("98".to_owned()),
        200,
        "END Bye",
    );
    bench.settle();
    let texts: Vec<_> = (0..3)
        .map(|index| value(&sent(&bench, index), "text"))
        .collect();
    assert_eq!(texts, ["", "4", "4*98"]);
    let event = sent(&bench, 3);
    assert_eq!(value(&event, "input"), "4*98");
    assert_eq!(value(&event, "hopsCount"), "3");
    assert_eq!(bench.delivered.len(), 4);
}

#[test]
fn a_long_last_screen_ends_with_its_last_page() {
    let mut bench = live();
    dial(&mut bench, &format!("END {}", "word ".repeat(50)));
    assert!(!screen(&bench).1);
    for (input, over) in [("7", false), ("98", true)] {
        key_in(&mut bench, UssdInput::Reply(input.to_owned()), 500, "");
        assert_eq!(screen(&bench).1, over, "{input}");
    }
    bench.settle();
    assert_eq!(bench.delivered.len(), 2);
    assert_eq!(value(&sent(&bench, 1), "status"), "Success");
}

#[test]
fn the_network_of_the_sandbox_shows_a_screen_whole() {
    let mut bench = bench();
    let text = "x".repeat(500);
    dial(&mut bench, &format!("CON {text}"));
    assert_eq!(screen(&bench).0, Some(text));
}

/// One step; the application attaches this to its screen. Answers what came back with the request.
fn hop(bench: &mut Bench, input: UssdInput, attached: Option<&str>, reply: &str) -> Option<String> {
    const HEADER: &str = "at-ussd-hop-metadata";
    bench.sandbox.ussd(BUYER.parse().unwrap(), input).unwrap();
    bench.sandbox.begin_advance();
    let now = bench.sandbox.now();
    bench.sandbox.run_until(now + Span::from_secs(1));
    let delivery = bench.sandbox.take_deliveries().pop().unwrap();
    let attached = attached.map(|text| (HEADER.to_owned(), text.to_owned()));
    let attempt = Attempt {
        headers: attached.into_iter().collect(),
        ..Attempt::answered(200, reply)
    };
    bench.sandbox.callback_attempted(delivery.id, &attempt);
    bench.sandbox.end_advance(now, 1);
    let mut headers = delivery.headers.into_iter();
    headers
        .find(|(name, _)| name == HEADER)
        .map(|(_, value)| value)
}

#[test]
fn what_is_attached_to_a_screen_comes_back_with_its_answer() {
    let mut bench = bench();
    let too_long = "x".repeat(100);
    let dialled = UssdInput::Dial("*384*123#".to_owned());
    let reply = || UssdInput::Reply("1".to_owned());
    assert_eq!(hop(&mut bench, dialled, Some("a=1"), "CON 1"), None);
    let back = hop(&mut bench, reply(), Some("a|b"), "CON 2");
    assert_eq!(back.as_deref(), Some("a=1"));
    assert_eq!(bench.explained().unwrap().0, "/at-ussd-hop-metadata");
    assert_eq!(hop(&mut bench, reply(), Some(&too_long), "CON 3"), None);
    assert_eq!(hop(&mut bench, reply(), Some("b=2"), "CON 4"), None);
    let back = hop(&mut bench, reply(), None, "END Bye");
    assert_eq!(back.as_deref(), Some("b=2"));
    bench.settle();
    assert_eq!(value(&sent(&bench, 0), "hopsMetadata"), "a=1|b=2");
}

#[test]
fn an_input_is_as_long_as_the_network_takes() {
    for (is_live, operator, most) in [
        (true, "Safaricom", 80),
        (true, "Airtel Kenya", 90),
        (false, "Safaricom", 182),
    ] {
        let mut bench = if is_live { live() } else { bench() };
        let phone: Msisdn = BUYER.parse().unwrap();
        let change = serde_json::from_value(json!({"operator": operator})).unwrap();
        bench.sandbox.configure_phone(phone, change).unwrap();
        dial(&mut bench, "CON Say it");
        let long = UssdInput::Reply("x".repeat(most + 1));
        let refused = bench.sandbox.ussd(phone, long).unwrap_err();
        assert_eq!(refused.code(), "request.field_invalid", "{operator}");
        key_in(
            &mut bench,
            UssdInput::Reply("x".repeat(most)),
            200,
            "END Bye",
        );
        assert!(screen(&bench).1, "{operator}");
    }
}
