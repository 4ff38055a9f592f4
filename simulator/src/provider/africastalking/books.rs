//! What the provider writes down: transactions, messages from phones, airtime, answers to repeat.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use amana_core::{Money, Msisdn, Timestamp};
use serde::{Deserialize, Serialize};

use super::routes::Endpoint;
use crate::kernel::phone::UssdSessionId;

/// Settled transactions that are remembered.
const TRANSACTIONS_MAX: usize = 50_000;
/// Messages from phones that are remembered.
const INBOX_MAX: usize = 5_000;
/// Answers that are kept for repeated requests.
const REPEATABLE_MAX: usize = 10_000;

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
}

impl Category {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MobileCheckout => "MobileCheckout",
            Self::MobileB2c => "MobileB2C",
            Self::MobileB2b => "MobileB2B",
        }
    }

    /// The endpoint that opens such a transaction.
    pub const fn endpoint(self) -> Endpoint {
        match self {
            Self::MobileCheckout => Endpoint::Checkout,
            Self::MobileB2c => Endpoint::B2c,
            Self::MobileB2b => Endpoint::B2b,
        }
    }

    /// Whether the money leaves the application's wallet.
    pub const fn is_payout(self) -> bool {
        match self {
            Self::MobileCheckout => false,
            Self::MobileB2c | Self::MobileB2b => true,
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
    /// The business and its account there; empty for a payment from or to a subscriber.
    pub business: String,
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
}

/// A change of the books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BooksEvent {
    /// A payment was accepted.
    TransactionOpened(Box<Transaction>),
    /// A payment ended, or ended differently after all.
    TransactionSettled {
        /// Which.
        id: String,
        /// How.
        progress: Progress,
        /// The provider's fee that was really charged.
        fee: Money,
        /// The network's fee that was really charged.
        provider_fee: Money,
    },
    /// A phone sent a message.
    MessageReceived(Incoming),
    /// A subscriber wants no more messages.
    OptedOut {
        /// Who.
        phone: Msisdn,
    },
    /// A subscriber wants messages again.
    OptedIn {
        /// Who.
        phone: Msisdn,
    },
    /// A request with an idempotency key was answered.
    Answered(Box<Repeatable>),
    /// An application's USSD code was dialled.
    UssdOpened(Box<Session>),
    /// The application sent a screen.
    UssdAnswered {
        /// The session on the phone.
        session: UssdSessionId,
        /// The screen, as the application sent it.
        response: String,
    },
    /// A USSD session ended.
    UssdEnded {
        /// The session on the phone.
        session: UssdSessionId,
    },
    /// Airtime was accepted.
    AirtimeSent(Airtime),
    /// Airtime arrived or did not.
    AirtimeSettled {
        /// Which.
        id: String,
        /// `Success` or `Failed`.
        status: String,
    },
}

/// The books of one namespace.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Books {
    transactions: BTreeMap<String, Transaction>,
    /// Ids in the order in which the transactions were opened.
    order: VecDeque<String>,
    /// Ids by the receipts under which the ledger knows them.
    receipts: BTreeMap<String, String>,
    inbox: VecDeque<Incoming>,
    inbox_count: u64,
    opted_out: BTreeSet<Msisdn>,
    airtime: BTreeMap<String, Airtime>,
    sessions: BTreeMap<UssdSessionId, Session>,
    /// By application and key.
    repeatable: BTreeMap<String, Repeatable>,
    /// The keys of `repeatable`, the oldest first.
    repeatable_order: VecDeque<String>,
}

impl Books {
    /// A payment.
    pub fn transaction(&self, id: &str) -> Option<&Transaction> {
        self.transactions.get(id)
    }

    /// All payments, the oldest first.
    pub fn transactions(&self) -> impl DoubleEndedIterator<Item = &Transaction> {
        self.order.iter().filter_map(|id| self.transactions.get(id))
    }

    /// A payment by its id or by its receipt.
    pub fn by_reference(&self, reference: &str) -> Option<&Transaction> {
        let id = self
            .receipts
            .get(reference)
            .map_or(reference, String::as_str);
        self.transactions.get(id)
    }

    /// Whether this subscriber wants no messages.
    pub fn has_opted_out(&self, phone: Msisdn) -> bool {
        self.opted_out.contains(&phone)
    }

    /// A USSD session by that of the phone.
    pub fn session(&self, session: UssdSessionId) -> Option<&Session> {
        self.sessions.get(&session)
    }

    /// The last answer that this application got for this key.
    pub fn repeatable(&self, username: &str, key: &str) -> Option<&Repeatable> {
        self.repeatable.get(&repeat_key(username, key))
    }

    /// Messages from phones after this id, the oldest first.
    pub fn messages_after(&self, id: u64) -> impl Iterator<Item = &Incoming> {
        self.inbox.iter().filter(move |message| message.id > id)
    }

