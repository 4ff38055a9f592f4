use arrayvec::ArrayVec;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use super::bearer::Parts;
use super::tariff::Version;
use super::{Bearer, Exchange, FeeError, FeeLine, FeeName, FeeSchedule, Operation};
use crate::money::{Currency, Money};
use crate::time::Timestamp;

/// What was agreed about a movement besides its amount.
///
/// ```
/// use amana_core::{Timestamp, fee::{Bearer, Terms}};
/// let terms = Terms::new(Bearer::Payer, Timestamp::from_millis(0));
/// assert_eq!(terms.exchange, None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Who bears the fees whose line leaves it open.
    pub bearer: Bearer,
    /// When the operation is done, which decides the version of each tariff.
    pub at: Timestamp,
    /// How what the payee gets is converted to the payee's currency, if it is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<Exchange>,
}

impl Terms {
    /// Terms without exchange.
    pub const fn new(bearer: Bearer, at: Timestamp) -> Self {
        Self {
            bearer,
            at,
            exchange: None,
        }
    }
}

/// One fee of a quote. The parts sum to the amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Fee {
    /// The name of its line.
    pub name: FeeName,
    /// Who bears it.
    pub bearer: Bearer,
    /// The whole fee.
    pub amount: Money,
    /// The payer's part.
    pub payer: Money,
    /// The payee's part.
    pub payee: Money,
    /// The merchant's part.
    pub merchant: Money,
}

/// What an operation costs and moves. See the [module](super) for who pays what.
///
/// Built by [`quote`] and [`super::gross_up`] only, so that `gross = net + fees` always holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    operation: Operation,
    amount: Money,
    payer_pays: Money,
    merchant_pays: Money,
    net: Money,
    fees: ArrayVec<Fee, { FeeSchedule::LINES_MAX }>,
    exchanged: Option<(Exchange, Money)>,
}

impl Quote {
    /// The operation quoted.
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// The amount the fees were computed from.
    pub const fn amount(&self) -> Money {
        self.amount
    }

    /// All that is paid: by the payer and by the merchant. Equal to `net` plus `fees_total`.
    pub fn gross(&self) -> Money {
        self.plus(self.payer_pays.minor() + self.merchant_pays.minor())
    }

    /// What the payer pays: the amount moved and the payer's parts of the fees.
    pub const fn payer_pays(&self) -> Money {
        self.payer_pays
    }

    /// What the merchant pays: its parts of the fees.
    pub const fn merchant_pays(&self) -> Money {
        self.merchant_pays
    }

    /// What the payee gets, in the currency of the amount: the amount moved less the payee's parts.
    pub const fn net(&self) -> Money {
        self.net
    }

    /// What the payee gets in its own currency: `net`, exchanged if the terms say so.
    pub fn payee_gets(&self) -> Money {
        self.exchanged.map_or(self.net, |(_, money)| money)
    }

    /// The exchange that was applied to `net`.
    pub fn exchange(&self) -> Option<Exchange> {
        self.exchanged.map(|(exchange, _)| exchange)
    }

    /// Each fee, in the order of the schedule.
    pub fn fees(&self) -> &[Fee] {
        &self.fees
    }

    /// All fees together.
    pub fn fees_total(&self) -> Money {
        self.plus(self.fees.iter().map(|fee| fee.amount.minor()).sum())
    }

    fn plus(&self, minor: i64) -> Money {
        // INVARIANT: gross is in range when a quote is built, and no other sum is above it.
        Money::from_minor(minor, self.amount.currency()).unwrap_or(self.amount)
    }
}

impl Serialize for Quote {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Quote", 10)?;
        object.serialize_field("operation", &self.operation)?;
        object.serialize_field("amount", &self.amount)?;
        object.serialize_field("gross", &self.gross())?;
        object.serialize_field("payer_pays", &self.payer_pays)?;
        object.serialize_field("merchant_pays", &self.merchant_pays)?;
        object.serialize_field("fees", self.fees())?;
        object.serialize_field("fees_total", &self.fees_total())?;
        object.serialize_field("net", &self.net)?;
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
/// refuses the amount or the date (in the order of the lines), fees above what the payee gets, out
/// of range.
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
/// assert_eq!(quoted.fees()[0].payee.to_string(), "KES 15.00");
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
    pub fn new(
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

    pub fn quote(&self, amount: Money, exchange: Option<Exchange>) -> Result<Quote, FeeError> {
        let moves = self.operation.moves_money();
        if amount.minor() < 0 || (moves && amount.is_zero()) {
            return Err(FeeError::AmountNotPositive);
        }
        let moved = if moves { amount.minor() } else { 0 };
        let mut fees = ArrayVec::new();
        let mut sum = Parts {
            payer: 0,
            payee: 0,
            merchant: 0,
        };
        for line in &self.lines {
            let (fee, parts) = self.fee(line, amount.minor())?;
            sum.payer += parts.payer;
            sum.payee += parts.payee;
            sum.merchant += parts.merchant;
            fees.push(fee);
        }
        if sum.payee > moved {
            return Err(FeeError::FeesExceedAmount {
                fees: self.money(sum.payee)?,
            });
        }
        let net = self.money(moved - sum.payee)?;
        self.money(moved + sum.payer + sum.merchant)?;
        let exchanged = match exchange {
            Some(exchange) => Some((exchange, exchange.convert(net)?)),
            None => None,
        };
        Ok(Quote {
            operation: self.operation,
            amount,
            payer_pays: self.money(moved + sum.payer)?,
            merchant_pays: self.money(sum.merchant)?,
            net,
            fees,
            exchanged,
        })
    }

    fn fee(&self, applied: &AppliedLine<'_>, amount: i64) -> Result<(Fee, Parts), FeeError> {
        let minor = applied.line.tariff.fee_minor(applied.version, amount)?;
        let parts = applied.bearer.divide(minor);
        let fee = Fee {
            name: applied.line.name,
            bearer: applied.bearer,
            amount: self.money(minor)?,
            payer: self.money(parts.payer)?,
            payee: self.money(parts.payee)?,
            merchant: self.money(parts.merchant)?,
        };
        Ok((fee, parts))
    }

    fn money(&self, minor: i64) -> Result<Money, FeeError> {
        Money::from_minor(minor, self.currency).map_err(|_| FeeError::OutOfRange)
    }
}
