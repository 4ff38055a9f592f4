//! The text messages that M-Pesa writes to its users, read back into data.
//!
//! Kenya in English and Swahili, Tanzania in English and Swahili, each in several wordings, for
//! they change every few years. A wording is a line in the table of `wording.rs`; a new one is a
//! new line and a new sample in `fixtures/sms.json`.
//!
//! A message is no proof of payment. Anybody can write one, and names in it are chosen by other
//! people. What is read here helps a party to name a receipt; the status query confirms it.
//!
//! Source: collected public samples of 2011 to 2026, as no specification of the texts exists; names
//! and numbers in the fixtures are invented. Left out: overdraft, savings and loan messages, other
//! operators, and messages about failures, which do not begin with a receipt.

mod party;
mod pattern;
mod scan;
#[cfg(test)]
mod tests;
mod wording;
mod write;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Code, Coded, FieldPath};
use crate::money::Money;
use crate::provider::daraja::receipt::is_receipt;
use crate::reference::Receipt;
use crate::time::Timestamp;

pub use party::Counterparty;

/// The longest text read, in bytes; confirmations have up to 400.
const LEN_MAX: usize = 1_000;

/// What a confirmation is about, seen from its reader.
///
/// ```
/// use amana_core::provider::daraja::sms::Kind;
/// assert_eq!(serde_json::to_string(&Kind::PaidToTill)?, "\"paid_to_till\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Sent to a person.
    Sent,
    /// Received from a person or a business.
    Received,
    /// Paid to a till of a business.
    PaidToTill,
    /// Paid to an account of a business or another wallet.
    PaidToPaybill,
    /// Taken in cash from an agent.
    Withdrawn,
    /// Given in cash to an agent.
    Deposited,
    /// An earlier transaction was reversed.
    Reversed,
    /// Airtime was bought.
    Airtime,
    /// The balance was asked for.
    Balance,
}

impl Kind {
    /// Every kind.
    ///
    /// ```
    /// use amana_core::provider::daraja::sms::Kind;
    /// assert!(Kind::ALL.contains(&Kind::Reversed));
    /// ```
    pub const ALL: [Self; 9] = [
        Self::Sent,
        Self::Received,
        Self::PaidToTill,
        Self::PaidToPaybill,
        Self::Withdrawn,
        Self::Deposited,
        Self::Reversed,
        Self::Airtime,
        Self::Balance,
    ];
}

/// What a confirmation says. What a wording does not say is `None`.
///
/// ```
/// use amana_core::provider::daraja::sms::{Confirmation, Kind};
/// let text = "UJ22RT61SV Confirmed. Ksh1,500.00 sent to JANE WANJIKU 0712345678 on 2/10/26 at \
///     6:05 PM. New M-PESA balance is Ksh3,250.50. Transaction cost, Ksh13.00.";
/// let said: Confirmation = text.parse()?;
/// assert_eq!(said.kind, Kind::Sent);
/// assert_eq!(said.receipt.as_str(), "UJ22RT61SV");
/// assert_eq!(said.amount.unwrap().to_string(), "KES 1500.00");
/// let to = said.counterparty.unwrap();
/// assert_eq!(to.name.as_deref(), Some("JANE WANJIKU"));
/// assert_eq!(to.phone, Some("+254712345678".parse()?));
/// assert_eq!(said.at.unwrap().to_string(), "2026-10-02T15:05:00.000Z");
/// assert_eq!(said.balance.unwrap().to_string(), "KES 3250.50");
/// assert_eq!(said.fee.unwrap().to_string(), "KES 13.00");
/// assert!("Failed. You have entered the wrong PIN.".parse::<Confirmation>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// What it is about.
    pub kind: Kind,
    /// The receipt of this transaction.
    pub receipt: Receipt,
    /// How much moved; a balance has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// From whom or to whom; for airtime the phone it is for, if it is another's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counterparty: Option<Counterparty>,
    /// When. Messages tell East Africa Time, mostly without seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// The balance afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance: Option<Money>,
    /// What the transaction cost, taxes and levies included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<Money>,
    /// The receipt of the transaction that was reversed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverses: Option<Receipt>,
}

impl std::str::FromStr for Confirmation {
    type Err = SmsError;

    /// Reads a message. Upper and lower case are the same in the wording, and blanks and line ends
    /// may be doubled, moved or missing, as they are on the way through phones.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > LEN_MAX {
            return Err(SmsError::TooLong);
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (receipt, body) = head(&text).ok_or(SmsError::NotConfirmation)?;
        wording::read(receipt, body).ok_or(SmsError::UnknownWording)
    }
}

impl fmt::Display for Confirmation {
    /// Words it as M-Pesa does in English today; reading that gives an equal value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write::write(self, f)
    }
}

/// The receipt and what follows "Confirmed".
fn head(text: &str) -> Option<(Receipt, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric())?;
    let (receipt, rest) = text.split_at(end);
    let receipt = Some(receipt).filter(|text| is_receipt(text))?;
    let mut scanner = scan::Scanner::new(rest);
    scanner.skip_blanks_and_points();
    if !scanner.take_literal("confirmed") && !scanner.take_literal("imethibitishwa") {
        return None;
    }
    scanner.skip_blanks_and_points();
    Some((receipt.parse().ok()?, scanner.rest()))
}

/// Why a text is not read as a confirmation.
///
/// ```
/// use amana_core::Coded;
/// use amana_core::provider::daraja::sms::{Confirmation, SmsError};
/// let error = "See you tomorrow at ten".parse::<Confirmation>().unwrap_err();
/// assert_eq!(error, SmsError::NotConfirmation);
/// assert_eq!(error.code().as_str(), "confirmation_sms.other");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsError {
    /// Longer than any confirmation.
    TooLong,
    /// It does not begin with a receipt and `Confirmed` or `Imethibitishwa`.
    NotConfirmation,
    /// It is a confirmation of something else, or in words not known here.
    UnknownWording,
}

impl Coded for SmsError {
    fn code(&self) -> Code {
        match self {
            Self::TooLong => Code::ConfirmationSmsTooLong,
            Self::NotConfirmation => Code::ConfirmationSmsOther,
            Self::UnknownWording => Code::ConfirmationSmsUnknown,
        }
    }

    fn field(&self) -> Option<FieldPath> {
        Some(FieldPath::new("/text"))
    }
}

impl fmt::Display for SmsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().sentence())
    }
}

impl std::error::Error for SmsError {}
