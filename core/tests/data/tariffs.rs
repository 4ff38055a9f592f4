//! The published tariffs are what their data says, agree among themselves, and give the published
//! vectors.

use amana_core::fee::{
    Bearer, BearerRule, EscrowTerms, FeeError, FeeLine, FeeSchedule, Operation, Tariff, Terms,
    gross_up_escrow, quote_escrow,
};
use amana_core::provider::daraja::tariff::PublishedTariff;
use amana_core::{Coded, Currency, Money, Timestamp};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

#[path = "../../examples/tariff_table.rs"]
mod table;
#[path = "../../examples/tariff_vectors.rs"]
mod vectors;

const VECTORS: &str = include_str!("../../../docs/vectors/tariffs.json");

#[test]
fn the_table_is_what_the_data_says() {
    assert_eq!(
        table::render(),
        include_str!("../../src/provider/daraja/tariff_table.rs"),
        "run `cargo run --example tariff_table > core/src/provider/daraja/tariff_table.rs`"
    );
}

#[test]
fn the_published_vectors_are_what_is_charged() {
    assert_eq!(
        vectors::render(),
        VECTORS,
        "run `cargo run --example tariff_vectors > docs/vectors/tariffs.json`"
    );
}

/// The reference model reads the data row by row, with the decimal library's rounding.
#[test]
fn the_vectors_agree_with_the_data() {
    let document: Value = serde_json::from_str(VECTORS).unwrap();
    let vectors = document["vectors"].as_array().unwrap();
    for vector in vectors {
        let text = |name: &str| vector[name].as_str().unwrap();
        let name = text("tariff").to_uppercase();
        let (_, csv) = table::FILES.iter().find(|(file, _)| *file == name).unwrap();
        let amount: Decimal = text("amount").parse().unwrap();
        let number =
            |row: &table::Row, name: &str| -> Option<Decimal> { row.get(name)?.parse().ok() };
        let row = table::read(csv).into_iter().find(|row| {
            table::effective_at(&row["effective_from"]).to_string() == text("at")
                && number(row, "min_kes").unwrap() <= amount
                && amount <= number(row, "max_kes").unwrap()
        });
        let Some(row) = row else {
            assert!(text("error").starts_with("fee.amount_"), "{vector}");
            continue;
        };
        let payer = number(&row, "fee_kes")
            .or(number(&row, "payer_fee_kes"))
            .unwrap();
        let payee = number(&row, "receiver_fee_kes").or_else(|| {
            let percent = number(&row, "receiver_fee_percent")?;
            let exact = amount * percent / Decimal::from(100);
            let rounded = exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
            Some(rounded.min(number(&row, "receiver_fee_cap_kes")?))
        });
        assert_eq!(text("payer_fee").parse(), Ok(payer), "{vector}");
        assert_eq!(
            text("payee_fee").parse(),
            Ok(payee.unwrap_or_default()),
            "{vector}"
        );
    }
    // Every band has an inner side of both edges, one for a band of a single amount.
    let bands: usize = table::FILES
        .iter()
        .map(|(_, csv)| table::read(csv).len())
        .sum();
    assert!(
        vectors.len() >= 4 * bands,
        "{} vectors of {bands} bands",
        vectors.len()
    );
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn minor(tariff: &Tariff, kes: i64, at: Timestamp) -> Result<i64, FeeError> {
    tariff
        .fee(Money::from_minor(kes * 100, Currency::KES).unwrap(), at)
        .map(Money::minor)
}

#[test]
fn shared_fees_sum_to_the_whole() {
    let [customer, business, mgao] = [
        PublishedTariff::PaybillCustomerBouquet.payee_tariff(),
        PublishedTariff::PaybillBusinessBouquet.payer_tariff(),
        PublishedTariff::PaybillMgao.payer_tariff(),
    ];
    let mgao_payee = PublishedTariff::PaybillMgao.payee_tariff();
    for at in [at("2023-02-01T00:00:00Z"), at("2026-10-01T00:00:00Z")] {
        for kes in 1..=150_000 {
            let shared = minor(&mgao, kes, at).unwrap() + minor(&mgao_payee, kes, at).unwrap();
            assert_eq!(minor(&customer, kes, at), Ok(shared), "{kes}");
            assert_eq!(minor(&business, kes, at), Ok(shared), "{kes}");
        }
    }
}

#[test]
fn a_paid_withdrawal_costs_the_payout_and_the_withdrawal() {
    let at = at("2026-10-01T00:00:00Z");
    let paid = PublishedTariff::B2cWithdrawalPaid.payer_tariff();
    let payout = PublishedTariff::B2c.payer_tariff();
    let withdrawal = PublishedTariff::WithdrawAgent.payer_tariff();
    for kes in 50..=150_000 {
        let both = minor(&payout, kes, at).unwrap() + minor(&withdrawal, kes, at).unwrap();
        assert_eq!(minor(&paid, kes, at), Ok(both), "{kes}");
    }
}

#[test]
fn a_version_begins_at_midnight_in_nairobi() {
    let tariff = PublishedTariff::P2pSend.payer_tariff();
    assert_eq!(
        minor(&tariff, 1_000, at("2023-07-28T23:59:59.999+03:00")),
        Ok(1_200)
    );
    assert_eq!(
        minor(&tariff, 1_000, at("2023-07-29T00:00:00.000+03:00")),
        Ok(1_300)
    );
    let early = minor(&tariff, 1_000, at("2020-12-31T20:59:59.999Z")).unwrap_err();
    assert_eq!(
        early,
        FeeError::NotYetEffective {
            from: at("2021-01-01T00:00:00+03:00")
        }
    );
    assert_eq!(early.field().unwrap().as_str(), "/at");
}

#[test]
fn cents_are_refused() {
    let tariff = PublishedTariff::B2c.payer_tariff();
    let amount = Money::from_minor(10_050, Currency::KES).unwrap();
    assert_eq!(
        tariff.fee(amount, at("2026-10-01T00:00:00Z")),
        Err(FeeError::AmountNotWhole)
    );
}

/// The buyer pays the pay-bill fee, the seller the fee of the payout.
#[test]
fn the_seller_gets_exactly_this_over_all_bands() {
    let b2c = FeeLine {
        name: "b2c".parse().unwrap(),
        tariff: PublishedTariff::B2c.payer_tariff(),
        bearer: BearerRule::Always(Bearer::Payee),
    };
    let schedule = PublishedTariff::PaybillBusinessBouquet
        .add_to(FeeSchedule::default(), Operation::Collection)
        .and_then(|schedule| schedule.with(Operation::Payout, b2c))
        .unwrap();
    let leg = Terms::new(Bearer::Payer, at("2026-10-01T00:00:00Z"));
    let terms = EscrowTerms {
        collection: leg,
        payout: leg,
    };
    let kes = |kes: i64| Money::from_minor(kes * 100, Currency::KES).unwrap();
    for net in (1..=249_987)
        .step_by(13)
        .chain([95, 96, 100, 249_987])
        .map(kes)
    {
        let grossed = gross_up_escrow(&schedule, net, &terms).unwrap();
        assert_eq!(grossed.seller_gets(), net);
        assert_eq!(quote_escrow(&schedule, grossed.held(), &terms), Ok(grossed));
    }
    // KES 96 is what both 96 and 101 bring.
    assert_eq!(
        gross_up_escrow(&schedule, kes(96), &terms)
            .unwrap()
            .buyer_pays(),
        kes(96)
    );
    let beyond = gross_up_escrow(&schedule, kes(249_988), &terms);
    let (below, above) = (Some(kes(249_987)), None);
    assert_eq!(beyond, Err(FeeError::NetUnreachable { below, above }));
    let beyond = quote_escrow(&schedule, kes(350_000), &terms);
    assert_eq!(
        beyond,
        Err(FeeError::AmountAboveTariff { max: kes(250_000) })
    );
}
