//! Conservation, the reverse of a quote against trying every amount, and the corner cases.

use proptest::prelude::*;

use super::*;
use crate::error::Coded;
use crate::money::{Currency, Money};
use crate::time::Timestamp;

const AT: Timestamp = Timestamp::from_millis(0);

fn kes(minor: i64) -> Money {
    Money::from_minor(minor, Currency::KES).unwrap()
}

fn band(from_minor: i64, through_minor: i64, charge: Charge) -> Band {
    Band {
        from_minor,
        through_minor,
        charge,
    }
}

fn tariff(precision: Precision, bands: Vec<Band>) -> Result<Tariff, TariffError> {
    Tariff::new(
        Currency::KES,
        precision,
        vec![Version {
            effective_at: AT,
            bands,
        }],
    )
}

fn schedule(lines: impl IntoIterator<Item = (Tariff, BearerRule)>) -> FeeSchedule {
    let lines = lines.into_iter().zip(["a", "b", "c", "d"]);
    lines.fold(
        FeeSchedule::default(),
        |schedule, ((tariff, bearer), name)| {
            let line = FeeLine {
                name: name.parse().unwrap(),
                tariff,
                bearer,
            };
            Operation::ALL
                .into_iter()
                .fold(schedule, |schedule, operation| {
                    schedule.with(operation, line.clone()).unwrap()
                })
        },
    )
}

fn agreed(tariff: Tariff) -> FeeSchedule {
    schedule([(tariff, BearerRule::AsAgreed)])
}

/// Largest amount of the generated tariffs: small enough to try every one.
const SMALL: i64 = 1_500;

fn any_precision() -> impl Strategy<Value = Precision> {
    let unit = prop_oneof![3 => Just(Unit::Minor), 1 => Just(Unit::Whole)];
    (
        unit.clone(),
        unit,
        proptest::sample::select(&Rounding::ALL[..]),
    )
        .prop_map(|(amounts, fees, rounding)| Precision {
            amounts,
            fees,
            rounding,
        })
}

/// A charge whose flat parts are multiples of `unit`.
fn any_charge(unit: i64) -> impl Strategy<Value = Charge> {
    let most = 300 / unit;
    let rate = prop_oneof![Just(0), 0..290_000_u32, Just(5_000), Just(100_000)];
    (0..=most, rate, 0..=most, proptest::option::of(0..=most)).prop_map(
        move |(flat, rate, min, over_min)| Charge {
            flat_minor: flat * unit,
            rate: Percentage::from_millionths(rate),
            min_minor: min * unit,
            max_minor: over_min.map(|over| (min + over) * unit),
        },
    )
}

prop_compose! {
    fn any_tariff()(precision in any_precision())(
        edges in proptest::collection::btree_set(
            1..SMALL / precision.amounts.minor(Currency::KES),
            2..7,
        ),
        charges in proptest::collection::vec(any_charge(precision.fees.minor(Currency::KES)), 7),
        precision in Just(precision),
    ) -> Tariff {
        let unit = precision.amounts.minor(Currency::KES);
        let edges: Vec<i64> = edges.into_iter().collect();
        let bands = edges.windows(2).zip(charges).map(|(pair, charge)| {
            band(pair[0] * unit, (pair[1] - 1) * unit, charge)
        });
        tariff(precision, bands.collect()).unwrap()
    }
}

fn any_bearer() -> impl Strategy<Value = Bearer> {
    prop_oneof![
        1 => Just(Bearer::Payer),
        2 => Just(Bearer::Payee),
        1 => Just(Bearer::Merchant),
        2 => (0..=10_000_u16, 0..=10_000_u16).prop_map(|(a, b)| {
            let (low, high) = (a.min(b), a.max(b));
            Bearer::Split(Shares::new(low, high - low).unwrap())
        }),
    ]
}

fn any_schedule() -> impl Strategy<Value = FeeSchedule> {
    let rule = prop_oneof![
        2 => Just(BearerRule::AsAgreed),
        1 => any_bearer().prop_map(BearerRule::Always),
    ];
    proptest::collection::vec((any_tariff(), rule), 0..=3).prop_map(schedule)
}

