//! Money that has moved: written down, told to the phone, and to whoever else wants to know.

use amana_core::provider::daraja::sms::{Confirmation, Counterparty, Kind};
use amana_core::time::Span;
use amana_core::{Currency, Money, Msisdn};

use super::books::{BooksEvent, Movement, MovementKind};
use super::{NAME, bill, merchant};
use crate::kernel::Sandbox;
use crate::kernel::ledger::Account;
use crate::kernel::settings::DarajaSettings;

/// The least that a payout may be. Documents of 2025.
pub const PAYOUT_MIN_SHILLINGS: i64 = 10;
/// The most that a wallet may move in a day, and hold.
const WALLET_MAX_SHILLINGS: i64 = 500_000;

/// The sender of confirmations.
const SENDER: &str = "MPESA";
const NO_NAME: &str = "TEST CUSTOMER";
const DAY: Span = Span::from_days(1);

/// Writes it down and tells the phone.
pub fn record(sandbox: &mut Sandbox, movement: Movement) {
    sandbox.emit(BooksEvent::Moved(Box::new(movement.clone())));
    if let Some(phone) = movement.phone
        && let Some(text) = confirmation(sandbox, &movement, phone)
    {
        sandbox.deliver_sms(NAME, SENDER, phone, &text);
    }
    if movement.kind.is_from_customer() {
        bill::paid(sandbox, &movement);
    }
}

fn confirmation(sandbox: &Sandbox, movement: &Movement, phone: Msisdn) -> Option<String> {
    let settings = &sandbox.settings().daraja;
    let business = |shortcode: &str| merchant::named(settings, shortcode).name.to_owned();
    let (kind, name, reverses) = match movement.kind {
        MovementKind::PayBill => (Kind::PaidToPaybill, business(&movement.credit), None),
        MovementKind::BuyGoods => (Kind::PaidToTill, business(&movement.credit), None),
        MovementKind::Payout => (Kind::Received, business(&movement.debit), None),
        MovementKind::Reversal => {
            let undone = movement.account.parse().ok();
            (Kind::Reversed, business(&movement.debit), undone)
        }
        MovementKind::Business => return None,
    };
    let account = (kind == Kind::PaidToPaybill).then(|| movement.account.clone());
    let wallet = merchant::held(sandbox, &Account::Wallet(phone));
    let said = Confirmation {
        kind,
        receipt: movement.receipt.parse().ok()?,
        amount: Some(movement.amount),
        counterparty: Some(Counterparty {
            name: Some(name),
            account,
            ..Counterparty::default()
        }),
        at: Some(movement.at),
        balance: Some(wallet),
        fee: Some(Money::zero(Currency::KES)),
        reverses,
    };
    Some(said.to_string())
}

/// A phone's owner as results name them: `254708374149 - TEST CUSTOMER`.
pub fn customer_name(sandbox: &Sandbox, phone: Msisdn) -> String {
    let known = sandbox
        .state()
        .phone(phone)
        .and_then(|phone| phone.name.clone());
    let name = known.map_or_else(|| NO_NAME.to_owned(), |name| name.to_uppercase());
    format!("{} - {name}", phone.digits())
}

/// Whether the amount is beyond what one transaction may move.
pub const fn is_too_much(settings: &DarajaSettings, amount: Money) -> bool {
    amount.minor() > settings.behaviour.transaction_max.money().minor()
}

/// Whether a payout is too small.
pub const fn is_too_little(amount: Money) -> bool {
    amount.minor() < PAYOUT_MIN_SHILLINGS * 100
}

/// The result code of the wallet's limit that this amount breaks; limits can be switched off.
pub fn wallet_limit(
    sandbox: &Sandbox,
    phone: Msisdn,
    amount: Money,
    comes_in: bool,
) -> Option<&'static str> {
    if !sandbox.settings().daraja.behaviour.wallet_limits {
        return None;
    }
    let most = WALLET_MAX_SHILLINGS * 100;
    let held = merchant::held(sandbox, &Account::Wallet(phone)).minor();
    if comes_in && held.saturating_add(amount.minor()) > most {
        return Some("8");
    }
    let moved: i64 = sandbox
        .state()
        .providers
        .daraja
        .movements()
        .rev()
        .take_while(|movement| sandbox.now() - movement.at < DAY)
        .filter(|movement| movement.phone == Some(phone))
        .map(|movement| movement.amount.minor())
        .sum();
    (moved.saturating_add(amount.minor()) > most).then_some("4")
}

/// The result code that the settings want for this phone or short code.
pub fn forced(settings: &DarajaSettings, party: &str) -> Option<String> {
    let code = settings.behaviour.results.get(party)?;
    (code != "0").then(|| code.clone())
}
