//! The wordings, as data.

use super::Confirmation;
use super::Kind::{self, *};
use super::party::Counterparty;
use super::pattern::{Captures, matches, search};
use crate::reference::Receipt;

/// The longest counterparty, in bytes as it is worded again: with a phone's country and with the
/// hyphen behind a short code, which the message may have left out.
const PARTY_LEN_MAX: usize = 160;

/// Behind "Confirmed". Earlier lines win, so a line that says more stands above one that says less.
const WORDINGS: &[(Kind, &str)] = &[
    // Both countries, English.
    (
        Received,
        "You have received a payment of {amount} from {name} on {at}",
    ),
    (Received, "You have received {amount} from {name} on {at}"),
    (Received, "on {at} {amount} has been received from {name}"),
    (Received, "on {at} {amount} received from {name}"),
    (Received, "on {at} Receive {amount} from {name}"),
    (Received, "{amount} received from {name} on {at}"),
    (
        PaidToPaybill,
        "{amount} sent to business {name} for account {account} on {at}",
    ),
    (PaidToTill, "{amount} sent to business {name} on {at}"),
    (
        PaidToPaybill,
        "{amount} sent to {name} for account {account} on {at}",
    ),
    (Sent, "You have sent {amount} to {name} on {at}"),
    (Sent, "{amount} sent to {name} on {at}"),
    (
        PaidToPaybill,
        "{amount} paid to {name} for account {account} on {at}",
    ),
    (
        PaidToPaybill,
        "{amount} paid to {name} for account {account}",
    ),
    (PaidToTill, "{amount} paid to {name} on {at}"),
    (Withdrawn, "on {at} Withdraw {amount} from {name}"),
    (Deposited, "on {at} Give {amount} cash to {name}"),
    (Airtime, "You bought {amount} of airtime for {name} on {at}"),
    (Airtime, "You bought {amount} of airtime on {at}"),
    (
        Reversed,
        "Reversal of transaction {receipt} has been successfully reversed on {at} and {amount} is",
    ),
    (Reversed, "Transaction {receipt} has been reversed"),
    (
        Balance,
        "Your account balance was: M-PESA Account : {balance} on {at}",
    ),
    (
        Balance,
        "Your account balance was: M-PESA Account : {balance} {any} on {at}",
    ),
    (Balance, "Your M-Pesa balance is {balance} on {at}"),
    // The receiver's bank confirms; seen by the sender.
    (Sent, "{name} has received {amount} on {at}"),
    // Swahili. The date follows `tarehe`, `siku` or `mnamo`.
    (Received, "Umepokea {amount} kutoka kwa {name} tarehe {at}"),
    (Received, "Umepokea {amount} kutoka kwa {name} mnamo {at}"),
    (Received, "Umepokea {amount} kutoka {name} tarehe {at}"),
    (Received, "Umepokea {amount} kutoka {name} mnamo {at}"),
    (
        PaidToPaybill,
        "{amount} imetumwa kwa {name} kwenye akaunti namba {account} tarehe {at}",
    ),
    (
        PaidToPaybill,
        "{amount} imetumwa kwa {name} kwa akaunti {account} tarehe {at}",
    ),
    (Sent, "{amount} imetumwa kwa {name} tarehe {at}"),
    (Sent, "{amount} imetumwa kwa {name} mnamo {at}"),
    (Sent, "{amount} imetumwa kwa {name} siku {at}"),
    (
        PaidToPaybill,
        "{amount} imelipwa kwa {name} kwenye akaunti namba {account} tarehe {at}",
    ),
    (
        PaidToPaybill,
        "{amount} imelipwa kwa {name} kwa akaunti {account} tarehe {at}",
    ),
    (PaidToTill, "{amount} imelipwa kwa {name} tarehe {at}"),
    (PaidToTill, "Umelipa {amount} kwa {name} tarehe {at}"),
    (Withdrawn, "tarehe {at} umetoa {amount} kutoka kwa {name}"),
    (Withdrawn, "Umetoa {amount} kutoka kwa {name} tarehe {at}"),
    (Deposited, "tarehe {at} umeweka {amount} kwa {name}"),
    (
        Airtime,
        "Umenunua {amount} ya muda wa maongezi kwa {name} tarehe {at}",
    ),
    (Airtime, "Umenunua {amount} ya muda wa maongezi tarehe {at}"),
    (Airtime, "Umenunua muda wa maongezi wa {amount} tarehe {at}"),
    (
        Reversed,
        "Muamala {receipt} umerudishwa tarehe {at} na {amount} imewekwa",
    ),
    (Reversed, "Muamala {receipt} umerudishwa"),
    (Balance, "Salio lako la M-Pesa ni {balance} tarehe {at}"),
];

/// Where the balance stands behind the wording.
const BALANCES: &[&str] = &[
    "balance is now {balance}",
    "balance is {balance}",
    "balance {balance}",
    "salio lako jipya la M-Pesa ni {balance}",
    "salio lako la M-Pesa ni {balance}",
    "salio jipya la M-Pesa ni {balance}",
    "salio lako jipya ni {balance}",
    "salio jipya ni {balance}",
];

/// Where the fee stands behind the wording.
const FEES: &[&str] = &[
    "transaction cost, {amount}",
    "transaction cost {amount}",
    "total fee {amount}",
    "charged {amount}",
    "jumla ya makato {amount}",
    "makato {amount}",
    "gharama ya matumizi ni {amount}",
    "gharama {amount}",
    "ada ya huduma {amount}",
    "ada {amount}",
];

/// Reads what stands behind "Confirmed" by the first wording that fits.
pub(super) fn read(receipt: Receipt, body: &str) -> Option<Confirmation> {
    let fits = |&(kind, pattern): &(Kind, &str)| {
        let (found, rest) = matches(pattern, body)?;
        Some((kind, found, rest))
    };
    let (kind, found, rest) = WORDINGS.iter().find_map(fits)?;
    // Behind the wording only: what stands before it may be a name that somebody chose.
    let first = |patterns: &[&str]| patterns.iter().find_map(|pattern| search(pattern, rest));
    let balance = found.balance.or_else(|| first(BALANCES)?.balance);
    let fee = first(FEES).and_then(|found| found.amount);
    Some(Confirmation {
        kind,
        receipt,
        amount: found.amount,
        counterparty: counterparty(&found)?,
        at: found.at,
        balance,
        fee,
        reverses: found.receipt,
    })
}

/// Nobody if the message tells nobody; no answer if the name is longer than any is.
fn counterparty(found: &Captures<'_>) -> Option<Option<Counterparty>> {
    let Some(name) = found.name else {
        return Some(None);
    };
    let currency = found.amount.map(|amount| amount.currency());
    let party = Counterparty::read(name, found.account, currency);
    let told = (party != Counterparty::default()).then_some(party);
    let fits = |party: &Counterparty| party.to_string().len() <= PARTY_LEN_MAX;
    told.as_ref().is_none_or(fits).then_some(told)
}