fn any_terms() -> impl Strategy<Value = Terms> {
    let rate = proptest::option::weighted(0.3, (1..5_000_i64, 0..=3_u32));
    let rounding = proptest::sample::select(&Rounding::ALL[..]);
    (any_bearer(), rate, rounding).prop_map(|(bearer, rate, rounding)| Terms {
        exchange: rate.map(|(mantissa, scale)| {
            let rate = rust_decimal::Decimal::new(mantissa, scale);
            Exchange::new(Currency::KES, Currency::USD, rate, rounding).unwrap()
        }),
        ..Terms::new(bearer, AT)
    })
}

fn check_conservation(quote: &Quote) {
    let minor = Money::minor;
    let fees: i64 = quote.fees().iter().map(|fee| minor(fee.amount())).sum();
    assert_eq!(minor(quote.fees_total()), fees);
    assert_eq!(minor(quote.gross()), minor(quote.net()) + fees);
    assert_eq!(
        minor(quote.gross()),
        minor(quote.payer_pays()) + minor(quote.merchant_pays())
    );
    for fee in quote.fees() {
        assert_eq!(
            minor(fee.payer()) + minor(fee.payee()) + minor(fee.merchant()),
            minor(fee.amount())
        );
        for part in [fee.payer(), fee.payee(), fee.merchant()] {
            assert!(minor(part) >= 0);
        }
    }
    let moved = if quote.operation().moves_money() {
        minor(quote.amount())
    } else {
        0
    };
    let of = |part: fn(&Fee) -> Money| -> i64 { quote.fees().iter().map(part).map(minor).sum() };
    assert_eq!(minor(quote.payer_pays()), moved + of(Fee::payer));
    assert_eq!(minor(quote.net()), moved - of(Fee::payee));
    assert_eq!(minor(quote.merchant_pays()), of(Fee::merchant));
    match quote.exchange() {
        Some(exchange) => assert_eq!(exchange.convert(quote.net()), Ok(quote.payee_gets())),
        None => assert_eq!(quote.payee_gets(), quote.net()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn gross_is_net_and_fees(
        schedule in any_schedule(),
        terms in any_terms(),
        amount in -10..SMALL,
    ) {
        for operation in Operation::ALL {
            if let Ok(quote) = quote(&schedule, operation, kes(amount), &terms) {
                check_conservation(&quote);
            }
        }
    }

    /// The reference model tries every amount there is.
    #[test]
    fn gross_up_is_the_cheapest_of_all_amounts(
        (schedule, terms) in (any_schedule(), any_terms())
            .prop_filter("some line must bound the amounts", |(schedule, _)| {
                !schedule.lines(Operation::Payout).is_empty()
            }),
        wanted in proptest::collection::vec(1..SMALL, 10),
    ) {
        let all: Vec<Quote> = (1..=SMALL)
            .filter_map(|amount| quote(&schedule, Operation::Payout, kes(amount), &terms).ok())
            .collect();
        let currency = terms.exchange.map_or(Currency::KES, |exchange| exchange.to());
        let reached = all.iter().map(|quote| quote.payee_gets().minor()).take(30);
        for net in wanted.into_iter().chain(reached).filter(|net| *net > 0) {
            let net = Money::from_minor(net, currency).unwrap();
            let found = gross_up(&schedule, Operation::Payout, net, &terms);
            let mut gives: Vec<&Quote> =
                all.iter().filter(|quote| quote.payee_gets() == net).collect();
            gives.sort_by_key(|quote| (quote.payer_pays().minor(), quote.amount().minor()));
            match gives.first() {
                Some(cheapest) => prop_assert_eq!(found.as_ref(), Ok(*cheapest)),
                None => {
                    let nets = || all.iter().map(Quote::payee_gets).filter(|net| net.is_positive());
                    let minor = |money: &Money| money.minor();
                    let below = nets().filter(|other| minor(other) < minor(&net)).max_by_key(minor);
                    let above = nets().filter(|other| minor(other) > minor(&net)).min_by_key(minor);
                    prop_assert_eq!(found, Err(FeeError::NetUnreachable { below, above }));
                }
            }
        }
    }

    #[test]
    fn gross_up_returns_what_was_quoted_at_any_size(
        rate in 0..290_000_u32,
        flat in 0..100_000_i64,
        amount in 1_000_000..=Money::MINOR_MAX / 4,
        bearer in any_bearer(),
        rounding in proptest::sample::select(&Rounding::ALL[..]),
    ) {
        let charge = Charge { flat_minor: flat, ..Charge::rate(Percentage::from_millionths(rate)) };
        let precision = Precision { rounding, ..Precision::MINOR };
        let schedule = agreed(Tariff::uniform(Currency::KES, precision, charge).unwrap());
        let terms = Terms::new(bearer, AT);
        let quoted = quote(&schedule, Operation::Collection, kes(amount), &terms).unwrap();
        let found = gross_up(&schedule, Operation::Collection, quoted.net(), &terms).unwrap();
        prop_assert_eq!(found.net(), quoted.net());
        prop_assert!(found.payer_pays().minor() <= quoted.payer_pays().minor());
        check_conservation(&found);
    }

    #[test]
    fn a_fee_never_falls_within_a_band(tariff in any_tariff(), amount in 1..SMALL) {
        let unit = tariff.precision().amounts.minor(Currency::KES);
        let (low, high) = (kes(amount / unit * unit), kes((amount / unit + 1) * unit));
        let bands = &tariff.versions()[0].bands;
        let same = bands.iter().any(|band| {
            band.from_minor <= low.minor() && high.minor() <= band.through_minor
        });
        if let (Ok(low), Ok(high), true) = (tariff.fee(low, AT), tariff.fee(high, AT), same) {
            prop_assert!(low.minor() <= high.minor());
        }
    }

    #[test]
    fn nothing_panics_at_the_ends_of_the_range(
        charge in any_charge(1),
        minor in prop_oneof![
            proptest::sample::select(&[Money::MINOR_MAX, -Money::MINOR_MAX, 0, 1][..]),
            any::<i32>().prop_map(i64::from),
            Money::MINOR_MAX - 1_000..=Money::MINOR_MAX,
        ],
        terms in any_terms(),
    ) {
        let charge = Charge { max_minor: None, ..charge };
        let schedule = agreed(Tariff::uniform(Currency::KES, Precision::MINOR, charge).unwrap());
        for operation in Operation::ALL {
            if let Ok(quote) = quote(&schedule, operation, kes(minor), &terms) {
                check_conservation(&quote);
            }
            let currency = terms.exchange.map_or(Currency::KES, |exchange| exchange.to());
            let net = Money::from_minor(minor, currency).unwrap();
            if let Ok(quote) = gross_up(&schedule, operation, net, &terms) {
                prop_assert_eq!(quote.payee_gets(), net);
            }
        }
    }
}

#[test]
fn each_bearer_pays_its_part() {
    let schedule =
        agreed(Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(101)).unwrap());
    let halves = Bearer::Split(Shares::new(5_000, 5_000).unwrap());
    for (bearer, payer_pays, merchant_pays, net) in [
        (Bearer::Payer, 1_101, 0, 1_000),
        (Bearer::Payee, 1_000, 0, 899),
        (Bearer::Merchant, 1_000, 101, 1_000),
        (halves, 1_051, 0, 950),
    ] {
        let terms = Terms::new(bearer, AT);
        let quote = quote(&schedule, Operation::Collection, kes(1_000), &terms).unwrap();
        assert_eq!(quote.payer_pays(), kes(payer_pays), "{bearer:?}");
        assert_eq!(quote.merchant_pays(), kes(merchant_pays), "{bearer:?}");
        assert_eq!(quote.net(), kes(net), "{bearer:?}");
        check_conservation(&quote);
    }
}

#[test]
fn an_operation_that_moves_nothing_still_costs() {
    let schedule =
        agreed(Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(50)).unwrap());
    for operation in [Operation::BalanceInquiry, Operation::Failed] {
        let terms = |bearer| Terms::new(bearer, AT);
        let quoted = quote(&schedule, operation, kes(0), &terms(Bearer::Merchant)).unwrap();
        assert_eq!(
            (quoted.payer_pays(), quoted.merchant_pays(), quoted.net()),
            (kes(0), kes(50), kes(0))
        );
        let refused = quote(&schedule, operation, kes(1_000), &terms(Bearer::Payee));
        assert_eq!(refused, Err(FeeError::FeesExceedAmount { fees: kes(50) }));
        let reverse = gross_up(&schedule, operation, kes(1_000), &terms(Bearer::Payer));
        assert_eq!(reverse, Err(FeeError::MovesNothing));
    }
}