    /// The id the next message from a phone will have.
    pub const fn next_message_id(&self) -> u64 {
        self.inbox_count + 1
    }

    /// Airtime by its id.
    pub fn airtime(&self, id: &str) -> Option<&Airtime> {
        self.airtime.get(id)
    }

    /// Applies a change; one about something unknown changes nothing.
    pub(crate) fn apply(&mut self, _at: Timestamp, event: &BooksEvent) {
        match event {
            BooksEvent::TransactionOpened(transaction) => self.open(transaction),
            BooksEvent::TransactionSettled {
                id,
                progress,
                fee,
                provider_fee,
            } => self.settle(id, progress, (*fee, *provider_fee)),
            BooksEvent::MessageReceived(message) => {
                self.inbox_count = self.inbox_count.max(message.id);
                push_bounded(&mut self.inbox, message.clone(), INBOX_MAX);
            }
            BooksEvent::OptedOut { phone } => {
                self.opted_out.insert(*phone);
            }
            BooksEvent::OptedIn { phone } => {
                self.opted_out.remove(phone);
            }
            BooksEvent::Answered(answer) => self.keep(answer),
            BooksEvent::UssdOpened(_)
            | BooksEvent::UssdAnswered { .. }
            | BooksEvent::UssdEnded { .. } => self.apply_ussd(event),
            BooksEvent::AirtimeSent(airtime) => {
                if self.airtime.len() == TRANSACTIONS_MAX {
                    self.airtime.pop_first();
                }
                self.airtime.insert(airtime.id.clone(), airtime.clone());
            }
            BooksEvent::AirtimeSettled { id, status } => {
                if let Some(airtime) = self.airtime.get_mut(id) {
                    airtime.status.clone_from(status);
                }
            }
        }
    }

    fn apply_ussd(&mut self, event: &BooksEvent) {
        match event {
            BooksEvent::UssdOpened(session) => {
                self.sessions.insert(session.session, (**session).clone());
            }
            BooksEvent::UssdAnswered { session, response } => {
                if let Some(session) = self.sessions.get_mut(session) {
                    session.hops = session.hops.saturating_add(1);
                    session.last_response.clone_from(response);
                }
            }
            BooksEvent::UssdEnded { session } => {
                self.sessions.remove(session);
            }
            BooksEvent::TransactionOpened(_)
            | BooksEvent::TransactionSettled { .. }
            | BooksEvent::MessageReceived(_)
            | BooksEvent::OptedOut { .. }
            | BooksEvent::OptedIn { .. }
            | BooksEvent::Answered(_)
            | BooksEvent::AirtimeSent(_)
            | BooksEvent::AirtimeSettled { .. } => {}
        }
    }

    /// Keeps an answer; the oldest one makes room.
    fn keep(&mut self, answer: &Repeatable) {
        let key = repeat_key(&answer.username, &answer.key);
        if self
            .repeatable
            .insert(key.clone(), answer.clone())
            .is_none()
        {
            self.repeatable_order.push_back(key);
        }
        if self.repeatable_order.len() > REPEATABLE_MAX
            && let Some(oldest) = self.repeatable_order.pop_front()
        {
            self.repeatable.remove(&oldest);
        }
    }

    fn settle(&mut self, id: &str, progress: &Progress, (fee, provider_fee): (Money, Money)) {
        if let Progress::Succeeded { receipt, .. } = progress {
            self.receipts.insert(receipt.clone(), id.to_owned());
        }
        if let Some(transaction) = self.transactions.get_mut(id) {
            transaction.progress = progress.clone();
            transaction.fee = fee;
            transaction.provider_fee = provider_fee;
        }
    }

    /// Adds a payment; the oldest one that has ended makes room.
    fn open(&mut self, transaction: &Transaction) {
        if self.order.len() >= TRANSACTIONS_MAX {
            let ended = |id: &String| {
                self.transactions
                    .get(id)
                    .is_none_or(|transaction| transaction.progress != Progress::Open)
            };
            if let Some(position) = self.order.iter().position(ended)
                && let Some(id) = self.order.remove(position)
            {
                self.forget(&id);
            }
        }
        self.order.push_back(transaction.id.clone());
        self.transactions
            .insert(transaction.id.clone(), transaction.clone());
    }

    fn forget(&mut self, id: &str) {
        let forgotten = self.transactions.remove(id);
        if let Some(Progress::Succeeded { receipt, .. }) = forgotten.map(|found| found.progress) {
            self.receipts.remove(&receipt);
        }
    }
}

/// Adds at the end; the first makes room.
fn push_bounded<T>(queue: &mut VecDeque<T>, item: T, max: usize) {
    if queue.len() >= max {
        queue.pop_front();
    }
    queue.push_back(item);
}

/// A key of two parts as one text, because JSON has no other; no user name has a line break.
fn repeat_key(username: &str, key: &str) -> String {
    format!("{username}\n{key}")
}
