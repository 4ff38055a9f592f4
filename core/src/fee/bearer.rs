use serde::{Deserialize, Serialize};

use super::ScheduleError;
use crate::json_as_object::json_as_object;

/// Who bears a fee (ISO 20022 calls it the charge bearer).
///
/// ```
/// use amana_core::fee::{Bearer, Shares};
/// let halves = Bearer::Split(Shares::new(5_000, 5_000)?);
/// let json = r#"{"split":{"payer_bps":5000,"payee_bps":5000}}"#;
/// assert_eq!(serde_json::from_str::<Bearer>(json)?, halves);
/// assert_eq!(serde_json::from_str::<Bearer>(r#""payer""#)?, Bearer::Payer);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bearer {
    /// The payer, on top of the amount.
    Payer,
    /// The payee, out of the amount.
    Payee,
    /// The business that runs the escrow; neither side notices.
    Merchant,
    /// Several of them.
    Split(Shares),
}

/// Shares of a fee in basis points (hundredths of a per cent); what the payer and the payee do not
/// bear is the merchant's.
///
/// The payer's and the payee's parts are rounded down to the minor unit; the rest, at most two
/// minor units more than its share, is the merchant's part, or the payer's if the merchant has no
/// share. The parts always sum to the fee.
///
/// ```
/// use amana_core::fee::Shares;
/// let shares = Shares::new(3_000, 5_000)?;
/// assert_eq!(shares.merchant_bps(), 2_000);
/// assert!(Shares::new(6_000, 5_000).is_err());
/// # Ok::<(), amana_core::fee::ScheduleError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "SharesObject")]
pub struct Shares {
    payer_bps: u16,
    payee_bps: u16,
}

/// Basis points of the whole.
const WHOLE_BPS: u16 = 10_000;

impl Shares {
    /// The payer's and the payee's share.
    ///
    /// ```
    /// use amana_core::fee::{ScheduleError, Shares};
    /// assert_eq!(Shares::new(9_000, 2_000), Err(ScheduleError::SharesExceedWhole));
    /// ```
    ///
    /// # Errors
    /// [`ScheduleError::SharesExceedWhole`] if they sum to more than 10,000.
    pub const fn new(payer_bps: u16, payee_bps: u16) -> Result<Self, ScheduleError> {
        if payer_bps as u32 + payee_bps as u32 > WHOLE_BPS as u32 {
            return Err(ScheduleError::SharesExceedWhole);
        }
        Ok(Self {
            payer_bps,
            payee_bps,
        })
    }

    /// The payer's share.
    ///
    /// ```
    /// use amana_core::fee::Shares;
    /// let shares = Shares::new(3_000, 5_000)?;
    /// assert_eq!(shares.payer_bps(), 3_000);
    /// # Ok::<(), amana_core::fee::ScheduleError>(())
    /// ```
    pub const fn payer_bps(self) -> u16 {
        self.payer_bps
    }

    /// The payee's share.
    ///
    /// ```
    /// use amana_core::fee::Shares;
    /// let shares = Shares::new(3_000, 5_000)?;
    /// assert_eq!(shares.payee_bps(), 5_000);
    /// # Ok::<(), amana_core::fee::ScheduleError>(())
    /// ```
    pub const fn payee_bps(self) -> u16 {
        self.payee_bps
    }

    /// The merchant's share: the rest.
    ///
    /// ```
    /// use amana_core::fee::Shares;
    /// let shares = Shares::new(3_000, 5_000)?;
    /// assert_eq!(shares.merchant_bps(), 2_000);
    /// # Ok::<(), amana_core::fee::ScheduleError>(())
    /// ```
    pub const fn merchant_bps(self) -> u16 {
        WHOLE_BPS - self.payer_bps - self.payee_bps
    }
}

json_as_object! {
    struct SharesObject as "SharesObject", #[serde(deny_unknown_fields)] {
        payer_bps: u16,
        payee_bps: u16,
    }
}

impl TryFrom<SharesObject> for Shares {
    type Error = ScheduleError;

    fn try_from(object: SharesObject) -> Result<Self, Self::Error> {
        Self::new(object.payer_bps, object.payee_bps)
    }
}

