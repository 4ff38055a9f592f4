use std::fmt;
use std::str::FromStr;

use arrayvec::ArrayString;
use serde::{Deserialize, Serialize};

use super::{BearerRule, Percentage, ScheduleError, Tariff};
use crate::json_as_object::json_as_object;
use crate::json_as_text::json_as_text;
use crate::money::Currency;

/// What is done that may cost something.
///
/// ```
/// use amana_core::fee::Operation;
/// assert!(Operation::Payout.moves_money());
/// assert!(!Operation::Failed.moves_money());
/// assert_eq!(serde_json::to_string(&Operation::BalanceInquiry)?, r#""balance_inquiry""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Money from a payer to us.
    Collection,
    /// Money from us to a payee.
    Payout,
    /// Asking for a balance.
    BalanceInquiry,
    /// A collection or payout that did not come about; the amount is that of the attempt.
    Failed,
}

impl Operation {
    /// Every operation.
    ///
    /// ```
    /// use amana_core::fee::Operation;
    /// assert_eq!(Operation::ALL.len(), 4);
    /// ```
    pub const ALL: [Self; 4] = [
        Self::Collection,
        Self::Payout,
        Self::BalanceInquiry,
        Self::Failed,
    ];

    /// Whether the amount goes from the payer to the payee.
    ///
    /// ```
    /// use amana_core::fee::Operation;
    /// assert!(Operation::Collection.moves_money() && !Operation::BalanceInquiry.moves_money());
    /// ```
    pub const fn moves_money(self) -> bool {
        match self {
            Self::Collection | Self::Payout => true,
            Self::BalanceInquiry | Self::Failed => false,
        }
    }
}

/// The name of a fee: 1 to 24 lower-case letters, digits, `_`, `-` and `.`.
///
/// ```
/// use amana_core::fee::FeeName;
/// assert_eq!("paybill".parse::<FeeName>()?.as_str(), "paybill");
/// assert!("Pay bill".parse::<FeeName>().is_err());
/// # Ok::<(), amana_core::fee::ScheduleError>(())
/// ```
// Held inline, so that a quote never allocates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeeName(ArrayString<24>);

impl FeeName {
    /// The name as text.
    ///
    /// ```
    /// use amana_core::fee::FeeName;
    /// assert_eq!("sms".parse::<FeeName>()?.as_str(), "sms");
    /// # Ok::<(), amana_core::fee::ScheduleError>(())
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FeeName {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-.".contains(&byte);
        if text.is_empty() || !text.bytes().all(plain) {
            return Err(ScheduleError::NameMalformed);
        }
        ArrayString::from(text)
            .map(Self)
            .map_err(|_| ScheduleError::NameMalformed)
    }
}

impl fmt::Display for FeeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

json_as_text!(FeeName, "the name of a fee");

json_as_object! {
    /// One fee of an operation.
    ///
    /// ```
    /// use amana_core::{Currency, fee::{BearerRule, FeeLine, Tariff}};
    /// let line = FeeLine {
    ///     name: "escrow".parse()?,
    ///     tariff: Tariff::free(Currency::KES),
    ///     bearer: BearerRule::AsAgreed,
    /// };
    /// assert_eq!(line.name.as_str(), "escrow");
    /// # Ok::<(), amana_core::fee::ScheduleError>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct FeeLine as "FeeLine", #[serde(deny_unknown_fields)] {
        /// What the fee is called in quotes.
        pub name: FeeName,
        /// What it is.
        pub tariff: Tariff,
        /// Who bears it.
        pub bearer: BearerRule,
    }
}

/// Which fees each operation has, all in one currency.
///
/// The default has none: every operation is free, in every currency.
///
/// ```
/// use amana_core::Currency;
/// use amana_core::fee::{BearerRule, Charge, FeeLine, FeeSchedule, Operation, Precision, Tariff};
/// let line = FeeLine {
///     name: "service".parse()?,
///     tariff: Tariff::uniform(Currency::KES, Precision::MINOR, Charge::rate("1.5".parse()?))?,
///     bearer: BearerRule::AsAgreed,
/// };
/// let schedule = FeeSchedule::default().with(Operation::Collection, line.clone())?;
/// assert_eq!(schedule.lines(Operation::Collection).len(), 1);
/// assert!(schedule.lines(Operation::Payout).is_empty());
/// assert!(schedule.with(Operation::Collection, line).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeeSchedule {
    collection: Vec<FeeLine>,
    payout: Vec<FeeLine>,
    balance_inquiry: Vec<FeeLine>,
    failed: Vec<FeeLine>,
}

