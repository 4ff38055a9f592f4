//! Bank accounts: charged with a one-time password, and paid.

use std::collections::BTreeMap;

use amana_core::Money;
use amana_core::http::{Request, Response};
use amana_core::money::wire::WireDecimal;
use amana_core::provider::africastalking::status::PayoutStatus;
use amana_core::provider::africastalking::wire::banking::{
    BANK_CODES, BANK_WITH_BIRTHDAYS, BankTransferEntry, BankTransferResponse,
};

use super::body::Object;
use super::charge::{self, Charge};
use super::order::{self, Refusal};
use super::record::{Category, Transaction};
use super::rejection::Rejection;
use super::{auth, explain, notification, payout, repeat, reply};
use crate::kernel::Sandbox;

/// A bank account as written.
struct Account {
    number: String,
    bank: WireDecimal,
    birthday: Option<String>,
}

impl Account {
    fn read(body: &Object) -> Result<Self, Rejection> {
        let account = body.object("bankAccount")?;
        account.optional_text("accountName")?;
        Ok(Self {
            number: account.text("accountNumber")?,
            bank: account.number("bankCode")?,
            birthday: account.optional_text("dateOfBirth")?,
        })
    }

    /// The account in one text, if its bank is listed.
    fn check(&self) -> Result<String, Refusal> {
        let code = self.bank.as_str();
        let listed = BANK_CODES.iter().any(|known| known.to_string() == code);
        if !listed {
            return Err(Refusal::invalid(
                "bankAccount/bankCode",
                "Unknown bank code",
            ));
        }
        let number = self.number.trim();
        let digits = number.bytes().all(|byte| byte.is_ascii_digit());
        if number.is_empty() || number.len() > NUMBER_MAX || !digits {
            let text = "Invalid account number";
            return Err(Refusal::invalid("bankAccount/accountNumber", text));
        }
        Ok(format!("{code} {number}"))
    }

    /// One bank also asks for the date of birth of whom it charges.
    fn check_birthday(&self) -> Result<(), Refusal> {
        let text = "The bank asks for the date of birth";
        match &self.birthday {
            Some(birthday) if is_date(birthday) => Ok(()),
            None if self.bank.as_str() != BANK_WITH_BIRTHDAYS.to_string() => Ok(()),
            Some(_) | None => Err(Refusal::invalid("bankAccount/dateOfBirth", text)),
        }
    }
}

/// The longest account number (ISO 13616 has 34 characters at most).
const NUMBER_MAX: usize = 34;

fn is_date(text: &str) -> bool {
    format!("{text}T00:00:00Z")
        .parse::<amana_core::Timestamp>()
        .is_ok()
}

/// `POST /bank/checkout/charge`.
pub fn charge(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let body = Object::body(request)?;
    let username = body.text("username")?;
    auth::application(&sandbox.settings().africastalking, request, &username)?;
    let account = Account::read(&body)?;
    let form = Charge::read(&body)?;
    Ok(repeat::once(sandbox, request, &username, |sandbox| {
        let checked = account.check_birthday().and_then(|()| account.check());
        let order = checked.and_then(|bank| Ok((bank, form.check(sandbox, &username)?)));
        match order {
            Err(refusal) => charge::refused(sandbox, refusal),
            Ok((bank, order)) => {
                let category = Category::BankCheckout;
                let opened = form.open(sandbox, category, &username, order, &bank);
                charge::waits(sandbox, &opened)
            }
        }
    }))
}

/// `POST /bank/checkout/validate`.
pub fn validate(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    charge::validate(sandbox, request, Category::BankCheckout)
}

/// One recipient of a transfer as written.
struct Recipient {
    account: Account,
    currency: String,
    amount: WireDecimal,
    metadata: BTreeMap<String, String>,
}

impl Recipient {
    fn read(object: &Object) -> Result<Self, Rejection> {
        object.text("narration")?;
        Ok(Self {
            account: Account::read(object)?,
            currency: object.text("currencyCode")?,
            amount: object.number("amount")?,
            metadata: object.text_map("metadata")?,
        })
    }

    fn check(&self) -> Result<(String, Money), Refusal> {
        Ok((
            self.account.check()?,
            order::value(&self.currency, &self.amount)?,
        ))
    }
}

/// `POST /bank/transfer`.
pub fn transfer(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let body = Object::body(request)?;
    let username = body.text("username")?;
    auth::application(&sandbox.settings().africastalking, request, &username)?;
    let product = body.text("productName")?;
    let recipients = order::recipients(&body, Recipient::read)?;
    Ok(repeat::once(
        sandbox,
        request,
        &username,
        |sandbox| match check_whole(sandbox, &username, &product, recipients.len()) {
            Err(refusal) => {
                explain(sandbox, refusal.field, refusal.text);
                reply::created(&BankTransferResponse {
                    entries: Vec::new(),
                    error_message: Some(refusal.text.to_owned()),
                })
            }
            Ok(product) => {
                let pay = |recipient| pay(sandbox, &username, &product, recipient);
                let entries = recipients.into_iter().map(pay).collect();
                reply::created(&BankTransferResponse {
                    entries,
                    error_message: None,
                })
            }
        },
    ))
}

fn check_whole(
    sandbox: &mut Sandbox,
    username: &str,
    product: &str,
    recipients: usize,
) -> Result<String, Refusal> {
    if recipients == 0 {
        return Err(Refusal::invalid("recipients", "A request has recipients"));
    }
    order::open_product(sandbox, username, product)
}

fn pay(
    sandbox: &mut Sandbox,
    username: &str,
    product: &str,
    recipient: Recipient,
) -> BankTransferEntry {
    let number = recipient.account.number.clone();
    let attempt = recipient
        .check()
        .and_then(|(bank, value)| Ok((bank, value, payout::debit(sandbox, username, value)?)));
    match attempt {
        Err(refusal) => {
            explain(sandbox, refusal.field, refusal.text);
            BankTransferEntry {
                account_number: number,
                error_message: Some(refusal.text.to_owned()),
                status: refusal.word.as_str().to_owned(),
                transaction_fee: None,
                transaction_id: None,
            }
        }
        Ok((bank, value, (id, fees))) => {
            let category = Category::BankTransfer;
            let transaction = Transaction {
                id,
                business: bank,
                fee: fees.provider,
                provider_fee: fees.network,
                metadata: recipient.metadata,
                ..order::opened(sandbox, category, username, product.to_owned(), value)
            };
            payout::under_way(sandbox, &transaction);
            BankTransferEntry {
                account_number: number,
                error_message: None,
                status: PayoutStatus::Queued.as_str().to_owned(),
                transaction_fee: Some(notification::amount(transaction.fee)),
                transaction_id: Some(transaction.id),
            }
        }
    }
}
