//! The payment notification, and the same transaction as queries show it.

use std::collections::BTreeMap;

use amana_core::provider::africastalking::status::FinalStatus;
use amana_core::provider::africastalking::wire::payments::Notification;
use amana_core::time::Span;
use amana_core::{Money, Timestamp};

use super::network;
use super::record::{Category, Progress, Transaction};

/// Decimals of an amount on this provider's wire.
pub const DECIMALS: u8 = 4;

/// Channel and destination of a payment into the stash.
pub const STASH_TOPUP: &str = "StashTopup";

/// The notification of a transaction, with what is known of it now.
pub fn of(transaction: &Transaction) -> Notification {
    let (source, destination) = sides(transaction);
    // What a subscriber begins has no request, and nothing that stood on one.
    let is_requested = transaction.category.endpoint().is_some();
    let ended = Ending::of(transaction);
    Notification {
        category: transaction.category.as_str().to_owned(),
        client_account: (transaction.category == Category::MobileC2b)
            .then(|| transaction.client_account.clone()),
        creation_time: None,
        description: ended.description,
        destination: destination.1,
        destination_type: destination.0.to_owned(),
        direction: Some(direction(transaction.category).to_owned()),
        origin: is_requested.then(|| "ApiRequest".to_owned()),
        product_name: transaction.product.clone(),
        provider: network::payment_provider(transaction.category, &transaction.username).to_owned(),
        provider_channel: match transaction.category {
            Category::UserStashTopup => STASH_TOPUP.to_owned(),
            _ => transaction.channel.clone(),
        },
        provider_fee: ended.settled.then(|| amount(transaction.provider_fee)),
        provider_metadata: ended.provider_metadata,
        provider_ref_id: ended.receipt,
        request_metadata: is_requested.then(|| transaction.metadata.clone()),
        source: source.1,
        source_type: source.0.to_owned(),
        status: ended.status.as_str().to_owned(),
        transaction_date: ended.at.map(date_time),
        transaction_fee: Some(amount(transaction.fee)),
        transaction_id: transaction.id.clone(),
        value: amount(transaction.value),
    }
}

/// The transaction as an item of a query.
pub fn queried(transaction: &Transaction) -> Notification {
    let item = of(transaction);
    let at = Ending::of(transaction).at;
    Notification {
        creation_time: Some(date_time(transaction.opened_at)),
        transaction_date: match item.provider.as_str() {
            network::MPESA => at.map(network_date_time),
            _ => item.transaction_date,
        },
        ..item
    }
}

/// The instant as M-Pesa writes it, which queries hand on: `06.03.2026 13:30:00`, East Africa Time.
fn network_date_time(at: Timestamp) -> String {
    let text = date_time(at + EAST_AFRICA);
    let (date, time) = text.split_once(' ').unwrap_or((&text, ""));
    let date: Vec<&str> = date.rsplit('-').collect();
    format!("{} {time}", date.join("."))
}

/// East Africa Time is so much ahead of UTC.
const EAST_AFRICA: Span = Span::from_mins(180);

/// The amount as this provider writes it: `KES 10.0000`.
pub fn amount(amount: Money) -> String {
    amount.with_decimals(DECIMALS)
}

/// The instant as this provider writes it: `2026-03-06 10:30:00`, UTC.
pub fn date_time(at: Timestamp) -> String {
    let text = at.to_string();
    let (date, time) = text.split_once('T').unwrap_or((&text, ""));
    format!("{date} {}", time.split('.').next().unwrap_or_default())
}

/// What a transaction is, as its notification and statements of the wallet describe it.
pub fn request_text(transaction: &Transaction) -> String {
    let other = other_side(transaction);
    let received = |what: &str| format!("Received {what} funds from {other}");
    match transaction.category {
        Category::MobileCheckout => received("Mobile Checkout"),
        Category::MobileC2b => received("Mobile C2B"),
        Category::BankCheckout => received("Bank Checkout"),
        Category::CardCheckout => "Received Card Checkout funds".to_owned(),
        // The spelling is the provider's.
        Category::WalletTransfer => {
            format!("Transfered funds to {} [{other}]", transaction.username)
        }
        Category::UserStashTopup => "Topped up user stash".to_owned(),
        Category::MobileB2c
        | Category::MobileB2b
        | Category::BankTransfer
        | Category::MobileData => {
            let category = transaction.category.as_str();
            format!("{category} Payment Request to {other}")
        }
    }
}

