//! A provider that knows the truth and tells it badly: late, twice, not at all, or the wrong way
//! round. What it says when it is asked is true.

use amana_core::escrow::{Command, EffectKind, FailureReason, Intent, PayoutId, Purpose};
use amana_core::reference::{ProviderReference, Receipt};
use amana_core::time::Span;
use amana_core::{Money, Timestamp};

use super::Violation;
use crate::kernel::Random;

/// How the collection really went.
#[derive(Debug, Clone, Copy)]
enum Collection {
    /// The buyer pays this at this instant.
    Paid(Timestamp, Receipt, Money),
    /// The buyer does not pay.
    Unpaid(Timestamp),
}

/// How a payout really went.
#[derive(Debug, Clone, Copy)]
struct Payout {
    id: PayoutId,
    purpose: Purpose,
    amount: Money,
    /// When it is known.
    at: Timestamp,
    /// The proof, if it was paid.
    receipt: Option<Receipt>,
}

/// The provider of one payment.
#[derive(Debug)]
pub struct Provider {
    collection: Option<Collection>,
    payouts: Vec<Payout>,
    /// What will be said and when; the order of equal instants is that of saying.
    pub said: Vec<(Timestamp, Intent)>,
    receipts: u32,
}

fn seconds(random: &mut Random, most: u64) -> Span {
    Span::from_secs(random.below(most) + 1)
}

/// Chances in a hundred.
fn percent(random: &mut Random, chances: u32) -> bool {
    random.chance(chances * 10_000)
}

impl Provider {
    pub const fn new() -> Self {
        Self {
            collection: None,
            payouts: Vec::new(),
            said: Vec::new(),
            receipts: 0,
        }
    }

    /// What was really paid out for these purposes, in minor units.
    pub fn paid(&self, purposes: &[Purpose], now: Timestamp) -> i64 {
        let paid = self.payouts.iter().filter(|payout| {
            payout.receipt.is_some() && payout.at <= now && purposes.contains(&payout.purpose)
        });
        paid.map(|payout| payout.amount.minor()).sum()
    }

    /// What was really collected by now, in minor units.
    pub fn collected(&self, now: Timestamp) -> i64 {
        match self.collection {
            Some(Collection::Paid(at, _, amount)) if at <= now => amount.minor(),
            Some(Collection::Paid(..) | Collection::Unpaid(_)) | None => 0,
        }
    }

    fn receipt(&mut self) -> Result<Receipt, Violation> {
        self.receipts += 1;
        let text = format!("R{}", self.receipts);
        text.parse()
            .map_err(|_| Violation(format!("{text} is no receipt")))
    }

    fn say(&mut self, at: Timestamp, intent: Intent) {
        self.said.push((at, intent));
    }

    /// Takes the next thing that is said, and when.
    pub fn next(&mut self) -> Option<(Timestamp, Command)> {
        let first = self.said.iter().map(|(at, _)| *at).min()?;
        let place = self.said.iter().position(|(at, _)| *at == first)?;
        let (at, intent) = self.said.remove(place);
        let command = match intent {
            Intent::Wake => Command::wake(),
            intent => Command::provider(intent),
        };
        Some((at, command))
    }

    /// Carries out what the engine wants done.
    ///
    /// # Errors
    /// If a payout is asked for twice.
    pub fn perform(
        &mut self,
        random: &mut Random,
        now: Timestamp,
        effect: &EffectKind,
    ) -> Result<(), Violation> {
        match effect {
            EffectKind::RequestCollection { amount, .. } => self.collect(random, now, *amount),
            EffectKind::QueryCollection { .. } => {
                self.answer_collection(now);
                Ok(())
            }
            EffectKind::RequestPayout {
                payout,
                purpose,
                amount,
                ..
            } => self.pay(random, now, (*payout, *purpose, *amount)),
            EffectKind::QueryPayout { payout, .. } => {
                self.answer_payout(random, now, *payout);
                Ok(())
            }
            EffectKind::WakeAt { at } => {
                self.say(*at, Intent::Wake);
                Ok(())
            }
            EffectKind::Notify { .. } | EffectKind::RaiseAlarm { .. } => Ok(()),
        }
    }