impl FeeSchedule {
    /// Fees one operation may have.
    ///
    /// ```
    /// use amana_core::fee::FeeSchedule;
    /// assert_eq!(FeeSchedule::LINES_MAX, 4);
    /// ```
    pub const LINES_MAX: usize = 4;

    /// What the highest percentages of one operation's fees must stay below, together: 90 %. Near
    /// the whole, hardly any net could be reached, and finding it would take long.
    ///
    /// ```
    /// use amana_core::fee::FeeSchedule;
    /// assert_eq!(FeeSchedule::RATES_MAX.millionths(), 900_000);
    /// ```
    pub const RATES_MAX: Percentage = Percentage::from_millionths(900_000);

    /// The same schedule with one more fee.
    ///
    /// ```
    /// use amana_core::fee::{BearerRule, FeeLine, FeeSchedule, Operation, ScheduleError, Tariff};
    /// let tariff = Tariff::free(amana_core::Currency::KES);
    /// let line = FeeLine { name: "sms".parse()?, tariff, bearer: BearerRule::AsAgreed };
    /// let schedule = FeeSchedule::default().with(Operation::Payout, line.clone())?;
    /// assert_eq!(schedule.with(Operation::Payout, line), Err(ScheduleError::NameTaken));
    /// # Ok::<(), amana_core::fee::ScheduleError>(())
    /// ```
    ///
    /// # Errors
    /// [`ScheduleError`] for a name taken, too many fees, another currency, too high percentages.
    pub fn with(mut self, operation: Operation, line: FeeLine) -> Result<Self, ScheduleError> {
        if self
            .currency()
            .is_some_and(|currency| currency != line.tariff.currency())
        {
            return Err(ScheduleError::CurrencyMismatch);
        }
        let lines = self.lines_mut(operation);
        if lines.iter().any(|other| other.name == line.name) {
            return Err(ScheduleError::NameTaken);
        }
        if lines.len() >= Self::LINES_MAX {
            return Err(ScheduleError::TooManyLines);
        }
        lines.push(line);
        let rates: u32 = lines
            .iter()
            .map(|line| line.tariff.rate_max().millionths())
            .sum();
        if rates >= Self::RATES_MAX.millionths() {
            return Err(ScheduleError::RatesTooHigh);
        }
        Ok(self)
    }

    /// The fees of an operation, in the order they were added.
    ///
    /// ```
    /// use amana_core::fee::{BearerRule, FeeLine, FeeSchedule, Operation, ScheduleError, Tariff};
    /// let tariff = Tariff::free(amana_core::Currency::KES);
    /// let line = FeeLine { name: "sms".parse()?, tariff, bearer: BearerRule::AsAgreed };
    /// let schedule = FeeSchedule::default().with(Operation::Payout, line.clone())?;
    /// assert_eq!(schedule.lines(Operation::Payout), [line]);
    /// # Ok::<(), amana_core::fee::ScheduleError>(())
    /// ```
    pub fn lines(&self, operation: Operation) -> &[FeeLine] {
        match operation {
            Operation::Collection => &self.collection,
            Operation::Payout => &self.payout,
            Operation::BalanceInquiry => &self.balance_inquiry,
            Operation::Failed => &self.failed,
        }
    }

    /// The currency of all its fees; `None` if it has none.
    ///
    /// ```
    /// use amana_core::fee::FeeSchedule;
    /// assert_eq!(FeeSchedule::default().currency(), None);
    /// ```
    pub fn currency(&self) -> Option<Currency> {
        let mut lines = Operation::ALL
            .into_iter()
            .flat_map(|operation| self.lines(operation));
        lines.next().map(|line| line.tariff.currency())
    }

    fn lines_mut(&mut self, operation: Operation) -> &mut Vec<FeeLine> {
        match operation {
            Operation::Collection => &mut self.collection,
            Operation::Payout => &mut self.payout,
            Operation::BalanceInquiry => &mut self.balance_inquiry,
            Operation::Failed => &mut self.failed,
        }
    }
}

impl Tariff {
    /// The highest percentage of any band of any version.
    fn rate_max(&self) -> Percentage {
        let bands = self.versions().iter().flat_map(|version| &version.bands);
        bands.map(|band| band.charge.rate).max().unwrap_or_default()
    }
}
