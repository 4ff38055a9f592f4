//! What stands in the books: payments, messages, airtime, sessions, subscriptions, calls.

use std::collections::{BTreeMap, BTreeSet};

use amana_core::{Money, Msisdn, Timestamp};
use serde::{Deserialize, Serialize};

use super::routes::Endpoint;
use crate::kernel::TimerId;
use crate::kernel::phone::UssdSessionId;

/// Which way the money of a transaction goes, and by whose request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Category {
    /// A subscriber pays, asked by the merchant.
    MobileCheckout,
    /// A subscriber is paid.
    #[serde(rename = "MobileB2C")]
    MobileB2c,
    /// A business is paid.
    #[serde(rename = "MobileB2B")]
    MobileB2b,
    /// A subscriber pays unasked.
    #[serde(rename = "MobileC2B")]
    MobileC2b,
    /// A bank account is charged.
    BankCheckout,
    /// A card is charged.
    CardCheckout,
    /// A bank account is paid.
    BankTransfer,
    /// A product pays another.
    WalletTransfer,
    /// A product pays into the application's credit.
    UserStashTopup,
    /// A subscriber gets mobile data. The documents have no such category.
    MobileData,
}

impl Category {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MobileCheckout => "MobileCheckout",
            Self::MobileB2c => "MobileB2C",
            Self::MobileB2b => "MobileB2B",
            Self::MobileC2b => "MobileC2B",
            Self::BankCheckout => "BankCheckout",
            Self::CardCheckout => "CardCheckout",
            Self::BankTransfer => "BankTransfer",
            Self::WalletTransfer => "WalletTransfer",
            Self::UserStashTopup => "UserStashTopup",
            Self::MobileData => "MobileData",
        }
    }

    /// What statements call it.
    pub const fn text(self) -> &'static str {
        match self {
            Self::MobileCheckout => "mobile checkout",
            Self::MobileC2b => "customer payment",
            Self::MobileB2c | Self::MobileB2b => "payout",
            Self::BankCheckout => "bank checkout",
            Self::CardCheckout => "card checkout",
            Self::BankTransfer => "bank transfer",
            Self::WalletTransfer => "wallet transfer",
            Self::UserStashTopup => "stash top-up",
            Self::MobileData => "mobile data",
        }
    }

    /// The endpoint that opens such a transaction; none if a subscriber does.
    pub const fn endpoint(self) -> Option<Endpoint> {
        Some(match self {
            Self::MobileCheckout => Endpoint::Checkout,
            Self::MobileB2c => Endpoint::B2c,
            Self::MobileB2b => Endpoint::B2b,
            Self::MobileC2b => return None,
            Self::BankCheckout => Endpoint::BankCharge,
            Self::CardCheckout => Endpoint::CardCharge,
            Self::BankTransfer => Endpoint::BankTransfer,
            Self::WalletTransfer => Endpoint::WalletTransfer,
            Self::UserStashTopup => Endpoint::StashTopup,
            Self::MobileData => Endpoint::MobileData,
        })
    }

    /// Whether the money leaves the application's wallet at once and is under way until the
    /// transaction ends.
    pub const fn is_payout(self) -> bool {
        match self {
            Self::MobileB2c | Self::MobileB2b | Self::BankTransfer | Self::MobileData => true,
            Self::MobileCheckout
            | Self::MobileC2b
            | Self::BankCheckout
            | Self::CardCheckout
            | Self::WalletTransfer
            | Self::UserStashTopup => false,
        }
    }
}

/// How a transaction stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Waits for the subscriber or the network.
    Open,
    /// The money has moved.
    Succeeded {
        /// The network's receipt.
        receipt: String,
        /// When.
        at: Timestamp,
    },
    /// The money has not moved.
    Failed {
        /// Why, for people.
        description: String,
    },
}

