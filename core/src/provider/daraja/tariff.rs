//! The published M-PESA tariffs of Safaricom, Kenya, with the dates they took effect.
//!
//! Source: `core/data/mpesa/*.csv`, one file a tariff, each row with its own source (press tables
//! and Safaricom forms of 2021 to 2025, collected up to October 2026). All figures include excise
//! duty: 12 % before, 15 % from 29 July 2023 on. No later change was found.
//!
//! What is certain and what is not:
//!
//! - *Business Bouquet* means the customer pays the pay-bill fee, *Customer Bouquet* that the
//!   business does, *Mgao* that they share it. The names sound the other way round.
//! - STK push and C2B have no fee of their own: the tariff of the pay bill or till applies.
//! - A tariff takes effect at midnight in Nairobi. The B2C form of August 2023 is dated the 1st,
//!   though its rates probably applied from 29 July; the B2B figures have one source, and their
//!   date is that of the source.
//! - The last band was printed up to KES 150,000 in 2023 and up to 250,000 once the limit rose.
//!   The July 2023 versions have the later end.
//! - For tills, half a per cent is sourced to 2022 and 2023. The rounding was not found in any
//!   source; here it is half up to the cent.
//! - One page of 2024 prints 187 for withdrawing 15,001 to 20,000; its own second table and all
//!   others have 185.
//! - Not found, so left out: transfers to banks, Pochi withdrawals, international transfers,
//!   Fuliza, special profiles, Mgao before 2023, B2C between January and July 2023.

use super::tariff_table as table;
use crate::fee::{
    Band, Bearer, BearerRule, Charge, FeeLine, FeeSchedule, Operation, Percentage, Precision,
    Rounding, ScheduleError, Tariff, Unit, Version,
};
use crate::money::Currency;
use crate::time::Timestamp;

macro_rules! tariffs {
    ($($variant:ident $id:literal $table:ident $operation:expr, $doc:literal;)*) => {
        /// A published tariff.
        ///
        /// ```
        /// use amana_core::provider::daraja::tariff::PublishedTariff;
        /// use amana_core::{Currency, Money};
        ///
        /// let tariff = PublishedTariff::B2c.payer_tariff();
        /// let amount = Money::parse("1501.00", Currency::KES)?;
        /// let fee = tariff.fee(amount, "2026-03-06T10:30:00Z".parse()?)?;
        /// assert_eq!(fee.to_string(), "KES 9.00");
        /// assert!(tariff.fee(amount, "2020-01-01T00:00:00Z".parse()?).is_err());
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum PublishedTariff {
            $(#[doc = $doc] $variant,)*
        }

        impl PublishedTariff {
            /// Every published tariff.
            ///
            /// ```
            /// use amana_core::provider::daraja::tariff::PublishedTariff;
            /// assert!(PublishedTariff::ALL.contains(&PublishedTariff::B2c));
            /// ```
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in data files and fee lines: `b2c`.
            ///
            /// ```
            /// use amana_core::provider::daraja::tariff::PublishedTariff;
            /// assert_eq!(PublishedTariff::B2c.id(), "b2c");
            /// ```
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// What an escrow does under it; `None` for what only persons do.
            ///
            /// ```
            /// use amana_core::{fee::Operation, provider::daraja::tariff::PublishedTariff};
            /// let paybill = PublishedTariff::PaybillMgao;
            /// assert_eq!(paybill.operation(), Some(Operation::Collection));
            /// assert_eq!(PublishedTariff::WithdrawAtm.operation(), None);
            /// ```
            pub const fn operation(self) -> Option<Operation> {
                match self { $(Self::$variant => $operation,)* }
            }

            const fn table(self) -> &'static [Dated] {
                match self { $(Self::$variant => table::$table,)* }
            }
        }
    };
}