#[test]
fn the_version_in_force_decides() {
    let later = Timestamp::from_millis(1_000);
    let version = |effective_at, fee| Version {
        effective_at,
        bands: vec![band(0, 10_000, Charge::flat(fee))],
    };
    let versions = vec![version(AT, 5), version(later, 7)];
    let tariff = Tariff::new(Currency::KES, Precision::MINOR, versions).unwrap();
    let fee = |millis| tariff.fee(kes(100), Timestamp::from_millis(millis));
    assert_eq!(fee(-1), Err(FeeError::NotYetEffective { from: AT }));
    assert_eq!(fee(0), Ok(kes(5)));
    assert_eq!(fee(999), Ok(kes(5)));
    assert_eq!(fee(1_000), Ok(kes(7)));
}

#[test]
fn unsound_tariffs_are_refused() {
    let whole = Precision {
        amounts: Unit::Whole,
        fees: Unit::Whole,
        ..Precision::MINOR
    };
    let free = |from, through| band(from, through, Charge::FREE);
    let charged = |charge| vec![band(100, 200, charge)];
    let of_band = |band| TariffError::BandMalformed { version: 0, band };
    let of_charge = TariffError::ChargeMalformed {
        version: 0,
        band: 0,
    };
    for (bands, error) in [
        (vec![], TariffError::BandsMissing { version: 0 }),
        (vec![free(200, 100)], of_band(0)),
        (vec![free(-100, 100)], of_band(0)),
        (vec![free(100, 250)], of_band(0)),
        (vec![free(100, 200), free(300, i64::MAX)], of_band(1)),
        (
            vec![free(100, 200), free(400, 500)],
            TariffError::Gap {
                version: 0,
                band: 1,
            },
        ),
        (
            vec![free(100, 200), free(200, 500)],
            TariffError::Overlap {
                version: 0,
                band: 1,
            },
        ),
        (
            vec![free(300, 400), free(100, 200)],
            TariffError::Overlap {
                version: 0,
                band: 1,
            },
        ),
        (charged(Charge::flat(-100)), of_charge),
        (charged(Charge::flat(150)), of_charge),
        (charged(Charge::flat(i64::MAX)), of_charge),
        (
            charged(Charge {
                min_minor: 200,
                max_minor: Some(100),
                ..Charge::FREE
            }),
            of_charge,
        ),
        (vec![free(100, 100); 1_001], TariffError::TooLong),
    ] {
        assert_eq!(tariff(whole, bands.clone()), Err(error), "{bands:?}");
    }
    let version = |millis| Version {
        effective_at: Timestamp::from_millis(millis),
        bands: vec![free(100, 200)],
    };
    for (versions, error) in [
        (vec![], TariffError::VersionsMissing),
        (
            vec![version(1), version(1)],
            TariffError::VersionsUnordered { version: 1 },
        ),
        (
            vec![version(1), version(3), version(2)],
            TariffError::VersionsUnordered { version: 2 },
        ),
    ] {
        assert_eq!(Tariff::new(Currency::KES, whole, versions), Err(error));
    }
}

