//! Short codes and where their money is.
//!
//! A short code has a utility account, which customers pay into and payouts come from, and a working
//! account, which payments to businesses come from. Both open with what the settings say. Float,
//! charges and settlement accounts exist on the wire only and are always empty: like the provider's
//! own sandbox, this one charges nothing.

use std::borrow::Cow;

use amana_core::provider::daraja::auth;
use amana_core::provider::{Credentials, Environment};
use amana_core::{Currency, Money};

use super::NAME;
use crate::error::SandboxError;
use crate::kernel::Sandbox;
use crate::kernel::ledger::{Account, Posting};
use crate::kernel::settings::{DarajaSettings, Settings, Shortcode, ShortcodeKind};

/// The name of a short code that is not in the settings.
const UNLISTED: &str = "TEST ORG";
/// Key, secret and credential of the payments API where nobody listed others.
const OWN: &str = "payments-api";

/// A short code as it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merchant<'a> {
    /// Its digits.
    pub shortcode: &'a str,
    /// What it is; unknown if it is not in the settings.
    pub kind: Option<ShortcodeKind>,
    /// The name of its owner.
    pub name: &'a str,
    /// The rest of its settings; the defaults if it is not there.
    pub settings: Cow<'a, Shortcode>,
}

impl<'a> Merchant<'a> {
    /// One that is not in the settings.
    fn unlisted(shortcode: &'a str) -> Self {
        Self {
            shortcode,
            kind: None,
            name: UNLISTED,
            settings: Cow::Owned(Shortcode::default()),
        }
    }

    /// `174379 - Daraja-Sandbox`, as results name it.
    pub fn public_name(&self) -> String {
        format!("{} - {}", self.shortcode, self.name)
    }
}

/// The short code of these digits. Where any credentials will do, any short code exists.
pub fn find<'a>(settings: &'a DarajaSettings, shortcode: &'a str) -> Option<Merchant<'a>> {
    let listed = settings
        .shortcodes
        .iter()
        .find(|known| known.shortcode == shortcode);
    match listed {
        Some(known) => Some(Merchant {
            shortcode,
            kind: Some(known.kind),
            name: &known.name,
            settings: Cow::Borrowed(known),
        }),
        None if settings.accept_any_credentials => Some(Merchant::unlisted(shortcode)),
        None => None,
    }
}

/// The short code of these digits, for naming it: any number has a name.
pub fn named<'a>(settings: &'a DarajaSettings, shortcode: &'a str) -> Merchant<'a> {
    find(settings, shortcode).unwrap_or_else(|| Merchant::unlisted(shortcode))
}

/// What customers pay into and payouts come from.
pub fn utility(shortcode: &str) -> Account {
    Account::Merchant {
        provider: NAME,
        id: shortcode.to_owned(),
    }
}

/// What payments to businesses come from.
pub fn working(shortcode: &str) -> Account {
    Account::Merchant {
        provider: NAME,
        id: format!("{shortcode} working"),
    }
}

/// What an account holds.
pub fn held(sandbox: &Sandbox, account: &Account) -> Money {
    sandbox.state().ledger.balance(account, Currency::KES)
}

/// Opens both accounts with what the settings say, the first time a short code is seen.
///
/// # Errors
/// As [`Sandbox::post`].
pub fn open(sandbox: &mut Sandbox, shortcode: &str) -> Result<(), SandboxError> {
    if sandbox.state().ledger.knows(&utility(shortcode)) {
        return Ok(());
    }
    let balance = named(&sandbox.settings().daraja, shortcode)
        .settings
        .balance
        .money();
    let posting = Posting::new(None, "", "opening balance")
        .transfer(Account::Issuance, utility(shortcode), balance)
        .transfer(Account::Issuance, working(shortcode), balance);
    sandbox.post(posting)
}

/// The account of the payments API: the first short code, with the first consumer.
///
/// Its initiator is not asked for a password: what it says never leaves the process.
pub fn credentials(settings: &Settings) -> Option<Credentials> {
    let settings = &settings.daraja;
    let shortcode = settings.shortcodes.first()?;
    let consumer = settings.consumers.first();
    if consumer.is_none() && !settings.accept_any_credentials {
        return None;
    }
    let (key, secret) = consumer.map_or((OWN, OWN), |known| (&known.key, &known.secret));
    let credentials = Credentials::new(Environment::Sandbox)
        .with(auth::CONSUMER_KEY, key)
        .with(auth::CONSUMER_SECRET, secret)
        .with(auth::SHORTCODE, &shortcode.shortcode)
        .with(auth::PASSKEY, &shortcode.passkey)
        .with(auth::INITIATOR, &shortcode.initiator)
        .with(auth::SECURITY_CREDENTIAL, OWN);
    Some(match shortcode.kind {
        ShortcodeKind::Paybill => credentials,
        ShortcodeKind::Till => credentials.with(auth::TILL, &shortcode.shortcode),
    })
}
