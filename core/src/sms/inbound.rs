use std::fmt;

use crate::error::{Code, Coded, FieldPath};
use crate::reference::ContractId;

/// The word a party's message begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Word {
    /// `YES`: the contract is confirmed.
    Yes,
    /// `NO`: the contract is declined.
    No,
    /// `CONFIRM`: the seller has delivered.
    Confirm,
    /// `ACCEPT`: the buyer accepts the delivery.
    Accept,
    /// `DISPUTE`: the delivery is contested.
    Dispute,
}

/// The words as they are written, in English and Swahili.
const WORDS: &[(&str, Word)] = &[
    ("YES", Word::Yes),
    ("NDIYO", Word::Yes),
    ("NO", Word::No),
    ("HAPANA", Word::No),
    ("CONFIRM", Word::Confirm),
    ("THIBITISHA", Word::Confirm),
    ("ACCEPT", Word::Accept),
    ("KUBALI", Word::Accept),
    ("DISPUTE", Word::Dispute),
    ("PINGA", Word::Dispute),
];

/// What a party has said by text message: `CONFIRM-AG-2024-001234`.
///
/// Upper or lower case, with a hyphen or blanks between word and contract, with a full stop or
/// exclamation mark at the end of the contract; what follows after a blank is a note.
///
/// ```
/// use amana_core::sms::{Inbound, Word};
/// let said: Inbound = " dispute AG-2024-001234  broken bags ".parse()?;
/// assert_eq!(said.word, Word::Dispute);
/// assert_eq!(said.contract.as_str(), "AG-2024-001234");
/// assert_eq!(said.note.as_deref(), Some("broken bags"));
/// assert!("hello".parse::<Inbound>().is_err());
/// # Ok::<(), amana_core::sms::InboundError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbound {
    /// What is said.
    pub word: Word,
    /// Of which contract.
    pub contract: ContractId,
    /// What was written after it.
    pub note: Option<String>,
}

impl std::str::FromStr for Inbound {
    type Err = InboundError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let end = text
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        let word = WORDS
            .iter()
            .find(|(written, _)| written.eq_ignore_ascii_case(word))
            .map(|(_, word)| *word)
            .ok_or(InboundError::UnknownWord)?;
        let rest = rest.trim_start_matches(|c: char| c == '-' || c == ':' || c.is_whitespace());
        let (contract, note) = match rest.split_once(char::is_whitespace) {
            Some((contract, note)) => (contract, note.trim()),
            None => (rest, ""),
        };
        let contract = contract
            .trim_end_matches(['.', ',', '!', '?'])
            .parse()
            .map_err(|_| InboundError::ContractMissing)?;
        Ok(Self {
            word,
            contract,
            note: (!note.is_empty()).then(|| note.to_owned()),
        })
    }
}

/// Why a message says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InboundError {
    /// It does not begin with a known word.
    UnknownWord,
    /// There is no contract id after the word.
    ContractMissing,
}

impl Coded for InboundError {
    fn code(&self) -> Code {
        match self {
            Self::UnknownWord => Code::SmsUnknownWord,
            Self::ContractMissing => Code::SmsContractMissing,
        }
    }

    fn field(&self) -> Option<FieldPath> {
        Some(FieldPath::new("/text"))
    }
}

impl fmt::Display for InboundError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().sentence())
    }
}

impl std::error::Error for InboundError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_word_in_every_dress() {
        for (written, word) in WORDS {
            for text in [
                format!("{written}-AG-1"),
                format!("  {} AG-1.", written.to_lowercase()),
                format!("{written}: AG-1!"),
                format!("{written} - AG-1"),
            ] {
                let said: Inbound = text.parse().unwrap();
                assert_eq!(
                    (said.word, said.contract.as_str()),
                    (*word, "AG-1"),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn what_is_no_command_is_told_apart() {
        for (text, error) in [
            ("", InboundError::UnknownWord),
            ("PAY-AG-1", InboundError::UnknownWord),
            ("YESAG-1", InboundError::UnknownWord),
            ("CONFIRM", InboundError::ContractMissing),
            ("CONFIRM-", InboundError::ContractMissing),
            ("CONFIRM-AG/1", InboundError::ContractMissing),
        ] {
            assert_eq!(text.parse::<Inbound>(), Err(error), "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".*") {
            let _ = text.parse::<Inbound>();
        }
    }
}