/// The members of a notification that depend on how the transaction ended.
struct Ending {
    status: FinalStatus,
    description: String,
    receipt: Option<String>,
    at: Option<Timestamp>,
    settled: bool,
    provider_metadata: Option<BTreeMap<String, String>>,
}

impl Ending {
    fn of(transaction: &Transaction) -> Self {
        let unsettled = |status, description: &str| Self {
            status,
            description: description.to_owned(),
            receipt: None,
            at: None,
            settled: false,
            provider_metadata: None,
        };
        match &transaction.progress {
            Progress::Open => match transaction.category {
                Category::MobileCheckout | Category::MobileC2b => {
                    unsettled(FinalStatus::PendingConfirmation, "Waiting for user input")
                }
                Category::BankCheckout | Category::CardCheckout => unsettled(
                    FinalStatus::PendingValidation,
                    "Payment is pending validation by the user",
                ),
                Category::MobileB2c
                | Category::MobileB2b
                | Category::BankTransfer
                | Category::WalletTransfer
                | Category::UserStashTopup
                | Category::MobileData => {
                    unsettled(FinalStatus::Queued, "Payment request is queued")
                }
            },
            Progress::Failed { description } => Self {
                receipt: Some("N/A".to_owned()),
                // Nothing was charged, and both fees say so.
                settled: true,
                ..unsettled(FinalStatus::Failed, description)
            },
            Progress::Succeeded { receipt, at } => Self {
                receipt: Some(receipt.clone()),
                at: Some(*at),
                settled: true,
                provider_metadata: provider_metadata(transaction.category),
                ..unsettled(FinalStatus::Success, &request_text(transaction))
            },
        }
    }
}

/// What the sandbox's network tells about a payer: sample texts, as recorded.
fn provider_metadata(category: Category) -> Option<BTreeMap<String, String>> {
    let asks_for_a_phone = matches!(category, Category::MobileCheckout | Category::MobileC2b);
    asks_for_a_phone.then(|| {
        let sample = |name: &str| (name.to_owned(), format!("Sample {name}"));
        [sample("KYCInfo1"), sample("KYCInfo2")].into()
    })
}

fn other_side(transaction: &Transaction) -> String {
    match (transaction.phone, transaction.category) {
        (Some(msisdn), _) => msisdn.to_string(),
        // The code of the bank stands before the number of the account.
        (None, Category::BankCheckout | Category::BankTransfer) => {
            let mut words = transaction.business.rsplit(' ');
            words.next().unwrap_or_default().to_owned()
        }
        (None, _) => transaction.business.clone(),
    }
}

const fn direction(category: Category) -> &'static str {
    match category {
        Category::MobileCheckout
        | Category::MobileC2b
        | Category::BankCheckout
        | Category::CardCheckout => "Inbound",
        Category::MobileB2c
        | Category::MobileB2b
        | Category::BankTransfer
        | Category::WalletTransfer
        | Category::UserStashTopup
        | Category::MobileData => "Outbound",
    }
}

