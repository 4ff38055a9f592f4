use super::{FeeError, Percentage, Rounding, TariffError, Unit};
use crate::money::{Currency, Money};
use crate::time::Timestamp;

/// What an amount in one band costs: `flat + rate × amount`, then at least `min`, at most `max`.
///
/// Minor units are those of the tariff's currency.
///
/// ```
/// use amana_core::fee::{Charge, Percentage};
/// let card = Charge { rate: "2.9".parse()?, ..Charge::flat(30) };
/// assert_eq!(card.flat_minor, 30);
/// let half_a_percent = Percentage::from_millionths(5_000);
/// let capped = Charge { max_minor: Some(20_000), ..Charge::rate(half_a_percent) };
/// assert_eq!(capped.min_minor, 0);
/// # Ok::<(), amana_core::fee::TariffError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    /// Charged whatever the amount.
    pub flat_minor: i64,
    /// Charged of the whole amount, not only of what lies in the band.
    pub rate: Percentage,
    /// The least that is charged.
    pub min_minor: i64,
    /// The most that is charged; `None` for no limit.
    pub max_minor: Option<i64>,
}

impl Charge {
    /// Nothing.
    ///
    /// ```
    /// use amana_core::fee::Charge;
    /// assert_eq!(Charge::FREE, Charge::flat(0));
    /// ```
    pub const FREE: Self = Self::flat(0);

    /// A flat fee.
    ///
    /// ```
    /// use amana_core::fee::Charge;
    /// assert_eq!(Charge::flat(700).flat_minor, 700);
    /// ```
    pub const fn flat(flat_minor: i64) -> Self {
        Self {
            flat_minor,
            rate: Percentage::ZERO,
            min_minor: 0,
            max_minor: None,
        }
    }

    /// A percentage of the amount.
    ///
    /// ```
    /// use amana_core::fee::Charge;
    /// assert_eq!(Charge::rate("1.5".parse()?).flat_minor, 0);
    /// # Ok::<(), amana_core::fee::TariffError>(())
    /// ```
    pub const fn rate(rate: Percentage) -> Self {
        Self {
            flat_minor: 0,
            rate,
            min_minor: 0,
            max_minor: None,
        }
    }
}

/// Amounts that are charged alike, both ends included. Minor units of the tariff's currency.
///
/// ```
/// use amana_core::fee::{Band, Charge};
/// let band = Band { from_minor: 10_100, through_minor: 50_000, charge: Charge::flat(700) };
/// assert!(band.from_minor <= band.through_minor);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// The smallest amount.
    pub from_minor: i64,
    /// The largest amount.
    pub through_minor: i64,
    /// What such an amount costs.
    pub charge: Charge,
}

/// The bands of a tariff from an instant on, until the next version takes effect.
///
/// ```
/// use amana_core::fee::{Band, Charge, Version};
/// let version = Version {
///     effective_at: "2023-07-29T00:00:00+03:00".parse()?,
///     bands: vec![Band { from_minor: 1, through_minor: 99, charge: Charge::FREE }],
/// };
/// assert_eq!(version.effective_at.to_string(), "2023-07-28T21:00:00.000Z");
/// # Ok::<(), amana_core::time::TimestampError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The first instant it is in force.
    pub effective_at: Timestamp,
    /// Its bands, ascending, without gap or overlap.
    pub bands: Vec<Band>,
}

/// What amounts and fees are counted in, and how a percentage is rounded to it.
///
/// ```
/// use amana_core::fee::{Precision, Rounding, Unit};
/// let whole_shillings = Precision { amounts: Unit::Whole, ..Precision::MINOR };
/// assert_eq!(whole_shillings.rounding, Rounding::HalfUp);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Precision {
    /// Amounts that are no multiple of it are refused.
    pub amounts: Unit,
    /// Every fee is a multiple of it.
    pub fees: Unit,
    /// How a percentage of the amount becomes a multiple of `fees`.
    pub rounding: Rounding,
}

impl Precision {
    /// Amounts and fees to the minor unit, half up.
    ///
    /// ```
    /// use amana_core::fee::{Precision, Unit};
    /// assert_eq!(Precision::MINOR.fees, Unit::Minor);
    /// ```
    pub const MINOR: Self = Self {
        amounts: Unit::Minor,
        fees: Unit::Minor,
        rounding: Rounding::HalfUp,
    };
}