/// Who bears the fee of one line of a schedule.
///
/// ```
/// use amana_core::fee::{Bearer, BearerRule};
/// assert_eq!(BearerRule::AsAgreed.bearer(Bearer::Payee), Bearer::Payee);
/// assert_eq!(BearerRule::Always(Bearer::Payer).bearer(Bearer::Payee), Bearer::Payer);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BearerRule {
    /// Whoever the terms of the quote name.
    AsAgreed,
    /// Always this one, whatever was agreed: a provider's tariff may fix who is charged.
    Always(Bearer),
}

impl BearerRule {
    /// Who bears the fee when this bearer was agreed.
    ///
    /// ```
    /// use amana_core::fee::{Bearer, BearerRule};
    /// assert_eq!(BearerRule::AsAgreed.bearer(Bearer::Merchant), Bearer::Merchant);
    /// ```
    pub const fn bearer(self, agreed: Bearer) -> Bearer {
        match self {
            Self::AsAgreed => agreed,
            Self::Always(bearer) => bearer,
        }
    }
}

/// A fee divided among its bearers, in minor units; the three sum to the fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts {
    pub payer: i64,
    pub payee: i64,
    pub merchant: i64,
}

impl Parts {
    pub(super) const NONE: Self = Self {
        payer: 0,
        payee: 0,
        merchant: 0,
    };

    /// The fee.
    pub(super) const fn total(self) -> i64 {
        self.payer + self.payee + self.merchant
    }

    /// The parts of two fees together. Four fees of 10^15 each are far from the end of `i64`.
    #[must_use]
    pub(super) const fn plus(self, other: Self) -> Self {
        Self {
            payer: self.payer + other.payer,
            payee: self.payee + other.payee,
            merchant: self.merchant + other.merchant,
        }
    }
}

impl Bearer {
    /// Divides a fee. No part falls when the fee rises, which [`super::gross_up`] relies on.
    pub(super) fn divide(self, fee_minor: i64) -> Parts {
        let nobody = Parts::NONE;
        match self {
            Self::Payer => Parts {
                payer: fee_minor,
                ..nobody
            },
            Self::Payee => Parts {
                payee: fee_minor,
                ..nobody
            },
            Self::Merchant => Parts {
                merchant: fee_minor,
                ..nobody
            },
            Self::Split(shares) => {
                // Whole ten thousands and the rest apart, so that no product leaves 64 bits.
                let whole = i64::from(WHOLE_BPS);
                let share = |bps: u16| {
                    let bps = i64::from(bps);
                    fee_minor / whole * bps + fee_minor % whole * bps / whole
                };
                let payee = share(shares.payee_bps);
                if shares.merchant_bps() == 0 {
                    return Parts {
                        payer: fee_minor - payee,
                        payee,
                        merchant: 0,
                    };
                }
                let payer = share(shares.payer_bps);
                Parts {
                    payer,
                    payee,
                    merchant: fee_minor - payer - payee,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::money::Money;

    #[test]
    fn odd_minor_units_go_where_the_rule_says() {
        let split = |payer, payee| Bearer::Split(Shares::new(payer, payee).unwrap());
        let parts = |payer, payee, merchant| Parts {
            payer,
            payee,
            merchant,
        };
        assert_eq!(split(5_000, 5_000).divide(5), parts(3, 2, 0));
        assert_eq!(split(3_333, 3_333).divide(5), parts(1, 1, 3));
        assert_eq!(split(0, 10_000).divide(5), parts(0, 5, 0));
        assert_eq!(split(0, 0).divide(5), parts(0, 0, 5));
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_fee_and_never_fall(
            fee in 0..Money::MINOR_MAX,
            payer_bps in 0..=WHOLE_BPS,
            payee_bps in 0..=WHOLE_BPS,
        ) {
            let Ok(shares) = Shares::new(payer_bps, payee_bps) else { return Ok(()) };
            for bearer in [Bearer::Payer, Bearer::Payee, Bearer::Merchant, Bearer::Split(shares)] {
                let (now, next) = (bearer.divide(fee), bearer.divide(fee + 1));
                prop_assert_eq!(now.payer + now.payee + now.merchant, fee);
                prop_assert!(now.payer >= 0 && now.payee >= 0 && now.merchant >= 0);
                prop_assert!(next.payee >= now.payee);
                prop_assert!(next.payer + next.merchant >= now.payer + now.merchant);
            }
        }
    }
}
