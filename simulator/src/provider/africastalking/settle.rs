//! How transactions end: money moves or comes back, and the notification goes out.

use amana_core::provider::DeclineReason;
use amana_core::provider::africastalking::status::description_of;

use super::accounts::{self, Fees};
use super::books::BooksEvent;
use super::callback::About;
use super::record::{Category, Progress, Transaction};
use super::{NAME, callback, explain, id, notification};
use crate::error::SandboxError;
use crate::kernel::Sandbox;
use crate::kernel::callback::{Attempt, Callback, Target};
use crate::kernel::ledger::{Account, Posting};
use crate::kernel::phone::{Outcome, PromptAnswer};

/// The callback that tells how a transaction ended; the payments API knows it by the same name.
pub const NOTIFICATION: &str = "payment_notification";

/// The subscriber, or for a payout the network, has answered.
pub fn answered(sandbox: &mut Sandbox, answer: &PromptAnswer) {
    let books = &sandbox.state().providers.africastalking;
    let Some(transaction) = books.transaction(&answer.prompt.reference).cloned() else {
        return;
    };
    if let Progress::Succeeded { .. } = transaction.progress {
        return;
    }
    match reason(answer.outcome) {
        None => succeeded(sandbox, &transaction, answer.callbacks),
        Some(reason) => failed(
            sandbox,
            &transaction,
            description_of(reason),
            answer.callbacks,
        ),
    }
}

/// Why an outcome is a failure; nothing if it is a success.
const fn reason(outcome: Outcome) -> Option<DeclineReason> {
    match outcome {
        Outcome::Approved => None,
        Outcome::Cancelled => Some(DeclineReason::CancelledByPayer),
        Outcome::WrongPin => Some(DeclineReason::WrongPin),
        Outcome::InsufficientFunds => Some(DeclineReason::InsufficientFunds),
        Outcome::Expired => Some(DeclineReason::Timeout),
        Outcome::Unreachable => Some(DeclineReason::Unreachable),
        Outcome::Locked => Some(DeclineReason::WalletLocked),
        Outcome::LimitExceeded => Some(DeclineReason::LimitExceeded),
    }
}

/// Moves the money and says so. If it cannot move any more, the transaction has failed: the funds
/// of a checkout were spent meanwhile, or those of a late payout went back and were used.
pub fn succeeded(sandbox: &mut Sandbox, transaction: &Transaction, callbacks: u8) {
    let receipt = id::receipt(sandbox, &transaction.username);
    let moved = match transaction.category {
        Category::MobileCheckout
        | Category::MobileC2b
        | Category::BankCheckout
        | Category::CardCheckout => collect(sandbox, transaction, &receipt),
        Category::MobileB2c
        | Category::MobileB2b
        | Category::BankTransfer
        | Category::MobileData => hand_over(sandbox, transaction, &receipt),
        Category::WalletTransfer | Category::UserStashTopup => {
            shift(sandbox, transaction, &receipt)
        }
    };
    match moved {
        Ok(fees) => {
            let progress = Progress::Succeeded {
                receipt,
                at: sandbox.now(),
            };
            settle(sandbox, transaction, progress, fees, callbacks);
        }
        Err(_) if transaction.progress == Progress::Open => {
            let text = description_of(DeclineReason::InsufficientFunds);
            failed(sandbox, transaction, text, callbacks);
        }
        Err(_) => {}
    }
}

/// Gives back what was debited for a payout and says that it failed.
pub fn failed(sandbox: &mut Sandbox, transaction: &Transaction, text: &str, callbacks: u8) {
    if transaction.progress == Progress::Open && transaction.category.is_payout() {
        let username = &transaction.username;
        let posting = Posting::new(Some(NAME), &transaction.id, "payout refunded").transfer(
            accounts::under_way(username),
            accounts::wallet(username),
            transaction.value,
        );
        let refunded = sandbox.post(held(sandbox, transaction).refund(posting, username));
        // INVARIANT: what an open payout was debited is under way until it is settled.
        debug_assert!(refunded.is_ok());
    }
    let behaviour = &sandbox.settings().africastalking.behaviour;
    let chosen = transaction
        .phone
        .and_then(|phone| behaviour.descriptions.get(&phone));
    let progress = Progress::Failed {
        description: chosen.map_or(text, String::as_str).to_owned(),
    };
    let fees = Fees::none(transaction.value.currency());
    settle(sandbox, transaction, progress, fees, callbacks);
}

/// What an application that was asked about a transaction has answered: only `Validated` lets it go
/// on. An answer about one that is over changes nothing.
pub fn consented(
    sandbox: &mut Sandbox,
    callback: &Callback,
    attempt: &Attempt,
    go_on: impl FnOnce(&mut Sandbox, &Transaction),
) {
    let books = &sandbox.state().providers.africastalking;
    let found = books.transaction(&callback.reference).cloned();
    let Some(open) = found.filter(|found| found.progress == Progress::Open) else {
        return;
    };
    if is_validated(attempt) {
        go_on(sandbox, &open);
    } else {
        explain(sandbox, "status", VALIDATION_RULE);
        failed(sandbox, &open, "Validation failed", 1);
    }
}

/// What an application that is asked for its consent must answer.
pub const VALIDATION_RULE: &str = "the application must answer the validation with `Validated`";

/// Whether it has.
pub fn is_validated(attempt: &Attempt) -> bool {
    let answer: Option<serde_json::Value> = serde_json::from_slice(&attempt.body).ok();
    let status = answer.as_ref().and_then(|answer| answer.get("status"));
    attempt.is_success() && status.is_some_and(|status| status == "Validated")
}

