use arrayvec::ArrayVec;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::bearer::Parts;
use super::tariff::Version;
use super::{Bearer, Exchange, FeeError, FeeLine, FeeName, FeeSchedule, Operation};
use crate::json_as_object::json_as_object;
use crate::money::{Currency, Money};
use crate::time::Timestamp;

json_as_object! {
    /// What was agreed about a movement besides its amount.
    ///
    /// ```
    /// use amana_core::{Timestamp, fee::{Bearer, Terms}};
    /// let terms = Terms::new(Bearer::Payer, Timestamp::from_millis(0));
    /// assert_eq!(terms.exchange, None);
    /// ```
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Terms as "Terms", #[serde(deny_unknown_fields)] {
        /// Who bears the fees whose line leaves it open.
        pub bearer: Bearer,
        /// When the operation is done, which decides the version of each tariff.
        pub at: Timestamp,
        /// How what the payee gets is converted to the payee's currency, if it is another one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub exchange: Option<Exchange>,
    }
}

impl Terms {
    /// Terms without exchange.
    ///
    /// ```
    /// use amana_core::{Timestamp, fee::{Bearer, Terms}};
    /// assert_eq!(Terms::new(Bearer::Payee, Timestamp::from_millis(0)).bearer, Bearer::Payee);
    /// ```
    pub const fn new(bearer: Bearer, at: Timestamp) -> Self {
        Self {
            bearer,
            at,
            exchange: None,
        }
    }
}

/// One fee of a quote, divided among its bearers.
///
/// ```
/// use amana_core::fee::*;
/// use amana_core::{Currency, Money, Timestamp};
/// let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(501))?;
/// let line = FeeLine { name: "sms".parse()?, tariff, bearer: BearerRule::AsAgreed };
/// let schedule = FeeSchedule::default().with(Operation::Payout, line)?;
/// let halves = Bearer::Split(Shares::new(5_000, 5_000)?);
/// let terms = Terms::new(halves, Timestamp::from_millis(0));
/// let quoted =
///     quote(&schedule, Operation::Payout, Money::parse("100", Currency::KES)?, &terms)?;
/// let fee = quoted.fees()[0];
/// assert_eq!(fee.name().as_str(), "sms");
/// assert_eq!(fee.bearer(), halves);
/// assert_eq!(fee.amount().to_string(), "KES 5.01");
/// assert_eq!(fee.payer().to_string(), "KES 2.51");
/// assert_eq!(fee.payee().to_string(), "KES 2.50");
/// assert!(fee.merchant().is_zero());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// Minor units rather than `Money`: a quote is copied about, and this halves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fee {
    name: FeeName,
    bearer: Bearer,
    currency: Currency,
    parts: Parts,
}

