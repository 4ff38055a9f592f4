//! Whatever is asked and however phones behave, money is neither made nor lost.

use proptest::prelude::*;

use super::super::record::{Category, Progress, Transaction};
use super::*;
use crate::kernel::phone::CustomerPayment;

#[derive(Debug, Clone)]
enum Act {
    Checkout { phone: u8, cents: i64 },
    Payout { phone: u8, cents: i64 },
    Business { cents: i64 },
    Charge { card: bool, cents: i64 },
    Validate { nth: usize, right: bool },
    BankTransfer { cents: i64 },
    Shift { topup: bool, cents: i64 },
    Data { phone: u8, megabytes: u16 },
    Customer { phone: u8, cents: i64 },
    Message { phone: u8, letters: u16 },
    Airtime { phone: u8, shillings: u16 },
    SimSwap { phone: u8 },
    Reach { phone: u8, reachable: bool },
    Wait { seconds: u64 },
}

fn act() -> impl Strategy<Value = Act> {
    let phone = || 0..13_u8;
    let cents = || 1..2_000_000_i64;
    let flag = any::<bool>;
    prop_oneof![
        (phone(), cents()).prop_map(|(phone, cents)| Act::Checkout { phone, cents }),
        (phone(), cents()).prop_map(|(phone, cents)| Act::Payout { phone, cents }),
        cents().prop_map(|cents| Act::Business { cents }),
        (flag(), cents()).prop_map(|(card, cents)| Act::Charge { card, cents }),
        (0..8_usize, flag()).prop_map(|(nth, right)| Act::Validate { nth, right }),
        cents().prop_map(|cents| Act::BankTransfer { cents }),
        (flag(), cents()).prop_map(|(topup, cents)| Act::Shift { topup, cents }),
        (phone(), 0..2_000_u16).prop_map(|(phone, megabytes)| Act::Data { phone, megabytes }),
        (phone(), cents()).prop_map(|(phone, cents)| Act::Customer { phone, cents }),
        (phone(), 1..400_u16).prop_map(|(phone, letters)| Act::Message { phone, letters }),
        (phone(), 0..2_000_u16).prop_map(|(phone, shillings)| Act::Airtime { phone, shillings }),
        phone().prop_map(|phone| Act::SimSwap { phone }),
        (phone(), flag()).prop_map(|(phone, reachable)| Act::Reach { phone, reachable }),
        (0..200_u64).prop_map(|seconds| Act::Wait { seconds }),
    ]
}

/// The magic numbers: each phone behaves in its own way.
fn number(phone: u8) -> String {
    format!("+254711000{phone:03}")
}

fn amount(cents: i64) -> Value {
    json!(Money::from_minor(cents, Currency::KES).unwrap().amount())
}

/// What the answers said that was charged beside payments, and what may yet be given back.
#[derive(Default)]
struct Tally {
    services: i64,
    airtime: Vec<String>,
}

fn order(cents: i64) -> Value {
    json!({
        "username": "sandbox", "productName": "VoicePact", "currencyCode": "KES",
        "amount": amount(cents), "narration": "x",
    })
}

fn joined(mut order: Value, members: &Value) -> Value {
    let members = members.as_object().unwrap().clone();
    order.as_object_mut().unwrap().extend(members);
    order
}

fn perform(bench: &mut Bench, tally: &mut Tally, act: &Act) {
    match act {
        Act::Message { .. } | Act::Airtime { .. } | Act::SimSwap { .. } => {
            service(bench, tally, act);
        }
        Act::Reach { phone, reachable } => {
            let change = serde_json::from_value(json!({"reachable": reachable})).unwrap();
            let phone = number(*phone).parse().unwrap();
            bench.sandbox.configure_phone(phone, change).unwrap();
        }
        Act::Wait { seconds } => bench.advance(Span::from_secs(*seconds), 200, ""),
        Act::Customer { phone, cents } => {
            // A wallet that does not hold it refuses, which is an answer as good.
            let _ = bench.sandbox.pay(&CustomerPayment {
                from: number(*phone).parse().unwrap(),
                to: "525900".to_owned(),
                account: String::new(),
                amount: Money::from_minor(*cents, Currency::KES).unwrap(),
            });
        }
        _ => {
            let (path, body) = payment(bench, act);
            bench.pay(path, &body);
        }
    }
    bench.check();
}

