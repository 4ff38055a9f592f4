//! Webhooks to those who are told of each change of a payment (`payments_api.subscribers`).
//!
//! One message per change and subscriber, after Standard Webhooks 1.0.0: `POST`, signed at the moment
//! of sending, with the same `webhook-id` in every attempt. The body:
//!
//! ```json
//! {"type": "payment.locked", "timestamp": "2026-03-06T10:30:00.000Z", "data": {"transaction_id": …}}
//! ```
//!
//! `type` is the event's type in the log, `timestamp` when it happened, `data` the payment as it then
//! stood, in the guide's shape (as `GET /api/v1/payments/status/{transaction_id}`).
//!
//! | the receiver | what follows |
//! |---|---|
//! | answers in the 200s within 10 seconds | delivered |
//! | answers 410 | given up; nothing more is sent there until its settings change |
//! | answers anything else, redirects included, or does not answer | again, up to [`POLICY`]'s tries; `Retry-After` is waited for |
//! | is at an address that is never called | given up |

use amana_core::escrow::EventKind;
use amana_core::reference::TransactionId;
use amana_core::resilience::{Failure, NextTry, Retry, RetryPolicy};
use amana_core::signature::standard_webhooks::{
    ID_HEADER, SIGNATURE_HEADER, StandardWebhooks, TIMESTAMP_HEADER, WebhookSecret,
};
use amana_core::time::Span;
use serde_json::json;

use super::event::{PaymentsEvent, payment_type};
use super::shape::GuidePayment;
use crate::kernel::callback::{
    Attempt, Callback, CallbackUrl, DeliveryError, NewCallback, Target, Verdict,
};
use crate::kernel::settings::Settings;
use crate::kernel::{Sandbox, ServiceName};

/// Twelve tries: after 5 to 10 seconds, then after twice as long each time, at most six hours.
pub const POLICY: RetryPolicy = RetryPolicy {
    tries_max: 12,
    wait_min: Span::from_secs(5),
    wait_max: Span::from_mins(6 * 60),
};

/// The longest `Retry-After` that is waited for.
const RETRY_AFTER_MAX: Span = Span::from_days(1);

/// The status by which a receiver says that it is gone for good.
const GONE: u16 = 410;

/// Whether subscribers are told. What only concerns the provider's protocol they are not.
const fn is_published(kind: &EventKind) -> bool {
    match kind {
        EventKind::Requested { .. }
        | EventKind::Locked { .. }
        | EventKind::Failed { .. }
        | EventKind::DeliveryConfirmed { .. }
        | EventKind::Accepted { .. }
        | EventKind::RefundRequested { .. }
        | EventKind::DisputeOpened { .. }
        | EventKind::DisputeWithdrawn
        | EventKind::DisputeRuled { .. }
        | EventKind::Released
        | EventKind::Refunded
        | EventKind::Reversed { .. }
        | EventKind::ClawedBack { .. } => true,
        EventKind::CollectionAcknowledged { .. }
        | EventKind::CollectionQueried { .. }
        | EventKind::FundsUnmatched { .. }
        | EventKind::DuplicateRecorded
        | EventKind::ContradictionRecorded { .. }
        | EventKind::SettlementDecided { .. }
        | EventKind::PayoutStarted { .. }
        | EventKind::PayoutAcknowledged { .. }
        | EventKind::PayoutQueried { .. }
        | EventKind::PayoutCompleted { .. }
        | EventKind::PayoutDeclined { .. }
        | EventKind::DoublePayoutDetected { .. } => false,
    }
}

/// Tells every subscriber of an event of a payment that has just been recorded.
pub fn tell(sandbox: &mut Sandbox, id: TransactionId, kind: &EventKind) {
    if sandbox.settings().payments_api.subscribers.is_empty() || !is_published(kind) {
        return;
    }
    let Some((_, payment)) = sandbox.state().payments.payment(id) else {
        return;
    };
    let (operation, buyer) = (payment_type(kind), payment.terms.buyer);
    let message = json!({
        "type": operation, "timestamp": sandbox.now(), "data": GuidePayment::of(payment),
    });
    for subscriber in sandbox.settings().payments_api.subscribers.clone() {
        if sandbox.state().payments.is_disabled(&subscriber.url) {
            continue;
        }
        sandbox.schedule_callback(NewCallback {
            service: ServiceName::PAYMENTS,
            operation,
            reference: id.to_string(),
            msisdn: Some(buyer),
            target: Target::Url(subscriber.url),
            method: "POST",
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: message.to_string().into_bytes(),
            after: Span::ZERO,
        });
    }
}

