//! What the twin covers, counted from the tables that the tests of its refusals go through.

use amana_core::provider::africastalking::status::{
    CheckoutStatus, DeliveryFailure, DeliveryStatus, Meaning, RecipientStatus,
};

use super::routes::{Endpoint, ROUTES, Route};
use crate::provider::coverage::Row;

/// Refusals that every endpoint behind the key has: no key, a wrong key, a wrong method.
const GENERAL: usize = 3;

/// Outcomes of a prompt: approved, and seven ways to fail.
const OF_PROMPT: usize = 8;
/// Outcomes of what the network does by itself: done, or the payee is out of reach.
const OF_NETWORK: usize = 2;
/// Outcomes of a charge: the right password, a wrong one, none in time.
const OF_PASSWORD: usize = 3;

/// Members, fields or parameters that a request must have, in the order in which they are missed.
/// The user name is the first of all.
pub const fn required(endpoint: Endpoint) -> &'static [&'static str] {
    match endpoint {
        Endpoint::Checkout => &[
            "username",
            "productName",
            "phoneNumber",
            "currencyCode",
            "amount",
        ],
        Endpoint::B2c | Endpoint::BankTransfer | Endpoint::MobileData => {
            &["username", "productName", "recipients"]
        }
        Endpoint::B2b => &[
            "username",
            "productName",
            "provider",
            "transferType",
            "currencyCode",
            "amount",
            "destinationChannel",
            "destinationAccount",
        ],
        Endpoint::Transaction | Endpoint::FindAirtime => &["username", "transactionId"],
        Endpoint::Transactions => &["username", "productName", "pageNumber", "count"],
        Endpoint::FetchWallet => &["username", "pageNumber", "count"],
        Endpoint::WalletBalance | Endpoint::User => &["username"],
        Endpoint::FetchMessages | Endpoint::AuthToken => &["username"],
        Endpoint::BankCharge => &[
            "username",
            "bankAccount",
            "narration",
            "productName",
            "currencyCode",
            "amount",
        ],
        Endpoint::CardCharge => &[
            "username",
            "narration",
            "productName",
            "currencyCode",
            "amount",
        ],
        Endpoint::BankValidate | Endpoint::CardValidate => &["username", "transactionId", "otp"],
        Endpoint::WalletTransfer => &[
            "username",
            "productName",
            "targetProductCode",
            "currencyCode",
            "amount",
        ],
        Endpoint::StashTopup => &["username", "productName", "currencyCode", "amount"],
        Endpoint::SendMessage => &["username", "to", "message"],
        Endpoint::SendBulk => &["username", "message", "phoneNumbers"],
        Endpoint::CreateSubscription | Endpoint::DeleteSubscription => {
            &["username", "shortCode", "keyword", "phoneNumber"]
        }
        Endpoint::CarrierSubscription => &["username", "shortCode", "keyword", "redirectUrl"],
        Endpoint::FetchSubscriptions => &["username", "shortCode", "keyword"],
        Endpoint::SendAirtime => &["username", "recipients"],
        Endpoint::CheckoutToken => &["phoneNumber"],
        Endpoint::UssdPush => &["username", "phoneNumber", "menu"],
        Endpoint::SimSwap => &["username", "phoneNumbers"],
        Endpoint::Call => &["username", "to", "from"],
        Endpoint::QueueStatus => &["username", "phoneNumbers"],
        Endpoint::MediaUpload => &["username", "url", "phoneNumber"],
        Endpoint::CallTransfer => &["sessionId", "phoneNumber"],
        Endpoint::SendChat => &["username", "waNumber", "phoneNumber", "body"],
        Endpoint::SendTemplate => &["username", "waNumber", "name"],
        Endpoint::Capability => &["username", "clientName", "phoneNumber"],
        Endpoint::Publish => &["username", "deviceGroup", "topic", "payload"],
    }
}

/// In what an endpoint reads its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// JSON in the body.
    Json,
    /// A form in the body.
    Form,
    /// The query.
    Query,
}

/// In what an endpoint reads its request; queries that can also be posted read JSON then.
pub const fn reads(endpoint: Endpoint) -> Reads {
    match endpoint {
        Endpoint::Transaction
        | Endpoint::Transactions
        | Endpoint::FetchWallet
        | Endpoint::WalletBalance
        | Endpoint::User
        | Endpoint::FetchMessages
        | Endpoint::FetchSubscriptions
        | Endpoint::FindAirtime => Reads::Query,
        Endpoint::SendMessage
        | Endpoint::CreateSubscription
        | Endpoint::CarrierSubscription
        | Endpoint::DeleteSubscription
        | Endpoint::SendAirtime
        | Endpoint::CheckoutToken
        | Endpoint::UssdPush
        | Endpoint::Call
        | Endpoint::QueueStatus
        | Endpoint::MediaUpload
        | Endpoint::CallTransfer => Reads::Form,
        Endpoint::Checkout
        | Endpoint::B2c
        | Endpoint::B2b
        | Endpoint::BankCharge
        | Endpoint::BankValidate
        | Endpoint::BankTransfer
        | Endpoint::CardCharge
        | Endpoint::CardValidate
        | Endpoint::WalletTransfer
        | Endpoint::StashTopup
        | Endpoint::MobileData
        | Endpoint::SendBulk
        | Endpoint::AuthToken
        | Endpoint::SimSwap
        | Endpoint::SendChat
        | Endpoint::SendTemplate
        | Endpoint::Capability
        | Endpoint::Publish => Reads::Json,
    }
}

