//! All money in the sandbox, in double entry.
//!
//! Money comes into being in [`Account::Issuance`] and never anywhere else: what wallets, merchants
//! and fees hold is exactly what issuance is below zero, in each currency.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use amana_core::{Currency, Money, Msisdn, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::service::ServiceName;
use crate::error::{SandboxCode, SandboxError};

/// How many lines an account's statement keeps; older ones are dropped.
const STATEMENT_MAX: usize = 500;

/// Whose money.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// A person's mobile-money wallet.
    Wallet(Msisdn),
    /// A merchant's account with a provider: a short code, a payment product, an app.
    Merchant {
        /// The provider.
        provider: ServiceName,
        /// The merchant's number or name there.
        id: String,
    },
    /// Money set aside with a provider to pay its charges from.
    Stash {
        /// The provider.
        provider: ServiceName,
        /// The owner's name there.
        id: String,
    },
    /// What a provider earned.
    Fees(ServiceName),
    /// Where money comes from; the only account that may be below zero.
    Issuance,
}

impl Account {
    /// Whether a statement is kept: the accounts somebody would ask a statement of.
    const fn has_statement(&self) -> bool {
        match self {
            Self::Wallet(_) | Self::Merchant { .. } | Self::Stash { .. } => true,
            Self::Fees(_) | Self::Issuance => false,
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wallet(msisdn) => write!(f, "wallet:{msisdn}"),
            Self::Merchant { provider, id } => write!(f, "merchant:{provider}:{id}"),
            Self::Stash { provider, id } => write!(f, "stash:{provider}:{id}"),
            Self::Fees(provider) => write!(f, "fees:{provider}"),
            Self::Issuance => f.write_str("issuance"),
        }
    }
}

impl Serialize for Account {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Account {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        parse(&text).ok_or_else(|| serde::de::Error::custom("no such kind of account"))
    }
}

fn parse(text: &str) -> Option<Account> {
    let mut parts = text.splitn(3, ':');
    let account = match (parts.next()?, parts.next(), parts.next()) {
        ("wallet", Some(msisdn), None) => Account::Wallet(msisdn.parse().ok()?),
        ("merchant", Some(provider), Some(id)) => Account::Merchant {
            provider: ServiceName::find(provider)?,
            id: id.to_owned(),
        },
        ("stash", Some(provider), Some(id)) => Account::Stash {
            provider: ServiceName::find(provider)?,
            id: id.to_owned(),
        },
        ("fees", Some(provider), None) => Account::Fees(ServiceName::find(provider)?),
        ("issuance", None, None) => Account::Issuance,
        _ => return None,
    };
    Some(account)
}

/// One side of a posting: positive comes in, negative goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The account.
    pub account: Account,
    /// What it gains, or loses if negative.
    pub amount: Money,
}

/// One movement of money: entries that sum to zero in each currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// The provider that moved it, if one did.
    pub provider: Option<ServiceName>,
    /// The provider's receipt or another reference; shown on statements.
    pub reference: String,
    /// What it was for, in a few words.
    pub text: String,
    /// Who gains and who loses.
    pub entries: Vec<Entry>,
}

impl Posting {
    /// A posting without entries.
    pub fn new(provider: Option<ServiceName>, reference: &str, text: &str) -> Self {
        Self {
            provider,
            reference: reference.to_owned(),
            text: text.to_owned(),
            entries: Vec::new(),
        }
    }

    /// The same posting, with this amount also moved from one account to another.
    #[must_use]
    pub fn transfer(mut self, from: Account, to: Account, amount: Money) -> Self {
        if !amount.is_zero() {
            let out = Entry {
                account: from,
                amount: amount.negated(),
            };
            self.entries.push(out);
            self.entries.push(Entry {
                account: to,
                amount,
            });
        }
        self
    }
}

/// A line of an account's statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// When.
    pub at: Timestamp,
    /// The provider that moved it, if one did.
    pub provider: Option<ServiceName>,
    /// The receipt or reference.
    pub reference: String,
    /// What it was for.
    pub text: String,
    /// What came in, or went out if negative.
    pub amount: Money,
    /// What was there afterwards.
    pub balance: Money,
}

/// Balances and statements of all accounts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ledger {
    balances: BTreeMap<Account, BTreeMap<Currency, i64>>,
    statements: BTreeMap<Account, VecDeque<Line>>,
    postings: u64,
}

impl Ledger {
    /// What the account holds in this currency.
    pub fn balance(&self, account: &Account, currency: Currency) -> Money {
        let minor = self
            .balances
            .get(account)
            .and_then(|balances| balances.get(&currency))
            .copied()
            .unwrap_or(0);
        // INVARIANT: `check` lets no balance beyond what an amount can hold.
        Money::from_minor(minor, currency).unwrap_or(Money::zero(currency))
    }

    /// Whether money was ever moved to or from this account.
    pub fn knows(&self, account: &Account) -> bool {
        self.balances.contains_key(account)
    }

    /// The account's statement, oldest line first.
    pub fn statement(&self, account: &Account) -> impl DoubleEndedIterator<Item = &Line> {
        self.statements.get(account).into_iter().flatten()
    }

    /// How many postings were made.
    pub const fn postings(&self) -> u64 {
        self.postings
    }

