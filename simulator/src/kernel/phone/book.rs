//! Bringing phones into being and configuring them.

use std::borrow::Cow;

use amana_core::{Currency, Money, Msisdn, Timestamp};
use serde::{Deserialize, Deserializer};

use super::event::{PhoneEvent, PhoneUpdate, present};
use super::pin::Pin;
use super::script::Script;
use super::{Phone, network};
use crate::error::SandboxError;
use crate::kernel::Sandbox;
use crate::kernel::ledger::{Account, Posting};

/// The longest name and operator.
const NAME_MAX: usize = 100;

/// What somebody wants changed on a phone; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PhoneChange {
    /// Its owner's name.
    pub name: Option<String>,
    /// Its PIN; a new one also unlocks the wallet.
    pub pin: Option<Pin>,
    /// What its wallet holds, as decimal text in its currency.
    pub balance: Option<String>,
    /// The currency of its wallet.
    pub currency: Option<Currency>,
    /// Its network.
    pub operator: Option<String>,
    /// Whether it is switched on and in reach.
    pub reachable: Option<bool>,
    /// When its number was last moved to another SIM; `null` if never.
    #[serde(deserialize_with = "present")]
    pub sim_swapped_at: Option<Option<Timestamp>>,
    /// Its script; `null` takes the script away.
    #[serde(deserialize_with = "script_or_none")]
    pub script: Option<Script>,
}

fn script_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Script>, D::Error> {
    Option::<Script>::deserialize(deserializer).map(|script| Some(script.unwrap_or_default()))
}

impl Sandbox {
    /// Brings the phone into being if its number was never used.
    pub fn ensure_phone(&mut self, msisdn: Msisdn) {
        if self.state().phone(msisdn).is_some() {
            return;
        }
        let Phone {
            operator,
            currency,
            pin,
            ..
        } = Phone::unused(msisdn);
        let added = PhoneEvent::Added {
            operator,
            currency,
            pin,
        };
        self.emit_on(msisdn, added);
        self.issue(msisdn, self.default_balance(currency));
    }

    /// The phone with what its wallet holds; one that was never used as it would come into being.
    pub fn look_at_phone(&self, msisdn: Msisdn) -> (Cow<'_, Phone>, Money) {
        match self.state().phone(msisdn) {
            Some(phone) => {
                let wallet = Account::Wallet(msisdn);
                let balance = self.state().ledger.balance(&wallet, phone.currency);
                (Cow::Borrowed(phone), balance)
            }
            None => {
                let phone = Phone::unused(msisdn);
                let balance = self.default_balance(phone.currency);
                (Cow::Owned(phone), balance)
            }
        }
    }

    /// The default balance as so many of the currency's major units, cut to its minor unit.
    fn default_balance(&self, currency: Currency) -> Money {
        let balance = self.settings().phones.default_balance.money();
        Money::parse(&balance.amount(), currency)
            .or_else(|_| Money::from_minor(balance.minor() / 100, currency))
            .unwrap_or(Money::zero(currency))
    }

    /// Puts new money into a wallet, or takes it out of the world if negative.
    fn issue(&mut self, msisdn: Msisdn, amount: Money) {
        let posting = Posting::new(None, "", "balance set").transfer(
            Account::Issuance,
            Account::Wallet(msisdn),
            amount,
        );
        // INVARIANT: the amount is within range and leaves the wallet at zero or more, because it
        // is the difference between two balances that are.
        let posted = self.post(posting);
        debug_assert!(posted.is_ok());
    }

    /// Configures a phone, which comes into being if its number was never used.
    ///
    /// # Errors
    /// The code of the amount, or `request.field_invalid` naming the field; nothing changes then.
    pub fn configure_phone(
        &mut self,
        msisdn: Msisdn,
        change: PhoneChange,
    ) -> Result<(), SandboxError> {
        let nameless = |operator: &String| operator.trim().is_empty();
        if change.operator.as_ref().is_some_and(nameless) {
            return Err(SandboxError::invalid("/operator", "an operator has a name"));
        }
        for (field, text) in [("/name", &change.name), ("/operator", &change.operator)] {
            if text
                .as_ref()
                .is_some_and(|text| text.chars().count() > NAME_MAX)
            {
                return Err(SandboxError::invalid(field, "at most 100 characters"));
            }
        }
        let known = self.state().phone(msisdn).map(|phone| phone.currency);
        let before = known.unwrap_or_else(|| network::currency(msisdn));
        let currency = change.currency.unwrap_or(before);
        let balance = match &change.balance {
            Some(text) => Some(wallet_amount(text, currency)?),
            None if currency != before => Some(self.default_balance(currency)),
            None => None,
        };
        self.ensure_phone(msisdn);
        let update = PhoneUpdate {
            name: change.name,
            operator: change.operator,
            currency: change.currency.filter(|currency| *currency != before),
            pin: change.pin.map(|pin| pin.digest(msisdn)),
            reachable: change.reachable,
            sim_swapped_at: change.sim_swapped_at,
            script: change.script,
        };
        if update != PhoneUpdate::default() {
            self.emit_on(msisdn, PhoneEvent::Changed(Box::new(update)));
        }
        if let Some(balance) = balance {
            self.set_balance(msisdn, before, balance);
        }
        Ok(())
    }

    /// Makes the wallet hold exactly this; what it held in another currency goes out of the world.
    fn set_balance(&mut self, msisdn: Msisdn, before: Currency, balance: Money) {
        let wallet = Account::Wallet(msisdn);
        if before != balance.currency() {
            let left = self.state().ledger.balance(&wallet, before);
            self.issue(msisdn, left.negated());
        }
        let held = self.state().ledger.balance(&wallet, balance.currency());
        if let Ok(difference) = balance.checked_sub(held) {
            self.issue(msisdn, difference);
        }
    }
}

fn wallet_amount(text: &str, currency: Currency) -> Result<Money, SandboxError> {
    let amount =
        Money::parse(text, currency).map_err(|error| SandboxError::engine(&error, "/balance"))?;
    if amount.minor() < 0 {
        return Err(SandboxError::invalid(
            "/balance",
            "a wallet is never negative",
        ));
    }
    Ok(amount)
}
