//! What the provider writes down, and how that changes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use amana_core::{Money, Msisdn, Timestamp};
use serde::{Deserialize, Serialize};

use super::others::Others;
use super::record::{
    Airtime, Call, Incoming, Paged, Progress, Repeatable, Session, Subscription, Transaction,
};
use crate::kernel::TimerId;
use crate::kernel::phone::UssdSessionId;

/// Settled transactions that are remembered.
pub(super) const TRANSACTIONS_MAX: usize = 50_000;
/// Messages from phones that are remembered.
const INBOX_MAX: usize = 5_000;
/// Answers that are kept for repeated requests.
const REPEATABLE_MAX: usize = 10_000;

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
        /// What it wants back with the next input.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        metadata: Option<String>,
    },
    /// The network shows a screen in pages.
    UssdPaged {
        /// The session on the phone.
        session: UssdSessionId,
        /// The pages, with the one that is shown.
        paged: Paged,
        /// The input that turned to it, if one did.
        turn: Option<usize>,
    },
    /// A screen waits for its user.
    UssdWaits {
        /// The session on the phone.
        session: UssdSessionId,
        /// What ends the wait.
        timer: TimerId,
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
    /// A card was validated and can be charged again with this token.
    CardKept {
        /// `ATCdTkn_…`.
        token: String,
        /// The application whose token it is.
        username: String,
    },
    /// A subscriber is asked.
    SubscriptionAsked(Subscription),
    /// The subscriber has agreed.
    SubscriptionBegan {
        /// Which.
        id: u64,
    },
    /// The subscriber has not agreed, or it was deleted.
    SubscriptionEnded {
        /// Which.
        id: u64,
    },
    /// A phone is called.
    CallBegan(Call),
    /// It was answered.
    CallAnswered {
        /// Which.
        id: String,
    },
    /// A call is over.
    CallEnded {
        /// Which.
        id: String,
    },
    /// An application was given a key.
    KeySet {
        /// Which.
        username: String,
    },
    /// A token for a checkout was given out.
    TokenGiven,
    /// A subscriber got a first message from a sender, with how to opt out.
    OptOutTold {
        /// The sender.
        sender: String,
        /// Who.
        phone: Msisdn,
    },
    /// An application asked about its payments.
    Queried {
        /// Which.
        username: String,
    },
}

