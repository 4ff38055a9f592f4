use std::fmt;

use crate::error::{Code, Coded, FieldPath};
use crate::json_as_object::json_as_object;
use crate::money::{Currency, Money};
use crate::time::Span;

json_as_object! {
    /// The numbers of the rules. Data of the host, never constants in the code.
    ///
    /// In JSON every field that is left out has its default.
    ///
    /// ```
    /// use amana_core::escrow::Policy;
    /// use amana_core::time::Span;
    /// let policy: Policy = serde_json::from_str(r#"{"escrow_timeout_ms": 86400000}"#)?;
    /// assert_eq!(policy.escrow_timeout_ms, Span::from_days(1));
    /// assert_eq!(policy.checkout_expiry_ms, Policy::default().checkout_expiry_ms);
    /// let never = Policy { payout_attempts_max: 0, ..policy };
    /// let error = never.validate().unwrap_err();
    /// assert!(error.to_string().ends_with("`/payout_attempts_max`"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Policy as "Policy" or default, #[serde(deny_unknown_fields)] {
        /// How long the buyer has to answer the payment prompt. Default 5 minutes.
        pub checkout_expiry_ms: Span,
        /// How long money is held before something happens by itself. Default 7 days.
        pub escrow_timeout_ms: Span,
        /// How long the buyer has at least to inspect a confirmed delivery. Default 1 day.
        pub acceptance_window_ms: Span,
        /// When the provider is first asked about an open collection or payout. Default 1 minute.
        pub query_first_ms: Span,
        /// The longest time between two such questions; they double until then. Default 1 hour.
        pub query_most_ms: Span,
        /// How often an expired collection is still asked about. Default 12.
        pub late_queries_max: u8,
        /// How often a payout is tried before a human has to look. Default 3.
        pub payout_attempts_max: u8,
        /// How long after a declined payout it is tried again. Default 5 minutes.
        pub payout_retry_ms: Span,
        /// The least a payment may ask for. Default KES 1.00.
        pub amount_min: Money,
        /// The most a payment may ask for. Default KES 10,000,000.00.
        pub amount_max: Money,
    }
}

impl Default for Policy {
    fn default() -> Self {
        let kes = |minor| match Money::from_minor(minor, Currency::KES) {
            Ok(money) => money,
            Err(_) => Money::zero(Currency::KES),
        };
        Self {
            checkout_expiry_ms: Span::from_mins(5),
            escrow_timeout_ms: Span::from_days(7),
            acceptance_window_ms: Span::from_days(1),
            query_first_ms: Span::from_mins(1),
            query_most_ms: Span::from_mins(60),
            late_queries_max: 12,
            payout_attempts_max: 3,
            payout_retry_ms: Span::from_mins(5),
            amount_min: kes(100),
            amount_max: kes(1_000_000_000),
        }
    }
}

impl Policy {
    /// The time until the next question when this many were asked already: doubles up to the most.
    ///
    /// ```
    /// let policy = amana_core::escrow::Policy::default();
    /// let minutes = [0, 1, 2, 9].map(|asked| policy.query_interval(asked).as_millis() / 60_000);
    /// assert_eq!(minutes, [1, 2, 4, 60]);
    /// ```
    pub const fn query_interval(&self, asked: u8) -> Span {
        let factor = 1_u64 << (if asked > 32 { 32 } else { asked });
        let doubled = self.query_first_ms.saturating_mul(factor);
        if doubled.as_millis() > self.query_most_ms.as_millis() {
            self.query_most_ms
        } else {
            doubled
        }
    }

    /// Checks that the numbers make sense together.
    ///
    /// ```
    /// use amana_core::escrow::Policy;
    /// assert_eq!(Policy::default().validate(), Ok(()));
    /// ```
    ///
    /// # Errors
    /// [`PolicyError`], naming the first field that does not.
    pub fn validate(&self) -> Result<(), PolicyError> {
        let spans = [
            (self.checkout_expiry_ms, "/checkout_expiry_ms"),
            (self.escrow_timeout_ms, "/escrow_timeout_ms"),
            (self.query_first_ms, "/query_first_ms"),
            (self.query_most_ms, "/query_most_ms"),
        ];
        if let Some((_, field)) = spans.into_iter().find(|(span, _)| *span == Span::ZERO) {
            return Err(PolicyError(FieldPath::new(field)));
        }
        if self.payout_attempts_max == 0 {
            return Err(PolicyError(FieldPath::new("/payout_attempts_max")));
        }
        let limits = (
            self.amount_min.compare(self.amount_max),
            self.amount_min.is_positive(),
        );
        if !matches!(
            limits,
            (
                Ok(std::cmp::Ordering::Less | std::cmp::Ordering::Equal),
                true
            )
        ) {
            return Err(PolicyError(FieldPath::new("/amount_min")));
        }
        Ok(())
    }
}

/// A field of the policy is out of its range.
///
/// ```
/// use amana_core::Coded;
/// use amana_core::escrow::Policy;
/// use amana_core::time::Span;
/// let policy = Policy { checkout_expiry_ms: Span::ZERO, ..Policy::default() };
/// let error = policy.validate().unwrap_err();
/// assert_eq!(error.field().unwrap().as_str(), "/checkout_expiry_ms");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError(FieldPath);

impl Coded for PolicyError {
    fn code(&self) -> Code {
        Code::PolicyInvalid
    }

    fn field(&self) -> Option<FieldPath> {
        Some(self.0.clone())
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: `{}`", self.code().sentence(), self.0)
    }
}

impl std::error::Error for PolicyError {}