impl Fee {
    /// The name of its line.
    ///
    /// ```
    /// use amana_core::fee::*;
    /// use amana_core::{Currency, Money, Timestamp};
    /// # let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(700))?;
    /// # let line = FeeLine { name: "send".parse()?, tariff, bearer: BearerRule::AsAgreed };
    /// # let schedule = FeeSchedule::default().with(Operation::Payout, line)?;
    /// let terms = Terms::new(Bearer::Payee, Timestamp::from_millis(0));
    /// let quoted = quote(&schedule, Operation::Payout, Money::parse("100", Currency::KES)?, &terms)?;
    /// assert_eq!(quoted.fees()[0].name().as_str(), "send");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn name(&self) -> FeeName {
        self.name
    }

    /// Who bears it.
    ///
    /// ```
    /// use amana_core::fee::*;
    /// use amana_core::{Currency, Money, Timestamp};
    /// # let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(700))?;
    /// # let line = FeeLine { name: "send".parse()?, tariff, bearer: BearerRule::AsAgreed };
    /// # let schedule = FeeSchedule::default().with(Operation::Payout, line)?;
    /// let terms = Terms::new(Bearer::Payee, Timestamp::from_millis(0));
    /// let quoted = quote(&schedule, Operation::Payout, Money::parse("100", Currency::KES)?, &terms)?;
    /// assert_eq!(quoted.fees()[0].bearer(), Bearer::Payee);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn bearer(&self) -> Bearer {
        self.bearer
    }

    /// The whole fee: the sum of the parts.
    ///
    /// ```
    /// use amana_core::fee::*;
    /// use amana_core::{Currency, Money, Timestamp};
    /// # let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(700))?;
    /// # let line = FeeLine { name: "send".parse()?, tariff, bearer: BearerRule::AsAgreed };
    /// # let schedule = FeeSchedule::default().with(Operation::Payout, line)?;
    /// let terms = Terms::new(Bearer::Payee, Timestamp::from_millis(0));
    /// let quoted = quote(&schedule, Operation::Payout, Money::parse("100", Currency::KES)?, &terms)?;
    /// assert_eq!(quoted.fees()[0].amount().to_string(), "KES 7.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn amount(&self) -> Money {
        self.money(self.parts.total())
    }

    /// The payer's part.
    ///
    /// ```
    /// use amana_core::fee::*;
    /// use amana_core::{Currency, Money, Timestamp};
    /// # let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(700))?;
    /// # let line = FeeLine { name: "send".parse()?, tariff, bearer: BearerRule::AsAgreed };
    /// # let schedule = FeeSchedule::default().with(Operation::Payout, line)?;
    /// let terms = Terms::new(Bearer::Payee, Timestamp::from_millis(0));
    /// let quoted = quote(&schedule, Operation::Payout, Money::parse("100", Currency::KES)?, &terms)?;
    /// assert!(quoted.fees()[0].payer().is_zero());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn payer(&self) -> Money {
        self.money(self.parts.payer)
    }

    /// The payee's part.
    ///
    /// ```
    /// use amana_core::fee::*;
    /// use amana_core::{Currency, Money, Timestamp};
    /// # let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(700))?;
    /// # let line = FeeLine { name: "send".parse()?, tariff, bearer: BearerRule::AsAgreed };
    /// # let schedule = FeeSchedule::default().with(Operation::Payout, line)?;
    /// let terms = Terms::new(Bearer::Payee, Timestamp::from_millis(0));
    /// let quoted = quote(&schedule, Operation::Payout, Money::parse("100", Currency::KES)?, &terms)?;
    /// assert_eq!(quoted.fees()[0].payee().to_string(), "KES 7.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn payee(&self) -> Money {
        self.money(self.parts.payee)
    }

    /// The merchant's part.
    ///
    /// ```
    /// use amana_core::fee::*;
    /// use amana_core::{Currency, Money, Timestamp};
    /// # let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(700))?;
    /// # let line = FeeLine { name: "send".parse()?, tariff, bearer: BearerRule::AsAgreed };
    /// # let schedule = FeeSchedule::default().with(Operation::Payout, line)?;
    /// let terms = Terms::new(Bearer::Payee, Timestamp::from_millis(0));
    /// let quoted = quote(&schedule, Operation::Payout, Money::parse("100", Currency::KES)?, &terms)?;
    /// assert!(quoted.fees()[0].merchant().is_zero());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn merchant(&self) -> Money {
        self.money(self.parts.merchant)
    }

    fn money(&self, minor: i64) -> Money {
        // INVARIANT: a quote whose gross can be held has no larger fee.
        Money::from_minor(minor, self.currency).unwrap_or(Money::zero(self.currency))
    }
}

impl Serialize for Fee {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Fee", 6)?;
        object.serialize_field("name", &self.name)?;
        object.serialize_field("bearer", &self.bearer)?;
        object.serialize_field("amount", &self.amount())?;
        object.serialize_field("payer", &self.payer())?;
        object.serialize_field("payee", &self.payee())?;
        object.serialize_field("merchant", &self.merchant())?;
        object.end()
    }
}

/// What an operation costs and moves. See the [module](super) for who pays what.
///
/// Built by [`quote`] and [`super::gross_up`] only, so that `gross = net + fees` always holds.
///
/// ```
/// use amana_core::fee::{Bearer, FeeSchedule, Operation, Terms, quote};
/// use amana_core::{Currency, Money, Timestamp};
/// let terms = Terms::new(Bearer::Payer, Timestamp::from_millis(0));
/// let price = Money::parse("350000.00", Currency::KES)?;
/// let free = quote(&FeeSchedule::default(), Operation::Collection, price, &terms)?;
/// assert_eq!(free.operation(), Operation::Collection);
/// assert_eq!((free.amount(), free.gross(), free.net()), (price, price, price));
/// assert!(free.fees().is_empty() && free.fees_total().is_zero());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    operation: Operation,
    amount: Money,
    /// What of the amount goes from the payer to the payee: all or nothing.
    moved_minor: i64,
    /// The parts of all fees together.
    borne: Parts,
    fees: ArrayVec<Fee, { FeeSchedule::LINES_MAX }>,
    exchanged: Option<(Exchange, Money)>,
}