/// The books of one namespace.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Books {
    transactions: BTreeMap<String, Transaction>,
    /// Ids in the order in which the transactions were opened; some are forgotten by now.
    order: VecDeque<String>,
    /// Ids of those that have ended, in that order. Older snapshots do not have it.
    #[serde(default)]
    ended: VecDeque<String>,
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
    /// The rest came later, so older snapshots do not have it.
    #[serde(default)]
    others: Others,
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

    /// Whether something that is remembered has this id or receipt.
    pub fn knows(&self, id: &str) -> bool {
        self.transactions.contains_key(id)
            || self.receipts.contains_key(id)
            || self.airtime.contains_key(id)
            || self.others.cards.contains_key(id)
            || self.others.calls.contains_key(id)
            || self.sessions.values().any(|session| session.id == id)
    }

    /// Whether this application was given this token of a card.
    pub fn has_card(&self, username: &str, token: &str) -> bool {
        self.others
            .cards
            .get(token)
            .is_some_and(|owner| owner == username)
    }

    /// All subscriptions and open questions about one, the oldest first.
    pub fn subscriptions(&self) -> impl Iterator<Item = &Subscription> {
        self.others.subscriptions.values()
    }

    /// A subscription by its id.
    pub fn subscription(&self, id: u64) -> Option<&Subscription> {
        self.others.subscriptions.get(&id)
    }

    /// The id the next subscription will have.
    pub const fn next_subscription_id(&self) -> u64 {
        self.others.subscription_count + 1
    }

    /// Whether a message from a phone brought this link id.
    pub fn has_link(&self, link_id: &str) -> bool {
        let mut inbox = self.inbox.iter();
        inbox.any(|message| message.link_id.as_deref() == Some(link_id))
    }

    /// A call that is under way.
    pub fn call(&self, id: &str) -> Option<&Call> {
        self.others.calls.get(id)
    }

    /// When this application last asked about its payments.
    pub fn queried_at(&self, username: &str) -> Option<Timestamp> {
        self.others.queried.get(username).copied()
    }

    /// Since when this application has its key; none if since the start.
    pub fn key_since(&self, username: &str) -> Option<Timestamp> {
        self.others.keys.get(username).copied()
    }

    /// What seldom anybody asks for.
    pub const fn others(&self) -> &Others {
        &self.others
    }

    /// Applies a change; one about something unknown changes nothing.
    pub(crate) fn apply(&mut self, at: Timestamp, event: &BooksEvent) {
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
            | BooksEvent::UssdPaged { .. }
            | BooksEvent::UssdWaits { .. }
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
            BooksEvent::CardKept { .. }
            | BooksEvent::SubscriptionAsked(_)
            | BooksEvent::SubscriptionBegan { .. }
            | BooksEvent::SubscriptionEnded { .. }
            | BooksEvent::CallBegan(_)
            | BooksEvent::CallAnswered { .. }
            | BooksEvent::CallEnded { .. }
            | BooksEvent::KeySet { .. }
            | BooksEvent::TokenGiven
            | BooksEvent::OptOutTold { .. }
            | BooksEvent::Queried { .. } => self.others.apply(at, event),
        }
    }

    fn apply_ussd(&mut self, event: &BooksEvent) {
        match event {
            BooksEvent::UssdOpened(session) => {
                self.sessions.insert(session.session, (**session).clone());
            }
            BooksEvent::UssdAnswered {
                session,
                response,
                metadata,
            } => {
                if let Some(session) = self.sessions.get_mut(session) {
                    session.hops = session.hops.saturating_add(1);
                    session.last_response.clone_from(response);
                    session.metadata.extend(metadata.clone());
                    session.echo = metadata.is_some();
                    session.paged = None;
                }
            }
            BooksEvent::UssdPaged {
                session,
                paged,
                turn,
            } => {
                if let Some(session) = self.sessions.get_mut(session) {
                    session.paged = Some(paged.clone());
                    session.turns.extend(turn);
                }
            }
            BooksEvent::UssdWaits { session, timer } => {
                if let Some(session) = self.sessions.get_mut(session) {
                    session.idle = Some(*timer);
                }
            }
            BooksEvent::UssdEnded { session } => {
                self.sessions.remove(session);
            }
            _ => {}
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
            if transaction.progress == Progress::Open && *progress != Progress::Open {
                self.ended.push_back(id.to_owned());
            }
            transaction.progress = progress.clone();
            transaction.fee = fee;
            transaction.provider_fee = provider_fee;
        }
    }

    /// Adds a payment; the one that ended first makes room.
    fn open(&mut self, transaction: &Transaction) {
        if self.transactions.len() >= TRANSACTIONS_MAX
            && let Some(id) = self.ended.pop_front()
        {
            self.forget(&id);
        }
        if self.order.len() >= 2 * self.transactions.len().max(TRANSACTIONS_MAX) {
            self.order.retain(|id| self.transactions.contains_key(id));
        }
        self.order.push_back(transaction.id.clone());
        if transaction.progress != Progress::Open {
            self.ended.push_back(transaction.id.clone());
        }
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
pub fn push_bounded<T>(queue: &mut VecDeque<T>, item: T, max: usize) {
    if queue.len() >= max {
        queue.pop_front();
    }
    queue.push_back(item);
}

/// A key of two parts as one text, because JSON has no other; no user name has a line break.
fn repeat_key(username: &str, key: &str) -> String {
    format!("{username}\n{key}")
}
