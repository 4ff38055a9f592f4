//! The prefix table is what its data says, and look-ups agree with the longest prefix.

use amana_core::Msisdn;
use amana_core::party::Country;
use proptest::prelude::*;

#[path = "../../examples/operator_table.rs"]
mod generator;

const PREFIXES: &str = include_str!("../../data/msisdn_prefixes.csv");

#[test]
fn the_table_is_what_the_data_says() {
    assert_eq!(
        generator::render(PREFIXES),
        include_str!("../../src/party/operator_table.rs"),
        "run `cargo run --example operator_table > core/src/party/operator_table.rs`"
    );
}

#[test]
fn every_prefix_has_the_calling_code_of_its_country() {
    for row in generator::read(PREFIXES) {
        let country = Country::ALL
            .iter()
            .find(|c| c.code() == row.country)
            .unwrap();
        assert!(
            row.prefix.starts_with(&country.calling_code().to_string()),
            "{}",
            row.prefix
        );
    }
}

#[test]
fn well_known_numbers() {
    for (text, country, name, brand) in [
        ("+254711000000", "KE", "Safaricom", Some("M-PESA")),
        ("+254110123456", "KE", "Safaricom", Some("M-PESA")),
        ("+254757123456", "KE", "Safaricom", Some("M-PESA")),
        ("+254750123456", "KE", "Airtel", Some("Airtel Money")),
        ("+254747123456", "KE", "JTL (Faiba)", None),
        (
            "+254763123456",
            "KE",
            "Equitel (Finserve)",
            Some("Equitel Money"),
        ),
        ("+250788123456", "RW", "MTN", Some("MTN MoMo")),
        ("+231777123456", "LR", "Orange", Some("Orange Money")),
        (
            "+231886123456",
            "LR",
            "Lonestar Cell",
            Some("Lonestar MTN MoMo"),
        ),
        ("+2290128123456", "BJ", "Celtiis", None),
    ] {
        let msisdn: Msisdn = text.parse().unwrap();
        let operator = msisdn.operator().unwrap();
        assert_eq!(operator.country.code(), country, "{text}");
        assert_eq!(operator.name, name, "{text}");
        assert_eq!(operator.brand, brand, "{text}");
        assert_eq!(msisdn.country(), Some(operator.country), "{text}");
    }
    for text in [
        "+254109000000",
        "+254146000000",
        "+254201234567",
        "+12025550123",
    ] {
        assert_eq!(text.parse::<Msisdn>().unwrap().operator(), None, "{text}");
    }
}

proptest! {
    /// The reference model: the longest row of the data that the digits begin with.
    #[test]
    fn agrees_with_the_longest_prefix(
        row in proptest::sample::select(generator::read(PREFIXES)),
        tail in 0_u64..100_000_000,
        other in 10_000_000_u64..999_999_999_999_999,
    ) {
        let begun: u64 = format!("{}{tail:08}", row.prefix)[..12].parse().unwrap();
        for number in [begun, other] {
            let digits = number.to_string();
            let Ok(msisdn) = format!("+{digits}").parse::<Msisdn>() else { continue };
            let longest = generator::read(PREFIXES)
                .into_iter()
                .filter(|row| digits.starts_with(&row.prefix))
                .max_by_key(|row| row.prefix.len());
            let found = msisdn.operator().map(|operator| operator.name);
            prop_assert_eq!(found, longest.as_ref().map(|row| row.operator.as_str()));
        }
    }
}

#[test]
fn short_and_long_numbers_have_no_operator_by_accident() {
    for text in ["+10000000", "+25671234", "+999999999999999"] {
        let msisdn: Msisdn = text.parse().unwrap();
        assert_eq!(msisdn.operator().is_some(), text == "+25671234", "{text}");
    }
}
