//! The JSON forms of tariffs, schedules and exchanges. What is read is checked as what is built.
//!
//! Amounts are decimal texts in the tariff's currency; `percent` is `"0.55"` for 0.55 %.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    Band, Charge, Exchange, FeeLine, FeeSchedule, Operation, Percentage, Precision, Rounding,
    Tariff, Unit, Version,
};
use crate::json_as_object::json_as_object;
use crate::money::{Currency, Money, MoneyError};
use crate::time::Timestamp;

json_as_object! {
    struct TariffObject as "TariffObject", #[serde(deny_unknown_fields)] {
        currency: Currency,
        amounts: Unit,
        fees: Unit,
        rounding: Rounding,
        versions: Vec<VersionObject>,
    }
}

json_as_object! {
    struct VersionObject as "VersionObject", #[serde(deny_unknown_fields)] {
        effective_at: Timestamp,
        bands: Vec<BandObject>,
    }
}

json_as_object! {
    struct BandObject as "BandObject", #[serde(deny_unknown_fields)] {
        from: String,
        through: String,
        #[serde(default = "zero")]
        flat: String,
        #[serde(default)]
        percent: Percentage,
        #[serde(default = "zero")]
        min: String,
        #[serde(default)]
        max: Option<String>,
    }
}

fn zero() -> String {
    "0".to_owned()
}

impl BandObject {
    fn write(band: &Band, currency: Currency) -> Result<Self, MoneyError> {
        let text = |minor| Money::from_minor(minor, currency).map(Money::amount);
        Ok(Self {
            from: text(band.from_minor)?,
            through: text(band.through_minor)?,
            flat: text(band.charge.flat_minor)?,
            percent: band.charge.rate,
            min: text(band.charge.min_minor)?,
            max: band.charge.max_minor.map(text).transpose()?,
        })
    }

    fn read(&self, currency: Currency) -> Result<Band, MoneyError> {
        let minor = |text: &str| Money::parse(text, currency).map(Money::minor);
        Ok(Band {
            from_minor: minor(&self.from)?,
            through_minor: minor(&self.through)?,
            charge: Charge {
                flat_minor: minor(&self.flat)?,
                rate: self.percent,
                min_minor: minor(&self.min)?,
                max_minor: self.max.as_deref().map(minor).transpose()?,
            },
        })
    }
}

impl Serialize for Tariff {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let write = |version: &Version| {
            let bands = version
                .bands
                .iter()
                .map(|band| BandObject::write(band, self.currency()));
            Ok::<_, MoneyError>(VersionObject {
                effective_at: version.effective_at,
                bands: bands.collect::<Result<_, _>>()?,
            })
        };
        let versions: Result<Vec<_>, _> = self.versions().iter().map(write).collect();
        let Precision {
            amounts,
            fees,
            rounding,
        } = self.precision();
        let currency = self.currency();
        let versions = versions.map_err(serde::ser::Error::custom)?;
        TariffObject {
            currency,
            amounts,
            fees,
            rounding,
            versions,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Tariff {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = TariffObject::deserialize(deserializer)?;
        let read = |version: &VersionObject| {
            let bands = version.bands.iter().map(|band| band.read(object.currency));
            Ok::<_, MoneyError>(Version {
                effective_at: version.effective_at,
                bands: bands.collect::<Result<_, _>>()?,
            })
        };
        let versions: Result<Vec<_>, _> = object.versions.iter().map(read).collect();
        let versions = versions.map_err(serde::de::Error::custom)?;
        let TariffObject {
            currency,
            amounts,
            fees,
            rounding,
            ..
        } = object;
        Self::new(
            currency,
            Precision {
                amounts,
                fees,
                rounding,
            },
            versions,
        )
        .map_err(serde::de::Error::custom)
    }
}

json_as_object! {
    struct ScheduleObject as "ScheduleObject", #[serde(deny_unknown_fields)] {
        #[serde(default)]
        collection: Vec<FeeLine>,
        #[serde(default)]
        payout: Vec<FeeLine>,
        #[serde(default)]
        balance_inquiry: Vec<FeeLine>,
        #[serde(default)]
        failed: Vec<FeeLine>,
    }
}

