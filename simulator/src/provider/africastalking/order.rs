//! What payment requests have in common: values that the business rules accept or refuse.
//!
//! A refusal here is an answer of status 201 with a word in it, not an HTTP error. The provider's
//! sandbox is lenient: any channel will do, and any currency; an unknown product will not.

use std::collections::BTreeMap;

use amana_core::money::MoneyError;
use amana_core::money::wire::WireDecimal;
use amana_core::provider::africastalking::id::IdKind;
use amana_core::{Currency, Money, Msisdn};

use super::accounts::{self, Fees};
use super::body::Object;
use super::record::{Category, Progress, Transaction};
use super::rejection::Rejection;
use super::{id, network};
use crate::kernel::{Caller, Sandbox};

/// Why a payment is not taken, in the words that `CheckoutStatus` and `PayoutStatus` share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// A value is unacceptable.
    InvalidRequest,
    /// The number cannot be served.
    NotSupported,
    /// Any other reason.
    Failed,
}

impl Word {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "InvalidRequest",
            Self::NotSupported => "NotSupported",
            Self::Failed => "Failed",
        }
    }
}

/// A payment that is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The word of the answer.
    pub word: Word,
    /// The member of the request that is wrong.
    pub field: &'static str,
    /// The text of the answer; the provider documents only `Insufficient Credit`.
    pub text: &'static str,
}

impl Refusal {
    /// The wallet or the credit does not hold enough.
    pub const INSUFFICIENT_CREDIT: Self = Self {
        word: Word::Failed,
        field: "amount",
        text: "Insufficient Credit",
    };

    /// A value that is unacceptable.
    pub const fn invalid(field: &'static str, text: &'static str) -> Self {
        Self {
            word: Word::InvalidRequest,
            field,
            text,
        }
    }
}

/// The product of this name, in lower case; case does not matter.
pub fn product<'a>(
    name: &str,
    mut known: impl Iterator<Item = &'a str>,
) -> Result<String, Refusal> {
    known
        .find(|known| known.eq_ignore_ascii_case(name.trim()))
        .map(str::to_lowercase)
        .ok_or(Refusal::invalid("productName", "Unknown payment product"))
}

/// The product of this name in the settings, in lower case.
pub fn known_product(sandbox: &Sandbox, name: &str) -> Result<String, Refusal> {
    let products = sandbox.settings().africastalking.products.iter();
    product(name, products.map(|product| product.name.as_str()))
}

/// The same with the accounts of the application, which may be new.
pub fn open_product(sandbox: &mut Sandbox, username: &str, name: &str) -> Result<String, Refusal> {
    let product = known_product(sandbox, name)?;
    accounts::open(sandbox, username).map_err(|_| Refusal::INSUFFICIENT_CREDIT)?;
    Ok(product)
}

/// An amount of money as written; its two members stand side by side on every request.
#[derive(Debug)]
pub struct Sum {
    currency: String,
    amount: WireDecimal,
}

impl Sum {
    /// Reads it.
    pub fn read(body: &Object) -> Result<Self, Rejection> {
        Ok(Self {
            currency: body.text("currencyCode")?,
            amount: body.number("amount")?,
        })
    }

    /// An amount above zero in a currency that exists.
    pub fn value(&self) -> Result<Money, Refusal> {
        value(&self.currency, &self.amount)
    }
}

/// A transaction that opens now, with nothing of its other side yet.
pub fn opened(
    sandbox: &mut Sandbox,
    category: Category,
    username: &str,
    product: String,
    value: Money,
) -> Transaction {
    let fees = Fees::on(sandbox, value);
    Transaction {
        id: id::fresh(sandbox, IdKind::Payment),
        category,
        username: username.to_owned(),
        product,
        channel: network::DEFAULT_CHANNEL.to_owned(),
        phone: None,
        business: String::new(),
        client_account: String::new(),
        value,
        fee: fees.provider,
        provider_fee: fees.network,
        metadata: BTreeMap::new(),
        internal: sandbox.caller() == Caller::Payments,
        opened_at: sandbox.now(),
        progress: Progress::Open,
    }
}