/// The request of an act that moves money.
fn payment(bench: &Bench, act: &Act) -> (&'static str, Value) {
    let bank = json!({"bankAccount": {"accountNumber": "0711", "bankCode": 254_001}});
    match act {
        Act::Checkout { phone, cents } => {
            let to = json!({"phoneNumber": number(*phone)});
            ("/mobile/checkout/request", joined(order(*cents), &to))
        }
        Act::Payout { phone, cents } => {
            let body = payout(&[&number(*phone)], &amount(*cents));
            ("/mobile/b2c/request", body)
        }
        Act::Business { cents } => {
            let to = json!({
                "provider": "Athena", "transferType": "BusinessPayBill",
                "destinationChannel": "1", "destinationAccount": "2",
            });
            ("/mobile/b2b/request", joined(order(*cents), &to))
        }
        Act::Charge { card: false, cents } => {
            ("/bank/checkout/charge", joined(order(*cents), &bank))
        }
        Act::Charge { card: true, cents } => {
            let card = json!({"paymentCard": {
                "number": "123456789000", "cvvNumber": 123, "expiryMonth": 1, "expiryYear": 2030,
                "countryCode": "NG", "authToken": "1",
            }});
            ("/card/checkout/charge", joined(order(*cents), &card))
        }
        Act::BankTransfer { cents } => {
            let recipient = joined(order(*cents), &bank);
            let body = json!({
                "username": "sandbox", "productName": "VoicePact", "recipients": [recipient],
            });
            ("/bank/transfer", body)
        }
        Act::Shift { topup: true, cents } => ("/topup/stash", order(*cents)),
        Act::Shift {
            topup: false,
            cents,
        } => {
            let to = json!({"targetProductCode": 1});
            ("/transfer/wallet", joined(order(*cents), &to))
        }
        Act::Data { phone, megabytes } => {
            let body = json!({
                "username": "sandbox", "productName": "VoicePact", "recipients": [{
                    "phoneNumber": number(*phone), "quantity": megabytes, "unit": "MB",
                    "validity": "Day",
                }],
            });
            ("/mobile/data/request", body)
        }
        Act::Validate { nth, right } => validation(bench, *nth, *right),
        other => unreachable!("{other:?} moves no money by a request"),
    }
}

/// The right or a wrong password for one of the charges so far, open or not.
fn validation(bench: &Bench, nth: usize, right: bool) -> (&'static str, Value) {
    let books = &bench.sandbox.state().providers.africastalking;
    let is_charge = |found: &&Transaction| {
        matches!(
            found.category,
            Category::BankCheckout | Category::CardCheckout
        )
    };
    let charge = books.transactions().filter(is_charge).nth(nth);
    let is_card = charge.is_some_and(|found| found.category == Category::CardCheckout);
    let body = json!({
        "username": "sandbox", "transactionId": charge.map_or("", |found| found.id.as_str()),
        "otp": if right { "1234" } else { "4321" },
    });
    match is_card {
        true => ("/card/checkout/validate", body),
        false => ("/bank/checkout/validate", body),
    }
}

