//! What the provider writes down: tokens, prompts, orders, and the money that moved.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use amana_core::{Msisdn, Timestamp};
use serde::{Deserialize, Serialize};

pub use super::record::{
    Addresses, Biller, Invoice, Mandate, Movement, MovementKind, Offer, Order, OrderKind, Progress,
    Push, Token,
};
use super::shelf::Shelf;

/// Prompts, orders and movements that are remembered, each.
const REMEMBERED_MAX: usize = 50_000;
/// Tokens that are good at the same time.
const TOKENS_MAX: usize = 10_000;
/// Wrong passwords in a row that lock an initiator.
pub const INITIATOR_FAILURES_MAX: u8 = 3;

/// A change of the books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BooksEvent {
    /// A token was given out.
    TokenIssued {
        /// The token.
        token: String,
        /// Whose, and until when.
        of: Token,
        /// Whether those of the same consumer end.
        revokes_older: bool,
    },
    /// A consumer asked about a prompt.
    Queried {
        /// The key of the consumer.
        consumer: String,
        /// How many are kept to count by.
        keep: u32,
    },
    /// A prompt was accepted.
    PushOpened(Arc<Push>),
    /// A prompt ended, or ended differently after all.
    PushEnded {
        /// Which.
        id: Arc<str>,
        /// How.
        progress: Progress,
    },
    /// An order was accepted.
    OrderOpened(Box<Order>),
    /// An order ended, or ended differently after all.
    OrderEnded {
        /// Which.
        id: String,
        /// How.
        progress: Progress,
    },
    /// Money moved.
    Moved(Box<Movement>),
    /// A movement was undone.
    Reversed {
        /// Which.
        receipt: String,
        /// The receipt of what undid it.
        by: String,
    },
    /// A short code has addresses.
    Registered(Box<Addresses>),
    /// A customer's payment waits for the merchant's word.
    Offered(Box<Offer>),
    /// The merchant has spoken, or not in time.
    OfferAnswered {
        /// Which.
        receipt: String,
        /// Whether the payment is made.
        accepted: bool,
    },
    /// An initiator's password was wrong.
    InitiatorFailed {
        /// Of this short code.
        shortcode: String,
    },
    /// An initiator's password was right, or is another now.
    InitiatorCleared {
        /// Of this short code.
        shortcode: String,
    },
    /// A short code may look up its payments.
    PullRegistered {
        /// The short code.
        shortcode: String,
    },
    /// A merchant joined the invoicing API, or changed what it told.
    BillerJoined(Box<Biller>),
    /// An invoice was sent.
    Invoiced(Box<Invoice>),
    /// Something was paid towards an invoice.
    InvoicePaid {
        /// Which.
        external_reference: String,
    },
    /// An invoice was withdrawn.
    InvoiceCancelled {
        /// Which.
        external_reference: String,
    },
    /// A standing order was asked for, or a till to pay.
    MandateOpened(Box<Mandate>),
    /// It ended.
    MandateEnded {
        /// Which.
        id: String,
        /// The result code.
        code: String,
    },
}

/// The books of one namespace.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Books {
    tokens: Shelf<Token>,
    queries: BTreeMap<String, VecDeque<Timestamp>>,
    pushes: Shelf<Arc<Push>>,
    asking: BTreeMap<Msisdn, Arc<str>>,
    orders: Shelf<Order>,
    /// Ids of orders by the caller's id of a payout.
    originators: Shelf<String>,
    movements: Shelf<Movement>,
    /// The newest receipt of a movement or offer; empty before the first.
    #[serde(default)]
    last_receipt: String,
    addresses: BTreeMap<String, Addresses>,
    offers: Shelf<Offer>,
    failures: BTreeMap<String, u8>,
    pulls: BTreeSet<String>,
    billers: BTreeMap<String, Biller>,
    invoices: Shelf<Invoice>,
    mandates: Shelf<Mandate>,
    /// Phones with the names of their standing orders.
    standing: BTreeSet<(Msisdn, String)>,
}

impl Books {
    /// A token that was given out and has not been forgotten.
    pub fn token(&self, token: &str) -> Option<&Token> {
        self.tokens.get(token)
    }

    /// When a consumer asked about prompts, the oldest first.
    pub fn queries(&self, consumer: &str) -> impl Iterator<Item = Timestamp> {
        self.queries.get(consumer).into_iter().flatten().copied()
    }

    /// A prompt.
    pub fn push(&self, id: &str) -> Option<&Push> {
        self.pushes.get(id).map(Arc::as_ref)
    }

    /// All prompts, the oldest first.
    pub fn pushes(&self) -> impl DoubleEndedIterator<Item = &Push> {
        self.pushes.iter().map(Arc::as_ref)
    }

