//! What the provider writes down of each thing.

use std::sync::Arc;

use amana_core::{Money, Msisdn, Timestamp};
use serde::{Deserialize, Serialize};

use crate::kernel::callback::Target;

/// An access token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The key it was bought with.
    pub consumer: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// How something that was asked for stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Under way.
    Open,
    /// Ended, with this result code.
    Ended {
        /// The code.
        code: String,
        /// The receipt, if money moved.
        receipt: Option<String>,
    },
}

impl Progress {
    /// Whether it ended well.
    pub fn has_succeeded(&self) -> bool {
        matches!(self, Self::Ended { code, .. } if code == "0")
    }
}

/// A prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Push {
    /// `ws_CO_…`; everything that refers to it shares it.
    pub id: Arc<str>,
    /// The gateway's id.
    pub merchant_id: String,
    /// Who asked.
    pub shortcode: String,
    /// Who is paid.
    pub payee: String,
    /// `CustomerPayBillOnline` or `CustomerBuyGoodsOnline`.
    pub kind: String,
    /// Whose phone asks.
    pub phone: Msisdn,
    /// How much.
    pub amount: Money,
    /// The account with the merchant.
    pub account: String,
    /// Where the outcome goes.
    pub target: Target,
    /// When it was asked for.
    pub opened_at: Timestamp,
    /// How it stands.
    pub progress: Progress,
}

/// What an initiator's order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderKind {
    /// Pay a phone.
    Payout,
    /// Pay a business.
    Business,
    /// How does a transaction stand?
    Status,
    /// What does a short code hold?
    Balance,
    /// Undo a payment.
    Reversal,
}

impl OrderKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Payout,
        Self::Business,
        Self::Status,
        Self::Balance,
        Self::Reversal,
    ];

    /// Where in the provider's own network its results come from.
    pub const fn results(self) -> &'static str {
        match self {
            Self::Payout => "b2cresults",
            Self::Business => "b2bresults",
            Self::Status | Self::Balance => "abresults",
            Self::Reversal => "reversalresults",
        }
    }

    /// The name of the request.
    pub const fn operation(self) -> &'static str {
        match self {
            Self::Payout => "b2c",
            Self::Business => "b2b",
            Self::Status => "transaction_status",
            Self::Balance => "account_balance",
            Self::Reversal => "reversal",
        }
    }

    /// The name of its callback.
    pub const fn callback(self) -> &'static str {
        match self {
            Self::Payout => "b2c_result",
            Self::Business => "b2b_result",
            Self::Status => "transaction_status_result",
            Self::Balance => "account_balance_result",
            Self::Reversal => "reversal_result",
        }
    }
}

/// An initiator's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The provider's id.
    pub id: String,
    /// The caller's id, or the gateway's.
    pub originator_id: String,
    /// What it is.
    pub kind: OrderKind,
    /// `CommandID`.
    pub command: String,
    /// The short code of the initiator.
    pub shortcode: String,
    /// The business that is paid.
    pub payee: String,
    /// The phone that is paid.
    pub phone: Option<Msisdn>,
    /// How much.
    pub amount: Option<Money>,
    /// The receipt or order that it is about, or the account with the business that is paid.
    pub subject: String,
    /// What the caller noted.
    pub occasion: Option<String>,
    /// Is told the result.
    pub result: Target,
    /// Is told if it waited too long.
    pub timeout: Target,
    /// When it was asked for.
    pub opened_at: Timestamp,
    /// How it stands.
    pub progress: Progress,
}

/// Why money moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// A customer paid a pay bill.
    PayBill,
    /// A customer paid a till.
    BuyGoods,
    /// A business paid a phone.
    Payout,
    /// A business paid a business.
    Business,
    /// A payment was undone.
    Reversal,
}

impl MovementKind {
    /// Whether a customer paid a business.
    pub const fn is_from_customer(self) -> bool {
        match self {
            Self::PayBill | Self::BuyGoods => true,
            Self::Payout | Self::Business | Self::Reversal => false,
        }
    }
}

/// Money that moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// The receipt.
    pub receipt: String,
    /// Why.
    pub kind: MovementKind,
    /// When.
    pub at: Timestamp,
    /// How much.
    pub amount: Money,
    /// Who paid: a phone's digits or a short code.
    pub debit: String,
    /// Who was paid: a phone's digits or a short code.
    pub credit: String,
    /// The phone of the two, if there is one.
    pub phone: Option<Msisdn>,
    /// The account with who was paid; for a reversal the receipt that it undid.
    pub account: String,
    /// Of the order that caused it.
    pub originator_id: String,
    /// Of the order that caused it.
    pub order_id: String,
    /// The receipt of the movement that undid it.
    pub reversed_by: Option<String>,
}

/// The addresses of a short code for payments that customers make by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// The short code.
    pub shortcode: String,
    /// Whether phones are told hashed (version 1) and not masked (version 2).
    pub hashed: bool,
    /// Whether a payment is made if the question is not answered.
    pub completes: bool,
    /// Is told of payments.
    pub confirmation: Target,
    /// Is asked whether one is wanted.
    pub validation: Target,
}

/// A customer's payment that waits for the merchant's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The receipt it will have.
    pub receipt: String,
    /// The kind it will be.
    pub kind: MovementKind,
    /// Who is paid.
    pub shortcode: String,
    /// Who pays.
    pub phone: Msisdn,
    /// How much.
    pub amount: Money,
    /// The account with the merchant.
    pub account: String,
    /// When it was made.
    pub at: Timestamp,
}

/// A merchant of the invoicing API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Biller {
    /// Its short code.
    pub shortcode: String,
    /// Its key.
    pub app_key: String,
    /// Is told of payments.
    pub target: Target,
}

/// An invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// The merchant's id of it.
    pub external_reference: String,
    /// The merchant's key.
    pub app_key: String,
    /// The customer's account.
    pub account: String,
    /// Whether anything was paid.
    pub paid: bool,
}

/// A standing order, or a till asked to pay: what is told when the answer comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mandate {
    /// Its id, with which the timer or the prompt comes back.
    pub id: String,
    /// The phone that is asked, or nobody.
    pub phone: Option<Msisdn>,
    /// Who pays.
    pub payer: String,
    /// Who is paid.
    pub payee: String,
    /// How much.
    pub amount: Money,
    /// The caller's id or reference, which comes back.
    pub reference: String,
    /// A name that the phone must not have twice; empty for a till.
    pub name: String,
    /// Where the outcome goes.
    pub target: Target,
}