/// A banded tariff with validity dates, proved sound when built.
///
/// A percentage, a flat fee or no fee at all is a tariff of one band. Between two bands nothing is
/// missing and nothing is doubled; below the first and above the last, amounts are refused.
///
/// ```
/// use amana_core::fee::{Band, Charge, FeeError, Precision, Tariff, TariffError, Version};
/// use amana_core::{Currency, Money, Timestamp};
///
/// let band = |from_minor, through_minor, fee_minor| Band {
///     from_minor,
///     through_minor,
///     charge: Charge::flat(fee_minor),
/// };
/// let since = Timestamp::from_millis(0);
/// let build = |bands| {
///     let versions = vec![Version { effective_at: since, bands }];
///     Tariff::new(Currency::KES, Precision::MINOR, versions)
/// };
/// let tariff = build(vec![band(1, 10_000, 0), band(10_001, 50_000, 700)])?;
///
/// let fee = tariff.fee(Money::parse("100.01", Currency::KES)?, since)?;
/// assert_eq!(fee.to_string(), "KES 7.00");
/// let max = Money::parse("500.00", Currency::KES)?;
/// let above = Money::parse("500.01", Currency::KES)?;
/// assert_eq!(tariff.fee(above, since), Err(FeeError::AmountAboveTariff { max }));
///
/// let gap = build(vec![band(1, 10_000, 0), band(10_101, 50_000, 700)]);
/// assert_eq!(gap, Err(TariffError::Gap { version: 0, band: 1 }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tariff {
    currency: Currency,
    precision: Precision,
    // The units of the precision in minor units, at hand because every quote divides by them.
    amount_unit: i64,
    fee_unit: i64,
    versions: Vec<Version>,
}

impl Tariff {
    /// Versions a tariff may have, and bands a version may have.
    ///
    /// ```
    /// use amana_core::fee::Tariff;
    /// assert_eq!(Tariff::ROWS_MAX, 1_000);
    /// ```
    pub const ROWS_MAX: usize = 1_000;

    /// A tariff of these versions, the oldest first.
    ///
    /// ```
    /// use amana_core::fee::{Precision, Tariff, TariffError};
    /// let none = Tariff::new(amana_core::Currency::KES, Precision::MINOR, Vec::new());
    /// assert_eq!(none, Err(TariffError::VersionsMissing));
    /// ```
    ///
    /// # Errors
    /// The first [`TariffError`] from the first version and band on.
    pub fn new(
        currency: Currency,
        precision: Precision,
        versions: Vec<Version>,
    ) -> Result<Self, TariffError> {
        let tariff = Self::unchecked(currency, precision, versions);
        tariff.check()?;
        Ok(tariff)
    }

