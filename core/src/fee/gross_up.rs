//! The reverse of a quote: which amount gives the payee exactly this much.
//!
//! Let `net(a)` be what the payee gets of the amount `a`. Where no fee changes its band, a
//! *segment*, the payee's fees never fall as the amount rises, by less than the amount itself (the
//! percentages stay below the whole) plus the slack of the roundings. So within a segment
//!
//! - `net(b) ≥ net(a) − slack` for every `b > a`: what is far outside is excluded by bisection;
//! - if `net(a)` is too small, nothing below `wanted + fees(a)` can be enough: leap there;
//! - if `net(a)` is too large, only a rise of the fees can bring it back: bisect for the next rise.
//!
//! Over the bands the net falls at some edges, so a net may be reached more than once or never.
//! Each segment gives its smallest amount, and the smallest payment of all is the answer.

use super::quote::Applied;
use super::{Exchange, FeeError, FeeSchedule, Operation, Quote, Terms};
use crate::money::Money;

/// The quote with the smallest payment by which the payee gets exactly `net`.
///
/// With an exchange in the terms, `net` is in the payee's currency and the quote in the payer's.
///
/// # Errors
/// [`FeeError`]: as [`super::quote`] for currencies, dates and sign; [`FeeError::MovesNothing`]
/// for an operation that moves no money; [`FeeError::NetUnreachable`] with the nearest nets below
/// and above that can be reached.
///
/// ```
/// use amana_core::fee::*;
/// use amana_core::{Currency, Money, Timestamp};
///
/// let band = |from_minor, through_minor, fee_minor| Band {
///     from_minor,
///     through_minor,
///     charge: Charge::flat(fee_minor),
/// };
/// let at = Timestamp::from_millis(0);
/// let bands = vec![band(1, 10_000, 0), band(10_001, 50_000, 700)];
/// let versions = vec![Version { effective_at: at, bands }];
/// let tariff = Tariff::new(Currency::KES, Precision::MINOR, versions)?;
/// let line = FeeLine { name: "send".parse()?, tariff, bearer: BearerRule::AsAgreed };
/// let schedule = FeeSchedule::default().with(Operation::Payout, line)?;
///
/// let kes = |text| Money::parse(text, Currency::KES);
/// let terms = Terms::new(Bearer::Payee, at);
/// let amount_for = |net| gross_up(&schedule, Operation::Payout, net, &terms).map(|q| q.amount());
/// assert_eq!(amount_for(kes("200.00")?), Ok(kes("207.00")?));
/// // KES 95.00 is what 95.00 gives, and what 102.00 gives: the smaller payment is the answer.
/// assert_eq!(amount_for(kes("95.00")?), Ok(kes("95.00")?));
/// assert_eq!(
///     amount_for(kes("493.01")?),
///     Err(FeeError::NetUnreachable { below: Some(kes("493.00")?), above: None })
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn gross_up(
    schedule: &FeeSchedule,
    operation: Operation,
    net: Money,
    terms: &Terms,
) -> Result<Quote, FeeError> {
    if !operation.moves_money() {
        return Err(FeeError::MovesNothing);
    }
    if !net.is_positive() {
        return Err(FeeError::AmountNotPositive);
    }
    if terms
        .exchange
        .is_some_and(|exchange| exchange.to() != net.currency())
    {
        return Err(FeeError::ExchangeMismatch);
    }
    let currency = terms
        .exchange
        .map_or(net.currency(), |exchange| exchange.from());
    let applied = Applied::new(schedule, operation, currency, terms)?;
    let search = Search::new(&applied);
    let wanted = Range::giving(net, terms.exchange);
    let Some(amount) = search.cheapest(wanted) else {
        return Err(search.unreachable(wanted, terms.exchange));
    };
    let amount = Money::from_minor(amount, currency).map_err(|_| FeeError::OutOfRange)?;
    applied.quote(amount, terms.exchange)
}

/// Both ends included; empty if the first is above the last.
#[derive(Clone, Copy)]
struct Range {
    first: i64,
    last: i64,
}

impl Range {
    /// The nets in the payer's currency that are exactly `net` for the payee.
    fn giving(net: Money, exchange: Option<Exchange>) -> Self {
        match exchange {
            None => Self {
                first: net.minor(),
                last: net.minor(),
            },
            Some(exchange) => Self {
                first: exchange.least_minor_giving(net.minor()),
                last: exchange.least_minor_giving(net.minor() + 1) - 1,
            },
        }
    }
}

struct Search<'a> {
    applied: &'a Applied<'a>,
    /// Amounts are multiples of it: the largest unit of the lines, which all others divide.
    step: i64,
    /// By how much roundings can lift or lower the payee's fees, at most.
    slack: i64,
}

impl<'a> Search<'a> {
    fn new(applied: &'a Applied<'a>) -> Self {
        let tariffs = || applied.lines.iter().map(|applied| &applied.line.tariff);
        Self {
            applied,
            step: tariffs()
                .map(|tariff| tariff.amount_unit())
                .max()
                .unwrap_or(1),
            // One unit for the percentage, one minor unit for the division among bearers.
            slack: tariffs().map(|tariff| tariff.fee_unit() + 1).sum(),
        }
    }

    /// The amount with the smallest payment whose net is wanted.
    fn cheapest(&self, wanted: Range) -> Option<i64> {
        let found = self
            .segments()
            .filter_map(|segment| self.first_in(segment, wanted));
        found.min_by_key(|amount| (self.payer_pays(*amount), *amount))
    }

