//! Responses and callbacks to outcomes.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::status::{self, Meaning, RefusalMeaning, ResultRow};
use super::wire::c2b::Payment;
use super::wire::error::ErrorBody;
use super::wire::order::Acknowledgement;
use super::wire::result::{OrderResult, ResultBody};
use super::wire::stk::{Callback, PushResponse, QueryResponse, StkCallback};
use super::wire::token::TokenResponse;
use crate::http::Response;
use crate::money::{Currency, Money};
use crate::provider::{DeclineReason, Notice, Outcome, ProviderError, UnknownReason};

/// The only response code of a request that was taken.
const TAKEN: &str = "0";

/// The key under which results tell the caller's own id of an order.
pub(super) const OWN_ID: &str = "OriginatorConversationID";

pub(super) fn token(response: &Response) -> Result<String, ProviderError> {
    let field = "access_token";
    if response.status >= 300 {
        return Err(ProviderError::Refused {
            status: response.status,
            text: text(response),
        });
    }
    json::<TokenResponse>(&response.body)
        .map(|answer| answer.access_token)
        .filter(|token| !token.is_empty())
        .ok_or(ProviderError::Malformed { field })
}

pub(super) fn collection(response: &Response) -> Outcome {
    match taken::<PushResponse>(response) {
        Ok(answer) => accepted(&answer.response_code, &answer.checkout_request_id),
        Err(outcome) => outcome,
    }
}

/// Payouts and reversals are known by the id that the caller gave, or else the gateway.
pub(super) fn order(response: &Response) -> Outcome {
    match taken::<Acknowledgement>(response) {
        Ok(answer) => accepted(&answer.response_code, &answer.originator_conversation_id),
        Err(outcome) => outcome,
    }
}

/// A prompt's query says how the prompt stands; that of any other order, that the answer follows.
pub(super) fn status_query(response: &Response) -> Outcome {
    if let Some(error) = json::<ErrorBody>(&response.body) {
        return query_refused(response.status, &error);
    }
    match response.status {
        200..=299 => {}
        429 => return Outcome::Unknown(UnknownReason::Throttled),
        status if status >= 500 => return Outcome::Unknown(UnknownReason::ServerError { status }),
        status => return Outcome::Unknown(UnknownReason::QueryRefused { status }),
    }
    if let Some(answer) = json::<QueryResponse>(&response.body) {
        return prompt_outcome(&answer);
    }
    match json::<Acknowledgement>(&response.body) {
        Some(answer) if answer.response_code == TAKEN => Outcome::Pending,
        Some(_) | None => Outcome::Unknown(UnknownReason::Unreadable),
    }
}

/// The query tells no receipt, so the prompt's own id is the proof.
fn prompt_outcome(answer: &QueryResponse) -> Outcome {
    let code = answer.result_code.as_str();
    let row = status::find(status::PROMPT_RESULTS, code);
    outcome(row, code, &answer.result_desc, || {
        let receipt = answer.checkout_request_id.parse().ok()?;
        Some(Outcome::Completed {
            receipt,
            amount: None,
        })
    })
}

fn query_refused(http_status: u16, error: &ErrorBody) -> Outcome {
    let unknown = Outcome::Unknown;
    match status::refusal_meaning(&error.error_code, &error.error_message) {
        Some(RefusalMeaning::Pending) => Outcome::Pending,
        Some(RefusalMeaning::NotFound) => unknown(UnknownReason::NotFound),
        Some(RefusalMeaning::Throttled) => unknown(UnknownReason::Throttled),
        // The same code with an empty text and status 200: the prompt is open.
        None if http_status < 300 && error.error_message.is_empty() => Outcome::Pending,
        // Asked in the first second, before the prompt is known.
        None if error.error_message.ends_with("Invalid CheckoutRequestID") => {
            unknown(UnknownReason::NotFound)
        }
        Some(RefusalMeaning::Declined(_)) | None if http_status < 500 => {
            unknown(UnknownReason::QueryRefused {
                status: http_status,
            })
        }
        Some(RefusalMeaning::Declined(_)) | None => unknown(UnknownReason::ServerError {
            status: http_status,
        }),
    }
}

