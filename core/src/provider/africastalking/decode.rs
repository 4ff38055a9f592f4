//! Responses and callbacks to outcomes.

use serde::de::DeserializeOwned;

use super::status::{
    CheckoutStatus, DeliveryFailure, DeliveryStatus, FinalStatus, Meaning, PayoutStatus,
    QueryStatus, RecipientStatus, reason_of,
};
use super::wire::NONE;
use super::wire::insights::{SimSwapResponse, SimSwapResult};
use super::wire::messaging::{DeliveryReport, IncomingMessage, Recipient, SendResponse};
use super::wire::payments::{
    B2cResponse, BalanceResponse, CheckoutResponse, FindResponse, Notification,
};
use super::wire::ussd::SessionForm;
use crate::http::Response;
use crate::money::Money;
use crate::provider::outcome::{ProviderReference, Receipt};
use crate::provider::{DeclineReason, Notice, Outcome, ProviderError, SmsOutcome, UnknownReason};
use crate::time::Timestamp;

pub(super) fn collection(response: &Response) -> Outcome {
    let answer: CheckoutResponse = match created(response) {
        Ok(answer) => answer,
        Err(outcome) => return outcome,
    };
    match CheckoutStatus::find(&answer.status) {
        Some(word) => ordered(
            word.meaning(),
            answer.transaction_id.as_deref(),
            &answer.description,
        ),
        None => undocumented(&answer.status),
    }
}

pub(super) fn payout(response: &Response) -> Outcome {
    let answer: B2cResponse = match created(response) {
        Ok(answer) => answer,
        Err(outcome) => return outcome,
    };
    let Some(entry) = answer.entries.first() else {
        let text = answer.error_message.unwrap_or_default();
        return match text.as_str() {
            "" | NONE => Outcome::Unknown(UnknownReason::Unreadable),
            _ => declined(DeclineReason::InvalidRequest, &text),
        };
    };
    match PayoutStatus::find(&entry.status) {
        Some(word) => ordered(
            word.meaning(),
            entry.transaction_id.as_deref(),
            entry.error_message.as_deref().unwrap_or_default(),
        ),
        None => undocumented(&entry.status),
    }
}

pub(super) fn status_query(response: &Response) -> Outcome {
    if response.status >= 500 {
        let status = response.status;
        return Outcome::Unknown(UnknownReason::ServerError { status });
    }
    if response.status >= 300 {
        let status = response.status;
        return Outcome::Unknown(UnknownReason::QueryRefused { status });
    }
    let Some(answer) = json::<FindResponse>(&response.body) else {
        return Outcome::Unknown(UnknownReason::Unreadable);
    };
    match (QueryStatus::find(&answer.status), answer.data) {
        (None, _) => undocumented(&answer.status),
        (Some(word), data) => match (word.meaning(), data) {
            (Some(reason), _) => Outcome::Unknown(reason),
            (None, Some(transaction)) => transaction_outcome(&transaction),
            (None, None) => Outcome::Unknown(UnknownReason::NotFound),
        },
    }
}

pub(super) fn balance(response: &Response) -> Result<Money, ProviderError> {
    if response.status >= 300 {
        return Err(refused(response));
    }
    let malformed = ProviderError::Malformed { field: "balance" };
    let answer: BalanceResponse = json(&response.body).ok_or(malformed.clone())?;
    let balance = answer.balance.ok_or_else(|| ProviderError::Refused {
        status: response.status,
        text: answer.error_message.unwrap_or(answer.status),
    })?;
    Money::parse_with_currency(&balance).map_err(|_| malformed)
}

pub(super) fn sms(response: &Response) -> Result<Vec<SmsOutcome>, ProviderError> {
    if response.status >= 300 {
        return Err(refused(response));
    }
    let answer: SendResponse = json(&response.body).ok_or(ProviderError::Malformed {
        field: "SMSMessageData",
    })?;
    if answer.data.recipients.is_empty() {
        // A refusal of the whole request: its name stands where the summary would.
        return Err(ProviderError::Refused {
            status: response.status,
            text: answer.data.message,
        });
    }
    answer.data.recipients.iter().map(recipient).collect()
}