    fn reaches(&self, wanted: Range) -> bool {
        wanted.first <= wanted.last
            && self
                .segments()
                .any(|segment| self.first_in(segment, wanted).is_some())
    }

    /// Names the nearest nets on both sides. Whether a range of nets is reached at all can only
    /// turn from no to yes as the range widens, so its width is found by bisection.
    fn unreachable(&self, wanted: Range, exchange: Option<Exchange>) -> FeeError {
        let below = wanted.first.min(wanted.last + 1) - 1;
        let above = below.max(wanted.last) + 1;
        let width = |reaches: &dyn Fn(i64) -> bool, most: i64| {
            let (mut low, mut high) = (0, most + 1);
            while low < high {
                let middle = low + (high - low) / 2;
                if reaches(middle) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            (low <= most).then_some(low)
        };
        let down = |width: i64| {
            self.reaches(Range {
                first: below - width,
                last: below,
            })
        };
        let up = |width: i64| {
            self.reaches(Range {
                first: above,
                last: above + width,
            })
        };
        let money = |minor: i64| {
            let source = Money::from_minor(minor, self.applied.currency).ok()?;
            match exchange {
                None => Some(source),
                Some(exchange) => exchange.convert(source).ok(),
            }
        };
        let nearest_below = width(&down, below - 1).and_then(|width| money(below - width));
        let most = Money::MINOR_MAX - above;
        FeeError::NetUnreachable {
            // An exchange can round a little money to none.
            below: nearest_below.filter(|near| near.is_positive()),
            above: width(&up, most).and_then(|width| money(above + width)),
        }
    }

    /// The smallest amount of a segment whose net is wanted.
    ///
    /// The walk visits at most the amounts whose net is within a few slacks of the wanted range,
    /// and of those only where the fees rise: their percentages stay below
    /// [`FeeSchedule::RATES_MAX`], so these are some ten slacks.
    fn first_in(&self, segment: Range, wanted: Range) -> Option<i64> {
        let near = |amount| self.net(amount) + self.slack >= wanted.first;
        if self.net(segment.first) - self.slack > wanted.last || !near(segment.last) {
            return None;
        }
        let mut amount = self.bisect(segment, near);
        while amount <= segment.last {
            let net = self.net(amount);
            if net > wanted.last + self.slack {
                return None;
            }
            if net > wanted.last {
                let fees = self.payee_fees(amount);
                let rest = Range {
                    first: amount,
                    last: segment.last,
                };
                amount = self.bisect(rest, |next| self.payee_fees(next) > fees);
            } else if net >= wanted.first {
                return Some(amount);
            } else {
                amount = self.align(wanted.first + self.payee_fees(amount));
            }
        }
        None
    }

    /// The first amount of the range from which on the predicate holds; one step past the range if
    /// nowhere. For a predicate that changes back and forth: one below which it never holds for
    /// all, which is enough where a failure at an amount excludes all amounts below it.
    fn bisect(&self, range: Range, holds: impl Fn(i64) -> bool) -> i64 {
        let (mut low, mut high) = (0, (range.last - range.first) / self.step + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            if holds(range.first + middle * self.step) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        range.first + low * self.step
    }

    /// The segments, ascending: amounts between which no line changes its band.
    fn segments(&self) -> impl Iterator<Item = Range> {
        let lines = || self.applied.lines.iter();
        let begins = lines()
            .filter_map(|line| Some(line.version.bands.first()?.from_minor))
            .max();
        let mut next = self.align(begins.unwrap_or(0).max(1));
        let segments = std::iter::from_fn(move || {
            let first = next;
            let mut last = Money::MINOR_MAX - Money::MINOR_MAX % self.step;
            for line in lines() {
                last = last.min(line.version.band(first)?.through_minor);
            }
            next = self.align(last + 1);
            (first <= last).then_some(Range {
                first,
                last: last - last % self.step,
            })
        });
        segments.filter_map(|segment| self.payable(segment))
    }

    /// The part of a segment whose gross can be held.
    fn payable(&self, segment: Range) -> Option<Range> {
        if self.gross(segment.last) <= Money::MINOR_MAX {
            return Some(segment);
        }
        let above = self.bisect(segment, |amount| self.gross(amount) > Money::MINOR_MAX);
        let last = above - self.step;
        (segment.first <= last).then_some(Range { last, ..segment })
    }

    fn align(&self, amount: i64) -> i64 {
        (amount + self.step - 1) / self.step * self.step
    }

    fn net(&self, amount: i64) -> i64 {
        amount - self.payee_fees(amount)
    }

    fn payee_fees(&self, amount: i64) -> i64 {
        self.parts(amount).map(|parts| parts.payee).sum()
    }

    fn payer_pays(&self, amount: i64) -> i64 {
        amount + self.parts(amount).map(|parts| parts.payer).sum::<i64>()
    }

    fn gross(&self, amount: i64) -> i64 {
        amount
            + self
                .parts(amount)
                .map(|parts| parts.payer + parts.merchant)
                .sum::<i64>()
    }

    /// Each line's fee, divided. The amount is in a band of every line.
    fn parts(&self, amount: i64) -> impl Iterator<Item = super::bearer::Parts> {
        self.applied.lines.iter().map(move |applied| {
            let band = applied.version.band(amount);
            let fee = band.map_or(0, |band| {
                applied.line.tariff.charge_minor(&band.charge, amount)
            });
            applied.bearer.divide(fee)
        })
    }
}