impl Quote {
    /// The operation quoted.
    ///
    /// ```
    /// use amana_core::fee::*;
    /// use amana_core::{Currency, Money, Timestamp};
    /// # let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(700))?;
    /// # let line = FeeLine { name: "send".parse()?, tariff, bearer: BearerRule::AsAgreed };
    /// # let schedule = FeeSchedule::default().with(Operation::Payout, line)?;
    /// let terms = Terms::new(Bearer::Payee, Timestamp::from_millis(0));
    /// let quoted = quote(&schedule, Operation::Payout, Money::parse("100", Currency::KES)?, &terms)?;
    /// assert_eq!(quoted.operation(), Operation::Payout);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// The amount the fees were computed from.
    ///
    /// ```
    /// use amana_core::fee::*;
    /// use amana_core::{Currency, Money, Timestamp};
    /// # let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(700))?;
    /// # let line = FeeLine { name: "send".parse()?, tariff, bearer: BearerRule::AsAgreed };
    /// # let schedule = FeeSchedule::default().with(Operation::Payout, line)?;
    /// let terms = Terms::new(Bearer::Payee, Timestamp::from_millis(0));
    /// let quoted = quote(&schedule, Operation::Payout, Money::parse("100", Currency::KES)?, &terms)?;
    /// assert_eq!(quoted.amount().to_string(), "KES 100.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn amount(&self) -> Money {
        self.amount
    }

    /// All that is paid: by the payer and by the merchant. Equal to `net` plus `fees_total`.
    ///
    /// ```
    /// use amana_core::fee::*;
    /// use amana_core::{Currency, Money, Timestamp};
    /// # let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(700))?;
    /// # let line = FeeLine { name: "send".parse()?, tariff, bearer: BearerRule::AsAgreed };
    /// # let schedule = FeeSchedule::default().with(Operation::Payout, line)?;
    /// let terms = Terms::new(Bearer::Payee, Timestamp::from_millis(0));
    /// let quoted = quote(&schedule, Operation::Payout, Money::parse("100", Currency::KES)?, &terms)?;
    /// assert_eq!(quoted.gross().to_string(), "KES 100.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn gross(&self) -> Money {
        self.money(self.moved_minor + self.borne.payer + self.borne.merchant)
    }

    /// What the payer pays: the amount moved and the payer's parts of the fees.
    ///
    /// ```
    /// use amana_core::fee::*;
    /// use amana_core::{Currency, Money, Timestamp};
    /// # let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(700))?;
    /// # let line = FeeLine { name: "send".parse()?, tariff, bearer: BearerRule::AsAgreed };
    /// # let schedule = FeeSchedule::default().with(Operation::Payout, line)?;
    /// let terms = Terms::new(Bearer::Payee, Timestamp::from_millis(0));
    /// let quoted = quote(&schedule, Operation::Payout, Money::parse("100", Currency::KES)?, &terms)?;
    /// assert_eq!(quoted.payer_pays().to_string(), "KES 100.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn payer_pays(&self) -> Money {
        self.money(self.moved_minor + self.borne.payer)
    }

    /// What the merchant pays: its parts of the fees.
    ///
    /// ```
    /// use amana_core::fee::*;
    /// use amana_core::{Currency, Money, Timestamp};
    /// # let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(700))?;
    /// # let line = FeeLine { name: "send".parse()?, tariff, bearer: BearerRule::AsAgreed };
    /// # let schedule = FeeSchedule::default().with(Operation::Payout, line)?;
    /// let terms = Terms::new(Bearer::Payee, Timestamp::from_millis(0));
    /// let quoted = quote(&schedule, Operation::Payout, Money::parse("100", Currency::KES)?, &terms)?;
    /// assert!(quoted.merchant_pays().is_zero());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn merchant_pays(&self) -> Money {
        self.money(self.borne.merchant)
    }

    /// What the payee gets, in the currency of the amount: the amount moved less the payee's parts.
    ///
    /// ```
    /// use amana_core::fee::*;
    /// use amana_core::{Currency, Money, Timestamp};
    /// # let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(700))?;
    /// # let line = FeeLine { name: "send".parse()?, tariff, bearer: BearerRule::AsAgreed };
    /// # let schedule = FeeSchedule::default().with(Operation::Payout, line)?;
    /// let terms = Terms::new(Bearer::Payee, Timestamp::from_millis(0));
    /// let quoted = quote(&schedule, Operation::Payout, Money::parse("100", Currency::KES)?, &terms)?;
    /// assert_eq!(quoted.net().to_string(), "KES 93.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn net(&self) -> Money {
        self.money(self.moved_minor - self.borne.payee)
    }

    /// What the payee gets in its own currency: `net`, exchanged if the terms say so.
    ///
    /// ```
    /// use amana_core::fee::*;
    /// use amana_core::{Currency, Money, Timestamp};
    /// # let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(700))?;
    /// # let line = FeeLine { name: "send".parse()?, tariff, bearer: BearerRule::AsAgreed };
    /// # let schedule = FeeSchedule::default().with(Operation::Payout, line)?;
    /// let terms = Terms::new(Bearer::Payee, Timestamp::from_millis(0));
    /// let quoted = quote(&schedule, Operation::Payout, Money::parse("100", Currency::KES)?, &terms)?;
    /// assert_eq!(quoted.payee_gets().to_string(), "KES 93.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn payee_gets(&self) -> Money {
        self.exchanged
            .map_or_else(|| self.net(), |(_, money)| money)
    }

    /// The exchange that was applied to `net`.
    ///
    /// ```
    /// use amana_core::fee::*;
    /// use amana_core::{Currency, Money, Timestamp};
    /// # let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(700))?;
    /// # let line = FeeLine { name: "send".parse()?, tariff, bearer: BearerRule::AsAgreed };
    /// # let schedule = FeeSchedule::default().with(Operation::Payout, line)?;
    /// let terms = Terms::new(Bearer::Payee, Timestamp::from_millis(0));
    /// let quoted = quote(&schedule, Operation::Payout, Money::parse("100", Currency::KES)?, &terms)?;
    /// assert_eq!(quoted.exchange(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn exchange(&self) -> Option<Exchange> {
        self.exchanged.map(|(exchange, _)| exchange)
    }

    /// Each fee, in the order of the schedule.
    ///
    /// ```
    /// use amana_core::fee::*;
    /// use amana_core::{Currency, Money, Timestamp};
    /// # let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(700))?;
    /// # let line = FeeLine { name: "send".parse()?, tariff, bearer: BearerRule::AsAgreed };
    /// # let schedule = FeeSchedule::default().with(Operation::Payout, line)?;
    /// let terms = Terms::new(Bearer::Payee, Timestamp::from_millis(0));
    /// let quoted = quote(&schedule, Operation::Payout, Money::parse("100", Currency::KES)?, &terms)?;
    /// assert_eq!(quoted.fees().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fees(&self) -> &[Fee] {
        &self.fees
    }

    /// All fees together.
    ///
    /// ```
    /// use amana_core::fee::*;
    /// use amana_core::{Currency, Money, Timestamp};
    /// # let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::flat(700))?;
    /// # let line = FeeLine { name: "send".parse()?, tariff, bearer: BearerRule::AsAgreed };
    /// # let schedule = FeeSchedule::default().with(Operation::Payout, line)?;
    /// let terms = Terms::new(Bearer::Payee, Timestamp::from_millis(0));
    /// let quoted = quote(&schedule, Operation::Payout, Money::parse("100", Currency::KES)?, &terms)?;
    /// assert_eq!(quoted.fees_total().to_string(), "KES 7.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fees_total(&self) -> Money {
        self.money(self.borne.total())
    }

    fn money(&self, minor: i64) -> Money {
        // INVARIANT: gross was in range when the quote was built, and no other sum is above it.
        let currency = self.amount.currency();
        Money::from_minor(minor, currency).unwrap_or(Money::zero(currency))
    }
}

