//! A deliberately simple model of the money: the provider's ledger, which knows only what was paid
//! to us and what was taken back, and nothing of the rules.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

use super::*;

/// What can happen next.
#[derive(Debug, Clone)]
pub enum Step {
    /// Somebody wants or says something.
    Issue(Command),
    /// The provider speaks of a payout, counted from the last.
    Speak { back: u8, word: Word },
    /// Time passes, this many tenths of the way to the next deadline; then the clock wakes.
    Wait(u8),
    /// The contract wants the money, or is closed.
    Standing(bool),
}

/// What a provider says of a payout.
#[derive(Debug, Clone, Copy)]
pub enum Word {
    Acknowledged,
    Pending,
    Unknown,
    Completed(Receipt),
    Declined,
}

impl Word {
    pub fn about(self, payout: PayoutId) -> Command {
        Command::provider(match self {
            Self::Acknowledged => Intent::PayoutAcknowledged {
                payout,
                provider_reference: "ATPid_2".parse().unwrap(),
            },
            Self::Pending => Intent::PayoutPending { payout },
            Self::Unknown => Intent::PayoutUnknown { payout },
            Self::Completed(receipt) => Intent::PayoutCompleted { payout, receipt },
            Self::Declined => Intent::PayoutDeclined { payout },
        })
    }
}

/// The provider's ledger, kept from what it said alone.
#[derive(Debug, Default, Clone)]
pub struct Ledger {
    /// Money that was paid to us, by receipt.
    collected: BTreeMap<Receipt, Money>,
    /// What of it was taken back.
    reversed: BTreeSet<Receipt>,
}

impl Ledger {
    /// Money in KES that arrived.
    pub fn total_in(&self) -> i64 {
        let shillings = self
            .collected
            .values()
            .filter(|m| m.currency() == Currency::KES);
        shillings.map(|money| money.minor()).sum()
    }

    /// The provider's words that made this ledger.
    pub fn words(&self) -> impl Iterator<Item = Command> {
        let received = |(&receipt, &amount)| Intent::FundsReceived { receipt, amount };
        self.collected.iter().map(received).map(Command::provider)
    }

    pub fn is_reversed(&self, receipt: Receipt) -> bool {
        self.reversed.contains(&receipt)
    }
}

impl ReferenceStateMachine for Ledger {
    type State = Self;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Self> {
        // Mostly the money is there already, or too few histories would come to its payouts.
        let paid = Self {
            collected: BTreeMap::from([(receipt("R1"), kes("1000"))]),
            ..Self::default()
        };
        prop_oneof![1 => Just(Self::default()), 4 => Just(paid)].boxed()
    }

    fn transitions(ledger: &Self) -> BoxedStrategy<Step> {
        prop_oneof![
            8 => issued(ledger),
            5 => (backwards(), words()).prop_map(|(back, word)| Step::Speak { back, word }),
            2 => prop_oneof![Just(10), 0_u8..10].prop_map(Step::Wait),
            1 => proptest::bool::weighted(0.8).prop_map(Step::Standing),
        ]
        .boxed()
    }

    fn apply(mut ledger: Self, step: &Step) -> Self {
        let Step::Issue(command) = step else {
            return ledger;
        };
        match command.intent {
            _ if command.actor != Actor::Provider => {}
            Intent::FundsReceived { receipt, amount } if amount.is_positive() => {
                ledger.collected.entry(receipt).or_insert(amount);
            }
            Intent::CollectionReversed { receipt } if ledger.collected.contains_key(&receipt) => {
                ledger.reversed.insert(receipt);
            }
            _ => {}
        }
        ledger
    }
}

fn receipts() -> impl Strategy<Value = Receipt> {
    (1_u8..6).prop_map(|n| receipt(&format!("R{n}")))
}

fn amounts() -> impl Strategy<Value = Money> {
    prop_oneof![
        4 => Just(kes("1000")),
        1 => Just(kes("400")),
        1 => Just(kes("0")),
        1 => (1_i64..300_000).prop_map(|minor| Money::from_minor(minor, Currency::KES).unwrap()),
        1 => Just(Money::parse("1000", Currency::USD).unwrap()),
    ]
}

/// Amounts for portions and splits: mostly a part of what is asked for.
fn parts() -> impl Strategy<Value = Money> {
    let tenths = |tenths| Money::from_minor(tenths * 10_000, Currency::KES).unwrap();
    prop_oneof![
        4 => (1_i64..=10).prop_map(tenths),
        1 => amounts(),
    ]
}

/// Mostly the last payout.
fn backwards() -> impl Strategy<Value = u8> {
    prop_oneof![4 => Just(0), 1 => 1_u8..5]
}

fn words() -> impl Strategy<Value = Word> {
    prop_oneof![
        1 => Just(Word::Acknowledged),
        1 => Just(Word::Pending),
        1 => Just(Word::Unknown),
        5 => receipts().prop_map(Word::Completed),
        8 => Just(Word::Declined),
    ]
}

fn intents(ledger: &Ledger) -> impl Strategy<Value = Intent> + use<> {
    let known: Vec<_> = ledger.collected.keys().copied().collect();
    let collected = if known.is_empty() {
        receipts().boxed()
    } else {
        proptest::sample::select(known).boxed()
    };
    prop_oneof![
        1 => Just(Intent::Request { terms: terms() }),
        12 => proptest::option::weighted(0.5, parts())
            .prop_map(|portion| Intent::ConfirmDelivery { portion }),
        10 => Just(Intent::Accept),
        3 => Just(Intent::RequestRefund),
        14 => Just(Intent::OpenDispute { reason: "late".into() }),
        3 => Just(Intent::WithdrawDispute),
        14 => rulings().prop_map(|ruling| Intent::Rule { ruling }),
        1 => Just(Intent::CancelContract),
        8 => Just(Intent::RetryPayout),
        1 => Just(Intent::CollectionAcknowledged {
            provider_reference: "ATPid_1".parse().unwrap(),
        }),
        1 => Just(Intent::CollectionPending),
        1 => Just(Intent::CollectionDeclined { reason: FailureReason::Declined }),
        6 => (receipts(), amounts())
            .prop_map(|(receipt, amount)| Intent::FundsReceived { receipt, amount }),
        4 => collected.prop_map(|receipt| Intent::CollectionReversed { receipt }),
    ]
}

fn rulings() -> impl Strategy<Value = Ruling> {
    prop_oneof![
        Just(Ruling::Release),
        Just(Ruling::Refund),
        parts().prop_map(|to_seller| Ruling::Split { to_seller }),
    ]
}

/// Mostly by the actor who may; sometimes by anyone.
fn issued(ledger: &Ledger) -> impl Strategy<Value = Step> + use<> {
    (intents(ledger), 0_usize..6, any::<u8>()).prop_map(|(intent, anyone, dice)| {
        let allowed = intent.kind().actors();
        let actor = match dice {
            0..=20 => Actor::ALL[anyone],
            _ => allowed[usize::from(dice) % allowed.len()],
        };
        Step::Issue(by(actor, intent))
    })
}