/// Why nothing is sent to this address any more, if so: it is gone, or no longer in the settings.
pub fn withheld(sandbox: &Sandbox, callback: &Callback) -> Option<DeliveryError> {
    let Target::Url(url) = &callback.target else {
        return None;
    };
    let known = secret(sandbox.settings(), url).is_some();
    let disabled = sandbox.state().payments.is_disabled(url);
    (disabled || !known).then_some(DeliveryError::TargetDisabled)
}

/// The headers that sign a message now.
pub fn sign(sandbox: &Sandbox, callback: &Callback) -> Vec<(String, String)> {
    let Target::Url(url) = &callback.target else {
        return Vec::new();
    };
    let Some(secret) = secret(sandbox.settings(), url) else {
        return Vec::new();
    };
    let id = format!("msg_{}", callback.id);
    let endpoint = StandardWebhooks::new(secret);
    let signed = endpoint.sign(&id, sandbox.now(), &callback.body.0);
    signed.map_or_else(
        |_| Vec::new(),
        |headers| {
            vec![
                (ID_HEADER.to_owned(), headers.id),
                (TIMESTAMP_HEADER.to_owned(), headers.timestamp),
                (SIGNATURE_HEADER.to_owned(), headers.signature),
            ]
        },
    )
}

fn secret(settings: &Settings, url: &CallbackUrl) -> Option<WebhookSecret> {
    let subscribers = &settings.payments_api.subscribers;
    let subscriber = subscribers.iter().find(|known| known.url == *url)?;
    subscriber.secret.parse().ok()
}

/// What becomes of a message after an attempt. The wait before the next one is drawn.
pub fn verdict(sandbox: &mut Sandbox, callback: &Callback, attempt: &Attempt) -> Verdict {
    let failure = match (attempt.status, attempt.error) {
        _ if attempt.is_success() => return Verdict::Delivered,
        (Some(GONE), _) => Failure::Permanent,
        (_, Some(DeliveryError::TargetForbidden | DeliveryError::TargetDisabled)) => {
            Failure::Permanent
        }
        (Some(_), _) | (None, _) => match attempt.retry_after {
            Some(wait) => Failure::Throttled(wait.min(RETRY_AFTER_MAX)),
            None => Failure::Transient,
        },
    };
    if failure == Failure::Permanent {
        return Verdict::GiveUp;
    }
    let now = sandbox.now();
    let before = (1..callback.attempt_count).fold(Retry::default(), |retry, _| {
        retry.failed(&POLICY, Failure::Transient, now, 0).0
    });
    let entropy = sandbox.random().bits();
    match before.failed(&POLICY, failure, now, entropy).1 {
        NextTry::At(at) => Verdict::Retry(at - now),
        NextTry::GiveUp => Verdict::GiveUp,
    }
}

/// An attempt ended: a receiver that is gone is told nothing more.
pub fn answered(sandbox: &mut Sandbox, callback: &Callback, attempt: &Attempt) {
    let Target::Url(url) = &callback.target else {
        return;
    };
    if attempt.status == Some(GONE) && !sandbox.state().payments.is_disabled(url) {
        sandbox.emit(PaymentsEvent::SubscriberDisabled { url: url.clone() });
    }
}

/// The settings have changed: whoever is in them is told again.
pub fn settings_changed(sandbox: &mut Sandbox, before: &Settings) {
    let changed = before.payments_api.subscribers != sandbox.settings().payments_api.subscribers;
    if changed && sandbox.state().payments.has_disabled() {
        sandbox.emit(PaymentsEvent::SubscribersEnabled);
    }
}
