//! How prompts end: money moves, and the callback goes out, once.

use std::sync::Arc;

use amana_core::provider::daraja::eat::Eat;
use amana_core::provider::daraja::status::{PROMPT_RESULTS, find};
use amana_core::provider::daraja::wire::Scalar;
use amana_core::provider::daraja::wire::stk::{
    Callback, CallbackBody, CallbackMetadata, Item, StkCallback, TRANSACTION_TYPES,
};
use amana_core::time::Span;

use super::books::{BooksEvent, Movement, MovementKind, Progress, Push};
use super::callback::Post;
use super::{NAME, callback, customer, id, merchant, movement, push};
use crate::kernel::Sandbox;
use crate::kernel::ledger::{Account, Posting};
use crate::kernel::phone::{Outcome, PromptAnswer};

/// The phone has answered, or nobody has in time.
pub fn answered(sandbox: &mut Sandbox, answer: &PromptAnswer) {
    let books = &sandbox.state().providers.daraja;
    let Some(push) = books.push(&answer.prompt.reference).cloned() else {
        return;
    };
    if push.progress.has_succeeded() {
        return;
    }
    match code(answer.outcome) {
        "0" => paid(sandbox, &push, answer.callbacks),
        code => ended(sandbox, &push, code, answer.callbacks),
    }
}

/// The result code of what a phone did.
pub const fn code(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Approved => "0",
        Outcome::Cancelled => "1032",
        Outcome::WrongPin => "2001",
        Outcome::InsufficientFunds => "1",
        // The provider does not tell a phone that is off from one that nobody looks at.
        Outcome::Expired | Outcome::Unreachable => "1037",
        Outcome::Locked => "8006",
        Outcome::LimitExceeded => "4",
    }
}

/// The push fails without its phone having a part in it.
pub fn failed(sandbox: &mut Sandbox, id: &str, code: &str) {
    let push = sandbox.state().providers.daraja.push(id).cloned();
    if let Some(push) = push.filter(|push| push.progress == Progress::Open) {
        ended(sandbox, &push, code, 1);
    }
}

/// Moves the money; if it was spent meanwhile, there is not enough.
fn paid(sandbox: &mut Sandbox, push: &Push, callbacks: u8) {
    let receipt = id::receipt(sandbox);
    let posting = Posting::new(Some(NAME), &receipt, "STK push").transfer(
        Account::Wallet(push.phone),
        merchant::utility(&push.payee),
        push.amount,
    );
    if sandbox.post(posting).is_err() {
        // One that expired stays as it was reported.
        if push.progress == Progress::Open {
            ended(sandbox, push, "1", callbacks);
        }
        return;
    }
    let is_till = push.kind == TRANSACTION_TYPES[1];
    let moved = Movement {
        receipt: receipt.clone(),
        kind: match is_till {
            true => MovementKind::BuyGoods,
            false => MovementKind::PayBill,
        },
        at: sandbox.now(),
        amount: push.amount,
        debit: push.phone.digits(),
        credit: push.payee.clone(),
        phone: Some(push.phone),
        account: push.account.clone(),
        originator_id: push.merchant_id.clone(),
        order_id: push.id.to_string(),
        reversed_by: None,
    };
    movement::record(sandbox, moved.clone());
    close(sandbox, push, "0", Some(receipt), callbacks);
    if sandbox.settings().daraja.behaviour.prompts_confirm {
        customer::confirm(sandbox, &moved, "");
    }
}

fn ended(sandbox: &mut Sandbox, push: &Push, code: &str, callbacks: u8) {
    close(sandbox, push, code, None, callbacks);
}

fn close(sandbox: &mut Sandbox, push: &Push, code: &str, receipt: Option<String>, callbacks: u8) {
    let body = body(sandbox, push, code, receipt.as_deref());
    sandbox.emit(BooksEvent::PushEnded {
        id: Arc::clone(&push.id),
        progress: Progress::Ended {
            code: code.to_owned(),
            receipt,
        },
    });
    let post = Post {
        operation: push::CALLBACK,
        reference: &push.id,
        phone: Some(push.phone),
        target: &push.target,
        shortcode: Some(&push.shortcode),
        after: Span::ZERO,
    };
    for _ in 0..callbacks {
        callback::post(sandbox, &post, &body);
    }
}

fn body(sandbox: &Sandbox, push: &Push, code: &str, receipt: Option<&str>) -> Callback {
    Callback {
        body: CallbackBody {
            stk_callback: StkCallback {
                merchant_request_id: push.merchant_id.clone(),
                checkout_request_id: push.id.to_string(),
                result_code: Scalar::number_if_digits(code),
                result_desc: find(PROMPT_RESULTS, code)
                    .map_or("", |row| row.text)
                    .to_owned(),
                callback_metadata: receipt.map(|receipt| metadata(sandbox, push, receipt)),
            },
        },
    }
}

fn metadata(sandbox: &Sandbox, push: &Push, receipt: &str) -> CallbackMetadata {
    let at = Eat::from(sandbox.now()).compact();
    let balance = sandbox.settings().daraja.behaviour.balance_item;
    let items = [
        Some(Item::new("Amount", Scalar::amount(push.amount))),
        Some(Item::new("MpesaReceiptNumber", Scalar::text(receipt))),
        balance.then(|| Item::bare("Balance")),
        Some(Item::new("TransactionDate", Scalar::number_if_digits(&at))),
        Some(Item::new(
            "PhoneNumber",
            Scalar::number_if_digits(&push.phone.digits()),
        )),
    ];
    CallbackMetadata {
        item: items.into_iter().flatten().collect(),
    }
}