/// A notification or the result of a SIM check (JSON), a step of a USSD session, a delivery report or an incoming message (forms),
/// told apart by content.
pub(super) fn callback(body: &[u8]) -> Result<Notice, ProviderError> {
    if body.trim_ascii_start().starts_with(b"{") {
        return match json::<SimSwapResult>(body) {
            Some(result) => sim_checked(&result),
            None => notification(body),
        };
    }
    if super::wire::messaging::field(body, "serviceCode").is_some() {
        return session_step(body);
    }
    if super::wire::messaging::field(body, "text").is_some() {
        return incoming_message(body);
    }
    delivery_report(body)
}

/// How a transaction stands, from a notification or a query.
pub(super) fn transaction_outcome(transaction: &Notification) -> Outcome {
    let Some(word) = FinalStatus::find(&transaction.status) else {
        return undocumented(&transaction.status);
    };
    match word.meaning() {
        Meaning::Pending | Meaning::Accepted => Outcome::Pending,
        Meaning::Declined(reason) => declined(reason, &transaction.description),
        Meaning::Completed => {
            // Not every network gives a receipt; then the transaction's own id is the proof.
            let receipt = transaction
                .provider_ref_id
                .as_deref()
                .filter(|text| !matches!(*text, "" | "N/A" | NONE))
                .unwrap_or(&transaction.transaction_id);
            let amount = Money::parse_with_currency(&transaction.value);
            match (receipt.parse::<Receipt>(), amount) {
                (Ok(receipt), Ok(amount)) => Outcome::Completed {
                    receipt,
                    amount: Some(amount),
                },
                (Err(_), _) | (_, Err(_)) => Outcome::Unknown(UnknownReason::Unreadable),
            }
        }
    }
}

fn notification(body: &[u8]) -> Result<Notice, ProviderError> {
    let malformed = |field| ProviderError::Malformed { field };
    let notification: Notification = json(body).ok_or(malformed("transactionId"))?;
    let provider_reference = reference(&notification.transaction_id, "transactionId")?;
    Ok(Notice::Payment {
        provider_reference,
        outcome: transaction_outcome(&notification),
        proof: false,
        metadata: notification.request_metadata.unwrap_or_default(),
    })
}

pub(super) fn sim_check(response: &Response) -> Result<ProviderReference, ProviderError> {
    if response.status >= 300 {
        return Err(refused(response));
    }
    let malformed = ProviderError::Malformed { field: "responses" };
    let answer: SimSwapResponse = json(&response.body).ok_or(malformed)?;
    let entry = answer.responses.first();
    match entry.and_then(|entry| entry.request_id.as_deref()) {
        Some(id) if id != NONE => reference(id, "requestId"),
        // Nothing was asked of the network: no credit, or a number that it does not serve.
        _ => Err(ProviderError::Refused {
            status: response.status,
            text: entry.map_or(answer.status, |entry| entry.status.clone()),
        }),
    }
}

/// The date of a swap that never was.
const NEVER: &str = "01-01-1900";

fn sim_checked(result: &SimSwapResult) -> Result<Notice, ProviderError> {
    let date = result.last_sim_swap_date.as_str();
    let swapped_by = match date {
        NEVER => None,
        _ => Some(end_of(date).ok_or(ProviderError::Malformed {
            field: "lastSimSwapDate",
        })?),
    };
    Ok(Notice::SimChecked {
        provider_reference: reference(&result.request_id, "requestId")?,
        swapped_by,
    })
}

/// The last instant of a day written as `dd-MM-yyyy`.
fn end_of(date: &str) -> Option<Timestamp> {
    let mut parts = date.split('-');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    format!("{year}-{month}-{day}T23:59:59.999Z").parse().ok()
}

fn incoming_message(body: &[u8]) -> Result<Notice, ProviderError> {
    let malformed = |field| ProviderError::Malformed { field };
    let message = IncomingMessage::decode(body).map_err(malformed)?;
    Ok(Notice::SmsReceived {
        provider_reference: reference(&message.id, "id")?,
        from: message.from.0.parse().map_err(|_| malformed("from"))?,
        to: message.to,
        text: message.text,
    })
}

fn session_step(body: &[u8]) -> Result<Notice, ProviderError> {
    let malformed = |field| ProviderError::Malformed { field };
    let step = SessionForm::decode(body).map_err(malformed)?;
    Ok(Notice::UssdEntered {
        provider_reference: reference(&step.session_id, "sessionId")?,
        from: step
            .phone_number
            .0
            .parse()
            .map_err(|_| malformed("phoneNumber"))?,
        code: step.service_code,
        text: step.text,
    })
}