/// An act that is paid for from the credit.
fn service(bench: &mut Bench, tally: &mut Tally, act: &Act) {
    match act {
        Act::Message { phone, letters } => {
            let to = number(*phone).replace('+', "%2B");
            let text = "a".repeat(usize::from(*letters));
            let body = format!("username=sandbox&to={to}&message={text}");
            let answer = read(&bench.send(&form("/version1/messaging", &body)));
            let cost = answer["SMSMessageData"]["Recipients"][0]["cost"].clone();
            tally.services += cents_of(cost.as_str().unwrap());
        }
        Act::Airtime { phone, shillings } => {
            let recipients = json!([{
                "phoneNumber": number(*phone), "amount": format!("KES {shillings}"),
            }]);
            let body = json!({"username": "sandbox", "recipients": recipients, "maxNumRetry": 1});
            let request = keyed("POST", API, "/version1/airtime/send")
                .with_header("accept", "application/json")
                .with_body("application/json", body.to_string());
            let answer = read(&bench.send(&request));
            let id = answer["responses"][0]["requestId"].as_str().unwrap();
            tally.airtime.push(id.to_owned());
        }
        Act::SimSwap { phone } => {
            let body = json!({"username": "sandbox", "phoneNumbers": [number(*phone)]});
            let request = keyed("POST", "insights.africastalking.com", "/v1/sim-swap")
                .with_body("application/json", body.to_string());
            let answer = read(&bench.send(&request));
            tally.services += answer["totalCost"]["amount"].as_i64().unwrap() * 100;
        }
        other => unreachable!("{other:?} is no service"),
    }
}

fn cents_of(cost: &str) -> i64 {
    match cost {
        "0" => 0,
        cost => Money::parse_with_currency(cost).unwrap().minor(),
    }
}

/// What the books say that wallet and stash must have gained by now.
fn gained(bench: &Bench, tally: &Tally) -> (i64, i64) {
    let books = &bench.sandbox.state().providers.africastalking;
    let mut wallet = 0;
    let mut stash = -tally.services;
    for found in books.transactions() {
        let value = found.value.minor();
        let fees = found.fee.minor() + found.provider_fee.minor();
        let succeeded = matches!(found.progress, Progress::Succeeded { .. });
        match found.category {
            _ if !succeeded => {}
            Category::UserStashTopup => {
                wallet -= value;
                stash += value;
            }
            Category::WalletTransfer => {}
            category if category.is_payout() => {
                wallet -= value;
                stash -= fees;
            }
            _ => {
                wallet += value;
                stash -= fees;
            }
        }
    }
    for id in &tally.airtime {
        let kept = books.airtime(id).filter(|found| found.status != "Failed");
        stash -= kept.and_then(|found| found.charged).map_or(0, Money::minor);
    }
    (wallet, stash)
}

fn conserved(acts: &[Act]) -> Result<(), TestCaseError> {
    let mut bench = Bench::new();
    let mut tally = Tally::default();
    for act in acts {
        perform(&mut bench, &mut tally, act);
    }
    // In two hours every prompt, password and retry has ended.
    bench.advance(Span::from_mins(120), 200, "");
    let ledger = &bench.sandbox.state().ledger;
    let held = |account| ledger.balance(&account, Currency::KES).minor();
    // An application that never asked for anything has no wallet yet.
    if ledger.knows(&accounts::stash("sandbox")) {
        let (wallet, stash) = gained(&bench, &tally);
        prop_assert_eq!(held(accounts::wallet("sandbox")), 500_000 + wallet);
        prop_assert_eq!(held(accounts::stash("sandbox")), 1_000_000 + stash);
    }
    prop_assert_eq!(held(accounts::under_way("sandbox")), 0);
    let books = &bench.sandbox.state().providers.africastalking;
    // Each has ended and was told of once, or twice if its phone says so.
    for found in books.transactions() {
        let told = bench.delivered.iter().filter(|(_, delivery)| {
            let body: Value = serde_json::from_slice(&delivery.body).unwrap_or_default();
            body["transactionId"] == found.id
        });
        let is_open = found.progress == Progress::Open;
        prop_assert!(
            !is_open,
            "{} of {} is open",
            found.id,
            found.category.as_str()
        );
        prop_assert!(told.count() <= 2, "{}", found.id);
    }
    Ok(())
}

proptest! {
    #![proptest_config(amana_tests::repeatable(48))]

    #[test]
    fn money_is_conserved(acts in proptest::collection::vec(act(), 1..40)) {
        conserved(&acts)?;
    }
}
