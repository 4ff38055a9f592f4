use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::money::Currency;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    text: String,
    expected: Confirmation,
}

fn samples() -> Vec<Sample> {
    serde_json::from_str(include_str!("../fixtures/sms.json")).unwrap()
}

#[test]
fn reads_every_sample() {
    for Sample { text, expected } in samples() {
        assert_eq!(text.parse(), Ok(expected), "{text}");
    }
}

/// What is read leaves out seconds and the party's bank; the rest can be worded again.
#[test]
fn every_sample_can_be_worded_again() {
    for Sample { expected, .. } in samples() {
        let worded = expected.to_string();
        let again: Confirmation = worded.parse().unwrap_or_else(|e| panic!("{worded}: {e}"));
        let facts = |said: &Confirmation| (said.kind, said.receipt, said.amount, said.reverses);
        assert_eq!(facts(&again), facts(&expected), "{worded}");
    }
}

#[test]
fn samples_cover_every_kind_in_both_countries() {
    let samples = samples();
    for kind in Kind::ALL {
        for currency in [Currency::KES, Currency::TZS] {
            let is_like = |sample: &&Sample| {
                let money = sample.expected.amount.or(sample.expected.balance);
                sample.expected.kind == kind && money.map(|m| m.currency()) == Some(currency)
            };
            assert!(
                samples.iter().any(|sample| is_like(&sample)),
                "{kind:?} {currency}"
            );
        }
    }
}

#[test]
fn case_and_blanks_do_not_count() {
    for Sample { text, expected } in samples() {
        let (receipt, rest) = text.split_once(char::is_whitespace).unwrap();
        let spaced = format!("  {receipt}\n{}\t", rest.replace(' ', "  \u{a0}"));
        assert_eq!(spaced.parse(), Ok(expected), "{spaced}");
    }
}

#[test]
fn refuses_what_confirms_nothing() {
    let long = "UJ22RT61SV Confirmed. ".repeat(60);
    for (text, error) in [
        ("", SmsError::NotConfirmation),
        (
            "Failed. You have entered the wrong PIN.",
            SmsError::NotConfirmation,
        ),
        (
            "Confirmed. You have received Ksh1,000 from JOHN DOE.",
            SmsError::NotConfirmation,
        ),
        (
            "254712345678 Confirmed. Ksh5.00 sent to A on 1/1/26 at 1:00 PM",
            SmsError::NotConfirmation,
        ),
        (
            "UJ22RT61SV Cancelled. Ksh5.00 sent to A on 1/1/26 at 1:00 PM",
            SmsError::NotConfirmation,
        ),
        ("UJ22RT61SV Confirmed.", SmsError::UnknownWording),
        (
            "UJ22RT61SV Confirmed. Fuliza M-PESA amount is Ksh 20.00.",
            SmsError::UnknownWording,
        ),
        (
            "UJ22RT61SV Confirmed. Ksh5.00 sent to A on 31/2/26 at 1:00 PM",
            SmsError::UnknownWording,
        ),
        (
            "UJ22RT61SV Confirmed. USD5.00 sent to A on 1/1/26 at 1:00 PM",
            SmsError::UnknownWording,
        ),
        (long.as_str(), SmsError::TooLong),
    ] {
        assert_eq!(text.parse::<Confirmation>(), Err(error), "{text}");
    }
}

#[test]
fn a_name_may_begin_with_a_word_that_stands_behind_names() {
    for name in [
        "NEW LIFE SHOP",
        "ADA STORES",
        "YOUR AGENT",
        "TOKEN HOUSE",
        "SALIO TRADERS",
    ] {
        let text = format!(
            "UJ22RT61SV Confirmed. On 2/10/26 at 4:20 PM Withdraw Ksh500.00 from 123456 - {name} \
             New M-PESA balance is Ksh7.00."
        );
        let said: Confirmation = text.parse().unwrap();
        let agent = said.counterparty.as_ref().unwrap();
        assert_eq!(agent.name.as_deref(), Some(name));
        assert_eq!(said.to_string().parse(), Ok(said));
    }
}