impl Serialize for FeeSchedule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let lines = |operation| self.lines(operation).to_vec();
        let object = ScheduleObject {
            collection: lines(Operation::Collection),
            payout: lines(Operation::Payout),
            balance_inquiry: lines(Operation::BalanceInquiry),
            failed: lines(Operation::Failed),
        };
        object.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for FeeSchedule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let ScheduleObject {
            collection,
            payout,
            balance_inquiry,
            failed,
        } = ScheduleObject::deserialize(deserializer)?;
        let lines = [
            (Operation::Collection, collection),
            (Operation::Payout, payout),
            (Operation::BalanceInquiry, balance_inquiry),
            (Operation::Failed, failed),
        ];
        lines
            .into_iter()
            .flat_map(|(operation, lines)| lines.into_iter().map(move |line| (operation, line)))
            .try_fold(Self::default(), |schedule, (operation, line)| {
                schedule.with(operation, line)
            })
            .map_err(serde::de::Error::custom)
    }
}

json_as_object! {
    struct ExchangeObject as "ExchangeObject", #[serde(deny_unknown_fields)] {
        from: Currency,
        to: Currency,
        rate: String,
        rounding: Rounding,
    }
}

impl Serialize for Exchange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (from, to, rounding) = (self.from(), self.to(), self.rounding());
        ExchangeObject {
            from,
            to,
            rate: self.rate().to_string(),
            rounding,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Exchange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = ExchangeObject::deserialize(deserializer)?;
        Self::parse(object.from, object.to, &object.rate, object.rounding)
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fee::{Bearer, Terms};

    const SCHEDULE: &str = r#"{
        "collection": [{
            "name": "till",
            "bearer": "as_agreed",
            "tariff": {
                "currency": "KES", "amounts": "whole", "fees": "minor", "rounding": "half_even",
                "versions": [{
                    "effective_at": "2022-11-05T00:00:00+03:00",
                    "bands": [
                        {"from": "1", "through": "200"},
                        {"from": "201", "through": "250000.00", "percent": "0.5", "max": "200"}
                    ]
                }]
            }
        }]
    }"#;

    #[test]
    fn a_schedule_reads_prints_and_reads_again() {
        let schedule: FeeSchedule = serde_json::from_str(SCHEDULE).unwrap();
        let charge = schedule.lines(Operation::Collection)[0].tariff.versions()[0].bands[1].charge;
        assert_eq!(charge.rate.millionths(), 5_000);
        assert_eq!(charge.max_minor, Some(20_000));
        let json = serde_json::to_string(&schedule).unwrap();
        assert!(
            json.contains(r#""effective_at":"2022-11-04T21:00:00.000Z""#),
            "{json}"
        );
        assert_eq!(
            serde_json::from_str::<FeeSchedule>(&json).unwrap(),
            schedule
        );
    }

    #[test]
    fn what_is_unsound_is_refused_with_its_sentence() {
        for (good, bad, sentence) in [
            (r#""201""#, r#""202""#, "are in neither"),
            (r#""201""#, r#""200""#, "and in the one before it"),
            (r#""0.5""#, r#""95""#, "reach 90"),
            (r#""0.5""#, "0.5", "invalid type"),
            (r#""200"}"#, r#""200.50"}"#, "no multiple of the unit"),
            (r#""1""#, r#""0.001""#, "more decimals"),
            (r#""till""#, r#""Till!""#, "name of the fee"),
            (r#""half_even""#, r#""nearest""#, "unknown variant"),
        ] {
            let json = SCHEDULE.replacen(good, bad, 1);
            assert_ne!(json, SCHEDULE);
            let error = serde_json::from_str::<FeeSchedule>(&json)
                .unwrap_err()
                .to_string();
            assert!(error.contains(sentence), "{bad}: {error}");
        }
    }

    #[test]
    fn terms_with_and_without_exchange() {
        let json = concat!(
            r#"{"bearer":"payee","at":"2026-03-06T10:30:00.000Z","#,
            r#""exchange":{"from":"USD","to":"KES","rate":"129.5","rounding":"down"}}"#,
        );
        let terms: Terms = serde_json::from_str(json).unwrap();
        assert_eq!(terms.bearer, Bearer::Payee);
        assert_eq!(serde_json::to_string(&terms).unwrap(), json);
        let json = r#"{"bearer":"payer","at":"2026-03-06T10:30:00.000Z"}"#;
        assert_eq!(serde_json::from_str::<Terms>(json).unwrap().exchange, None);
    }
}
