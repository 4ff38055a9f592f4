use std::fmt;
use std::str::FromStr;

use super::Language;
use crate::error::{Code, Coded, FieldPath};
use crate::escrow::Intent;
use crate::reference::{ContractId, ReferenceError};
use crate::tagged::tagged;

/// The longest message read, in bytes: ten parts of a long SMS.
const LEN_MAX: usize = 1_600;

tagged! {
    /// What a party says by SMS: a word, a contract, and for a dispute perhaps a reason.
    ///
    /// Upper and lower case are the same; blanks around do not count; a blank may stand for the first
    /// hyphen, and stops, commas and quotation marks at the end are dropped. The contract id is kept as
    /// it was typed. Swahili words mean the same as the English ones.
    ///
    /// | English | Swahili | says |
    /// |---|---|---|
    /// | `YES-` | `NDIYO-`, `NDIO-` | agrees to the contract |
    /// | `NO-` | `HAPANA-` | declines the contract |
    /// | `ACCEPT-` | `KUBALI-` | accepts the delivery |
    /// | `DISPUTE-` | `PINGA-` | disputes, the reason may follow |
    /// | `CONFIRM-` | `THIBITISHA-` | confirms what the party was asked |
    /// | `STATUS-` | `HALI-` | asks how the payment stands |
    /// | `HELP` | `MSAADA` | asks for help |
    ///
    /// Text after the contract is the reason of a dispute, of at most [`Intent::REASON_MAX`] bytes;
    /// behind any other word it is refused, for `ACCEPT-AG-1 but two bags are missing` is no acceptance.
    ///
    /// ```
    /// use amana_core::sms::{Inbound, InboundError};
    /// let contract = "AG-2024-001234".parse()?;
    /// assert_eq!(" confirm AG-2024-001234.".parse(), Ok(Inbound::Confirm { contract }));
    /// assert_eq!(
    ///     "DISPUTE-AG-2024-001234 broken bags".parse(),
    ///     Ok(Inbound::Dispute { contract, reason: Some("broken bags".to_owned()) }),
    /// );
    /// assert_eq!("SELL-AG-1".parse::<Inbound>(), Err(InboundError::UnknownWord));
    /// # Ok::<(), amana_core::reference::ReferenceError>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Inbound as "Inbound", {
        /// Agrees to the contract.
        Yes {
            /// The contract.
            contract: ContractId,
        },
        /// Declines the contract.
        No {
            /// The contract.
            contract: ContractId,
        },
        /// Accepts the delivery.
        Accept {
            /// The contract.
            contract: ContractId,
        },
        /// Disputes.
        Dispute {
            /// The contract.
            contract: ContractId,
            /// Why, in the party's own words, on one line.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            reason: Option<String>,
        },
        /// Confirms what the party was asked; a seller confirms the delivery with it.
        Confirm {
            /// The contract.
            contract: ContractId,
        },
        /// Asks how the payment stands.
        Status {
            /// The contract.
            contract: ContractId,
        },
        /// Asks for help.
        Help,
    }
}

