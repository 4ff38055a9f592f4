//! The menu on the parties' phones, through the provider, and the same by text message.

use super::*;

const MAIN: &str = "VoicePact\n1. My contracts\n2. Confirm delivery\n3. Accept delivery\n\
    4. Report a problem\n5. Payment status\n6. Help\n7. Kiswahili";
const REFUSED: &str = "This cannot be done now. Please look at the payment status.";

#[test]
fn from_my_contracts_to_the_released_money() {
    let mut bench = Bench::locked();
    assert_eq!(bench.dial(SELLER, "*483#"), MAIN);
    let (list, _) = bench.reply(SELLER, "1");
    assert_eq!(
        list,
        "My contracts:\n1. AG-2024-001234 KES 350,000.00\n0. Back"
    );
    let (details, _) = bench.reply(SELLER, "1");
    assert_eq!(
        details,
        "AG-2024-001234\nMaize KES 350,000.00\nPaid, held safely\n1. Confirm delivery\n\
         2. Report a problem\n0. Back"
    );
    let (sure, ended) = bench.reply(SELLER, "1");
    assert!(sure.starts_with("Were all goods of\nAG-2024-001234\ndelivered?") && !ended);
    let (thanks, ended) = bench.reply(SELLER, "1");
    assert_eq!(
        (thanks.as_str(), ended),
        (
            "Thank you. Your confirmation for\nAG-2024-001234\nwas received.",
            true
        )
    );
    assert_eq!(bench.status(), "locked");
    assert!(
        bench
            .inbox(BUYER)
            .last()
            .unwrap()
            .contains("Full delivery claimed")
    );

    let thanks = bench.walk(BUYER, &["3", "1", "1"]);
    assert!(thanks.starts_with("Thank you. Your acceptance"), "{thanks}");
    assert_eq!(bench.status(), "released");
    assert_eq!(bench.balance(SELLER), "850000.00");
    assert_eq!(bench.balance(BUYER), "150000.00");
    bench.check();
}

#[test]
fn what_was_done_by_menu_stands_as_that_in_the_history() {
    let mut bench = Bench::locked();
    bench.sandbox.take_batch();
    bench.walk(SELLER, &["2", "1", "1"]);
    let batch = bench.sandbox.take_batch();
    let confirmed = batch
        .iter()
        .map(|recorded| recorded.view())
        .find(|view| view.kind == "payment.delivery_confirmed")
        .unwrap();
    assert_eq!(confirmed.data["event"]["channel"], "ussd");
}

#[test]
fn the_buyer_accepts_by_text_what_was_confirmed_by_menu() {
    let mut bench = Bench::locked();
    bench.walk(SELLER, &["1", "1", "1", "1"]);
    bench.text(BUYER, "KUBALI AG-2024-001234");
    assert_eq!(bench.status(), "released");
    bench.check();
}

#[test]
fn a_problem_reported_by_menu_blocks_the_release() {
    let mut bench = Bench::locked();
    bench.walk(SELLER, &["2", "1", "1"]);
    let thanks = bench.walk(BUYER, &["4", "1", "5", "ten bags are torn"]);
    assert!(thanks.contains("The money stays with us"), "{thanks}");
    let (_, contract) = bench.get(&format!("/contracts/{CONTRACT}"));
    assert_eq!(contract["status"], "disputed");
    // The acceptance counts, but nothing moves while the dispute is open.
    bench.walk(BUYER, &["3", "1", "1"]);
    assert_eq!(bench.status(), "locked");
    assert_eq!(bench.balance(SELLER), "500000.00");
    bench.dial(BUYER, "*483*5*1#");
    let (status, _) = bench.reply(BUYER, "9");
    assert!(status.contains("Held, problem reported"), "{status}");
}

#[test]
fn in_swahili_from_the_first_screen_to_the_refusal() {
    let mut bench = Bench::locked();
    bench.dial(SELLER, "*483#");
    let (main, _) = bench.reply(SELLER, "7");
    assert!(main.contains("2. Thibitisha mzigo umefika\n"), "{main}");
    bench.reply(SELLER, "2");
    bench.reply(SELLER, "1");
    // Meanwhile the seller has confirmed by text message, so the choice is stale.
    bench.text(SELLER, "CONFIRM-AG-2024-001234");
    let (last, ended) = bench.reply(SELLER, "1");
    assert_eq!(
        (last.as_str(), ended),
        (
            "Hili haliwezekani kwa sasa. Tafadhali angalia hali ya malipo.",
            true
        )
    );
    assert_eq!(bench.count("menu.refused"), 1);
}

