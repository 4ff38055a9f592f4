//! The countries whose operators are known by number, with their calling codes.
//!
//! Source: ISO 3166-1 (alpha-2 codes) and ITU-T E.164 (list of assigned country codes, 2023).

use std::fmt;

use serde::{Serialize, Serializer};

use super::Msisdn;

macro_rules! countries {
    ($($code:ident $calling_code:literal $name:literal,)*) => {
        /// A country of the mobile-money markets, named by its ISO 3166-1 alpha-2 code.
        ///
        /// ```
        /// use amana_core::party::Country;
        /// assert_eq!(Country::KE.code(), "KE");
        /// assert_eq!(Country::KE.calling_code(), 254);
        /// assert_eq!(Country::KE.name(), "Kenya");
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Country {
            $(#[doc = $name] $code,)*
        }

        impl Country {
            /// Every country, in alphabetical order of its code.
            ///
            /// ```
            /// use amana_core::party::Country;
            /// assert!(Country::ALL.contains(&Country::TZ));
            /// ```
            pub const ALL: &'static [Self] = &[$(Self::$code,)*];

            /// Its alpha-2 code: `KE`.
            ///
            /// ```
            /// use amana_core::party::Country;
            /// assert_eq!(Country::TZ.code(), "TZ");
            /// ```
            pub const fn code(self) -> &'static str {
                match self { $(Self::$code => stringify!($code),)* }
            }

            /// Its calling code: 254. All of these have three digits.
            ///
            /// ```
            /// use amana_core::party::Country;
            /// assert_eq!(Country::TZ.calling_code(), 255);
            /// ```
            pub const fn calling_code(self) -> u16 {
                match self { $(Self::$code => $calling_code,)* }
            }

            /// Its usual English name: `Kenya`.
            ///
            /// ```
            /// use amana_core::party::Country;
            /// assert_eq!(Country::TZ.name(), "Tanzania");
            /// ```
            pub const fn name(self) -> &'static str {
                match self { $(Self::$code => $name,)* }
            }
        }
    };
}

countries! {
    BI 257 "Burundi",
    BJ 229 "Benin",
    CD 243 "DR Congo",
    CI 225 "Côte d'Ivoire",
    CM 237 "Cameroon",
    ET 251 "Ethiopia",
    GH 233 "Ghana",
    KE 254 "Kenya",
    LR 231 "Liberia",
    MW 265 "Malawi",
    RW 250 "Rwanda",
    SN 221 "Senegal",
    SS 211 "South Sudan",
    TZ 255 "Tanzania",
    UG 256 "Uganda",
    ZM 260 "Zambia",
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl Msisdn {
    /// The country of the calling code, or `None` for a country not listed in [`Country`].
    ///
    /// Calling codes are prefix-free, so the first three digits decide.
    ///
    /// ```
    /// use amana_core::{Msisdn, party::Country};
    /// assert_eq!("0712345678".parse::<Msisdn>()?.country(), Some(Country::KE));
    /// assert_eq!("+12025550123".parse::<Msisdn>()?.country(), None);
    /// # Ok::<(), amana_core::party::MsisdnError>(())
    /// ```
    pub fn country(self) -> Option<Country> {
        let leading = self.leading_digits(3);
        Country::ALL
            .iter()
            .copied()
            .find(|country| u64::from(country.calling_code()) == leading)
    }
}