impl Inbound {
    /// Reads a message.
    ///
    /// ```
    /// use amana_core::sms::{Inbound, InboundError};
    /// let contract = "AG-2024-001234".parse()?;
    /// assert_eq!(Inbound::parse("accept AG-2024-001234")?, Inbound::Accept { contract });
    /// assert_eq!(Inbound::parse("ACCEPT-"), Err(InboundError::ContractMissing));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// In this order: [`InboundError::Empty`], [`InboundError::TooLong`],
    /// [`InboundError::UnknownWord`], [`InboundError::ContractMissing`],
    /// [`InboundError::Contract`], [`InboundError::TrailingText`].
    pub fn parse(text: &str) -> Result<Self, InboundError> {
        let text = text.trim_matches(is_padding);
        if text.is_empty() {
            return Err(InboundError::Empty);
        }
        if text.len() > LEN_MAX {
            return Err(InboundError::TooLong);
        }
        let (word, rest) = first_word(text);
        let (word, _) = Word::read(word).ok_or(InboundError::UnknownWord)?;
        if word == Word::Help {
            return Ok(Self::Help);
        }
        let rest = rest.trim_start_matches(|c| is_hyphen(c) || is_padding(c) || c == ':');
        let (contract, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let contract = contract.trim_end_matches(is_punctuation);
        if contract.is_empty() {
            return Err(InboundError::ContractMissing);
        }
        let contract = contract.parse().map_err(InboundError::Contract)?;
        word.about(contract, rest.trim_matches(is_padding))
    }

    /// The contract it is about, if any.
    ///
    /// ```
    /// use amana_core::sms::Inbound;
    /// let message = Inbound::parse("STATUS-AG-1")?;
    /// assert_eq!(message.contract().map(|contract| contract.to_string()).as_deref(), Some("AG-1"));
    /// # Ok::<(), amana_core::sms::InboundError>(())
    /// ```
    pub const fn contract(&self) -> Option<ContractId> {
        match self {
            Self::Yes { contract }
            | Self::No { contract }
            | Self::Accept { contract }
            | Self::Dispute { contract, .. }
            | Self::Confirm { contract }
            | Self::Status { contract } => Some(*contract),
            Self::Help => None,
        }
    }

    /// The language of a message, by its first word; English if that is none of the words.
    ///
    /// ```
    /// use amana_core::sms::{Inbound, Language};
    /// assert_eq!(Inbound::language_of("hali AG-1"), Language::Swahili);
    /// assert_eq!(Inbound::language_of("STATUS-AG-1"), Language::English);
    /// assert_eq!(Inbound::language_of(""), Language::English);
    /// ```
    pub fn language_of(text: &str) -> Language {
        let (word, _) = first_word(text.trim_matches(is_padding));
        Word::read(word).map_or(Language::English, |(_, language)| language)
    }

    /// What a party is told who asks for help: which messages are understood.
    ///
    /// ```
    /// use amana_core::sms::{Inbound, Language};
    /// assert!(Inbound::help(Language::Swahili).contains("KUBALI-"));
    /// ```
    pub const fn help(language: Language) -> &'static str {
        match language {
            Language::English => {
                "text STATUS-, CONFIRM-, ACCEPT- or DISPUTE- and your contract's number"
            }
            Language::Swahili => {
                "tuma HALI-, THIBITISHA-, KUBALI- au PINGA- na nambari ya mkataba wako"
            }
        }
    }
}

fn first_word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_alphabetic());
    text.split_at(end.unwrap_or(text.len()))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Yes,
    No,
    Accept,
    Dispute,
    Confirm,
    Status,
    Help,
}

impl Word {
    fn read(word: &str) -> Option<(Self, Language)> {
        use Language::{English, Swahili};
        let meaning = match word.to_ascii_uppercase().as_str() {
            "YES" => (Self::Yes, English),
            "NDIYO" | "NDIO" => (Self::Yes, Swahili),
            "NO" => (Self::No, English),
            "HAPANA" => (Self::No, Swahili),
            "ACCEPT" => (Self::Accept, English),
            "KUBALI" => (Self::Accept, Swahili),
            "DISPUTE" => (Self::Dispute, English),
            "PINGA" => (Self::Dispute, Swahili),
            "CONFIRM" => (Self::Confirm, English),
            "THIBITISHA" => (Self::Confirm, Swahili),
            "STATUS" => (Self::Status, English),
            "HALI" => (Self::Status, Swahili),
            "HELP" => (Self::Help, English),
            "MSAADA" => (Self::Help, Swahili),
            _ => return None,
        };
        Some(meaning)
    }

