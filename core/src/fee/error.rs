use std::fmt;

use crate::error::{Code, Coded, FieldPath};
use crate::money::Money;
use crate::time::Timestamp;

/// Why numbers are not a tariff. Versions and bands are counted from 0.
///
/// ```
/// use amana_core::{Coded, fee::TariffError};
/// let error = TariffError::Gap { version: 0, band: 3 };
/// assert_eq!(error.code().as_str(), "tariff.gap");
/// assert_eq!(error.field().unwrap().as_str(), "/versions/0/bands/3");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TariffError {
    /// There is no version.
    VersionsMissing,
    /// A version takes effect before, or when, the one listed before it does.
    VersionsUnordered {
        /// The version that comes too early.
        version: usize,
    },
    /// More than [`super::Tariff::ROWS_MAX`] versions or bands.
    TooLong,
    /// A version has no bands.
    BandsMissing {
        /// Which version.
        version: usize,
    },
    /// A band ends before it begins, has an edge out of range or off the tariff's unit.
    BandMalformed {
        /// Which version.
        version: usize,
        /// Which band.
        band: usize,
    },
    /// Amounts between a band and the one before it are in neither.
    Gap {
        /// Which version.
        version: usize,
        /// The band after the gap.
        band: usize,
    },
    /// Amounts are in a band and in the one before it.
    Overlap {
        /// Which version.
        version: usize,
        /// The later of the two bands.
        band: usize,
    },
    /// A fee is negative, out of range or off the tariff's unit, or the minimum is above the
    /// maximum.
    ChargeMalformed {
        /// Which version.
        version: usize,
        /// Which band.
        band: usize,
    },
    /// Not a percentage from 0 to 100 with at most four decimals.
    PercentageMalformed,
    /// Not a positive decimal number of at most 13 digits and 12 decimals.
    ExchangeRateMalformed,
}

impl Coded for TariffError {
    fn code(&self) -> Code {
        match self {
            Self::VersionsMissing => Code::TariffVersionsMissing,
            Self::VersionsUnordered { .. } => Code::TariffVersionsUnordered,
            Self::TooLong => Code::TariffTooLong,
            Self::BandsMissing { .. } => Code::TariffBandsMissing,
            Self::BandMalformed { .. } => Code::TariffBandMalformed,
            Self::Gap { .. } => Code::TariffGap,
            Self::Overlap { .. } => Code::TariffOverlap,
            Self::ChargeMalformed { .. } => Code::TariffChargeMalformed,
            Self::PercentageMalformed => Code::PercentageMalformed,
            Self::ExchangeRateMalformed => Code::ExchangeRateMalformed,
        }
    }

    fn field(&self) -> Option<FieldPath> {
        let versions = FieldPath::new("/versions");
        let in_version = |version: &usize| versions.join(&version.to_string());
        match self {
            Self::VersionsMissing | Self::TooLong => Some(versions),
            Self::VersionsUnordered { version } | Self::BandsMissing { version } => {
                Some(in_version(version))
            }
            Self::BandMalformed { version, band }
            | Self::Gap { version, band }
            | Self::Overlap { version, band }
            | Self::ChargeMalformed { version, band } => {
                Some(in_version(version).join("bands").join(&band.to_string()))
            }
            Self::PercentageMalformed => Some(FieldPath::new("/percent")),
            Self::ExchangeRateMalformed => Some(FieldPath::new("/rate")),
        }
    }
}

/// Why fees cannot be put together into a schedule.
///
/// ```
/// use amana_core::{Coded, fee::{ScheduleError, Shares}};
/// let error = Shares::new(9_000, 2_000).unwrap_err();
/// assert_eq!(error, ScheduleError::SharesExceedWhole);
/// assert_eq!(error.code().as_str(), "fee.shares_exceed_whole");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScheduleError {
    /// Not a name of a fee.
    NameMalformed,
    /// The operation already has a fee of this name.
    NameTaken,
    /// More fees for one operation than [`super::FeeSchedule::LINES_MAX`].
    TooManyLines,
    /// A fee in another currency than the schedule's first.
    CurrencyMismatch,
    /// The percentages of one operation reach [`super::FeeSchedule::RATES_MAX`] or more.
    RatesTooHigh,
    /// Shares of a split sum to more than the whole.
    SharesExceedWhole,
}

impl Coded for ScheduleError {
    fn code(&self) -> Code {
        match self {
            Self::NameMalformed => Code::FeeNameMalformed,
            Self::NameTaken => Code::FeeNameTaken,
            Self::TooManyLines => Code::FeeTooManyLines,
            Self::CurrencyMismatch => Code::FeeCurrencyMismatch,
            Self::RatesTooHigh => Code::FeeRatesTooHigh,
            Self::SharesExceedWhole => Code::FeeSharesExceedWhole,
        }
    }

