//! Which operator a phone number was issued by, from its prefix.
//!
//! Source: `core/data/msisdn_prefixes.csv`, one row a prefix with its own source: the carrier
//! files and number metadata of libphonenumber (July 2026) for the operators, pawaPay's public
//! provider codes for most brands. Kenya is listed to the six digits of its numbering plan, so an
//! unassigned Kenyan range has no operator.
//!
//! Numbers can be taken along to another operator in several of these markets, Kenya among them:
//! the operator found here issued the number, and is only a hint of who serves it today.

use serde::Serialize;

use super::operator_table::{OPERATORS, PREFIX_DIGITS, RANGES};
use super::{Country, Msisdn};

/// A mobile network operator of one country.
///
/// ```
/// use amana_core::Msisdn;
/// let operator = "0712345678".parse::<Msisdn>()?.operator().ok_or("unknown prefix")?;
/// assert_eq!(operator.country.code(), "KE");
/// assert_eq!(operator.name, "Safaricom");
/// assert_eq!(operator.brand, Some("M-PESA"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Operator {
    /// The country that gave it the prefix.
    pub country: Country,
    /// The operator's usual name: `Safaricom`.
    pub name: &'static str,
    /// Its mobile-money service: `M-PESA`; `None` if it has none that is known.
    pub brand: Option<&'static str>,
}

impl Operator {
    /// Every operator of the table, by country.
    ///
    /// ```
    /// use amana_core::party::Operator;
    /// assert!(Operator::all().iter().any(|operator| operator.brand == Some("T-Kash")));
    /// ```
    pub fn all() -> &'static [Self] {
        OPERATORS
    }
}

impl Msisdn {
    /// The operator its prefix was assigned to, the longest listed prefix deciding.
    ///
    /// `None` for a prefix that is not listed. Nothing is allocated.
    ///
    /// ```
    /// use amana_core::Msisdn;
    /// let name = |text: &str| Some(text.parse::<Msisdn>().ok()?.operator()?.name);
    /// assert_eq!(name("0733123456"), Some("Airtel"));
    /// assert_eq!(name("+256 721 234567"), Some("LycaMobile"));
    /// assert_eq!(name("+256 721 034567"), Some("Savanna"));
    /// assert_eq!(name("0109123456"), None);
    /// ```
    pub fn operator(self) -> Option<&'static Operator> {
        // A number shorter than the longest prefix still orders rightly: it gets no operator
        // rather than a wrong one, as every assigned number is longer.
        let leading = u32::try_from(self.leading_digits(PREFIX_DIGITS)).ok()?;
        let after = RANGES.partition_point(|(first, _)| *first <= leading);
        let (_, operator) = RANGES.get(after.checked_sub(1)?)?;
        OPERATORS.get(usize::from((*operator)?))
    }
}
