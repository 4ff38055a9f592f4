//! Where the provider keeps an application's money, and what it charges.
//!
//! An application has one payment wallet, which holds what was collected, and one stash, the credit
//! that pays fees and messages. What products are said to hold in the settings is the wallet's
//! opening balance; what the application is said to hold is the stash's.
//!
//! DIVERGENCE: the two recorded network fees follow no common rule. Here the network's fee is the
//! same as the provider's unless the settings have another. Both are taken from the stash, never from
//! payer or payee, so that the payer loses exactly what the merchant gains. A stash that cannot pay
//! all of the fees of a checkout pays what it has.

use std::collections::BTreeMap;

use amana_core::provider::africastalking::auth;
use amana_core::provider::{Credentials, Environment};
use amana_core::{Currency, Money, Msisdn};

use super::record::Progress;
use super::{NAME, network};
use crate::error::SandboxError;
use crate::kernel::invariant::Check;
use crate::kernel::ledger::{Account, Posting};
use crate::kernel::settings::{AfricasTalkingSettings, App, Settings};
use crate::kernel::{Sandbox, State};

/// The account of an application's payment wallet.
pub fn wallet(username: &str) -> Account {
    Account::Merchant {
        provider: NAME,
        id: username.to_owned(),
    }
}

/// Where the money of payouts is while they are under way.
pub fn under_way(username: &str) -> Account {
    Account::Merchant {
        provider: NAME,
        id: format!("{username} payouts"),
    }
}

/// The account of a business that was paid.
pub fn business(channel: &str) -> Account {
    Account::Merchant {
        provider: NAME,
        id: format!("business {channel}"),
    }
}

/// A bank account that was paid.
pub fn bank(account: &str) -> Account {
    Account::Merchant {
        provider: NAME,
        id: format!("bank {account}"),
    }
}

/// The account of an application's credit.
pub fn stash(username: &str) -> Account {
    Account::Stash {
        provider: NAME,
        id: username.to_owned(),
    }
}

/// The currency of an application's credit.
pub fn currency(settings: &AfricasTalkingSettings, username: &str) -> Currency {
    app(settings, username).balance.money().currency()
}

/// The settings of an application; one that nobody listed is like the default one.
fn app(settings: &AfricasTalkingSettings, username: &str) -> App {
    settings
        .apps
        .iter()
        .find(|app| app.username == username)
        .cloned()
        .unwrap_or_default()
}

/// What a service costs: what its answer says, in the money of the phone's country, and what the
/// application is charged, in the money of its credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// For the answer.
    pub cost: Money,
    /// For the ledger.
    pub charge: Money,
}

/// The price of a service whose tariff is in shillings.
///
/// DIVERGENCE: the provider has a tariff for each country. Here the one for Kenya is exchanged at
/// the rates of the settings; where they have none, the digits stay and the money is the credit's.
pub fn price(sandbox: &Sandbox, username: &str, phone: Msisdn, tariff: Money) -> Price {
    let settings = &sandbox.settings().africastalking;
    let credit = currency(settings, username);
    let unchanged = Money::from_minor(tariff.minor(), credit).unwrap_or(Money::zero(credit));
    let exchanged = |to| settings.behaviour.exchanged(tariff, to);
    let charge = exchanged(credit).unwrap_or(unchanged);
    let cost = network::currency(phone).and_then(exchanged);
    Price {
        cost: cost.unwrap_or(charge),
        charge,
    }
}

/// Opens wallet and stash with what the settings say, the first time an application is seen.
pub fn open(sandbox: &mut Sandbox, username: &str) -> Result<(), SandboxError> {
    if sandbox.state().ledger.knows(&stash(username)) {
        return Ok(());
    }
    let settings = &sandbox.settings().africastalking;
    let credit = app(settings, username).balance.money();
    let products = settings.products.iter();
    let posting = products.fold(
        Posting::new(Some(NAME), "", "opening balance").transfer(
            Account::Issuance,
            stash(username),
            credit,
        ),
        |posting, product| {
            let balance = product.balance.money();
            posting.transfer(Account::Issuance, wallet(username), balance)
        },
    );
    sandbox.post(posting)
}

/// What the wallet holds, in the currency of the application's credit.
pub fn wallet_balance(sandbox: &Sandbox, username: &str) -> Money {
    let currency = currency(&sandbox.settings().africastalking, username);
    sandbox.state().ledger.balance(&wallet(username), currency)
}