    fn about(self, contract: ContractId, rest: &str) -> Result<Inbound, InboundError> {
        let said = match self {
            Self::Dispute => {
                // A longer one would be refused later, when the party is not there any more.
                if rest.len() > Intent::REASON_MAX {
                    return Err(InboundError::TooLong);
                }
                let reason = (!rest.is_empty()).then(|| one_line(rest));
                return Ok(Inbound::Dispute { contract, reason });
            }
            Self::Yes => Inbound::Yes { contract },
            Self::No => Inbound::No { contract },
            Self::Accept => Inbound::Accept { contract },
            Self::Confirm => Inbound::Confirm { contract },
            Self::Status => Inbound::Status { contract },
            Self::Help => Inbound::Help,
        };
        if rest.trim_matches(is_punctuation).is_empty() {
            Ok(said)
        } else {
            Err(InboundError::TrailingText)
        }
    }
}

/// Blanks, and invisible characters that keyboards and gateways add.
fn is_padding(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}')
}

/// Phones turn hyphens into dashes.
fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn is_punctuation(c: char) -> bool {
    is_padding(c) || matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '"' | '\'' | ')')
}

fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

impl FromStr for Inbound {
    type Err = InboundError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for Inbound {
    /// The message in English, as a party would type it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Yes { contract } => write!(f, "YES-{contract}"),
            Self::No { contract } => write!(f, "NO-{contract}"),
            Self::Accept { contract } => write!(f, "ACCEPT-{contract}"),
            Self::Dispute {
                contract,
                reason: None,
            } => write!(f, "DISPUTE-{contract}"),
            Self::Dispute {
                contract,
                reason: Some(reason),
            } => write!(f, "DISPUTE-{contract} {reason}"),
            Self::Confirm { contract } => write!(f, "CONFIRM-{contract}"),
            Self::Status { contract } => write!(f, "STATUS-{contract}"),
            Self::Help => f.write_str("HELP"),
        }
    }
}

/// Why a message is not understood.
///
/// ```
/// use amana_core::sms::{Inbound, InboundError};
/// assert_eq!(Inbound::parse("good morning"), Err(InboundError::UnknownWord));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InboundError {
    /// Nothing but blanks.
    Empty,
    /// Longer than any message we ask for.
    TooLong,
    /// It does not begin with one of the words.
    UnknownWord,
    /// The word needs a contract and none follows.
    ContractMissing,
    /// What follows the word is not a contract id.
    Contract(ReferenceError),
    /// More text follows, which might say the opposite.
    TrailingText,
}

impl Coded for InboundError {
    fn code(&self) -> Code {
        match self {
            Self::Empty => Code::SmsEmpty,
            Self::TooLong => Code::SmsTooLong,
            Self::UnknownWord => Code::SmsUnknownWord,
            Self::ContractMissing => Code::SmsContractMissing,
            Self::Contract(error) => error.code(),
            Self::TrailingText => Code::SmsTrailingText,
        }
    }

    fn field(&self) -> Option<FieldPath> {
        Some(FieldPath::new("/text"))
    }
}

impl fmt::Display for InboundError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contract(error) => error.fmt(f),
            Self::Empty
            | Self::TooLong
            | Self::UnknownWord
            | Self::ContractMissing
            | Self::TrailingText => f.write_str(self.code().sentence()),
        }
    }
}

