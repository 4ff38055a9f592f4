//! Words a confirmation as M-Pesa does in English today.

use std::fmt;

use super::{Confirmation, Counterparty, Kind};
use crate::money::{Currency, Money};
use crate::time::{Span, Timestamp};

/// East Africa Time is three hours ahead of UTC, all year.
const EAT: Span = Span::from_mins(180);

pub(super) fn write(said: &Confirmation, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let amount = Amount(said.amount);
    let party = Party(said.counterparty.as_ref());
    let at = Instant(said.at);
    write!(f, "{} Confirmed. ", said.receipt)?;
    match said.kind {
        Kind::Sent => write!(f, "{amount} sent to {party} on {at}.")?,
        Kind::Received => write!(f, "You have received {amount} from {party} on {at}")?,
        Kind::PaidToTill => write!(f, "{amount} paid to {party}. on {at}.")?,
        Kind::PaidToPaybill if said.at.is_none() => write!(f, "{amount} paid to {party}.")?,
        Kind::PaidToPaybill => write!(f, "{amount} sent to {party} on {at}")?,
        Kind::Withdrawn => write!(f, "on {at} Withdraw {amount} from {party}")?,
        Kind::Deposited => write!(f, "On {at} Give {amount} cash to {party}")?,
        Kind::Airtime if said.counterparty.is_some() => {
            write!(f, "You bought {amount} of airtime for {party} on {at}.")?;
        }
        Kind::Airtime => write!(f, "You bought {amount} of airtime on {at}.")?,
        Kind::Reversed => {
            let reversed = said.reverses.map(|receipt| receipt.to_string());
            let reversed = reversed.unwrap_or_default();
            match (said.at, said.amount) {
                (Some(_), Some(_)) => {
                    write!(
                        f,
                        "Reversal of transaction {reversed} has been successfully reversed"
                    )?;
                    write!(
                        f,
                        " on {at} and {amount} is credited to your M-PESA account."
                    )?;
                }
                // An older wording tells neither.
                _ => write!(f, "Transaction {reversed} has been reversed.")?,
            }
        }
        Kind::Balance => {
            let balance = Amount(said.balance);
            write!(
                f,
                "Your account balance was: M-PESA Account : {balance} on {at}."
            )?;
        }
    }
    if let (Some(_), false) = (said.balance, said.kind == Kind::Balance) {
        write!(f, " New M-PESA balance is {}.", Amount(said.balance))?;
    }
    match said.fee {
        Some(_) => write!(f, " Transaction cost, {}.", Amount(said.fee)),
        None => Ok(()),
    }
}

/// `Ksh1,500.00`; nothing if it is not told.
struct Amount(Option<Money>);

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(amount) = self.0 else { return Ok(()) };
        let grouped = amount.grouped();
        let digits = grouped.split_once(' ').map_or("", |(_, digits)| digits);
        match amount.currency() {
            Currency::TZS => write!(f, "Tsh{digits}"),
            Currency::KES => write!(f, "Ksh{digits}"),
            other => write!(f, "{other} {digits}"),
        }
    }
}

/// Nothing if it is not told.
struct Party<'a>(Option<&'a Counterparty>);

impl fmt::Display for Party<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |party| write!(f, "{party}"))
    }
}

impl fmt::Display for Counterparty {
    /// As it stands in a message: `123456 - JANE WANJIKU 254712345678 for account 17`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short_code = self.short_code.iter().map(|code| format!("{code} -"));
        let phone = self.phone.iter().map(|phone| phone.digits());
        let account = self
            .account
            .iter()
            .map(|text| format!("for account {text}"));
        let words = short_code
            .chain(self.name.clone())
            .chain(phone)
            .chain(account);
        f.write_str(&words.collect::<Vec<_>>().join(" "))
    }
}

/// `2/10/26 at 6:05 PM` in East Africa Time, seconds left out.
struct Instant(Option<Timestamp>);

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(at) = self.0 else { return Ok(()) };
        let local = (at + EAT).to_utc();
        let (day, month) = (local.day(), u8::from(local.month()));
        let (year, minute) = (local.year().rem_euclid(100), local.minute());
        let (hour, half) = match local.hour() {
            0 => (12, "AM"),
            hour @ 1..=11 => (hour, "AM"),
            12 => (12, "PM"),
            hour => (hour - 12, "PM"),
        };
        write!(f, "{day}/{month}/{year:02} at {hour}:{minute:02} {half}")
    }
}