    fn collect(
        &mut self,
        random: &mut Random,
        now: Timestamp,
        asked: Money,
    ) -> Result<(), Violation> {
        if self.collection.is_some() {
            return Err(Violation("the buyer was asked twice".to_owned()));
        }
        if percent(random, 85) {
            let provider_reference = reference("ATPid_C")?;
            self.say(now, Intent::CollectionAcknowledged { provider_reference });
        }
        // Now and then later than the checkout waits.
        let most = if percent(random, 5) { 900 } else { 120 };
        let at = now + seconds(random, most);
        let truth = match percent(random, 80) {
            true => Collection::Paid(at, self.receipt()?, amount_paid(random, asked)),
            false => Collection::Unpaid(at),
        };
        self.collection = Some(truth);
        self.call_back(random, at, collection_intent(truth));
        if percent(random, 3) {
            let reason = FailureReason::Declined;
            self.say(
                at + seconds(random, 60),
                Intent::CollectionDeclined { reason },
            );
        }
        Ok(())
    }

    /// A callback: lost now and then, sometimes late, sometimes twice.
    fn call_back(&mut self, random: &mut Random, at: Timestamp, intent: Intent) {
        if percent(random, 15) {
            return;
        }
        let late = if percent(random, 10) { 86_400 } else { 3 };
        let at = at + seconds(random, late);
        if percent(random, 15) {
            self.say(at + seconds(random, 3_600), intent.clone());
        }
        self.say(at, intent);
    }

    fn answer_collection(&mut self, now: Timestamp) {
        let answer = match self.collection {
            Some(truth @ (Collection::Paid(at, ..) | Collection::Unpaid(at))) if at <= now => {
                collection_intent(truth)
            }
            Some(_) | None => Intent::CollectionPending,
        };
        self.say(now, answer);
    }

    fn pay(
        &mut self,
        random: &mut Random,
        now: Timestamp,
        (id, purpose, amount): (PayoutId, Purpose, Money),
    ) -> Result<(), Violation> {
        if self.payouts.iter().any(|payout| payout.id == id) {
            return Err(Violation(format!("payout {id} was sent twice")));
        }
        let payout = Payout {
            id,
            purpose,
            amount,
            at: now + seconds(random, 600),
            receipt: match percent(random, 85) {
                true => Some(self.receipt()?),
                false => None,
            },
        };
        self.payouts.push(payout);
        match random.below(10) {
            // The answer is lost, or says nothing.
            0 => self.say(now, Intent::PayoutUnknown { payout: id }),
            1 => {}
            _ => {
                let provider_reference = reference(&format!("ATPid_{id}"))?;
                let acknowledged = Intent::PayoutAcknowledged {
                    payout: id,
                    provider_reference,
                };
                self.say(now, acknowledged);
            }
        }
        self.call_back(random, payout.at, payout_intent(&payout));
        Ok(())
    }

    fn answer_payout(&mut self, random: &mut Random, now: Timestamp, id: PayoutId) {
        let payout = self.payouts.iter().find(|payout| payout.id == id).copied();
        let answer = match payout {
            Some(_) if percent(random, 10) => Intent::PayoutUnknown { payout: id },
            Some(payout) if payout.at <= now => payout_intent(&payout),
            Some(_) | None => Intent::PayoutPending { payout: id },
        };
        // An unknown is followed by the next question; saying it at once would ask for ever.
        match answer {
            Intent::PayoutUnknown { .. } => {}
            answer => self.say(now, answer),
        }
    }
}

fn reference(text: &str) -> Result<ProviderReference, Violation> {
    text.parse()
        .map_err(|_| Violation(format!("{text} is no reference")))
}

/// Mostly what was asked, now and then less or more.
fn amount_paid(random: &mut Random, asked: Money) -> Money {
    let minor = match random.below(20) {
        0 => asked.minor() - 100,
        1 => asked.minor() + 100,
        _ => asked.minor(),
    };
    Money::from_minor(minor, asked.currency()).unwrap_or(asked)
}

const fn collection_intent(truth: Collection) -> Intent {
    match truth {
        Collection::Paid(_, receipt, amount) => Intent::FundsReceived { receipt, amount },
        Collection::Unpaid(_) => Intent::CollectionDeclined {
            reason: FailureReason::CancelledByPayer,
        },
    }
}

const fn payout_intent(payout: &Payout) -> Intent {
    match payout.receipt {
        Some(receipt) => Intent::PayoutCompleted {
            payout: payout.id,
            receipt,
        },
        None => Intent::PayoutDeclined { payout: payout.id },
    }
}