/// Words with which an endpoint refuses what it could read, in an answer of status 200 or 201.
fn words(endpoint: Endpoint) -> usize {
    let declined = |meaning: Meaning| matches!(meaning, Meaning::Declined(_));
    match endpoint {
        // The first three; the rest are those of mobile data.
        Endpoint::Checkout => CheckoutStatus::ALL
            .iter()
            .filter(|word| declined(word.meaning()))
            .take(3)
            .count(),
        Endpoint::B2c | Endpoint::B2b | Endpoint::BankTransfer | Endpoint::MobileData => 3,
        Endpoint::BankCharge | Endpoint::CardCharge => 2,
        // A wrong password is an outcome, not a refusal.
        Endpoint::BankValidate | Endpoint::CardValidate => 1,
        Endpoint::WalletTransfer | Endpoint::StashTopup => 1,
        Endpoint::Transaction | Endpoint::FindAirtime => 2,
        Endpoint::Transactions | Endpoint::FetchWallet | Endpoint::WalletBalance => 1,
        // Of a recipient; `InvalidSenderId` also of the whole.
        Endpoint::SendMessage | Endpoint::SendBulk => {
            1 + RecipientStatus::ALL
                .iter()
                .filter(|row| declined(row.meaning))
                .count()
        }
        Endpoint::CreateSubscription
        | Endpoint::CarrierSubscription
        | Endpoint::DeleteSubscription
        | Endpoint::CheckoutToken
        | Endpoint::UssdPush
        | Endpoint::CallTransfer
        | Endpoint::SendChat => 1,
        // A bad number, a bad amount, one below the minimum, no credit.
        Endpoint::SendAirtime => 4,
        Endpoint::SimSwap | Endpoint::Call => 2,
        Endpoint::FetchMessages
        | Endpoint::FetchSubscriptions
        | Endpoint::User
        | Endpoint::AuthToken
        | Endpoint::QueueStatus
        | Endpoint::MediaUpload
        | Endpoint::SendTemplate
        | Endpoint::Capability
        | Endpoint::Publish => 0,
    }
}

/// In how many ways an endpoint refuses a request.
fn refusals(endpoint: Endpoint) -> usize {
    let general = match endpoint {
        Endpoint::CheckoutToken => 1,
        _ => GENERAL,
    };
    // No JSON, and another type of body.
    let of_json = match reads(endpoint) {
        Reads::Json => 2,
        Reads::Form | Reads::Query => 0,
    };
    general + of_json + required(endpoint).len() + words(endpoint)
}

/// How many outcomes an accepted request can have later, by callback.
fn results(endpoint: Endpoint) -> Option<usize> {
    match endpoint {
        Endpoint::Checkout => Some(OF_PROMPT),
        // Also that the application does not agree.
        Endpoint::B2c => Some(OF_PROMPT + 1),
        Endpoint::B2b
        | Endpoint::BankTransfer
        | Endpoint::WalletTransfer
        | Endpoint::StashTopup
        | Endpoint::MobileData
        | Endpoint::Call => Some(OF_NETWORK),
        Endpoint::BankCharge | Endpoint::CardCharge => Some(OF_PASSWORD),
        Endpoint::SendMessage | Endpoint::SendBulk => {
            let ends = DeliveryStatus::ALL
                .iter()
                .filter(|word| word.meaning() != Meaning::Pending);
            Some(ends.count() + DeliveryFailure::ALL.len())
        }
        Endpoint::CreateSubscription | Endpoint::CarrierSubscription => Some(OF_PROMPT),
        Endpoint::SendAirtime => Some(OF_NETWORK + 1),
        Endpoint::SimSwap => Some(2),
        // It ends, is left by its user, or the application fails.
        Endpoint::UssdPush => Some(3),
        Endpoint::DeleteSubscription => Some(1),
        Endpoint::BankValidate
        | Endpoint::CardValidate
        | Endpoint::Transaction
        | Endpoint::Transactions
        | Endpoint::FetchWallet
        | Endpoint::WalletBalance
        | Endpoint::FetchMessages
        | Endpoint::FetchSubscriptions
        | Endpoint::User
        | Endpoint::FindAirtime
        | Endpoint::CheckoutToken
        | Endpoint::AuthToken
        | Endpoint::QueueStatus
        | Endpoint::MediaUpload
        | Endpoint::CallTransfer
        | Endpoint::SendChat
        | Endpoint::SendTemplate
        | Endpoint::Capability
        | Endpoint::Publish => None,
    }
}

/// Every endpoint, for the table in the document.
pub fn rows() -> Vec<Row> {
    let row = |route: &Route| Row {
        method: route.methods.name(),
        path: format!("/{}{}", route.service.label(), route.path),
        operation: route.endpoint.operation(),
        priority: route.priority,
        refusals: refusals(route.endpoint),
        results: results(route.endpoint),
    };
    ROUTES.iter().map(row).collect()
}