    /// The prompt that this phone shows.
    pub fn asking(&self, phone: Msisdn) -> Option<&Push> {
        self.push(self.asking.get(&phone)?)
    }

    /// An order by the provider's id.
    pub fn order(&self, id: &str) -> Option<&Order> {
        self.orders.get(id)
    }

    /// A payout by the id that the caller gave it.
    pub fn order_of(&self, originator_id: &str) -> Option<&Order> {
        self.orders.get(self.originators.get(originator_id)?)
    }

    /// All orders, the oldest first.
    pub fn orders(&self) -> impl DoubleEndedIterator<Item = &Order> {
        self.orders.iter()
    }

    /// A movement by its receipt.
    pub fn movement(&self, receipt: &str) -> Option<&Movement> {
        self.movements.get(receipt)
    }

    /// Whether a receipt is that of a movement, or of a payment that waits and will be one.
    pub fn has_receipt(&self, receipt: &str) -> bool {
        self.movement(receipt).is_some() || self.offer(receipt).is_some()
    }

    /// The newest receipt of a movement or of a payment that waits; empty before the first.
    pub fn last_receipt(&self) -> &str {
        &self.last_receipt
    }

    /// All movements, the oldest first.
    pub fn movements(&self) -> impl DoubleEndedIterator<Item = &Movement> {
        self.movements.iter()
    }

    /// Whether there were so many movements that the oldest are gone.
    pub fn forgets_movements(&self) -> bool {
        self.movements.len() >= REMEMBERED_MAX
    }

    /// The addresses of a short code.
    pub fn addresses(&self, shortcode: &str) -> Option<&Addresses> {
        self.addresses.get(shortcode)
    }

    /// A customer's payment that waits.
    pub fn offer(&self, receipt: &str) -> Option<&Offer> {
        self.offers.get(receipt)
    }

    /// Whether the initiator of this short code is locked.
    pub fn is_locked(&self, shortcode: &str) -> bool {
        let failures = self.failures.get(shortcode);
        failures.is_some_and(|failures| *failures >= INITIATOR_FAILURES_MAX)
    }

    /// Whether the initiator of this short code failed since it last succeeded.
    pub fn has_failed(&self, shortcode: &str) -> bool {
        self.failures.contains_key(shortcode)
    }

    /// Whether this short code may look up its payments.
    pub fn may_pull(&self, shortcode: &str) -> bool {
        self.pulls.contains(shortcode)
    }

    /// The merchant with this key of the invoicing API.
    pub fn biller(&self, app_key: &str) -> Option<&Biller> {
        self.billers
            .values()
            .find(|biller| biller.app_key == app_key)
    }

    /// The merchant of this short code in the invoicing API.
    pub fn biller_of(&self, shortcode: &str) -> Option<&Biller> {
        self.billers.get(shortcode)
    }

    /// An invoice.
    pub fn invoice(&self, external_reference: &str) -> Option<&Invoice> {
        self.invoices.get(external_reference)
    }

    /// The invoices to this account, the oldest first.
    pub fn invoices_to(&self, account: &str) -> impl Iterator<Item = &Invoice> {
        self.invoices
            .iter()
            .filter(move |invoice| invoice.account == account)
    }

    /// A standing order that waits for its phone, or a till that was asked to pay.
    pub fn mandate(&self, id: &str) -> Option<&Mandate> {
        self.mandates.get(id)
    }

    /// Whether this phone has a standing order of this name.
    pub fn has_standing(&self, phone: Msisdn, name: &str) -> bool {
        self.standing.contains(&(phone, name.to_owned()))
    }

