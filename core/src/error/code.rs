use serde::{Serialize, Serializer};

/// What kind of failure an error is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// The input is wrong; sending it again will not help.
    Invalid,
    /// The signature, key or token is missing or wrong.
    Unauthenticated,
    /// The thing named does not exist.
    NotFound,
    /// The input is well formed but the state does not allow it.
    Conflict,
    /// It cannot be done now; sending it again may help.
    Unavailable,
    /// A rule of this program is broken: never the caller's fault.
    Bug,
}

impl Category {
    /// The name used in documents and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Unauthenticated => "unauthenticated",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::Unavailable => "unavailable",
            Self::Bug => "bug",
        }
    }
}

/// The one table of codes. Code, category and sentence stand here and nowhere else.
macro_rules! codes {
    ($($variant:ident = $text:literal, $category:ident, $sentence:literal;)*) => {
        /// A stable error code: its text is never changed and never used for another meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $text, "`: ", $sentence, ".")] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as text, for programs: `money.currency_unknown`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// What kind of failure it is.
            pub const fn category(self) -> Category {
                match self { $(Self::$variant => Category::$category,)* }
            }

            /// The meaning in one sentence, lower case, without a final stop.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)* }
            }
        }
    };
}

codes! {
    TimestampMalformed = "time.malformed", Invalid,
        "the instant is not RFC 3339, like `2026-03-06T10:30:00Z`";
    CurrencyUnknown = "money.currency_unknown", Invalid,
        "the currency is not a supported ISO 4217 code";
    AmountMalformed = "money.malformed", Invalid,
        "the amount is not a plain decimal number";
    AmountPrecision = "money.precision", Invalid,
        "the amount has more decimals than its currency";
    AmountOutOfRange = "money.out_of_range", Invalid,
        "the amount is beyond what can be held: 9999999999999.99";
    CurrencyMismatch = "money.currency_mismatch", Invalid,
        "the two amounts are in different currencies";
    MsisdnMalformed = "msisdn.malformed", Invalid,
        "the phone number is not in a known format, like `+254712345678`";
    MsisdnUnknownCountry = "msisdn.unknown_country", Invalid,
        "the phone number has no country code and no country was given";
    TariffVersionsMissing = "tariff.versions_missing", Invalid,
        "the tariff has no version";
    TariffVersionsUnordered = "tariff.versions_unordered", Invalid,
        "the tariff's versions are not in the order they take effect";
    TariffTooLong = "tariff.too_long", Invalid,
        "the tariff has more than 1000 versions or bands";
    TariffBandsMissing = "tariff.bands_missing", Invalid,
        "the version of the tariff has no bands";
    TariffBandMalformed = "tariff.band_malformed", Invalid,
        "the band ends before it begins, or an edge is out of range or no multiple of the unit";
    TariffGap = "tariff.gap", Invalid,
        "amounts between this band and the one before it are in neither";
    TariffOverlap = "tariff.overlap", Invalid,
        "amounts are in this band and in the one before it";
    TariffChargeMalformed = "tariff.charge_malformed", Invalid,
        "a fee is negative, too high or no multiple of the unit, or its minimum above its maximum";
    PercentageMalformed = "tariff.percentage_malformed", Invalid,
        "the percentage is not a decimal number from 0 to 100 with at most four decimals";
    ExchangeRateMalformed = "fee.exchange_rate_malformed", Invalid,
        "the rate of exchange is not a positive number of at most 13 digits and 12 decimals";
    FeeNameMalformed = "fee.name_malformed", Invalid,
        "the name of the fee is not 1 to 24 of `a-z`, `0-9`, `_`, `-`, `.`";
    FeeNameTaken = "fee.name_taken", Invalid,
        "the operation already has a fee of this name";
    FeeTooManyLines = "fee.too_many_lines", Invalid,
        "the operation has more than 4 fees";
    FeeRatesTooHigh = "fee.rates_too_high", Invalid,
        "the percentages of the operation's fees reach 90 together";
    FeeSharesExceedWhole = "fee.shares_exceed_whole", Invalid,
        "the shares of the fee sum to more than 10000 basis points";
    FeeCurrencyMismatch = "fee.currency_mismatch", Invalid,
        "the fees are in another currency";
    FeeExchangeMismatch = "fee.exchange_mismatch", Invalid,
        "the exchange is between other currencies";
    FeeAmountNotPositive = "fee.amount_not_positive", Invalid,
        "the amount is not more than nothing";
    FeeAmountNotWhole = "fee.amount_not_whole", Invalid,
        "the tariff takes whole units only";
    FeeAmountBelowTariff = "fee.amount_below_tariff", Invalid,
        "the amount is below the tariff";
    FeeAmountAboveTariff = "fee.amount_above_tariff", Invalid,
        "the amount is above the tariff";
    FeeNotYetEffective = "fee.not_yet_effective", Invalid,
        "the tariff is not yet in force";
    FeesExceedAmount = "fee.fees_exceed_amount", Invalid,
        "the payee's part of the fees is more than the payee gets";
    FeeNetUnreachable = "fee.net_unreachable", Invalid,
        "no amount gives the payee exactly this";
    FeeMovesNothing = "fee.moves_nothing", Invalid,
        "the operation moves no money";
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_well_formed() {
        let texts: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(texts.len(), Code::ALL.len());
        for code in Code::ALL {
            let (scope, name) = code.as_str().split_once('.').expect("a code has a scope");
            let snake = |s: &str| s.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            assert!(snake(scope) && snake(name), "{code}");
            assert!(!code.sentence().ends_with('.'), "{code}");
        }
    }
}