    fn field(&self) -> Option<FieldPath> {
        Some(FieldPath::new(match self {
            Self::NameMalformed | Self::NameTaken => "/name",
            Self::TooManyLines => "/lines",
            Self::CurrencyMismatch => "/tariff/currency",
            Self::RatesTooHigh => "/tariff",
            Self::SharesExceedWhole => "/bearer",
        }))
    }
}

/// Why an amount has no quote.
///
/// ```
/// use amana_core::fee::{FeeError, Tariff};
/// use amana_core::{Coded, Currency, Money, Timestamp};
/// let dollars = Money::parse("1.00", Currency::USD)?;
/// let error = Tariff::free(Currency::KES).fee(dollars, Timestamp::from_millis(0));
/// assert_eq!(error, Err(FeeError::CurrencyMismatch));
/// assert_eq!(FeeError::CurrencyMismatch.code().as_str(), "fee.currency_mismatch");
/// # Ok::<(), amana_core::money::MoneyError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeeError {
    /// The amount is not in the currency of the schedule.
    CurrencyMismatch,
    /// The exchange is not from, or not to, the currency of the amount.
    ExchangeMismatch,
    /// The amount must be more than nothing (not less than nothing for an operation that moves
    /// no money).
    AmountNotPositive,
    /// The tariff takes whole units only.
    AmountNotWhole,
    /// Below the tariff's first band.
    AmountBelowTariff {
        /// The smallest amount it has a fee for.
        min: Money,
    },
    /// Above the tariff's last band.
    AmountAboveTariff {
        /// The largest amount it has a fee for.
        max: Money,
    },
    /// The tariff is not in force yet.
    NotYetEffective {
        /// When its first version takes effect.
        from: Timestamp,
    },
    /// The payee's part of the fees is more than the payee gets.
    FeesExceedAmount {
        /// The payee's part.
        fees: Money,
    },
    /// A sum is beyond what can be held.
    OutOfRange,
    /// No amount gives the payee exactly this.
    NetUnreachable {
        /// The nearest smaller net that an amount gives.
        below: Option<Money>,
        /// The nearest larger one.
        above: Option<Money>,
    },
    /// The operation moves no money, so nobody gets anything.
    MovesNothing,
}

impl Coded for FeeError {
    fn code(&self) -> Code {
        match self {
            Self::CurrencyMismatch => Code::FeeCurrencyMismatch,
            Self::ExchangeMismatch => Code::FeeExchangeMismatch,
            Self::AmountNotPositive => Code::FeeAmountNotPositive,
            Self::AmountNotWhole => Code::FeeAmountNotWhole,
            Self::AmountBelowTariff { .. } => Code::FeeAmountBelowTariff,
            Self::AmountAboveTariff { .. } => Code::FeeAmountAboveTariff,
            Self::NotYetEffective { .. } => Code::FeeNotYetEffective,
            Self::FeesExceedAmount { .. } => Code::FeesExceedAmount,
            Self::OutOfRange => Code::AmountOutOfRange,
            Self::NetUnreachable { .. } => Code::FeeNetUnreachable,
            Self::MovesNothing => Code::FeeMovesNothing,
        }
    }

    fn field(&self) -> Option<FieldPath> {
        Some(FieldPath::new(match self {
            Self::CurrencyMismatch => "/currency",
            Self::ExchangeMismatch => "/exchange",
            Self::NotYetEffective { .. } => "/at",
            Self::NetUnreachable { .. } => "/net",
            Self::MovesNothing => "/operation",
            Self::AmountNotPositive
            | Self::AmountNotWhole
            | Self::AmountBelowTariff { .. }
            | Self::AmountAboveTariff { .. }
            | Self::FeesExceedAmount { .. }
            | Self::OutOfRange => "/amount",
        }))
    }
}

impl fmt::Display for TariffError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().sentence())
    }
}

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().sentence())
    }
}

impl fmt::Display for FeeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = self.code().sentence();
        match self {
            Self::AmountBelowTariff { min } => write!(f, "{sentence}: at least `{min}`"),
            Self::AmountAboveTariff { max } => write!(f, "{sentence}: at most `{max}`"),
            Self::NotYetEffective { from } => write!(f, "{sentence}: from `{from}` on"),
            Self::FeesExceedAmount { fees } => write!(f, "{sentence}: `{fees}`"),
            Self::NetUnreachable { below, above } => {
                let near: Vec<String> = [below, above]
                    .into_iter()
                    .flatten()
                    .map(|net| format!("`{net}`"))
                    .collect();
                match near.is_empty() {
                    true => f.write_str(sentence),
                    false => write!(f, "{sentence}: nearest is {}", near.join(" or ")),
                }
            }
            Self::CurrencyMismatch
            | Self::ExchangeMismatch
            | Self::AmountNotPositive
            | Self::AmountNotWhole
            | Self::OutOfRange
            | Self::MovesNothing => f.write_str(sentence),
        }
    }
}

impl std::error::Error for TariffError {}
impl std::error::Error for ScheduleError {}
impl std::error::Error for FeeError {}
