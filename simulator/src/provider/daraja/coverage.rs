//! What the twin covers, as a table for its document: one row an endpoint, counted from the tables
//! that drive the twin.

use amana_core::provider::daraja::status::{
    IN_PROGRESS, ORDER_RESULTS, PROMPT_RESULTS, VALIDATION_CODES,
};

use super::mandate::USSD_RESULTS;
use super::routes::{BillCall, C2bVersion, Endpoint, PayoutKind, ROUTES, Route};
use crate::provider::coverage::Row;

/// Refusals that every endpoint behind the token has: method, no token, a bad one, no JSON.
const GENERAL: usize = 4;

/// The results that a standing order has beside those of a prompt: its name is taken, bad request.
const STANDING_OWN: usize = 2;

/// Refusals of an endpoint beside the general ones and those of its required members.
pub const fn own_refusals(endpoint: Endpoint) -> &'static [&'static str] {
    match endpoint {
        Endpoint::Token => &[
            "Invalid Authentication passed",
            "Invalid grant type passed",
            "(no body)",
            "Method Not Allowed",
        ],
        Endpoint::Push => &[
            "Merchant does not exist",
            "Wrong credentials",
            "Unable to lock subscriber, a transaction is already in process for the current \
             subscriber",
        ],
        Endpoint::PushQuery => &[
            "Merchant does not exist",
            "Wrong credentials",
            "The transaction does not Exist",
            "The transaction is being processed",
            "(no text)",
            "Spike arrest violation.",
        ],
        Endpoint::Register(C2bVersion::V1 | C2bVersion::V2) => &["Urls are already registered."],
        Endpoint::Simulate(_) => &["Bad Request - Invalid BillRefNumber"],
        Endpoint::Payout(PayoutKind::V3) => &[
            "Duplicate OriginatorConversationID.",
            "You are not authorized to initiate this transaction",
        ],
        Endpoint::Business(_) => &["Bad Request - Invalid AccountReference"],
        Endpoint::PullQuery => &["Invalid ShortCode"],
        Endpoint::Bill(BillCall::CancelSingle | BillCall::CancelBulk) => {
            &["partially or fully paid invoices cannot be cancelled."]
        }
        Endpoint::Name => &["The customer does not exist."],
        Endpoint::Payout(PayoutKind::V1 | PayoutKind::Checked | PayoutKind::Pochi)
        | Endpoint::Status
        | Endpoint::Balance
        | Endpoint::Reversal
        | Endpoint::Qr
        | Endpoint::PullRegister
        | Endpoint::UssdPush
        | Endpoint::Standing
        | Endpoint::Bill(
            BillCall::OptIn
            | BillCall::ChangeOptIn
            | BillCall::Single
            | BillCall::Bulk
            | BillCall::Reconcile
            | BillCall::Change,
        )
        | Endpoint::Organisation
        | Endpoint::Sim(_)
        | Endpoint::BongaPoints
        | Endpoint::BongaRedeem => &[],
    }
}

/// How many refusals an endpoint has in all.
fn refusals(route: &Route) -> usize {
    let general = match route.endpoint {
        Endpoint::Token => 0,
        _ => GENERAL,
    };
    general + route.required.len() + own_refusals(route.endpoint).len()
}

/// How many results an endpoint can lead to, by callback or, for a query, in its answer.
fn results(endpoint: Endpoint) -> Option<usize> {
    let of_prompts = PROMPT_RESULTS
        .iter()
        .filter(|row| row.code != IN_PROGRESS)
        .count();
    match endpoint {
        Endpoint::Push => Some(of_prompts),
        Endpoint::PushQuery => Some(PROMPT_RESULTS.len()),
        // Accepted, each rejection, and no answer with both defaults.
        Endpoint::Simulate(_) => Some(VALIDATION_CODES.len() + 3),
        // With the call to the address for orders that waited too long.
        Endpoint::Payout(_) => Some(ORDER_RESULTS.len() + 1),
        Endpoint::Business(_) | Endpoint::Status | Endpoint::Balance | Endpoint::Reversal => {
            Some(ORDER_RESULTS.len())
        }
        Endpoint::UssdPush => Some(USSD_RESULTS.len()),
        Endpoint::Standing => Some(of_prompts + STANDING_OWN),
        Endpoint::Token
        | Endpoint::Register(_)
        | Endpoint::Qr
        | Endpoint::PullRegister
        | Endpoint::PullQuery
        | Endpoint::Bill(_)
        | Endpoint::Organisation
        | Endpoint::Name
        | Endpoint::Sim(_)
        | Endpoint::BongaPoints
        | Endpoint::BongaRedeem => None,
    }
}

/// Every endpoint, for the table in the document.
pub fn rows() -> Vec<Row> {
    ROUTES
        .iter()
        .map(|route| Row {
            method: route.method,
            path: route.path.to_owned(),
            operation: route.operation,
            priority: route.priority,
            refusals: refusals(route),
            results: results(route.endpoint),
        })
        .collect()
}