/// A prompt's callback, an order's result, or a payment that a customer made, told apart by shape.
pub(super) fn callback(body: &[u8]) -> Result<Notice, ProviderError> {
    if let Some(callback) = json::<Callback>(body) {
        return prompt_callback(&callback.body.stk_callback);
    }
    if let Some(result) = json::<ResultBody>(body) {
        return order_result(&result.result);
    }
    match json::<Payment>(body) {
        Some(payment) => customer_payment(&payment),
        None => Err(ProviderError::Malformed { field: "Body" }),
    }
}

fn prompt_callback(callback: &StkCallback) -> Result<Notice, ProviderError> {
    let code = callback.result_code.as_str();
    let row = status::find(status::PROMPT_RESULTS, code);
    let metadata = callback.callback_metadata.as_ref();
    let outcome = outcome(row, code, &callback.result_desc, || {
        let receipt = metadata?.get("MpesaReceiptNumber")?.as_str();
        completed(receipt, metadata?.get("Amount")?.to_shillings())
    });
    notice(
        &callback.checkout_request_id,
        "CheckoutRequestID",
        outcome,
        BTreeMap::new(),
    )
}

/// A result about the order itself, or, for a status query, about the order that was asked for.
fn order_result(result: &OrderResult) -> Result<Notice, ProviderError> {
    let code = result.result_code.as_str();
    let row = status::find(status::ORDER_RESULTS, code);
    if let Some(word) = result.parameter("TransactionStatus") {
        return asked_for(result, word.as_str());
    }
    let outcome = outcome(row, code, &result.result_desc, || {
        let amount = ["TransactionAmount", "Amount"]
            .into_iter()
            .find_map(|key| result.parameter(key)?.to_shillings());
        completed(result.transaction_id.as_deref()?, amount)
    });
    // Called instead of the result when the order waited too long: nobody knows what became of it.
    let outcome = match result.result_type.as_str() {
        "0" => outcome,
        _ => Outcome::Unknown(UnknownReason::Undocumented {
            status: result.result_desc.clone(),
        }),
    };
    let ids = [
        (OWN_ID, &result.originator_conversation_id),
        ("ConversationID", &result.conversation_id),
    ];
    let metadata = ids.map(|(key, id)| (key.to_owned(), id.clone())).into();
    notice(
        &result.originator_conversation_id,
        OWN_ID,
        outcome,
        metadata,
    )
}

fn asked_for(result: &OrderResult, word: &str) -> Result<Notice, ProviderError> {
    let fact = |key| result.parameter(key).map_or("", |value| value.as_str());
    let own_id = fact(OWN_ID);
    let known = status::TRANSACTION_STATUSES;
    let meaning = known.iter().find(|(known, _)| *known == word);
    let outcome = match meaning.map(|(_, meaning)| *meaning) {
        Some(Meaning::Completed) => {
            let amount = result
                .parameter("Amount")
                .and_then(|amount| amount.to_shillings());
            completed(fact("ReceiptNo"), amount).unwrap_or(UNREADABLE)
        }
        Some(Meaning::Pending) => Outcome::Pending,
        Some(Meaning::Declined(reason)) => declined(reason, word),
        Some(Meaning::Unclear) | None => undocumented(word),
    };
    let metadata = [(OWN_ID.to_owned(), own_id.to_owned())].into();
    notice(own_id, OWN_ID, outcome, metadata)
}

/// A customer paid a pay bill or till without being asked; our reference may be the account.
fn customer_payment(payment: &Payment) -> Result<Notice, ProviderError> {
    let amount = Money::parse(&payment.trans_amount, Currency::KES).map_err(|_| {
        ProviderError::Malformed {
            field: "TransAmount",
        }
    })?;
    let outcome = completed(&payment.trans_id, Some(amount)).unwrap_or(UNREADABLE);
    let account = ("BillRefNumber".to_owned(), payment.bill_ref_number.clone());
    notice(&payment.trans_id, "TransID", outcome, [account].into())
}