impl Serialize for Quote {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Quote", 10)?;
        object.serialize_field("operation", &self.operation)?;
        object.serialize_field("amount", &self.amount)?;
        object.serialize_field("gross", &self.gross())?;
        object.serialize_field("payer_pays", &self.payer_pays())?;
        object.serialize_field("merchant_pays", &self.merchant_pays())?;
        object.serialize_field("fees", self.fees())?;
        object.serialize_field("fees_total", &self.fees_total())?;
        object.serialize_field("net", &self.net())?;
        object.serialize_field("exchange", &self.exchange())?;
        object.serialize_field("payee_gets", &self.payee_gets())?;
        object.end()
    }
}

/// What an operation of this amount costs, and what each side pays and gets.
///
/// For an operation that moves no money the amount may be zero, and says only what the fee is
/// computed from. Nothing is allocated.
///
/// # Errors
/// [`FeeError`], the first of: currency or exchange mismatch, amount not positive, a tariff that
/// refuses the date, then one that refuses the amount (in the order of the lines), out of range,
/// fees above what the payee gets.
///
/// ```
/// use amana_core::fee::*;
/// use amana_core::{Currency, Money, Timestamp};
///
/// let tariff = Tariff::uniform(Currency::KES, Precision::MINOR, Charge::rate("1.5".parse()?))?;
/// let line = FeeLine { name: "service".parse()?, tariff, bearer: BearerRule::AsAgreed };
/// let schedule = FeeSchedule::default().with(Operation::Payout, line)?;
/// let price = Money::parse("1000.00", Currency::KES)?;
/// let at = Timestamp::from_millis(0);
///
/// let quoted = quote(&schedule, Operation::Payout, price, &Terms::new(Bearer::Payee, at))?;
/// assert_eq!(quoted.payer_pays().to_string(), "KES 1000.00");
/// assert_eq!(quoted.net().to_string(), "KES 985.00");
/// assert_eq!(quoted.fees()[0].payee().to_string(), "KES 15.00");
/// assert_eq!(quoted.gross(), quoted.net().checked_add(quoted.fees_total())?);
///
/// let nothing = Money::zero(Currency::KES);
/// let refused = quote(&schedule, Operation::Payout, nothing, &Terms::new(Bearer::Payee, at));
/// assert_eq!(refused, Err(FeeError::AmountNotPositive));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn quote(
    schedule: &FeeSchedule,
    operation: Operation,
    amount: Money,
    terms: &Terms,
) -> Result<Quote, FeeError> {
    let applied = Applied::new(schedule, operation, amount.currency(), terms)?;
    applied.quote(amount, terms.exchange)
}