/// What strict settings ask beyond what the provider's sandbox did: the channel is one that there
/// is, and the money that of the phone's country.
pub fn strictly(
    sandbox: &Sandbox,
    channel: Option<&str>,
    phone: Msisdn,
    value: Money,
) -> Result<(), Refusal> {
    if !sandbox.settings().africastalking.behaviour.strict_payments {
        return Ok(());
    }
    let channels = [network::DEFAULT_CHANNEL, network::SANDBOX_CHANNEL];
    if channel.is_some_and(|channel| !channels.contains(&channel)) {
        let text = "The channel is not mapped to the product";
        return Err(Refusal::invalid("providerChannel", text));
    }
    if network::currency(phone).is_some_and(|currency| currency != value.currency()) {
        return Err(Refusal {
            word: Word::NotSupported,
            field: "currencyCode",
            text: "The currency is not that of the phone number",
        });
    }
    Ok(())
}

/// A number in E.164: its `+` and digits, in none of the other spellings people use.
pub fn e164(text: &str) -> Option<Msisdn> {
    let digits = text.strip_prefix('+')?;
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// A number in E.164 with its `+`, of a country that the provider serves.
pub fn phone(text: &str) -> Result<Msisdn, Refusal> {
    let malformed = Refusal::invalid("phoneNumber", "Invalid phone number");
    let msisdn = e164(text).ok_or(malformed)?;
    if !network::serves(msisdn) {
        return Err(Refusal {
            word: Word::NotSupported,
            field: "phoneNumber",
            text: "The phone number is not supported",
        });
    }
    Ok(msisdn)
}

/// An amount above zero in a currency that exists.
fn value(currency_code: &str, amount: &WireDecimal) -> Result<Money, Refusal> {
    let currency: Currency = currency_code
        .parse()
        .map_err(|_| Refusal::invalid("currencyCode", "Invalid currency code"))?;
    let money = amount.to_money(currency).map_err(|error| {
        let text = match error {
            MoneyError::Precision => "The amount has more decimals than its currency",
            MoneyError::OutOfRange => "The amount is too large",
            MoneyError::Malformed | MoneyError::CurrencyUnknown | MoneyError::CurrencyMismatch => {
                "Invalid amount"
            }
        };
        Refusal::invalid("amount", text)
    })?;
    if money.is_positive() {
        Ok(money)
    } else {
        Err(Refusal::invalid("amount", "The amount must be more than 0"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_ignore_case_and_must_exist() {
        let known = ["VoicePact", "escrow"];
        let find = |name: &str| product(name, known.into_iter());
        assert_eq!(find("voicePACT"), Ok("voicepact".to_owned()));
        assert_eq!(
            find("other").map_err(|refusal| refusal.field),
            Err("productName")
        );
        assert!(find(" ").is_err());
    }

    #[test]
    fn phones_are_whole_and_served() {
        let word = |text: &str| phone(text).map_err(|refusal| refusal.word).err();
        assert_eq!(word("+254711000000"), None);
        for malformed in ["254711000000", "0711000000", "+25471", "", "+"] {
            assert_eq!(word(malformed), Some(Word::InvalidRequest), "{malformed}");
        }
        assert_eq!(word("+12025550123"), Some(Word::NotSupported));
    }

    #[test]
    fn amounts_are_positive_and_exact() {
        let read = |currency: &str, json: &str| {
            let amount: WireDecimal = serde_json::from_str(json).unwrap();
            value(currency, &amount)
        };
        assert_eq!(read("KES", "10.50").map(Money::minor), Ok(1050));
        assert_eq!(read("UGX", "\"700\"").map(Money::minor), Ok(700));
        for (currency, json, field) in [
            ("KES", "0", "amount"),
            ("KES", "-5", "amount"),
            ("KES", "1e3", "amount"),
            ("KES", "0.005", "amount"),
            ("KES", "\"ten\"", "amount"),
            ("XYZ", "5", "currencyCode"),
        ] {
            let refusal = read(currency, json).unwrap_err();
            assert_eq!((refusal.word, refusal.field), (Word::InvalidRequest, field));
        }
    }

    #[test]
    fn numbers_have_a_plus_and_digits_alone() {
        assert_eq!(e164("+254712345678"), "0712345678".parse().ok());
        for other in [
            "254712345678",
            "0712345678",
            "+254 712 345678",
            "+254(0)712345678",
            "+254-712-345678",
            "++254712345678",
            "+",
            "",
        ] {
            assert_eq!(e164(other), None, "{other}");
        }
    }
}
