//! Bank accounts: charged with a one-time password, and paid.

use std::collections::BTreeMap;

use amana_core::Money;
use amana_core::http::{Request, Response};
use amana_core::money::wire::WireDecimal;
use amana_core::provider::africastalking::status::PayoutStatus;
use amana_core::provider::africastalking::wire::banking::{
    BANK_CODES, BANK_WITH_BIRTHDAYS, BankTransferEntry, BatchResponse,
};

use super::batch::{Batch, Limit, Payer};
use super::body::Object;
use super::charge::{self, Charge};
use super::order::{Refusal, Sum};
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
    sum: Sum,
    metadata: BTreeMap<String, String>,
}

impl Recipient {
    fn read(object: &Object) -> Result<Self, Rejection> {
        object.text("narration")?;
        Ok(Self {
            account: Account::read(object)?,
            sum: Sum::read(object)?,
            metadata: object.text_map("metadata")?,
        })
    }

    fn check(&self) -> Result<(String, Money), Refusal> {
        Ok((self.account.check()?, self.sum.value()?))
    }
}

/// `POST /bank/transfer`.
pub fn transfer(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let batch = Batch::read(sandbox, request, Recipient::read)?;
    let reply = |entries, error_message| {
        reply::created(&BatchResponse::<BankTransferEntry> {
            entries,
            error_message,
        })
    };
    Ok(batch.answer(sandbox, request, &Limit::NONE, pay, reply))
}

fn pay(sandbox: &mut Sandbox, payer: &Payer, recipient: Recipient) -> BankTransferEntry {
    let number = recipient.account.number.clone();
    let attempt = recipient.check().and_then(|(bank, value)| {
        let debited = payer.debit(sandbox, Category::BankTransfer, value)?;
        Ok((bank, debited))
    });
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
        Ok((bank, debited)) => {
            let transaction = Transaction {
                business: bank,
                metadata: recipient.metadata,
                ..debited
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