#[test]
fn unsound_schedules_are_refused() {
    let line = |name: &str, currency, rate: &str| FeeLine {
        name: name.parse().unwrap(),
        tariff: Tariff::uniform(
            currency,
            Precision::MINOR,
            Charge::rate(rate.parse().unwrap()),
        )
        .unwrap(),
        bearer: BearerRule::AsAgreed,
    };
    let schedule = FeeSchedule::default()
        .with(Operation::Payout, line("a", Currency::KES, "40"))
        .unwrap();
    for (operation, line, error) in [
        (
            Operation::Payout,
            line("a", Currency::KES, "1"),
            ScheduleError::NameTaken,
        ),
        (
            Operation::Payout,
            line("b", Currency::KES, "50"),
            ScheduleError::RatesTooHigh,
        ),
        (
            Operation::Failed,
            line("a", Currency::USD, "1"),
            ScheduleError::CurrencyMismatch,
        ),
    ] {
        assert_eq!(schedule.clone().with(operation, line), Err(error));
    }
    let names = ["b", "c", "d", "e"];
    let more = names.iter().try_fold(schedule, |schedule, name| {
        schedule.with(Operation::Payout, line(name, Currency::KES, "1"))
    });
    assert_eq!(more, Err(ScheduleError::TooManyLines));
    for name in ["", "Fee", "a b", "é", "a_name_of_twenty_five_cha"] {
        assert_eq!(
            name.parse::<FeeName>(),
            Err(ScheduleError::NameMalformed),
            "{name}"
        );
    }
}