tariffs! {
    P2pSend "p2p_send" P2P_SEND None,
        "Sending to a registered user; the same for Pochi, from a till, and to other networks.";
    P2pUnregistered "p2p_unregistered" P2P_UNREGISTERED None,
        "Sending to a number without M-PESA.";
    WithdrawAgent "withdraw_agent" WITHDRAW_AGENT None,
        "Withdrawing cash from an agent.";
    WithdrawAtm "withdraw_atm" WITHDRAW_ATM None,
        "Withdrawing cash from an ATM.";
    PaybillCustomerBouquet "paybill_customer_bouquet" PAYBILL_CUSTOMER_BOUQUET
        Some(Operation::Collection),
        "Paying a pay bill whose business bears the whole fee.";
    PaybillBusinessBouquet "paybill_business_bouquet" PAYBILL_BUSINESS_BOUQUET
        Some(Operation::Collection),
        "Paying a pay bill whose customer bears the whole fee.";
    PaybillMgao "paybill_mgao" PAYBILL_MGAO Some(Operation::Collection),
        "Paying a pay bill whose customer and business share the fee.";
    BuyGoodsTill "buy_goods_till" BUY_GOODS_TILL Some(Operation::Collection),
        "Paying a till (Lipa na M-PESA Buy Goods); the business bears a percentage.";
    B2c "b2c" B2C Some(Operation::Payout),
        "A business pays a registered user.";
    B2cWithdrawalPaid "b2c_withdrawal_paid" B2C_WITHDRAWAL_PAID Some(Operation::Payout),
        "A business pays a registered user and the withdrawal too.";
    B2cUnregistered "b2c_unregistered" B2C_UNREGISTERED Some(Operation::Payout),
        "A business pays a number without M-PESA, which the API no longer does.";
    B2b "b2b" B2B Some(Operation::Payout),
        "A business pays a business.";
}

/// The rows in force from an instant on, ascending and without gap from `from_kes` on.
pub(super) struct Dated {
    pub effective_at: Timestamp,
    pub from_kes: u32,
    pub rows: &'static [Row],
}

/// What amounts up to `through_kes` cost, in whole shillings but for the rate.
// Kept narrow: the tables are the largest data of the WASM package.
pub(super) struct Row {
    through_kes: u32,
    payer_kes: u16,
    payee_kes: u16,
    payee_millionths: u16,
    payee_max_kes: u16,
}

/// A band with the payer's and the payee's fee.
pub(super) const fn flat(through_kes: u32, payer_kes: u16, payee_kes: u16) -> Row {
    Row {
        through_kes,
        payer_kes,
        payee_kes,
        payee_millionths: 0,
        payee_max_kes: 0,
    }
}

/// A band of which the payee bears a percentage, capped.
pub(super) const fn rate(through_kes: u32, payee_millionths: u16, payee_max_kes: u16) -> Row {
    Row {
        through_kes,
        payer_kes: 0,
        payee_kes: 0,
        payee_millionths,
        payee_max_kes,
    }
}

impl Row {
    fn payer(&self) -> Charge {
        Charge::flat(cents(self.payer_kes))
    }

    fn payee(&self) -> Charge {
        if self.payee_millionths == 0 {
            return Charge::flat(cents(self.payee_kes));
        }
        let rate = Percentage::from_millionths(u32::from(self.payee_millionths));
        Charge {
            max_minor: Some(cents(self.payee_max_kes)),
            ..Charge::rate(rate)
        }
    }
}

fn cents(kes: impl Into<i64>) -> i64 {
    kes.into() * Unit::Whole.minor(Currency::KES)
}

impl PublishedTariff {
    /// What the payer is charged: the sender, the customer, or the business that pays out.
    ///
    /// Built from the table on each call; keep it rather than ask again.
    ///
    /// ```
    /// use amana_core::provider::daraja::tariff::PublishedTariff;
    /// assert_eq!(PublishedTariff::P2pSend.payer_tariff().versions().len(), 2);
    /// ```
    pub fn payer_tariff(self) -> Tariff {
        self.tariff(Row::payer)
    }

