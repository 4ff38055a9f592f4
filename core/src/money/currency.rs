use std::fmt;
use std::str::FromStr;

use super::MoneyError;
use crate::json_as_text::json_as_text;

macro_rules! currencies {
    ($($code:ident $exponent:literal $name:literal,)*) => {
        /// A currency of ISO 4217 with its exponent: the number of decimals of its minor unit.
        ///
        /// The only currency table. It holds the currencies of the mobile-money markets and those
        /// they are converted from.
        ///
        /// ```
        /// use amana_core::Currency;
        /// assert_eq!("KES".parse(), Ok(Currency::KES));
        /// assert!("kes".parse::<Currency>().is_err());
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Currency {
            $(#[doc = $name] $code,)*
        }

        impl Currency {
            /// Every currency, in alphabetical order of its code.
            ///
            /// ```
            /// use amana_core::Currency;
            /// assert!(Currency::ALL.contains(&Currency::TZS));
            /// ```
            pub const ALL: &'static [Self] = &[$(Self::$code,)*];

            /// Its three-letter code.
            ///
            /// ```
            /// use amana_core::Currency;
            /// assert_eq!(Currency::KES.code(), "KES");
            /// ```
            pub const fn code(self) -> &'static str {
                match self { $(Self::$code => stringify!($code),)* }
            }

            /// How many decimals its minor unit has: 2 for KES, 0 for UGX.
            ///
            /// ```
            /// use amana_core::Currency;
            /// assert_eq!((Currency::KES.exponent(), Currency::UGX.exponent()), (2, 0));
            /// ```
            pub const fn exponent(self) -> u8 {
                match self { $(Self::$code => $exponent,)* }
            }
        }
    };
}

// Source: ISO 4217:2015, list one (amendment 177).
currencies! {
    BWP 2 "Botswana pula",
    CDF 2 "Congolese franc",
    ETB 2 "Ethiopian birr",
    EUR 2 "Euro",
    GBP 2 "Pound sterling",
    GHS 2 "Ghana cedi",
    KES 2 "Kenyan shilling",
    LRD 2 "Liberian dollar",
    LSL 2 "Lesotho loti",
    MWK 2 "Malawi kwacha",
    MZN 2 "Mozambique metical",
    NGN 2 "Nigerian naira",
    RWF 0 "Rwanda franc",
    SLE 2 "Sierra Leone leone",
    TZS 2 "Tanzanian shilling",
    UGX 0 "Uganda shilling",
    USD 2 "US dollar",
    XAF 0 "CFA franc BEAC",
    XOF 0 "CFA franc BCEAO",
    ZAR 2 "South African rand",
    ZMW 2 "Zambian kwacha",
}

impl FromStr for Currency {
    type Err = MoneyError;

    /// Reads the code in upper case, as ISO 4217 writes it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|currency| currency.code() == text)
            .ok_or(MoneyError::CurrencyUnknown)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

json_as_text!(Currency, "an ISO 4217 code");