impl std::error::Error for InboundError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn understands() {
        let rows = [
            ("YES-AG-1", "YES-AG-1"),
            ("yes-ag-1", "YES-ag-1"),
            ("  No-AG-1  ", "NO-AG-1"),
            ("ACCEPT AG-1", "ACCEPT-AG-1"),
            ("Accept - AG-1", "ACCEPT-AG-1"),
            ("ACCEPT\u{2013}AG-1", "ACCEPT-AG-1"),
            ("ACCEPT: AG-1", "ACCEPT-AG-1"),
            ("CONFIRM AG-2024-001234", "CONFIRM-AG-2024-001234"),
            ("CONFIRM-AG-1.", "CONFIRM-AG-1"),
            ("CONFIRM-AG-1 !!", "CONFIRM-AG-1"),
            ("\u{feff}YES-AG-1\r\n", "YES-AG-1"),
            ("DISPUTE-AG-1", "DISPUTE-AG-1"),
            ("DISPUTE-AG-1, broken bags.", "DISPUTE-AG-1 broken bags."),
            ("dispute ag-1 two\nlines", "DISPUTE-ag-1 two lines"),
            ("Ndiyo-AG-1", "YES-AG-1"),
            ("NDIO AG-1", "YES-AG-1"),
            ("hapana ag-1", "NO-ag-1"),
            ("KUBALI-AG-1", "ACCEPT-AG-1"),
            (
                "Pinga AG-1 mifuko imepasuka",
                "DISPUTE-AG-1 mifuko imepasuka",
            ),
            ("THIBITISHA-AG-1", "CONFIRM-AG-1"),
            ("Status AG-1?", "STATUS-AG-1"),
            ("HALI-AG-1", "STATUS-AG-1"),
            ("help", "HELP"),
            ("HELP me please", "HELP"),
            ("Msaada!", "HELP"),
        ];
        for (text, expected) in rows {
            let understood = Inbound::parse(text).map(|said| said.to_string());
            assert_eq!(understood.as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn the_words_that_help_names_are_understood() {
        for language in crate::sms::Language::ALL {
            let help = Inbound::help(language);
            let words: Vec<&str> = help
                .split([' ', ','])
                .filter_map(|word| word.strip_suffix('-'))
                .collect();
            assert_eq!(words.len(), 4, "{help}");
            for word in words {
                assert_eq!(Inbound::language_of(word), language, "{word}");
                assert!(Inbound::parse(&format!("{word}-AG-1")).is_ok(), "{word}");
            }
        }
    }

    #[test]
    fn refuses() {
        let long = "YES-AG-1 ".repeat(200);
        let rows = [
            ("", InboundError::Empty),
            (" \n", InboundError::Empty),
            (long.as_str(), InboundError::TooLong),
            ("SELL-AG-1", InboundError::UnknownWord),
            ("YESAG-1", InboundError::UnknownWord),
            ("-YES-AG-1", InboundError::UnknownWord),
            ("123456", InboundError::UnknownWord),
            ("YES", InboundError::ContractMissing),
            ("YES-", InboundError::ContractMissing),
            ("ACCEPT - .", InboundError::ContractMissing),
            (
                "ACCEPT-AG-1 but two bags are missing",
                InboundError::TrailingText,
            ),
            ("YES-AG-1 AG-2", InboundError::TrailingText),
        ];
        for (text, error) in rows {
            assert_eq!(Inbound::parse(text), Err(error), "{text}");
        }
        let bad_contract = Inbound::parse("YES-AG#1").unwrap_err();
        assert_eq!(bad_contract.code(), Code::ContractIdMalformed);
    }

    /// The Swahili word is shorter than the English one that is printed, so the message must not
    /// be measured whole.
    #[test]
    fn a_dispute_with_the_longest_reason_is_read_back_and_accepted() {
        let reason = "x".repeat(Intent::REASON_MAX);
        for text in [
            format!("PINGA AG-1 {reason}"),
            format!("DISPUTE-AG-1 {reason} "),
        ] {
            let said = Inbound::parse(&text).unwrap();
            assert_eq!(Inbound::parse(&said.to_string()), Ok(said));
            assert_eq!(
                Inbound::parse(&format!("{text}x")),
                Err(InboundError::TooLong)
            );
        }
    }

    proptest! {
        #[test]
        fn round_trips(
            word in "YES|NO|ACCEPT|DISPUTE|CONFIRM|STATUS",
            contract in "[A-Za-z0-9]([A-Za-z0-9_./-]{0,48}[A-Za-z0-9_/-])?",
        ) {
            let text = format!("{word}-{contract}");
            prop_assert_eq!(Inbound::parse(&text).unwrap().to_string(), text);
        }

        #[test]
        fn reads_back_what_it_prints(text in "(yes|pinga|dispute|confirm|hali|help)[ -]?.{0,40}") {
            if let Ok(said) = Inbound::parse(&text) {
                prop_assert_eq!(Inbound::parse(&said.to_string()), Ok(said));
            }
        }

        #[test]
        fn never_panics(text in ".*") {
            let _ = Inbound::parse(&text);
        }
    }
}