#[test]
fn the_first_wrong_thing_is_named() {
    let whole = Precision {
        amounts: Unit::Whole,
        ..Precision::MINOR
    };
    let bands = vec![band(10_000, 50_000, Charge::flat(60_000))];
    let schedule = agreed(tariff(whole, bands).unwrap());
    let dollar = |minor| Money::from_minor(minor, Currency::USD).unwrap();
    let exchange = Exchange::parse(Currency::USD, Currency::KES, "129.5", Rounding::Down).unwrap();
    let payee = Terms::new(Bearer::Payee, AT);
    let early = Terms {
        at: Timestamp::from_millis(-1),
        ..payee
    };
    let exchanged = Terms {
        exchange: Some(exchange),
        ..early
    };
    let (min, max) = (kes(10_000), kes(50_000));
    for (amount, terms, error) in [
        (dollar(-1), exchanged, FeeError::CurrencyMismatch),
        (kes(-1), exchanged, FeeError::ExchangeMismatch),
        (kes(-1), early, FeeError::NotYetEffective { from: AT }),
        (kes(0), payee, FeeError::AmountNotPositive),
        (kes(50), payee, FeeError::AmountNotWhole),
        (kes(9_900), payee, FeeError::AmountBelowTariff { min }),
        (kes(50_100), payee, FeeError::AmountAboveTariff { max }),
        (
            kes(50_000),
            payee,
            FeeError::FeesExceedAmount { fees: kes(60_000) },
        ),
    ] {
        assert_eq!(
            quote(&schedule, Operation::Payout, amount, &terms),
            Err(error),
            "{amount}"
        );
        assert_eq!(error.code().category(), crate::Category::Invalid);
    }
    let message = FeeError::AmountBelowTariff { min }.to_string();
    assert_eq!(
        message,
        "the amount is below the tariff: at least `KES 100.00`"
    );
}

#[test]
fn a_quote_in_json() {
    let exchange = Exchange::parse(Currency::KES, Currency::UGX, "28.5", Rounding::HalfUp).unwrap();
    let terms = Terms {
        exchange: Some(exchange),
        ..Terms::new(Bearer::Payer, AT)
    };
    let schedule =
        agreed(Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(50)).unwrap());
    let quote = quote(&schedule, Operation::Payout, kes(1_000), &terms).unwrap();
    let kes = |amount: &str| serde_json::json!({"amount": amount, "currency": "KES"});
    let expected = serde_json::json!({
        "operation": "payout",
        "amount": kes("10.00"),
        "gross": kes("10.50"),
        "payer_pays": kes("10.50"),
        "merchant_pays": kes("0.00"),
        "fees": [{
            "name": "a", "bearer": "payer", "amount": kes("0.50"),
            "payer": kes("0.50"), "payee": kes("0.00"), "merchant": kes("0.00"),
        }],
        "fees_total": kes("0.50"),
        "net": kes("10.00"),
        "exchange": {"from": "KES", "to": "UGX", "rate": "28.5", "rounding": "half_up"},
        "payee_gets": {"amount": "285", "currency": "UGX"},
    });
    assert_eq!(serde_json::to_value(&quote).unwrap(), expected);
}

#[test]
fn a_net_is_found_where_only_a_jump_of_the_fee_gives_it() {
    // Whole shillings of fee on cents of amount: KES 2.49 costs nothing, KES 2.50 costs 1.00.
    let precision = Precision {
        fees: Unit::Whole,
        ..Precision::MINOR
    };
    let rate = Charge::rate("20".parse().unwrap());
    let schedule = agreed(tariff(precision, vec![band(200, 10_000, rate)]).unwrap());
    let terms = Terms::new(Bearer::Payee, AT);
    let amount = |net| gross_up(&schedule, Operation::Payout, kes(net), &terms).map(|q| q.amount());
    assert_eq!(amount(150), Ok(kes(250)));
    assert_eq!(amount(249), Ok(kes(249)));
    let (below, above) = (None, Some(kes(150)));
    assert_eq!(amount(149), Err(FeeError::NetUnreachable { below, above }));
}