const UNREADABLE: Outcome = Outcome::Unknown(UnknownReason::Unreadable);

fn notice(
    id: &str,
    field: &'static str,
    outcome: Outcome,
    metadata: BTreeMap<String, String>,
) -> Result<Notice, ProviderError> {
    Ok(Notice::Payment {
        provider_reference: id.parse().map_err(|_| ProviderError::Malformed { field })?,
        outcome,
        proof: false,
        metadata,
    })
}

/// What a result code means; `completed` reads the proof and answers nothing if there is none.
fn outcome(
    row: Option<&ResultRow>,
    code: &str,
    text: &str,
    completed: impl FnOnce() -> Option<Outcome>,
) -> Outcome {
    match row.map(|row| row.meaning) {
        Some(Meaning::Completed) => completed().unwrap_or(UNREADABLE),
        Some(Meaning::Pending) => Outcome::Pending,
        Some(Meaning::Declined(reason)) => declined(reason, text),
        Some(Meaning::Unclear) | None => undocumented(code),
    }
}

fn completed(receipt: &str, amount: Option<Money>) -> Option<Outcome> {
    let receipt = receipt.parse().ok()?;
    // An amount that is missing or cannot be read must never complete a payment.
    amount.map(|amount| Outcome::Completed {
        receipt,
        amount: Some(amount),
    })
}

fn accepted(response_code: &str, id: &str) -> Outcome {
    match (response_code, id.parse()) {
        (TAKEN, Ok(provider_reference)) => Outcome::Accepted { provider_reference },
        // Taken without an id: the money may move.
        (TAKEN, Err(_)) => UNREADABLE,
        (code, _) => undocumented(code),
    }
}

fn declined(reason: DeclineReason, text: &str) -> Outcome {
    Outcome::Declined {
        reason,
        text: text.to_owned(),
    }
}

fn undocumented(status: &str) -> Outcome {
    Outcome::Unknown(UnknownReason::Undocumented {
        status: status.to_owned(),
    })
}

/// The acknowledgement of an order, or what its refusal means for the order.
fn taken<T: DeserializeOwned>(response: &Response) -> Result<T, Outcome> {
    if let Some(error) = json::<ErrorBody>(&response.body) {
        return Err(refused(response.status, &error));
    }
    match response.status {
        200..=299 => json(&response.body).ok_or(UNREADABLE),
        429 => Err(Outcome::Unknown(UnknownReason::Throttled)),
        401 | 403 => Err(declined(DeclineReason::Unauthenticated, &text(response))),
        400..=499 => Err(declined(DeclineReason::InvalidRequest, &text(response))),
        status => Err(Outcome::Unknown(UnknownReason::ServerError { status })),
    }
}

fn refused(status: u16, error: &ErrorBody) -> Outcome {
    match status::refusal_meaning(&error.error_code, &error.error_message) {
        Some(RefusalMeaning::Declined(reason)) => declined(reason, &error.error_message),
        Some(RefusalMeaning::Throttled) => Outcome::Unknown(UnknownReason::Throttled),
        // The request was turned away before any business logic saw it.
        None if (400..500).contains(&status) => {
            declined(DeclineReason::InvalidRequest, &error.error_message)
        }
        Some(RefusalMeaning::Pending | RefusalMeaning::NotFound) | None => {
            Outcome::Unknown(UnknownReason::ServerError { status })
        }
    }
}

fn json<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    serde_json::from_slice(body).ok()
}

/// The start of an answer in another format, enough for a person to read.
fn text(response: &Response) -> String {
    const CHARS_MAX: usize = 200;
    String::from_utf8_lossy(&response.body)
        .chars()
        .take(CHARS_MAX)
        .collect()
}