fn delivery_report(body: &[u8]) -> Result<Notice, ProviderError> {
    let report =
        DeliveryReport::decode(body).map_err(|field| ProviderError::Malformed { field })?;
    let outcome = match DeliveryStatus::find(&report.status).map(DeliveryStatus::meaning) {
        None => undocumented(&report.status),
        Some(Meaning::Accepted | Meaning::Pending) => Outcome::Pending,
        Some(Meaning::Completed) => Outcome::Completed {
            receipt: report
                .id
                .parse()
                .map_err(|_| ProviderError::Malformed { field: "id" })?,
            amount: None,
        },
        Some(Meaning::Declined(reason)) => {
            let text = report.failure_reason.unwrap_or(report.status);
            let told = DeliveryFailure::find(&text).map(DeliveryFailure::meaning);
            declined(told.unwrap_or(reason), &text)
        }
    };
    Ok(Notice::SmsDelivery {
        provider_reference: reference(&report.id, "id")?,
        outcome,
    })
}

fn recipient(recipient: &Recipient) -> Result<SmsOutcome, ProviderError> {
    let outcome = match RecipientStatus::find(recipient.status_code) {
        Some(row) => ordered(row.meaning, Some(&recipient.message_id), &recipient.status),
        None => undocumented(&recipient.status_code.to_string()),
    };
    Ok(SmsOutcome {
        to: recipient
            .number
            .0
            .parse()
            .map_err(|_| ProviderError::Malformed { field: "number" })?,
        outcome,
        cost: Money::parse_with_currency(&recipient.cost).ok(),
    })
}

/// What an answer to an order means: accepted only with an id that can be asked for later.
fn ordered(meaning: Meaning, id: Option<&str>, text: &str) -> Outcome {
    match meaning {
        Meaning::Declined(reason) => declined(reason, text),
        Meaning::Pending => Outcome::Pending,
        Meaning::Accepted | Meaning::Completed => {
            let id = id.filter(|id| !matches!(*id, "" | NONE));
            match id.map(str::parse::<ProviderReference>) {
                Some(Ok(provider_reference)) => Outcome::Accepted { provider_reference },
                Some(Err(_)) | None => Outcome::Unknown(UnknownReason::Unreadable),
            }
        }
    }
}

/// A declined order; the text tells the reason if it is a known one and the word was general.
fn declined(reason: DeclineReason, text: &str) -> Outcome {
    let reason = match reason {
        DeclineReason::Other => reason_of(text).unwrap_or(reason),
        specific => specific,
    };
    Outcome::Declined {
        reason,
        text: text.to_owned(),
    }
}

/// The body of an answer to an order, or what the HTTP status alone means for the order.
fn created<T: DeserializeOwned>(response: &Response) -> Result<T, Outcome> {
    match response.status {
        200..=299 => json(&response.body).ok_or(Outcome::Unknown(UnknownReason::Unreadable)),
        401 | 403 => Err(declined(DeclineReason::Unauthenticated, &text(response))),
        429 => Err(Outcome::Unknown(UnknownReason::Throttled)),
        // The request was turned away before any business logic saw it.
        400..=499 => Err(declined(DeclineReason::InvalidRequest, &text(response))),
        status => Err(Outcome::Unknown(UnknownReason::ServerError { status })),
    }
}

fn refused(response: &Response) -> ProviderError {
    ProviderError::Refused {
        status: response.status,
        text: text(response),
    }
}

fn reference(text: &str, field: &'static str) -> Result<ProviderReference, ProviderError> {
    text.parse().map_err(|_| ProviderError::Malformed { field })
}

fn undocumented(status: &str) -> Outcome {
    Outcome::Unknown(UnknownReason::Undocumented {
        status: status.to_owned(),
    })
}

fn json<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    serde_json::from_slice(body).ok()
}

/// The start of a plain-text error, enough for a person to read.
fn text(response: &Response) -> String {
    const CHARS_MAX: usize = 200;
    String::from_utf8_lossy(&response.body)
        .chars()
        .take(CHARS_MAX)
        .collect()
}