/// Why a payment that was accepted does not reach its payee, if the settings say that it does not.
pub fn unreached(sandbox: &Sandbox, transaction: &Transaction) -> Option<String> {
    let business = transaction.business.as_str();
    let names = match transaction.category {
        Category::UserStashTopup => vec![notification::STASH_TOPUP],
        // The channel and the account there, or the bank and the account there.
        Category::MobileB2b | Category::BankTransfer => match business.split_once(' ') {
            Some((channel, account)) => vec![business, channel, account],
            None => vec![business],
        },
        Category::WalletTransfer => vec![business],
        // These have a phone or a person on the other side, who decides.
        Category::MobileCheckout
        | Category::MobileB2c
        | Category::MobileC2b
        | Category::BankCheckout
        | Category::CardCheckout
        | Category::MobileData => Vec::new(),
    };
    let payees = &sandbox.settings().africastalking.behaviour.payees;
    let mut unreached = payees.iter();
    unreached
        .find(|(payee, _)| names.iter().any(|name| name.eq_ignore_ascii_case(payee)))
        .map(|(_, text)| text.clone())
}

/// From one product to another, which is within the wallet, or to the stash.
fn shift(
    sandbox: &mut Sandbox,
    transaction: &Transaction,
    receipt: &str,
) -> Result<Fees, SandboxError> {
    let username = &transaction.username;
    let target = match transaction.category {
        Category::UserStashTopup => accounts::stash(username),
        _ => accounts::wallet(username),
    };
    let posting = Posting::new(Some(NAME), receipt, transaction.category.text());
    let wallet = accounts::wallet(username);
    sandbox.post(posting.transfer(wallet, target, transaction.value))?;
    Ok(Fees::none(transaction.value.currency()))
}

/// From the payer, a wallet or a bank outside, to the application; the fees from its stash.
fn collect(
    sandbox: &mut Sandbox,
    transaction: &Transaction,
    receipt: &str,
) -> Result<Fees, SandboxError> {
    let username = &transaction.username;
    let currency = transaction.value.currency();
    let stash = accounts::stash(username);
    let credit = sandbox.state().ledger.balance(&stash, currency);
    let fees = held(sandbox, transaction).covered_by(credit);
    let payer = transaction.phone.map_or(Account::Issuance, Account::Wallet);
    let posting = Posting::new(Some(NAME), receipt, transaction.category.text()).transfer(
        payer,
        accounts::wallet(username),
        transaction.value,
    );
    sandbox.post(fees.charge(posting, username))?;
    Ok(fees)
}

/// What is under way reaches the payee; what had been given back is debited anew.
fn hand_over(
    sandbox: &mut Sandbox,
    transaction: &Transaction,
    receipt: &str,
) -> Result<Fees, SandboxError> {
    let username = &transaction.username;
    let payee = match (transaction.category, transaction.phone) {
        // Data is no money: what it costs is the provider's.
        (Category::MobileData, _) => Account::Fees(NAME),
        (_, Some(msisdn)) => Account::Wallet(msisdn),
        (Category::BankTransfer, None) => accounts::bank(&transaction.business),
        (_, None) => accounts::business(&transaction.business),
    };
    let posting = Posting::new(Some(NAME), receipt, transaction.category.text());
    if transaction.progress == Progress::Open {
        let source = accounts::under_way(username);
        sandbox.post(posting.transfer(source, payee, transaction.value))?;
        return Ok(held(sandbox, transaction));
    }
    let currency = transaction.value.currency();
    let stash = accounts::stash(username);
    let credit = sandbox.state().ledger.balance(&stash, currency);
    let fees = Fees::on(sandbox, transaction.value).covered_by(credit);
    let source = accounts::wallet(username);
    let posting = posting.transfer(source, payee, transaction.value);
    sandbox.post(fees.charge(posting, username))?;
    Ok(fees)
}

/// The fees that the books hold for a transaction; a failed one was charged none.
fn held(sandbox: &Sandbox, transaction: &Transaction) -> Fees {
    match transaction.progress {
        Progress::Open | Progress::Succeeded { .. } => Fees {
            provider: transaction.fee,
            network: transaction.provider_fee,
        },
        Progress::Failed { .. } => Fees::on(sandbox, transaction.value),
    }
}

fn settle(
    sandbox: &mut Sandbox,
    transaction: &Transaction,
    progress: Progress,
    fees: Fees,
    callbacks: u8,
) {
    let id = transaction.id.clone();
    sandbox.emit(BooksEvent::TransactionSettled {
        id: id.clone(),
        progress,
        fee: fees.provider,
        provider_fee: fees.network,
    });
    let books = &sandbox.state().providers.africastalking;
    let Some(settled) = books.transaction(&id).cloned() else {
        return;
    };
    for _ in 0..callbacks {
        notify(sandbox, &settled);
    }
}

/// Sends the notification to the application, and in process to the payments API if it asked.
fn notify(sandbox: &mut Sandbox, transaction: &Transaction) {
    let settings = &sandbox.settings().africastalking;
    let own = settings
        .product(&transaction.product)
        .and_then(|product| product.payment_notifications.clone());
    let outside = own
        .or(settings.callbacks.payment_notifications.clone())
        .map(Target::Url);
    let inside = transaction
        .internal
        .then(|| Target::Internal(format!("{NAME}.{NOTIFICATION}")));
    let body = serde_json::to_vec(&notification::of(transaction)).unwrap_or_default();
    for target in outside.into_iter().chain(inside) {
        let about = About {
            operation: NOTIFICATION,
            reference: &transaction.id,
            msisdn: transaction.phone,
        };
        sandbox.schedule_callback(callback::json(about, target, body.clone()));
    }
}