#[test]
fn a_code_dialled_with_inputs_goes_straight_there() {
    let mut bench = Bench::locked();
    let sure = bench.dial(SELLER, "*483*2*1#");
    assert!(sure.starts_with("Were all goods of"), "{sure}");
    let (thanks, ended) = bench.reply(SELLER, "1");
    assert!(thanks.starts_with("Thank you.") && ended);
}

#[test]
fn a_phone_without_contracts_gets_the_menu_and_nothing_else() {
    let mut bench = Bench::locked();
    let stranger = "+254700000001";
    assert_eq!(bench.dial(stranger, "*483#"), MAIN);
    for choice in ["1", "2", "3", "4", "5"] {
        let screen = bench.dial(stranger, &format!("*483*{choice}#"));
        assert_eq!(
            screen, "No contract is waiting for this.\n0. Back",
            "{choice}"
        );
    }
    let (wrong, ended) = bench.reply(stranger, "1");
    assert!(wrong.starts_with("Wrong choice.") && !ended, "{wrong}");
    assert_eq!(bench.status(), "locked");
}

#[test]
fn each_party_is_offered_only_what_it_may_do_now() {
    let mut bench = Bench::with_contract();
    let screen = |bench: &mut Bench, phone: &str| bench.dial(phone, "*483*1*1#");
    let unpaid = "AG-2024-001234\nKES 350,000.00\nNot paid yet\n0. Back";
    assert_eq!(screen(&mut bench, BUYER), unpaid);
    bench.post("/payments/checkout", &checkout(CONTRACT, BUYER));
    let pending = screen(&mut bench, SELLER);
    assert!(
        pending.ends_with("Waiting for the payment\n0. Back"),
        "{pending}"
    );
    bench.approve(BUYER);
    let locked = screen(&mut bench, BUYER);
    assert!(
        locked.contains("1. Accept delivery\n2. Report a problem\n"),
        "{locked}"
    );
    bench.walk(SELLER, &["2", "1", "1"]);
    bench.walk(BUYER, &["3", "1", "1"]);
    let released = screen(&mut bench, SELLER);
    assert!(
        released.ends_with("Paid to the seller\n0. Back"),
        "{released}"
    );
}

#[test]
fn numbers_mean_the_contracts_as_they_were_listed() {
    let mut bench = Bench::locked();
    bench.dial(SELLER, "*483#");
    bench.reply(SELLER, "2");
    // A newer contract would now be the first of the list.
    bench.advance(Span::from_secs(1));
    bench.post("/contracts", &contract("AG-9", "+254700000009"));
    bench.post("/payments/checkout", &checkout("AG-9", "+254700000009"));
    bench.approve("+254700000009");
    let (sure, _) = bench.reply(SELLER, "1");
    assert!(sure.contains("AG-2024-001234"), "{sure}");
    bench.reply(SELLER, "1");
    assert!(bench.dial(SELLER, "*483*2#").contains("1. AG-9 "));
}

/// As many contracts of this buyer as the number says, the first of them paid.
fn with_many(count: usize) -> Bench {
    let mut bench = Bench::locked();
    for number in 1..count {
        let (status, _) = bench.post("/contracts", &contract(&format!("AG-{number}"), BUYER));
        assert_eq!(status, 201);
        bench.advance(Span::from_secs(1));
    }
    bench
}

#[test]
fn many_contracts_have_pages_and_each_can_be_reached() {
    let mut bench = with_many(40);
    let mut screens = vec![bench.dial(SELLER, "*483*1#")];
    while screens.last().unwrap().contains("98. More") {
        let (screen, ended) = bench.reply(SELLER, "98");
        assert!(!ended && screens.len() < 40, "{screens:?}");
        screens.push(screen);
    }
    assert!(screens.iter().all(|screen| screen.chars().count() <= 182));
    let listed = |id: &str| screens.iter().filter(|screen| screen.contains(id)).count();
    for number in 1..40 {
        assert_eq!(listed(&format!(". AG-{number} ")), 1, "{number}");
    }
    // The oldest is the last.
    let (details, _) = bench.reply(SELLER, "40");
    assert!(details.contains("AG-2024-001234") && details.contains("1. Confirm delivery"));
}

#[test]
fn what_waits_for_a_party_is_listed_however_many_contracts_came_since() {
    let mut bench = with_many(120);
    let thanks = bench.walk(SELLER, &["2", "1", "1"]);
    assert!(thanks.contains("AG-2024-001234"), "{thanks}");
}