    /// Applies a change; one about something unknown changes nothing.
    pub(crate) fn apply(&mut self, at: Timestamp, event: &BooksEvent) {
        match event {
            BooksEvent::TokenIssued {
                token,
                of,
                revokes_older,
            } => {
                self.issue(at, token, of, *revokes_older);
            }
            BooksEvent::Queried { consumer, keep } => {
                let times = self.queries.entry(consumer.clone()).or_default();
                times.push_back(at);
                while times.len() > usize::try_from(*keep).unwrap_or(usize::MAX) {
                    times.pop_front();
                }
            }
            BooksEvent::PushOpened(push) => {
                let id = &push.id;
                self.asking.insert(push.phone, Arc::clone(id));
                self.pushes
                    .put(Arc::clone(id), Arc::clone(push), REMEMBERED_MAX);
            }
            BooksEvent::PushEnded { id, progress } => self.end_push(id, progress),
            BooksEvent::OrderOpened(order) => self.open_order(order),
            BooksEvent::OrderEnded { id, progress } => {
                if let Some(order) = self.orders.get_mut(id) {
                    order.progress = progress.clone();
                }
            }
            BooksEvent::Moved(movement) => {
                let receipt = movement.receipt.as_str();
                self.note_receipt(receipt);
                self.movements
                    .put(receipt, (**movement).clone(), REMEMBERED_MAX);
            }
            BooksEvent::Reversed { receipt, by } => {
                if let Some(movement) = self.movements.get_mut(receipt) {
                    movement.reversed_by = Some(by.clone());
                }
            }
            BooksEvent::Registered(_)
            | BooksEvent::Offered(_)
            | BooksEvent::OfferAnswered { .. }
            | BooksEvent::InitiatorFailed { .. }
            | BooksEvent::InitiatorCleared { .. }
            | BooksEvent::PullRegistered { .. } => self.apply_merchant(event),
            BooksEvent::BillerJoined(_)
            | BooksEvent::Invoiced(_)
            | BooksEvent::InvoicePaid { .. }
            | BooksEvent::InvoiceCancelled { .. }
            | BooksEvent::MandateOpened(_)
            | BooksEvent::MandateEnded { .. } => self.apply_seldom(event),
        }
    }

    fn apply_merchant(&mut self, event: &BooksEvent) {
        match event {
            BooksEvent::Registered(addresses) => {
                let shortcode = addresses.shortcode.clone();
                self.addresses.insert(shortcode, (**addresses).clone());
            }
            BooksEvent::Offered(offer) => {
                self.note_receipt(&offer.receipt);
                self.offers
                    .put(&*offer.receipt, (**offer).clone(), REMEMBERED_MAX);
            }
            BooksEvent::OfferAnswered { receipt, .. } => self.offers.take(receipt),
            BooksEvent::InitiatorFailed { shortcode } => {
                let failures = self.failures.entry(shortcode.clone()).or_default();
                *failures = failures.saturating_add(1);
            }
            BooksEvent::InitiatorCleared { shortcode } => {
                self.failures.remove(shortcode);
            }
            BooksEvent::PullRegistered { shortcode } => {
                self.pulls.insert(shortcode.clone());
            }
            _ => {}
        }
    }

    fn apply_seldom(&mut self, event: &BooksEvent) {
        match event {
            BooksEvent::BillerJoined(biller) => {
                self.billers
                    .insert(biller.shortcode.clone(), (**biller).clone());
            }
            BooksEvent::Invoiced(invoice) => {
                let reference = invoice.external_reference.as_str();
                self.invoices
                    .put(reference, (**invoice).clone(), REMEMBERED_MAX);
            }
            BooksEvent::InvoicePaid { external_reference } => {
                if let Some(invoice) = self.invoices.get_mut(external_reference) {
                    invoice.paid = true;
                }
            }
            BooksEvent::InvoiceCancelled { external_reference } => {
                self.invoices.take(external_reference);
            }
            BooksEvent::MandateOpened(mandate) => {
                self.mandates
                    .put(&*mandate.id, (**mandate).clone(), REMEMBERED_MAX);
            }
            BooksEvent::MandateEnded { id, code } => {
                if code == "0"
                    && let Some(mandate) = self.mandates.get(id)
                    && let (Some(phone), false) = (mandate.phone, mandate.name.is_empty())
                {
                    self.standing.insert((phone, mandate.name.clone()));
                }
                self.mandates.take(id);
            }
            _ => {}
        }
    }

    fn issue(&mut self, at: Timestamp, token: &str, of: &Token, revokes_older: bool) {
        if revokes_older {
            self.tokens.retain(|other| other.consumer != of.consumer);
        }
        while self
            .tokens
            .first()
            .is_some_and(|oldest| oldest.expires_at <= at)
        {
            self.tokens.take_first();
        }
        self.tokens.put(token, of.clone(), TOKENS_MAX);
    }

    /// Payments that waited are recorded late, under a receipt that is not the newest any more.
    fn note_receipt(&mut self, receipt: &str) {
        if receipt > self.last_receipt.as_str() {
            receipt.clone_into(&mut self.last_receipt);
        }
    }

    fn end_push(&mut self, id: &str, progress: &Progress) {
        let Some(push) = self.pushes.get_mut(id).map(Arc::make_mut) else {
            return;
        };
        push.progress = progress.clone();
        if self
            .asking
            .get(&push.phone)
            .is_some_and(|asking| **asking == *id)
        {
            self.asking.remove(&push.phone);
        }
    }

    fn open_order(&mut self, order: &Order) {
        self.originators
            .put(&*order.originator_id, order.id.clone(), REMEMBERED_MAX);
        self.orders.put(&*order.id, order.clone(), REMEMBERED_MAX);
    }
}
