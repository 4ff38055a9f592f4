use std::fmt;
use std::str::FromStr;

use arrayvec::ArrayString;

use super::error::{ReferenceError, ReferenceKind};
use super::text::inline;
use crate::json_as_text::json_as_text;

/// The caller's id of an escrow contract: 1 to 50 ASCII letters, digits and `-_./`.
///
/// Case matters. People answer by SMS in whatever case their phone suggests, so a host that looks
/// up a contract from an SMS compares with [`Self::eq_ignore_case`].
///
/// ```
/// use amana_core::reference::ContractId;
/// let id: ContractId = "AG-2024-001234".parse()?;
/// assert_eq!(id.as_str(), "AG-2024-001234");
/// assert!(id.eq_ignore_case("ag-2024-001234".parse()?));
/// assert!("".parse::<ContractId>().is_err());
/// assert!("AG:1".parse::<ContractId>().is_err());
/// # Ok::<(), amana_core::reference::ReferenceError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContractId(ArrayString<{ Self::LEN_MAX }>);

impl ContractId {
    /// The most characters an id can have.
    ///
    /// ```
    /// use amana_core::reference::ContractId;
    /// assert!("A".repeat(ContractId::LEN_MAX + 1).parse::<ContractId>().is_err());
    /// ```
    pub const LEN_MAX: usize = 50;

    /// The id as text.
    ///
    /// ```
    /// use amana_core::reference::ContractId;
    /// assert_eq!("AG-1".parse::<ContractId>()?.as_str(), "AG-1");
    /// # Ok::<(), amana_core::reference::ReferenceError>(())
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both are the same when upper and lower case are not told apart.
    ///
    /// ```
    /// use amana_core::reference::ContractId;
    /// let id: ContractId = "AG-1".parse()?;
    /// assert!(id.eq_ignore_case("ag-1".parse()?));
    /// # Ok::<(), amana_core::reference::ReferenceError>(())
    /// ```
    pub fn eq_ignore_case(self, other: Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl FromStr for ContractId {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
        inline(text, ReferenceKind::Contract, allowed).map(Self)
    }
}

impl fmt::Display for ContractId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for ContractId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

json_as_text!(ContractId, "a contract id");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::reference::Fault;

    #[test]
    fn refuses_what_is_no_contract_id() {
        let long = "x".repeat(51);
        for (text, fault) in [
            ("", Fault::Empty),
            (long.as_str(), Fault::TooLong { max: 50 }),
            ("AG 1", Fault::Character { at: 2 }),
            ("AG-1\n", Fault::Character { at: 4 }),
            ("a:b", Fault::Character { at: 1 }),
            ("é", Fault::Character { at: 0 }),
        ] {
            let kind = ReferenceKind::Contract;
            assert_eq!(
                text.parse::<ContractId>(),
                Err(ReferenceError { kind, fault })
            );
        }
        assert!("x".repeat(50).parse::<ContractId>().is_ok());
    }

    #[test]
    fn json_is_checked() {
        let id: ContractId = serde_json::from_str(r#""AG-1""#).unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), r#""AG-1""#);
        for bad in [r#""""#, r#""A B""#, "1", "null"] {
            assert!(serde_json::from_str::<ContractId>(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn round_trips(text in "[A-Za-z0-9_./-]{1,50}") {
            prop_assert_eq!(text.parse::<ContractId>().unwrap().to_string(), text);
        }

        #[test]
        fn never_panics(text in ".*") {
            let _ = text.parse::<ContractId>();
        }
    }
}