#[test]
fn a_choice_about_a_payment_that_is_over_does_not_reach_the_next_one() {
    let mut bench = Bench::locked();
    bench.dial(BUYER, "*483*3*1#");
    let refund = json!({"transaction_id": TRANSACTION});
    assert_eq!(bench.post("/payments/refund", &refund).0, 200);
    bench.post("/payments/checkout", &checkout(CONTRACT, BUYER));
    bench.approve(BUYER);
    assert_eq!(bench.reply(BUYER, "1"), (REFUSED.to_owned(), true));
    let second = "TXN-AG-2024-001234-002";
    let (_, payment) = bench.get(&format!("/payments/status/{second}"));
    assert_eq!(payment["status"], "locked");
    assert!(
        payment["waiting_for"]
            .as_array()
            .unwrap()
            .contains(&json!("acceptance"))
    );
}

#[test]
fn a_last_step_that_comes_twice_is_taken_once() {
    let mut bench = Bench::locked();
    bench.post("/contracts", &contract("AG-9", "+254700000009"));
    bench.post("/payments/checkout", &checkout("AG-9", "+254700000009"));
    bench.approve("+254700000009");
    let rule = json!({
        "leg": "callback", "kind": "duplicate",
        "match": {"operation": "ussd_session"},
    });
    let rule = serde_json::from_value(rule).unwrap();
    bench.sandbox.arm_fault(rule).unwrap();
    let thanks = bench.walk(SELLER, &["2", "1", "1"]);
    assert!(thanks.starts_with("Thank you."), "{thanks}");
    bench.advance(Span::from_secs(5));
    bench.sandbox.take_batch();
    let waiting: Vec<bool> = [TRANSACTION, "TXN-AG-9-001"]
        .iter()
        .map(|id| {
            let (_, payment) = bench.get(&format!("/payments/status/{id}"));
            let waiting = payment["waiting_for"].as_array().unwrap();
            waiting.contains(&json!("delivery_confirmation"))
        })
        .collect();
    assert_eq!(waiting.iter().filter(|waits| **waits).count(), 1);
}

#[test]
fn a_session_goes_on_from_a_snapshot() {
    let mut bench = Bench::locked();
    bench.dial(SELLER, "*483*2#");
    let stored = serde_json::to_string(bench.state()).unwrap();
    let state: State = serde_json::from_str(&stored).unwrap();
    assert_eq!(&state, bench.state());
    let now = bench.sandbox.now();
    bench.sandbox = Sandbox::from_state(state, now);
    bench.sandbox.enter(now);
    bench.reply(SELLER, "1");
    let (thanks, ended) = bench.reply(SELLER, "1");
    assert!(thanks.starts_with("Thank you.") && ended, "{thanks}");
}

#[test]
fn how_a_payment_stands_is_asked_by_text() {
    let mut bench = Bench::with_contract();
    let row = |bench: &mut Bench, phone: &str, text: &str, reply: &str| {
        bench.text(phone, text);
        assert_eq!(bench.inbox(phone).last().unwrap(), reply);
    };
    let status = |word: &str| {
        format!(
            "VoicePact Payment Status:\nContract: AG-2024-001234\nAmount: KES 350,000.00\n\
             Status: {word}"
        )
    };
    row(
        &mut bench,
        BUYER,
        "status ag-2024-001234?",
        &status("Not paid yet"),
    );
    bench.post("/payments/checkout", &checkout(CONTRACT, BUYER));
    bench.approve(BUYER);
    row(
        &mut bench,
        SELLER,
        "STATUS-AG-2024-001234",
        &status("Paid, held safely"),
    );
    let swahili = "VoicePact Hali ya Malipo:\nMkataba: AG-2024-001234\nKiasi: KES 350,000.00\n\
                   Hali: Imelipwa, pesa zimetunzwa";
    row(&mut bench, SELLER, "HALI-AG-2024-001234", swahili);
    let stranger = "+254700000001";
    let unknown = "VoicePact: you have no contract AG-2024-001234.";
    row(&mut bench, stranger, "STATUS-AG-2024-001234", unknown);
    let help = "VoicePact: tuma HALI-, THIBITISHA-, KUBALI- au PINGA- na nambari ya mkataba wako.";
    row(&mut bench, SELLER, "Msaada", help);
}

#[test]
fn an_application_of_the_developer_goes_before_the_menu() {
    let mut bench = Bench::locked();
    let url = "http://127.0.0.1:9/ussd";
    bench.patch(json!({"africastalking": {"callbacks": {"ussd": {"*483#": url}}}}));
    let dialled = UssdInput::Dial("*483#".to_owned());
    bench.sandbox.ussd(msisdn(SELLER), dialled).unwrap();
    bench.settle();
    assert_eq!(bench.count("menu.opened"), 0);
}