    /// Every account with its balance in each currency, in minor units.
    pub fn balances(&self) -> impl Iterator<Item = (&Account, Currency, i64)> {
        self.balances.iter().flat_map(|(account, balances)| {
            balances
                .iter()
                .map(move |(currency, minor)| (account, *currency, *minor))
        })
    }

    /// Whether the posting may be made.
    ///
    /// # Errors
    /// `ledger.unbalanced`, `ledger.overdrawn` or `ledger.out_of_range`.
    pub fn check(&self, posting: &Posting) -> Result<(), SandboxError> {
        // Postings are short, so their parts are simply looked for.
        let mut sums = Vec::<(Currency, i128)>::new();
        let mut changes = Vec::<((&Account, Currency), i128)>::new();
        for entry in &posting.entries {
            let (currency, minor) = (entry.amount.currency(), i128::from(entry.amount.minor()));
            add(&mut sums, currency, minor);
            add(&mut changes, (&entry.account, currency), minor);
        }
        if sums.iter().any(|(_, sum)| *sum != 0) {
            return Err(SandboxCode::LedgerUnbalanced.into());
        }
        for ((account, currency), change) in changes {
            let after = i128::from(self.balance(account, currency).minor()) + change;
            if after < 0 && change < 0 && *account != Account::Issuance {
                return Err(SandboxCode::LedgerOverdrawn.into());
            }
            if after.abs() > i128::from(Money::MINOR_MAX) {
                return Err(SandboxCode::LedgerOutOfRange.into());
            }
        }
        Ok(())
    }

    /// Makes a posting that was checked.
    pub(super) fn apply(&mut self, at: Timestamp, posting: &Posting) {
        self.postings += 1;
        for entry in &posting.entries {
            let currency = entry.amount.currency();
            let balances = self.balances.entry(entry.account.clone()).or_default();
            let minor = balances.entry(currency).or_insert(0);
            *minor = minor.saturating_add(entry.amount.minor());
            if entry.account.has_statement() {
                let balance = Money::from_minor(*minor, currency).unwrap_or(Money::zero(currency));
                let line = Line {
                    at,
                    provider: posting.provider,
                    reference: posting.reference.clone(),
                    text: posting.text.clone(),
                    amount: entry.amount,
                    balance,
                };
                let lines = self.statements.entry(entry.account.clone()).or_default();
                if lines.len() == STATEMENT_MAX {
                    lines.pop_front();
                }
                lines.push_back(line);
            }
        }
    }
}

/// Adds to the sum of this key.
fn add<K: PartialEq>(sums: &mut Vec<(K, i128)>, key: K, minor: i128) {
    match sums.iter_mut().find(|(other, _)| *other == key) {
        Some((_, sum)) => *sum += minor,
        None => sums.push((key, minor)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kes(minor: i64) -> Money {
        Money::from_minor(minor, Currency::KES).unwrap()
    }

    fn wallet(last: u8) -> Account {
        Account::Wallet(format!("+25471234567{last}").parse().unwrap())
    }

    fn post(ledger: &mut Ledger, posting: &Posting) -> Result<(), SandboxError> {
        ledger.check(posting)?;
        ledger.apply(Timestamp::default(), posting);
        Ok(())
    }

    fn move_money(from: Account, to: Account, amount: Money) -> Posting {
        Posting::new(None, "R1", "a test").transfer(from, to, amount)
    }

    #[test]
    fn moves_what_is_there_and_no_more() {
        let mut ledger = Ledger::default();
        let issue = move_money(Account::Issuance, wallet(1), kes(500));
        post(&mut ledger, &issue).unwrap();
        post(&mut ledger, &move_money(wallet(1), wallet(2), kes(500))).unwrap();
        assert_eq!(
            post(&mut ledger, &move_money(wallet(1), wallet(2), kes(1))),
            Err(SandboxCode::LedgerOverdrawn.into())
        );
        assert_eq!(ledger.balance(&wallet(2), Currency::KES), kes(500));
        assert_eq!(ledger.balance(&Account::Issuance, Currency::KES), kes(-500));
        let lines: Vec<_> = ledger.statement(&wallet(1)).collect();
        assert_eq!((lines[1].amount, lines[1].balance), (kes(-500), kes(0)));
    }

    #[test]
    fn refuses_what_does_not_balance_or_fit() {
        let ledger = Ledger::default();
        let mut lopsided = move_money(Account::Issuance, wallet(1), kes(5));
        lopsided.entries[1].amount = kes(6);
        assert_eq!(
            ledger.check(&lopsided),
            Err(SandboxCode::LedgerUnbalanced.into())
        );
        let most = kes(Money::MINOR_MAX);
        let too_much = move_money(Account::Issuance, wallet(1), most).transfer(
            Account::Issuance,
            wallet(1),
            kes(1),
        );
        assert_eq!(
            ledger.check(&too_much),
            Err(SandboxCode::LedgerOutOfRange.into())
        );
    }

    #[test]
    fn accounts_read_back() {
        let payments = ServiceName::PAYMENTS;
        for account in [
            wallet(1),
            Account::Merchant {
                provider: payments,
                id: "a:b".to_owned(),
            },
            Account::Stash {
                provider: payments,
                id: String::new(),
            },
            Account::Fees(payments),
            Account::Issuance,
        ] {
            assert_eq!(parse(&account.to_string()), Some(account));
        }
        assert_eq!(parse("wallet:12"), None);
    }
}
