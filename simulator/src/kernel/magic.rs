//! Magic numbers: phones that always behave in one way, listed by `GET /_amana/magic`.
//!
//! A script put on such a phone takes precedence, so "always" holds until somebody says otherwise.

use amana_core::Msisdn;

use super::phone::{Action, Operation};

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Magic {
    /// The last three digits of the number; the others are the same for all.
    suffix: u16,
    /// What the phone does when money is asked of it.
    pub collect: Action,
    /// What happens when money is sent to it.
    pub pay_out: Action,
    /// The behaviour in words.
    pub description: &'static str,
}

/// The numbers begin here: +254711000000.
const FIRST: &str = "254711000";

const fn row(
    suffix: u16,
    (collect, pay_out): (Action, Action),
    description: &'static str,
) -> Magic {
    Magic {
        suffix,
        collect,
        pay_out,
        description,
    }
}

/// The table. The first three rows are fixed; the others cover what a script can do.
pub static TABLE: [Magic; 13] = {
    use Action::{
        Approve, Cancel, Duplicate, InsufficientFunds, LateSuccess, LimitExceeded, Locked, Manual,
        NeverCallsBack, Timeout, Unreachable, WrongPin,
    };
    [
        row(0, (Approve, Approve), "always succeeds"),
        row(1, (InsufficientFunds, LimitExceeded), "always fails"),
        row(
            2,
            (Timeout, Timeout),
            "never answers, so that the prompt times out",
        ),
        row(3, (Cancel, Approve), "the owner declines"),
        row(4, (WrongPin, Approve), "the owner enters a wrong PIN"),
        row(5, (InsufficientFunds, Approve), "the wallet is empty"),
        row(6, (Unreachable, Unreachable), "the phone is switched off"),
        row(7, (Locked, Locked), "the wallet is locked"),
        row(
            8,
            (LimitExceeded, LimitExceeded),
            "a limit of the wallet is exceeded",
        ),
        row(
            9,
            (LateSuccess, LateSuccess),
            "expires, and succeeds afterwards",
        ),
        row(
            10,
            (Duplicate, Duplicate),
            "succeeds, and the callback comes twice",
        ),
        row(
            11,
            (NeverCallsBack, NeverCallsBack),
            "succeeds, but no callback ever comes",
        ),
        row(12, (Manual, Manual), "waits for a hand or an API call"),
    ]
};

impl Magic {
    /// The number.
    pub fn digits(&self) -> String {
        format!("{FIRST}{:03}", self.suffix)
    }

    /// What it does for this operation.
    pub const fn action(&self, operation: Operation) -> Action {
        match operation {
            Operation::Collect => self.collect,
            Operation::PayOut => self.pay_out,
        }
    }
}

/// The row of this number, if it is magic.
pub fn find(msisdn: Msisdn) -> Option<&'static Magic> {
    let digits = msisdn.digits();
    let suffix: u16 = digits.strip_prefix(FIRST)?.parse().ok()?;
    TABLE.iter().find(|magic| magic.suffix == suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixed_numbers_do_what_they_are_known_for() {
        let collect = |text: &str| find(text.parse().unwrap()).map(|magic| magic.collect);
        assert_eq!(collect("+254711000000"), Some(Action::Approve));
        assert_eq!(collect("+254711000001"), Some(Action::InsufficientFunds));
        assert_eq!(collect("+254711000002"), Some(Action::Timeout));
        assert_eq!(collect("+254711000099"), None);
        assert_eq!(collect("+254712345678"), None);
    }

    #[test]
    fn every_action_has_a_number() {
        for action in Action::ALL {
            assert!(
                TABLE.iter().any(|magic| magic.collect == action),
                "{action:?}"
            );
        }
        for magic in &TABLE {
            assert_eq!(find(magic.digits().parse().unwrap()), Some(magic));
        }
    }
}