type Side = (&'static str, String);

fn sides(transaction: &Transaction) -> (Side, Side) {
    let wallet = || ("Wallet", "PaymentWallet".to_owned());
    let other = other_side(transaction);
    match transaction.category {
        Category::MobileCheckout | Category::MobileC2b => (("PhoneNumber", other), wallet()),
        Category::BankCheckout => (("BankAccount", other), wallet()),
        Category::CardCheckout => (("Card", other), wallet()),
        Category::MobileB2c | Category::MobileData => (wallet(), ("PhoneNumber", other)),
        Category::MobileB2b => (wallet(), ("BusinessChannel", other)),
        Category::BankTransfer => (wallet(), ("BankAccount", other)),
        Category::WalletTransfer => (wallet(), wallet()),
        Category::UserStashTopup => (wallet(), ("UserStash", STASH_TOPUP.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use amana_core::Currency;

    use super::*;

    fn checkout(progress: Progress) -> Transaction {
        let kes = |text| Money::parse(text, Currency::KES).unwrap();
        Transaction {
            id: "ATPid_00112233445566778899aabbccddeeff".to_owned(),
            category: Category::MobileCheckout,
            username: "sandbox".to_owned(),
            product: "voicepact".to_owned(),
            channel: "525900".to_owned(),
            phone: Some("+254711000000".parse().unwrap()),
            business: String::new(),
            client_account: String::new(),
            value: kes("1500"),
            fee: kes("1"),
            provider_fee: kes("1"),
            metadata: [("reference".to_owned(), "TXN-VC-1042-001".to_owned())].into(),
            internal: false,
            opened_at: "2026-03-06T10:30:41Z".parse().unwrap(),
            progress,
        }
    }

    #[test]
    fn a_success_byte_for_byte() {
        let mut transaction = checkout(Progress::Succeeded {
            receipt: "7d4a1c90-52e8-4b6f-9a3d-0c1e2f3a4b5c".to_owned(),
            at: "2026-03-06T10:31:07.123Z".parse().unwrap(),
        });
        let contract = ("contract".to_owned(), "VC-1042".to_owned());
        transaction.metadata.extend([contract]);
        assert_eq!(
            serde_json::to_string(&of(&transaction)).unwrap(),
            include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../core/src/provider/africastalking/fixtures/notification_success.json"
            ))
        );
    }

    #[test]
    fn what_a_subscriber_begins_has_an_account_and_no_request() {
        let mut transaction = checkout(Progress::Succeeded {
            receipt: "7d4a1c90-52e8-4b6f-9a3d-0c1e2f3a4b5c".to_owned(),
            at: "2026-03-06T10:31:07.123Z".parse().unwrap(),
        });
        transaction.category = Category::MobileC2b;
        transaction.client_account = "VC-1042".to_owned();
        assert_eq!(
            serde_json::to_string(&of(&transaction)).unwrap(),
            include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../core/src/provider/africastalking/fixtures/notification_c2b.json"
            ))
        );
    }

    #[test]
    fn a_failure_has_no_date_and_no_fees() {
        let mut transaction = checkout(Progress::Failed {
            description: "Request cancelled by user.".to_owned(),
        });
        transaction.fee = Money::zero(Currency::KES);
        transaction.provider_fee = Money::zero(Currency::KES);
        let notification = of(&transaction);
        assert_eq!(notification.status, "Failed");
        assert_eq!(notification.transaction_date, None);
        assert_eq!(notification.provider_metadata, None);
        assert_eq!(notification.provider_fee.as_deref(), Some("KES 0.0000"));
        assert_eq!(notification.provider_ref_id.as_deref(), Some("N/A"));
        assert_eq!(notification.transaction_fee.as_deref(), Some("KES 0.0000"));
    }

    #[test]
    fn a_query_shows_an_open_transaction_as_pending() {
        let item = queried(&checkout(Progress::Open));
        assert_eq!(item.status, "PendingConfirmation");
        assert_eq!(item.creation_time.as_deref(), Some("2026-03-06 10:30:41"));
        assert_eq!(item.provider_ref_id, None);
    }

    #[test]
    fn a_query_hands_on_the_date_of_a_real_network() {
        let at = "2026-03-06T22:31:07.123Z".parse().unwrap();
        let receipt = "7d4a1c90-52e8-4b6f-9a3d-0c1e2f3a4b5c".to_owned();
        let mut transaction = checkout(Progress::Succeeded { receipt, at });
        let sandbox = queried(&transaction).transaction_date;
        assert_eq!(sandbox.as_deref(), Some("2026-03-06 22:31:07"));
        transaction.username = "shop".to_owned();
        let live = queried(&transaction).transaction_date;
        assert_eq!(live.as_deref(), Some("07.03.2026 01:31:07"));
        let told = of(&transaction).transaction_date;
        assert_eq!(told.as_deref(), Some("2026-03-06 22:31:07"));
    }
}
