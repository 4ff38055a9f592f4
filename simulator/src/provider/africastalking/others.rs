//! The part of the books that seldom anybody asks for: cards, subscriptions, calls, keys and tokens.

use std::collections::{BTreeMap, VecDeque};

use amana_core::{Msisdn, Timestamp};
use serde::{Deserialize, Serialize};

use super::books::{BooksEvent, push_bounded};
use super::record::{Call, Subscription};

/// Tokens of cards, subscriptions and calls that are remembered.
const OTHERS_MAX: usize = 10_000;

/// Tokens for checkouts that are given out within a while.
const TOKENS_MAX: usize = 2;

/// What seldom anybody asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Others {
    /// Applications by the tokens of their customers' cards.
    pub(super) cards: BTreeMap<String, String>,
    pub(super) subscriptions: BTreeMap<u64, Subscription>,
    pub(super) subscription_count: u64,
    pub(super) calls: BTreeMap<String, Call>,
    /// When each application last asked about its payments.
    pub(super) queried: BTreeMap<String, Timestamp>,
    /// When each application was given its key, if that was after the start.
    pub(super) keys: BTreeMap<String, Timestamp>,
    /// When the last tokens for checkouts were given out, the oldest first.
    pub(super) tokens: VecDeque<Timestamp>,
    /// Senders and subscribers who were told how to opt out.
    pub(super) told: BTreeMap<String, Timestamp>,
}

impl Others {
    /// When the oldest of the last [`TOKENS_MAX`] tokens for checkouts was given out.
    pub fn token_before_last(&self) -> Option<Timestamp> {
        let tokens = &self.tokens;
        tokens
            .front()
            .copied()
            .filter(|_| tokens.len() >= TOKENS_MAX)
    }

    /// Whether this subscriber was told how to opt out of what this sender sends.
    pub fn was_told(&self, sender: &str, phone: Msisdn) -> bool {
        self.told.contains_key(&told_key(sender, phone))
    }

    /// Applies a change; one about something unknown changes nothing.
    pub fn apply(&mut self, at: Timestamp, event: &BooksEvent) {
        match event {
            BooksEvent::CardKept { token, username } => {
                bound(&mut self.cards);
                self.cards.insert(token.clone(), username.clone());
            }
            BooksEvent::SubscriptionAsked(asked) => {
                self.subscription_count = self.subscription_count.max(asked.id);
                bound(&mut self.subscriptions);
                self.subscriptions.insert(asked.id, asked.clone());
            }
            BooksEvent::SubscriptionBegan { id } => {
                if let Some(subscription) = self.subscriptions.get_mut(id) {
                    subscription.at = at;
                    subscription.active = true;
                }
            }
            BooksEvent::SubscriptionEnded { id } => {
                self.subscriptions.remove(id);
            }
            BooksEvent::CallBegan(call) => {
                bound(&mut self.calls);
                self.calls.insert(call.id.clone(), call.clone());
            }
            BooksEvent::CallAnswered { id } => {
                if let Some(call) = self.calls.get_mut(id) {
                    call.answered_at = Some(at);
                }
            }
            BooksEvent::CallEnded { id } => {
                self.calls.remove(id);
            }
            BooksEvent::KeySet { username } => {
                bound(&mut self.keys);
                self.keys.insert(username.clone(), at);
            }
            BooksEvent::TokenGiven => push_bounded(&mut self.tokens, at, TOKENS_MAX),
            BooksEvent::OptOutTold { sender, phone } => {
                bound(&mut self.told);
                self.told.insert(told_key(sender, *phone), at);
            }
            BooksEvent::Queried { username } => {
                bound(&mut self.queried);
                self.queried.insert(username.clone(), at);
            }
            _ => {}
        }
    }
}

/// Makes room for one more.
fn bound<K: Ord, V>(map: &mut BTreeMap<K, V>) {
    if map.len() >= OTHERS_MAX {
        map.pop_first();
    }
}

fn told_key(sender: &str, phone: Msisdn) -> String {
    format!("{phone} {sender}")
}
