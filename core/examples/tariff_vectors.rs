//! Prints `docs/vectors/tariffs.json`: what every published tariff charges at each edge of each
//! band and at both neighbours of the edge, for other implementations to compare with.
#![allow(clippy::expect_used, reason = "a generator stops at bad data")]
#![allow(dead_code, reason = "a test includes this file for `render`")]

use std::collections::BTreeSet;

use amana_core::fee::{FeeError, Tariff, Unit, Version};
use amana_core::provider::daraja::tariff::PublishedTariff;
use amana_core::{Coded, Currency, Money};
use serde::Serialize;

#[derive(Serialize)]
struct Vector {
    tariff: &'static str,
    at: String,
    amount: String,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Outcome {
    Charged {
        payer_fee: String,
        payee_fee: String,
    },
    Refused {
        error: &'static str,
    },
}

fn main() {
    print!("{}", render());
}

/// The file: one vector a line.
pub fn render() -> String {
    let vectors: Vec<String> = PublishedTariff::ALL
        .iter()
        .flat_map(|published| vectors(*published))
        .map(|vector| serde_json::to_string(&vector).expect("a vector is plain data"))
        .collect();
    let about = "M-PESA fees in KES at each band edge and its neighbours; data: core/data/mpesa";
    format!(
        "{{\"about\":\"{about}\",\"vectors\":[\n{}\n]}}\n",
        vectors.join(",\n")
    )
}

fn vectors(published: PublishedTariff) -> Vec<Vector> {
    let (payer, payee) = (published.payer_tariff(), published.payee_tariff());
    let mut vectors = Vec::new();
    for version in payer.versions() {
        for minor in amounts(version) {
            let amount = Money::from_minor(minor, Currency::KES).expect("an edge is in range");
            let fee = |tariff: &Tariff| tariff.fee(amount, version.effective_at);
            vectors.push(Vector {
                tariff: published.id(),
                at: version.effective_at.to_string(),
                amount: amount.amount(),
                outcome: outcome(fee(&payer), fee(&payee)),
            });
        }
    }
    vectors
}

/// Each edge of each band, one shilling below and one above.
fn amounts(version: &Version) -> BTreeSet<i64> {
    let shilling = Unit::Whole.minor(Currency::KES);
    let edges = version
        .bands
        .iter()
        .flat_map(|band| [band.from_minor, band.through_minor]);
    edges
        .flat_map(|edge| [edge - shilling, edge, edge + shilling])
        .collect()
}

fn outcome(payer: Result<Money, FeeError>, payee: Result<Money, FeeError>) -> Outcome {
    match (payer, payee) {
        (Ok(payer), Ok(payee)) => Outcome::Charged {
            payer_fee: payer.amount(),
            payee_fee: payee.amount(),
        },
        (Err(error), _) | (_, Err(error)) => Outcome::Refused {
            error: error.code().as_str(),
        },
    }
}