/// Worded again, a national phone number gets longer, and so does a short code behind a name.
#[test]
fn the_longest_name_can_be_worded_again() {
    for number in ["0712345678", "254712345678", "123456"] {
        for length in 140..=160 {
            let name = "N".repeat(length);
            let text = format!(
                "UJ22RT61SV Confirmed. Ksh5.00 sent to {name} {number} on 2/10/26 at 4:20 PM."
            );
            match text.parse::<Confirmation>() {
                Ok(said) => assert_eq!(said.to_string().parse(), Ok(said), "{text}"),
                Err(error) => assert_eq!((error, length > 147), (SmsError::UnknownWording, true)),
            }
        }
    }
}

#[test]
fn a_name_does_not_make_a_balance() {
    let text = "UJ22RT61SV Confirmed. Ksh5.00 sent to BALANCE IS Ksh9,000.00 on 1/1/26 at 1:00 PM. \
        New M-PESA balance is Ksh7.00.";
    let said: Confirmation = text.parse().unwrap();
    assert_eq!(
        said.balance,
        Some(Money::parse("7", Currency::KES).unwrap())
    );
}

fn counterparty(kind: Kind) -> impl Strategy<Value = Option<Counterparty>> {
    let phone = (700_000_000_u64..=799_999_999)
        .prop_map(|national| Some(format!("+254{national}").parse().unwrap()));
    let name = "([A-Z]{3,9}|NEW|YOUR|ADA|SALIO|TOKEN|BALANCE) [A-Z]{3,9}";
    let short_code = prop::option::of("[1-9][0-9]{4,6}");
    let account = "[A-Z]{2}-[0-9]{4}";
    (name, phone, short_code, account).prop_map(move |(name, phone, short_code, account)| {
        let party = Counterparty {
            name: Some(name),
            ..Counterparty::default()
        };
        match kind {
            Kind::Sent | Kind::Received => Some(Counterparty { phone, ..party }),
            Kind::PaidToTill => Some(party),
            Kind::Withdrawn | Kind::Deposited => Some(Counterparty {
                short_code,
                ..party
            }),
            Kind::PaidToPaybill => Some(Counterparty {
                account: Some(account),
                ..party
            }),
            Kind::Airtime => phone.map(|phone| Counterparty {
                phone: Some(phone),
                ..Counterparty::default()
            }),
            Kind::Reversed | Kind::Balance => None,
        }
    })
}

fn confirmation() -> impl Strategy<Value = Confirmation> {
    let money = |currency| {
        (0..=Money::MINOR_MAX).prop_map(move |minor| Money::from_minor(minor, currency).unwrap())
    };
    let currency = prop::sample::select(vec![Currency::KES, Currency::TZS]);
    let kind = prop::sample::select(Kind::ALL.to_vec());
    (kind, currency).prop_flat_map(move |(kind, currency)| {
        let amounts = (
            money(currency),
            money(currency),
            prop::option::of(money(currency)),
        );
        let minutes = 15_778_080_i64..40_000_000;
        let receipts = ("[A-Z][A-Z0-9]{9}", "[A-Z][A-Z0-9]{9}");
        (amounts, minutes, receipts, counterparty(kind)).prop_map(
            move |((amount, balance, fee), minutes, (receipt, reversed), counterparty)| {
                let is_reversal = kind == Kind::Reversed;
                Confirmation {
                    kind,
                    receipt: receipt.parse().unwrap(),
                    amount: (kind != Kind::Balance).then_some(amount),
                    counterparty,
                    at: Some(Timestamp::from_millis(minutes * 60_000)),
                    balance: Some(balance),
                    fee,
                    reverses: is_reversal.then(|| reversed.parse().unwrap()),
                }
            },
        )
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read(said in confirmation()) {
        let text = said.to_string();
        prop_assert_eq!(text.parse(), Ok(said), "{}", text);
    }

    #[test]
    fn never_panics(text in ".*") {
        let _ = text.parse::<Confirmation>();
        let _ = format!("UJ22RT61SV Confirmed. {text}").parse::<Confirmation>();
    }

    #[test]
    fn never_panics_on_damaged_samples(
        sample: prop::sample::Index,
        at: prop::sample::Index,
        patch in "\\PC{0,6}",
    ) {
        let samples = samples();
        let mut characters: Vec<char> = sample.get(&samples).text.chars().collect();
        let at = at.index(characters.len());
        characters.splice(at..(at + 3).min(characters.len()), patch.chars());
        let _ = characters.into_iter().collect::<String>().parse::<Confirmation>();
    }
}