/// What the stash holds.
pub fn credit(sandbox: &Sandbox, username: &str) -> Money {
    let currency = currency(&sandbox.settings().africastalking, username);
    sandbox.state().ledger.balance(&stash(username), currency)
}

/// The money under way of each application is exactly what its open payouts hold.
pub fn payouts_are_backed(state: &State) -> Check {
    let mut held = BTreeMap::<(Account, Currency), i64>::new();
    let open = state
        .providers
        .africastalking
        .transactions()
        .filter(|found| found.category.is_payout() && found.progress == Progress::Open);
    let mut looked_at = 0;
    for payout in open {
        looked_at += 1;
        let key = (under_way(&payout.username), payout.value.currency());
        *held.entry(key).or_default() += payout.value.minor();
    }
    let wrong = held.iter().find_map(|((account, currency), minor)| {
        let balance = state.ledger.balance(account, *currency).minor();
        (balance != *minor).then(|| format!("{account} holds {balance}, payouts {minor}"))
    });
    Check::new("africastalking.payouts_are_backed", looked_at, wrong)
}

/// What a transaction costs its application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fees {
    /// For the provider.
    pub provider: Money,
    /// For the network.
    pub network: Money,
}

impl Fees {
    /// The fees on a transaction of this value, as the settings say.
    pub fn on(sandbox: &Sandbox, value: Money) -> Self {
        let behaviour = &sandbox.settings().africastalking.behaviour;
        let provider = behaviour.transaction_fee.on(value);
        Self {
            provider,
            network: behaviour.provider_fee.map_or(provider, |fee| fee.on(value)),
        }
    }

    /// No fees.
    pub const fn none(currency: Currency) -> Self {
        Self {
            provider: Money::zero(currency),
            network: Money::zero(currency),
        }
    }

    /// As much of them as this credit can pay, the provider's own first.
    pub fn covered_by(self, credit: Money) -> Self {
        let currency = self.provider.currency();
        let held = match credit.currency() == currency {
            true => credit.minor().max(0),
            false => 0,
        };
        let provider = self.provider.minor().min(held);
        let network = self.network.minor().min(held - provider);
        let money = |minor| Money::from_minor(minor, currency).unwrap_or(Money::zero(currency));
        Self {
            provider: money(provider),
            network: money(network),
        }
    }

    /// Adds the charge to a posting.
    pub fn charge(self, posting: Posting, username: &str) -> Posting {
        posting
            .transfer(stash(username), Account::Fees(NAME), self.provider)
            .transfer(stash(username), Account::Fees(NAME), self.network)
    }

    /// Adds the refund to a posting.
    pub fn refund(self, posting: Posting, username: &str) -> Posting {
        posting
            .transfer(Account::Fees(NAME), stash(username), self.provider)
            .transfer(Account::Fees(NAME), stash(username), self.network)
    }
}

/// The account of the payments API: the first application, with the first product.
pub fn credentials(settings: &Settings) -> Option<Credentials> {
    let application = settings.africastalking.apps.first()?;
    let product = settings.africastalking.products.first()?;
    let environment = match network::is_sandbox(&application.username) {
        true => Environment::Sandbox,
        false => Environment::Live,
    };
    let credentials = Credentials::new(environment)
        .with(auth::USERNAME, &application.username)
        .with(auth::API_KEY, &application.api_key)
        .with(auth::PRODUCT, &product.name);
    Some(credentials)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kes(text: &str) -> Money {
        Money::parse(text, Currency::KES).unwrap()
    }

    #[test]
    fn a_stash_pays_what_it_has() {
        let fees = Fees {
            provider: kes("0.50"),
            network: kes("0.50"),
        };
        for (credit, provider, network) in [
            ("10", "0.50", "0.50"),
            ("0.70", "0.50", "0.20"),
            ("0.20", "0.20", "0"),
            ("0", "0", "0"),
        ] {
            let covered = fees.covered_by(kes(credit));
            assert_eq!(covered.provider, kes(provider), "{credit}");
            assert_eq!(covered.network, kes(network), "{credit}");
        }
        let dollars = Money::parse("10", Currency::USD).unwrap();
        assert_eq!(fees.covered_by(dollars), Fees::none(Currency::KES));
    }
}