/// A line with the version in force and its bearer.
pub(super) struct AppliedLine<'a> {
    pub line: &'a FeeLine,
    pub version: &'a Version,
    pub bearer: Bearer,
}

/// The lines of one operation under the terms of one movement.
pub(super) struct Applied<'a> {
    pub operation: Operation,
    pub currency: Currency,
    pub lines: ArrayVec<AppliedLine<'a>, { FeeSchedule::LINES_MAX }>,
}

impl<'a> Applied<'a> {
    #[inline]
    pub(super) fn new(
        schedule: &'a FeeSchedule,
        operation: Operation,
        currency: Currency,
        terms: &Terms,
    ) -> Result<Self, FeeError> {
        let lines = schedule.lines(operation);
        if lines.iter().any(|line| line.tariff.currency() != currency) {
            return Err(FeeError::CurrencyMismatch);
        }
        if terms
            .exchange
            .is_some_and(|exchange| exchange.from() != currency)
        {
            return Err(FeeError::ExchangeMismatch);
        }
        let mut applied = ArrayVec::new();
        // A schedule never has more lines than fit.
        for line in lines.iter().take(FeeSchedule::LINES_MAX) {
            let version = line.tariff.version(terms.at)?;
            applied.push(AppliedLine {
                line,
                version,
                bearer: line.bearer.bearer(terms.bearer),
            });
        }
        Ok(Self {
            operation,
            currency,
            lines: applied,
        })
    }

    #[inline]
    pub(super) fn quote(
        &self,
        amount: Money,
        exchange: Option<Exchange>,
    ) -> Result<Quote, FeeError> {
        let moves = self.operation.moves_money();
        if amount.minor() < 0 || (moves && amount.is_zero()) {
            return Err(FeeError::AmountNotPositive);
        }
        let mut quote = Quote {
            operation: self.operation,
            amount,
            moved_minor: if moves { amount.minor() } else { 0 },
            borne: Parts::NONE,
            fees: ArrayVec::new(),
            exchanged: None,
        };
        for applied in &self.lines {
            let minor = applied
                .line
                .tariff
                .fee_minor(applied.version, amount.minor())?;
            let parts = applied.bearer.divide(minor);
            quote.borne = quote.borne.plus(parts);
            quote.fees.push(Fee {
                name: applied.line.name,
                bearer: applied.bearer,
                currency: self.currency,
                parts,
            });
        }
        let Parts {
            payer,
            payee,
            merchant,
        } = quote.borne;
        // Gross is the largest of all sums: net and each fee are parts of it.
        self.money(quote.moved_minor + payer + merchant)?;
        if payee > quote.moved_minor {
            return Err(FeeError::FeesExceedAmount {
                fees: self.money(payee)?,
            });
        }
        if let Some(exchange) = exchange {
            quote.exchanged = Some((exchange, exchange.convert(quote.net())?));
        }
        Ok(quote)
    }

    fn money(&self, minor: i64) -> Result<Money, FeeError> {
        Money::from_minor(minor, self.currency).map_err(|_| FeeError::OutOfRange)
    }
}