/// One payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// `ATPid_…`.
    pub id: String,
    /// Which way the money goes.
    pub category: Category,
    /// The application that asked.
    pub username: String,
    /// Its payment product, in lower case as notifications have it.
    pub product: String,
    /// The channel of the network.
    pub channel: String,
    /// The subscriber; nobody for a payment to a business.
    pub phone: Option<Msisdn>,
    /// The other side if it is no subscriber: a business with the account there, a bank account, a
    /// product. Of a card nothing is kept.
    pub business: String,
    /// The account that a subscriber typed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub client_account: String,
    /// How much.
    pub value: Money,
    /// The provider's fee: what it will be while open, what it was when settled.
    pub fee: Money,
    /// The network's fee, likewise.
    pub provider_fee: Money,
    /// What the application wants back.
    pub metadata: BTreeMap<String, String>,
    /// Whether the payments API of this sandbox asked, so that it is told in process.
    pub internal: bool,
    /// When it was asked for.
    pub opened_at: Timestamp,
    /// How it stands.
    pub progress: Progress,
}

/// An answer that is kept for the case that the request is repeated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeatable {
    /// The application that asked.
    pub username: String,
    /// Its `Idempotency-Key`.
    pub key: String,
    /// When.
    pub at: Timestamp,
    /// The path of the request.
    pub path: String,
    /// Status of the answer.
    pub status: u16,
    /// Content type of the answer.
    pub content_type: String,
    /// Body of the answer.
    pub body: String,
}

/// A text message from a phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incoming {
    /// Ascending.
    pub id: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub from: Msisdn,
    /// The short code.
    pub to: String,
    /// The text.
    pub text: String,
    /// What a premium message in reply refers to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_id: Option<String>,
}

/// Airtime sent to one phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Airtime {
    /// `ATQid_…`.
    pub id: String,
    /// The application that sent it.
    pub username: String,
    /// Who gets it.
    pub phone: Msisdn,
    /// How much.
    pub value: Money,
    /// What the application saves.
    pub discount: Money,
    /// `Sent`, then `Success` or `Failed`.
    pub status: String,
    /// Until when a phone that is out of reach is tried again; not at all if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_until: Option<Timestamp>,
    /// What the application was charged, in the money of its credit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charged: Option<Money>,
}

/// A subscription to premium messages, or the question whether somebody wants one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Ascending.
    pub id: u64,
    /// The application that asked.
    pub username: String,
    /// Who.
    pub phone: Msisdn,
    /// To what.
    pub short_code: String,
    /// To what there.
    pub keyword: String,
    /// When it was asked for, then when it began.
    pub at: Timestamp,
    /// Whether the subscriber has agreed.
    pub active: bool,
}

impl Subscription {
    /// Whether it is this application's, to this.
    pub fn is_to(&self, username: &str, short_code: &str, keyword: &str) -> bool {
        self.username == username
            && self.short_code == short_code
            && self.keyword.eq_ignore_ascii_case(keyword)
    }
}

/// A call that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// `ATVId_…`.
    pub id: String,
    /// The number of the application.
    pub from: String,
    /// Who is called.
    pub phone: Msisdn,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
}

/// A screen in pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paged {
    /// The pages.
    pub pages: Vec<String>,
    /// Which one is shown.
    pub page: usize,
    /// Whether the session ends with the last one.
    pub ends: bool,
}

/// A USSD session as the application knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The session on the phone.
    pub session: UssdSessionId,
    /// `ATUid_…`.
    pub id: String,
    /// When it was dialled.
    pub opened_at: Timestamp,
    /// The code that the application registered.
    pub service_code: String,
    /// Inputs that were dialled together with the code.
    pub prefix: Vec<String>,
    /// How many screens were asked for.
    pub hops: u32,
    /// The last screen, as the application sent it.
    pub last_response: String,
    /// What the application attached to its screens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metadata: Vec<String>,
    /// Whether it attached something to the last one, and wants it back with the next input.
    #[serde(default)]
    pub echo: bool,
    /// The last screen as the network shows it, if it does not fit on one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paged: Option<Paged>,
    /// Which of the inputs only turned pages, by their number.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub turns: BTreeSet<usize>,
    /// Ends the session when its time is up.
    #[serde(default)]
    pub over: Option<TimerId>,
    /// Ends it when its user has not answered for too long.
    #[serde(default)]
    pub idle: Option<TimerId>,
}