    /// One charge for every amount, at all times.
    ///
    /// # Errors
    /// [`TariffError::ChargeMalformed`].
    ///
    /// ```
    /// use amana_core::fee::{Charge, Precision, Tariff};
    /// use amana_core::{Currency, Money, Timestamp};
    /// let card = Charge { rate: "2.9".parse()?, ..Charge::flat(30) };
    /// let tariff = Tariff::uniform(Currency::USD, Precision::MINOR, card)?;
    /// let fee = tariff.fee(Money::parse("100.00", Currency::USD)?, Timestamp::from_millis(0))?;
    /// assert_eq!(fee.to_string(), "USD 3.20");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn uniform(
        currency: Currency,
        precision: Precision,
        charge: Charge,
    ) -> Result<Self, TariffError> {
        let through_minor = precision.amounts.largest_minor(currency);
        let bands = vec![Band {
            from_minor: 0,
            through_minor,
            charge,
        }];
        Self::new(
            currency,
            precision,
            vec![Version {
                effective_at: Timestamp::MIN,
                bands,
            }],
        )
    }

    /// No fee for any amount, at all times.
    ///
    /// ```
    /// use amana_core::{Currency, Money, Timestamp, fee::Tariff};
    /// let price = Money::parse("350000.00", Currency::KES)?;
    /// assert!(Tariff::free(Currency::KES).fee(price, Timestamp::from_millis(0))?.is_zero());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn free(currency: Currency) -> Self {
        let band = Band {
            from_minor: 0,
            through_minor: Money::MINOR_MAX,
            charge: Charge::FREE,
        };
        let version = Version {
            effective_at: Timestamp::MIN,
            bands: vec![band],
        };
        Self::unchecked(currency, Precision::MINOR, vec![version])
    }

    /// For tables that a test walks through [`Self::new`].
    pub(crate) fn unchecked(
        currency: Currency,
        precision: Precision,
        versions: Vec<Version>,
    ) -> Self {
        Self {
            currency,
            precision,
            amount_unit: precision.amounts.minor(currency),
            fee_unit: precision.fees.minor(currency),
            versions,
        }
    }

    /// The currency of its amounts and fees.
    ///
    /// ```
    /// use amana_core::fee::{Charge, Precision, Tariff};
    /// use amana_core::{Currency, Money, Timestamp};
    /// let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(700))?;
    /// assert_eq!(tariff.currency(), Currency::KES);
    /// # Ok::<(), amana_core::fee::TariffError>(())
    /// ```
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// What amounts and fees are counted in.
    ///
    /// ```
    /// use amana_core::fee::{Charge, Precision, Tariff};
    /// use amana_core::{Currency, Money, Timestamp};
    /// let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(700))?;
    /// assert_eq!(tariff.precision(), Precision::MINOR);
    /// # Ok::<(), amana_core::fee::TariffError>(())
    /// ```
    pub const fn precision(&self) -> Precision {
        self.precision
    }

    /// Its versions, the oldest first.
    ///
    /// ```
    /// use amana_core::fee::{Charge, Precision, Tariff};
    /// use amana_core::{Currency, Money, Timestamp};
    /// let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(700))?;
    /// assert_eq!(tariff.versions()[0].bands.len(), 1);
    /// # Ok::<(), amana_core::fee::TariffError>(())
    /// ```
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// What this amount costs at this instant.
    ///
    /// ```
    /// use amana_core::fee::{Charge, Precision, Tariff};
    /// use amana_core::{Currency, Money, Timestamp};
    /// let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(700))?;
    /// let fee = tariff.fee(Money::parse("350", Currency::KES)?, Timestamp::from_millis(0))?;
    /// assert_eq!(fee.to_string(), "KES 7.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`FeeError`]: currency, sign, unit, before the first version, outside the bands.
    pub fn fee(&self, amount: Money, at: Timestamp) -> Result<Money, FeeError> {
        if amount.currency() != self.currency {
            return Err(FeeError::CurrencyMismatch);
        }
        let fee_minor = self.fee_minor(self.version(at)?, amount.minor())?;
        Money::from_minor(fee_minor, self.currency).map_err(|_| FeeError::OutOfRange)
    }

    /// The version in force.
    pub(super) fn version(&self, at: Timestamp) -> Result<&Version, FeeError> {
        let begun = self
            .versions
            .partition_point(|version| version.effective_at <= at);
        match begun
            .checked_sub(1)
            .and_then(|last| self.versions.get(last))
        {
            Some(version) => Ok(version),
            None => Err(FeeError::NotYetEffective {
                from: self
                    .versions
                    .first()
                    .map_or(Timestamp::MAX, |first| first.effective_at),
            }),
        }
    }

    pub(super) fn amount_unit(&self) -> i64 {
        self.amount_unit
    }

    pub(super) fn fee_unit(&self) -> i64 {
        self.fee_unit
    }

    /// The fee of an amount under one of the versions.
    pub(super) fn fee_minor(&self, version: &Version, amount: i64) -> Result<i64, FeeError> {
        if amount % self.amount_unit != 0 {
            return Err(FeeError::AmountNotWhole);
        }
        match version.band(amount) {
            Some(band) => Ok(self.charge_minor(&band.charge, amount)),
            None => Err(self.outside(version, amount)),
        }
    }

    /// Never falls as the amount rises, which [`super::gross_up`] relies on.
    pub(super) fn charge_minor(&self, charge: &Charge, amount: i64) -> i64 {
        let mut fee = charge.flat_minor;
        if charge.rate > Percentage::ZERO {
            let product = i128::from(amount) * i128::from(charge.rate.millionths());
            let unit = u64::from(Percentage::WHOLE_MILLIONTHS) * self.fee_unit.unsigned_abs();
            let units = self.precision.rounding.quotient(product, unit);
            // At most the whole amount, so it fits.
            fee += i64::try_from(units).unwrap_or(i64::MAX / 4) * self.fee_unit;
        }
        let fee = fee.max(charge.min_minor);
        charge.max_minor.map_or(fee, |max| fee.min(max))
    }

    fn outside(&self, version: &Version, amount: i64) -> FeeError {
        let money = |minor| Money::from_minor(minor, self.currency);
        let (Some(first), Some(last)) = (version.bands.first(), version.bands.last()) else {
            return FeeError::OutOfRange;
        };
        match (money(first.from_minor), money(last.through_minor)) {
            (Ok(min), _) if amount < first.from_minor => FeeError::AmountBelowTariff { min },
            (_, Ok(max)) => FeeError::AmountAboveTariff { max },
            _ => FeeError::OutOfRange,
        }
    }

    fn check(&self) -> Result<(), TariffError> {
        if self.versions.is_empty() {
            return Err(TariffError::VersionsMissing);
        }
        if self.versions.len() > Self::ROWS_MAX {
            return Err(TariffError::TooLong);
        }
        for (version, pair) in self.versions.windows(2).enumerate() {
            if pair[0].effective_at >= pair[1].effective_at {
                return Err(TariffError::VersionsUnordered {
                    version: version + 1,
                });
            }
        }
        let mut versions = self.versions.iter().enumerate();
        versions.try_for_each(|(version, content)| self.check_bands(version, &content.bands))
    }

    fn check_bands(&self, version: usize, bands: &[Band]) -> Result<(), TariffError> {
        if bands.is_empty() {
            return Err(TariffError::BandsMissing { version });
        }
        if bands.len() > Self::ROWS_MAX {
            return Err(TariffError::TooLong);
        }
        let mut previous: Option<&Band> = None;
        for (band, content) in bands.iter().enumerate() {
            self.check_band(content)
                .map_err(|problem| problem.at(version, band))?;
            if let Some(previous) = previous {
                let next = previous.through_minor + self.amount_unit;
                match content.from_minor.cmp(&next) {
                    std::cmp::Ordering::Less => return Err(TariffError::Overlap { version, band }),
                    std::cmp::Ordering::Equal => {}
                    std::cmp::Ordering::Greater => return Err(TariffError::Gap { version, band }),
                }
            }
            previous = Some(content);
        }
        Ok(())
    }

    fn check_band(&self, band: &Band) -> Result<(), BandProblem> {
        let (from, through) = (band.from_minor, band.through_minor);
        let on_unit = from % self.amount_unit == 0 && through % self.amount_unit == 0;
        if from < 0 || from > through || through > Money::MINOR_MAX || !on_unit {
            return Err(BandProblem::Edges);
        }
        let Charge {
            flat_minor,
            rate: _,
            min_minor,
            max_minor,
        } = band.charge;
        let max = max_minor.unwrap_or_else(|| self.precision.fees.largest_minor(self.currency));
        let sound = |fee: i64| (0..=Money::MINOR_MAX).contains(&fee) && fee % self.fee_unit == 0;
        if !sound(flat_minor) || !sound(min_minor) || !sound(max) || min_minor > max {
            return Err(BandProblem::Charge);
        }
        Ok(())
    }
}

impl Version {
    /// The band this amount is in; `None` outside of all.
    pub(super) fn band(&self, amount: i64) -> Option<&Band> {
        let below = self
            .bands
            .partition_point(|band| band.through_minor < amount);
        self.bands
            .get(below)
            .filter(|band| band.from_minor <= amount)
    }
}

/// What is wrong with a band, before its place is known.
enum BandProblem {
    Edges,
    Charge,
}

impl BandProblem {
    const fn at(self, version: usize, band: usize) -> TariffError {
        match self {
            Self::Edges => TariffError::BandMalformed { version, band },
            Self::Charge => TariffError::ChargeMalformed { version, band },
        }
    }
}