    /// What the payee is charged: the business that is paid.
    ///
    /// ```
    /// use amana_core::provider::daraja::tariff::PublishedTariff;
    /// use amana_core::{Currency, Money};
    /// let tariff = PublishedTariff::BuyGoodsTill.payee_tariff();
    /// let at = "2026-03-06T10:30:00Z".parse()?;
    /// let fee = |text| Ok::<_, Box<dyn std::error::Error>>(
    ///     tariff.fee(Money::parse(text, Currency::KES)?, at)?.to_string(),
    /// );
    /// assert_eq!(fee("200")?, "KES 0.00");
    /// assert_eq!(fee("201")?, "KES 1.01");
    /// assert_eq!(fee("250000")?, "KES 200.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn payee_tariff(self) -> Tariff {
        self.tariff(Row::payee)
    }

    /// The schedule with this tariff's fees for the operation, each borne by whom Safaricom
    /// charges. A tariff that charges both sides adds two lines, `….payer` and `….payee`.
    ///
    /// # Errors
    /// [`ScheduleError`] if the schedule has no room for them.
    ///
    /// ```
    /// use amana_core::fee::{Bearer, FeeSchedule, Operation, Terms, quote};
    /// use amana_core::provider::daraja::tariff::PublishedTariff;
    /// use amana_core::{Currency, Money};
    ///
    /// let schedule =
    ///     PublishedTariff::PaybillMgao.add_to(FeeSchedule::default(), Operation::Collection)?;
    /// let terms = Terms::new(Bearer::Payer, "2026-03-06T10:30:00Z".parse()?);
    /// let price = Money::parse("3000.00", Currency::KES)?;
    /// let quoted = quote(&schedule, Operation::Collection, price, &terms)?;
    /// assert_eq!(quoted.payer_pays().to_string(), "KES 3016.00");
    /// assert_eq!(quoted.net().to_string(), "KES 2991.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_to(
        self,
        schedule: FeeSchedule,
        operation: Operation,
    ) -> Result<FeeSchedule, ScheduleError> {
        let rows = || self.table().iter().flat_map(|dated| dated.rows);
        let payer = rows().any(|row| row.payer() != Charge::FREE);
        let payee = rows().any(|row| row.payee() != Charge::FREE);
        let line = |suffix: &str, bearer| {
            let tariff = match bearer {
                Bearer::Payee => self.payee_tariff(),
                Bearer::Payer | Bearer::Merchant | Bearer::Split(_) => self.payer_tariff(),
            };
            let name = format!("{}{suffix}", self.id()).parse()?;
            Ok(FeeLine {
                name,
                tariff,
                bearer: BearerRule::Always(bearer),
            })
        };
        match (payer, payee) {
            (true, true) => schedule
                .with(operation, line(".payer", Bearer::Payer)?)?
                .with(operation, line(".payee", Bearer::Payee)?),
            (false, true) => schedule.with(operation, line("", Bearer::Payee)?),
            (true | false, false) => schedule.with(operation, line("", Bearer::Payer)?),
        }
    }

    fn tariff(self, charge: fn(&Row) -> Charge) -> Tariff {
        // M-PESA moves whole shillings, also where a percentage gives cents of fee.
        let precision = Precision {
            amounts: Unit::Whole,
            fees: Unit::Minor,
            rounding: Rounding::HalfUp,
        };
        let versions = self.table().iter().map(|dated| Version {
            effective_at: dated.effective_at,
            bands: bands(dated, charge),
        });
        // INVARIANT: sound; a test builds every one with all checks.
        Tariff::unchecked(Currency::KES, precision, versions.collect())
    }
}

fn bands(dated: &Dated, charge: fn(&Row) -> Charge) -> Vec<Band> {
    let mut from_kes = dated.from_kes;
    let band = |row: &Row| {
        let band = Band {
            from_minor: cents(from_kes),
            through_minor: cents(row.through_kes),
            charge: charge(row),
        };
        from_kes = row.through_kes + 1;
        band
    };
    dated.rows.iter().map(band).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_tariff_is_sound() {
        for published in PublishedTariff::ALL {
            for tariff in [published.payer_tariff(), published.payee_tariff()] {
                let versions = tariff.versions().to_vec();
                let checked = Tariff::new(tariff.currency(), tariff.precision(), versions);
                assert_eq!(checked.as_ref(), Ok(&tariff), "{}", published.id());
            }
            for operation in Operation::ALL {
                let schedule = published.add_to(FeeSchedule::default(), operation).unwrap();
                assert!(!schedule.lines(operation).is_empty());
            }
        }
    }
}
